"""The results document of `06_leadership_brief`."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.leadership_brief import answer, tables
from kam_analysis.pages.leadership_brief.changes import BUSINESS, RESTATED
from kam_analysis.pages.results import Result
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.leadership_brief.found import Found

say = said_in(__file__)

QUESTION = say("page.question")


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
            "courses": tables.courses_table(found),
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
    said = [say("caveats.failed", report=report, why=why) for report, why in sorted(found.now.failed.items())]
    if found.before is None:
        said.append(say("caveats.not_compared", why=found.why_not_before or say("caveats.there_is_none")))
    else:
        said.append(say("caveats.computed_today", day=style.day(found.since)))
        failed = sorted(found.before.failed.items())
        said += [say("caveats.failed_then", report=report, why=why) for report, why in failed]
    if any(each.kind not in (BUSINESS, RESTATED) for each in found.changes):
        said.append(say("caveats.put_down"))
    if found.history.alien:
        said.append(say("caveats.alien", files=style.counted(found.history.alien, "file")))
    if found.history.reason:
        said.append(say("caveats.unreadable", why=found.history.reason))
    return said
