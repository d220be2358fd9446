"""Where do the hours go today, and what do open opportunities promise at each account?"""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_rows

COLUMNS = ["account_id", "account_manager_id", "recorded", "hours", "assumed"]
_MONTHS = 12


@takes_frames
def today_hours(
    interactions: pd.DataFrame | None, traits: pd.DataFrame, managers: pd.DataFrame, accounts: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """How many hours a month goes to each account of each manager, today?

    `interactions`: account_id, date and hours of each, by whoever had it; those of the twelve months to `as_of`
    count, those without hours count nothing. `traits`: account_id, account_manager_id. `managers`: manager_id
    and, where it is known, hours_per_month. `accounts`: account_id of those asked for.

    Returns account_id, account_manager_id, `recorded` (hours a month on record), `hours` (a month) and `assumed`
    (True where none are on record). Few companies record all hours, so the pattern of the recorded ones stands
    for the others: each manager's accounts add up to their hours_per_month, or to what is recorded where that is
    not known. An account without any takes the fewest that another of the same manager's has. `hours` is missing
    for accounts without a manager, and for all accounts of a manager for whom nothing is recorded: that would be
    a guess. In the order of `accounts`.

    Raises `ValueError` for negative hours, naming up to five accounts, and for a capacity that is not above zero.

    >>> talks = pd.DataFrame({"account_id": ["a", "b", "b"], "date": ["2026-01-05"] * 3, "hours": [12.0, 6.0, 6.0]})
    >>> traits = pd.DataFrame({"account_id": list("abc"), "account_manager_id": ["M"] * 3})
    >>> managers = pd.DataFrame({"manager_id": ["M"], "hours_per_month": [90.0]})
    >>> today_hours(talks, traits, managers, traits, date(2026, 9, 18))[["recorded", "hours"]].values.tolist()
    [[1.0, 30.0], [1.0, 30.0], [0.0, 30.0]]
    """
    found = accounts[["account_id"]].reset_index(drop=True)
    owners = traits.set_index("account_id").get("account_manager_id", pd.Series(dtype="str"))
    found["account_manager_id"] = found["account_id"].map(owners).astype("str")
    found["recorded"] = found["account_id"].map(_recorded(interactions, as_of)).fillna(0.0).astype(float)
    some = found["recorded"].where(found["recorded"] > 0)
    by = found["account_manager_id"]
    pattern = some.fillna(some.groupby(by).transform("min"))
    total = by.map(_capacity(managers)).fillna(some.groupby(by).transform("sum"))
    found["hours"] = pattern * total / pattern.groupby(by).transform("sum")
    found["assumed"] = some.isna() & found["hours"].notna()
    return found[COLUMNS]


@takes_frames
def to_win(opportunities: pd.DataFrame | None, accounts: pd.DataFrame) -> pd.Series:
    """What do the open opportunities of each account promise, a year?

    `opportunities`: amount, account_id, status and, where it is known, probability (0-1). `accounts`: account_id,
    revenue and, where there is a cost, margin. Expected margin is amount times probability times the account's
    own margin by revenue, or that of all accounts where its own is not above zero or not below one; without
    margin, amounts count as they are. An opportunity without a probability, or of another account, counts nothing.

    Returns money by account_id, in the order of `accounts`, 0 where nothing is open.

    >>> chances = pd.DataFrame({"amount": [100.0, 50.0], "account_id": ["a", "a"], "status": ["open", "won"],
    ...                         "probability": [0.5, 1.0]})
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "revenue": [100.0, 300.0], "margin": [20.0, 90.0]})
    >>> to_win(chances, rows).to_dict()
    {'a': 10.0, 'b': 0.0}
    """
    won = pd.Series(0.0, index=pd.Index(accounts["account_id"], name="account_id"), name="to_win")
    if opportunities is None or "probability" not in opportunities or opportunities.empty:
        return won
    open_ = opportunities[opportunities["status"].eq("open")]
    expected = (open_["amount"] * open_["probability"]).clip(lower=0).groupby(open_["account_id"]).sum()
    return won.add(expected.reindex(won.index).fillna(0.0) * _margin_ratio(accounts))


def _margin_ratio(accounts: pd.DataFrame) -> np.ndarray:
    if "margin" not in accounts or accounts["margin"].isna().all():
        return np.ones(len(accounts))
    revenue, margin = accounts["revenue"].to_numpy(float), accounts["margin"].to_numpy(float, na_value=np.nan)
    own = np.divide(margin, revenue, out=np.full(len(accounts), np.nan), where=revenue > 0)
    all_of_them = np.nansum(margin) / revenue.sum() if revenue.sum() > 0 else 0.0
    return np.where((own > 0) & (own < 1), own, max(all_of_them, 0.0))


def _recorded(interactions: pd.DataFrame | None, as_of: date) -> pd.Series:
    """Hours a month by account."""
    if interactions is None or "hours" not in interactions:
        return pd.Series(dtype=float)
    refuse_rows("interactions, hours", "at least 0", interactions["account_id"], interactions["hours"] < 0)
    day, end = pd.to_datetime(interactions["date"]), pd.Timestamp(as_of)
    year = interactions[(day > end - pd.DateOffset(months=_MONTHS)) & (day <= end)]
    return year.groupby("account_id")["hours"].sum() / _MONTHS


def _capacity(managers: pd.DataFrame) -> pd.Series:
    if "hours_per_month" not in managers:
        return pd.Series(dtype=float)
    known = managers.dropna(subset="hours_per_month")
    refuse_rows("managers, hours_per_month", "above 0", known["manager_id"], ~(known["hours_per_month"] > 0))
    return known.set_index("manager_id")["hours_per_month"].astype(float)
