"""The tables of what is lost: the worst cases side by side, and what goes with each manager and industry."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.recovery.ranges import Assumed
from kam_analysis.pages import style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.answer import called
from kam_analysis.pages.table import Column, Table, columns_in, in_its_range
from kam_analysis.pages.words import headed, listed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

Row = Mapping[str, Any]
NAMED = 3
_SHORT, _GROUPS = 40, 12


def cases(found: "Found") -> Table | None:
    """What goes with each worst case, what of the budget, and what is left."""
    return all_cases(found) if len(found.cases) else None


def all_cases(found: "Found") -> Table:
    """The same, without rows where there is nothing to lose."""
    margin = found.exposed.has_margin
    columns = declared(
        "all_cases",
        written={"label": lambda row: shown(found, str(row["label"])), "worst_line": _hits},
        on_page={"revenue_share": not margin, "exposure_share": margin},
    )
    rows = found.cases.reindex(columns=[each.name for each in columns])
    below = [at for at, result in enumerate(rows["result_after"]) if result < 0]
    notes = _notes(found) if len(rows) else ()
    return Table(say("cases.caption"), columns, rows, found.about.unit, strong=below, notes=notes)


def ranged(name: str, heading: str, unit: str) -> list[Column]:
    """Money with its range: one cell on the page, a column for each end in what is published."""

    def written(row: Row) -> str:
        return f"{style.money(row[name])} ({style.money(row[f'{name}_low'])} to {style.money(row[f'{name}_high'])})"

    return in_its_range(name, heading + of(unit), "money", written=written)


def with_range(figure: Assumed, unit: str, source: str = "") -> str:
    """Money with its range, and where that is from: €60k (€40k to €90k; budget)."""
    return _in_its_range(figure, lambda each: style.money(each, unit), source)


def share_with_range(figure: Assumed, source: str = "", places: int = 0) -> str:
    """A share with its range: 30% (10% to 60%; budget)."""
    return _in_its_range(figure, lambda each: style.share(each, places), source)


def months_with_range(figure: Assumed, source: str = "") -> str:
    """A time with its range: 6 months (4 to 9; controlling)."""
    return _in_its_range(figure, lambda each: f"{each:g}", source, noun=" months")


def _in_its_range(figure: Assumed, write: Callable[[float], str], source: str, *, noun: str = "") -> str:
    ends = f"{write(figure.low)} to {write(figure.high)}"
    return f"{write(figure.value)}{noun} ({'; '.join(filter(None, [ends, source]))})"


def shown(found: "Found", label: str) -> str:
    """A worst case as a table's row names it: the customer that it adds to the row above, or that it is your own."""
    worst, own = [case.label for case in found.worst], found.named
    if found.leaving_case is not None and label == found.leaving_case.loss.label:
        return label
    if own and label == own.label and label not in worst:
        return say("cases.own", who=called(found, own))
    if label in worst[1:]:
        label = say("cases.added", who=label.removeprefix(worst[worst.index(label) - 1] + ", "))
    return style.shortened(label, _SHORT)


def _hits(row: Row) -> str:
    share, line = style.share(row["worst_line_share"], 0), row["worst_line"]
    return say("cases.line", share=share, line=line) if line else ""


def _notes(found: "Found") -> list[str]:
    said, given, budget = [], found.assumed.get("fixed_cost_share"), found.budget
    if found.exposed.has_margin:
        said.append(say("cases.variable_costs"))
    if found.fixed is not None and given is not None:
        said.append(say("cases.result", fixed=with_range(found.fixed, found.about.unit, given.source)))
    if budget is not None:
        said.append(say("cases.budget_coming" if budget.coming else "cases.budget_past", month=f"{budget.last:%B %Y}"))
    return [" ".join(said), _left(found), _absorbed(found)]


def _left(found: "Found") -> str:
    """Who is the largest then, and on whom we would depend."""
    first = _largest(found)
    if not first["largest_left"]:
        return ""
    part, largest = style.share(first["largest_left_share"], 0), first["largest_left"]
    said = say("cases.largest_left", who=first["label"], largest=largest, part=part)
    ours = found.power.loc[found.power["reading"] == "we depend on it", "account_name"]
    return f"{said} {say('cases.depend', names=listed(ours, NAMED))}" if len(ours) else said


def _absorbed(found: "Found") -> str:
    """What can be lost before break-even, how likely more is, and what stays to be paid."""
    room, first, unit = found.absorbable, _largest(found), found.about.unit
    if room is None:
        return ""
    covers, even = (style.money(first[each], unit) for each in ("fixed_costs_stranded", "break_even_after"))
    said = say("cases.covers", who=first["label"], covers=covers, even=even)
    if room.below_already:
        return f"{said} {say('cases.below_already')}"
    return f"{said} {say('cases.room', room=with_range(room.margin, unit))}"


def _largest(found: "Found") -> pd.Series:
    """The row of the largest customer alone; a departure may stand before it."""
    return found.cases.iloc[1 if found.leaving_case is not None and found.worst else 0]


def managers(found: "Found") -> Table | None:
    """What goes with each manager's customers, for all alike, and what part of it a departure may cost."""
    at_risk = ranged("lost", say("managers.at_risk", Earned=headed(found.earned)), found.about.unit)
    return _group(
        found,
        found.managers,
        say("managers.caption"),
        first=declared("manager_name"),
        last=at_risk,
        notes=[_rates(found)],
    )


def _rates(found: "Found") -> str:
    """What a departure rests on: the same rates for every manager, by what binds the customer."""
    rates = found.departing
    said = say("managers.rates", lost=f"{style.share(rates.transition.low)} to {style.share(rates.transition.high)}")
    if rates.follow is None:
        follow = say("managers.nobody_follows")
    else:
        source = found.assumed["follow_rate"].source
        follow = say("managers.follow", follow=share_with_range(rates.follow, source))
    return f"{said} {follow} {say('managers.not_predicted')}"


def industries(found: "Found") -> Table | None:
    """What goes with each industry."""
    return _group(found, found.industries, say("managers.industries"), first=declared("industry"))


def _group(
    found: "Found",
    rows: pd.DataFrame,
    caption: str,
    *,
    first: Sequence[Column],
    last: Sequence[Column] = (),
    notes: Sequence[str] = (),
) -> Table | None:
    columns = declared(
        "group",
        made={"group": first, "more": last},
        heading={"exposure": headed(found.earned)},
        on_page={"exposure": found.exposed.has_margin},
    )
    return Table(caption, columns, rows, found.about.unit, shown=_GROUPS, notes=notes) if len(rows) else None
