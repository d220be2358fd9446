"""The first screen: who holds how much, what a hand-over would cost, what hangs on one contact, whom nobody called."""

from kam_analysis.pages import style
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import number_word

DASH = "\N{EN DASH}"


def answer(found: Evidence, unit: str) -> str:
    """The finding in one sentence."""
    said = [*_held(found, unit), *_hanging(found), *_called(found)]
    if not said:
        return "Nobody is named as looking after an account, so what hangs on whom cannot be told; name the account managers in the customer master."
    return "; ".join(said) + "."


def _held(found: Evidence, unit: str) -> list[str]:
    cost = found.leaving.cost
    if cost is None:
        return []
    loss = amounts(cost.transition.low, cost.transition.high, unit)
    more = "" if cost.further is None or cost.further.high <= 0 else ", more if customers follow"
    said = [
        f"{found.leaver} looks after {style.share(cost.revenue_share, 0)} of sales",
        f"a hand-over alone would cost {loss} of sales by published experience{more}",
    ]
    if not len(found.relations.hanging) and len(found.unheld):
        part = float(found.unheld["revenue"].clip(lower=0).sum() / found.accounts["revenue"].clip(lower=0).sum())
        said.append(f"{style.counted(len(found.unheld), 'customer')} with {style.share(part, 0)} of sales have nobody")
    elif not len(found.relations.hanging) and found.unheld_idle:
        said.append(f"{style.counted(found.unheld_idle, 'customer')} who bought nothing have nobody")
    return said


def if_some_follow(found: Evidence, unit: str) -> str:
    """What the departure costs in all by the assumption of how many customers follow; empty where none do."""
    cost = found.leaving.cost
    if cost is None or cost.follow_rate is None or not cost.follow_rate.value > 0:
        return ""
    rate, bound = cost.follow_rate, (cost.accounts["bond"] == "person").any()
    who = f"{style.share(rate.value, 0)} of customers follow"
    who += ", more where they are bound to the person" if bound and rate.high > rate.value else ""
    return f"If {who}, it is {style.money(cost.at_risk.value, unit)} in all ({amounts(cost.at_risk.low, cost.at_risk.high, '')})."


def amounts(low: float, high: float, unit: str) -> str:
    """A range of money with its unit once: 3.22-4.29 M EUR."""
    least, most = style.money(low, unit), style.money(high, unit)
    number, _, rest = least.partition(style.GAP)
    return f"{number}{DASH}{most}" if rest == most.partition(style.GAP)[2] else f"{style.money(low)}{DASH}{most}"


def _hanging(found: Evidence) -> list[str]:
    if not len(found.relations.hanging):
        return []
    cost = found.leaving.cost
    if cost is None:
        return [f"{style.counted(len(found.on_one), 'customer')} hang on one contact"]
    count, whole = len(found.his_hanging), len(cost.accounts)
    return [
        f"{number_word(count)} of these {style.counted(whole, 'account')} hang{'s' if count == 1 else ''} on one contact"
    ]


def _called(found: Evidence) -> list[str]:
    if found.overdue is None or not found.key_ids:
        return []
    return [f"{number_word(found.overdue) if not found.overdue else found.overdue} of {len(found.key_ids)} key accounts had no executive call this year"]  # fmt: skip


def key_figures(found: Evidence, unit: str) -> list[KeyFigure]:
    """Up to four numbers: what one person holds, what a hand-over costs, what hangs on one contact, overdue calls.

    What no table tells is left off; what is known from sales alone stands in for it.
    """
    figures = [*_largest(found), *_cost(found, unit), *_on_one(found, unit), *_calls(found)]
    return [*figures, *_neither(found, unit), *_nobody(found)][:4]


def _largest(found: Evidence) -> list[KeyFigure]:
    if not len(found.people):
        return []
    first = found.people.iloc[0]
    few = found.few
    note = f"{found.manager(first['account_manager_id'])}, {style.counted(int(first['accounts']), 'account')}; {style.counted(few.managers, 'manager')} in all, as if {style.decimal(few.effective_managers)} had equal sales"
    return [KeyFigure("Most that one manager looks after", f"{style.share(first['revenue_share'], 0)} of sales", note)]


def _cost(found: Evidence, unit: str) -> list[KeyFigure]:
    cost = found.leaving.cost
    if cost is None:
        return []
    note = "of sales a year, hand-over alone"
    if cost.further is not None:
        note += f"; with customers who follow {style.money(cost.at_risk.value)} ({amounts(cost.at_risk.low, cost.at_risk.high, '')})"
    return [KeyFigure(f"If {found.leaver} left", amounts(cost.transition.low, cost.transition.high, unit), note)]


def _on_one(found: Evidence, unit: str) -> list[KeyFigure]:
    hanging, whole = found.on_one, len(found.relations.hanging)
    if not whole:
        return []
    note = f"customers with contacts on record; {style.money(float(hanging['revenue'].clip(lower=0).sum()), unit)} of sales"  # fmt: skip
    return [KeyFigure("Hang on one contact", f"{len(hanging)} of {whole}", note)]


def _calls(found: Evidence) -> list[KeyFigure]:
    if found.overdue is None or not found.key_ids:
        return []
    note = "by a superior or executive, within twelve months"
    return [KeyFigure("Key accounts without a call from above this year", f"{found.overdue} of {len(found.key_ids)}", note)]  # fmt: skip


def _neither(found: Evidence, unit: str) -> list[KeyFigure]:
    rows = found.attended
    before = rows["before"].clip(lower=0)
    if not len(found.people) or not before.sum() > 0:
        return []
    idle = rows["verdict"] == "neither"
    note = f"of last year's sales, at {style.counted(int(idle.sum()), 'customer')}: {style.money(float(before[idle].sum()), unit)}"  # fmt: skip
    return [KeyFigure("Neither grown nor protected", style.share(float(before[idle].sum() / before.sum()), 0), note)]


def _nobody(found: Evidence) -> list[KeyFigure]:
    without = len(found.unheld) + found.unheld_idle
    if not len(found.people) or not without:
        return []
    note = f"{len(found.unheld) or 'none'} of them bought in the twelve months"
    return [KeyFigure("Without an account manager", style.counted(without, "customer"), note)]
