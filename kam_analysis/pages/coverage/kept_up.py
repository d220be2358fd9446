"""How well the tables of people and dealings are kept up, and what to ask for next."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from kam_analysis.analysis import coverage
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style, words
from kam_analysis.pages.key_accounts.who_is_key import who_is_key

# The tables that somebody has to keep, and the day of an entry where they have one.
KEPT = {
    "contacts": "", "interactions": "date", "feedback": "date", "objectives": "", "account_notes": "written",
    "opportunities": "created", "contracts": "starts_on", "decisions": "date",
}  # fmt: skip


def kept_up(ledger: Ledger) -> list[str]:
    """A line per table that is there: how many key accounts it knows, and how old its newest entry is.

    The age is counted to the as-of date; of a table whose rows have no day it is that of its file, to today.
    """
    keys = who_is_key(ledger)["account_id"]
    return [_line(ledger, name, day, keys) for name, day in KEPT.items() if ledger.has(name)]


def questions(ledger: Ledger) -> pd.DataFrame:
    """What is not on file of each account that bought in twelve months, as `coverage.open_questions`."""
    sold = words.called(ledger.by_account(ledger.period_of("last_12_months"), measures=["revenue"]))
    kept = {name: words.records(ledger, name) for name in ("contacts", "interactions", "objectives")}
    return coverage.open_questions(
        sold,
        ledger.traits(),
        contracts=words.records(ledger, "contracts"),
        notes=words.records(ledger, "account_notes"),
        as_of=ledger.as_of,
        **kept,
    )


def _line(ledger: Ledger, name: str, day: str, keys: pd.Series) -> str:
    rows = ledger.records(name)
    covered = int(keys.isin(rows["account_id"]).sum())
    said = f"{name}: {covered} of {style.counted(len(keys), 'key account')}"
    days = pd.to_datetime(rows[day]).dropna() if day and day in rows else pd.Series(dtype="datetime64[us]")
    if len(days):
        return f"{said}, newest entry {_days(ledger.as_of, days.max().date())} old"
    changed = _changed(ledger, name)
    return said if changed is None else f"{said}, file changed {_days(date.today(), changed)} ago"


def _days(today: date, day: date) -> str:
    return style.counted(max((today - day).days, 0), "day")


def _changed(ledger: Ledger, name: str) -> date | None:
    """The day on which a table's newest file was written; None where it is no file."""
    source = ledger.settings.tables.get(name)
    if source is None or not source.file:
        return None
    files: Sequence[Path] = [ledger.settings.data_dir / source.file]
    if not files[0].is_file():
        files = sorted(ledger.settings.data_dir.glob(source.file))
    times = [each.stat().st_mtime for each in files if each.is_file()]
    return datetime.fromtimestamp(max(times)).date() if times else None
