"""The first screen: who leaves or would, what that costs, what depends on one contact, whom nobody called."""

from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import coming_day, said_in, short_enough

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say = said_in(__file__)

NOT_MATCHED = say("answer.ids_do_not_match")
NOBODY_NAMED = say("answer.nobody_named")


def answer(found: "Found") -> str:
    """The finding: a departure that is on file as a fact, else the question that is asked of each manager.

    What is known of the half that matches is no finding of the whole.
    """
    if found.unmatched:
        return NOT_MATCHED
    if found.leaving.cost is not None:
        return _departure(found)
    said = [*_on_one_contact(found), *_called(found)]
    return " ".join(said) or NOBODY_NAMED


def _departure(found: "Found") -> str:
    """The hand-over's own cost; what it is if customers follow, as long as two dozen words hold it."""
    cost, unit = found.leaving.cost, found.about.unit
    assert cost is not None
    told = {"who": found.leaver, "share": style.share(cost.revenue_share, 0)}
    told["loss"] = style.amounts(cost.transition.low, cost.transition.high, unit)
    if found.last_day is not None:
        told["leaves"] = leaves(found)
    said = say("answer.question" if found.last_day is None else "answer.departure", **told)
    if cost.further is None or not cost.further.high > 0:
        return said
    told["more"] = _in_all(found)
    longer = say("answer.question_followed" if found.last_day is None else "answer.departure_followed", **told)
    return short_enough(longer, said)


def _in_all(found: "Found") -> str:
    """What the departure costs in all, as exactly as its range tells it."""
    cost = found.leaving.cost
    assert cost is not None
    return style.estimate(cost.at_risk.value, cost.at_risk.low, cost.at_risk.high, found.about.unit)


def leaves(found: "Found") -> str:
    """The last day on file as the fact that it is: leaves on 31 December; once it has passed, left."""
    assert found.last_day is not None
    day = coming_day(found.last_day, found.known.as_of)
    return say("answer.left" if found.last_day < found.known.as_of else "answer.leaves", day=day)


def if_some_follow(found: "Found") -> str:
    """What the departure costs in all by the assumption of how many customers follow; empty where none do."""
    cost = found.leaving.cost
    if found.unmatched or cost is None or cost.follow_rate is None or not cost.follow_rate.value > 0:
        return ""
    rate, bound = cost.follow_rate, (cost.accounts["bond"] == "person").any()
    more = bound and rate.high > rate.value
    range_ = style.amounts(cost.at_risk.low, cost.at_risk.high, found.about.unit)
    told = {"share": style.share(rate.value, 0), "amount": _in_all(found), "range": range_}
    return say("answer.if_some_follow_a_person" if more else "answer.if_some_follow", **told)


def _on_one_contact(found: "Found") -> list[str]:
    count = len(found.on_one)
    if count > 1:
        return [say("answer.several_on_one_contact", number=style.count(count))]
    return [say("answer.one_contact")] if count else []


def _called(found: "Found") -> list[str]:
    if found.overdue is None or not found.key_ids:
        return []
    if not found.overdue:
        return [say("answer.all_called")]
    return [say("answer.not_called", overdue=found.overdue, all=len(found.key_ids))]


def key_figures(found: "Found") -> list[KeyFigure]:
    """Up to four numbers: what one person holds, what a hand-over costs, what depends on one contact, overdue calls.

    What no table tells is left off; what is known from sales alone stands in for it.
    """
    if found.unmatched:
        return []
    figures = [*_largest(found), *_cost(found), *_single_contacts(found), *_calls(found)]
    return [*figures, *_slipping(found), *_nobody(found)][:4]


def _largest(found: "Found") -> list[KeyFigure]:
    if not len(found.managers):
        return []
    first = found.managers.iloc[0]
    customers, who = style.counted(int(first["accounts"]), "customer"), found.manager(first["account_manager_id"])
    note = say("tiles.largest_note", who=who, customers=customers)
    return [KeyFigure(say("tiles.largest"), style.share(first["revenue_share"], 0), note)]


def _cost(found: "Found") -> list[KeyFigure]:
    """What the change alone costs; a last day on file is bad news, and no question."""
    cost, unit = found.leaving.cost, found.about.unit
    if cost is None:
        return []
    note = say("tiles.departure_note")
    if cost.further is not None:
        range_ = style.amounts(cost.at_risk.low, cost.at_risk.high, unit)
        note = say("tiles.departure_followed", more=_in_all(found), range=range_)
    alone, who = style.amounts(cost.transition.low, cost.transition.high, unit), found.leaver
    if found.last_day is None:
        return [KeyFigure(say("tiles.if_left", who=who), alone, note)]
    return [KeyFigure(say("tiles.departure", who=who, leaves=leaves(found)), alone, note, tone="bad")]


def _single_contacts(found: "Found") -> list[KeyFigure]:
    single, whole = found.on_one, len(found.relations.hanging)
    if not whole:
        return []
    money = style.money(float(single["revenue"].clip(lower=0).sum()), found.about.unit)
    value, note = say("tiles.of_all", number=len(single), all=whole), say("tiles.one_contact_note", money=money)
    return [KeyFigure(say("tiles.one_contact"), value, note)]


def _calls(found: "Found") -> list[KeyFigure]:
    if found.overdue is None or not found.key_ids:
        return []
    value = say("tiles.of_all", number=found.overdue, all=len(found.key_ids))
    return [KeyFigure(say("tiles.calls"), value, say("tiles.calls_note"), tone="bad" if found.overdue else "good")]


def _slipping(found: "Found") -> list[KeyFigure]:
    rows = found.attended
    before = rows["before"].clip(lower=0)
    if not len(found.managers) or not before.sum() > 0:
        return []
    idle = rows["verdict"] == "neither"
    money = style.money(float(before[idle].sum()), found.about.unit)
    note = say("tiles.slipping_note", customers=style.counted(int(idle.sum()), "customer"), money=money)
    return [KeyFigure(say("tiles.slipping"), style.share(float(before[idle].sum() / before.sum()), 0), note)]


def _nobody(found: "Found") -> list[KeyFigure]:
    bought = len(found.ownership.unheld)
    without = bought + found.ownership.unheld_idle
    if not len(found.managers) or not without:
        return []
    note = say("tiles.nobody_note", bought=style.count(bought)) if bought else say("tiles.nobody_bought")
    return [KeyFigure(say("tiles.nobody"), style.counted(without, "customer"), note)]
