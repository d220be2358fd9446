"""If one manager left: what that rests on, who is called by whom and when, who takes over."""

import pandas as pd

from kam_analysis.pages import cells, style
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.coverage.findings import amounts, last_day
from kam_analysis.pages.html import Html, paragraph, table, together

_CALLS = 15
_REASONS = {
    "industry": "knows the industry", "region": "same region", "deputy": "is the deputy", "owns_contact": "holds a contact there", "touched": "was in touch",
    "only_candidate": "nobody else could", "others_are_full": "others are full", "nothing_known": "nothing known that fits better", "no_room": "nobody has room", "better_is_full": "who fits better is full",
}  # fmt: skip
_BLOCKED = {
    "renewal_near": "contract ends soon",
    "no_second_contact": "no second contact",
    "bond_with_person": "bound to the person",
}


def cost_notes(found: Evidence, unit: str) -> Html:
    """What the cost of the departure is made of, and what it rests on."""
    cost = found.leaving.cost
    if cost is None:
        return Html("")
    accounts = cost.accounts
    day = last_day(found)
    known = f" The last day is known: {style.day(day)}." if day else ""
    said = f"{found.leaver} looks after {style.counted(len(accounts), 'customer')} with {style.money(cost.revenue, unit)} of sales.{known} A change of manager cost others {style.share(cost.transition_rate.low)} to {style.share(cost.transition_rate.high)} of such sales within a year: {amounts(cost.transition.low, cost.transition.high, unit)} here."
    if cost.further is not None and cost.follow_rate is not None:
        rate = cost.follow_rate
        said += f" If {style.share(rate.value, 0)} of customers follow ({style.share(rate.low, 0)} to {style.share(rate.high, 0)}; {rate.source}), {style.money(cost.further.value, unit)} more is lost ({amounts(cost.further.low, cost.further.high, '')}); customers bound to the person take the upper end, those bound to the company the lower."
    if cost.at_risk_margin is not None:
        said += f" In margin {'both come' if cost.further is not None else 'it comes'} to {style.money(cost.at_risk_margin.value, unit)} ({amounts(cost.at_risk_margin.low, cost.at_risk_margin.high, '')})."
    return together(paragraph(said + _renewals(found)), paragraph(_resale(found, unit) + _own(found), "note"))


def _renewals(found: Evidence) -> str:
    near = found.leaving.renewals
    if not len(near):
        return ""
    named = [f"{row['account_name']} ({style.day(row['ends_on'].date())})" for row in near.head(3).to_dict("records")]
    more = f" and {len(near) - 3} more" if len(near) > 3 else ""
    return f" Contracts that end within half a year: {', '.join(named)}{more}."


def _resale(found: Evidence, unit: str) -> str:
    assert found.leaving.cost is not None
    accounts = found.leaving.cost.accounts
    if "resale" not in accounts or accounts["resale"].isna().all():
        return ""
    again, new = float(accounts["resale"].sum()), float(accounts["new_sale"].sum())
    return f"Of these sales {style.money(again, unit)} are lines that the customers bought before, {style.money(new, unit)} new ones: after a change the former fall, while the latter can rise (Schmitz and others, Journal of Marketing 2020). "


def _own(found: Evidence) -> str:
    own = found.own
    if own is None:
        return ""
    if own.rate is None:
        return f"Your own past hand-overs do not tell: {own.reason}."
    rate = own.rate
    said = f"Your own {own.handovers} hand-overs: {style.share(rate.value, 0)} of sales lost, between {style.share(rate.low, 0)} and {style.share(rate.high, 0)} (90 % interval, against accounts that did not change hands; below zero is a rise)"
    said += "." if own.tells else ", which is too wide to tell a loss from none; the published range stays."
    if found.unseen:
        said += f" {style.counted(found.unseen, 'customer')} changed hands and bought nothing since: the loss may be larger."
    return said


def calls_table(found: Evidence, unit: str) -> Html:
    """Every account of the leaving manager in order of money at risk, who calls, and when."""
    calls = found.leaving.calls
    if not len(calls):
        return Html("")
    known = found.leaving.cost.accounts.set_index("account_id") if found.leaving.cost is not None else None
    rows = [
        {
            "rank": str(row["rank"]), "name": row["account_name"], "risk": style.money(row["at_risk"]), "caller": found.manager(row["caller_id"]) or f"a{'n' if row['caller_level'] == 'executive' else ''} {row['caller_level']}",
            "day": style.day(row["day"].date()), "bond": _bond(known, row["account_id"]),
        }
        for row in calls.head(_CALLS).to_dict("records")
    ]  # fmt: skip
    columns = {"rank": "", "name": "Customer|", "risk": f"At risk{cells.of(unit)}", "caller": "Caller|", "day": "Call by", "bond": "Bound to|"}  # fmt: skip
    shown = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    more = len(calls) - len(rows)
    said = f"{style.counted(more, 'more call')} in tables.xlsx." if more > 0 else ""
    caption = f"If {found.leaver} leaves: who calls whom, the most money first"
    return together(table(shown, rows, caption), paragraph(said, "note"))


def _bond(known: pd.DataFrame | None, account_id: str) -> str:
    bond = None if known is None else known["bond"].get(account_id)
    return f"the {bond}" if isinstance(bond, str) else ""


def handover_table(found: Evidence, unit: str) -> Html:
    """Who takes which account, why, who would be next, and on which day."""
    given = found.leaving.handover
    if given is None:
        return paragraph(found.leaving.nobody, "warning")
    rows = [
        {
            "name": row["account_name"], "to": found.manager(row["to_id"]) or "nobody", "why": ", ".join(_REASONS[each] for each in row["reasons"]), "saved": cells.money(row["saved"]),
            "next": found.manager(row["runner_up_id"]), "day": cells.day(row["day"]), "note": _note(found, row),
        }
        for row in given.accounts.head(_CALLS).to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Customer|", "to": "Goes to|", "why": "Because|", "saved": f"Loss it saves{cells.of(unit)}", "next": "Next best|", "day": "On", "note": "|"}  # fmt: skip
    shown = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    said = (
        f"The right successors save {style.money(given.saved, unit)} of {style.money(given.loss, unit)}: a good fit saved about 40 % of the loss elsewhere (Shi and others 2017); fit counts industry, region and being known there alike. "
        f"At most {style.counted(given.most_accounts, 'account')} each; {_how_good(given.gap)}. Not in the last 90 days of a contract, unless nothing else is possible."
    )
    more = len(given.accounts) - len(rows)
    said += f" {style.counted(more, 'more account')} in tables.xlsx." if more > 0 else ""
    return together(table(shown, rows, f"Who takes {found.leaver}'s accounts"), paragraph(said, "note"), paragraph(given.said, "warning"))  # fmt: skip


def _how_good(gap: float) -> str:
    """The assignment beside the best there may be; `gap` as in `handover.Handover`."""
    if not gap:
        return "no better assignment exists"
    if gap == float("inf"):
        return "whether a better one would save more is not known"
    return (
        f"a better one would save {style.share(gap)} more at most"
        if gap >= 0.0005
        else "a better one would save less than 0.1 % more"
    )


def _note(found: Evidence, row: dict) -> str:
    said = [row["late_reason"]] if isinstance(row["late_reason"], str) else []
    return "; ".join(said + ([f"with {found.manager(row['alongside_id'])}"] if pd.notna(row["alongside_id"]) else []))


def movable_table(found: Evidence) -> Html:
    """At which key accounts the manager could change without danger to a renewal."""
    frame = found.movable
    if not len(frame) or frame["can_move"].isna().all():
        return Html("")
    rows = [
        {
            "name": row["account_name"], "manager": found.manager(row["account_manager_id"]), "ends": cells.day(row["ends_on"], "no contract"),
            "live": cells.whole(row["live"]), "bond": f"the {row['bond']}" if isinstance(row["bond"], str) else "", "move": "not known" if pd.isna(row["can_move"]) else "yes" if row["can_move"] else "no",
            "why": ", ".join(_BLOCKED.get(each, each) for each in row["blocked_by"]),
        }
        for row in frame.to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Key account|", "manager": "Looked after by|", "ends": "Contract ends", "live": "Contacts", "bond": "Bound to|", "move": "Can move|", "why": "What is in the way|"}  # fmt: skip
    return table(columns, rows, "Where the manager could change without danger to a renewal")
