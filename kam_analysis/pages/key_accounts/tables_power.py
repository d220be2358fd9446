"""Who depends on whom, what keeps an account, and what invoices say about both."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together
from kam_analysis.pages.key_accounts.findings import Evidence

_BARRIERS = {"procedural": "Procedures", "financial": "Money", "relational": "People", "strength": "Together"}


def balance_table(found: Evidence) -> Html:
    """Our dependence on each key account against its on us; nothing where neither side is known."""
    columns = {
        "name": "Customer|", "reading": "Who depends|", "ours": "We on it (0-1)", "theirs": "It on us (0-1)",
        "wallet": "Our part of its spend", "barrier": "What keeps it (0-1)",
    }  # fmt: skip
    rows = [
        {
            "name": found.name(each),
            "reading": _cell(found, found.balance, each, "reading", str),
            "ours": _cell(found, found.balance, each, "our_dependence", _two),
            "theirs": _cell(found, found.balance, each, "their_dependence", _two),
            "wallet": _cell(found, found.balance, each, "wallet_share", lambda value: style.share(value, 0)),
            "barrier": _cell(found, found.barriers, each, "strength", _two),
        }
        for each in found.ordered
    ]
    if not any(row["theirs"] for row in rows):
        return Html("")
    note = "We on it: 1 from a tenth of our margin (sales, where no cost is known) on. It on us: the mean of our part of its spend and of what keeps it."
    return together(_filled(columns, rows, "The balance with each key account"), paragraph(note, "note"))


def invoices_table(found: Evidence) -> Html:
    """What invoices show of the balance: price beside other buyers, margin and its drift, breadth of lines."""
    columns = {
        "name": "Customer|", "price": "Price, others = 100", "margin": "Margin", "drift": "Margin on the year before",
        "lines": "Lines bought",
    }  # fmt: skip
    rows = [
        {
            "name": found.name(each),
            "price": _cell(found, found.invoices, each, "price_index", lambda value: style.decimal(100 * value, 0)),
            "margin": _cell(found, found.invoices, each, "margin_share", style.share),
            "drift": _cell(found, found.invoices, each, "margin_change", style.points),
            "lines": _cell(found, found.invoices, each, "lines", lambda value: f"{value:.0f}")
            + _cell(found, found.invoices, each, "lines_of", lambda value: f" of {value:.0f}"),
        }
        for each in found.ordered
    ]
    shown = _filled(columns, rows, "What the invoices show")
    note = (
        "Price: what it pays for products that others buy too, their average being 100."
        if any(row["price"] for row in rows)
        else ""
    )
    return together(shown, paragraph(note, "note")) if shown.html else shown


def barriers_table(found: Evidence) -> Html:
    """What keeps every key account, with the note that is the evidence; bold where it could leave easily."""
    easy = set(found.easy["account_id"]) if len(found.easy) else set()
    columns = {"name": "Customer|", "note": "Evidence|", **_BARRIERS}
    rows = [
        {"name": found.name(each), "note": _cell(found, found.barriers, each, "note", str)}
        | {kind: _cell(found, found.barriers, each, kind, _two) for kind in _BARRIERS}
        for each in found.ordered
    ]
    if not any(row["strength"] for row in rows):
        return Html("")
    weak = [at for at, each in enumerate(found.ordered) if each in easy]
    note = "From 0, nothing keeps it, to 1; people count as much as procedures and money together. Bold: valuable, and could leave easily."
    return together(
        _filled(columns, rows, "What keeps each key account", weak), paragraph(note, "note"), _others(found)
    )


def _others(found: Evidence) -> Html:
    """Valuable accounts that could leave easily and are not key."""
    keys = set(found.keys["account_id"])
    rows = [row for row in found.easy.to_dict("records") if row["account_id"] not in keys] if len(found.easy) else []
    if not rows:
        return Html("")
    named = ", ".join(f"{row['account_name']} ({style.share(row['share'])} of sales)" for row in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return paragraph(f"Not key, worth a hundredth of sales or more, and could leave as easily: {named}{more}.")


def _two(value: float) -> str:
    return style.decimal(value, 2)


def _cell(found: Evidence, frame: pd.DataFrame | None, account_id: str, column: str, how: Callable[[Any], str]) -> str:
    value = found.of(frame, account_id, column)
    return "" if value is None or value == style.NOT_ASSESSED else how(value)


def _filled(
    columns: Mapping[str, str], rows: list[dict[str, str]], caption: str, strong: list[int] | None = None
) -> Html:
    """The columns for which anybody has a figure; a figure that is missing is not assessed."""
    kept = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    if len(kept) < 2:
        return Html("")
    shown = [{key: row[key] or style.NOT_ASSESSED for key in kept} for row in rows]
    return table(kept, shown, caption, strong=strong or [])
