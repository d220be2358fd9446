"""Which key account could get another manager now, with no decision on its contract near?"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.coverage import LIVE, RENEWAL_DAYS, SECOND
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.handover.candidates import holders

CONDITIONS = ("no_notice_near", "second_contact", "bond_with_company")
# What `blocked_by` says of a condition that does not hold.
BLOCKS = ("notice_near", "no_second_contact", "bond_with_person")


@takes_frames
def movable(
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    contacts: pd.DataFrame | None,
    as_of: date,
    key_ids: Iterable[str],
    near_days: int = RENEWAL_DAYS,
) -> pd.DataFrame:
    """Which key accounts could change their manager while no decision on the contract is near?

    `accounts`: account_id, account_name, revenue. `traits`: account_id (unique), and as available
    account_manager_id, ends_on, notice_by (the last day on which the contract can be given notice), bond ("company" or "person"), deputy_id.
    `contacts`: account_id, and strength (0 unknown, 1 no contact, 2 brief, 3 multiple, 4 in depth).

    A row for each key account with a manager, the largest revenue first, ties by account_id: account_id,
    account_name, account_manager_id, ends_on, notice_by, days_to_notice, live (contacts of strength 2 or more; NA where no strengths
    are kept), bond, deputy (is there one; NA where none are kept); no_notice_near (no last day for notice in the
    next `near_days`, NA without a contract), second_contact (two live ones; NA where those of unknown strength decide),
    bond_with_company (NA where not known); can_move: False where one does not hold, True where contacts and bond hold
    and no such day is known to be near, else NA; blocked_by: list of codes of `BLOCKS`. The conditions are what eases a
    change by practice, not a measured probability. Raises `ValueError` for negative `near_days`.

    >>> accounts = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [9.0, 5.0]})
    >>> traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": "M1", "bond": ["person", "company"]})
    >>> contacts = pd.DataFrame({"account_id": ["a", "b", "b"], "strength": [4, 3, 2]})
    >>> found = movable(accounts, traits, contacts, pd.Timestamp(2026, 9, 18), ["a", "b"])
    >>> found[["account_id", "live", "can_move", "blocked_by"]].values.tolist()
    [['a', 1, False, ['no_second_contact', 'bond_with_person']], ['b', 2, True, []]]
    """
    if near_days < 0:
        raise ValueError(f"near_days: expected at least 0, got {near_days}")
    rows = _managed(accounts, traits, key_ids)
    for name in ("ends_on", "notice_by"):
        rows[name] = pd.to_datetime(_trait(traits, rows, name)).astype("datetime64[s]")
    rows["days_to_notice"] = (rows["notice_by"] - pd.Timestamp(as_of).normalize()).dt.days.astype("Int64")
    rows["live"], could_be = _live(rows, contacts)
    rows["bond"] = _trait(traits, rows, "bond").astype("str")
    deputies = _trait(traits, rows, "deputy_id").notna().astype("boolean")
    rows["deputy"] = deputies if "deputy_id" in traits and traits["deputy_id"].notna().any() else pd.NA
    # Too late for notice: nothing is decided before the next time.
    near = rows["days_to_notice"].between(0, near_days).astype("boolean")
    rows["no_notice_near"] = ~near.mask(rows["notice_by"].isna())
    second = (rows["live"] >= SECOND).astype("boolean")
    rows["second_contact"] = second.mask((rows["live"] < SECOND) & (could_be >= SECOND))
    rows["bond_with_company"] = (rows["bond"] == "company").astype("boolean").mask(rows["bond"].isna())
    hold = rows[list(CONDITIONS)]
    rows["can_move"] = rows["no_notice_near"].fillna(True) & rows["second_contact"] & rows["bond_with_company"]
    blocked = ~hold.fillna(True).to_numpy(dtype=bool)
    codes = [[BLOCKS[at] for at in np.flatnonzero(row)] for row in blocked]
    rows["blocked_by"] = pd.Series(codes, index=rows.index, dtype="object")
    return rows.astype({"deputy": "boolean", "can_move": "boolean"})


def _managed(accounts: pd.DataFrame, traits: pd.DataFrame, key_ids: Iterable[str]) -> pd.DataFrame:
    """Key accounts that somebody manages, the largest first."""
    wanted = accounts[accounts["account_id"].isin(list(key_ids))]
    ordered = wanted.sort_values(["revenue", "account_id"], ascending=[False, True])
    rows = ordered[["account_id", "account_name"]]
    rows = rows.assign(account_manager_id=rows["account_id"].map(holders(traits)).astype("str"))
    return rows[rows["account_manager_id"].notna()].reset_index(drop=True)


def _trait(traits: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.Series:
    if column not in traits:
        return pd.Series(np.nan, index=rows.index, dtype="object")
    return rows["account_id"].map(traits.set_index("account_id")[column])


def _live(rows: pd.DataFrame, contacts: pd.DataFrame | None) -> tuple[pd.Series, pd.Series]:
    """How many contacts of each account are live, and how many could be, those of unknown strength among them."""
    if contacts is None or "strength" not in contacts or not (contacts["strength"] > 0).any():
        unknown = pd.Series(pd.NA, index=rows.index, dtype="Int64")
        return unknown, unknown
    strength = contacts["strength"].fillna(0)
    live, unknown = (contacts.loc[which, "account_id"].value_counts() for which in (strength >= LIVE, strength <= 0))
    found, more = (rows["account_id"].map(count).fillna(0).astype("Int64") for count in (live, unknown))
    return found, found + more
