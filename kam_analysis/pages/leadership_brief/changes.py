"""What changed since the last report: the business, what was entered or corrected later, the settings, the method."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.history import History, Record
from kam_analysis.pages.leadership_brief.five_figures import Watched, far, outside, written
from kam_analysis.pages.leadership_brief.other_pages import DEPENDENCE, KEYS, LOSSES, PEOPLE, Pages
from kam_analysis.pages.words import WORK_WORDS, headed, listed, said_in

say = said_in(__file__)

BUSINESS, RESTATED, SETTINGS, METHOD = "business", "restated data", "settings", "method"
_NAMED = 3
_MOST_FIGURES = 3
# Of a figure: smaller differences are no change, they are how a number was stored.
_SAME = 1e-9
_TOTAL = "revenue_total"  # of every source row: no setting of ours moves it while the rows are the same


@dataclass(frozen=True, kw_only=True)
class Change:
    """`kind` (business, restated data, settings, method, or two of them that cannot be told apart), `what` in a
    sentence, `report` it comes from; `before` and `now` as written, where it is a figure."""

    kind: str
    what: str
    report: str = ""
    before: str = ""
    now: str = ""


def changes(
    ledger: Ledger, now: Pages, before: Pages | None, *, figures: list[Watched], history: History
) -> list[Change]:
    """What changed, the business first."""
    if before is None:
        return []
    return [*_business(ledger, now, before, figures), *reported_anew(before, history)]


def _business(ledger: Ledger, now: Pages, before: Pages, figures: list[Watched]) -> Iterator[Change]:
    yield from _leave(ledger, now, since=before.as_of)
    yield from _work(now, before)
    yield from _members(now, before)
    yield from _lost(now, before)
    for each in [*outside(figures), *far(figures)]:
        told = {"figure": each.label, "value": each.written}
        beyond = say("changes.moved", **told, reading=each.reading)
        what = beyond if each.reading else say("changes.far", **told, change=each.change)
        then = "" if each.before is None else written(each.before, each.figure.unit)
        yield Change(kind=BUSINESS, what=what, report=each.report, before=then, now=each.written)


def _leave(ledger: Ledger, now: Pages, *, since: date) -> Iterator[Change]:
    """Departures that were announced since; what is not announced is not told."""
    if now.people is None or not ledger.has("managers", "announced_on"):
        return
    rows = now.people.departing.managers
    rows = rows[rows["announced"] & rows["leaving_on"].notna()]
    told = ledger.table("managers").set_index("manager_id")["announced_on"]
    for row in rows.to_dict("records"):
        manager_id = str(row["account_manager_id"])
        announced = told.get(manager_id)
        if pd.isna(announced) or pd.Timestamp(announced).date() <= since:
            continue
        held = style.share(float(row["revenue_share"]), 0)
        last = style.day(pd.Timestamp(row["leaving_on"]).date())
        what = say("changes.announced", who=now.people.manager(manager_id), share=held, day=last)
        yield Change(kind=BUSINESS, what=what, report=PEOPLE)


def _work(now: Pages, before: Pages) -> Iterator[Change]:
    """Key accounts whose recommended kind of work is another."""
    if now.keys is None or before.keys is None:
        return
    then = before.keys.work.set_index("account_id")["work"]
    for row in now.keys.work.to_dict("records"):
        was, work = (WORK_WORDS.get(str(each)) for each in (then.get(row["account_id"]), row["work"]))
        if was and work and was != work:
            what = say("changes.work", who=row["account_name"], now=work, before=was)
            yield Change(kind=BUSINESS, what=what, report=KEYS, before=was, now=work)


def _members(now: Pages, before: Pages) -> Iterator[Change]:
    if now.keys is None or before.keys is None:
        return
    today, then = now.keys.ordered, before.keys.ordered
    joined, left = [each for each in today if each not in set(then)], [each for each in then if each not in set(today)]
    if joined:
        said = say("changes.key_now", who=listed([*map(now.keys.name, joined)], _NAMED))
        yield Change(kind=BUSINESS, what=said, report=KEYS)
    if left:
        said = say("changes.key_no_longer", who=listed([*map(before.keys.name, left)], _NAMED))
        yield Change(kind=BUSINESS, what=said, report=KEYS)


def _lost(now: Pages, before: Pages) -> Iterator[Change]:
    if now.losses is None or before.losses is None:
        return
    known = set(before.losses.lost_already)
    gone = [each for each in now.losses.lost_already if each not in known]
    if gone:
        yield Change(kind=BUSINESS, what=say("changes.lost", who=listed(gone, _NAMED)), report=LOSSES)


def reported_anew(before: Pages, history: History) -> Iterator[Change]:
    """Figures of the last report that are others today for the very same day, with what may have moved them.

    The business cannot have: that day is over.
    """
    moved = {report: each for report in before.results if (each := _moved(before, history, report=report))}
    rows_moved = _TOTAL in moved[DEPENDENCE].figures if DEPENDENCE in moved else None
    if rows_moved is None and history.printed(DEPENDENCE, before.as_of, _asked(before, DEPENDENCE)):
        rows_moved = False
    for report, each in moved.items():
        kind = _why(each.record, before.results[report].provenance, rows_moved=rows_moved)
        for name, (then, value, unit) in list(each.figures.items())[:_MOST_FIGURES]:
            words = {"before": written(then, unit), "now": written(value, unit)}
            figure, day = headed(name.replace("_", " ")), style.day(before.as_of)
            what = say("changes.reported", figure=figure, day=day, **words)
            yield Change(kind=kind, what=what, report=report, **words)
        more = len(each.figures) - _MOST_FIGURES
        if more > 0:
            others = style.counted(more, "more figure is", "more figures are")
            what = say("changes.not_as_reported", figures=others, day=style.day(before.as_of))
            yield Change(kind=kind, what=what, report=report)


@dataclass(frozen=True, kw_only=True)
class _Moved:
    """What a report's `record` says otherwise than today: by name, then, today and the unit."""

    record: Record
    figures: Mapping[str, tuple[float, float, str]]


def _asked(before: Pages, report: str) -> Mapping[str, Any]:
    result = before.results.get(report)
    return {} if result is None else result.provenance["parameters"]


def _moved(before: Pages, history: History, *, report: str) -> _Moved | None:
    result = before.results[report]
    printed = history.printed(report, before.as_of, _asked(before, report))
    if not printed:
        return None
    record, found = _nearest(printed, result.provenance), {}
    for name, then in record.figures.items():
        today = result.figures.get(name)
        if today is not None and today.value is not None and not _same(then, float(today.value)):
            found[name] = then, float(today.value), today.unit
    return _Moved(record=record, figures=found) if found else None


def _nearest(printed: list[Record], provenance: Mapping[str, Any]) -> Record:
    """Of several records of one day the one that was made most as today: what differs then is told most sharply."""
    return max(
        printed,
        key=lambda each: (
            (each.version == provenance["version"]) + (each.settings == provenance["settings_fingerprint"])
        ),
    )


def _why(then: Record, provenance: Mapping[str, Any], *, rows_moved: bool | None) -> str:
    """What may have moved it. The sum of the source rows tells whether sales were entered or corrected since."""
    found = [
        *([SETTINGS] if then.settings != provenance["settings_fingerprint"] else []),
        *([METHOD] if then.version != provenance["version"] else []),
    ]
    if rows_moved is not False or not found:
        found.insert(0, RESTATED)
    return " or ".join(found)


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME * max(abs(a), abs(b), 1.0)
