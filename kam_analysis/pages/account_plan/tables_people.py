"""The plan's tables of people: whom we know there, who of us holds whom, what they said."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.coverage import contact_map
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import CARES, CONTACTS, LINE, VOICES, more, room, short
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

_STRENGTHS = ("unknown", "no contact", "brief", "multiple", "in depth")
_LEFT = ("interests", "approach")


def contacts_table(found: "Found") -> Table:
    """Who decides and who influences, how well we know them and should, what they care about, who of us holds them."""
    columns = [
        Column("contact_name", "Name"),
        Column("role", "Role"),
        Column("influence", "Influence (1–5)", "number", 0),
        Column("strength", "We know them", written=lambda row: _strength(row.get("strength"))),
        Column("strength_wanted", "Wanted", written=lambda row: _strength(row.get("strength_wanted"))),
        Column("interests", "Cares about", written=lambda row: _short(row, "interests")),
        Column("approach", "How to approach", written=lambda row: _short(row, "approach")),
        Column("owner", "Held by"),
    ]
    rows, nothing = _people(found), "No contact is on file."
    notes = more(rows, CONTACTS, "contact")
    return Table("Whom we know there", columns, rows, shown=CONTACTS, notes=notes, nothing=nothing)


def _short(row: Any, name: str) -> str:
    value = row.get(name)
    return str(short(value, CARES)) if isinstance(value, str) else ""


def contacts_published(found: "Found") -> Table:
    """The same without what people care about and how they are approached: that stands on the plan alone."""
    table = contacts_table(found)
    kinds = {"strength": "number", "strength_wanted": "number"}
    columns = [
        Column("contact_id", "Number"),
        *(
            Column(each.name, each.heading, kinds.get(each.name, each.kind), 0)  # type: ignore[arg-type]
            for each in table.columns
            if each.name not in _LEFT
        ),
    ]
    return Table(table.caption, columns, table.rows.drop(columns=list(_LEFT), errors="ignore"))


def _people(found: "Found") -> pd.DataFrame:
    if found.contacts is None:
        return pd.DataFrame(columns=["contact_id", "contact_name", "role", "influence", "strength", "owner"])
    rows = contact_map(found.contacts, found.account_id)
    owners = (
        found.contacts.set_index("contact_id")["owner_id"] if "owner_id" in found.contacts else pd.Series(dtype="str")
    )
    manager = found.company.people.manager
    return rows.assign(owner=[manager(each) for each in rows["contact_id"].map(owners)])


def _strength(value: Any) -> str:
    return "" if value is None or pd.isna(value) else _STRENGTHS[round(float(value))]


def people_notes(found: "Found") -> Html:
    """The annual executive call, and the path to escalate."""
    of, said = found.situation, []
    called = found.company.people.relations.called
    if called is not None:
        row = found.row(called)
        last = f"the last was on {style.day(row['last'].date())}" if "last" in row else "none is on file"
        due = (
            "" if of.call_due is None else ("; it is overdue" if of.call_overdue else f"; due {style.day(of.call_due)}")
        )
        said.append(f"Annual executive call: {last}{due}.")
    path = [each.name for each in (of.manager, of.superior, of.sponsor) if each is not None]
    if len(path) > 1:
        said.append(f"Path to escalate: {', then '.join(dict.fromkeys(path))}.")
    return bullets(said)


def voices_table(found: "Found") -> Table:
    """What people there said, the newest first; empty where names are not shown in full."""
    columns = [
        Column("date", "Day", "date"),
        Column("by", "Who"),
        Column("said", "What they said", written=lambda row: str(short(row["said"], room(found, LINE)))),
        Column("theme", "Theme"),
        Column("score", "Score (0–10)", "number", 0),
    ]
    heard = found.known.feedback
    names = [each.name for each in columns]
    frame = (
        pd.DataFrame(columns=names)
        if heard is None
        else heard.reindex(columns=names).sort_values("date", ascending=False, ignore_index=True)
    )
    return Table("What they said", columns, frame, shown=VOICES, nothing="")
