"""Whom we know, what depends on one person, who is due for a call from above, what customers say."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import cells, notices, style
from kam_analysis.pages.coverage.charts_contacts import STRENGTHS, contact_name, named
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

_LISTED = 12
_SET_BY = {
    "overdue": "overdue",
    "notice": "before the last day for notice",
    "complaint": "complaint since the last call",
    "yearly": "a year after the last",
}


def one_contact_table(found: "Found") -> Table:
    """The accounts with a single live contact, by the money that depends on that person until notice is possible."""
    rows = found.relations.one_contact
    rows = rows.assign(manager=rows["account_manager_id"].map(found.manager))
    columns = [
        Column("account_name", "Customer"),
        Column("contact_name", "The one contact", written=contact_name),
        Column("manager", "Looked after by"),
        Column("exposure", "What we earn there a year", "money"),
        *notices.columns(found.known.as_of),
        Column("months", "Months counted", "number", places=0),
        Column("chance", "Chance that the contact is gone by then", "share", places=0),
        Column("at_risk", "At risk", "money"),
    ]
    near = [at for at, each in enumerate(rows["light"].head(_LISTED)) if each]
    notes = [_on_one_contact(found)] if len(rows) else []
    caption = "Money that depends on one contact"
    return Table(caption, columns, rows, unit=found.about.unit, shown=_LISTED, strong=near, notes=notes)


def _on_one_contact(found: "Found") -> str:
    said = "At risk is what we earn there times the chance that the one contact is gone by the last day for notice."
    said += " Without a contract, or where it is too late for notice this time, it is the chance within a year."
    said += " Bold: the last day for notice comes within half a year."
    more, nobody = len(found.relations.one_contact) - _LISTED, found.relations.no_contact
    said += f" {style.counted(more, 'smaller one')} not shown." if more > 0 else ""
    if len(nobody):
        first = ", ".join(nobody["account_name"].head(3))
        said += f" At {style.counted(len(nobody), 'more customer')} people are on record and nobody speaks to them, first {first}."
    return said


def known_table(found: "Found") -> Table:
    """Per key account, how many people we speak to, and how many of those who decide."""
    rows = found.relations.known
    columns = [
        Column("account_name", "Key account"),
        Column("contacts", "Contacts", "count"),
        Column("live", "We speak to", "count"),
        Column("influencers", "Who decide", "count"),
        Column("influencers_known", "of them known", "count"),
        Column("below_wanted", "Weaker than wanted", "count"),
        Column("coverage", "Relationship goal met", "share", written=_goal_met),
    ]
    few = [at for at, each in enumerate(rows["live"]) if each <= 1]
    return Table("Whom we know at the key accounts (bold: one person or none)", columns, rows, strong=few)


def _goal_met(row: Mapping[Any, Any]) -> str:
    # Of one contact on file the goal says nothing: nobody else was asked for.
    return "—" if row["contacts"] <= 1 else cells.share(row["coverage"])


def strengths_table(found: "Found") -> Table:
    """How many people at the key accounts there are of each influence, by how well we know them."""
    grid = found.relations.grid
    rows = grid.set_axis([str(each) for each in grid.columns], axis=1)
    rows.insert(0, "influence", [f"{level} of 5" for level in grid.index])
    counts = [Column(str(at), words, "count", written=_counted(str(at))) for at, words in enumerate(STRENGTHS)]
    caption = "People at the key accounts, by influence and by how well we know them"
    return Table(caption, [Column("influence", "Influence on the decision"), *counts], rows)


def _counted(name: str) -> Any:
    def written(row: Mapping[Any, Any]) -> str:
        return cells.whole(row.get(name)) if row.get(name) else ""

    return written


def strangers_table(found: "Found") -> Table:
    """People with influence at customers whom nobody knows, and whose task it is to change that."""
    rows = found.relations.strangers
    rows = rows.assign(owner=rows["owner_id"].map(found.manager))
    columns = [
        Column("account_name", "Customer"),
        Column("contact_name", "Who", written=_with_role),
        Column("influence", "Influence (1-5)", "number", places=0),
        Column("strength", "Now", written=lambda row: STRENGTHS[round(row["strength"])]),
        Column("owner", "Whose task"),
    ]
    return Table("Decision-makers we have no contact with", columns, rows, shown=_LISTED)


def executive_calls_table(found: "Found") -> Table:
    """The yearly call from the manager's superior: when the last was, by whom the next, in which month."""
    touches = found.relations.touches.reindex(columns=["account_id", "by_manager", "complaints", "escalations"])
    rows = found.relations.due.merge(touches, "left", "account_id")
    rows = rows.assign(
        caller=[found.manager(each) or "a superior" for each in rows["caller_id"]],
        complaints=rows[["complaints", "escalations"]].sum(axis=1, min_count=1),
        because=rows["reason"].map(_SET_BY),
    )
    columns = [
        Column("account_name", "Key account"),
        Column("caller", "Next call by"),
        Column("month", "In", "date", written=lambda row: f"{row['month']:%b %Y}"),
        Column("last", "Last executive call", "date", written=lambda row: cells.day(row["last"], "never")),
        Column("complaints", "Complaints since", "count"),
        Column("by_manager", "Manager's last contact", "date"),
        Column("because", "Because"),
    ]
    late = [at for at, each in enumerate(rows["overdue"]) if each]
    return Table("Annual executive calls (bold: overdue)", columns, rows, strong=late)


def voices_table(found: "Found") -> Table:
    """What customers speak of, and whether those who do buy less."""
    rows = found.relations.voices
    rows = rows.assign(theme=rows["theme"].fillna("no theme"))
    columns = [
        Column("theme", "Theme"),
        Column("said", "Times", "count"),
        Column("customers", "Customers", "count"),
        Column("score", "Mean score (0-10)", "number", places=1),
        Column("low", "Scored 6 or less", "share", places=0),
        Column("fell", "of these customers bought a tenth less, or left", "share", written=_of_few),
        Column("of_former", "from former customers", "count"),
        Column("last", "Last", "date"),
    ]
    notes = []
    if len(rows) and (of := rows["all_fell_of"].iloc[0]):
        whole = style.share(rows["all_fell"].iloc[0], 0)
        notes = [
            f"Of all {of:,} customers {whole} bought a tenth less, or left. With small numbers a difference may be chance."
        ]
    return Table("What customers speak of", columns, rows, shown=_LISTED, notes=notes)


def heard_table(found: "Found") -> Table:
    """In their words: key accounts, and the lowest scores, with what became of them."""
    columns = [
        Column("account_name", "Customer"),
        Column("said", "In their words"),
        Column("score", "Score", "number", written=lambda row: f"{row['score']:g}" if pd.notna(row["score"]) else ""),
        Column("date", "On", "date"),
        Column("change", "Sales over the year", "share", written=_since),
    ]
    return Table("Latest from key accounts, and the lowest scores", columns, found.relations.heard)


def silent_line(found: "Found") -> Html:
    """The key accounts that nobody asked in two years."""
    silent = found.relations.silent
    if not len(silent):
        return Html("")
    said = f"No word in two years from {len(silent)} of {len(found.key_ids)} key accounts: {', '.join(silent['account_name'])}."
    return paragraph(said, "note")


def _with_role(row: Mapping[Any, Any]) -> str:
    return contact_name(row) + (f", {row['role']}" if named(row) and isinstance(row["role"], str) else "")


def _since(row: Mapping[Any, Any]) -> str:
    if row["left"] is True:
        return "left"
    return style.points(row["change"]).replace(f"{style.GAP}points", "%") if pd.notna(row["change"]) else ""


def _of_few(row: Mapping[Any, Any]) -> str:
    return f"{style.share(row['fell'], 0)} of {row['fell_of']}" if row["fell_of"] else ""
