"""How concentrated a list of amounts is: the measures, each a pure function of a 1-d array.

Every measure takes a 1-d array of amounts, one per account, in any unit and order. An account at or
below zero has no share: it is set aside, the same way in every measure, so that n never differs
between two of them. Where nothing is above zero a measure is NaN. NaN, infinity and more than one
dimension raise `ValueError`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Amounts = npt.ArrayLike
Floats = npt.NDArray[np.float64]

# Stands for an account too small for a float beside the largest: its logarithm must stay a number.
TINY = np.finfo(np.float64).tiny


def _above_zero(values: Amounts) -> Floats:
    """The amounts above zero, order kept, in a unit in which their squares and sums stay within the floating range."""
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.ndim != 1:
        raise ValueError(f"amounts: expected one dimension, got {amounts.ndim}")
    if not amounts.size:
        return amounts
    # Both ends carry a NaN or an infinity with them: no array of flags for a million amounts.
    smallest, largest = float(amounts.min()), float(amounts.max())
    if not (math.isfinite(smallest) and math.isfinite(largest)):
        raise ValueError(f"amounts: expected finite numbers, got {int((~np.isfinite(amounts)).sum())} others")
    positive = amounts if smallest > 0 else amounts[amounts > 0]
    if not positive.size or 1e-100 < largest < 1e100:
        return positive
    # What is then too small for a float still is an account.
    return np.maximum(positive / largest, TINY)


def shares(values: Amounts) -> Floats:
    """What part of the whole is each account?

    `values`: amounts, shape (n,). Returns the shares of the positive ones, descending, summing to 1.
    Empty where nothing is above zero.

    >>> shares([1, 3, 0, -2]).tolist()
    [0.75, 0.25]
    """
    amounts = np.sort(_above_zero(values))[::-1]
    return amounts / amounts.sum()


def _dot(a: Floats, b: Floats) -> float:
    """Sum of products, in one order on every machine: BLAS sums by thread, and waits for threads on a busy one."""
    return float(np.einsum("i,i->", a, b))


def top_share(values: Amounts, n: int) -> float:
    """What share do the n largest accounts make? 0-1; all accounts where there are fewer than n.

    Raises `ValueError` for n below 1. The concentration ratio CR_n.

    >>> top_share([4, 3, 2, 1], 2)
    0.7
    """
    if n < 1:
        raise ValueError(f"n: expected at least 1, got {n}")
    amounts = _above_zero(values)
    if amounts.size <= n:
        return 1.0 if amounts.size else float("nan")
    return float(np.partition(amounts, amounts.size - n)[-n:].sum() / amounts.sum())


def hhi(values: Amounts) -> float:
    """How concentrated is the whole book? The sum of squared shares over all accounts, 1/n to 1.

    Herfindahl-Hirschman index on the 0-1 scale. For a picture in words use `effective_number`.

    >>> hhi([5, 5, 5, 5])
    0.25
    """
    amounts = _above_zero(values)
    return _dot(amounts, amounts) / float(amounts.sum()) ** 2 if amounts.size else float("nan")


def effective_number(values: Amounts) -> float:
    """As concentrated as how many equal customers? 1/HHI, 1 to n (Adelman's numbers equivalent).

    >>> effective_number([5, 5, 5, 5])
    4.0
    """
    return 1.0 / hhi(values)


def normalised_hhi(values: Amounts) -> float:
    """How concentrated is the book beside one of as many equal accounts? 0 (all equal) to 1.

    (HHI - 1/n)/(1 - 1/n), n the accounts above zero. NaN for a single account: it is both the most
    equal and the most concentrated book. Never to be compared with the plain HHI.

    >>> normalised_hhi([5, 5, 5, 5]), normalised_hhi([2, 1, 1])
    (0.0, 0.0625)
    >>> normalised_hhi([5])
    nan
    """
    n = _above_zero(values).size
    return (n * hhi(values) - 1) / (n - 1) if n > 1 else float("nan")


def gini(values: Amounts) -> float:
    """How unequal are the accounts? 0 (all equal) to 1 - 1/n, without the small-sample factor.

    1 + (1 - 2 sum i s_i)/n with i the rank from the largest; twice the area between the Lorenz curve
    and the diagonal.

    >>> gini([1, 1, 1, 1]), gini([3, 1])
    (0.0, 0.25)
    """
    amounts = np.sort(_above_zero(values))
    n = amounts.size
    if not n:
        return float("nan")
    # Ranks counted from the middle: equal accounts cancel, instead of leaving a rounding residue of n.
    return max(0.0, _dot(np.arange(1 - n, n, 2, dtype=np.float64), amounts) / (n * float(amounts.sum())))


def lorenz(values: Amounts) -> tuple[Floats, Floats]:
    """What share do the smallest accounts make together?

    Returns the cumulative share of accounts and of the amount, from the smallest, both of shape
    (n + 1,) and from 0 to 1.

    >>> [a.tolist() for a in lorenz([1, 3])]
    [[0.0, 0.5, 1.0], [0.0, 0.25, 1.0]]
    """
    found = shares(values)[::-1]
    if not found.size:
        return np.zeros(1), np.zeros(1)
    amounts = np.concatenate([[0.0], np.cumsum(found)])
    amounts[-1] = 1.0
    return np.linspace(0.0, 1.0, found.size + 1), amounts


def theil(values: Amounts) -> float:
    """How unequal are the accounts, in a measure that splits by group? 0 (all equal) to ln n.

    ln n + sum s ln s, n the accounts above zero: Theil's T. What part lies between regions or managers
    says `theil_decomposition`.

    >>> theil([1, 1, 1, 1]), round(theil([3, 1]), 4)  # ln 2 + 3/4 ln 3/4 + 1/4 ln 1/4
    (0.0, 0.1308)
    """
    amounts = _above_zero(values)
    if not amounts.size:
        return float("nan")
    total = float(amounts.sum())
    return max(0.0, _dot(amounts, np.log(amounts)) / total - math.log(total / amounts.size))


@dataclass(frozen=True)
class TheilSplit:
    """Inequality inside the groups and between them, both at least 0; they add up to `total`, Theil's index."""

    within: float
    between: float
    total: float


def theil_decomposition(values: Amounts, groups: Sequence[object] | npt.NDArray | pd.Series) -> TheilSplit:
    """Do a few large groups make the book unequal, or a few large accounts inside each group?

    `groups`: a label for each of `values`, such as its region or manager. An account at or below zero is
    set aside with its label. Missing labels (None, NaN) make one group of their own. All NaN where
    nothing is above zero. Raises `ValueError` unless there are as many labels as amounts.

    Within is the sum over groups of (group's share) x (Theil inside the group), between is that of
    (group's share) x ln(group's mean / mean of all).

    >>> split = theil_decomposition([3, 3, 1, 1], ["north", "north", "south", "south"])
    >>> split.within, round(split.between, 4), round(split.total, 4)
    (0.0, 0.1308, 0.1308)
    """
    amounts, kept = _above_zero(values), np.asarray(values, dtype=np.float64) > 0
    if len(groups) != kept.size:
        raise ValueError(f"groups: expected a label for each of {kept.size} amounts, got {len(groups)}")
    if not amounts.size:
        return TheilSplit(float("nan"), float("nan"), float("nan"))
    group = pd.factorize(pd.Series(groups)[kept], use_na_sentinel=False)[0]
    sums = np.bincount(group, weights=amounts).astype(np.float64)
    means = sums / np.bincount(group)
    within = _dot(amounts, np.log(amounts) - np.log(means)[group]) / sums.sum()
    between = _dot(sums, np.log(means) - np.log(amounts.mean())) / sums.sum()
    return TheilSplit(max(0.0, float(within)), max(0.0, float(between)), theil(values))


def hannah_kay(values: Amounts, alpha: float) -> float:
    """How concentrated is the book, if large accounts count the more the higher alpha? 1/n to 1.

    (sum s^alpha)^(1/(alpha - 1)), the concentration form: alpha 2 gives HHI, alpha near 1 tends to
    exp(sum s ln s), a large alpha to the largest share; it never falls as alpha rises. The index is also
    printed as numbers equivalent, which is the inverse of this. Raises `ValueError` unless alpha is
    finite and above 0. Hannah & Kay, Concentration in Modern Industry, 1977.

    >>> hannah_kay([5, 5, 5, 5], 0.5), round(hannah_kay([3, 1], 2), 4), hhi([3, 1])
    (0.25, 0.625, 0.625)
    """
    if not (alpha > 0 and math.isfinite(alpha)):
        raise ValueError(f"alpha: expected a finite number above 0, got {alpha}")
    found = np.maximum(shares(values), TINY)
    if not found.size:
        return float("nan")
    logs, above = np.log(found), alpha - 1
    if not above:
        return float(np.exp(_dot(found, logs)))
    if abs(above) < 0.01:
        # The sum is nearly 1: its distance from 1 is what the root needs exactly.
        return float(np.exp(np.log1p(_dot(found, np.expm1(above * logs))) / above))
    # The largest share is taken out of the sum, which a high alpha would otherwise lose to underflow.
    return float(np.exp((alpha * logs[0] + np.log(((found / found[0]) ** alpha).sum())) / above))


def hall_tideman(values: Amounts) -> float:
    """How concentrated is the book, if each account counts by its rank? 1/n to 1.

    1/(2 sum i s_i - 1), i the rank from the largest: unlike in HHI the number of small accounts has its
    say. Hall & Tideman, Journal of the American Statistical Association 62, 1967.

    >>> hall_tideman([5, 5, 5, 5]), hall_tideman([3, 1])
    (0.25, 0.6666666666666666)
    """
    found = shares(values)
    ranks = np.arange(1, found.size + 1, dtype=np.float64)
    return 1 / (2 * _dot(ranks, found) - 1) if found.size else float("nan")


def accounts_for(values: Amounts, share: float) -> int:
    """How many of the largest accounts make at least this share? 0 where nothing is above zero.

    Raises `ValueError` for a share outside 0-1.

    >>> accounts_for([4, 3, 2, 1], 0.7)
    2
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: expected above 0 and at most 1, got {share}")
    reached = np.cumsum(shares(values))
    # A hair's breadth of rounding must not ask for one account more.
    return min(int(np.searchsorted(reached, share - 1e-12)) + 1, reached.size) if reached.size else 0
