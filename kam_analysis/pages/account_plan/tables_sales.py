"""The plan's tables of sales: by line, by company, and what the account does not buy from us yet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.coverage import contact_map
from kam_analysis.analysis.plans.line_starts import LEAST_CASES
from kam_analysis.analysis.plans.look_alikes import FEWEST
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import (
    CARES,
    COMPANIES,
    CONTACTS,
    LINE,
    LINES,
    OPEN_LINES,
    VOICES,
    cut,
    more,
    room,
)
from kam_analysis.pages.cells import of
from kam_analysis.pages.html import Html, bullets, folded, paragraph
from kam_analysis.pages.known_values import row_of
from kam_analysis.pages.table import Column, Table, columns_in, rows
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say, declared = (said_in(__file__), columns_in(__file__))


def lines_table(found: "Found") -> Table:
    """Sales by product line, this year and the year before."""
    columns = declared("lines")
    frame = rows([], columns) if found.lines is None else found.lines
    # Of what was taken back there is no share, and no change in per cent.
    sold = frame["revenue"].where(frame["revenue"] >= 0)
    frame = frame.assign(share=sold / sold.sum() if sold.sum() > 0 else float("nan"))
    if found.lines is not None and "before" in frame:
        frame["change"] = (sold / frame["before"].where(frame["before"] > 0)) - 1
    return Table(say("sold.lines"), columns, frame, unit=found.unit, shown=LINES, notes=more(frame, LINES, "line"))


def companies_table(found: "Found") -> Table:
    """The companies of the group; empty where it is one."""
    several = found.known.companies if len(found.known.companies) > 1 else found.known.companies.iloc[:0]
    notes = more(several, COMPANIES, "company", "companies")
    return Table(say("sold.companies"), declared("companies"), several, unit=found.unit, shown=COMPANIES, notes=notes)


def white_space_table(found: "Found") -> Table:
    """What accounts like it buy and it does not, with the range of what that could be."""
    columns = declared(
        "white_space",
        written={"share": _buyers, "potential": _potential},
        heading={"potential": say("white_space.potential") + of(found.unit)},
    )
    lines, caption = found.white_space, say("white_space.caption")
    notes, nothing = more(lines, OPEN_LINES, "line"), _nothing(found)
    return Table(caption, columns, lines, unit=found.unit, shown=OPEN_LINES, notes=notes, nothing=nothing)


def how_alike(found: "Found") -> Html:
    """Who is like it and what the range is, folded; nothing where no line is told."""
    if found.white_space.empty:
        return Html("")
    # Not by name: who is handed this plan need not look after those.
    said = [say("white_space.how_alike", accounts=style.counted(len(found.alike), "account")), say("white_space.how")]
    if found.white_space["chance"].isna().any():
        said.append(say("white_space.few_cases", least=LEAST_CASES))
    return folded(say("white_space.how_head"), *map(paragraph, said))


def _buyers(row: Mapping[str, Any]) -> str:
    return f"{row['buyers']} of {row['alike']}"


def _potential(row: Mapping[str, Any]) -> str:
    if pd.isna(row["potential"]):
        return ""
    ends = f"{style.money(row['potential_low'])} to {style.money(row['potential_high'])}"
    return f"{style.money(row['potential'])} ({ends})"


def _nothing(found: "Found") -> str:
    if found.company.lines is None:
        return say("white_space.no_lines")
    if len(found.alike) < FEWEST:
        return say("white_space.few_alike", least=FEWEST)
    return say("white_space.buys_all")


def how_often(found: "Found") -> Html:
    """The evidence behind the chances of beginning a line, folded."""
    return folded(say("white_space.starts"), starts_table(found).html())


def starts_table(found: "Found") -> Table:
    """How often accounts began a line, by how many accounts like them bought it: the evidence behind the chances."""
    columns = declared("starts")
    starts = None if found.company.lines is None else found.company.lines.starts
    frame = rows([], columns) if starts is None else starts.bands.query("cases > 0").reset_index(drop=True)
    notes = []
    if starts is not None and starts.brier is not None and starts.brier_of_one_rate is not None:
        told = {"brier": f"{starts.brier:.3f}", "one_rate": f"{starts.brier_of_one_rate:.3f}"}
        notes.append(say("white_space.better" if starts.helps else "white_space.no_better", **told))
    return Table(say("white_space.starts"), columns, frame, notes=notes)


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
