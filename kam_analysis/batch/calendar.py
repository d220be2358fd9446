"""`calls.ics` and `actions.ics`: the calls that the coverage report asks for and the plans' next actions, as all-day
entries for anybody's calendar. Calendars are shared and synchronised: no money, no departure and nobody but the owner
is in them."""

import hashlib
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icalendar import Event

COVERAGE, TABLE = "04_coverage", "calls"
NOBODY = "to be named"
_UNKNOWN = date(2000, 1, 1)


def calls_calendar(results: Mapping[str, Mapping[str, Any]]) -> bytes | None:
    """The calendar of the table "calls" of 04_coverage in `results` ({report id: result}), None where there is none.

    One entry per call with a `day` (ISO date), earliest first: whom to call and who calls in its title. Other columns
    never get into it, and nobody is invited. The same result gives the same bytes: an entry's identity comes from company, occasion, account and
    day, its time stamp from the as-of date, so that a calendar that reads the file again doubles nothing.
    """
    result = results.get(COVERAGE)
    calls = sorted(_dated(result["tables"].get(TABLE, ())), key=_order) if result else []
    if result is None or not calls:
        return None
    from icalendar import Calendar

    company, stamp = _text(result["provenance"].get("company")), _day(result["provenance"].get("as_of")) or _UNKNOWN
    calendar = Calendar.new(prodid="-//kam-analysis//calls//EN", name="Calls", uid=_identity(company))
    # A second call of one account on one day for one reason has an identity of its own.
    seen: dict[str, int] = {}
    for day, call in calls:
        named = _identity(company, call.get("occasion"), call.get("account_id"), day)
        seen[named] = seen.get(named, 0) + 1
        uid = named if seen[named] == 1 else f"{seen[named]}-{named}"
        calendar.add_component(_event(call, day, uid, stamp))
    return calendar.to_ical()


def _event(call: Mapping[str, Any], day: date, uid: str, stamp: date) -> "Event":
    from icalendar import TRANSP, Event

    account, caller = _text(call.get("account_name")) or _text(call.get("account_id")), _text(call.get("caller"))
    return Event.new(
        uid=uid,
        stamp=stamp,
        start=day,
        end=day + timedelta(days=1),
        summary=f"Call {account} ({caller})" if caller else f"Call {account}",
        # The day stays free for meetings.
        transparency=TRANSP.TRANSPARENT,
    )


def actions_calendar(results: Mapping[str, Mapping[str, Any]]) -> bytes | None:
    """The calendar of every plan's table "actions" in `results` ({report id: result}), None where there is none.

    One entry per action with a `due` day: the account, what the action is `called` and its owner. Its identity comes
    from company and `decision_id`: an action whose day has moved moves in the calendar. A call from above that
    `calls.ics` has is not in it.
    """
    given = {_text(row.get("account_id")) for row in results.get(COVERAGE, {}).get("tables", {}).get(TABLE, ())}
    found = {}
    for result in results.values():
        of, account = result["provenance"], _text((result["provenance"].get("parameters") or {}).get("account_id"))
        for row in result["tables"].get("actions", ()):
            day, number = _day(row.get("due")), _text(row.get("decision_id"))
            if day and number and not (row.get("rule") == "call" and account in given):
                found[number] = (day, number, account, row, of)
    if not found:
        return None
    from icalendar import TRANSP, Calendar, Event

    company = _text(next(iter(found.values()))[-1].get("company"))
    calendar = Calendar.new(
        prodid="-//kam-analysis//actions//EN", name="Next actions", uid=_identity(company, "actions")
    )
    for day, number, account, row, of in sorted(found.values(), key=lambda each: each[:2]):
        owner = _text(row.get("owner"))
        title = f"{_text(row.get('account_name')) or account}: {_text(row.get('called'))}"
        event = Event.new(
            uid=_identity(company, number),
            stamp=_day(of.get("as_of")) or _UNKNOWN,
            start=day,
            end=day + timedelta(days=1),
            summary=f"{title} ({owner})" if owner and owner != NOBODY else title,
            transparency=TRANSP.TRANSPARENT,
        )
        calendar.add_component(event)
    return calendar.to_ical()


def _dated(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[date, Mapping[str, Any]]]:
    return ((day, row) for row in rows if (day := _day(row.get("day"))))


def _order(dated: tuple[date, Mapping[str, Any]]) -> tuple[Any, ...]:
    """By day, the most money first; the rest so that no order of the rows changes a byte."""
    day, call = dated
    texts = (_text(call.get(key)) for key in ("account_id", "occasion", "caller_id", "caller", "reason"))
    return day, -(_amount(call) or 0.0), *texts


def _identity(*parts: Any) -> str:
    told = json.dumps([str(part) for part in parts]).encode()
    return f"{hashlib.sha256(told).hexdigest()[:32]}@kam-analysis"


def _amount(call: Mapping[str, Any]) -> float | None:
    value = call.get("at_risk")
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None  # type: ignore[arg-type]


def _text(value: Any) -> str:
    """One line without control characters, which no calendar may hold and no escape can say."""
    plain = " ".join(str(value).split()) if value is not None else ""
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cs"))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
