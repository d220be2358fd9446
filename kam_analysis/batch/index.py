"""`index.html`: every report with its question, its answer and its state."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from kam_analysis.batch.page import facts, made_lines, page_style, policy, provenance_lines, spoken_date, template_text
from kam_analysis.batch.told import day_in, rows_of
from kam_analysis.pages.html import KeyFigure, key_figures
from kam_analysis.pages.tile_marks import sparkline

BRIEF = "06_leadership_brief"  # the report that the index opens with
_REVIEW = "Key-account review"
_ASKS, _FIGURES, _COURSES = "asks", "figures", "courses"  # its tables of what is to be decided, and of the tiles


@dataclass
class Entry:
    """One line of the index. `state` is "done", "failed" or "earlier" (not part of this run)."""

    question: str
    state: str
    href: str = ""
    answer: str = ""
    reason: str = ""
    note: str = ""
    pages: list["Entry"] = field(default_factory=list)


def entry(title: str, status: str, reason: str, page: str, result: Mapping[str, Any] | None) -> Entry:
    """The line of one report; `result` is what its page in the folder shows, None where there is no page."""
    if result is None:
        return Entry(title, status, reason=reason)
    as_of = spoken_date(result["provenance"].get("as_of"))
    when = f", as of {as_of}" if as_of else ""
    notes = {"failed": f"The page linked here is the last good one{when}.", "earlier": f"From an earlier run{when}."}
    # Pages of several accounts made by a notebook without a result would all be called alike.
    question = result["question"] if result["answer"] else title
    return Entry(question, status, quote(page), result["answer"], reason, notes.get(status, ""))


@dataclass(frozen=True)
class Cover:
    """What the index opens with: the brief's line, its figures as tiles, and what it asks leadership to decide (what, owner,
    due, cost_said)."""

    line: Entry
    asks: Sequence[Mapping[str, str]] = ()
    tiles: Sequence[KeyFigure] = ()


def cover(line: Entry, result: Mapping[str, Any] | None) -> Cover | None:
    """The cover that a brief's `result` gives; None where it says nothing."""
    if result is None or not line.answer:
        return None
    tiles = [_tile(row, rows_of(result, _COURSES)) for row in rows_of(result, _FIGURES)]
    return Cover(line, [_ask(row) for row in rows_of(result, _ASKS)], [*filter(None, tiles)])


def _tile(row: Mapping[str, Any], courses: Sequence[Mapping[str, Any]]) -> KeyFigure | None:
    """One of the brief's figures as its page shows it; None where an earlier version did not write it out."""
    label, written, beside, tone = (str(row.get(name) or "") for name in ("label", "written", "beside", "tone"))
    if not label or not written:
        return None
    values = [each.get("value") for each in courses if each.get("label") == label]
    course = [float(each) for each in values if isinstance(each, int | float)]
    return KeyFigure(label, written, beside, tone if tone in ("good", "bad") else "", sparkline(course))


def _ask(row: Mapping[str, Any]) -> dict[str, str]:
    said = {name: str(row.get(name) or "") for name in ("what", "owner", "cost_said")}
    return said | {"due": spoken_date(row.get("due"))}


def review_title(provenance: Mapping[str, Any]) -> str:
    """What the index is called: the review and its month, which its readers look for."""
    month = day_in(provenance.get("as_of"))
    return f"{_REVIEW}, {calendar.month_name[month.month]} {month.year}" if month else _REVIEW


def index_page(
    entries: Sequence[Entry],
    provenance: Mapping[str, Any],
    tables: str,
    calls: str = "",
    first: Cover | None = None,
    *,
    title: str = "",
    questions: Sequence[str] = (),
    actions: Sequence[str] = (),
) -> str:
    """The page; `provenance` is that of any report of this run, `tables` and `calls` are files' names, empty for none.

    `first` is what it opens with, before the `entries`; `questions` and `actions` (of plans) are files to be filled in.
    """
    from jinja2 import DictLoader, Environment
    from markupsafe import Markup

    names = ("frame.html.j2", "index.html.j2")
    environment = Environment(loader=DictLoader({name: template_text(name) for name in names}), autoescape=True)
    page = {
        "title": title or review_title(provenance),
        "answered": first is not None,
        "company": provenance.get("company", ""),
        "period": facts(provenance),
        "provenance": provenance_lines(provenance),
        "made": made_lines({key: value for key, value in provenance.items() if key not in ("parameters", "seed")}),
        "first": first,
        "tiles": Markup(key_figures(first.tiles).html) if first and first.tiles else "",
        "entries": entries,
        "tables": tables,
        "calls": calls,
        "questions": questions,
        "actions": actions,
        "css": Markup(page_style()),
        "policy": Markup(policy(())),
    }
    return environment.get_template("index.html.j2").render(page=page)
