"""How steadily do the large and the small customers buy? ABC by XYZ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration
from kam_analysis.analysis.concentration.indices import Amounts, Floats
from kam_analysis.analysis.frames import takes_frames

# The customary XYZ cuts of the coefficient of variation. A parameter everywhere.
XYZ_CUTS = (0.5, 1.0)
# Two months have one difference between them: no word about steadiness.
FEWEST_MONTHS = 3


@dataclass(frozen=True)
class Steadiness:
    """Accounts of the book by size (A, B, C) and steadiness (X, Y, Z).

    `accounts`: account_id, account_name, amount (in the book), abc, variation (coefficient of variation
    of the months, 0 up; NaN where not classed) and xyz ("" where not classed), by rank.
    """

    accounts: pd.DataFrame

    def count(self, abc: str, xyz: str) -> int:
        """How many accounts are of this size and steadiness."""
        return len(self._of(abc, xyz))

    def amount(self, abc: str, xyz: str) -> float:
        """What they make together, in the book's unit."""
        return float(self._of(abc, xyz)["amount"].sum())

    @property
    def not_classed(self) -> int:
        """Accounts with fewer than three months since their first purchase, or no net purchase in them."""
        return int((self.accounts["xyz"] == "").sum())

    def _of(self, abc: str, xyz: str) -> pd.DataFrame:
        for name, given, allowed in (("abc", abc, "ABC"), ("xyz", xyz, "XYZ")):
            if given not in tuple(allowed):
                raise ValueError(f"{name}: expected one of {', '.join(allowed)}, got {given}")
        return self.accounts[(self.accounts["abc"] == abc) & (self.accounts["xyz"] == xyz)]


def variation(months: Amounts, amount: Amounts, squares: Amounts) -> Floats:
    """How much do an account's months differ, relative to their average? The coefficient of variation, 0 up.

    Arrays of one shape: number of months, their sum and their sum of squares. The standard deviation is
    the population's: the months are all there are, no sample of others (the sample's would be larger,
    for twelve months by 4%). NaN below three months or where the sum is not above zero.

    >>> variation([3, 12, 2], [9, 12, 5], [29, 144, 13]).round(3).tolist()
    [0.272, 3.317, nan]
    """
    n, total, square = (np.asarray(each, dtype=np.float64) for each in (months, amount, squares))
    known = (n >= FEWEST_MONTHS) & (total > 0)
    n, total = np.where(known, n, np.nan), np.where(known, total, np.nan)
    # Equal months leave a residue on either side of zero.
    return np.sqrt(np.maximum(n * square / total**2 - 1, 0))


def xyz_classes(values: Amounts, cuts: Sequence[float] = XYZ_CUTS) -> npt.NDArray[np.str_]:
    """Which accounts buy steadily (X), variably (Y) and now and then (Z)?

    `values`: coefficients of variation. X is below the first cut, Z above the second; "" for NaN.
    Raises `ValueError` for cuts that do not rise from above 0.

    >>> xyz_classes([0.1, 0.5, 1.0, 1.1, float("nan")]).tolist()
    ['X', 'Y', 'Y', 'Z', '']
    """
    first, second = cuts
    if not 0 < first < second:
        raise ValueError(f"cuts: expected 0 < first < second, got {first} and {second}")
    found = np.asarray(values, dtype=np.float64)
    return np.select([np.isnan(found), found < first, found <= second], ["", "X", "Y"], "Z")


@takes_frames
def steadiness(statistics: pd.DataFrame, book: Concentration, cuts: Sequence[float] = XYZ_CUTS) -> Steadiness:
    """Which of our large customers can be planned for, and which of the small ones need stock for nothing?

    `statistics`: account_id, months (complete ones since the first purchase, of the last twelve), amount
    and squares (sum of the months' squares), zero months among them. Every account of `book` is in the
    result; sizes and amounts are the book's, steadiness is of the statistics' months.
    """
    spread = variation(statistics["months"], statistics["amount"], statistics["squares"])
    known = pd.Series(spread, index=pd.Index(statistics["account_id"]))
    found = book.accounts[["account_id", "account_name", "amount", "abc"]]
    found = found.assign(variation=found["account_id"].map(known).astype(np.float64))
    return Steadiness(found.assign(xyz=xyz_classes(found["variation"], cuts)))
