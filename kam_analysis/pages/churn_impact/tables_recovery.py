"""How a loss is made up for, and what keeping a key account may cost instead."""

from typing import TYPE_CHECKING

from kam_analysis.analysis.recovery import pipeline_needed
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.advice import risk_falls
from kam_analysis.pages.churn_impact.answer import NEVER
from kam_analysis.pages.churn_impact.tables import Row, beside, shown, with_range
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table
from kam_analysis.pages.words import number_word

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_CASES = 3
_SHOWN = 5  # key accounts
_PACES = {"new_customers": "new customers", "net": "net of usual losses"}


def recovery(found: "Found") -> Table | Html | None:
    """The sales of each worst case: how much is made up for after 12, 24 and 36 months, at two paces."""
    if not found.worst and not found.named:
        return None
    if not len(found.recovery):
        return paragraph("How long a loss takes to replace needs two years of sales.", "note")
    gone, own = found.leaving_case, found.named
    cases = [*([gone.loss] if gone else []), *found.worst[:_CASES], *([own] if own else [])]
    labels = [case.label for case in cases]
    rows = found.recovery[(found.recovery["measure"] == "revenue") & found.recovery["label"].isin(labels)]
    marks = [at for at in (12, 24, 36) if f"share_{at}" in rows]
    columns = [
        Column("label", "Lost together", written=lambda row: shown(found, str(row["label"]))),
        Column("pace", "New business", written=lambda row: _PACES[row["pace"]]),
        *beside("money", "loss"),
        Column("pace_a_year", "Won a year", "money"),
        Column("years", "Years to replace it", "number", places=1, written=_years),
        *beside("number", "months", places=0),
        # After the first year hardly anything is replaced yet.
        *(each for at in marks for each in _replaced(at, on_page=at in marks[-2:])),
        Column("gap", "Sales missing until then", "money"),
        *beside("money", "gap_low", "gap_high"),
    ]
    return Table(
        "How much of the lost sales new business replaces",
        columns,
        rows=rows.drop_duplicates(["label", "pace"]).reset_index(drop=True),
        unit=found.about.unit,
        notes=[_said(found)],
    )


def _replaced(at: int, *, on_page: bool) -> list[Column]:
    """The part that is replaced after so many months; the page writes its range beside it."""
    name, heading = f"share_{at}", f"Replaced after {at} months"
    part = Column(name, heading, "share", written=lambda row: _part(row, name), on_page=on_page)
    return [part, *beside("share", f"{name}_low", f"{name}_high")]


def _years(row: Row) -> str:
    return style.decimal(row["years"]) if row["years"] < NEVER else "never"


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
    if found.way is None or pace is None:
        return ""
    paid = "paid" if found.way.growth_covers_losses else "did not pay"
    said = f" Growth of known customers {paid} for usual losses last year."
    if len(found.worst) > 1:
        large = number_word(len(found.worst))
        return f"{said} What the {large} largest did is not counted: they are what may be lost."
    return said


def _quotes(found: "Found") -> str:
    """What must be offered to replace the largest, where our record of winning is known."""
    if not found.selling or not found.selling.win_rate or not found.worst:
        return ""
    first, rate = found.worst[0], found.selling.win_rate
    needed = pipeline_needed(first.revenue, found.selling)
    if needed is None:
        return ""
    wins = f"{style.share(rate.value, 0)} ({style.share(rate.low, 0)} to {style.share(rate.high, 0)})"
    return f" At a win rate of {wins}, replacing {first.label} takes quotes of {with_range(needed.amount, found.about.unit)} in all."


def keeping(found: "Found") -> Table | None:
    """Per key account, what keeping it may cost at most, and by how much a programme must lower the risk."""
    cost, unit = found.assumed.get("keeping_cost"), found.about.unit
    said = (
        f"Lost if it leaves: {found.earned} for as long as the customer would have stayed, by its own chance of leaving "
        f"in later years, at most {found.overrides.plan_months} months. Nothing is discounted, and new business that "
        "comes anyway is no credit."
    )
    pays = "Needed"
    if cost is not None:
        said += (
            f" A retention programme costs {with_range(cost, found.about.unit, cost.source)} a year for one customer."
        )
        pays = f"A programme of {style.money(cost.value, unit)} a year pays if the risk falls"
    columns = [
        *beside("text", "account_id"),
        Column("account_name", "Key account"),
        Column("exposure", _we_earn(found), "money"),
        Column("probability", "Chance of leaving", "share", places=0),
        *beside("share", "later"),
        *beside("number", "years_kept", places=2),
        Column("loss_if_lost", "Lost if it leaves", "money"),
        Column("at_most_a_year", "Worth spending a year, at most", "money"),
        Column("effect_needed", pays, "share", written=_pays),
        *beside("flag", "can_pay"),
    ]
    if found.keeping.empty:
        return None
    if len(found.keeping) > _SHOWN:
        said = f"{said} {say('keeping.more', number=len(found.keeping) - _SHOWN)}"
    caption = "What keeping each key account may cost"
    return Table(caption, columns, rows=found.keeping, unit=unit, shown=_SHOWN, notes=[said])


def _we_earn(found: "Found") -> str:
    return f"{found.earned.capitalize()} we earn there" if found.exposed.has_margin else "Sales we make there"


def _pays(row: Row) -> str:
    if row["can_pay"] is False:
        return "not worth it at this cost"
    return risk_falls(row["probability"], row["effect_needed"]) if row["can_pay"] else ""
