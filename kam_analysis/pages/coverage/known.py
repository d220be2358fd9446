"""What the page is asked for, and what the ledger tells, read once."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from kam_analysis import given
from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.people import FREE_TEXTS
from kam_analysis.pages import words
from kam_analysis.pages.words import said_in

say = said_in(__file__)

_HOURS_IN_A_MONTH = 744


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The page's parameters.

    `leaving` is a manager_id, `contacts_of` an account_id, each empty for whoever comes first; `spare_hours` what
    each successor can take on a month (0: as recorded), `follow_rate` 0-1 (below 0: as the settings say).
    """

    leaving: str = ""
    contacts_of: str = ""
    spare_hours: float = 0.0
    follow_rate: float = -1.0

    def told(self, ledger: Ledger) -> "Asked":
        """The same, with the manager's id as frames have it where names are held back."""
        return replace(self, leaving=ledger.people.known(self.leaving))


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the ledger told, people under the names that the settings allow; None where there is no such table.

    `sold`: account_id, account_name, revenue and, where known, margin of all who bought in the twelve months, `before`
    of those before, `lines` and `lines_before` by product line. The frames are the ledger's own otherwise.
    """

    as_of: date
    sold: pd.DataFrame
    before: pd.DataFrame | None
    lines: pd.DataFrame | None
    lines_before: pd.DataFrame | None
    traits: pd.DataFrame
    staff: pd.DataFrame
    contacts: pd.DataFrame | None
    interactions: pd.DataFrame | None
    feedback: pd.DataFrame | None
    objectives: pd.DataFrame | None
    offers: pd.DataFrame | None

    @cached_property
    def _names(self) -> dict[str, str]:
        if "manager_name" not in self.staff:
            return {}
        told = self.staff.dropna(subset="manager_name")
        return dict(zip(told["manager_id"].astype(str), told["manager_name"].astype(str), strict=True))

    def manager(self, manager_id: object) -> str:
        """One of ours as pages name them; empty for nobody."""
        return "" if pd.isna(manager_id) else self._names.get(str(manager_id), str(manager_id))  # type: ignore[call-overload]


def as_asked(leaving: Any, contacts_of: Any, *, spare_hours: Any, follow_rate: Any) -> Asked:
    """The parameters as schedulers and people hand them over. Raises `SettingsError` for what is no text or number."""
    return Asked(
        leaving=given.text("leaving", leaving),
        contacts_of=given.text("contacts_of", contacts_of),
        spare_hours=given.number("spare_hours", spare_hours),
        follow_rate=given.share("follow_rate", -1.0 if follow_rate is None else follow_rate),
    )


def told_by(ledger: Ledger) -> Known:
    """All that this page asks the ledger for, but for who is key, who may leave and what a departure does."""
    year = ledger.period_of("last_12_months")
    last_year = ledger.year_before(year)
    money = [each for each in ("revenue", "margin") if each in ledger.measures]
    sold, before = (
        words.called(ledger.by_account(days, measures=money)) if days else None for days in (year, last_year)
    )
    lines, lines_before = (
        ledger.by_account_line(days, measure="revenue", named=False) if ledger.lines and days else None
        for days in (year, last_year)
    )
    assert sold is not None
    tables = {name: words.records(ledger, name) for name in ("contacts", "interactions", "feedback", "objectives")}
    if tables["contacts"] is not None:  # what a person cares about stands on the account's plan alone
        tables["contacts"] = tables["contacts"].drop(columns=list(FREE_TEXTS), errors="ignore")
    return Known(
        as_of=ledger.as_of,
        sold=sold,
        before=before,
        lines=lines,
        lines_before=lines_before,
        traits=ledger.traits(),
        staff=ledger.staff(),
        offers=words.records(ledger, "opportunities"),
        **tables,
    )


def check(asked: Asked, known: Known) -> None:
    """Are the manager and the account known, and can the numbers be? Raises `DataError` with all that is wrong."""
    wrong = []
    owners = set(known.traits["account_manager_id"].dropna()) if "account_manager_id" in known.traits else set()
    if asked.leaving and asked.leaving not in owners:
        staff = known.staff
        called = staff[staff["manager_name"] == asked.leaving]["manager_id"].tolist() if "manager_name" in staff else []
        near = nearest(asked.leaving, owners)
        hint = say("wrong.manager_hint", name=asked.leaving, id=called[0]) if called else near
        wrong.append(("leaving", say("wrong.manager", got=asked.leaving), hint))
    if asked.contacts_of and asked.contacts_of not in set(known.traits["account_id"]):
        hint = nearest(asked.contacts_of, known.traits["account_id"])
        wrong.append(("contacts_of", say("wrong.account", got=asked.contacts_of), hint))
    if not 0 <= asked.spare_hours <= _HOURS_IN_A_MONTH:
        said = say("wrong.hours", most=_HOURS_IN_A_MONTH, got=f"{asked.spare_hours:g}")
        wrong.append(("spare_hours", said, say("wrong.hours_hint")))
    if not asked.follow_rate <= 1:
        wrong.append(("follow_rate", say("wrong.share", got=f"{asked.follow_rate:g}"), say("wrong.share_hint")))
    if wrong:
        raise DataError(problems=[Problem(name, "", said, hint) for name, said, hint in wrong])
