"""What changed at the account in the last days: money against the same months a year before, and what was noted."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from kam_analysis.analysis.plans import is_done
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.known import Known
from kam_analysis.pages.account_plan.sheet_room import EVENTS, LINE, short


def lately(ledger: Ledger, known: Known, *, account_id: str, days: int) -> list[str]:
    """Sentences, the money first: what happened in the `days` up to the ledger's day."""
    since = ledger.as_of - timedelta(days=days)
    window = Period(since + timedelta(days=1), ledger.as_of, "")
    found = _sold(ledger, account_id, window, days)
    events = [
        *((row["date"], _heard(row)) for row in _since(known.feedback, "date", since)),
        *((row["created"], _offer(ledger, row, "opened")) for row in _since(known.offers, "created", since)),
        *((row["closed"], _offer(ledger, row, "closed")) for row in _since(known.offers, "closed", since)),
        *((row["date"], _task(row)) for row in _since(known.tasks, "date", since)),
        *((row["written"], "The notes were written anew") for row in _since(known.notes, "written", since)),
    ]
    events.sort(key=lambda each: each[0], reverse=True)
    found += [f"{style.day(day.date())}: {said}" for day, said in events[:EVENTS]]
    if len(events) > EVENTS:
        found.append(f"{style.counted(len(events) - EVENTS, 'more entry', 'more entries')} in these {days} days.")
    return found


def _sold(ledger: Ledger, account_id: str, window: Period, days: int) -> list[str]:
    before = window.before()
    if before.first < ledger.overview.first or not ledger.spans.covers(window):
        return []
    now, then = (_amount(ledger, account_id, each) for each in (window, before))
    if then <= 0:
        return [f"Sales of {style.money(now, ledger.currency)} in {days} days; none in the same days a year before."]
    change = now / then - 1
    words = "unchanged" if abs(change) < 0.005 else f"{'up' if change > 0 else 'down'} {style.share(abs(change), 0)}"
    return [
        f"Sales of the last {days} days: {style.money(now, ledger.currency)}, {words} on the same days a year before."
    ]


def _amount(ledger: Ledger, account_id: str, window: Period) -> float:
    rows = ledger.by_account(window, measures=["revenue"])
    return float(rows.loc[rows["account_id"] == account_id, "revenue"].sum())


def _since(rows: pd.DataFrame | None, column: str, since: date) -> list[dict[Any, Any]]:
    if rows is None or column not in rows or rows.empty:
        return []
    days = pd.to_datetime(rows[column])
    return rows.assign(**{column: days})[days > pd.Timestamp(since)].to_dict("records")


def _heard(row: dict[Any, Any]) -> str:
    by = row.get("by")
    said = short(row["said"], LINE)
    return f"{by}: “{said}”" if isinstance(by, str) and by.strip() else f"“{said}”"


def _offer(ledger: Ledger, row: dict[Any, Any], what: str) -> str:
    status, line = row.get("status"), row.get("product_line")
    became = status if what == "closed" and isinstance(status, str) else what
    of = f" ({line})" if isinstance(line, str) else ""
    return f"Offer of {style.money(row['amount'], ledger.currency)} {became}{of}"


def _task(row: dict[Any, Any]) -> str:
    return f"Decided: {short(row['decision'], LINE)}{' (done since)' if is_done(row.get('status')) else ''}"
