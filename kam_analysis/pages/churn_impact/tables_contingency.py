"""The contingency plan as tables: what shows the loss, what is done then, and the budget with and without it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis import recovery
from kam_analysis.pages import style
from kam_analysis.pages.cells import of as in_unit
from kam_analysis.pages.churn_impact.tables import Row, with_range
from kam_analysis.pages.html import Html, folded, together
from kam_analysis.pages.table import Column, Table, columns_in, rows
from kam_analysis.pages.words import listed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_TRIGGERS = words_in(__file__, "triggers")


def contingency(found: "Found") -> Html | None:
    """The plan: its steps on the page, signs and months folded below them."""
    steps = steps_table(found)
    if steps is None:
        return None
    return together(steps.html(), folded(say("plan.below"), signs_table(found), months_table(found)))


def steps_table(found: "Found") -> Table | None:
    """The steps, with their owner, day, what sets each off and the money it is about."""
    plan = found.contingency
    if plan is None:
        return None
    columns = declared(
        "steps", heading={"amount": say("heads.about") + in_unit(found.about.unit)}, written={"amount": _amount}
    )
    made = [
        {
            "due": pd.Timestamp(each.due),
            "step": _STEPS[each.rule](plan.of, found),
            "trigger": _TRIGGERS[each.trigger],
            "owner": each.owner.name if each.owner else say("steps.to_be_named"),
            "rule": each.rule,
        }
        | ({} if each.amount is None else _range(each.amount))
        for each in plan.steps
    ]
    said = [say("steps.days_from_today")]
    if (plan.signs["kind"] == "notice").any():
        by_notice = (plan.signs["day"] == pd.Timestamp(plan.of.known_by)).any()
        day = style.day(plan.of.known_by)
        said = [say("steps.days_by_notice" if by_notice else "steps.days_before_sales_stop", day=day)]
    shows = plan.signs[(plan.signs["kind"] == "orders") & (plan.signs["now"] < plan.signs["amount"])]
    if len(shows):
        said.insert(0, say("steps.shows_already", names=listed(shows["account_name"])))
    return Table(say("steps.caption", case=found.case_named), columns, rows(made, columns), notes=[" ".join(said)])


def _range(amount: recovery.Range) -> dict[str, float | None]:
    low, high = (amount.low, amount.high) if amount.low < amount.high else (None, None)
    return {"amount": amount.value, "amount_low": low, "amount_high": high}


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
    columns = declared("signs", written={"kind": lambda row: _sign(row, found), "now": lambda row: _today(row, found)})
    return Table(say("plan.signs"), columns, plan.signs)


def _sign(row: Row, found: "Found") -> str:
    if row["kind"] == "orders":
        return say("plan.orders", least=style.money(row["amount"], found.about.currency))
    day = style.day(row["day"].date())
    if row["kind"] == "departure":
        return say("plan.leaves", day=day)
    if row["day"] == row["ends_on"]:
        return say("plan.no_renewal", day=day)
    return say("plan.notice", day=day, ends=style.day(row["ends_on"].date()))


def _today(row: Row, found: "Found") -> str:
    if row["kind"] != "orders":
        return ""
    now = style.money(row["now"], found.about.currency)
    return say("plan.shows", now=now) if row["now"] < row["amount"] else now


def months_table(found: "Found") -> Table | None:
    """The coming twelve months as planned and without them; the margin and the cash are those of `cash_table`."""
    plan, margin = found.contingency, found.exposed.has_margin
    if plan is None:
        return None
    both = [
        Column(
            name + end,
            say("plan.without", head=head) if end else head,
            "money",
            on_page=name != "revenue" or not margin,
        )
        for name, head in (("revenue", "Sales"), ("margin", "Margin"), ("result", "Result"))
        for end in ("", "_without")
    ]
    columns = declared("budget_by_month", made={"plan": both}, written={"month": lambda row: f"{row['month']:%b %Y}"})
    said = [say("plan.as_bought")]
    if (plan.by_month["basis"] != "budget").any():
        said.append(say("plan.as_sales_run"))
    if found.fixed is not None:
        said.append(say("plan.result", fixed=with_range(found.fixed, found.about.unit)))
    below = [at for at, each in enumerate(plan.by_month["result_without"]) if each < 0]
    caption, notes = say("plan.months"), [" ".join(said)]
    return Table(caption, columns, plan.by_month, found.about.unit, strong=below, notes=notes)
