"""The results document of `04_coverage`."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.control import control_line
from kam_analysis.pages.coverage.answer import answer, key_figures
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.doubts import doubts, unmatched
from kam_analysis.pages.results import Figure, Result, provenance, worth_collecting
from kam_analysis.pages.words import unit_of

QUESTION = "Who holds these relationships, and what if an account manager leaves?"
_WANTED = {
    ("accounts", "account_manager_id"): "who looks after each account",
    ("contacts", "strength"): "your contacts at the key accounts: name, role, influence, how well you know them",
    ("interactions", "staff_id"): "calls and visits: day, who of yours, hours",
    ("managers", "level"): "who is manager, superior and executive, and their hours",
    ("accounts", "deputy_id"): "a deputy for each account",
    ("contracts", "ends_on"): "when contracts end",
    ("transactions", "account_manager_id"): "who made each sale, so that past hand-overs show what they cost",
    ("accounts", "bond"): "whether an account is bound to the company or to a person",
    ("feedback", "said"): "what customers say, former ones too",
}
_LISTED = 3
NOT_MATCHED = (
    "Who looks after whom cannot be told yet: part of the sales and the customer list write customers' ids differently."
)
_PEOPLE = [
    "account_manager_id", "manager_name", "accounts", "revenue", "revenue_share", "margin", "largest_account_id", "largest_share", "without_deputy",
    "hours_per_month", "hours_recorded", "grown", "protected", "neither", "kept_share", "transition", "transition_low", "transition_high",
    "further", "further_low", "further_high", "renewals_near",
]  # fmt: skip


def money_unit(ledger: Ledger) -> str:
    """The currency of everything on this page; empty where the settings name none."""
    return unit_of(ledger, "revenue")


def result(
    ledger: Ledger, found: Evidence, leaving: str, contacts_of: str, spare_hours: float, follow_rate: float
) -> Result:
    """The results document of 04, with the first screen's answer and key figures."""
    unit, missed = money_unit(ledger), unmatched(ledger, found.book)
    said, figures = answer(found, unit), _figures(found, unit or "amount")
    if missed:  # what is known of one half is no figure of the whole
        said, figures = NOT_MATCHED, {name: Figure(None, each.unit) for name, each in figures.items()}
    tables = {"managers": _records(found.people.reindex(columns=_PEOPLE)), "calls": _calls(found, unit), "handover": _handover(found)}  # fmt: skip
    return Result(
        QUESTION, said, figures, tables,
        provenance(ledger, leaving=leaving, contacts_of=contacts_of, spare_hours=spare_hours, follow_rate=follow_rate) | {"period": found.days},
        caveats=caveats(ledger, found), assumptions=[asdict(each) for each in found.assumptions.values()],
        worth_collecting=worth_collecting(ledger, _WANTED)[:_LISTED], shown=() if missed else key_figures(found, unit),
        doubts=doubts(ledger, found.book),
        lead=control_line(ledger, found.book, None, ledger.controls(), found.days, "revenue"),
    )  # fmt: skip


def _figures(found: Evidence, unit: str) -> dict[str, Figure]:
    known, costs = len(found.people) > 0, found.people.get("transition")
    figures = {
        "managers": Figure(found.few.managers if known else None, "count"),
        "largest_manager_share": Figure(found.few.largest_manager_share, "share"),
        "accounts_on_one_contact": Figure(len(found.on_one) if len(found.relations.hanging) else None, "accounts"),
        "executive_calls_overdue": Figure(found.overdue, "accounts"),
        "departure_cost_largest": Figure(None, unit),
    }
    if known and costs is not None:
        value, low, high = (
            float(found.people[f"transition{end}"].iloc[costs.argmax()]) for end in ("", "_low", "_high")
        )
        figures["departure_cost_largest"] = Figure(value, unit, low, high)
    return figures


def _calls(found: Evidence, unit: str) -> list[dict[str, Any]]:
    """Calls if the manager leaves, by money at risk, then the yearly ones by their month."""
    rows = []
    if found.leaving.cost is not None:
        rows += [_call(found, row, f"if {found.leaver} leaves", row["day"], unit) for row in found.leaving.calls.to_dict("records")]  # fmt: skip
    rows += [_call(found, row, "yearly call", row["month"], unit) for row in found.relations.due.to_dict("records")]
    return rows


def _call(found: Evidence, row: dict, occasion: str, day: pd.Timestamp, unit: str) -> dict[str, Any]:
    caller = row.get("caller_id")
    money = row.get("at_risk")
    return {
        "occasion": occasion, "account_id": row["account_id"], "account_name": row["account_name"],
        "caller_id": None if pd.isna(caller) else caller, "caller": found.manager(caller) or str(row.get("caller_level") or "a superior"),
        "day": _iso(day), "at_risk": money, "unit": unit, "reason": row.get("reason") or "in order of money at risk",
    }  # fmt: skip


def _handover(found: Evidence) -> list[dict[str, Any]]:
    if found.leaving.handover is None:
        return []
    frame = found.leaving.handover.accounts
    return _records(frame.assign(day=frame["day"].map(_iso), reasons=frame["reasons"].map(", ".join), to=frame["to_id"].map(found.manager)))  # fmt: skip


def _iso(day: object) -> str | None:
    return None if pd.isna(day) else pd.Timestamp(day).date().isoformat()  # type: ignore[call-overload, arg-type]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object)
    return rows.where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]


def caveats(ledger: Ledger, found: Evidence) -> list[str]:
    """What a reader must know before trusting the figures."""
    said = ["nobody's departure is predicted: the same question is asked of each manager"]
    if found.leaving.cost is not None:
        said.append("what a change of manager costs was measured at other companies (13.2 to 17.6 % of the sales concerned)")  # fmt: skip
        if found.leaving.cost.further is None:
            said.append("how many customers follow a manager to a competitor was never measured; give your own assumption follow_rate to see it")  # fmt: skip
        elif found.own is not None and found.own.rate is not None and not found.own.tells:
            said.append(f"your own {found.own.handovers} hand-overs are too few to say anything: their loss lies between {style.share(found.own.rate.low, 0)} and {style.share(found.own.rate.high, 0)}")  # fmt: skip
    if ledger.managers_are_sellers:
        said.append("no customer list says who looks after an account: whoever sold most to it in twelve months does here")  # fmt: skip
    if len(found.relations.known):
        said.append("a contact counts as spoken to from a brief relationship on, as your list says; nobody checked the list")  # fmt: skip
    if found.leaving.handover is not None and found.leaving.handover.said:
        said.append(found.leaving.handover.said)
    return [*said, *map(str, ledger.warnings)]


def last_day(found: Evidence) -> date | None:
    """The last day of the manager looked at, where it is known."""
    if found.leaving.cost is None:
        return None
    [day] = found.people.loc[found.people["account_manager_id"] == found.leaving.cost.manager_id, "leaving_on"]
    return None if pd.isna(day) else day.date()
