"""How a loss is made up for, and what keeping a key account may cost instead."""

from typing import TYPE_CHECKING

from kam_analysis.analysis.recovery import pipeline_needed
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.advice import risk_falls
from kam_analysis.pages.churn_impact.answer import NEVER
from kam_analysis.pages.churn_impact.tables import (
    Row,
    months_with_range,
    share_with_range,
    shown,
    with_range,
)
from kam_analysis.pages.churn_impact.tables_chances import we_earn
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table, columns_in, in_its_range
from kam_analysis.pages.words import number_word, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_CASES = 3
_SHOWN = 5  # key accounts
_PACES = words_in(__file__, "paces")


def recovery(found: "Found") -> Table | Html | None:
    """The sales of each worst case: how much is made up for after 12, 24 and 36 months, at two paces."""
    if not found.worst and not found.named:
        return None
    if not len(found.recovery):
        return paragraph(say("recovery.unknown"), "note")
    labels = [case.label for case in found.every_case(_CASES)]
    rows = found.recovery[(found.recovery["measure"] == "revenue") & found.recovery["label"].isin(labels)]
    marks = [at for at in (12, 24, 36) if f"share_{at}" in rows]
    columns = declared(
        "recovery",
        made={"replaced": (each for at in marks for each in _replaced(at, on_page=at in marks[-2:]))},
        written={
            "label": lambda row: shown(found, str(row["label"])),
            "pace": lambda row: _PACES[row["pace"]],
            "years": _years,
        },
    )
    rows = rows.drop_duplicates(["label", "pace"]).reset_index(drop=True)
    return Table(say("recovery.caption"), columns, rows, found.about.unit, notes=[_said(found)])


def _replaced(at: int, *, on_page: bool) -> list[Column]:
    """The part that is replaced after so many months; the page writes its range beside it."""
    name = f"share_{at}"
    heading = say("recovery.replaced", months=at)
    return in_its_range(name, heading, "share", written=lambda row: _part(row, name), on_page=on_page)


def _years(row: Row) -> str:
    return style.decimal(row["years"]) if row["years"] < NEVER else "never"


def _part(row: Row, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{style.share(row[name], 0)} ({low * 100:.0f}{style.DASH}{high * 100:.0f})"


def _said(found: "Found") -> str:
    cycle, ramp = (found.assumed[name] for name in ("sales_cycle_months", "ramp_months"))
    paces = {"cycle": months_with_range(cycle, cycle.source), "ramp": months_with_range(ramp, ramp.source)}
    return " ".join([say("recovery.pace", **paces), say("recovery.ranges"), *_growth(found), *_quotes(found)])


def _growth(found: "Found") -> list[str]:
    if found.way is None or found.pace.get("revenue") is None:
        return []
    paid = found.way.growth_covers_losses
    said = [say("recovery.growth_pays" if paid else "recovery.growth_does_not_pay")]
    if len(found.worst) > 1:
        said.append(say("recovery.largest_apart", number=number_word(len(found.worst))))
    return said


def _quotes(found: "Found") -> list[str]:
    """What must be offered to replace the largest, where our record of winning is known."""
    if not found.selling or not found.selling.win_rate or not found.worst:
        return []
    first = found.worst[0]
    needed = pipeline_needed(first.revenue, found.selling)
    if needed is None:
        return []
    amount, rate = with_range(needed.amount, found.about.unit), share_with_range(found.selling.win_rate)
    return [say("recovery.quotes", rate=rate, who=first.label, amount=amount)]


def keeping(found: "Found") -> Table | None:
    """Per key account, what keeping it may cost at most, and by how much a programme must lower the risk."""
    if found.keeping.empty:
        return None
    cost, unit, pays = found.assumed.get("keeping_cost"), found.about.unit, say("worth.needed")
    said = [say("worth.said", earned=found.earned, months=found.overrides.plan_months)]
    if found.keeping["probability"].isna().all():
        said = [say("worth.unknown")]
    elif cost is not None:
        said.append(say("worth.programme", cost=with_range(cost, unit, cost.source)))
        pays = say("worth.pays", cost=style.money(cost.value, unit))
    if len(found.keeping) > _SHOWN:
        said.append(say("worth.more", number=len(found.keeping) - _SHOWN))
    columns = declared(
        "keeping", heading={"exposure": we_earn(found), "effect_needed": pays}, written={"effect_needed": _pays}
    )
    return Table(say("worth.caption"), columns, found.keeping, unit, shown=_SHOWN, notes=[" ".join(said)])


def _pays(row: Row) -> str:
    if row["can_pay"] is False:
        return say("worth.not_worth_it")
    return risk_falls(row["probability"], row["effect_needed"]) if row["can_pay"] else ""
