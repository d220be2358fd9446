"""Which accounts depend on one contact, and how much money goes if that contact does?"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.coverage.relationships import live_contacts, noted
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_missing, refuse_twice

DAYS_PER_MONTH = 365.25 / 12
# Days to the last day for notice from which others show red, and amber: norms in use, not evidence.
RED_DAYS, RENEWAL_DAYS = 90, 180

_ORDER = ["account_id", "account_name", "contact_id", "contact_name", "role", "strength", "account_manager_id"]
_ORDER += ["exposure", "ends_on", "notice_by", "notice_ahead", "months", "chance", "at_risk", "light"]


@takes_frames
def hanging(contacts: pd.DataFrame | None, accounts: pd.DataFrame) -> pd.DataFrame:
    """On how many contacts does each account hang?

    `contacts`: contact_id, account_id, strength (0-4). `accounts`: account_id, account_name, revenue and, where
    there is one, account_manager_id. Result, one row per account with a contact row, by revenue, then id:
    account_id, account_name, account_manager_id (NaN where not known), revenue, live (contacts that are spoken
    to, 0 up). Accounts without a contact row are in none: nothing is noted of them. Empty where nobody can tell.

    >>> people = pd.DataFrame({"contact_id": ["1", "2"], "account_id": ["a", "a"], "strength": [4, 1]})
    >>> book = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> hanging(people, book)[["account_id", "live"]].values.tolist()
    [['a', 1]]
    """
    columns = ["account_id", "account_name", "account_manager_id", "revenue"]
    rows = accounts.reindex(columns=columns).merge(live_contacts(contacts).reset_index(), on="account_id")
    return rows.sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)


@takes_frames
def no_contact(contacts: pd.DataFrame | None, accounts: pd.DataFrame) -> pd.DataFrame:
    """At which accounts are people noted, and none of them spoken to? As `hanging`, of those with none live.

    They are not in the ranked list: nobody is there who could go, and somebody is to be found first.
    """
    rows = hanging(contacts, accounts)
    return rows[rows["live"] == 0].reset_index(drop=True)


def chance_of_no_contact(live: npt.ArrayLike, turnover: float, months: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How likely is it that every live contact is gone after so many months?

    `live`: contacts, 0 up; `months`: 0 up; both one number or one per account. `turnover`: the assumed chance
    that a contact leaves or changes position within a year, 0-1, the same at any time. Result 0-1, in the shape
    of both: (1 - (1 - turnover)^(months / 12))^live; 1 without a contact. Contacts are taken to go independently
    of each other and nobody is replaced: where several go at once (a reorganisation), the chance is higher.
    Raises `ValueError` for anything outside those bounds.

    >>> chance_of_no_contact([1, 2, 0], 0.36, 6).round(2).tolist()  # one stays half a year: 0.64^0.5 = 0.8
    [0.2, 0.04, 1.0]
    """
    number, span = np.asarray(live, dtype=np.float64), np.asarray(months, dtype=np.float64)
    if not 0 <= turnover <= 1:
        raise ValueError(f"turnover: expected 0 to 1, got {turnover:g}")
    for name, values in (("live", number), ("months", span)):
        wrong = ~(np.isfinite(values) & (values >= 0))
        if wrong.any():
            named = ", ".join(f"{value:g}" for value in values[wrong][:5])
            raise ValueError(f"{name}: expected 0 or more, got {int(wrong.sum())} that are not ({named})")
    return (1 - (1 - turnover) ** (span / 12)) ** number


@takes_frames
def hangs_on_one(
    contacts: pd.DataFrame | None,
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    turnover: float,
    as_of: date,
    without_notice_months: float = 12,
) -> pd.DataFrame:
    """How much money depends on one contact until the customer next decides on its contract?

    `contacts`: contact_id, account_id, strength (0-4) and, where there are any, contact_name, role. `accounts`:
    account_id, account_name, revenue and, where there is a cost, margin, over the last twelve months. `traits`:
    account_id and, where there are any, ends_on, notice_by (last day for notice), account_manager_id. `turnover`: the assumed
    chance that a contact is gone within a year, 0-1.

    Result, one row per account with exactly one live contact: account_id, account_name, contact_id,
    contact_name, role, strength, account_manager_id, exposure (money a year: margin, or revenue where no account
    has a cost), ends_on, notice_by, notice_ahead (whether that day is still to come), months (from `as_of` to
    notice_by; where there is none ahead, without a contract or too late for notice: `without_notice_months`), chance
    (that the contact is gone before, 0-1), at_risk (exposure, as far as above zero, times chance), light ("red" within
    90 days of notice_by, "amber" within 180, else ""). By at_risk, then exposure, the most first; ties by account_id.

    Empty where nobody can tell (no contacts, no strength). Raises `ValueError` for a turnover outside 0-1, months
    below zero, an account that stands twice or one without an amount.

    >>> people = pd.DataFrame({"contact_id": ["1"], "account_id": ["a"], "contact_name": ["Vass"], "strength": [4]})
    >>> book = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [1000.0], "margin": [200.0]})
    >>> ends = pd.DataFrame({"account_id": ["a"], "notice_by": pd.to_datetime(["2026-07-02"])})
    >>> found = hangs_on_one(people, book, ends, 0.36, date(2026, 1, 1))
    >>> found[["contact_name", "exposure", "light"]].values.tolist(), found["at_risk"].round().tolist()
    ([['Vass', 200.0, '']], [40.0])
    """
    measure = "margin" if "margin" in accounts and accounts["margin"].notna().any() else "revenue"
    alone = hanging(contacts, accounts).query("live == 1")["account_id"]
    rows = accounts[["account_id", "account_name"]].assign(exposure=accounts[measure].astype("float64"))
    refuse_twice("accounts", accounts["account_id"])
    refuse_missing("accounts", accounts, measure)
    people = noted(contacts).query("live")[["account_id", "contact_id", "contact_name", "role", "strength"]]
    known = traits.reindex(columns=["account_id", "ends_on", "notice_by", "account_manager_id"])
    rows = rows[rows["account_id"].isin(alone)].merge(people, on="account_id").merge(known, on="account_id", how="left")
    rows = _until_notice(rows, pd.Timestamp(as_of), without_notice_months)
    rows["chance"] = chance_of_no_contact(1, turnover, rows["months"])
    rows["at_risk"] = rows["exposure"].clip(lower=0) * rows["chance"]
    by = ["at_risk", "exposure", "account_id"]
    return rows.sort_values(by, ascending=[False, False, True], ignore_index=True)[_ORDER]


def _until_notice(rows: pd.DataFrame, as_of: pd.Timestamp, without: float) -> pd.DataFrame:
    """notice_ahead, months and light; a last day for notice in the past is none: it is too late this time."""
    ends, notice = (pd.to_datetime(rows[name]) for name in ("ends_on", "notice_by"))
    ahead = notice >= as_of
    days = (notice - as_of).dt.days.where(ahead)
    light = np.select([days <= RED_DAYS, days <= RENEWAL_DAYS], ["red", "amber"], "")
    months = (days / DAYS_PER_MONTH).where(ahead, without).astype("float64")
    return rows.assign(ends_on=ends, notice_by=notice, notice_ahead=ahead, months=months, light=light)
