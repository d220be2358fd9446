"""What a bad year costs at the annual rate and within the next twelve months, its parts, and a worst case in cash."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.pages import notices, style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.advice import risk_falls
from kam_analysis.pages.churn_impact.answer import BAD, called
from kam_analysis.pages.churn_impact.tables import Row, beside
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_NO_FALLS = "What customers that stay may buy less is not assessed: that takes 24 months of sales."
_HEADS = {
    "joint": "A year's {earned}",
    "this_year": "Within the next 12 months",
    "alone": "Independent, a year",
    "staying": "If no manager leaves, a year",
}


def bad_years(found: "Found") -> Table | None:
    """A bad year at the annual rate and within the next twelve months, with every customer on its own, and if nobody leaves."""
    if found.bad_year is None:
        return None
    sides = {"joint": found.bad_year.joint}
    if found.this_year is not None:
        sides["this_year"] = found.this_year
    if found.causes:
        sides["alone"] = found.bad_year.alone
        if found.staying is not None:
            sides["staying"] = found.staying.joint
    rows = [
        {"figure": "Expected in a usual year"} | {side: each.mean for side, each in sides.items()},
        {"figure": "Lost in a 1-in-20 year"} | {side: each.quantile(BAD) for side, each in sides.items()},
        {"figure": "Average of the worst 1 in 20 years"}
        | {side: each.expected_shortfall(BAD) for side, each in sides.items()},
    ]
    heads = {side: head.format(earned=found.earned) for side, head in _HEADS.items()}
    columns = [Column("figure", ""), *(Column(side, heads[side], "money") for side in sides)]
    return Table("A bad year", columns, rows=pd.DataFrame(rows), unit=found.about.unit, notes=_said(found))


def _said(found: "Found") -> list[str]:
    """What the two figures are, and which result each is held against."""
    said = [say("bad_years.annual", earned=found.earned)]
    if found.this_year is not None:
        said.append(say("bad_years.this_year"))
    if found.causes:
        said.append(say("bad_years.independent"))
    return [" ".join(said), *_break_even(found)]


def _break_even(found: "Found") -> list[str]:
    """The chance of passing break-even, of each figure against the result that belongs to it."""
    chances = {
        name: f"{style.share(each.value, 0)} ({style.share(each.low, 0)} to {style.share(each.high, 0)})"
        for name, each in found.below_break_even.items()
    }
    if "this_year" not in chances or "annual" not in chances:
        return []
    plan = "next year's budget" if found.planned else "a whole year at today's margin"
    said = (
        f"The chance of falling below break-even is {chances['this_year']} within the next 12 months, held against today's "
        f"margin, and {chances['annual']} at the annual rate, held against {plan}."
    )
    if found.last_year is not None:
        came = style.money(found.last_year.new + found.last_year.grown, found.about.unit)
        said += f" Nothing is set against the losses: last year new business and growth brought {came}."
    return [said]


def parts(found: "Found") -> Table | Html | None:
    """What is expected to go with customers that leave and with those that buy less, beside what went last year."""
    year, last = found.bad_year, found.last_year
    if year is None:
        return None
    if year.less is None or last is None:
        return paragraph(_NO_FALLS, "note")
    departs = set(found.common.departures) - set(found.overrides.without)
    leaving = "Customers that leave, and hand-overs" if departs else "Customers that leave"
    rows = [
        {"part": leaving, "expected": year.expected_leaving, "last_year": -last.lost},
        {"part": "Customers that stay and buy less", "expected": year.expected_less, "last_year": -last.shrunk},
        {"part": "Together", "expected": year.joint.mean, "last_year": -last.lost - last.shrunk},
    ]
    columns = [
        Column("part", "Through"),
        Column("expected", "Expected in a year", "money"),
        Column("last_year", "Last year", "money"),
    ]
    past = found.past_falls
    over = style.counted(past.years, "year") if past is not None else ""
    said = (
        f"Buying less: as customers of like size fell in the past ({over}), each by itself. Growth and new business are no "
        "credit. A year that is bad for all customers at once would cost more."
    )
    caption = f"What a year takes, and what last year took ({found.earned})"
    return Table(caption, columns, rows=pd.DataFrame(rows), unit=found.about.unit, strong=[2], notes=[said])


def cash(found: "Found") -> Table | None:
    """The first worst case month by month: the margin missing, what is still paid, what is cut, and the cash in all."""
    case = found.first_case
    if found.cash.empty or case is None:
        return None
    begins, unit = pd.Period(found.about.as_of, "M"), of(found.about.unit)
    rows = found.cash.assign(name=[f"{(begins + int(at)).strftime('%b %Y')}" for at in found.cash["month"]])
    columns = [
        *beside("count", "month"),
        Column("name", "Month"),
        Column("margin_lost", "Margin", "money"),
        Column(
            "receivables_in", f"Still paid for earlier sales{unit}", "money", written=_unless_zero("receivables_in")
        ),
        Column("costs_cut", f"Fixed costs cut{unit}", "money", written=_unless_zero("costs_cut")),
        Column("cash", "Cash", "money"),
        Column("cash_so_far", "Cash so far", "money"),
    ]
    without = f": {case.label}" if case.kind == "departure" else f" without {called(found, case)}"
    return Table(f"Cash by month{without}", columns, rows=rows, unit=found.about.unit, notes=[_cash_said(found)])


def _unless_zero(name: str) -> Callable[[Row], str]:
    return lambda row: style.money(row[name]) if row[name] else ""


def _cash_said(found: "Found") -> str:
    said = (
        "Each month against today. A customer stops buying when its contract or its notice allows, those of a manager not "
        "before the last day. What it bought last is still paid for, while its goods no longer cost anything."
    )
    cut, months = found.assumed.get("fixed_cost_cut"), found.assumed.get("fixed_cost_cut_months")
    if cut is None or months is None or found.fixed is None:
        return f"{said} No fixed costs are cut: how much can be was not given."
    part = f"{style.share(cut.value, 0)} ({style.share(cut.low, 0)} to {style.share(cut.high, 0)}; {cut.source})"
    return (
        f"{said} Of the fixed costs that these customers paid for {part} can be cut, after {months.value:g} months "
        f"({months.low:g} to {months.high:g}; {months.source})."
    )


def renewals(found: "Found") -> Table | None:
    """Per key account under contract, what giving way on price costs beside losing it, and when it pays."""
    given = found.assumed.get("renewal_concession")
    if found.renewals.empty or given is None:
        return None
    columns = [
        *beside("text", "account_id"),
        Column("account_name", "Key account"),
        *notices.columns(found.about.as_of),
        Column("under_contract", "Sales under contract", "money"),
        Column("cost", f"A concession costs a year{of(found.about.unit)}", "money", written=_cost),
        *beside("money", "cost_low", "cost_high"),
        *beside("money", "loss_if_lost"),
        *beside("share", "probability"),
        Column("pays_at", "The concession pays if the risk falls", "share", written=_pays),
    ]
    part = f"{style.share(given.value)} of the price ({style.share(given.low)} to {style.share(given.high)}; {given.source})"
    said = (
        f"A concession of {part} on what is under contract, at the same volume. Its cost is certain, the loss is not."
    )
    return Table(
        "At renewal: a concession beside losing the account",
        columns,
        rows=found.renewals,
        unit=found.about.unit,
        notes=[said],
    )


def _cost(row: Row) -> str:
    return f"{style.money(row['cost'])} ({style.money(row['cost_low'])} to {style.money(row['cost_high'])})"


def _pays(row: Row) -> str:
    if pd.isna(row["probability"]):
        return ""
    if pd.isna(row["pays_at"]):
        return "cannot pay"
    return risk_falls(row["probability"], row["probability"] - row["pays_at"])
