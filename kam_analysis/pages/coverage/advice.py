"""What to do about who holds the relationships."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.coverage.answer import leaves
from kam_analysis.pages.coverage.charts_contacts import named
from kam_analysis.pages.html import FIRST_STEPS, Html, Step, bullets
from kam_analysis.pages.who_acts import OTHER_DAYS, WhoActs
from kam_analysis.pages.words import listed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say = said_in(__file__)

_NAMED = 3
# From so many of the basics missing at a key account on.
_MANY = 3


def actions(found: "Found") -> Html:
    """What the figures call for, the most money first; first of all that list and sales write ids alike."""
    if found.unmatched:
        return bullets([say("actions.match_ids")])
    if not len(found.managers):
        return bullets([*_steps(found), say("actions.name_managers")])
    return bullets(list(_steps(found)) or [say("actions.none")], shown=FIRST_STEPS)


def _steps(found: "Found") -> Iterator[Step]:
    yield from _departure(found)
    yield from _contacts(found)
    if found.overdue:
        due = found.relations.due.iloc[0]
        told = {"first": due["account_name"], "overdue": found.overdue}
        said = say("actions.executive_call" if found.overdue == 1 else "actions.executive_calls", **told)
        yield Step(said, found.manager(due["caller_id"]) or say("actions.superior"), f"{due['month']:%B %Y}")
    unheld = found.ownership.unheld
    if len(unheld):
        told = {"first": found.customer(unheld["account_id"].iloc[0])}
        told["others"] = style.counted(len(unheld) - 1, "other customer")
        said = say("actions.managers" if len(unheld) > 1 else "actions.one_manager", **told)
        at_stake = _of(style.money(float(unheld["revenue"].clip(lower=0).sum()), found.about.unit), "sales")
        yield Step(said, say("actions.executive"), style.day(found.known.as_of + timedelta(days=OTHER_DAYS)), at_stake)
    best = found.allocation
    if best is not None and best.assessed and best.gain > 0:
        won = say("actions.to_win", money=style.money(best.gain, found.about.unit), what=found.earned)
        yield Step(say("actions.hours", hours=style.count(best.moved)), at_stake=won)
    if len(found.practice) and len(worst := found.practice[(found.practice["missing"] >= _MANY).fillna(False)]):
        missing = {"many": _MANY, "all": len(found.practised.known)}
        yield Step(say("actions.basics", customers=listed(worst["account_name"], _NAMED), **missing))
    if len(found.relations.silent):
        yield Step(say("actions.ask", customers=listed(found.relations.silent["account_name"], _NAMED)))


def _departure(found: "Found") -> Iterator[Step]:
    """The calls and who takes over where a last day is on file; else who could stand in."""
    cost, calls, takes = found.leaving.cost, found.leaving.calls, found.leaving.takes
    if cost is None:
        return
    told = {"who": found.leaver, "customers": style.counted(len(cost.accounts), "customer")}
    if found.last_day is not None and len(calls):
        first = calls.iloc[0]
        begins = {"first": first["account_name"], "begin": style.day(first["day"].date()), "leaves": leaves(found)}
        gone = found.last_day < found.known.as_of
        said = say("actions.call_now" if gone else "actions.call", **told, **begins)
        risk = style.estimate(cost.at_risk.value, cost.at_risk.low, cost.at_risk.high, found.about.unit)
        caller = found.manager(first["caller_id"]) or say("actions.executive")
        yield Step(said, caller, begins["begin"] if gone else style.day(found.last_day), _of(risk, "sales"))
    loss = _of(style.amounts(cost.transition.low, cost.transition.high, found.about.unit), "sales")
    if found.last_day is not None and takes is not None and takes.saved > 0:
        saved, days = style.money(takes.saved, found.about.unit), takes.accounts["day"].dropna()
        by = style.day(min(days.min().date(), found.last_day)) if len(days) else style.day(found.last_day)
        yield Step(say("actions.succession", **told, money=saved), _owner(found, cost.manager_id), by, loss)
        return
    rows = found.managers[found.managers["account_manager_id"] == cost.manager_id]
    without = int(rows["without_deputy"].fillna(0).iloc[0])
    if without:
        yield Step(say("actions.deputy", who=found.leaver, without=without, all=len(cost.accounts)), at_stake=loss)


def _contacts(found: "Found") -> Iterator[Step]:
    one, strangers = found.relations.one_contact, found.relations.strangers
    if len(one):
        first = one.iloc[0]
        contact = first["contact_name"] if named(first.to_dict()) else say("actions.one_without_name")
        said = say("actions.second_contact", customer=first["account_name"], contact=contact)
        owner, by = _owner(found, first["account_manager_id"]), _day(found, first["account_id"])
        yield Step(said, owner, by, _a_year(found, first["exposure"]))
    if len(strangers):
        first = strangers.iloc[0]
        who = first["contact_name"] if named(first.to_dict()) else say("actions.decides_without_name")
        people = style.counted(len(strangers), "influential person", "influential people")
        said = say("actions.get_to_know", who=who, customer=first["account_name"], people=people)
        yield Step(said, _owner(found, first["owner_id"]), _day(found, first["account_id"]))


def _day(found: "Found", account_id: str) -> str:
    """Until when somebody is got to know there: the same day as in the account's plan."""
    acts = WhoActs(as_of=found.known.as_of, traits=found.known.traits, staff=found.known.staff)
    return acts.within(account_id, OTHER_DAYS)["by"]


def _owner(found: "Found", manager_id: object) -> str:
    """Whose task it is: a manager's whose last day is on file is that of who is above them; empty for nobody."""
    cost, staff = found.leaving.cost, found.known.staff
    if cost is None or found.last_day is None or str(manager_id) != cost.manager_id:
        return found.manager(manager_id)
    above = staff.reindex(columns=["manager_id", "superior_id"]).set_index("manager_id")["superior_id"]
    return found.manager(above.get(cost.manager_id))


def _of(amount: str, what: str) -> str:
    return say("actions.at_stake", money=amount, what=what)


def _a_year(found: "Found", amount: float) -> str:
    return say("actions.at_stake_a_year", money=style.money(amount, found.about.unit), what=found.earned)
