"""The next actions as the page lists them, and what to know before trusting the plan."""

from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.account_plan import tables
from kam_analysis.pages.account_plan.words_actions import QUESTIONS
from kam_analysis.pages.html import Html, bullets, paragraph, together
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

_OLD_NOTES_DAYS = 365


def actions(found: "Found") -> Html:
    """The actions of the next 90 days, those of the year, and the questions for the visit."""
    parts = [each.html() for each in tables.soon_and_later(found)]
    if found.questions:
        parts.append(paragraph(say("page.next_visit"), "note"))
        parts.append(bullets(QUESTIONS[each] for each in found.questions))
    return together(*parts)


def caveats(found: "Found") -> list[str]:
    """What is not certain about this plan."""
    said = [found.meant] if found.meant else []
    notes = found.situation.notes_on
    if notes is not None and (found.situation.as_of - notes).days > _OLD_NOTES_DAYS:
        said.append(say("caveats.old_notes", day=style.day(notes)))
    lines = found.company.lines
    if lines is not None and len(found.white_space):
        helps = lines.starts.helps
        if helps is None:
            said.append(say("caveats.not_tested"))
        elif not helps:
            said.append(say("caveats.no_better"))
    if found.known.feedback is None and found.company.people.known.feedback is not None:
        said.append(say("caveats.names_kept"))
    return said
