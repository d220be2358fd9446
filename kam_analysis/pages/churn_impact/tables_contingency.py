"""The contingency plan as tables: what shows the loss, what is done then, and the budget with and without it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis import recovery
from kam_analysis.pages import style
from kam_analysis.pages.cells import of as in_unit
from kam_analysis.pages.churn_impact.answer import listed
from kam_analysis.pages.churn_impact.tables import Row, beside, with_range
from kam_analysis.pages.html import Html, folded, together
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.contingency import Contingency
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_TO_BE_NAMED = say("steps.to_be_named")
_TRIGGERS: dict[str, str] = {
    "now": say("triggers.now"),
    "known": say("triggers.known"),
    "gone": say("triggers.gone"),
    "slow": say("triggers.slow"),
}


def contingency(found: "Found") -> Html | None:
    """The plan: its steps on the page, signs and months folded below them."""
    plan = found.contingency
    if plan is None:
        return None
    below = folded("Signs to watch, and the budget by month", signs_table(found), months_table(found))
    return together(_steps(found, plan).html(), below)


def steps_table(found: "Found") -> Table | None:
    """The steps, with their owner, day, what sets each off and the money it is about."""
    return None if found.contingency is None else _steps(found, found.contingency)


def _steps(found: "Found", plan: "Contingency") -> Table:
    columns = [
        Column("due", "By", "date"),
        Column("step", "Step"),
        Column("trigger", "Set off by"),
        Column("owner", "Who"),
        Column("amount", f"About{in_unit(found.about.unit)}", "money", written=_amount),
        *beside("money", "amount_low", "amount_high"),
        *beside("text", "rule"),
    ]
    made = [
        {
            "due": pd.Timestamp(each.due),
            "step": _STEPS[each.rule](plan.of, found),
            "trigger": _TRIGGERS[each.trigger],
            "owner": each.owner.name if each.owner else _TO_BE_NAMED,
            "rule": each.rule,
        }
        | ({} if each.amount is None else _range(each.amount))
        for each in plan.steps
    ]
    table = rows(made, columns)
    if (plan.signs["kind"] == "notice").any():
        said = say("steps.days_by_notice", day=style.day(plan.of.known_by))
    else:
        said = say("steps.days_from_today")
    shows = plan.signs[(plan.signs["kind"] == "orders") & (plan.signs["now"] < plan.signs["amount"])]
    if len(shows):
        names = listed(shows["account_name"].tolist())
        said = f"{say('steps.shows_already', names=names)} {said}"
    return Table(say("steps.caption", case=found.case_named), columns, table, notes=[said])


def _range(amount: recovery.Range) -> dict[str, float | None]:
    wide = amount.low < amount.high
    return {
        "amount": amount.value,
        "amount_low": amount.low if wide else None,
        "amount_high": amount.high if wide else None,
    }


def _amount(row: Row) -> str:
    if row["amount"] is None or pd.isna(row["amount"]):
        return ""
    if pd.isna(row["amount_low"]):
        return style.money(row["amount"])
    return style.amounts(row["amount_low"], row["amount_high"])


_STEPS: dict[str, Callable[[recovery.WorstCase, "Found"], str]] = {
    "agree": lambda of, found: say("steps.agree"),
    "budget": lambda of, found: say("steps.budget", earned=found.earned),
    "cash": lambda of, found: (
        say("steps.cash_lowest", month=f"{of.cash_low_on:%b %Y}") if of.cash_low_on else say("steps.cash")
    ),
    "next": lambda of, found: say("steps.next", who=of.next_largest, share=style.share(of.next_share, 0)),
    "replace": lambda of, found: say("steps.replace"),
    "line": lambda of, found: say("steps.line", line=of.line, share=style.share(of.line_share, 0)),
    "cut": lambda of, found: say("steps.cut", months=f"{of.cut_months:g}"),
    "collect": lambda of, found: say("steps.collect"),
    "review": lambda of, found: say("steps.review"),
}


def signs_table(found: "Found") -> Table | None:
    """What shows that the loss comes, and how it stands today."""
    plan = found.contingency
    if plan is None or plan.signs.empty:
        return None
    columns = [
        Column("account_name", "Who"),
        Column("kind", "Sign", written=lambda row: _sign(row, found)),
        *beside("date", "day"),
        Column("now", "Today", "money", written=lambda row: _today(row, found)),
        *beside("money", "amount"),
        *beside("text", "account_id"),
    ]
    return Table("Signs that it happens", columns, plan.signs)


def _sign(row: Row, found: "Found") -> str:
    if row["kind"] == "departure":
        return f"Leaves on {style.day(row['day'].date())}: a customer says that it goes along"
    if row["kind"] == "notice":
        ends = style.day(row["ends_on"].date())
        bare = row["day"] == row["ends_on"]
        return (
            f"Does not renew: the contract ends {ends}"
            if bare
            else (f"Gives notice, possible until {style.day(row['day'].date())} (contract ends {ends})")
        )
    least = style.money(row["amount"], found.about.currency)
    return f"Orders less than {least} in three months, its weakest of two years"


def _today(row: Row, found: "Found") -> str:
    if row["kind"] != "orders":
        return ""
    now = style.money(row["now"], found.about.currency)
    return f"{now}: it shows already" if row["now"] < row["amount"] else now


def months_table(found: "Found") -> Table | None:
    """The coming twelve months as planned and without them; the margin and the cash are those of `cash_table`."""
    plan = found.contingency
    if plan is None:
        return None
    both = [
        Column(name + end, f"{head}{', without them' if end else ''}", "money", on_page=name != "revenue" or not known)
        for known in [found.exposed.has_margin]
        for name, head in (("revenue", "Sales"), ("margin", "Margin"), ("result", "Result"))
        for end in ("", "_without")
    ]
    columns = [
        Column("month", "Month", "date", written=lambda row: f"{row['month']:%b %Y}"),
        Column("basis", "Planned by"),
        *both,
        Column("cash_so_far", "Cash so far", "money"),
        *beside("money", "cash"),
    ]
    ran = (plan.by_month["basis"] != "budget").any()
    said = "They are taken to be in the plan as they bought in the last twelve months."
    if ran:
        said += " As sales run: a twelfth of the last twelve months, without the seasons, where no budget is on file."
    if found.fixed is not None:
        said += f" Result: margin less a twelfth of fixed costs of {with_range(found.fixed, found.about.unit)}."
    below = [at for at, each in enumerate(plan.by_month["result_without"]) if each < 0]
    name = "Budget by month, with and without them"
    return Table(name, columns, plan.by_month, unit=found.about.unit, strong=below, notes=[said])
