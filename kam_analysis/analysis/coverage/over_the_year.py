"""What became of each account over the year?"""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.coverage.holding import trait
from kam_analysis.analysis.refused import refuse_missing, refuse_twice


def over_the_year(accounts: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """What did each account buy in this year and in the one before? A row per account of either, by account_id.

    `accounts` and `before`: account_id (unique), account_name, revenue. Result: account_id, account_name,
    revenue and before (money; 0 where it did not buy; `before` is NaN throughout without a year before).
    Raises `ValueError` where an account stands twice in a year or has no revenue.

    >>> now = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [3.0]})
    >>> over_the_year(now, now.assign(account_id="b"))[["account_id", "revenue", "before"]].values.tolist()
    [['a', 3.0, 0.0], ['b', 0.0, 3.0]]
    """
    years = {"revenue": accounts} if before is None else {"revenue": accounts, "before": before}
    for name, frame in years.items():
        refuse_twice("accounts" if name == "revenue" else name, frame["account_id"])
        refuse_missing("accounts" if name == "revenue" else name, frame)
    both = pd.concat([frame[["account_id", "account_name"]] for frame in years.values()])
    rows = both.drop_duplicates("account_id").sort_values("account_id", ignore_index=True)
    for name, frame in years.items():
        amounts = frame.set_index("account_id")["revenue"].astype(np.float64)
        rows[name] = amounts.reindex(rows["account_id"], fill_value=0.0).to_numpy()
    return rows if "before" in rows else rows.assign(before=np.nan)


def fates(
    accounts: pd.DataFrame, before: pd.DataFrame | None, traits: pd.DataFrame, as_of: date, fall: float
) -> pd.DataFrame:
    """Who fell, and who left? One row per account of either year or of `traits`, by account_id.

    `traits`: account_id, and where known account_name and left_on. Result: account_id, account_name, revenue,
    before, change (of sales over the year, -1 up; NaN where nothing was bought before), left (left_on is not
    after `as_of`), former (left, or bought before and nothing now) and fell: left, or `fall` (0-1) of the sales
    or more is gone. `left`, `former`, `fell` are boolean; `fell` is NA for an account that bought nothing the
    year before, for it had nothing to lose, and the others where nothing could tell.
    """
    rows = over_the_year(accounts, before)
    others = traits.loc[~traits["account_id"].isin(rows["account_id"]), _present(traits)]
    rows = pd.concat([rows, others.assign(revenue=0.0, before=np.nan if before is None else 0.0)], ignore_index=True)
    rows["account_name"] = rows["account_name"].fillna(rows["account_id"])
    bought = rows["before"] > 0
    rows["change"] = (rows["revenue"] / rows["before"].where(bought) - 1).clip(lower=-1)
    left = pd.to_datetime(trait(traits, "left_on", rows["account_id"])) <= pd.Timestamp(as_of)
    rows["left"] = _told(left, "left_on" in traits)
    rows["former"] = _told(bought & (rows["revenue"] <= 0), before is not None) | rows["left"]
    # A difference below this is what rounding leaves.
    rows["fell"] = _told((rows["change"] <= -fall + 1e-9) | left, bought)
    return rows.sort_values("account_id", ignore_index=True)


def _told(answer: pd.Series, known: pd.Series | bool) -> pd.Series:
    """The answer as a nullable boolean, NA where it is not known."""
    return answer.astype("boolean").mask(~pd.Series(known, answer.index))


def _present(traits: pd.DataFrame) -> list[str]:
    return [column for column in ("account_id", "account_name") if column in traits]
