"""The tables of what is lost: the worst cases, recovery, keeping, managers, industries, and bad years."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.recovery import pipeline_needed
from kam_analysis.analysis.recovery.ranges import Assumed
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.advice import risk_falls
from kam_analysis.pages.churn_impact.answer import BAD, called
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

Row = Mapping[str, Any]
_SHORT = 40
_NAMED = 3
_CASES = 3
_GROUPS = 12
_PACES = {"new_customers": "new customers", "net": "net of usual losses"}
# What takes longer is no plan.
_NEVER = 99


def cases(found: "Found") -> Table | None:
    """What goes with each worst case, what of the budget, and what is left."""
    return all_cases(found) if len(found.cases) else None


def all_cases(found: "Found") -> Table:
    """The same, without rows where there is nothing to lose."""
    margin = found.exposed.has_margin
    columns = [
        Column("label", "Lost together", written=lambda row: shown(found, str(row["label"]))),
        Column("kind", "Kind", on_page=False),
        Column("accounts", "Customers", "count", on_page=False),
        Column("revenue", "Sales", "money"),
        Column("revenue_share", "Share of sales", "share", on_page=not margin),
        Column("margin", "Margin", "money"),
        Column("exposure", "What there is to lose", "money", on_page=False),
        Column("exposure_share", "Share of margin", "share", on_page=margin),
        Column("set_aside", "Customers set aside", "count", on_page=False),
        Column("set_aside_amount", "Set aside", "money", on_page=False),
        Column("revenue_of_budget", "Share of budgeted sales", "share"),
        Column("margin_of_budget", "Share of budgeted margin", "share", on_page=False),
        Column("receivables", "Open invoices", "money", on_page=False),
        Column("worst_line", "Hits most", written=_hits),
        Column("worst_line_share", "Share of that line", "share", on_page=False),
        Column("accounts_left", "Customers left", "count", on_page=False),
        Column("revenue_left", "Sales left", "money", on_page=False),
        Column("exposure_left", "Left to lose", "money", on_page=False),
        Column("top_1_share_left", "Largest customer's share then", "share", on_page=False),
        Column("result_after", "Result after", "money"),
        Column("result_after_low", "Result after, low", "money", on_page=False),
        Column("result_after_high", "Result after, high", "money", on_page=False),
        Column("effective_accounts_left", "Effective customers left", "number", places=1, on_page=False),
        Column("largest_left", "Largest customer then", on_page=False),
        Column("largest_left_share", "Its share of what is left to lose", "share", on_page=False),
        Column("fixed_costs_stranded", "Fixed costs covered today", "money", on_page=False),
        Column("break_even_after", "Break-even sales after", "money", on_page=False),
    ]
    rows = found.cases.reindex(columns=[each.name for each in columns])
    below = [at for at, result in enumerate(rows["result_after"]) if result < 0]
    notes = _notes(found) if len(rows) else ()
    return Table("Annual impact", columns, rows, unit=found.about.unit, strong=below, notes=notes)


def shown(found: "Found", label: str) -> str:
    """A worst case as a table's row names it: the customer that it adds to the row above, or that it is your own."""
    worst, own = [case.label for case in found.worst], found.named
    if own and label == own.label and label not in worst:
        label = f"Your case: {called(found, own)}"
    elif label in worst[1:]:
        label = "and " + label.removeprefix(worst[worst.index(label) - 1] + ", ")
    return style.shortened(label, _SHORT)


def _hits(row: Row) -> str:
    return f"{style.share(row['worst_line_share'], 0)} of {row['worst_line']}" if row["worst_line"] else ""


def _notes(found: "Found") -> list[str]:
    said, given = [], found.assumed.get("fixed_cost_share")
    if found.exposed.has_margin:
        said.append("Margin is sales less the cost of what was sold: variable costs are already deducted.")
    if found.fixed is not None and given is not None:
        said.append(
            f"Result after: all margin less fixed costs of {_range(found.fixed, given.source)}, "
            "which stay when a customer goes. Bold where it is below zero."
        )
    if found.budget is not None:
        when = "the coming twelve months" if found.budget.coming else "the last twelve budgeted months"
        said.append(f"Budget: {when}, to {found.budget.last:%B %Y}.")
    return [" ".join(said), _left(found), _absorbed(found)]


def _range(amount: Assumed, source: str = "") -> str:
    ends = f"{style.money(amount.low)} to {style.money(amount.high)}"
    return f"{style.money(amount.value)} ({ends}{'; ' if source else ''}{source})"


def _left(found: "Found") -> str:
    """Who is the largest then, and on whom we would depend."""
    first = found.cases.iloc[0]
    if not first["largest_left"]:
        return ""
    part = style.share(first["largest_left_share"], 0)
    said = f"Without {first['label']} the largest is {first['largest_left']} with {part} of what is left."
    ours = found.power.loc[found.power["reading"] == "we depend on it", "account_name"]
    if len(ours):
        more = f" and {len(ours) - _NAMED} more" if len(ours) > _NAMED else ""
        said += f" We would then depend on {', '.join(ours.head(_NAMED))}{more} more than they on us."
    return said


def _absorbed(found: "Found") -> str:
    """What can be lost before break-even, how likely more is, and what stays to be paid."""
    room, first, unit = found.absorbable, found.cases.iloc[0], found.about.unit
    if room is None:
        return ""
    covers = style.money(first["fixed_costs_stranded"], unit)
    even = style.money(first["break_even_after"], unit)
    said = f"{first['label']} covers {covers} of fixed costs. Without it, break-even is {even} of sales."
    if room.below_already:
        return f"{said} Fixed costs are not covered today."
    said += f" We can lose {_range(room.margin)} of margin before break-even."
    if room.probability is None:
        return said
    low, high = (style.share(each, 0) for each in (room.probability.low, room.probability.high))
    return f"{said} The chance of losing more in a year is {style.share(room.probability.value, 0)} ({low} to {high})."


def recovery(found: "Found") -> Table | Html | None:
    """The sales of each worst case: how much is made up for after 12, 24 and 36 months, at two paces."""
    if not found.worst and not found.named:
        return None
    if not len(found.recovery):
        return paragraph("How long a loss takes to replace needs two years of sales.", "note")
    labels = [case.label for case in [*found.worst[:_CASES], *([found.named] if found.named else [])]]
    rows = found.recovery[(found.recovery["measure"] == "revenue") & found.recovery["label"].isin(labels)]
    marks = [at for at in (12, 24, 36) if f"share_{at}" in rows]
    columns = [
        Column("label", "Lost together", written=lambda row: shown(found, str(row["label"]))),
        Column("pace", "New business", written=lambda row: _PACES[row["pace"]]),
        Column("loss", "Sales lost a year", "money", on_page=False),
        Column("pace_a_year", "Won a year", "money"),
        Column("years_of_pace", "Years to win as much", "number", places=1, written=_years),
        Column("months", "Months to replace", "number", places=0, on_page=False),
        # After the first year hardly anything is replaced yet.
        *(each for at in marks for each in _replaced(at, on_page=at in marks[-2:])),
        Column("gap", "Sales missing until then", "money"),
        Column("gap_low", "Sales missing, low", "money", on_page=False),
        Column("gap_high", "Sales missing, high", "money", on_page=False),
    ]
    return Table(
        "How much of the lost sales new business replaces",
        columns,
        rows.drop_duplicates(["label", "pace"]).reset_index(drop=True),
        unit=found.about.unit,
        notes=[_said(found)],
    )


def _replaced(at: int, *, on_page: bool) -> list[Column]:
    """The part that is replaced after so many months; the page writes its range beside it."""
    name, heading = f"share_{at}", f"Replaced after {at} months"
    ends = [Column(f"{name}_{end}", f"{heading}, {end}", "share", on_page=False) for end in ("low", "high")]
    return [Column(name, heading, "share", written=lambda row: _part(row, name), on_page=on_page), *ends]


def _years(row: Row) -> str:
    return style.decimal(row["years_of_pace"]) if row["years_of_pace"] < _NEVER else "never"


def _part(row: Row, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{style.share(row[name], 0)} ({low * 100:.0f}\N{EN DASH}{high * 100:.0f})"


def _said(found: "Found") -> str:
    cycle, ramp = (found.assumed[name] for name in ("sales_cycle_months", "ramp_months"))
    said = (
        f"First order after {style.decimal(cycle.value)} months ({cycle.low:g} to {cycle.high:g}; {cycle.source}), "
        f"full size {style.decimal(ramp.value)} months later ({ramp.low:g} to {ramp.high:g}; {ramp.source}). The ranges "
        "move pace, cycle and ramp to their good or bad ends together: they are not confidence intervals."
    )
    return said + _growth(found) + _quotes(found)


def _growth(found: "Found") -> str:
    pace = found.pace.get("revenue")
    if found.way is None or pace is None or not pace.largest_growth.account_name:
        return ""
    grown, no = pace.largest_growth, "" if found.way.growth_covers_losses else "not "
    most = f"{grown.account_name} ({style.money(grown.change, found.about.unit)})"
    return f" Growth of known customers did {no}pay for usual losses last year. The most of it came from {most}."


def _quotes(found: "Found") -> str:
    """What must be offered to replace the largest, where our record of winning is known."""
    if not found.selling or not found.selling.win_rate or not found.worst:
        return ""
    first, rate = found.worst[0], found.selling.win_rate
    needed = pipeline_needed(first.revenue, found.selling)
    if needed is None:
        return ""
    wins = f"{style.share(rate.value, 0)} ({style.share(rate.low, 0)} to {style.share(rate.high, 0)})"
    return f" At a win rate of {wins}, replacing {first.label} takes quotes of {_range(needed.amount)} in all."


def keeping(found: "Found") -> Table | None:
    """Per key account, what keeping it may cost at most, and by how much a programme must lower the risk."""
    cost, unit = found.assumed.get("keeping_cost"), found.about.unit
    said = f"Missing: {found.earned} until new customers replace it, at most over {found.overrides.plan_months} months, not discounted."
    pays = "Needed"
    if cost is not None:
        said += f" A retention programme costs {_range(cost, cost.source)} a year for one customer."
        pays = f"A programme of {style.money(cost.value, unit)} a year pays if the risk falls"
    columns = [
        Column("account_id", "Account", on_page=False),
        Column("account_name", "Key account"),
        Column("exposure", _we_earn(found), "money"),
        Column("probability", "Chance of leaving", "share"),
        Column("months_to_replace", "Months to replace", "number", places=0, on_page=False),
        Column("loss_if_lost", "Missing until replaced", "money"),
        Column("at_most_a_year", "Worth spending a year, at most", "money"),
        Column("effect_needed", pays, "share", written=_pays),
        Column("can_pay", "Can pay", "flag", on_page=False),
    ]
    if found.keeping.empty:
        return None
    return Table("What keeping each key account may cost", columns, found.keeping, unit=unit, notes=[said])


def _we_earn(found: "Found") -> str:
    return f"{found.earned.capitalize()} we earn there" if found.exposed.has_margin else "Sales we make there"


def _pays(row: Row) -> str:
    if row["can_pay"] is False:
        return "not worth it at this cost"
    return risk_falls(row["probability"], row["effect_needed"]) if row["can_pay"] else ""


def managers(found: "Found") -> Table | None:
    """What goes with each manager's customers, for all alike, and what part of it a departure may cost."""
    follow = found.assumed["follow_rate"]
    part = f"{style.share(follow.value, 0)} ({style.share(follow.low, 0)} to {style.share(follow.high, 0)}; {follow.source})"
    said = f"The same assumption for every manager: part lost {part}. Nobody's departure is predicted."
    at_risk = f"{found.earned.capitalize()} at risk a year"
    last = [
        Column("lost_low", at_risk, "money", written=_at_risk),
        Column("lost", f"{at_risk}, as assumed", "money", on_page=False),
        Column("lost_high", f"{at_risk}, high", "money", on_page=False),
    ]
    return _group(
        found,
        found.managers,
        heads=("manager_name", "Manager", "If an account manager leaves"),
        last=last,
        notes=[said],
    )


def industries(found: "Found") -> Table | None:
    """What goes with each industry."""
    return _group(found, found.industries, heads=("industry", "Industry", "If an industry fails"))


def _group(
    found: "Found",
    rows: pd.DataFrame,
    *,
    heads: tuple[str, str, str],
    last: Sequence[Column] = (),
    notes: Sequence[str] = (),
) -> Table | None:
    """`heads`: the column of the groups' names, its heading, and the caption."""
    name, heading, caption = heads
    margin = found.exposed.has_margin
    columns = [
        Column(name, heading),
        Column("accounts", "Customers", "count"),
        Column("revenue", "Sales", "money"),
        Column("revenue_share", "Share of sales", "share"),
        Column("exposure", found.earned.capitalize(), "money", on_page=margin),
        Column("exposure_share", f"Share of {found.earned}", "share", on_page=False),
        *last,
    ]
    return Table(caption, columns, rows, unit=found.about.unit, shown=_GROUPS, notes=notes) if len(rows) else None


def _at_risk(row: Row) -> str:
    return f"{style.money(row['lost_low'])} to {style.money(row['lost_high'])}"


def causes(found: "Found") -> Table | None:
    """What could take several customers at once, with its chance and what it then takes."""
    if found.bad_year is None or not found.causes:
        return None
    rows = [
        {"name": each.name, "probability": each.probability, "accounts": len(each.members)}
        | {"loss_low": min(each.losses), "loss_high": max(each.losses)}
        for each in found.causes
    ]
    columns = [
        Column("name", "What could take several"),
        Column("probability", "Chance a year", "share", places=0),
        Column("accounts", "Customers", "count"),
        Column("loss_low", "Chance that each then leaves", "share", written=_takes),
        Column("loss_high", "Chance that each then leaves, high", "share", on_page=False),
    ]
    return Table("From your settings and the table of managers", columns, pd.DataFrame(rows))


def _takes(row: Row) -> str:
    low, high = style.share(row["loss_low"], 0), style.share(row["loss_high"], 0)
    return low if row["loss_low"] == row["loss_high"] else f"{low} to {high}"


def bad_years(found: "Found") -> Table | None:
    """A bad year with what could take several at once, with every customer on its own, and if no manager leaves."""
    if found.bad_year is None or not found.causes:
        return None
    sides = {"joint": found.bad_year.joint, "alone": found.bad_year.alone}
    heads = {"joint": "With what could take several", "alone": "Independent"}
    if found.staying is not None:
        sides["staying"], heads["staying"] = found.staying.joint, "If no manager leaves"
    rows = [
        {"figure": "Expected in a usual year"} | {side: each.mean for side, each in sides.items()},
        {"figure": f"{found.earned.capitalize()} lost in a 1-in-20 year"}
        | {side: each.quantile(BAD) for side, each in sides.items()},
        {"figure": "Average of the worst 1 in 20 years"}
        | {side: each.expected_shortfall(BAD) for side, each in sides.items()},
    ]
    columns = [Column("figure", ""), *(Column(side, heads[side], "money") for side in sides)]
    said = "Independent: same chances, but losses do not coincide. The average year is the same."
    return Table("A bad year", columns, pd.DataFrame(rows), unit=found.about.unit, notes=[said])


def levels(found: "Found") -> Table | None:
    """The loss of a year at several levels, with what could take several at once and each on its own."""
    if found.bad_year is None:
        return None
    joint, alone = found.bad_year.joint, found.bad_year.alone
    rows = [
        {"level": level, "joint": joint.quantile(level), "alone": alone.quantile(level)}
        | {"average": joint.expected_shortfall(level)}
        for level in (0.5, 0.8, 0.9, 0.95, 0.99)
    ]
    columns = [
        Column("level", "How often", written=lambda row: f"1 year in {round(1 / (1 - row['level']))}"),
        Column("joint", "Loss of more than", "money"),
        Column("alone", "Independent", "money"),
        Column("average", "Average of such years", "money"),
    ]
    return Table("How much a year may cost", columns, pd.DataFrame(rows), unit=found.about.unit)
