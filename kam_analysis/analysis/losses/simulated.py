"""The loss distribution by simulation, where too many common causes overlap to look at all their states."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.losses.inputs import Floats, fixed
from kam_analysis.analysis.losses.leavers import bands, candidates
from kam_analysis.analysis.losses.partly import Pieces

# Documented, so that a page can be worked out again; any other would do.
SEED = 20_260
# Scenarios, fewer where accounts are many: it should not take more than some seconds.
_DRAWS, _FEWEST_DRAWS, _CELLS = 100_000, 20_000, 200_000_000
# Scenarios of one stream; a block's accounts by scenarios are held at once.
_BLOCK = 250
# 999 of 1,000 normal draws are within so many standard errors.
_ERRORS = 3.29
_LEVELS = (0.5, 0.9, 0.95, 0.99)

Worked = tuple[Floats, Floats, float, float, str, float, Callable[[Floats], Floats]]


def simulated(each: Pieces, mean: float, overlapping: int, seed: int) -> Worked:
    """Losses, probabilities, mean, deviation, method, error bound and the way to the accounts' shares.

    `each`: the accounts, those that a cause can take in part as several. `mean`: the expected loss, which needs no
    drawing.
    """
    draws = max(min(_DRAWS, _CELLS // each.loss.size), _FEWEST_DRAWS) // _BLOCK * _BLOCK
    drawn = np.concatenate([lost @ each.loss for lost in _scenarios(each, draws, seed)])
    order = np.argsort(drawn, kind="stable")
    losses = drawn[order]
    back = partial(_shares, each=each, order=order, seed=seed)
    method = (
        f"simulated, {draws:,} draws, seed {seed}: {overlapping} causes overlap with others, "
        "too many to compute all their states"
    )
    equal = fixed(np.full(draws, 1 / draws))
    return fixed(losses), equal, mean, float(drawn.std()), method, error_of(losses), back


def _scenarios(each: Pieces, draws: int, seed: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Who is lost, block after block of scenarios: shape (scenarios, n); a stream of its own for each."""
    own, causes, gated = each.own, each.causes, np.flatnonzero(each.gate >= 0)
    among = bands(own)
    for stream in np.random.SeedSequence(seed).spawn(draws // _BLOCK):
        rng = np.random.default_rng(stream)
        lost = np.zeros((_BLOCK, own.size), dtype=bool)
        for scenario, account, u in candidates(among, _BLOCK, rng):
            lost[scenario, account] = u < own[account]
        strikes = np.zeros((len(causes), _BLOCK), dtype=bool)
        for at, cause in enumerate(causes):
            strikes[at] = rng.random(_BLOCK) < cause.probability
            struck = np.flatnonzero(strikes[at])
            taken = rng.random((struck.size, len(cause.members))) < cause.losses
            lost[np.ix_(struck, np.asarray(cause.members, dtype=np.int64))] |= taken
        lost[:, gated] &= each.side[gated] == strikes[each.gate[gated]].T
        yield lost


def _shares(weight: Floats, each: Pieces, order: npt.NDArray[np.int64], seed: int) -> Floats:
    """E[each account's loss * weight of the scenario], shape (n,): the same scenarios, drawn again."""
    of_scenario = np.empty(order.size)
    of_scenario[order] = weight
    found = np.zeros(each.loss.size)
    for at, lost in enumerate(_scenarios(each, order.size, seed)):
        found += of_scenario[at * _BLOCK : (at + 1) * _BLOCK] @ lost
    return np.bincount(each.account, found * each.loss / order.size).astype(np.float64)


def error_of(losses: Floats) -> float:
    """3.3 standard errors of drawn losses, ascending: of whichever level is least certain."""
    return max(_error(losses, q) for q in _LEVELS)


def _error(losses: Floats, q: float) -> float:
    """3.3 standard errors of the quantile (by its neighbours in rank) or the expected shortfall (by its tail)."""
    n = losses.size
    away = _ERRORS * np.sqrt(n * q * (1 - q))
    low, at, high = losses[np.clip([int(n * q - away), int(n * q), int(n * q + away) + 1], 0, n - 1)]
    beyond = np.maximum(losses - at, 0)
    return float(max(high - at, at - low, _ERRORS * beyond.std() / (1 - q) / np.sqrt(n)))
