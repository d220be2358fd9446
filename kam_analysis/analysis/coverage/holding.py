"""Who holds which account, and who stands in?"""

import numpy as np
import pandas as pd

from kam_analysis.analysis.refused import refuse_missing, refuse_twice


def holding(accounts: pd.DataFrame, traits: pd.DataFrame) -> pd.DataFrame:
    """Which account is with whom? One row per account, the largest first, ties by account_id.

    `accounts`: account_id (unique), account_name, revenue and, where there is a cost, margin (money).
    `traits`: account_id (unique) and where known account_manager_id and deputy_id. Result: account_id,
    account_name, revenue, margin (NaN without), account_manager_id (missing where nobody is named) and
    has_deputy (boolean, NA where no deputies are kept; the manager is no deputy).

    Raises `ValueError` where an account stands twice or has no revenue, naming up to five.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> known = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M1"], "deputy_id": ["M2", "M1"]})
    >>> holding(sold, known)[["account_id", "has_deputy"]].values.tolist()
    [['b', False], ['a', True]]
    """
    refuse_twice("accounts", accounts["account_id"])
    refuse_missing("accounts", accounts)
    rows = accounts[["account_id", "account_name", "revenue"]].reset_index(drop=True)
    rows["margin"] = accounts["margin"].to_numpy(np.float64) if "margin" in accounts else np.nan
    rows["account_manager_id"] = trait(traits, "account_manager_id", rows["account_id"])
    rows["has_deputy"] = has_deputy(traits, rows["account_id"])
    return rows.sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)


def trait(traits: pd.DataFrame, column: str, account_ids: pd.Series) -> pd.Series:
    """One column of `traits` in the order of `account_ids`, on their index; missing where it is not known."""
    refuse_twice("traits", traits["account_id"])
    if column not in traits:
        return pd.Series(pd.NA, account_ids.index, dtype="object", name=column)
    return traits.set_index("account_id")[column].reindex(account_ids).set_axis(account_ids.index)


def has_deputy(traits: pd.DataFrame, account_ids: pd.Series) -> pd.Series:
    """Whether somebody other than the manager stands in: boolean, NA where no deputies are kept."""
    if "deputy_id" not in traits:
        return pd.Series(pd.NA, account_ids.index, dtype="boolean")
    deputy = trait(traits, "deputy_id", account_ids)
    manager = trait(traits, "account_manager_id", account_ids)
    return (deputy.notna() & ~(deputy == manager).fillna(False).astype(bool)).astype("boolean")
