"""The results document of `06_leadership_brief`."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.leadership_brief import answer, tables
from kam_analysis.pages.results import Result

if TYPE_CHECKING:
    from kam_analysis.pages.leadership_brief.found import Found

QUESTION = "What must leadership know and decide this period?"


def result(found: "Found") -> Result:
    """The results document of 06; no text that a customer or a colleague wrote about a person is in it."""
    return Result(
        question=QUESTION,
        answer=answer.answer(found),
        figures={each.name: replace(each.figure, report=each.report) for each in found.figures},
        tables={
            "asks": tables.asks_table(found),
            "risks": tables.risks_table(found),
            "opportunities": tables.opportunities_table(found),
            "changes": tables.changes_table(found),
            "decisions": tables.decisions_table(found),
            "figures": tables.figures_table(found),
            "losses": tables.losses_table(found),
            "forecast": tables.forecast_table(found),
        },
        provenance=with_parameters(found.about, since=found.asked_since),
        caveats=caveats(found),
        worth_collecting=found.about.worth_collecting,
        shown=answer.key_figures(found),
        lead=answer.lead(found),
        doubts=found.about.doubts,
    )


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the brief, with what the check of the data says."""
    return [*own_caveats(found), *found.about.warnings]


def own_caveats(found: "Found") -> list[str]:
    """The same of the brief itself."""
    said = [f"{report} failed and is not in the brief: {why}" for report, why in sorted(found.now.failed.items())]
    if found.before is None:
        said.append(f"nothing is compared with an earlier day: {found.why_not_before or 'there is none'}")
    else:
        said.append(
            f"figures of {style.day(found.since)} are computed today from today's data; the customer list, contracts and "
            "staff have no history, so of them both days show today's"
        )
        said += [f"{report} failed for that day: {why}" for report, why in sorted(found.before.failed.items())]
    if any(each.kind not in ("business", "restated data") for each in found.changes):
        said.append(
            "a change is put down to settings or method where these differ and no source row's amount does; a correction "
            "in another table, such as costs or the customer list, would look the same"
        )
    if found.history.alien:
        files = style.counted(found.history.alien, "file")
        said.append(f"{files} in the history's folder cannot be read as figures of ours and are passed over")
    if found.history.reason:
        said.append(f"the history's folder cannot be read ({found.history.reason})")
    return said
