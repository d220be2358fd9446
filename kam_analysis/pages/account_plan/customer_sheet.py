"""One sheet to lay on the customer's table: their goals, what was delivered, the next steps. Nothing else of what we know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import TASK, short
from kam_analysis.pages.html import Html, paragraph, together
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

_GOALS = 8  # one sheet has room for them
MIME = "application/vnd.kam.sheet+json"

# What a step is called to the customer, by rule; what has no words here is no step of theirs.
_STEPS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "renew": lambda of: "Our offer for the next contract",
    "hand_over": lambda of: f"Introduction of {of['to']}" if of["to"] else "Introduction of your new contact",
    "complaint": lambda of: f"Our answer to your complaint of {style.day(of['on'])}",
    "promise": lambda of: str(short(of["goal"], TASK)),
    "call": lambda of: "Visit of our management",
    "offer": lambda of: f"Your decision on our offer{' for ' + of['offer'].line if of['offer'].line else ''}",
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
        title=f"{found.account_name}: your goals and our next steps",
        body=together(_goals(theirs).html(), _steps(found).html(), paragraph(style.day(found.about.as_of), "note")),
    )


def _goals(theirs: pd.DataFrame) -> Table:
    columns = [
        Column("objective", "Your goal", written=lambda row: _short(row, "objective")),
        Column("our_contribution", "What we do for it", written=lambda row: _short(row, "our_contribution")),
        Column("delivered", "Delivered so far", written=lambda row: _short(row, "delivered")),
        Column("due", "Due", "date"),
    ]
    return Table("Your goals", columns, theirs, shown=_GOALS, nothing="Your goals: to be agreed at this meeting.")


def _short(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(short(value, TASK)) if isinstance(value, str) else ""


def _steps(found: "Found") -> Table:
    columns = [Column("step", "Next step"), Column("owner", "Who"), Column("due", "By", "date")]
    made = [
        {
            "step": _STEPS[each.rule](each.about),
            "owner": each.owner.name if each.owner else "",
            "due": pd.Timestamp(each.due),
        }
        for each in sorted(found.actions_found, key=lambda one: one.due)
        if each.for_them and each.rule in _STEPS
    ]
    return Table("Next steps", columns, rows(made, columns), nothing="Next steps: to be agreed at this meeting.")
