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
from kam_analysis.pages.known_values import known_rows, text_of
from kam_analysis.pages.sentences import said_in

say = said_in(__file__)


def lately(ledger: Ledger, known: Known, *, account_id: str, days: int) -> list[str]:
    """Sentences, the money first: what happened in the `days` up to the ledger's day."""
    since = ledger.as_of - timedelta(days=days)
    window = Period(since + timedelta(days=1), ledger.as_of, "")
    found = _sold(ledger, account_id, window, days)
    events = [
        *((row["date"], _heard(row)) for row in _since(known.feedback, "date", since)),
        *(
            (row["created"], _offer(ledger, row, say("lately.opened")))
            for row in _since(known.offers, "created", since)
        ),
        *(
            (row["closed"], _offer(ledger, row, row.get("status", say("lately.closed"))))
            for row in _since(known.offers, "closed", since)
        ),
        *((row["date"], _task(row)) for row in _since(known.tasks, "date", since)),
        *((row["written"], say("lately.notes")) for row in _since(known.notes, "written", since)),
    ]
    events.sort(key=lambda each: each[0], reverse=True)
    found += [f"{style.day(day.date())}: {said}" for day, said in events[:EVENTS]]
    if len(events) > EVENTS:
        more = style.counted(len(events) - EVENTS, "more entry", "more entries")
        found.append(say("lately.more", entries=more, days=days))
    return found


def _sold(ledger: Ledger, account_id: str, window: Period, days: int) -> list[str]:
    before = window.before()
    if before.first < ledger.overview.first or not ledger.spans.covers(window):
        return []
    now, then = (_amount(ledger, account_id, each) for each in (window, before))
    told: dict[str, object] = {"money": style.money(now, ledger.currency), "days": days}
    if then <= 0:
        return [say("lately.sold_first", **told)]
    share = style.share(abs(now / then - 1), 0)
    if abs(now / then - 1) < 0.005:
        return [say("lately.sold_same", **told)]
    return [say("lately.sold_up" if now > then else "lately.sold_down", **told, share=share)]


def _amount(ledger: Ledger, account_id: str, window: Period) -> float:
    rows = ledger.by_account(window, measures=["revenue"])
    return float(rows.loc[rows["account_id"] == account_id, "revenue"].sum())


def _since(rows: pd.DataFrame | None, column: str, since: date) -> list[dict[str, Any]]:
    if rows is None or column not in rows or rows.empty:
        return []
    days = pd.to_datetime(rows[column])
    return known_rows(rows.assign(**{column: days})[days > pd.Timestamp(since)])


def _heard(row: dict[str, Any]) -> str:
    said, who = short(row["said"], LINE), text_of(row, "by")
    return say("lately.heard_from", who=who, said=said) if who else say("lately.heard", said=said)


def _offer(ledger: Ledger, row: dict[str, Any], became: str) -> str:
    told = {"money": style.money(row["amount"], ledger.currency), "became": became}
    line = row.get("product_line")
    return say("lately.offer_line", **told, line=line) if line else say("lately.offer", **told)


def _task(row: dict[str, Any]) -> str:
    return say("lately.done" if is_done(row.get("status")) else "lately.decided", task=short(row["decision"], LINE))
