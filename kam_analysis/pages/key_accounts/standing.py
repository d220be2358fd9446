"""Where each account stands today, what should be done with it, and who depends on whom."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from kam_analysis.analysis import concentration, segments
from kam_analysis.ledger import Ledger
from kam_analysis.pages.key_accounts.known import Known


class Standing(NamedTuple):
    """The fields of `Found` that say where each account stands."""

    standing: pd.DataFrame
    work: pd.DataFrame
    strength: pd.Series | None
    matrix: pd.DataFrame


def where_each_stands(ledger: Ledger, known: Known, *, keys: pd.DataFrame, scores: pd.DataFrame) -> Standing:
    """Of all accounts that ever bought: how they buy today, in which stage they are, what the key ones need."""
    falls = concentration.every_fall(known.months, known.quarter)
    standing = segments.circumstances(
        known.habits, known.traits, now=known.year, before=known.year_before, falls=falls, as_of=ledger.as_of
    )
    stages = segments.lifecycle(standing)
    standing = standing.assign(stage=stages["stage"], why=stages["why"], **_who_may_turn_away(ledger, known, standing))
    strength = segments.relative_strength(known.traits, known.prices, book=known.book)
    work, matrix = work_of(standing, keys, as_of=ledger.as_of), matrix_of(scores, strength)
    return Standing(standing=standing, work=work, strength=strength, matrix=matrix)


def _who_may_turn_away(ledger: Ledger, known: Known, standing: pd.DataFrame) -> dict[str, pd.Series]:
    """When each said that it looks at other offers, and where its account manager goes, once that is announced."""
    ids = standing["account_id"]
    said = segments.looks_elsewhere(ledger.records("feedback") if ledger.has("feedback") else None, ledger.as_of)
    found = {} if said.empty else {"compares_on": ids.map(said.set_index("account_id")["compares_on"])}
    if ledger.has("managers", "joins") and "account_manager_id" in known.traits:
        staff = ledger.table("managers").dropna(subset="announced_on")
        told = staff[staff["announced_on"] <= pd.Timestamp(ledger.as_of)].set_index("manager_id")["joins"]
        managers = known.traits.set_index("account_id")["account_manager_id"]
        found["manager_joins"] = ids.map(managers).map(told)
    return found


def work_of(standing: pd.DataFrame, keys: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """What should be done with each of these accounts, by which rule and figures."""
    theirs = standing[standing["account_id"].isin(keys["account_id"])]
    work = segments.kinds_of_work(theirs, as_of=as_of)
    work.insert(1, "account_name", theirs["account_name"].array)
    return work


def matrix_of(scores: pd.DataFrame, strength: pd.Series | None) -> pd.DataFrame:
    """Value against our position; no rows where the data says too little of the latter."""
    known = pd.Series(dtype="float64") if strength is None else strength.dropna()
    return segments.matrix(scores.set_index("account_id")["score"].dropna(), known)


class Power(NamedTuple):
    """The fields of `Found` that say who depends on whom."""

    power: pd.DataFrame
    invoices: pd.DataFrame
    barriers: pd.DataFrame
    easy: pd.DataFrame


def who_depends_on_whom(known: Known, *, lines: pd.DataFrame | None) -> Power:
    """The balance with each account, what invoices say of it, and what keeps an account from leaving."""
    barriers = segments.barriers(known.traits)
    sides = segments.dependence(known.book, known.margin, traits=known.traits, strength=barriers)
    sides.insert(1, "account_name", known.book.accounts["account_name"].array)
    invoices = segments.price_and_margin(known.prices, known.year, before=known.year_before, lines=lines)
    easy = segments.easy_to_leave(barriers, known.book)
    power = sides.merge(segments.balance(sides), on="account_id")
    return Power(power=power, invoices=invoices, barriers=barriers, easy=easy)
