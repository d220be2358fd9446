"""The tables of what is lost: the worst cases side by side, and what goes with each manager and industry."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.recovery.ranges import Assumed
from kam_analysis.pages import style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.answer import called
from kam_analysis.pages.table import Column, Kind, Table
from kam_analysis.pages.words import headed

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

Row = Mapping[str, Any]
_SHORT = 40
_NAMED = 3
_GROUPS = 12


def cases(found: "Found") -> Table | None:
    """What goes with each worst case, what of the budget, and what is left."""
    return all_cases(found) if len(found.cases) else None


def all_cases(found: "Found") -> Table:
    """The same, without rows where there is nothing to lose."""
    margin = found.exposed.has_margin
    columns = [
        Column("label", "Lost together", written=lambda row: shown(found, str(row["label"]))),
        *beside("text", "kind"),
        *beside("count", "accounts"),
        Column("revenue", "Sales", "money"),
        Column("revenue_share", "Share of sales", "share", on_page=not margin),
        Column("margin", "Margin", "money"),
        *beside("money", "exposure"),
        Column("exposure_share", "Share of margin", "share", on_page=margin),
        *beside("count", "set_aside"),
        *beside("money", "set_aside_amount"),
        Column("revenue_of_budget", "Share of budgeted sales", "share"),
        *beside("share", "margin_of_budget"),
        *beside("money", "receivables"),
        Column("worst_line", "Hits most", written=_hits),
        *beside("share", "worst_line_share"),
        *beside("count", "accounts_left"),
        *beside("money", "revenue_left", "exposure_left"),
        *beside("share", "top_1_share_left"),
        *beside("number", "effective_accounts_left", places=1),
        *beside("text", "largest_left"),
        *beside("share", "largest_left_share"),
        *beside("money", "fixed_costs_stranded"),
        Column("result_after", "Result after", "money"),
        *beside("money", "result_after_low", "result_after_high", "break_even_after"),
    ]
    rows = found.cases.reindex(columns=[each.name for each in columns])
    below = [at for at, result in enumerate(rows["result_after"]) if result < 0]
    notes = _notes(found) if len(rows) else ()
    return Table("Annual impact", columns, rows=rows, unit=found.about.unit, strong=below, notes=notes)


def beside(kind: Kind, *names: str, places: int | None = None) -> list[Column]:
    """Columns that are not on the page, for those who work on with a table; headed by their names."""
    return [Column(each, headed(each.replace("_", " ")), kind, places=places, on_page=False) for each in names]


def shown(found: "Found", label: str) -> str:
    """A worst case as a table's row names it: the customer that it adds to the row above, or that it is your own."""
    worst, own = [case.label for case in found.worst], found.named
    if found.leaving_case is not None and label == found.leaving_case.loss.label:
        return label
    if own and label == own.label and label not in worst:
        return f"Your case: {called(found, own)}"
    if label in worst[1:]:
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
            f"Result after: all margin less fixed costs of {with_range(found.fixed, found.about.unit, given.source)}, "
            "which stay when a customer goes. Marked where it is below zero."
        )
    if found.budget is not None:
        when = "the coming twelve months" if found.budget.coming else "the last twelve budgeted months"
        said.append(f"Budget: {when}, to {found.budget.last:%B %Y}.")
    return [" ".join(said), _left(found), _absorbed(found)]


def with_range(amount: Assumed, unit: str, source: str = "") -> str:
    """An amount with its range, and where that is from: €60k (€40k to €90k; budget)."""
    value, low, high = (style.money(each, unit) for each in (amount.value, amount.low, amount.high))
    return f"{value} ({low} to {high}{'; ' if source else ''}{source})"


def _left(found: "Found") -> str:
    """Who is the largest then, and on whom we would depend."""
    first = _largest(found)
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
    room, first, unit = found.absorbable, _largest(found), found.about.unit
    if room is None:
        return ""
    covers = style.money(first["fixed_costs_stranded"], unit)
    even = style.money(first["break_even_after"], unit)
    said = f"{first['label']} covers {covers} of fixed costs. Without it, break-even is {even} of sales."
    if room.below_already:
        return f"{said} Fixed costs are not covered today."
    return f"{said} We can lose {with_range(room.margin, unit)} of margin a year before break-even."


def _largest(found: "Found") -> pd.Series:
    """The row of the largest customer alone; a departure may stand before it."""
    return found.cases.iloc[1 if found.leaving_case is not None and found.worst else 0]


def managers(found: "Found") -> Table | None:
    """What goes with each manager's customers, for all alike, and what part of it a departure may cost."""
    at_risk = f"{found.earned.capitalize()} at risk a year"
    last = [
        Column("lost", f"{at_risk}{of(found.about.unit)}", "money", written=_at_risk),
        *beside("money", "lost_low", "lost_high"),
    ]
    return _group(
        found,
        found.managers,
        heads=("manager_name", "Manager", "If an account manager leaves"),
        last=last,
        notes=[_rates(found)],
    )


def _rates(found: "Found") -> str:
    """What a departure rests on: the same rates for every manager, by what binds the customer."""
    rates = found.departing
    lost = f"{style.share(rates.transition.low)} to {style.share(rates.transition.high)}"
    said = f"For every manager alike, as in 04_coverage: a change of manager costs {lost} of sales a year"
    if rates.follow is None:
        said += ". How many customers follow was never measured: without your own assumption follow_rate nobody does"
    else:
        follow = rates.follow
        ends = f"{style.share(follow.low, 0)} to {style.share(follow.high, 0)}; {found.assumed['follow_rate'].source}"
        said += (
            f", and {style.share(follow.value, 0)} of customers follow ({ends}): bound to the person the upper end, "
        )
        said += "bound to the company the lower"
    return f"{said}. Nobody's departure is predicted."


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
        *beside("share", "exposure_share"),
        *last,
    ]
    return Table(caption, columns, rows=rows, unit=found.about.unit, shown=_GROUPS, notes=notes) if len(rows) else None


def _at_risk(row: Row) -> str:
    return f"{style.money(row['lost'])} ({style.money(row['lost_low'])} to {style.money(row['lost_high'])})"
