"""What does giving way on price at a renewal cost, beside losing the account?"""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.ranges import Assumed, ranged


@takes_frames
def concessions(
    accounts: pd.DataFrame,
    contracts: pd.DataFrame,
    day: date,
    concession: float | Assumed,
    parents: pd.Series | None = None,
) -> pd.DataFrame:
    """For each account under contract: what does a concession at its renewal cost a year, and when does it pay?

    `accounts`: account_id, account_name, revenue, exposure (money a year) and probability (of leaving within a year, 0-1,
    NaN where not assessed). `contracts`: account_id, ends_on and, where there are any, notice_days and annual_value. All
    contracts of an account that run on `day` count. `concession`: the part of the price that is given up, 0-1.
    `parents`: the account on top (values) of a company (index).

    The concession is on what is under contract: the contracts' annual values, at most the account's revenue; all of its
    revenue where no value is known. The volume stays the same. With a chance p of leaving and a margin e, a concession
    of c pays if the chance falls to p' with (1 - p') (e - c) >= (1 - p) e: to `pays_at`, 1 - (1 - p) e / (e - c); NaN
    where no fall is enough (below 0), or nothing is assessed.

    Returns account_id, account_name, ends_on (the first end to come), notice_on (the last day to give notice for it; the
    end itself without notice_days), under_contract, cost with cost_low and cost_high, loss_if_lost (the year's exposure),
    probability and pays_at, the earliest notice first. Raises `ValueError` for a concession outside 0-1.

    >>> rows = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [1000.0], "exposure": [200.0],
    ...                      "probability": [0.3]})
    >>> signed = pd.DataFrame({"account_id": ["a"], "ends_on": ["2026-12-31"], "notice_days": [61]})
    >>> found = concessions(rows, signed, date(2026, 9, 18), 0.03).iloc[0]
    >>> found["notice_on"].date().isoformat(), float(found["cost"]), round(float(found["pays_at"]), 4)  # 1 - 140 / 170
    ('2026-10-31', 30.0, 0.1765)
    """
    part = ranged(concession, "concession", 0, 1)
    known = _running(contracts, day, parents)
    rows = accounts.merge(known, on="account_id")
    base = np.minimum(rows["value"].fillna(np.inf), rows["revenue"].clip(lower=0))
    earned, chance = rows["exposure"], rows["probability"].astype("float64")
    rest = earned - part.value * base
    pays_at = 1 - (1 - chance) * earned / rest.where(rest > 0)
    found = rows[["account_id", "account_name", "ends_on", "notice_on"]].assign(
        under_contract=base,
        cost=part.value * base,
        cost_low=part.low * base,
        cost_high=part.high * base,
        loss_if_lost=earned,
        probability=chance,
        pays_at=pays_at.where(pays_at >= 0),
    )
    return found.sort_values(["notice_on", "account_id"], ignore_index=True)


def _running(contracts: pd.DataFrame, day: date, parents: pd.Series | None) -> pd.DataFrame:
    """By account the first end to come with its last day to give notice, and the value of all its contracts."""
    rows = pd.DataFrame({"account_id": contracts["account_id"].astype("str")})
    rows["ends_on"] = pd.to_datetime(contracts["ends_on"])
    days = pd.to_numeric(contracts["notice_days"]) if "notice_days" in contracts else pd.Series(np.nan, rows.index)
    rows["notice_on"] = rows["ends_on"] - pd.to_timedelta(days.astype("float64").fillna(0.0), unit="D")
    rows["value"] = pd.to_numeric(contracts["annual_value"]) if "annual_value" in contracts else np.nan
    if parents is not None:
        rows["account_id"] = rows["account_id"].map(parents).fillna(rows["account_id"]).astype("str")
    rows = rows[rows["ends_on"] > pd.Timestamp(day)].sort_values(["ends_on", "notice_on"])
    # One contract without a value leaves the sum unknown.
    value = (
        rows.groupby("account_id")["value"]
        .sum(min_count=1)
        .where(~rows["value"].isna().groupby(rows["account_id"]).any())
    )
    first = rows.groupby("account_id")[["ends_on", "notice_on"]].first()
    return first.assign(value=value).reset_index()
