"""How much of what an account buys in a period is luck, and how long does a good or a bad month last?

An account's months go up and down, and one month often carries into the next: a project, a stock that is built up,
a plant that runs low. Then a year holds far less independent news than twelve months seem to, and its sum varies
more. What can be learned from months alone is shared among the accounts, the largest counting most.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration.indices import Floats

Integers = npt.NDArray[np.int64]

YEAR = 12
# Older months say little of today's customers, and the expected moments below cost the square of their number.
LONGEST = 60
# An account's own ups and downs are told from so many months on; below, they are those of the others.
_FEWEST = 6
# No estimate of a variance rests on fewer: Student's tails below it say only that nothing is known.
_LEAST_FREEDOM = 4.0
# Silence through a whole period is luck from this probability on.
_LUCK = 0.05
# No account's level is taken for steadier than +-10% from year to year, whatever two years seem to say.
_LEAST_DRIFT = 0.1**2
_CARRIED = np.linspace(-0.3, 0.95, 51)


@dataclass(frozen=True, eq=False)
class Fluctuation:
    """What each account may be expected to buy in the period, and how much that and its months vary by luck.

    All of shape (accounts,). `bought`: money of the period. `expected`: money of the period without its luck. `variance`: of that estimate, money
    squared. `year_variance`: of a sum over so many months around what was expected. `month_variance`: of a month.
    `carried`: the correlation of neighbouring months, -0.3 to 0.95. `freedom`: on how many independent deviations the
    variances rest. `since`: the first month of each. `months`: of the period. `drift`: the variance of a level's
    relative change from one period to the next, a number.
    """

    bought: Floats
    expected: Floats
    variance: Floats
    year_variance: Floats
    month_variance: Floats
    carried: Floats
    freedom: Floats
    since: Integers
    months: int
    drift: float


def fluctuation(account_by_month: Floats, months: int) -> Fluctuation:
    """How much do these accounts vary by luck?

    `account_by_month`: amounts, shape (accounts, months of the history), zero where nothing was bought; the last
    `months` are the period. An account's history begins with its first purchase.

    From two years on a month is compared with the same month a year before, which takes out any season and any
    steady growth; before, with the account's mean, the course that all others share taken out. Each period has its own
    mean, so that a level that has moved is no luck.

    The correlation of neighbours is shrunk towards that of the book, by money, as far as accounts differ by no more
    than chance; variance and correlation are corrected for what subtracting a mean takes from them. Earlier periods count for what is expected by as
    much as the account's luck exceeds the drift of levels (a discount as in exponential smoothing): a lumpy buyer is
    known by all its years, a steady one by its last. Who buys in few months varies by no more deviations than it
    bought: months without a purchase say nothing of how large the next one is.
    """
    amounts = account_by_month[:, -max(LONGEST, months) :]
    number, length = amounts.shape
    period = amounts[:, -months:].sum(axis=1)
    bought = amounts != 0
    since = np.where(bought.any(axis=1), bought.argmax(axis=1), length)
    weight = np.maximum(period, 0.0)
    scatter, product, size, yearly = _deviations(amounts, since, months)
    mean = np.abs(amounts).sum(axis=1) / np.maximum(length - since, 1)
    known = (size >= _FEWEST) & (scatter > 1e-12 * mean**2)
    ratio = np.divide(product, scatter, out=np.zeros(number), where=known)
    carried, expected_scatter = _carried(ratio, size, yearly, weight * known, months)
    month = np.divide(scatter, expected_scatter, out=np.zeros(number), where=known)
    # Who is too new to be judged varies as the others do.
    others = _weighted(month[known] / mean[known] ** 2, weight[known])
    month = np.where(size < _FEWEST, others * mean**2, month)
    active = np.clip(length - since, 1, months)
    year = month * active**2 * mean_variances(carried, active)
    kept = (1 - carried**2) / (1 + carried**2)
    freedom = (size - np.ceil(size / months)) * kept * np.where(yearly, 0.75, 0.9)
    # Who buys in few months is known by its purchases, not by the months without.
    freedom = np.maximum(np.minimum(freedom, bought.sum(axis=1)), _LEAST_FREEDOM)
    level, part, drift = _levels(amounts, since, months, carried=carried, variance=year, weight=weight)
    gone = _gone(amounts, since, months)
    level, year = np.where(gone, 0.0, level), np.where(gone, 0.0, year)
    return Fluctuation(period, level, year * part, year, month, carried, freedom, since, months, drift)


def mean_variance(carried: Floats, number: int) -> Floats:
    """The variance of the mean of so many neighbours, in variances of one; shape of `carried`, 1 / number if 0.

    >>> mean_variance(np.array([0.0, 0.5]), 2).tolist()
    [0.5, 0.75]
    """
    lags = np.arange(1, number)
    return np.asarray((1 + 2 * ((1 - lags / number) * np.power.outer(carried, lags)).sum(axis=-1)) / number)


def mean_variances(carried: Floats, number: Integers | Floats | int) -> Floats:
    """`mean_variance` of an own number each."""
    found, numbers = np.ones(carried.shape), np.broadcast_to(number, carried.shape)
    for each in np.unique(numbers):
        found[numbers == each] = mean_variance(carried[numbers == each], int(each))
    return found


def _deviations(amounts: Floats, since: Integers, months: int) -> tuple[Floats, Floats, Integers, Floats]:
    """Sums of squared deviations and of neighbours' products, of how many, and whether from the year before."""
    length = amounts.shape[1]
    yearly = length - since >= 2 * YEAR
    change = np.where(yearly[:, None], amounts, _beside_the_others(amounts))
    change[:, YEAR:] -= np.where(yearly[:, None], amounts[:, :-YEAR], 0.0)
    first = since + np.where(yearly, YEAR, 0)
    there = np.arange(length) >= first[:, None]
    period = (length - 1 - np.arange(length)) // months
    off = np.zeros(change.shape)
    for each in range(int(period[0]) + 1 if length else 0):
        inside = there & (period == each)
        centre = np.where(inside, change, 0.0).sum(axis=1) / np.maximum(inside.sum(axis=1), 1)
        off += np.where(inside, change - centre[:, None], 0.0)
    together = off[:, 1:] * off[:, :-1] * (period[1:] == period[:-1])
    return (off**2).sum(axis=1), together.sum(axis=1), np.maximum(length - first, 0), yearly


def _beside_the_others(amounts: Floats) -> Floats:
    """Amounts without the course that all other accounts share: with one year alone their season cannot be told else."""
    size = np.abs(amounts).mean(axis=1)
    weight = np.sqrt(size)
    relative = np.divide(amounts, size[:, None], out=np.zeros(amounts.shape), where=size[:, None] > 0)
    mine = weight[:, None] * relative
    others = weight.sum() - weight
    course = np.divide(mine.sum(axis=0) - mine, others[:, None], out=np.ones(amounts.shape), where=others[:, None] > 0)
    beside = np.divide(amounts, course, out=amounts.copy(), where=course > 0)
    # Of two customers a steady one must not be given the other's ups and downs.
    calmer = beside.std(axis=1) * size < amounts.std(axis=1) * np.abs(beside).mean(axis=1)
    return np.where(calmer[:, None], beside, amounts)


def _carried(ratio: Floats, size: Integers, yearly: Floats, weight: Floats, months: int) -> tuple[Floats, Floats]:
    """Each account's correlation of neighbours, shrunk towards the book's, and the scatter that a variance of 1 gives."""
    carried, scatter = np.zeros(ratio.size), np.maximum(size - np.ceil(size / months), 1.0)
    if weight.sum() <= 0:
        return carried, scatter
    middle = _weighted(ratio, weight)
    chance = 1 / np.maximum(size, 1)
    between = max(_weighted((ratio - middle) ** 2 - chance, weight), 0.0)
    shrunk = middle + between / (between + chance) * (ratio - middle)
    for number, lagged in {(int(n), bool(y)) for n, y in zip(size, yearly, strict=True) if n >= _FEWEST}:
        curve, sums = _expected(number, lagged, months)
        at = (size == number) & (yearly == lagged)
        carried[at] = np.interp(shrunk[at], curve, _CARRIED)
        scatter[at] = np.interp(carried[at], _CARRIED, sums)
    return carried, scatter


@cache
def _expected(number: int, lagged: bool, months: int) -> tuple[Floats, Floats]:
    """By the correlation of neighbouring months: the expected ratio and scatter of so many deviations.

    Months are an autoregression of order one with variance 1, `lagged` ones less the same a year before. The ratio of
    two quadratic forms to the second order (Kendall & Stuart, The Advanced Theory of Statistics, vol. 1, 10.5-10.7).
    """
    at = np.arange(number)
    apart = np.abs(at[:, None] - at)
    period = (number - 1 - at) // months
    same = period[:, None] == period
    neighbours = (apart == 1) * same / 2
    centring = np.eye(number) - same / same.sum(axis=1)
    ratios, sums = np.empty(_CARRIED.size), np.empty(_CARRIED.size)
    for place, each in enumerate(np.where(np.abs(_CARRIED) < 1e-12, 0.0, _CARRIED)):
        power = np.power(each, np.arange(number + YEAR))
        of = power[apart]
        if lagged:
            of = 2 * of - power[apart + YEAR] - power[np.abs(apart - YEAR)]
        centred = centring @ of @ centring
        twice = centred @ centred
        top, below = (neighbours * centred).sum(), np.trace(centred)
        ratios[place] = top / below - 2 * (neighbours * twice).sum() / below**2 + 2 * np.trace(twice) * top / below**3
        sums[place] = below
    return np.maximum.accumulate(ratios), sums


def _levels(
    amounts: Floats, since: Integers, months: int, *, carried: Floats, variance: Floats, weight: Floats
) -> tuple[Floats, Floats, float]:
    """What is expected of the period, the part of a period's variance that is left in that, and the drift of levels."""
    length = amounts.shape[1]
    begins = [length - months * (at + 1) for at in range(length // months)]
    periods = np.array([amounts[:, at : at + months].sum(axis=1) for at in begins])
    whole = np.array([since <= at for at in begins])
    whole[0] = True
    if len(begins) < 2:
        return periods[0], np.ones(len(amounts)), _LEAST_DRIFT
    middle = np.maximum((periods[0] + periods[1]) / 2, 0.0)
    there = (middle > 0) & whole[1]
    change = (periods[0] - periods[1]) ** 2 - 2 * variance * (1 - _alike(carried, months))
    relative = np.divide(change, middle**2, out=np.zeros(len(amounts)), where=there)
    drift = max(_weighted(np.clip(relative, -4, 4), weight * there), 0.0) + _LEAST_DRIFT
    luck = np.divide(variance, middle**2, out=np.zeros(len(amounts)), where=there)
    weights = np.where(whole, (luck / (luck + drift)) ** np.arange(len(begins))[:, None], 0.0)
    return (weights * periods).sum(axis=0) / weights.sum(axis=0), 1 / weights.sum(axis=0), drift


def _alike(carried: Floats, months: int) -> Floats:
    """The correlation of the sums of two neighbouring periods."""
    apart = np.arange(1, 2 * months)
    pairs = (months - np.abs(months - apart)) * np.power.outer(carried, apart)
    return np.asarray(pairs.sum(axis=1) / (months**2 * mean_variance(carried, months)))


def _gone(amounts: Floats, since: Integers, months: int) -> npt.NDArray[np.bool_]:
    """Who bought nothing in the period and used to buy too often for that to be luck."""
    before = amounts[:, :-months]
    often = (before != 0).sum(axis=1) / np.maximum(before.shape[1] - since, 1)
    return np.asarray((amounts[:, -months:] == 0).all(axis=1) & ((1 - often) ** months < _LUCK))


def _weighted(values: Floats, weight: Floats) -> float:
    """The mean by weight; 0 where nothing has any."""
    total = weight.sum()
    return float(values @ weight / total) if total > 0 else 0.0
