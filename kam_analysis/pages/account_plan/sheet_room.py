"""How much of each table two sheets of A4 have room for; the rest stays in the workbook of tables and the notebook."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

GOALS, LINES, COMPANIES, OPEN_LINES, OFFERS, CONTACTS, VOICES, EVENTS = 4, 4, 4, 3, 3, 4, 2, 4
# Signs of what somebody wrote: in a cell, in a line, in a note, of what a contact cares about, of a task.
WORDS, LINE, NOTE, CARES, TASK = 55, 85, 95, 45, 90
_FEW_CONTACTS = 2  # they leave room for longer words


def more(rows: pd.DataFrame, shown: int, one: str, many: str = "") -> list[str]:
    """What is not on the sheet and where it stands; nothing where all of it is there."""
    left = len(rows) - shown
    name, names = f"more {one}", f"more {many or one + 's'}"
    return [say("page.more", rows=style.counted(left, name, names))] if left > 0 else []


def short(text: object, length: int) -> str:
    """What somebody wrote, as far as there is room for it; the notebook has all of it. Empty for no text."""
    return style.shortened(text, length) if isinstance(text, str) else ""


def cut(name: str, length: int) -> Callable[[Mapping[str, Any]], str]:
    """How a table writes what somebody wrote in its column `name`."""
    return lambda row: short(row.get(name), length)


def room(found: "Found", length: int) -> int:
    """Twice the length where few contacts leave the room for it."""
    return length if found.contacts is not None and len(found.contacts) > _FEW_CONTACTS else 2 * length
