"""`calls.ics` and `actions.ics`: the calls that the coverage report asks for and the plans' next actions, as all-day
entries for anybody's calendar. Calendars are shared and synchronised: no money, no departure and nobody but the owner
is in them."""

import hashlib
import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from kam_analysis.batch.told import Results, account_of, day_in

COVERAGE, TABLE = "04_coverage", "calls"
NOBODY = "to be named"
_UNKNOWN = date(2000, 1, 1)


def calls_calendar(results: Results) -> bytes | None:
    """The calendar of the table "calls" of 04_coverage in `results` ({report id: result}), None where there is none.

    One entry per call with a `day` (ISO date), earliest first: whom to call and who calls in its title. Other columns
    never get into it, and nobody is invited. The same result gives the same bytes: an entry's identity comes from company, occasion, account and
    day, its time stamp from the as-of date, so that a calendar that reads the file again doubles nothing.
    """
    result = results.get(COVERAGE)
    calls = sorted(_dated(result["tables"].get(TABLE, ())), key=_order) if result else []
    if result is None or not calls:
        return None
    company = _text(result["provenance"].get("company"))
    stamp = day_in(result["provenance"].get("as_of"))
    # A second call of one account on one day for one reason has an identity of its own.
    seen: Counter[str] = Counter()
    events = []
    for day, call in calls:
        named = _identity(company, call.get("occasion"), call.get("account_id"), day)
        seen[named] += 1
        account = _text(call.get("account_name")) or _text(call.get("account_id"))
        uid = named if seen[named] == 1 else f"{seen[named]}-{named}"
        events.append((uid, day, stamp, f"Call {account}", _text(call.get("caller"))))
    return _calendar("calls", "Calls", _identity(company), events)


def _calendar(kind: str, name: str, uid: str, events: Iterable[tuple[str, date, date | None, str, str]]) -> bytes:
    """The file: of each entry its identity, its day, the day of its figures, its title, and who is to do it."""
    from icalendar import TRANSP, Calendar, Event

    calendar = Calendar.new(prodid=f"-//kam-analysis//{kind}//EN", name=name, uid=uid)
    for identity, day, stamp, title, who in events:
        event = Event.new(
            uid=identity,
            stamp=stamp or _UNKNOWN,
            start=day,
            end=day + timedelta(days=1),
            summary=f"{title} ({who})" if who else title,
            transparency=TRANSP.TRANSPARENT,  # the day stays free for meetings
        )
        calendar.add_component(event)
    return calendar.to_ical()


def actions_calendar(results: Results) -> bytes | None:
    """The calendar of every plan's table "actions" in `results` ({report id: result}), None where there is none.

    One entry per action with a `due` day: the account, what the action is `called` and its owner. Its identity comes
    from company and `decision_id`: an action whose day has moved moves in the calendar. A call from above that
    `calls.ics` has is not in it.
    """
    given = {_text(row.get("account_id")) for row in results.get(COVERAGE, {}).get("tables", {}).get(TABLE, ())}
    found = {}
    for result in results.values():
        of, account = result["provenance"], _text(account_of(result))
        for row in result["tables"].get("actions", ()):
            day, number = day_in(row.get("due")), _text(row.get("decision_id"))
            if day and number and not (row.get("rule") == "call" and account in given):
                found[number] = (day, number, account, row, of)
    if not found:
        return None
    company = _text(next(iter(found.values()))[-1].get("company"))
    events = []
    for day, number, account, row, of in sorted(found.values(), key=lambda each: each[:2]):
        owner = _text(row.get("owner"))
        title = f"{_text(row.get('account_name')) or account}: {_text(row.get('called'))}"
        who = owner if owner != NOBODY else ""
        events.append((_identity(company, number), day, day_in(of.get("as_of")), title, who))
    return _calendar("actions", "Next actions", _identity(company, "actions"), events)


def _dated(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[date, Mapping[str, Any]]]:
    return ((day, row) for row in rows if (day := day_in(row.get("day"))))


def _order(dated: tuple[date, Mapping[str, Any]]) -> tuple[Any, ...]:
    """By day, the most money first; the rest so that no order of the rows changes a byte."""
    day, call = dated
    texts = (_text(call.get(key)) for key in ("account_id", "occasion", "caller_id", "caller", "reason"))
    value = call.get("at_risk")
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return day, -float(value or 0.0) if known else 0.0, *texts


def _identity(*parts: Any) -> str:
    told = json.dumps([str(part) for part in parts]).encode()
    return f"{hashlib.sha256(told).hexdigest()[:32]}@kam-analysis"


def _text(value: Any) -> str:
    """One line without control characters, which no calendar may hold and no escape can say."""
    plain = " ".join(str(value).split()) if value is not None else ""
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cs"))
