"""The first screen: who leaves or would, what that costs, what depends on one contact, whom nobody called."""

from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

NOT_MATCHED = (
    "Who looks after whom cannot be told yet: part of the sales and the customer list write customers' ids differently."
)
NOBODY_NAMED = "No account managers in the data, so this page cannot show who owns what. Add them to the customer list."


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
    cost, unit = found.leaving.cost, found.about.unit
    assert cost is not None
    held = style.share(cost.revenue_share, 0)
    loss = f"{style.amounts(cost.transition.low, cost.transition.high, unit)} of sales at risk"
    if cost.further is not None and cost.further.high > 0:
        loss += f", {style.money(cost.at_risk.value, unit)} if customers follow"
    if found.last_day is not None:
        return f"{found.leaver}, who looks after {held} of sales, {leaves(found)}: {loss}."
    return f"{found.leaver} looks after {held} of sales. A hand-over puts {loss}."


def leaves(found: "Found") -> str:
    """The last day on file as the fact that it is: leaves on 31 Dec 2026; once it has passed, left."""
    assert found.last_day is not None
    return f"{'left' if found.last_day < found.known.as_of else 'leaves'} on {style.day(found.last_day)}"


def if_some_follow(found: "Found") -> str:
    """What the departure costs in all by the assumption of how many customers follow; empty where none do."""
    cost = found.leaving.cost
    if found.unmatched or cost is None or cost.follow_rate is None or not cost.follow_rate.value > 0:
        return ""
    rate, bound = cost.follow_rate, (cost.accounts["bond"] == "person").any()
    who = f"{style.share(rate.value, 0)} of customers follow"
    who += ", more where they are bound to the person" if bound and rate.high > rate.value else ""
    in_all = f"{style.money(cost.at_risk.value, found.about.unit)} in all"
    return f"If {who}, it is {in_all} ({style.amounts(cost.at_risk.low, cost.at_risk.high, '')})."


def _on_one_contact(found: "Found") -> list[str]:
    count = len(found.on_one)
    return [f"{style.counted(count, 'customer')} depend{'s' if count == 1 else ''} on one contact."] if count else []


def _called(found: "Found") -> list[str]:
    if found.overdue is None or not found.key_ids:
        return []
    if not found.overdue:
        return ["Every key account had an executive call this year."]
    return [f"{found.overdue} of {len(found.key_ids)} key accounts had no executive call this year."]


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
    theirs = style.counted(int(first["accounts"]), "customer")
    in_all = f"{style.counted(len(found.managers), 'manager')} in all"
    note = f"{found.manager(first['account_manager_id'])}, {theirs}; {in_all}"
    return [KeyFigure("Largest manager portfolio", f"{style.share(first['revenue_share'], 0)} of sales", note)]


def _cost(found: "Found") -> list[KeyFigure]:
    cost = found.leaving.cost
    if cost is None:
        return []
    note = "of sales a year, hand-over alone"
    if cost.further is not None:
        in_all = f"{style.money(cost.at_risk.value)} ({style.amounts(cost.at_risk.low, cost.at_risk.high, '')})"
        note += f"; with customers who follow {in_all}"
    alone = style.amounts(cost.transition.low, cost.transition.high, found.about.unit)
    label = f"{found.leaver} {leaves(found)}" if found.last_day else f"If {found.leaver} left"
    return [KeyFigure(label, alone, note)]


def _single_contacts(found: "Found") -> list[KeyFigure]:
    single, whole = found.on_one, len(found.relations.hanging)
    if not whole:
        return []
    money = style.money(float(single["revenue"].clip(lower=0).sum()), found.about.unit)
    note = f"customers with contacts on record; {money} of sales"
    return [KeyFigure("Single-contact customers", f"{len(single)} of {whole}", note)]


def _calls(found: "Found") -> list[KeyFigure]:
    if found.overdue is None or not found.key_ids:
        return []
    label, note = "Key accounts with no executive contact in 12 months", "none by a superior or executive"
    return [KeyFigure(label, f"{found.overdue} of {len(found.key_ids)}", note)]


def _slipping(found: "Found") -> list[KeyFigure]:
    rows = found.attended
    before = rows["before"].clip(lower=0)
    if not len(found.managers) or not before.sum() > 0:
        return []
    idle = rows["verdict"] == "neither"
    money = style.money(float(before[idle].sum()), found.about.unit)
    note = f"of last year's sales, at {style.counted(int(idle.sum()), 'customer')}: {money}"
    return [KeyFigure("Slipping", style.share(float(before[idle].sum() / before.sum()), 0), note)]


def _nobody(found: "Found") -> list[KeyFigure]:
    bought = len(found.ownership.unheld)
    without = bought + found.ownership.unheld_idle
    if not len(found.managers) or not without:
        return []
    note = f"{bought or 'none'} of them bought in the twelve months"
    return [KeyFigure("Without an account manager", style.counted(without, "customer"), note)]
