"""One sheet to lay on the customer's table: their goals, what was delivered, the next steps. Nothing else of what we know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import TASK, cut, short
from kam_analysis.pages.html import Html, paragraph, together
from kam_analysis.pages.table import Table, columns_in, rows
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_GOALS = 8  # one sheet has room for them
MIME = "application/vnd.kam.sheet+json"

# What a step is called to the customer, by rule; what has no words here is no step of theirs.
_STEPS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "renew": lambda of: say("sheet.renew"),
    "hand_over": lambda of: say("sheet.hand_over", who=of["to"]) if of["to"] else say("sheet.new_contact"),
    "complaint": lambda of: say("sheet.complaint", day=style.day(of["on"])),
    "promise": lambda of: short(of["goal"], TASK),
    "call": lambda of: say("sheet.call"),
    "offer": lambda of: say("sheet.offer_line", line=of["offer"].line) if of["offer"].line else say("sheet.offer"),
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Sheet:
    """Our `company`, the `title` and the finished `body`; a report publishes it as a page of its own, beside the plan."""

    company: str
    title: str
    body: Html

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        heading = paragraph(self.title, "lead")
        return {
            "text/plain": self.title,
            "text/html": together(heading, self.body).html,
            MIME: {"company": self.company, "title": self.title, "html": self.body.html},
        }

    def __repr__(self) -> str:
        return self.title


def sheet(found: "Found") -> Sheet:
    """The sheet for one account."""
    theirs = found.goals[found.goals["whose"] == "theirs"]
    return Sheet(
        company=found.about.company,
        title=say("sheet.title", who=found.account_name),
        body=together(_goals(theirs).html(), _steps(found).html(), paragraph(style.day(found.about.as_of), "note")),
    )


def _goals(theirs: pd.DataFrame) -> Table:
    columns = declared(
        "sheet_goals",
        written={
            "objective": cut("objective", TASK),
            "our_contribution": cut("our_contribution", TASK),
            "delivered": cut("delivered", TASK),
        },
    )
    return Table(say("sheet.goals"), columns, theirs, shown=_GOALS, nothing=say("sheet.no_goals"))


def _steps(found: "Found") -> Table:
    columns = declared("sheet_steps")
    made = [
        {
            "step": _STEPS[each.rule](each.about),
            "owner": each.owner.name if each.owner else "",
            "due": pd.Timestamp(each.due),
        }
        for each in sorted(found.actions_found, key=lambda one: one.due)
        if each.for_them and each.rule in _STEPS
    ]
    return Table(say("sheet.steps"), columns, rows(made, columns), nothing=say("sheet.no_steps"))
