"""Whom we know, what depends on one person, who is due for a call, what customers say."""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis import coverage
from kam_analysis.pages.coverage.known import Known


@dataclass(frozen=True, kw_only=True)
class Relations:
    """Frames as of `analysis.coverage`, empty where no table tells.

    `known` of `relationships`, `grid` of `counts_by`, `hanging` (accounts by live contacts), `one_contact` of
    `hangs_on_one`, `no_contact`, `strangers` of `unknown_influencers`, `touches` of `last_touch`, `called` of
    `calls_from_above` (None where nobody can tell), `due` of `due_calls`, `voices`, `heard`, `silent` of `never_asked`.
    """

    known: pd.DataFrame
    grid: pd.DataFrame
    hanging: pd.DataFrame
    one_contact: pd.DataFrame
    no_contact: pd.DataFrame
    strangers: pd.DataFrame
    touches: pd.DataFrame
    called: pd.DataFrame | None
    due: pd.DataFrame
    voices: pd.DataFrame
    heard: pd.DataFrame
    silent: pd.DataFrame


def relations_of(accounts: pd.DataFrame, *, known: Known, turnover: float, full_names: bool) -> Relations:
    """All of them, of the accounts that count. `turnover`: the chance that a contact is gone within a year, 0-1.

    `accounts`: account_id, account_name, revenue, margin where known, account_manager_id and is_key. What customers
    say is left out where names are not shown in full, for it has names in it.
    """
    contacts, feedback, day = known.contacts, known.feedback, known.as_of
    key_ids = accounts.loc[accounts["is_key"], "account_id"].tolist()
    called = coverage.calls_from_above(known.interactions, known.staff, day)
    touches = coverage.last_touch(known.interactions, known.staff, accounts, day)
    heard = coverage.heard(feedback, known.sold, known.before, known.traits, key_ids, day)
    return Relations(
        known=coverage.relationships(contacts, accounts, key_ids),
        grid=coverage.counts_by(contacts, key_ids),
        hanging=coverage.hanging(contacts, accounts),
        one_contact=coverage.hangs_on_one(contacts, accounts, known.traits, turnover, day),
        no_contact=coverage.no_contact(contacts, accounts),
        strangers=coverage.unknown_influencers(contacts, accounts, accounts["account_id"]),
        touches=touches,
        called=called,
        due=coverage.due_calls(accounts, key_ids, called, known.traits, known.staff, day, touches=touches),
        voices=coverage.voices(feedback, known.sold, known.before, known.traits, day),
        heard=heard if full_names else heard.iloc[:0],
        silent=coverage.never_asked(feedback, accounts, key_ids, day),
    )


def whose_contacts(found: Relations, asked: str = "") -> str:
    """Whose contacts are drawn: the account asked for, else the key account where most are weaker than wanted.

    Of one contact a picture says nothing that the list does not. Without key accounts, whoever leads that list.
    """
    if asked:
        return asked
    several = found.known[found.known["contacts"] > 1].sort_values("below_wanted", ascending=False, kind="stable")
    for frame in (several, found.known, found.one_contact):
        if len(frame):
            return str(frame["account_id"].iloc[0])
    return ""
