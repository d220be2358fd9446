"""The results document of `05_account_plan`."""

from typing import TYPE_CHECKING

from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.account_plan import advice, answer, tables, tables_sales
from kam_analysis.pages.account_plan.changes import SHARES
from kam_analysis.pages.results import Figure, Result
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)


def result(found: "Found") -> Result:
    """The results document, with the first screen's answer and key figures. No free text of or about people is in it."""
    unit = found.unit or "amount"
    return Result(
        question=say("page.question", who=found.account_name),
        answer=answer.answer(found),
        figures={
            name: Figure(value, "share" if name in SHARES else unit) for name, value in answer.figures(found).items()
        },
        tables={
            "actions": tables.actions_table(found),
            "white_space": tables_sales.white_space_table(found),
            "contacts": tables_sales.contacts_published(found),
            "objectives": tables.goals_table(found),
        },
        provenance=with_parameters(found.about, account_id=found.account_id),
        caveats=advice.caveats(found),
        worth_collecting=found.about.worth_collecting,
        shown=answer.key_figures(found),
        lead=answer.lead(found),
        doubts=found.about.doubts,
    )
