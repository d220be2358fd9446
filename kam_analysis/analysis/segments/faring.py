"""Do the accounts that a programme or an action covers fare better than comparable ones?"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames

LEVEL = 0.95
LEAST_COVERED, LEAST_COMPARABLE = 5, 20
_NEAR_SIZE = 3.0  # comparable accounts are at most so many times larger or smaller than any that is covered
_LEAST_OF_INDUSTRY = 5
_MOST_LEVERAGE = 0.99


@dataclass(frozen=True, kw_only=True)
class Faring:
    """How accounts that are covered changed in a year beside comparable ones.

    `covered` and `comparable`: how many. `change_covered`, `change_comparable`: their mean change, the change of sales
    by the mean of both years (-2 for one that stopped, 0 for no change, 0.1 for about a tenth more), `difference` at like
    size, industry and earlier trend with `low` and `high` at `level`. Nobody was assigned at random.
    """

    covered: int
    comparable: int
    change_covered: float
    change_comparable: float
    difference: float
    low: float
    high: float
    level: float = LEVEL

    @property
    def tells(self) -> bool:
        """Whether the range leaves out zero."""
        return self.low > 0 or self.high < 0


@takes_frames
def faring(sales: pd.DataFrame, covered: Collection[str], *, level: float = LEVEL) -> Faring | None:
    """Did the covered accounts change otherwise than comparable ones, and how sure is that?

    `sales`: account_id (unique), earlier, before and now, each a year's sales, and industry where known. The earlier trend
    is from `earlier` to `before`; where there are no three years, from `earlier` to `recent`, the halves of the year
    before. Accounts that bought in earlier and before count, also those that stopped since; comparable are those not covered whose sales
    before lie within three times those of some covered one. Change is that of the mean of both years (Davis, Haltiwanger
    and Schuh 1996): bounded, so that no small account that doubles outweighs the rest. The difference is the coefficient
    of being covered in a least-squares line with log size, the earlier change and industry, its range by errors that may
    differ between accounts (HC3; MacKinnon and White 1985) and Student's t with as many degrees as covered accounts less
    one. None below `LEAST_COVERED` covered and `LEAST_COMPARABLE` comparable accounts.

    >>> rows = pd.DataFrame({"account_id": [f"{at:02}" for at in range(30)], "earlier": 10.0 + np.arange(30) % 7,
    ...                      "before": 10.0 + np.arange(30) % 5, "now": 10.0 + np.arange(30) % 5})
    >>> found = faring(rows.assign(now=rows["now"].where(rows.index >= 8, rows["now"] * 3)), rows["account_id"].head(8).tolist())
    >>> found.covered, found.comparable, round(found.change_covered, 2), round(found.difference, 2)
    (8, 22, 1.0, 1.0)
    """
    rows = sales[(sales["before"] > 0) & (sales["earlier"] > 0)].reset_index(drop=True)
    listed = rows["account_id"].isin(list(covered))
    if listed.sum() < LEAST_COVERED:
        return None
    low, high = rows.loc[listed, "before"].min() / _NEAR_SIZE, rows.loc[listed, "before"].max() * _NEAR_SIZE
    rows = rows[listed | rows["before"].between(low, high)].reset_index(drop=True)
    listed = rows["account_id"].isin(list(covered))
    if (~listed).sum() < LEAST_COMPARABLE:
        return None
    change = _change(rows["before"], rows["now"].clip(lower=0))
    recent = (rows["recent"] if "recent" in rows else rows["before"]).clip(lower=0)
    beside = np.column_stack([np.log(rows["before"]), _change(rows["earlier"], recent), *_industries(rows)])
    value, error = _coefficient(change, np.asarray(listed, dtype=np.float64), beside - beside.mean(axis=0))
    reach = float(student.ppf((1 + level) / 2, int(listed.sum()) - 1)) * error
    return Faring(
        covered=int(listed.sum()),
        comparable=int((~listed).sum()),
        change_covered=float(change[listed.to_numpy()].mean()),
        change_comparable=float(change[~listed.to_numpy()].mean()),
        difference=value,
        low=value - reach,
        high=value + reach,
        level=level,
    )


def _change(before: pd.Series, now: pd.Series) -> Floats:
    return np.asarray(2 * (now - before) / (now + before), dtype=np.float64)


def _industries(rows: pd.DataFrame) -> list[Floats]:
    """A column of 0 and 1 for each industry of some accounts, but for the most frequent."""
    if "industry" not in rows:
        return []
    counts = rows["industry"].value_counts()
    named = counts[counts >= _LEAST_OF_INDUSTRY].index.tolist()[1:]
    return [(rows["industry"] == each).fillna(False).to_numpy(dtype=float) for each in named]


def _coefficient(change: Floats, listed: Floats, beside: Floats) -> tuple[float, float]:
    """The coefficient of being covered and its error (HC3)."""
    x = np.column_stack([listed, np.ones(len(listed)), beside])
    inverse = np.linalg.pinv(x.T @ x)
    fitted = inverse @ x.T @ change
    leverage = np.minimum(np.einsum("ij,jk,ik->i", x, inverse, x), _MOST_LEVERAGE)
    weighed = x * ((change - x @ fitted) / (1 - leverage))[:, None]
    return float(fitted[0]), float(np.sqrt((inverse @ (weighed.T @ weighed) @ inverse)[0, 0]))
