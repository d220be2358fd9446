"""How much less do customers buy that stay? From the company's own past, a year against the year before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import ndtri

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.losses.generating import Block, product
from kam_analysis.analysis.losses.inputs import Floats, Integers, fixed, money
from kam_analysis.analysis.losses.size_slope import size_slope

# As many of the past that were nearest in size tell how far a customer may fall.
NEAREST = 25
# Of fewer customers that stayed nothing is told.
LEAST_KEPT = 10
# The distribution of their sum is on so many amounts; so many customers are looked at one by one.
_POINTS, _ONE_BY_ONE = 2**15, 400
# A normal distribution is as many equally likely amounts.
_NORMAL = 2_000
# So many accounts at a time have their neighbours' falls laid side by side.
_AT_A_TIME = 2**16


@dataclass(frozen=True, eq=False)
class Falls:
    """By how much customers that stayed bought less, in one or more years.

    `size`: money in the earlier year, ascending, shape (n,). `fall`: the part of it that was missing in the later one, 0
    for those that bought as much or more, 0-1, shape (n,). `years`: how many years the pairs cover. `slope`: a customer
    that is k times as large changes by k to the power of minus that part as much, 0-0.5.
    """

    size: Floats
    fall: Floats
    years: int
    slope: float = 0.0

    def scaled(self, amounts: Floats, first: Integers, many: int) -> Floats:
        """What the falls from `first` on are for accounts of these amounts: parts of each, 0-1, shape (n, many)."""
        rows = first[:, None] + np.arange(many)
        # Who earns nothing falls by nothing, whatever the part.
        own = np.log(amounts, out=np.zeros(amounts.size), where=amounts > 0)
        return np.minimum(self.fall[rows] * np.exp(self.slope * (np.log(self.size[rows]) - own[:, None])), 1.0)


@dataclass(frozen=True, eq=False)
class BuyingLess:
    """What a year takes through customers that stay and buy less, each by itself.

    `amounts`: what each earns; `expected`: the part of it that each is expected to fall by, 0-1, shape (n,), and
    `variance` of that part. `alone`: positions of those that move the sum most, `rest` of the others. `step`: of the grid
    of amounts. `past`, `first`, `many`: whose falls each may have: so many of the past from that place on.
    """

    amounts: Floats
    expected: Floats
    variance: Floats
    alone: Integers
    rest: Integers
    step: float
    past: Falls
    first: Integers
    many: int

    @property
    def mean(self) -> float:
        """The expected sum, if every customer stays: money."""
        return float(self.amounts @ self.expected)

    def falls_of(self, at: int) -> Floats:
        """The falls that an account may have, all alike likely: parts of its amount, 0-1."""
        return self.past.scaled(self.amounts[at : at + 1], self.first[at : at + 1], self.many)[0]

    @cached_property
    def probabilities(self) -> Floats:
        """The distribution of the sum if every customer stays, on amounts of 0, step, 2 step and so on."""
        rows = [on_grid(self.amounts[at] * self.falls_of(at), self.step) for at in self.alone]
        if self.rest.size:
            spread = float(np.sqrt(self.amounts[self.rest] ** 2 @ self.variance[self.rest]))
            rows.append(
                on_grid(self.normal(float(self.amounts[self.rest] @ self.expected[self.rest]), spread), self.step)
            )
        found = (
            product([Block((), row) for row in rows], [0] * len(rows), []).rows.clip(0, None) if rows else np.ones(1)
        )
        return fixed(found / found.sum())

    @staticmethod
    def normal(mean: float, spread: float) -> Floats:
        """Amounts that are alike likely and follow a normal distribution, from zero on; money, shape (2,000,)."""
        levels = (np.arange(_NORMAL) + 0.5) / _NORMAL
        return np.maximum(mean + spread * ndtri(levels), 0.0)


@takes_frames
def falls(
    pairs: Sequence[tuple[pd.DataFrame, pd.DataFrame]], measure: str, *, gone: Collection[str] = ()
) -> Falls | None:
    """How far did customers fall that stayed?

    `pairs`: the accounts of a year and of the year before, account_id (unique) and the measure (money), of years that do
    not overlap. A customer with money above zero in both has stayed; who is `gone` since has not: its fall was its
    leaving. None where fewer than ten stayed: nothing is guessed.

    >>> before = pd.DataFrame({"account_id": list("abcdefghijk"), "margin": [10.0] * 11})
    >>> now = before.assign(margin=[5.0, 12.0, *[10.0] * 8, 0.0])
    >>> found = falls([(now, before)], "margin")
    >>> found.fall.tolist(), found.years
    ([0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 1)
    """
    kept = []
    for now, before in pairs:
        both = before[["account_id", measure]].merge(now[["account_id", measure]], on="account_id")
        both = both[~both["account_id"].isin(list(gone)) & (both[f"{measure}_x"] > 0) & (both[f"{measure}_y"] > 0)]
        kept.append(both[[f"{measure}_x", f"{measure}_y"]].to_numpy(np.float64))
    rows = np.concatenate(kept) if kept else np.zeros((0, 2))
    if len(rows) < LEAST_KEPT:
        return None
    # Ties by the later amount, so that the order of the frames changes nothing.
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    fall = np.maximum(1 - rows[:, 1] / rows[:, 0], 0.0)
    return Falls(fixed(rows[:, 0].copy()), fixed(fall), len(pairs), size_slope(rows[:, 0], rows[:, 1]))


def buying_less(exposure: Floats, past: Falls, nearest: int = NEAREST) -> BuyingLess:
    """What may the coming year take through customers that stay and buy less?

    `exposure`: money a year and account, zero or more, shape (n,). Each falls as one of the `nearest` of the past that
    were closest in size (by rank), all alike likely, and each by itself: a year that is bad for all is rarer here
    than it may be. Where those are smaller or larger, their falls are scaled by the `slope` of the company's own past:
    what happens to a shop does not happen to a chain of two hundred. Growth of others is no credit. The 400 largest
    customers are looked at one by one; the sum of the others is as a normal distribution. Raises `ValueError` as
    `loss_distribution` does for exposures, and for no neighbour.

    >>> found = buying_less(np.array([100.0]), Falls(np.array([90.0, 110.0]), np.array([0.0, 0.5]), 1))
    >>> found.expected.tolist(), found.mean, found.variance.tolist()
    ([0.25], 25.0, [0.0625])
    >>> found.probabilities[[0, -1]].tolist(), round(found.step * (found.probabilities.size - 1), 6)
    ([0.5, 0.5], 50.0)
    """
    amounts = money("exposure", exposure)
    if nearest < 1:
        raise ValueError(f"nearest: expected at least 1, got {nearest}")
    first, many = _neighbours(amounts, past.size, nearest)
    mean, variance = np.empty(amounts.size), np.empty(amounts.size)
    for at in range(0, amounts.size, _AT_A_TIME):
        here = slice(at, at + _AT_A_TIME)
        each = past.scaled(amounts[here], first[here], many)
        mean[here], variance[here] = each.mean(axis=1), each.var(axis=1)
    order = np.argsort(-amounts, kind="stable")
    alone, rest = (fixed(np.sort(each)) for each in (order[:_ONE_BY_ONE], order[_ONE_BY_ONE:]))
    step = float(amounts.sum()) / _POINTS or 1.0
    return BuyingLess(fixed(amounts), fixed(mean), fixed(variance), alone, rest, step, past, fixed(first), many)


def _neighbours(amounts: Floats, size: Floats, nearest: int) -> tuple[Integers, int]:
    """Where each account's neighbours in the past begin, and how many there are."""
    many = min(nearest, size.size)
    rank = np.searchsorted(size, amounts)
    return np.clip(rank - many // 2, 0, size.size - many), many


def on_grid(losses: Floats, step: float, *, size: int = 0, weights: Floats | None = None) -> Floats:
    """Amounts, alike likely unless weighted, each shared between the points beside it so that its mean stays.

    `size`: of the row at least; probabilities of 0, step, 2 step and so on.

    >>> on_grid(np.array([0.0, 2.5]), 1.0).tolist()
    [0.5, 0.0, 0.25, 0.25]
    """
    place = losses / step
    # An amount that is a point but for rounding is that point.
    near = np.rint(place)
    place = np.where(np.abs(place - near) < 1e-9 * np.maximum(near, 1.0), near, place)
    low = np.floor(place).astype(np.int64)
    each = np.full(losses.size, 1 / losses.size) if weights is None else weights
    size = max(size, int(np.ceil(place.max())) + 1)
    above = place - low
    part = above > 0
    found = np.bincount(low, each * (1 - above), size) + np.bincount(low[part] + 1, (each * above)[part], size)
    return np.asarray(found, dtype=np.float64)
