"""How concentrated a list of amounts is: the measures, each a pure function of a 1-d array.

Every measure takes a 1-d array of amounts, one per account, in any unit and order. An account at or
below zero has no share: it is set aside, the same way in every measure, so that n never differs
between two of them. Where nothing is above zero a measure is NaN.
"""

import numpy as np
import numpy.typing as npt

Amounts = npt.ArrayLike
Floats = npt.NDArray[np.float64]


def shares(values: Amounts) -> Floats:
    """What part of the whole is each account?

    `values`: amounts, shape (n,). Returns the shares of the positive ones, descending, summing to 1.
    Empty where nothing is above zero. Raises `ValueError` for NaN, infinity or more than one dimension.

    >>> shares([1, 3, 0, -2]).tolist()
    [0.75, 0.25]
    """
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.ndim != 1:
        raise ValueError(f"amounts: expected one dimension, got {amounts.ndim}")
    if not np.isfinite(amounts).all():
        raise ValueError(f"amounts: expected finite numbers, got {int((~np.isfinite(amounts)).sum())} others")
    positive = np.sort(amounts[amounts > 0])[::-1]
    if not positive.size:
        return positive
    # Scaling first keeps sums of very large or very small currencies inside the floating range.
    scaled = positive / positive[0]
    return scaled / scaled.sum()


def top_share(values: Amounts, n: int) -> float:
    """What share do the n largest accounts make? 0-1; all accounts where there are fewer than n.

    Raises `ValueError` for n below 1. The concentration ratio CR_n.

    >>> top_share([4, 3, 2, 1], 2)
    0.7
    """
    if n < 1:
        raise ValueError(f"n: expected at least 1, got {n}")
    found = shares(values)
    return float(found[:n].sum()) if found.size else float("nan")


def hhi(values: Amounts) -> float:
    """How concentrated is the whole book? The sum of squared shares over all accounts, 1/n to 1.

    Herfindahl-Hirschman index on the 0-1 scale. For a picture in words use `effective_number`.

    >>> hhi([5, 5, 5, 5])
    0.25
    """
    found = shares(values)
    return float(found @ found) if found.size else float("nan")


def effective_number(values: Amounts) -> float:
    """As concentrated as how many equal customers? 1/HHI, 1 to n (Adelman's numbers equivalent).

    >>> effective_number([5, 5, 5, 5])
    4.0
    """
    return 1.0 / hhi(values)


def gini(values: Amounts) -> float:
    """How unequal are the accounts? 0 (all equal) to 1 - 1/n, without the small-sample factor.

    1 + (1 - 2 sum i s_i)/n with i the rank from the largest; twice the area between the Lorenz curve
    and the diagonal.

    >>> gini([1, 1, 1, 1])
    0.0
    """
    found = shares(values)
    n = found.size
    if not n:
        return float("nan")
    return float(1 + (1 - 2 * (np.arange(1, n + 1) @ found)) / n)


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
