"""Is an account still there, and will it leave within the horizon? The chances of one fitted rhythm, with their ranges."""

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import bdtr, betaln, expit, gammaln, logit
from scipy.stats import norm

from kam_analysis.analysis.churn.average import LEVEL
from kam_analysis.analysis.churn.rhythm import Purchases, Rhythm, Values, log_parts, purchases
from kam_analysis.analysis.churn.rules import MONTH_DAYS
from kam_analysis.analysis.fixed import keep_fixed
from kam_analysis.analysis.frames import takes_frames

# No chance is told nearer to 0 or 1 than this: no company has seen so many accounts.
_EDGE = 1e-6
# Up to so many steps within the horizon each number counts by itself; beyond, in blocks a fiftieth of their size.
_EACH = 100
_BLOCK = 0.02
# Accounts times points at once: 8 MB an array.
_CHUNK = 1_000_000


@dataclass(frozen=True)
class Leaving:
    """Chances of the accounts of one day, arrays of the same length, read-only.

    alive: still a customer on the day (0-1). leave: has made, or will have made by the horizon's end, its last purchase
    (0-1): those count that are gone already and not yet called lost. slopes: (accounts, sources) of the log odds of
    `leave` by independent standard normal sources of error, which all accounts share.
    """

    alive: Values
    leave: Values
    slopes: Values

    def __post_init__(self) -> None:
        keep_fixed(self, "alive", "leave", "slopes")

    @property
    def log_odds(self) -> Values:
        """Of leaving."""
        return np.asarray(logit(self.leave))

    def interval(self, level: float = LEVEL) -> tuple[Values, Values]:
        """Where each chance lies, by what the parameters leave open (normal on the log odds)."""
        wide = norm.ppf(0.5 + level / 2) * np.sqrt((self.slopes**2).sum(axis=1))
        return np.asarray(expit(self.log_odds - wide)), np.asarray(expit(self.log_odds + wide))

    def draw(self, draws: int, rng: np.random.Generator) -> Values:
        """Chances under errors drawn anew, the same for all accounts: draws by accounts."""
        return np.asarray(expit(self.log_odds + rng.standard_normal((draws, self.slopes.shape[1])) @ self.slopes.T))

    def some(self, chosen: npt.NDArray[np.bool_]) -> "Leaving":
        """Those of some accounts."""
        return replace(self, alive=self.alive[chosen], leave=self.leave[chosen], slopes=self.slopes[chosen])


@takes_frames
def leaving(snapshot: pd.DataFrame, rhythm: Rhythm, horizon_months: int = 12, ranges: bool = True) -> Leaving:
    """How likely is each account to be gone by the horizon's end, by its own rhythm and silence?

    `snapshot`: of `snapshot`, accounts with purchase days (`bought_by_days`). Leaving is what `Rules` count as lost: the last
    purchase lies before the horizon's end, whether that is known by then or not. The slopes are the parameters' (delta
    method on their logarithms, central differences); without `ranges` there are none.
    """
    given, days = purchases(snapshot), horizon_months * MONTH_DAYS
    whose = (rhythm.steps, given, days, rhythm.leaves_at_first)
    alive, leave = chances(rhythm.logs, *whose)
    leave = np.clip(leave, _EDGE, 1 - _EDGE)
    if not ranges:
        return Leaving(alive, leave, np.empty((len(leave), 0)))

    def odds(logs: Values) -> Values:
        return np.asarray(logit(np.clip(chances(logs, *whose)[1], _EDGE, 1 - _EDGE)))

    sources = np.linalg.cholesky(rhythm.covariance).T
    slopes = [(odds(rhythm.logs + _STEP * by) - odds(rhythm.logs - _STEP * by)) / (2 * _STEP) for by in sources]
    return Leaving(alive, leave, np.column_stack(slopes))


# Of a standard deviation: the slope holds over what the parameters leave open, not just at the point.
_STEP = 0.5


def chances(
    logs: Values, steps: int, given: Purchases, days: float, leaves_at_first: bool = True
) -> tuple[Values, Values]:
    """Of each account: still there today, and gone in so many days (both 0-1).

    `logs`: of r, alpha (days), a, b. There today: the likelihood's share of being there. Still there `days` later: no
    purchase until then was the last. With n steps of its pace in the silence s and the horizon H, at most k - 1 of them in the
    silence, it bought floor(n/k) times, and stayed each time with chances of Beta(a, b + x + 1):
    sum_n w_n B(a, b + x + 1 + floor(n/k)) / B(a, b + x + 1) over sum_n w_n, where
    w_n = G(r + kx + n)/n! ((s + H)/(alpha + T + H))^n P(Binomial(n, s/(s + H)) < k).

    >>> once = Purchases([0, 0], [0, 0], [0, 100], [0, 0])
    >>> alive, leave = chances(np.log([1.0, 100.0, 1.0, 1.0]), 1, once, 1e-9)
    >>> alive.round(3).tolist(), leave.round(3).tolist()  # 1/2; (1/2 1/2) / (1/2 + 1/2 1/2)
    ([0.5, 0.333], [0.5, 0.667])
    """
    left, there = log_parts(logs, steps, given, leaves_at_first)
    here = reduce(np.logaddexp, there)
    alive = np.exp(here - np.logaddexp(left, here))
    return alive, 1 - alive * _stays(logs, steps, given, days, leaves_at_first)


def _stays(logs: Values, steps: int, given: Purchases, days: float, leaves_at_first: bool) -> Values:
    """The chance that an account that is there makes no last purchase in so many days."""
    if days == 0:
        return np.ones(len(given))
    r, alpha, _, _ = np.exp(logs)
    shape = r + steps * given.repeats
    mean = (shape + steps) * days / (alpha + given.age)
    most = np.ceil(steps + mean + 10 * np.sqrt(mean + mean**2 / shape) + 20)
    found, order = np.empty(len(given)), np.argsort(most, kind="stable")
    width = np.minimum(most[order], 2 * _EACH)
    begun = 0
    while begun < len(order):
        # Sorted by their points, so that few are wasted on those that need few.
        size = max(1, min(len(order) - begun, 500, int(_CHUNK / width[begun])))
        some = order[begun : begun + size]
        found[some] = _stays_of(logs, steps, given.some(some), days, most[some].max(), leaves_at_first)
        begun += size
    return found


def _stays_of(logs: Values, steps: int, given: Purchases, days: float, most: float, leaves_at_first: bool) -> Values:
    r, alpha, a, b = np.exp(logs)
    n, size = _counted(most)
    shape, ahead = (r + steps * given.repeats)[:, None], (given.silence + days)[:, None]
    weight = gammaln(shape + n) - gammaln(n + 1) + n * np.log(ahead / (alpha + given.age[:, None] + days))
    with np.errstate(divide="ignore"):
        weight += np.log(bdtr(np.minimum(steps - 1, n), n.round().astype(np.intp), given.silence[:, None] / ahead))
    weight = np.exp(weight - weight.max(axis=1, keepdims=True)) * size
    stayed = (given.repeats - (0 if leaves_at_first else 1))[:, None] + b + 1
    again = np.exp(betaln(a, stayed + np.floor(n / steps)) - betaln(a, stayed))
    return (weight * again).sum(axis=1) / weight.sum(axis=1)


def _counted(most: float) -> tuple[Values, Values]:
    """Numbers of steps from 0 to `most`, and for how many each stands."""
    blocks = np.log(max(most, _EACH) / _EACH) / _BLOCK
    edges = np.concatenate([np.arange(_EACH), np.geomspace(_EACH, max(most, _EACH) + 1, int(blocks) + 2).round()])
    edges = np.unique(edges[edges <= most + 1])
    return (edges[:-1] + edges[1:] - 1) / 2, np.diff(edges)
