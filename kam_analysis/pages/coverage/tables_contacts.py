"""Whom we know, what depends on one person, who is due for a call from above, what customers say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import cells, notices, style
from kam_analysis.pages.coverage.charts_contacts import STRENGTHS, contact_name, named
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table, columns_in
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_LISTED, _ON_ONE, _CALLS = 12, 8, 10
_SET_BY = words_in(__file__, "call_reasons")


def one_contact_table(found: "Found") -> Table:
    """The accounts with a single live contact, by the money that depends on that person until notice is possible."""
    rows = found.relations.one_contact
    rows = rows.assign(manager=rows["account_manager_id"].map(found.manager))
    ends_on, notice_by = notices.columns(found.known.as_of)
    columns = declared(
        "one_contact",
        made={
            "ends_on": [replace(ends_on, on_page=False)],
            "notice_by": [replace(notice_by, written=lambda row: _notice(row, found))],
        },
        written={"contact_name": contact_name},
    )
    near = [at for at, each in enumerate(rows["light"].head(_ON_ONE)) if each]
    notes = [_on_one_contact(found)] if len(rows) else []
    return Table(say("contacts.on_one"), columns, rows, unit=found.about.unit, shown=_ON_ONE, strong=near, notes=notes)


def _notice(row: Mapping[str, Any], found: "Found") -> str:
    return notices.end(row) if pd.isna(row["ends_on"]) else notices.last_day(row, found.known.as_of)


def _on_one_contact(found: "Found") -> str:
    said = [say("contacts.at_risk"), say("contacts.near")]
    more, nobody = len(found.relations.one_contact) - _ON_ONE, found.relations.no_contact
    if more > 0:
        said.append(say("contacts.smaller", customers=style.counted(more, "smaller one")))
    if len(nobody) == 1:
        said.append(say("contacts.nobody_at_one", first=nobody["account_name"].iloc[0]))
    elif len(nobody):
        first = ", ".join(nobody["account_name"].head(3)).rstrip(".")
        said.append(say("contacts.nobody", customers=style.counted(len(nobody), "more customer"), first=first))
    return " ".join(said)


def known_table(found: "Found") -> Table:
    """Per key account, how many people we speak to, and how many of those who decide."""
    rows = found.relations.known
    few = [at for at, each in enumerate(rows["live"]) if each <= 1]
    return Table(say("contacts.known"), declared("known", written={"coverage": _goal_met}), rows, strong=few)


def _goal_met(row: Mapping[Any, Any]) -> str:
    # Of one contact on file the goal says nothing: nobody else was asked for.
    return "—" if row["contacts"] <= 1 else cells.share(row["coverage"])


def strengths_table(found: "Found") -> Table:
    """How many people at the key accounts there are of each influence, by how well we know them."""
    grid = found.relations.grid
    rows = grid.set_axis([str(each) for each in grid.columns], axis=1)
    rows.insert(0, "influence", [f"{level} of 5" for level in grid.index])
    counts = [Column(str(at), words, "count", written=_counted(str(at))) for at, words in enumerate(STRENGTHS)]
    return Table(say("contacts.strengths"), declared("strengths", made={"levels": counts}), rows)


def _counted(name: str) -> Any:
    def written(row: Mapping[Any, Any]) -> str:
        return cells.whole(row.get(name)) if row.get(name) else ""

    return written


def strangers_table(found: "Found") -> Table:
    """People with influence at customers whom nobody knows, and whose task it is to change that."""
    rows = found.relations.strangers
    rows = rows.assign(owner=rows["owner_id"].map(found.manager))
    columns = declared(
        "strangers", written={"contact_name": _with_role, "strength": lambda row: STRENGTHS[round(row["strength"])]}
    )
    return Table(say("contacts.strangers"), columns, rows, shown=_LISTED)


def executive_calls_table(found: "Found") -> Table:
    """The yearly call from the manager's superior: when the last was, by whom the next, in which month."""
    touches = found.relations.touches.reindex(columns=["account_id", "by_manager", "complaints", "escalations"])
    rows = found.relations.due.merge(touches, "left", "account_id")
    rows = rows.assign(
        caller=[found.manager(each) or say("actions.superior") for each in rows["caller_id"]],
        complaints=rows[["complaints", "escalations"]].sum(axis=1, min_count=1),
        because=rows["reason"].map(_SET_BY),
    )
    columns = declared(
        "executive_calls",
        written={
            "month": lambda row: f"{row['month']:%b}{style.GAP}{row['month']:%Y}",
            "last": lambda row: cells.day(row["last"], "never"),
        },
        tones={"because": {_SET_BY["overdue"]: "bad"}},
    )
    more = len(rows) - _CALLS
    notes = [say("contacts.more_calls", calls=style.counted(more, "more call"))] if more > 0 else []
    return Table(say("contacts.calls"), columns, rows, shown=_CALLS, notes=notes)


def voices_table(found: "Found") -> Table:
    """What customers speak of, and whether those who do buy less."""
    rows = found.relations.voices
    rows = rows.assign(theme=rows["theme"].fillna("no theme"))
    columns = declared("voices", written={"fell": _of_few})
    notes = []
    if len(rows) and (of := rows["all_fell_of"].iloc[0]):
        notes = [say("contacts.all_fell", customers=style.count(of), share=style.share(rows["all_fell"].iloc[0], 0))]
    return Table(say("contacts.voices"), columns, rows, shown=_LISTED, notes=notes)


def heard_table(found: "Found") -> Table:
    """In their words: key accounts, and the lowest scores, with what became of them."""
    columns = declared(
        "heard", written={"score": lambda row: f"{row['score']:g}" if pd.notna(row["score"]) else "", "change": _since}
    )
    return Table(say("contacts.heard"), columns, found.relations.heard)


def silent_line(found: "Found") -> Html:
    """The key accounts that nobody asked in two years."""
    silent = found.relations.silent
    if not len(silent):
        return Html("")
    customers = ", ".join(silent["account_name"])
    said = say("contacts.silent", silent=len(silent), all=len(found.key_ids), customers=customers)
    return paragraph(said, "note")


def _with_role(row: Mapping[Any, Any]) -> str:
    return contact_name(row) + (f", {row['role']}" if named(row) and isinstance(row["role"], str) else "")


def _since(row: Mapping[Any, Any]) -> str:
    if row["left"] is True:
        return "left"
    return style.points(row["change"]).replace(f"{style.GAP}points", "%") if pd.notna(row["change"]) else ""


def _of_few(row: Mapping[Any, Any]) -> str:
    return f"{style.share(row['fell'], 0)} of {row['fell_of']}" if row["fell_of"] else ""
