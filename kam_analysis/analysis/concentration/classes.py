"""Which accounts carry the book and which are the many small ones: ABC classes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration.indices import Amounts, shares

# The customary ABC cuts (Juran's "vital few"): A to 80 % of the sum, B to 95 %. A parameter everywhere.
ABC_CUTS = (0.80, 0.95)


def abc_classes(values: Amounts, cuts: Sequence[float] = ABC_CUTS) -> npt.NDArray[np.str_]:
    """Which accounts are A, B and C? Shape and order of `values`; "" for an account at or below zero.

    An account is A while the accounts before it make less than the first cut, so that the account
    which crosses a cut still belongs above it. Ties keep the order given; pass accounts sorted by
    account_id and reruns agree. Raises `ValueError` for cuts that do not rise within 0-1.

    >>> abc_classes([80, 15, 5]).tolist()
    ['A', 'B', 'C']
    """
    first, second = cuts
    if not 0 < first < second <= 1:
        raise ValueError(f"cuts: expected 0 < first < second <= 1, got {first} and {second}")
    amounts = np.asarray(values, dtype=np.float64)
    classes = np.full(amounts.shape, "", dtype="<U1")
    found = shares(amounts)
    order = np.argsort(-amounts, kind="stable")[: found.size]
    before = np.concatenate([[0.0], np.cumsum(found)[:-1]])[: found.size]
    classes[order] = np.select([before < first - 1e-12, before < second - 1e-12], ["A", "B"], "C")
    return classes
