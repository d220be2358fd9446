"""Which accounts carry the book and which are the many small ones: ABC classes."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration.indices import Amounts, shares

# The customary ABC cuts (Juran's "vital few"): A to 80% of the sum, B to 95%. A parameter everywhere.
ABC_CUTS = (0.80, 0.95)

Cuts = Sequence[float] | Literal["computed"]


def abc_classes(values: Amounts, cuts: Cuts = ABC_CUTS) -> npt.NDArray[np.str_]:
    """Which accounts are A, B and C? Shape and order of `values`; "" for an account at or below zero.

    `cuts`: the cumulative shares (0-1) that end A and B, or "computed" for those of `abc_limits`. An
    account is A while the accounts before it make less than the first cut, so that the account which
    crosses a cut still belongs above it. Ties keep the order given; pass accounts sorted by account_id
    and reruns agree. Raises `ValueError` for cuts that do not rise within 0-1.

    >>> amounts = [40, 30, 15, 5, 5, 5]
    >>> "".join(abc_classes(amounts)), "".join(abc_classes(amounts, (0.5, 0.7))), "".join(abc_classes(amounts, "computed"))
    ('AAABBC', 'AACCCC', 'AABCCC')
    """
    first, second = _checked(cuts) if cuts != "computed" else abc_limits(values)
    amounts = np.asarray(values, dtype=np.float64)
    classes = np.full(amounts.shape, "", dtype="<U1")
    found = shares(amounts)
    order = np.argsort(-amounts, kind="stable")[: found.size]
    before = np.concatenate([[0.0], np.cumsum(found)[:-1]])[: found.size]
    classes[order] = np.select([before < first - 1e-12, before < second - 1e-12], ["A", "B"], "C")
    return classes


def _checked(cuts: Cuts) -> tuple[float, float]:
    if isinstance(cuts, str) or len(cuts) != 2 or not 0 < cuts[0] < cuts[1] <= 1:
        raise ValueError(f'cuts: expected "computed" or two shares with 0 < first < second <= 1, got {cuts!r}')
    return cuts[0], cuts[1]


def abc_limits(values: Amounts) -> tuple[float, float]:
    """Where do the book's own proportions end A and B, if no cut is agreed?

    `values`: amounts, shape (n,). Returns two cumulative shares of the amount, above 0, the first at
    most the second, at most 1; both NaN where nothing is above zero, both 1 for a single account, 0.5 and
    1 for many equal ones (which have no few that matter: half of them is the nearest point).

    Read off the ABC curve, the share of the amount made by the largest accounts against their share of
    all accounts. The Pareto point lies nearest to (0, 1), where few accounts would make everything; at
    the break-even point the next account is below average (slope 1). A ends at whichever comes first. B
    ends where the curve is nearest to (x, 1) with x that of the later one: beyond it accounts add little
    for their number. (Ending B at the later point itself would leave B empty in most books: where
    amounts are lognormal both points are the same.) Points are accounts; nothing is interpolated
    between them. Of points equally near, the one with fewer accounts counts.

    Source: Ultsch & Lötsch, Computed ABC Analysis, PLoS ONE 10(6), 2015, and their R package ABCanalysis.

    >>> abc_limits([40, 30, 15, 5, 5, 5])  # the third account is below average, the second ends A
    (0.7, 0.85)
    """
    found = shares(values)
    if not found.size:
        return float("nan"), float("nan")
    amount = np.minimum(np.cumsum(found), 1.0)
    amount[-1] = 1.0
    accounts = np.arange(1, found.size + 1) / found.size
    pareto = _nearest(accounts, amount, 0.0)
    # Equal accounts are all average, whichever way their shares were rounded.
    break_even = int(np.count_nonzero(found * found.size >= 1 - 1e-9)) - 1
    first, later = sorted((pareto, break_even))
    second = max(first, _nearest(accounts, amount, float(accounts[later])))
    return float(amount[first]), float(amount[second])


def _nearest(accounts: npt.NDArray[np.float64], amount: npt.NDArray[np.float64], x: float) -> int:
    """The first of the curve's points that lie nearest to (x, 1)."""
    distance = (accounts - x) ** 2 + (1 - amount) ** 2
    return int(np.argmax(distance <= distance.min() + 1e-12))
