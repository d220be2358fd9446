"""The grid that losses are added up on, and how far that moves a figure at most."""

import math
from dataclasses import dataclass

import numpy as np

from kam_analysis.analysis.losses.inputs import Floats, Integers

# A position this close to a point of the grid is on it: what is left is rounding.
_ON_POINT = 1e-9
# Losses with a common step are computed on it, without any error, up to so many steps.
_MOST_EXACT = 2**18
# Otherwise as many steps as keep the error at about this share of the standard deviation: 100,000
# simulated scenarios leave a 95% quantile uncertain by one hundredth of it.
_AIM = 0.006
# Where accounts are many, a few giants can make the deviation large while the rest lies close together.
_MANY, _AIM_OF_MANY = 1_000, 1e-4
_FEWEST, _MOST = 2**14, 900_000
# Steps times states of overlapping causes: what a tenth of a second's work allows for some hundred accounts,
# and seconds and some hundred megabytes for many, whose splits add up to a larger error.
_MOST_CELLS, _CELLS_PER_ACCOUNT, _MOST_CELLS_OF_MANY = 2**18, 400, 2**23
_FEWEST_IN_STATES, _FEWEST_OF_MANY = 2**11, 2**13
# The error bound may fail with this probability; the shift of quantiles by it is said beside the bound.
DOUBT = 1e-6
# With less spread than this the largest move is the better bound, and exp would overflow.
_SMALL_SPREAD = 1e-2


@dataclass(frozen=True)
class Grid:
    """Each loss as a mean of two neighbouring points of a grid.

    `step`: money between two points. `point`: the lower point per account, shape (n,). `above`: the part
    that goes to the next point, shape (n,), 0 <= above < 1. `residue`: money that this leaves out, all
    accounts together (rounding where the losses have a common step).
    """

    step: float
    point: Integers
    above: Floats
    residue: float


def grid(loss: Floats, probability: Floats, states: int = 1) -> Grid:
    """On which points are these losses added up?

    `loss`: money per account, shape (n,), above 0. `probability`: of losing it, all causes, shape (n,).
    `states`: of overlapping causes, each of which is computed. Losses that are multiples of one step
    (whole amounts, equal accounts) are exact. Of the others each goes to the two points beside it so
    that its mean stays: what that adds to the deviation shrinks with the step, and so many steps are
    taken as keep it small.
    """
    total = float(loss.sum())
    cells = min(max(_MOST_CELLS, _CELLS_PER_ACCOUNT * loss.size), _MOST_CELLS_OF_MANY)
    fewest = _FEWEST_OF_MANY if loss.size > _MANY else _FEWEST_IN_STATES
    most = max(cells // states, fewest) if states > 1 else _MOST
    step = _common_step(loss, total / min(_MOST_EXACT, most))
    if step:
        point = np.rint(loss / step)
        return Grid(step, point.astype(np.int64), np.zeros(loss.size), float(np.abs(loss - point * step).sum()))
    # A sixth is the mean variance of a loss that falls anywhere between two points; see `error_bound`.
    moved = math.sqrt(2 * math.log(1 / DOUBT) * max(float(probability.sum()), 1.0) / 6)
    deviation = math.sqrt(float(probability * (1 - probability) @ loss**2)) / total
    aim = _AIM * max(deviation, 1e-9)
    if loss.size > _MANY:
        aim = min(aim, _AIM_OF_MANY)
    step = total / min(max(moved / aim, _FEWEST), _MOST, most)
    position = loss / step
    point = np.floor(position + _ON_POINT)
    above = position - point
    above = np.where(above < _ON_POINT, 0.0, above)
    residue = step * float(np.abs(position - point - above).sum())
    return Grid(step, point.astype(np.int64), above, residue)


def error_bound(grid: Grid, spread: Floats, chance: Floats, weight: Floats, largest: float) -> float:
    """How far may the total on the grid be from the true one, with a doubt of one in a million each way?

    A loss that is split between two points is moved by less than a step, by chance, and independently of
    what is lost; the mean is 0. The total moves by D, in steps. `spread`: the sum of
    p * above * (1 - above) per group of accounts, shape (states, groups, 2): in each state of the
    overlapping causes, where the group's own cause has not struck and where it has. `chance`: that the
    own cause strikes, shape (groups,). `weight`: the probability of each state, shape (states,).
    `largest`: the sum of the largest moves, which D never exceeds.

    Bennett's inequality: given the causes E[exp(sD)] is at most exp((exp(s) - 1 - s) * spread), and D
    exceeds (log E[exp(sD)] + log(1e6)) / s with a probability of at most 1e-6, for every s > 0
    (Boucheron, Lugosi & Massart, Concentration Inequalities, 2013, 2.7).
    """
    if largest == 0:
        return grid.residue
    worst = float(spread.max(axis=2).sum(axis=1).max())
    bounds = [largest]
    if worst > 0:
        # Near the best s for a normal D, and on either side of it: any gives a valid bound.
        with np.errstate(divide="ignore"):
            staying, striking, possible = np.log1p(-chance), np.log(chance), np.log(weight)
        best = math.sqrt(-2 * math.log(DOUBT) / max(worst, _SMALL_SPREAD))
        for s in best * np.geomspace(0.125, 8, 25):
            growth = np.expm1(s) - s
            more = growth * (spread[:, :, 1] - spread[:, :, 0])
            # As logarithms: the mean itself may be beyond any number.
            struck = np.logaddexp(staying, striking + more)
            by_state = (growth * spread[:, :, 0] + struck).sum(axis=1)
            # The weights as logarithms too: a state that cannot be, however large, must not drown the others.
            log_mean = float(np.logaddexp.reduce(possible + by_state))
            bounds.append((log_mean - math.log(DOUBT)) / s)
    return grid.step * min(bounds) + grid.residue


def _common_step(loss: Floats, least: float) -> float | None:
    """The largest step of which all losses are multiples; None where it would be below `least`."""
    step = float(loss.max())
    for value in np.unique(loss)[::-1]:
        rest = float(value)
        # Euclid's algorithm; with the nearest multiple, so that rounding stays a small remainder.
        while (left := abs(math.remainder(rest, step))) > _ON_POINT * step:
            rest, step = step, left
            if step < least * (1 - _ON_POINT):
                return None
    step = float(loss.max()) / round(float(loss.max()) / step)
    off = np.abs(loss / step - np.rint(loss / step)).max()
    return step if off < 1e-6 else None
