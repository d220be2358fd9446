"""What does giving way on price at a renewal cost, beside losing the account?"""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.ranges import Assumed, ranged


@takes_frames
def concessions(
    accounts: pd.DataFrame, contracts: pd.DataFrame, day: date, concession: float | Assumed
) -> pd.DataFrame:
    """For each account under contract: what does a concession at its renewal cost a year, and when does it pay?

    `accounts`: account_id, account_name, revenue, exposure (money a year) and probability (of leaving within a year, 0-1,
    NaN where not assessed). `contracts`: account_id, ends_on, notice_by (the last day for notice, NaT: on any day) and,
    where there are any, annual_value. All contracts of an account that run on `day` count. `concession`: the part of
    the price that is given up, 0-1.

    The concession is on what is under contract: the contracts' annual values, at most the account's revenue; all of its
    revenue where one has no value. The volume stays the same. With a chance p of leaving and a margin e, a concession
    of c pays if the chance falls to p' with (1 - p') (e - c) >= (1 - p) e: to `pays_at`, 1 - (1 - p) e / (e - c); NaN
    where no fall is enough (below 0), or nothing is assessed.

    Returns account_id, account_name, ends_on and notice_by (of the contract that can be given notice next), under_contract,
    cost with cost_low and cost_high, loss_if_lost (the year's exposure), probability and pays_at, the earliest notice
    first. Raises `ValueError` for a concession outside 0-1.

    >>> rows = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [1000.0], "exposure": [200.0],
    ...                      "probability": [0.3]})
    >>> signed = pd.DataFrame({"account_id": ["a"], "ends_on": pd.to_datetime(["2026-12-31"]),
    ...                        "notice_by": pd.to_datetime(["2026-10-31"])})
    >>> found = concessions(rows, signed, date(2026, 9, 18), 0.03).iloc[0]
    >>> float(found["cost"]), round(float(found["pays_at"]), 4)  # 3% of 1,000; 1 - 140 / 170
    (30.0, 0.1765)
    """
    part = ranged(concession, "concession", 0, 1)
    rows = accounts.merge(_running(contracts, pd.Timestamp(day)), on="account_id")
    base = np.minimum(rows["value"].fillna(np.inf), rows["revenue"].clip(lower=0))
    earned, chance = rows["exposure"], rows["probability"].astype("float64")
    rest = earned - part.value * base
    pays_at = 1 - (1 - chance) * earned / rest.where(rest > 0)
    found = rows[["account_id", "account_name", "ends_on", "notice_by"]].assign(
        under_contract=base,
        cost=part.value * base,
        cost_low=part.low * base,
        cost_high=part.high * base,
        loss_if_lost=earned,
        probability=chance,
        pays_at=pays_at.where(pays_at >= 0),
    )
    return found.sort_values(["notice_by", "account_id"], ignore_index=True)


def _running(contracts: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """By account the contract that can be given notice next, and the value of all its contracts."""
    rows = contracts[contracts["ends_on"] > today]
    value = pd.to_numeric(rows["annual_value"]) if "annual_value" in rows else pd.Series(np.nan, rows.index)
    by_account = value.astype("float64").groupby(rows["account_id"])
    # One contract without a value leaves the sum unknown.
    known = by_account.sum().where(by_account.count() == by_account.size())
    late = rows["notice_by"].isna() | (rows["notice_by"] < today)
    order = rows.assign(late=late).sort_values(["late", "notice_by", "ends_on"])
    first = order.drop_duplicates("account_id")[["account_id", "ends_on", "notice_by"]]
    return first.assign(value=first["account_id"].map(known))
