"""`index.html`: every report with its question, its answer and its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from kam_analysis.batch.page import facts, page_style, policy, provenance_lines, spoken_date, template_text


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


def index_page(
    entries: Sequence[Entry],
    provenance: Mapping[str, Any],
    tables: str,
    calls: str = "",
    *,
    title: str = "Our key accounts: the reports",
    questions: Sequence[str] = (),
) -> str:
    """The page; `provenance` is that of any report of this run, `tables` and `calls` are files' names, empty for none;
    `questions` are files to be filled in."""
    from jinja2 import DictLoader, Environment
    from markupsafe import Markup

    names = ("frame.html.j2", "index.html.j2")
    environment = Environment(loader=DictLoader({name: template_text(name) for name in names}), autoescape=True)
    page = {
        "title": title,
        "company": provenance.get("company", ""),
        "facts": facts(provenance),
        "provenance": provenance_lines(
            {key: value for key, value in provenance.items() if key not in ("parameters", "seed")}
        ),
        "entries": entries,
        "tables": tables,
        "calls": calls,
        "questions": questions,
        "css": Markup(page_style()),
        "policy": Markup(policy(())),
    }
    return environment.get_template("index.html.j2").render(page=page)
