"""What to do about who holds the relationships."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.pages import notices, style
from kam_analysis.pages.coverage.answer import leaves
from kam_analysis.pages.coverage.charts_contacts import named
from kam_analysis.pages.html import FIRST_STEPS, Html, bullets

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

_NAMED = 3
# From so many of the basics missing at a key account on.
_MANY = 3


def actions(found: "Found") -> Html:
    """What the figures call for, the most money first; first of all that list and sales write ids alike."""
    if found.unmatched:
        return bullets(
            ["Make the ids of the customer list and the sales match, and run this page again before you act on it."]
        )
    if not len(found.managers):
        return bullets(
            [*_steps(found), "Name in the customer list who looks after each account, and run this page again."]
        )
    return bullets(_steps(found), shown=FIRST_STEPS)


def _steps(found: "Found") -> Iterator[str]:
    yield from _departure(found)
    yield from _contacts(found)
    if found.overdue:
        first = found.relations.due.iloc[0]
        caller = found.manager(first["caller_id"]) or "a superior"
        begin = f"{caller} begins with {first['account_name']} in {first['month']:%B %Y}"
        yield f"Make the {found.overdue} overdue executive calls: {begin}. They are in calls.ics."
    unheld = found.ownership.unheld
    if len(unheld):
        others = f" and {style.counted(len(unheld) - 1, 'other customer')}" if len(unheld) > 1 else ""
        yield f"Give {found.customer(unheld['account_id'].iloc[0])}{others} a manager, or decide that they need none."
    best = found.allocation
    if best is not None and best.assessed and best.gain > 0:
        worth = f"worth {style.money(best.gain, found.about.unit)} of {found.earned} a year"
        yield f"Move hours: {style.count(best.moved)} a month are better spent on other accounts of the same managers, {worth}."
    if len(found.practice) and len(worst := found.practice[(found.practice["missing"] >= _MANY).fillna(False)]):
        missing = f"{_MANY} or more of {len(found.practised.known)} basics are missing"
        yield f"Close the gaps at {names(worst['account_name'])}: {missing} there."
    if len(found.relations.silent):
        yield f"Ask {names(found.relations.silent['account_name'])} how we are doing: no word from them in two years."


def _departure(found: "Found") -> Iterator[str]:
    cost, calls = found.leaving.cost, found.leaving.calls
    if cost is None:
        return
    if found.last_day is not None and len(calls):
        first = calls.iloc[0]
        caller = found.manager(first["caller_id"]) or "an executive"
        theirs = f"{found.leaver}'s {style.counted(len(calls), 'customer')}"
        begin = f"{caller} begins with {first['account_name']} on {style.day(first['day'].date())}"
        gone = found.last_day < found.known.as_of
        until = f"now, for {found.leaver} {leaves(found)}" if gone else f"before {style.day(found.last_day)}"
        yield f"Call {theirs} {until}: {begin}."
    rows = found.managers[found.managers["account_manager_id"] == cost.manager_id]
    without = int(rows["without_deputy"].fillna(0).iloc[0])
    if without:
        loss = style.amounts(cost.transition.low, cost.transition.high, found.about.unit)
        have = f"{without} of {len(cost.accounts)} have none, and a hand-over would cost {loss}"
        yield f"Name a deputy for {found.leaver}'s customers: {have}."


def _contacts(found: "Found") -> Iterator[str]:
    one, strangers = found.relations.one_contact, found.relations.strangers
    if len(one):
        first = one.iloc[0]
        contact = first["contact_name"] if named(first.to_dict()) else "the one contact"
        until = f" before {notices.decided_by(first.to_dict())}" if first["notice_ahead"] else ""
        money = f"{style.money(first['exposure'], found.about.unit)} of {found.earned} a year depend on one person"
        yield f"Find a second contact at {first['account_name']} beside {contact}{until}: {money}."
    if len(strangers):
        first = strangers.iloc[0]
        who = first["contact_name"] if named(first.to_dict()) else "the unknown one who decides"
        people = style.counted(len(strangers), "influential person", "influential people")
        yield f"Get to know {who} at {first['account_name']}: we have no contact with {people}."


def names(customers: pd.Series) -> str:
    """The first few names, and how many more there are."""
    shown = list(customers.head(_NAMED))
    more = len(customers) - len(shown)
    if more:
        return ", ".join(shown) + f" and {more} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
