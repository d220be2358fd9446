"""Do we practise key-account management? A grid of what each key account has and lacks."""

import pandas as pd

from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.html import Html, paragraph, table, together

ITEMS = {
    "plan": "Plan with objectives",
    "second_contact": "Second contact",
    "executive_call": "Call from above this year",
    "growth_goal": "Growth goal in an offer",
    "deputy": "Deputy",
}
_YES, _NO = "✓", "missing"


def practice_table(found: Evidence) -> Html:
    """A row per key account, a column per practice, and how many are missing."""
    known = found.practice.known
    if not known or not len(found.practice.grid):
        return Html("")
    columns = (
        {"name": "Key account|"} | {item: ITEMS[item] for item in known} | {"missing": f"Missing, of {len(known)}"}
    )
    rows = [
        {"name": row["account_name"], "missing": _count(row["missing"])} | {item: _YES if row[item] else _NO for item in known}
        for row in found.practice.grid.to_dict("records")
    ]  # fmt: skip
    footer = {"name": "Accounts without it"} | {item: str(found.practice.missing[item]) for item in known}
    footer["missing"] = _count(found.practice.grid["missing"].sum())
    worst = [at for at, row in enumerate(found.practice.grid["missing"]) if pd.notna(row) and row >= 3]
    unknown = [words for item, words in ITEMS.items() if item not in known]
    said = f"Not assessed, for no table tells: {', '.join(unknown).lower()}." if unknown else ""
    return together(
        table(columns, rows, "What each key account has (bold: three or more missing)", footer, worst),
        paragraph(said, "note"),
    )


def _count(value: object) -> str:
    return "" if pd.isna(value) else f"{value}"  # type: ignore[call-overload]
