"""What the ledger tells of one account, read once."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages import style, words
from kam_analysis.pages.words import said_in

say = said_in(__file__)

_YEARS_OF_MONTHS = 3


@dataclass(frozen=True, kw_only=True)
class Known:
    """Frames of one account under its account_id; None where there is no such table or the data tells nothing apart.

    `months`: month, revenue and, where known, margin, complete. `lines`: product_line, revenue, before. `companies`:
    account_id, account_name, revenue of each legal entity. The others are the ledger's records, people under
    the names that the settings allow; `feedback` is None where names are not shown in full, for it has names in it, and
    so are interests and approach of `contacts`, what is written of goals and of tasks.
    """

    months: pd.DataFrame | None
    lines: pd.DataFrame | None
    companies: pd.DataFrame
    contracts: pd.DataFrame | None
    offers: pd.DataFrame | None
    contacts: pd.DataFrame | None
    interactions: pd.DataFrame | None
    feedback: pd.DataFrame | None
    objectives: pd.DataFrame | None
    notes: pd.DataFrame | None
    tasks: pd.DataFrame | None


def known_of(ledger: Ledger, account_id: str) -> Known:
    """All that the plan asks the ledger for of this account alone."""
    year = ledger.period_of("last_12_months")
    full = ledger.settings.names == "full"
    contacts = _of(words.records(ledger, "contacts"), account_id)
    if contacts is not None and not full:
        contacts = contacts.drop(columns=["interests", "approach"], errors="ignore")
    goals, tasks = (_of(words.records(ledger, name), account_id) for name in ("objectives", "decisions"))
    if not full:  # what is written freely names people
        goals = None if goals is None else goals.drop(columns=["our_contribution", "delivered"], errors="ignore")
        if tasks is not None:
            tasks["decision"] = [say("page.a_task", day=style.day(day.date())) for day in tasks["date"]]
    members = ledger.master.members([account_id]) if ledger.level == "parent" else [account_id]
    rows = ledger.by_account(year, level="legal_entity", measures=["revenue"])
    rows = rows[rows["account_id"].isin(set(members))].reset_index(drop=True)
    return Known(
        months=_months(ledger, account_id),
        lines=_lines(ledger, account_id, year) if ledger.lines else None,
        companies=rows[["account_id", "account_name", "revenue"]],
        contracts=_of(words.records(ledger, "contracts"), account_id),
        offers=_of(words.records(ledger, "opportunities"), account_id),
        contacts=contacts,
        interactions=_of(words.records(ledger, "interactions"), account_id),
        feedback=_of(words.records(ledger, "feedback"), account_id) if full else None,
        objectives=goals,
        notes=_of(words.records(ledger, "account_notes"), account_id) if full else None,
        tasks=tasks,
    )


def _of(rows: pd.DataFrame | None, account_id: str) -> pd.DataFrame | None:
    return None if rows is None else rows[rows["account_id"] == account_id].reset_index(drop=True)


def _months(ledger: Ledger, account_id: str) -> pd.DataFrame | None:
    if not ledger.told_by_month:
        return None
    first = max(ledger.overview.first, (pd.Timestamp(ledger.as_of) - pd.DateOffset(years=_YEARS_OF_MONTHS)).date())
    window = Period(first + timedelta(days=1), ledger.as_of, "")
    months = ledger.by_account_month([account_id], window, measure="revenue")
    if "margin" in ledger.measures:
        margin = ledger.by_account_month([account_id], window, measure="margin")
        months = months.merge(margin[["month", "margin"]], on="month", how="left")
    return months.drop(columns="account_id")


def _lines(ledger: Ledger, account_id: str, year: Period) -> pd.DataFrame:
    """What the account bought by line, now and in the year before, the largest first."""

    def bought(of: Period) -> pd.DataFrame:
        rows = ledger.by_account_line(of, measure="revenue")
        return rows.loc[rows["account_id"] == account_id, ["product_line", "revenue"]]

    rows, last = bought(year), ledger.year_before(year)
    if last is not None:
        before = bought(last).rename(columns={"revenue": "before"})
        rows = rows.merge(before, on="product_line", how="outer").fillna({"revenue": 0.0, "before": 0.0})
    return rows.sort_values(["revenue", "product_line"], ascending=[False, True], ignore_index=True)
