"""The first screen: who holds how much, what a hand-over would cost, what depends on one contact, whom nobody called."""

from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import number_word

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

DASH = "\N{EN DASH}"
NOT_MATCHED = (
    "Who looks after whom cannot be told yet: part of the sales and the customer list write customers' ids differently."
)
NOBODY_NAMED = (
    "Nobody is named as looking after an account, so what hangs on whom cannot be told; name the account managers in"
    " the customer master."
)


def answer(found: "Found") -> str:
    """The finding in one sentence; what is known of the half that matches is no finding of the whole."""
    if found.unmatched:
        return NOT_MATCHED
    said = [*_held(found), *_on_one_contact(found), *_called(found)]
    return "; ".join(said) + "." if said else NOBODY_NAMED


def _held(found: "Found") -> list[str]:
    cost, unheld = found.leaving.cost, found.ownership.unheld
    if cost is None:
        return []
    loss = amounts(cost.transition.low, cost.transition.high, found.about.unit)
    more = "" if cost.further is None or cost.further.high <= 0 else ", more if customers follow"
    said = [
        f"{found.leaver} looks after {style.share(cost.revenue_share, 0)} of sales",
        f"a hand-over alone would cost {loss} of sales by published experience{more}",
    ]
    if not len(found.relations.hanging) and len(unheld):
        part = float(unheld["revenue"].clip(lower=0).sum() / found.accounts["revenue"].clip(lower=0).sum())
        said.append(f"{style.counted(len(unheld), 'customer')} with {style.share(part, 0)} of sales have nobody")
    elif not len(found.relations.hanging) and found.ownership.unheld_idle:
        said.append(f"{style.counted(found.ownership.unheld_idle, 'customer')} who bought nothing have nobody")
    return said


def if_some_follow(found: "Found") -> str:
    """What the departure costs in all by the assumption of how many customers follow; empty where none do."""
    cost = found.leaving.cost
    if found.unmatched or cost is None or cost.follow_rate is None or not cost.follow_rate.value > 0:
        return ""
    rate, bound = cost.follow_rate, (cost.accounts["bond"] == "person").any()
    who = f"{style.share(rate.value, 0)} of customers follow"
    who += ", more where they are bound to the person" if bound and rate.high > rate.value else ""
    in_all = f"{style.money(cost.at_risk.value, found.about.unit)} in all"
    return f"If {who}, it is {in_all} ({amounts(cost.at_risk.low, cost.at_risk.high, '')})."


def amounts(low: float, high: float, unit: str) -> str:
    """A range of money with its unit once: 3.22-4.29 M EUR."""
    least, most = style.money(low, unit), style.money(high, unit)
    number, _, rest = least.partition(style.GAP)
    return f"{number}{DASH}{most}" if rest == most.partition(style.GAP)[2] else f"{style.money(low)}{DASH}{most}"


def _on_one_contact(found: "Found") -> list[str]:
    if not len(found.relations.hanging):
        return []
    cost = found.leaving.cost
    if cost is None:
        return [f"{style.counted(len(found.on_one), 'customer')} hang on one contact"]
    count = int((found.on_one["account_manager_id"] == cost.manager_id).sum())
    whole = style.counted(len(cost.accounts), "account")
    return [f"{number_word(count)} of these {whole} hang{'s' if count == 1 else ''} on one contact"]


def _called(found: "Found") -> list[str]:
    if found.overdue is None or not found.key_ids:
        return []
    count = found.overdue or number_word(0)
    return [f"{count} of {len(found.key_ids)} key accounts had no executive call this year"]


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
    first, few = found.managers.iloc[0], found.ownership.few
    theirs = style.counted(int(first["accounts"]), "account")
    all_of_them = f"{style.counted(few.managers, 'manager')} in all, as if {style.decimal(few.effective_managers)}"
    note = f"{found.manager(first['account_manager_id'])}, {theirs}; {all_of_them} had equal sales"
    return [KeyFigure("Most that one manager looks after", f"{style.share(first['revenue_share'], 0)} of sales", note)]


def _cost(found: "Found") -> list[KeyFigure]:
    cost = found.leaving.cost
    if cost is None:
        return []
    note = "of sales a year, hand-over alone"
    if cost.further is not None:
        in_all = f"{style.money(cost.at_risk.value)} ({amounts(cost.at_risk.low, cost.at_risk.high, '')})"
        note += f"; with customers who follow {in_all}"
    alone = amounts(cost.transition.low, cost.transition.high, found.about.unit)
    return [KeyFigure(f"If {found.leaver} left", alone, note)]


def _single_contacts(found: "Found") -> list[KeyFigure]:
    single, whole = found.on_one, len(found.relations.hanging)
    if not whole:
        return []
    money = style.money(float(single["revenue"].clip(lower=0).sum()), found.about.unit)
    note = f"customers with contacts on record; {money} of sales"
    return [KeyFigure("Depend on one contact", f"{len(single)} of {whole}", note)]


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
    return [KeyFigure("Neither grown nor protected", style.share(float(before[idle].sum() / before.sum()), 0), note)]


def _nobody(found: "Found") -> list[KeyFigure]:
    bought = len(found.ownership.unheld)
    without = bought + found.ownership.unheld_idle
    if not len(found.managers) or not without:
        return []
    note = f"{bought or 'none'} of them bought in the twelve months"
    return [KeyFigure("Without an account manager", style.counted(without, "customer"), note)]
