"""The plan's tables of people: whom we know there, who of us holds whom, what they said."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.coverage import contact_map
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import CARES, CONTACTS, LINE, VOICES, cut, more, room
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.known_values import row_of
from kam_analysis.pages.sentences import said_in, words_in
from kam_analysis.pages.table import Column, Table, columns_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_STRENGTHS = tuple(words_in(__file__, "strengths").values())
_LEFT = ("interests", "approach")


def contacts_table(found: "Found") -> Table:
    """Who decides and who influences, how well we know them and should, what they care about, who of us holds them."""
    columns = declared(
        "contacts",
        written={
            "strength": lambda row: _strength(row.get("strength")),
            "strength_wanted": lambda row: _strength(row.get("strength_wanted")),
            "interests": cut("interests", CARES),
            "approach": cut("approach", CARES),
        },
    )
    rows, caption = _people(found), say("people.caption")
    notes = more(rows, CONTACTS, "contact")
    return Table(caption, columns, rows, shown=CONTACTS, notes=notes, nothing=say("people.none"))


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
        last = row_of(called, found.account_id).get("last")
        call = say("people.no_call") if last is None else say("people.call", day=style.day(last.date()))
        due = "" if of.call_due is None else say("people.call_due", day=style.day(of.call_due))
        said.append(f"{call} {say('people.call_overdue') if of.call_due and of.call_overdue else due}".strip())
    path = [each.name for each in (of.manager, of.superior, of.sponsor) if each is not None]
    if len(path) > 1:
        said.append(say("people.escalate", people=", ".join(dict.fromkeys(path))))
    return bullets(said)


def voices_table(found: "Found") -> Table:
    """What people there said, the newest first; empty where names are not shown in full."""
    columns = declared("voices", written={"said": cut("said", room(found, LINE))})
    heard = pd.DataFrame(columns=["date"]) if found.known.feedback is None else found.known.feedback
    frame = heard.reindex(columns=[each.name for each in columns])
    frame = frame.sort_values("date", ascending=False, ignore_index=True)
    return Table(say("people.said"), columns, frame, shown=VOICES)
