"""What moved: who pushed the concentration, who came into and left the largest, who fell by more than usual."""

import pandas as pd

from kam_analysis.analysis.concentration import Falls, HhiChange
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together

PUSHED, FALLEN, NAMED = 6, 10, 3


def pushed_table(change: HhiChange) -> Html:
    """Through whom the book became more or less concentrated; the rows and the rest add up to the change."""
    columns = {
        "name": "Customer|",
        "before": "Share the year before",
        "now": "Share now",
        "effect": "Effect on the HHI, points of 10,000",
    }
    moved = change.accounts[change.accounts["change"] != 0]
    first = moved.head(PUSHED)
    rows = [
        {
            "name": row["account_name"],
            "before": _share(row["share_before"]),
            "now": _share(row["share"]),
            "effect": _points(row["change"]),
        }
        for row in first.to_dict("records")
    ]
    rest = float(moved["change"].iloc[PUSHED:].sum())
    rows.append({"name": f"{style.counted(max(0, len(moved) - PUSHED), 'other customer')}", "effect": _points(rest)})
    total = {"name": "All customers", "effect": _points(change.now - change.before)}
    caption = "Who made the whole hang on fewer customers (+) or on more (−)"
    return table(columns, rows, caption, footer=total)


def _share(value: float) -> str:
    return style.share(value) if value > 0 else "none"


def _points(change: float) -> str:
    return style.change(change * 10_000, 1)


def largest_line(entered: pd.DataFrame, left: pd.DataFrame, n: int) -> Html:
    """Who came into the n largest and who dropped out, in a sentence."""
    if entered.empty and left.empty:
        return paragraph(f"The {n} largest are the same as the year before.")
    parts = []
    if len(entered):
        parts.append(f"New among the {n} largest: {_listed(entered, 'rank_before')}")
    if len(left):
        parts.append(f"No longer: {_listed(left, 'rank')}")
    return paragraph(". ".join(parts) + ".")


def _listed(rows: pd.DataFrame, other: str) -> str:
    """Names with the rank that they have, or had, in the other year; the first few."""
    said = [f"{row['account_name']} ({_rank(row[other], other)})" for row in rows.head(NAMED).to_dict("records")]
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    return ", ".join(said) + more


def _rank(rank: float, other: str) -> str:
    then = other == "rank_before"
    if pd.isna(rank):
        return "no sales then" if then else "no sales now"
    return f"{'was' if then else 'now'} {int(rank)}"


def falls_table(falls: Falls, unit: str) -> Html:
    """Who fell by more than it usually varies, most money first; a sentence where nobody did or nobody could be judged."""
    if not falls.assessed:
        return paragraph(
            "Falls cannot be told from usual ups and downs: that needs two years of complete months.", "note"
        )
    judged = f"{style.counted(falls.assessed, 'customer')} with enough history judged, {style.count(falls.not_assessed)} not."
    if falls.alerts.empty:
        return paragraph(f"Nobody fell by more than its own usual variation in the last six complete months. {judged}")
    columns = {
        "name": "Customer|",
        "recent": f"Last six months{f', {unit}' if unit else ''}",
        "before": "A year earlier",
        "change": "Change",
        "part": "in %",
        "usual": "Usual for it",
    }
    rows = [
        {
            "name": row["account_name"],
            "recent": style.money(row["recent"]),
            "before": style.money(row["year_before"]),
            "change": style.money(row["change"]),
            "part": style.share(row["change_share"], 0),
            "usual": f"± {style.money(row['usual'])}",
        }
        for row in falls.alerts.head(FALLEN).to_dict("records")
    ]
    more = len(falls.alerts) - len(rows)
    note = (
        "Six complete months against the same months a year earlier; the worst month is left out of the judgement, "
        f"so that one empty month raises no alarm. {judged}" + (f" {more} more, smaller ones." if more > 0 else "")
    )
    caption = "Fell by more than its own usual variation"
    return together(table(columns, rows, caption), paragraph(note, "note"))
