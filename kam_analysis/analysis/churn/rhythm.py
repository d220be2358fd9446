"""What rhythm do the accounts of a company buy in, and how do they leave? One model for all, told apart by purchase days.

Modified BG/NBD with regular rhythms (MBG/CNBD-k; Platzer & Reutterer, Marketing Science 35(5), 2016; k = 1 is the
MBG/NBD of Batislam, Denizel & Filiztekin, IJRM 24(3), 2007). An account's gaps are Erlang: sums of k
exponential steps of a pace of its own, so that k = 1 is pure chance and a larger k a steadier rhythm. After each
purchase, the first included, it leaves for good with a chance of its own. Paces are Gamma(r, alpha) over accounts, chances
Beta(a, b): what many purchases do not tell of an account, the company's other accounts do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln

from kam_analysis.analysis.fixed import keep_fixed
from kam_analysis.analysis.frames import takes_frames

Values = npt.NDArray[np.float64]

# How steady a rhythm may be: at 4 steps a gap varies by half its mean, at 1 by all of it.
STEPS = (1, 2, 3, 4)
# k is chosen on so many accounts at most; then all are fitted.
SAMPLE = 1000
# Logs of the parameters (time in typical gaps) are held like a normal prior of this deviation: it moves nothing where
# there are hundreds of accounts, and keeps a dozen that are all alike from running off to infinity.
PRIOR = 3.0
# Below so many accounts, or so few that bought again, a population says nothing of one account.
LEAST_ACCOUNTS, LEAST_REPEATERS = 30, 10
# Four figures are told by so many accounts as well as by a million: to a hundredth of how far accounts differ.
MOST_ACCOUNTS = 100_000


@dataclass(frozen=True)
class Purchases:
    """The purchase days of each account, as far as the model reads them; arrays of the same length, read-only.

    repeats: purchase days after the first. recency: days from the first to the last. age: days from the first to
    the day on which is asked. log_gaps: sum of the logarithms of the gaps in days (0 without one).
    """

    repeats: Values
    recency: Values
    age: Values
    log_gaps: Values

    def __post_init__(self) -> None:
        keep_fixed(self, "repeats", "recency", "age", "log_gaps")
        wrong = ~((self.repeats >= 0) & (self.recency >= 0) & (self.age >= self.recency))
        wrong |= (self.repeats == 0) != (self.recency == 0)
        if wrong.any():
            raise ValueError(
                "purchases: expected repeats 0 or more, 0 <= recency <= age, and a recency where there are repeats; "
                f"got others in {int(wrong.sum())} accounts"
            )

    def __len__(self) -> int:
        return len(self.repeats)

    @property
    def silence(self) -> Values:
        """Days from the last purchase."""
        return self.age - self.recency

    def some(self, chosen: npt.NDArray[np.intp]) -> "Purchases":
        """The accounts at some places."""
        return Purchases(self.repeats[chosen], self.recency[chosen], self.age[chosen], self.log_gaps[chosen])


@takes_frames
def purchases(snapshot: pd.DataFrame) -> Purchases:
    """The purchase days of a snapshot's accounts; all must have bought (`bought_by_days`).

    `snapshot`: purchase_days, first_day, last_day, silence (days), and typical_gap (the geometric mean of the gaps in
    days) where known; without it, gaps count as all alike within an account, and `fit_rhythm` must not choose k.
    """
    repeats = snapshot["purchase_days"].to_numpy(np.float64) - 1
    recency = np.asarray((snapshot["last_day"] - snapshot["first_day"]).dt.days, dtype=np.float64)
    typical = snapshot["typical_gap"].to_numpy(np.float64, na_value=np.nan) if "typical_gap" in snapshot else np.nan
    logs = np.where(repeats > 0, repeats * np.log(np.where(repeats > 0, typical, 1.0)), 0.0)
    mean = np.where(repeats > 0, repeats * np.log(np.maximum(recency, 1.0) / np.maximum(repeats, 1.0)), 0.0)
    return Purchases(
        repeats, recency, recency + snapshot["silence"].to_numpy(np.float64), np.where(logs == logs, logs, mean)
    )


@takes_frames
def bought_by_days(snapshot: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Of which accounts of a snapshot purchase days are known."""
    return (snapshot["purchase_days"].fillna(0) > 0).to_numpy(dtype=bool) & snapshot["last_day"].notna().to_numpy()


@dataclass(frozen=True)
class Rhythm:
    """A fitted company: Gamma(r, alpha) of paces (alpha in days), Beta(a, b) of the chance to leave after a purchase.

    steps: k. covariance: of the logarithms of r, alpha, a, b (Laplace's approximation), read-only. log_likelihood:
    with the gaps' part that depends on k, so that fits of different k compare. accounts: how many it rests on.
    """

    steps: int
    r: float
    alpha: float
    a: float
    b: float
    covariance: Values
    log_likelihood: float
    accounts: int
    leaves_at_first: bool = True

    def __post_init__(self) -> None:
        keep_fixed(self, "covariance")

    @property
    def logs(self) -> Values:
        """The logarithms of r, alpha, a and b."""
        return np.log([self.r, self.alpha, self.a, self.b])


def log_parts(logs: Values, steps: int, given: Purchases, leaves_at_first: bool = True) -> tuple[Values, Values]:
    """How likely are an account's purchase days, if it left after the last one, and if it is still there?

    `logs`: of r, alpha (days), a and b. Returns logarithms: (accounts,) of having left, and (steps, accounts) of being
    there with 0, 1 ... steps - 1 steps of the next gap done; without the part of the gaps that no parameter moves
    (`gap_part`). With x repeats until t_x, T days in all and s = T - t_x, pace l and chance p:
    (1-p)^x l^(kx) e^(-l t_x) [p + (1-p) e^(-ls) sum_j (ls)^j/j!], over Gamma and Beta. Without
    `leaves_at_first` (BG/NBD of Fader, Hardie & Lee 2005 at k = 1) none leaves after its first purchase.

    >>> once = Purchases([0], [0], [100], [0])
    >>> left, there = log_parts(np.log([1.0, 100.0, 1.0, 1.0]), 1, once)
    >>> np.exp([left[0], there[0, 0]]).round(3).tolist()  # leaves at once: 1/2; stays 1/2, and E[e^(-l 100)] = 1/2
    [0.5, 0.25]
    """
    r, alpha, a, b = np.exp(logs)
    stayed = given.repeats - (0 if leaves_at_first else 1)
    shape, j = r + steps * given.repeats, np.arange(steps)[:, None]
    start = r * logs[1] - gammaln(r) - betaln(a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = start + betaln(a + 1, b + stayed) + gammaln(shape) - shape * np.log(alpha + given.recency)
        left = np.where(stayed < 0, -np.inf, left)
        waited = np.where(j > 0, j * np.log(given.silence), 0.0) - gammaln(j + 1)
    there = start + betaln(a, b + stayed + 1) + gammaln(shape + j) - (shape + j) * np.log(alpha + given.age) + waited
    return left, there


def gap_part(steps: int, given: Purchases) -> float:
    """The part of the log-likelihood that depends on k and the gaps alone: what makes fits of different k compare."""
    return float(((steps - 1) * given.log_gaps - given.repeats * gammaln(steps)).sum())


def log_likelihood(logs: Values, steps: int, given: Purchases, leaves_at_first: bool = True) -> Values:
    """Of each account's purchase days, (accounts,); without `gap_part`."""
    left, there = log_parts(logs, steps, given, leaves_at_first)
    return np.logaddexp(left, reduce(np.logaddexp, there))


def gradient(logs: Values, steps: int, given: Purchases, leaves_at_first: bool = True) -> tuple[Values, Values]:
    """The log-likelihood of each account, and its slope by each of the four logarithms, (4, accounts)."""
    r, alpha, a, b = np.exp(logs)
    left, there = log_parts(logs, steps, given, leaves_at_first)
    whole = np.logaddexp(left, reduce(np.logaddexp, there))
    gone, parts = np.exp(left - whole), np.exp(there - whole)
    here, stayed = parts.sum(axis=0), given.repeats - (0 if leaves_at_first else 1)
    shape, j = r + steps * given.repeats, np.arange(steps)[:, None]
    far, near = alpha + given.age, alpha + given.recency
    done = (j * parts).sum(axis=0)
    by_r = logs[1] - digamma(r) + gone * (digamma(shape) - np.log(near))
    by_r += (parts * digamma(shape + j)).sum(axis=0) - here * np.log(far)
    by_alpha = r / alpha - gone * shape / near - (here * shape + done) / far
    both = digamma(a + b) - digamma(a + b + stayed + 1)
    by_a = both + gone * (digamma(a + 1) - digamma(a))
    by_b = both - digamma(b) + here * digamma(b + stayed + 1)
    # Who cannot have left has no chance of it, and b + stayed may be a pole.
    by_b += np.where(gone > 0, gone * digamma(np.where(stayed < 0, 1.0, b + stayed)), 0.0)
    return whole, np.array([r * by_r, alpha * by_alpha, a * by_a, b * by_b])


def fit_rhythm(
    given: Purchases, steps: Sequence[int] = STEPS, prior: float | None = PRIOR, leaves_at_first: bool = True
) -> Rhythm | None:
    """Which rhythm and which chances of leaving explain all accounts' purchase days best?

    `steps`: the k that are tried, on at most 1,000 accounts (evenly over their order), then the likeliest on all, of
    more than `MOST_ACCOUNTS` on so many.
    `prior`: None for plain maximum likelihood. None below 30 accounts or ten that bought again.

    >>> fit_rhythm(Purchases([1.0], [30.0], [100.0], [np.log(30.0)])) is None
    True
    """
    again = given.repeats > 0
    if len(given) < LEAST_ACCOUNTS or again.sum() < LEAST_REPEATERS:
        return None
    given = given.some(evenly(len(given), MOST_ACCOUNTS))
    again = given.repeats > 0
    unit = float(np.median(given.recency[again] / given.repeats[again]))
    scaled = _in_units(given, unit)
    some = scaled.some(evenly(len(given), SAMPLE))
    tried, start = {}, np.zeros(4)
    for each in steps:
        tried[each] = _likeliest(some, each, prior, leaves_at_first, start)
        # A steadier rhythm takes its steps so much faster: the next fit begins near its end.
        start = tried[each][0] - np.array([0, np.log((each + 1) / each), 0, 0])
    k = max(tried, key=lambda each: tried[each][1] + gap_part(each, some))
    logs = tried[k][0] if len(some) == len(given) else _likeliest(scaled, k, prior, leaves_at_first, tried[k][0])[0]
    covariance = _covariance(logs, scaled, k, prior, leaves_at_first)
    told = logs + np.array([0, np.log(unit), 0, 0])
    value = float(log_likelihood(told, k, given, leaves_at_first).sum()) + gap_part(k, given)
    r, alpha, a, b = (float(each) for each in np.exp(told))
    return Rhythm(k, r, alpha, a, b, covariance, value, len(given), leaves_at_first)


def evenly(accounts: int, most: int) -> npt.NDArray[np.intp]:
    """The places of at most so many accounts, evenly over their order.

    >>> evenly(7, 4).tolist(), evenly(3, 4).tolist()
    ([0, 2, 4, 6], [0, 1, 2])
    """
    return np.linspace(0, accounts - 1, min(most, accounts)).astype(np.intp)


def _in_units(given: Purchases, unit: float) -> Purchases:
    logs = given.log_gaps - given.repeats * np.log(unit)
    return Purchases(given.repeats, given.recency / unit, given.age / unit, logs)


def _likeliest(
    given: Purchases, steps: int, prior: float | None, leaves_at_first: bool, start: Values
) -> tuple[Values, float]:
    """The likeliest logarithms and their log-likelihood."""

    def loss(logs: Values) -> tuple[float, Values]:
        each, slope = gradient(logs, steps, given, leaves_at_first)
        value, by = float(each.sum()), slope.sum(axis=1)
        held = 0.0 if prior is None else prior**-2
        return (held * float(logs @ logs) / 2 - value) / len(given), (held * logs - by) / len(given)

    bounds, options = [(-9.0, 9.0)] * 4, {"ftol": 1e-11, "gtol": 1e-7}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return found.x, float(log_likelihood(found.x, steps, given, leaves_at_first).sum())


def _covariance(logs: Values, given: Purchases, steps: int, prior: float | None, leaves_at_first: bool) -> Values:
    """The inverse of the information (slopes by central differences), held by the prior."""

    def slope(at: Values) -> Values:
        return gradient(at, steps, given, leaves_at_first)[1].sum(axis=1)

    rows = [(slope(logs - step) - slope(logs + step)) / (2 * _STEP) for step in _STEP * np.eye(4)]
    information = (np.array(rows) + np.array(rows).T) / 2 + (prior or PRIOR) ** -2 * np.eye(4)
    values, vectors = np.linalg.eigh(information)
    # At an edge the slope need not bend downwards: there the prior alone says how far a parameter may lie.
    return np.asarray((vectors / np.maximum(values, PRIOR**-2)) @ vectors.T)


_STEP = 1e-4
