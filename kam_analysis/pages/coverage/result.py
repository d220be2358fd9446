"""The results document of `04_coverage`."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.coverage.answer import answer, key_figures
from kam_analysis.pages.coverage.tables_departure import all_calls_table, handover_rows
from kam_analysis.pages.coverage.tables_people import managers_table
from kam_analysis.pages.results import Elsewhere, Figure, Result
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.coverage.found import Found

say = said_in(__file__)

QUESTION = say("page.question")


def result(found: "Found") -> Result:
    """The results document of 04, with the first screen's answer and key figures."""
    few, known = found.ownership.few, len(found.managers) > 0
    figures = {
        "managers": Figure(few.managers if known else None, "count"),
        "largest_manager_share": Figure(few.largest_manager_share, "share"),
        "accounts_on_one_contact": Figure(len(found.on_one) if len(found.relations.hanging) else None, "accounts"),
        "executive_calls_overdue": Figure(found.overdue, "accounts"),
        "departure_cost_largest": _dearest(found),
    }
    if found.unmatched:  # what is known of one half is no figure of the whole
        figures = {name: Figure(None, each.unit) for name, each in figures.items()}
    tables = {"managers": managers_table(found), "calls": all_calls_table(found), "handover": handover_rows(found)}
    about = found.about
    return Result(
        QUESTION,
        answer(found),
        figures,
        tables,
        with_parameters(about, **asdict(found.asked)) | {"period": about.period.label},
        caveats=caveats(found),
        assumptions=[asdict(each) for each in found.assumptions.values()],
        worth_collecting=about.worth_collecting,
        shown=key_figures(found),
        doubts=about.doubts,
        lead=about.sold,
        elsewhere=_elsewhere(found),
    )


def _elsewhere(found: "Found") -> Elsewhere | None:
    """As if no last day were on file, where the one that this page tells of is not announced: index, calendar and
    tables are sent on, and read by people who do not know yet."""
    if not found.kept_back:
        return None
    other = found.as_announced()
    return Elsewhere(answer(other), {"calls": all_calls_table(other), "handover": handover_rows(other)})


def _dearest(found: "Found") -> Figure:
    unit = found.about.unit or "amount"
    if not len(found.managers):
        return Figure(None, unit)
    first = found.managers.iloc[found.managers["transition"].argmax()]
    return Figure(float(first["transition"]), unit, float(first["transition_low"]), float(first["transition_high"]))


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the figures."""
    said = [say("caveats.not_predicted"), *_measured(found)]
    if found.about.sellers_manage:
        said.append(say("caveats.sellers_manage"))
    if len(found.relations.known):
        said.append(say("caveats.spoken_to"))
    if found.leaving.takes is not None and found.leaving.takes.said:
        said.append(found.leaving.takes.said)
    return [*said, *found.about.warnings]


def _measured(found: "Found") -> list[str]:
    """Where the cost of a departure is from."""
    cost, own = found.leaving.cost, found.own.told
    if cost is None:
        return []
    said = [say("caveats.measured")]
    if cost.further is None:
        said.append(say("caveats.never_measured"))
    elif own is not None and own.rate is not None and not own.tells:
        low, high = style.share(own.rate.low, 0), style.share(own.rate.high, 0)
        said.append(say("caveats.too_few", handovers=own.handovers, low=low, high=high))
    return said
