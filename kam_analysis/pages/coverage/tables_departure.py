"""If one manager left: what that rests on, who is called by whom and when, who takes over, who could move."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import notices, style
from kam_analysis.pages.coverage.answer import leaves
from kam_analysis.pages.html import Html, paragraph, together
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

_CALLS = 15
_REASONS = {
    "industry": "knows the industry",
    "region": "same region",
    "deputy": "is the deputy",
    "owns_contact": "holds a contact there",
    "touched": "was in touch",
    "only_candidate": "nobody else could",
    "others_are_full": "others are full",
    "nothing_known": "nothing known that fits better",
    "no_room": "nobody has room",
    "better_is_full": "who fits better is full",
}
_BLOCKED = {
    "notice_near": "last day for notice is near",
    "no_second_contact": "no second contact",
    "bond_with_person": "bound to the person",
}
_YEARLY = "yearly call"


def cost_notes(found: "Found") -> Html:
    """What the cost of the departure is made of, and what it rests on."""
    cost, unit = found.leaving.cost, found.about.unit
    if cost is None:
        return Html("")
    last = f" and {leaves(found)}" if found.last_day else ""
    rates = f"{style.share(cost.transition_rate.low)} to {style.share(cost.transition_rate.high)}"
    said = [
        f"{found.leaver} looks after {style.counted(len(cost.accounts), 'customer')} with {style.money(cost.revenue, unit)} of sales{last}.",
        f"A change of manager cost another company {rates} of such sales within a year: {style.amounts(cost.transition.low, cost.transition.high, unit)} here.",
    ]
    if cost.further is not None and cost.follow_rate is not None:
        rate, more = cost.follow_rate, style.amounts(cost.further.low, cost.further.high, "")
        said += [
            f"If {style.share(rate.value, 0)} of customers follow ({style.share(rate.low, 0)} to {style.share(rate.high, 0)}; {rate.source}), "
            f"{style.money(cost.further.value, unit)} more is lost ({more}). "
            "Customers bound to the person take the upper end, those bound to the company the lower."
        ]
    if cost.at_risk_margin is not None:
        margin = cost.at_risk_margin
        ends = style.amounts(margin.low, margin.high, "")
        said.append(
            f"Together, {style.money(margin.value, unit)} of margin ({ends})."
            if cost.further
            else f"In margin, {style.money(margin.value, unit)} ({ends})."
        )
    return together(paragraph(" ".join([*said, *_notices(found)])), paragraph(_resale(found) + _own(found), "note"))


def _notices(found: "Found") -> list[str]:
    near = found.leaving.notices
    named = [f"{row['account_name']} ({style.day(row['notice_by'].date())})" for row in near.head(3).to_dict("records")]
    more = f" and {len(near) - 3} more" if len(near) > 3 else ""
    return [f"Last days for notice within half a year: {', '.join(named)}{more}."] if named else []


def _resale(found: "Found") -> str:
    cost, unit = found.leaving.cost, found.about.unit
    if cost is None or "resale" not in cost.accounts or cost.accounts["resale"].isna().all():
        return ""
    again, new = (style.money(float(cost.accounts[each].sum()), unit) for each in ("resale", "new_sale"))
    return (
        f"Of these sales {again} are lines that the customers bought before, {new} new ones. After a change the former"
        " fall, while the latter can rise, and with them the total (Schmitz and others, Journal of Marketing 2020). "
    )


def _own(found: "Found") -> str:
    own = found.own.told
    if own is None:
        return ""
    if own.rate is None:
        return f"Your own past hand-overs do not tell: {own.reason}."
    rate, moved = own.rate, "rose" if own.rate.value < 0 else "fell"
    ends = f"{_signed(-rate.high)} to {_signed(-rate.low)}"
    said = (
        f"After your own {own.handovers} hand-overs sales {moved} by {style.share(abs(rate.value), 0)} on average, against"
        f" accounts that did not change hands (90% interval {ends})"
    )
    said += "." if own.tells else ": too uncertain to rely on, so the published range stays."
    if found.own.unseen:
        said += f" {style.counted(found.own.unseen, 'customer')} changed hands and bought nothing since: the loss may be larger."
    return said


def _signed(change: float) -> str:
    return ("+" if change > 0 else "") + style.share(change, 0)


def calls(found: "Found") -> pd.DataFrame:
    """Calls if the manager leaves, by money at risk, then the yearly ones by their month."""
    left, due = found.leaving.calls, found.relations.due
    parts = [_leaving_calls(found)] if found.leaving.cost is not None and len(left) else []
    if len(due):
        who = [found.manager(each) or "a superior" for each in due["caller_id"]]
        parts.append(due.assign(occasion=_YEARLY, caller=who, day=due["month"]))
    names = [each.name for each in _CALL_COLUMNS if each.name != "unit"]
    frame = (
        pd.concat([each.reindex(columns=names).astype(object) for each in parts], ignore_index=True)
        if parts
        else pd.DataFrame(columns=names)
    )
    return frame.assign(unit=found.about.unit or "amount")


def _leaving_calls(found: "Found") -> pd.DataFrame:
    assert found.leaving.cost is not None
    rows, bonds = found.leaving.calls, found.leaving.cost.accounts.set_index("account_id")["bond"]
    who = [found.manager(each) or level for each, level in zip(rows["caller_id"], rows["caller_level"], strict=True)]
    return rows.assign(
        occasion=f"if {found.leaver} leaves",
        caller=who,
        bond=rows["account_id"].map(bonds),
        reason="in order of money at risk",
    )


def _caller(row: Mapping[Any, Any]) -> str:
    if isinstance(row["caller_id"], str):
        return str(row["caller"])
    return f"a{'n' if row['caller'] == 'executive' else ''} {row['caller']}"


_CALL_COLUMNS = [
    Column("occasion", "Occasion", on_page=False),
    Column("rank", "Rank", "count", published=False),
    Column("account_id", "Customer's id", on_page=False),
    Column("account_name", "Customer"),
    Column("at_risk", "At risk", "money"),
    Column("caller_id", "Caller's id", on_page=False),
    Column("caller", "Caller", written=_caller),
    Column("day", "Call by", "date"),
    Column("bond", "Bound to", written=lambda row: _bond(row), published=False),
    Column("unit", "Unit", on_page=False),
    Column("reason", "Reason", on_page=False),
]


def all_calls_table(found: "Found") -> Table:
    """Every call, for the calendar and the workbook of tables."""
    return Table("Calls", _CALL_COLUMNS, found.calls, unit=found.about.unit)


def calls_table(found: "Found") -> Table:
    """Every account of the leaving manager in order of money at risk, who calls, and when."""
    rows = found.calls[found.calls["occasion"] != _YEARLY]
    more = len(rows) - _CALLS
    notes = [f"{style.counted(more, 'more call')} in tables.xlsx."] if more > 0 else []
    said = f"{found.leaver} {leaves(found)}" if found.last_day else f"If {found.leaver} leaves"
    caption = f"{said}: who calls whom, the most money first"
    return Table(caption, _CALL_COLUMNS, rows, unit=found.about.unit, shown=_CALLS, notes=notes)


def _bond(row: Mapping[Any, Any]) -> str:
    return f"the {row['bond']}" if isinstance(row["bond"], str) else ""


def handover_rows(found: "Found") -> Table:
    """Who takes which account, why, who would be next, and on which day."""
    rows = found.handover
    rows = rows.assign(
        to=rows["to_id"].map(found.manager),
        next_best=rows["runner_up_id"].map(found.manager),
        reasons=rows["reasons"].map(", ".join),
        with_them=rows["alongside_id"].map(found.manager),
    )
    columns = [
        Column("account_id", "Customer's id", on_page=False),
        Column("account_name", "Customer"),
        Column("to", "Goes to", written=lambda row: row["to"] or "nobody"),
        Column("reasons", "Because", written=_because),
        Column("saved", "Loss avoided", "money"),
        Column("next_best", "Next best", published=False),
        Column("day", "On", "date"),
        Column("late_reason", "Note", written=_note),
        Column("revenue", "Sales", "money", on_page=False),
        Column("loss", "Loss by the change alone", "money", on_page=False),
        Column("to_id", "Goes to (id)", on_page=False),
        *(Column(name, name.replace("_", " "), "share", on_page=False) for name in _FITS),
        Column("runner_up_id", "Next best (id)", on_page=False),
        Column("runner_up_saved", "Loss avoided by the next best", "money", on_page=False),
        Column("alongside_id", "Goes along (id)", on_page=False),
    ]
    more = len(rows) - _CALLS
    notes = (
        [_how_it_fits(found) + (f" {style.counted(more, 'more account')} in tables.xlsx." if more > 0 else "")]
        if len(rows)
        else []
    )
    caption = f"Who takes {found.leaver}'s accounts"
    return Table(caption, columns, rows, unit=found.about.unit, shown=_CALLS, notes=notes)


_FITS = ("fit", "industry_fit", "region_fit", "contact_fit")
HANDOVER = [
    "account_id",
    "account_name",
    "revenue",
    "loss",
    "to_id",
    *_FITS,
    "saved",
    "reasons",
    "runner_up_id",
    "runner_up_saved",
    "day",
    "late_reason",
    "alongside_id",
]


def handover_table(found: "Found") -> Html:
    """The same, with who finds nobody; where nobody could take over, why."""
    given = found.leaving.takes
    if given is None:
        return paragraph(found.leaving.nobody, "warning")
    return together(handover_rows(found).html(), paragraph(given.said, "warning"))


def _how_it_fits(found: "Found") -> str:
    given, unit = found.leaving.takes, found.about.unit
    assert given is not None
    return (
        f"The right successors avoid {style.money(given.saved, unit)} of {style.money(given.loss, unit)}. One firm could have saved 40%"
        " of such losses by better choices (Shi and others 2017); that a full fit saves that much at each account is our own"
        " assumption. Fit counts industry, region and being known there alike. At most"
        f" {style.counted(given.most_accounts, 'account')} each; {how_good(given.gap)}."
        " Not in the 90 days before the last day for notice, unless nothing else is possible."
    )


def how_good(gap: float) -> str:
    """The assignment beside the best there may be; `gap` as in `handover.Handover`."""
    if not gap:
        return "no better assignment exists"
    if gap == float("inf"):
        return "whether a better one would save more is not known"
    if gap < 0.0005:
        return "a better one would save less than 0.1% more"
    return f"a better one would save {style.share(gap)} more at most"


def _because(row: Mapping[Any, Any]) -> str:
    return ", ".join(_REASONS[each] for each in row["reasons"].split(", ") if each)


def _note(row: Mapping[Any, Any]) -> str:
    said = [row["late_reason"]] if isinstance(row["late_reason"], str) else []
    return "; ".join([*said, *([f"{row['with_them']} joins"] if row["with_them"] else [])])


def moves_table(found: "Found") -> Table:
    """At which key accounts the manager could change while no decision on the contract is near."""
    rows = found.moves if found.moves["can_move"].notna().any() else found.moves.iloc[:0]
    rows = rows.assign(manager=rows["account_manager_id"].map(found.manager))
    columns = [
        Column("account_name", "Key account"),
        Column("manager", "Looked after by"),
        *notices.columns(found.known.as_of),
        Column("live", "Contacts", "count"),
        Column("bond", "Bound to", written=_bond),
        Column("can_move", "Can move", "flag", written=_can_move),
        Column(
            "blocked_by",
            "What is in the way",
            written=lambda row: ", ".join(_BLOCKED[each] for each in row["blocked_by"]),
        ),
    ]
    return Table("Where the manager could change while no decision on the contract is near", columns, rows)


def _can_move(row: Mapping[Any, Any]) -> str:
    return "not known" if pd.isna(row["can_move"]) else "yes" if row["can_move"] else "no"
