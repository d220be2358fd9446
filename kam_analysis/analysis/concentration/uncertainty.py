"""How far would a figure of this period differ without the luck of its months?

The customer list is complete, so that resampling accounts estimates nothing; what varies is the buying.
The accounts are held fixed, and what each may be expected to buy in the period is drawn anew from what its own
months, and those before, say of it (`fluctuation`). It is a range around this period, no forecast of the next one.

How often such ranges hold the truth where months depend on each other, have a season or a trend, or are lumpy:
`python -m benchmarks coverage` prints it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration.fluctuation import Fluctuation, fluctuation
from kam_analysis.analysis.concentration.indices import Floats

Measure = Callable[[Floats], float]
# The same for many draws at once: accounts' totals, shape (draws, accounts), to numbers, shape (draws,).
Measures = Sequence[Callable[[Floats], Floats]]

# A year: with fewer, a season that the book has not shown yet would be missing without a word.
LEAST_MONTHS = 12
# Random draws of what was to be expected behind one interval, and in each trial of its coverage.
DRAWS, DRAWS_IN_TRIALS = 1_000, 200
# Fewer expected purchases than this part of one say nothing, and would not fit a float.
_LEAST_SHAPE = 0.02


@dataclass(frozen=True)
class Interval:
    """A figure and the bounds of its interval at the nominal `level` (0-1); NaN where it has none."""

    value: float
    low: float
    high: float
    level: float


@dataclass(frozen=True)
class Coverage:
    """How often such intervals held the truth in `trials` simulated periods (0-1), with its standard error."""

    found: float
    error: float
    level: float
    trials: int


def interval(
    measure: Measure,
    account_by_month: npt.ArrayLike,
    level: float,
    rng: np.random.Generator,
    *,
    months: int | None = None,
    share: bool = True,
) -> Interval:
    """Between which bounds would this figure of the period lie without the luck of its months?

    `measure`: any function from the accounts' totals, shape (accounts,), to a number, such as `hhi` or
    `lambda totals: top_share(totals, 5)`. `account_by_month`: amounts, shape (accounts, months), zero
    where nothing was bought; the last `months` are the period (None: all of them), and what is before says how much
    its accounts vary. `level`: 0-1, such as 0.95. `share`: False for a measure that may pass 1 though its values here
    do not (Theil's); it then keeps above 0 only.

    NaN bounds with fewer than `LEAST_MONTHS` months in the period, and where the measure has no value on some of
    the draws. Both bounds equal the value where no month makes a difference; the value is always between them. Raises
    `ValueError` for amounts that are not finite or not two-dimensional, for a level outside 0-1 and for more months
    than there are.

    Method: what each account may be expected to buy is drawn from a gamma distribution as of a Poisson rate with
    Jeffreys' prior, its variance as `fluctuation` says, times freedom / chi squared (so that Student's tails come with
    it). On the scale of log odds (a share) or logs the draws' quantiles are moved down by twice the shift of their
    median: luck makes a book look more concentrated than it is, and drawing it again once more so. The lower reach is
    never the shorter one: who takes the place of a largest account hides how far that one may fall; of an effective
    number neither is. Chosen by simulation (`python -m benchmarks coverage`).
    """
    amounts, period = _checked(account_by_month, level, months)
    return intervals([_many(measure)], amounts, level, rng, months=period, share=share)[0]


def intervals(
    measures: Measures,
    account_by_month: npt.ArrayLike,
    level: float,
    rng: np.random.Generator,
    *,
    months: int | None = None,
    share: bool = True,
) -> list[Interval]:
    """`interval` for several measures from the same draws; each takes totals of shape (draws, accounts)."""
    amounts, period = _checked(account_by_month, level, months)
    values = _values(measures, amounts[:, -period:].sum(axis=1)[None])[0]
    if period < LEAST_MONTHS:
        return [Interval(float(value), math.nan, math.nan, level) for value in values]
    low, high = _bounds(measures, fluctuation(amounts, period), level, rng, share=share, draws=DRAWS)
    return [Interval(float(value), float(a), float(b), level) for value, a, b in zip(values, low, high, strict=True)]


def coverage(
    measure: Measure,
    account_by_month: npt.ArrayLike,
    level: float,
    rng: np.random.Generator,
    trials: int = 200,
    *,
    months: int | None = None,
    share: bool = True,
) -> Coverage:
    """How often would `interval` be right on data like this? Printed beside it, at best near `level`.

    Inputs as in `interval`. Each trial simulates the whole history anew: every account at what is expected of it,
    with its own variance of months and its own correlation from one month to the next, so that months that depend on
    each other do so in the trial; the truth is then the measure of what was expected. What could not be assessed
    counts as missed. NaN with fewer than `LEAST_MONTHS` months in the period. The error is that of the simulation, with
    two hits and two misses added, so that it is not 0 where all are hits (Agresti & Coull 1998).
    """
    amounts, period = _checked(account_by_month, level, months)
    return coverages([_many(measure)], amounts, level, rng, trials, months=period, share=share)[0]


def coverages(
    measures: Measures,
    account_by_month: npt.ArrayLike,
    level: float,
    rng: np.random.Generator,
    trials: int = 200,
    *,
    months: int | None = None,
    share: bool = True,
) -> list[Coverage]:
    """`coverage` for several measures from the same simulated histories."""
    amounts, period = _checked(account_by_month, level, months)
    if period < LEAST_MONTHS:
        return [Coverage(math.nan, math.nan, level, trials) for _ in measures]
    known = fluctuation(amounts, period)
    truth = _values(measures, known.expected[None])[0]
    # Where no month makes a difference both bounds are the truth, but for rounding.
    slack = 1e-9 * np.abs(truth)
    hits = np.zeros(truth.size)
    for _ in range(trials):
        again = simulated(known, amounts.shape[1], rng)
        low, high = _bounds(measures, fluctuation(again, period), level, rng, share=share, draws=DRAWS_IN_TRIALS)
        hits += (low - slack <= truth) & (truth <= high + slack)
    part = (hits + 2) / (trials + 4)
    error = np.sqrt(part * (1 - part) / (trials + 4))
    return [Coverage(float(each), float(off), level, trials) for each, off in zip(hits / trials, error, strict=True)]


def simulated(known: Fluctuation, length: int, rng: np.random.Generator) -> Floats:
    """So many months of accounts that vary as these do: amounts, shape (accounts, length), at their expected level.

    Lognormal months whose correlation is that of an autoregression of order one; nothing before an account's first.
    """
    active = np.clip(length - known.since, 1, known.months)
    mean = known.expected / active
    # Lognormal months cannot alternate as those of a buyer at regular gaps do: independent ones whose year varies as theirs.
    variance = np.where(known.carried < 0, known.year_variance / active, known.month_variance)
    relative = np.divide(variance, mean**2, out=np.zeros(mean.size), where=mean > 0)
    width = np.log1p(relative)
    # Of the logarithms, so that the amounts themselves have the correlation that was found.
    both = np.log1p(known.carried.clip(0) * np.expm1(width))
    carried = np.divide(both, width, out=np.zeros(mean.size), where=width > 0)
    noise = rng.standard_normal((length, mean.size))
    for at in range(1, length):
        noise[at] = carried * noise[at - 1] + np.sqrt(1 - carried**2) * noise[at]
    amounts = mean * np.exp(np.sqrt(width) * noise - width / 2)
    return np.where(np.arange(length) >= known.since[:, None], amounts.T, 0.0)


def _checked(account_by_month: npt.ArrayLike, level: float, months: int | None) -> tuple[Floats, int]:
    """The amounts, shape (accounts, months), and how many months the period has."""
    amounts = np.asarray(account_by_month, dtype=np.float64)
    if amounts.ndim != 2:
        raise ValueError(f"account_by_month: expected accounts by months, got {amounts.ndim} dimensions")
    if not np.isfinite(amounts).all():
        raise ValueError(f"account_by_month: expected finite amounts, got {int((~np.isfinite(amounts)).sum())} others")
    if not 0 < level < 1:
        raise ValueError(f"level: expected between 0 and 1, got {level}")
    period = amounts.shape[1] if months is None else months
    if not 1 <= period <= max(amounts.shape[1], 1):
        raise ValueError(f"months: expected 1 to {amounts.shape[1]}, the months there are, got {period}")
    return amounts, period


def _many(measure: Measure) -> Callable[[Floats], Floats]:
    """A measure of one list of totals as one of many."""
    return lambda totals: np.array([measure(each) for each in totals], dtype=np.float64)


def _values(measures: Measures, totals: Floats) -> Floats:
    """Shape (draws, measures)."""
    return np.column_stack([each(totals) for each in measures])


def _bounds(
    measures: Measures, known: Fluctuation, level: float, rng: np.random.Generator, *, share: bool, draws: int
) -> tuple[Floats, Floats]:
    """The lower and upper bound of each measure, shape (measures,); NaN where some draw has no value."""
    first = _values(measures, np.array([known.bought, known.expected]))
    drawn = _values(measures, _expected(known, rng, draws))
    found = np.full((2, len(measures)), math.nan)
    for at, column in enumerate(np.vstack([first, drawn]).T):
        if not np.isnan(column).any():
            low, high = _reach(column[1:], level, share)
            found[:, at] = min(low, column[0]), max(high, column[0])
    return found[0], found[1]


def _expected(known: Fluctuation, rng: np.random.Generator, draws: int) -> Floats:
    """What each account may be expected to buy, drawn: shape (draws, accounts)."""
    level, varies = known.expected, (known.expected > 0) & (known.variance > 1e-12 * known.expected**2)
    found = np.tile(level, (draws, 1))
    shape = level[varies] ** 2 / known.variance[varies]
    # Student's tails: how much an account varies is itself known from a few deviations only.
    shape = shape * rng.chisquare(known.freedom[varies], (draws, shape.size)) / known.freedom[varies]
    shape = np.maximum(shape, _LEAST_SHAPE)
    found[:, varies] = level[varies] * rng.standard_gamma(shape + 0.5) / shape
    return found


def _reach(values: Floats, level: float, share: bool) -> tuple[float, float]:
    """The bounds of a measure from its value of what is expected, first, and of the draws."""
    scale, back = _scale(values, share)
    centre, drawn = scale(values[:1])[0], scale(values[1:])
    low, middle, high = np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2])
    shift = middle - centre
    down = max(middle - low, high - middle)
    # An effective number is the mirror image of a share: there the upper reach is what would be hidden.
    up = down if values.max() > 1 else high - middle
    # Half of the shift counts as uncertain, too.
    bounds = back(middle - 2 * shift + np.array([-math.hypot(down, shift / 2), math.hypot(up, shift / 2)]))
    return float(bounds[0]), float(min(bounds[1], 1.0) if share and values.max() <= 1 else bounds[1])


def _scale(values: Floats, share: bool) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """On which scale the measure varies evenly, and the way back from it."""
    if share and values.min() > 0 and values.max() < 1:
        return (lambda x: np.log(x / (1 - x))), (lambda x: 1 / (1 + np.exp(-x)))
    if values.min() > 0:
        return np.log, np.exp
    return (lambda x: x), (lambda x: x)
