"""What to do about who holds the relationships."""

from collections.abc import Iterator

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.coverage.answer import amounts
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.coverage.result import last_day
from kam_analysis.pages.html import Html, bullets

_NAMED = 3
_MANY = 3


def next_steps(found: Evidence, unit: str) -> Html:
    """What the figures call for, the most money first."""
    return bullets(list(_steps(found, unit)) or ["Name in the customer master who looks after each account, and ask again."])  # fmt: skip


def _steps(found: Evidence, unit: str) -> Iterator[str]:
    yield from _departure(found, unit)
    yield from _contacts(found, unit)
    if found.overdue:
        first = found.relations.due.iloc[0]
        caller = found.manager(first["caller_id"]) or "a superior"
        yield f"Make the overdue calls from above, {found.overdue} of them; first {first['account_name']} by {caller} in {first['month']:%B %Y}. They are in calls.ics."
    if len(found.unheld):
        yield f"Give {found.customer(found.unheld['account_id'].iloc[0])} and {style.counted(len(found.unheld) - 1, 'other customer')} a manager, or decide that they need none."
    if found.hours is not None and found.hours.assessed and found.hours.gain > 0:
        yield f"Move hours: {style.count(found.hours.moved)} a month are better spent on other accounts of the same managers, worth {style.money(found.hours.gain, unit)} of {found.earned} a year."
    worst = found.practice.grid[(found.practice.grid["missing"] >= _MANY).fillna(False)] if len(found.practice.grid) else found.practice.grid  # fmt: skip
    if len(worst):
        yield f"Do what makes a key account one at {names(worst['account_name'])}: {_MANY} or more of {len(found.practice.known)} practices are missing there."
    if len(found.relations.silent):
        yield f"Ask {names(found.relations.silent['account_name'])} how we do: no word from them in two years."


def _departure(found: Evidence, unit: str) -> Iterator[str]:
    cost = found.leaving.cost
    if cost is None:
        return
    day = last_day(found)
    if day is not None and len(found.leaving.calls):
        first = found.leaving.calls.iloc[0]
        caller = found.manager(first["caller_id"]) or "an executive"
        yield f"Call {found.leaver}'s {style.counted(len(found.leaving.calls), 'customer')} before {style.day(day)}: {caller} begins with {first['account_name']} on {style.day(first['day'].date())}."
    without = int(found.people.loc[found.people["account_manager_id"] == cost.manager_id, "without_deputy"].fillna(0).iloc[0])  # fmt: skip
    if without:
        yield f"Name a deputy for {found.leaver}'s customers: {without} of {len(cost.accounts)} have none, and a hand-over would cost {amounts(cost.transition.low, cost.transition.high, unit)}."


def _contacts(found: Evidence, unit: str) -> Iterator[str]:
    one = found.relations.one_contact
    if len(one):
        first = one.iloc[0]
        contact = first["contact_name"] if pd.notna(first["contact_name"]) else "the one contact"
        ends = f" before the contract ends on {style.day(first['ends_on'].date())}" if first["has_contract"] else ""
        yield f"Find a second contact at {first['account_name']} beside {contact}{ends}: {style.money(first['exposure'], unit)} of {found.earned} a year hang on one person."
    if len(found.relations.strangers):
        first = found.relations.strangers.iloc[0]
        who = first["contact_name"] if pd.notna(first["contact_name"]) else "the unknown one who decides"
        how = f" ({first['approach'].lower()})" if isinstance(first["approach"], str) else ""
        yield f"Get to know {who} at {first['account_name']}{how}; {style.counted(len(found.relations.strangers), 'person', 'persons')} with influence are known to nobody."


def names(customers: pd.Series) -> str:
    """The first few names, and how many more there are."""
    shown = list(customers.head(_NAMED))
    more = len(customers) - len(shown)
    if more:
        return ", ".join(shown) + f" and {more} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
