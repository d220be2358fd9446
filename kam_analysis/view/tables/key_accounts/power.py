"""Who depends on whom, what keeps an account, and what invoices say about both."""

import pandas as pd

from kam_analysis.view import style
from kam_analysis.view.blocks import Html, paragraph, table, together
from kam_analysis.view.findings.key_accounts import Evidence


def balance_table(found: Evidence, barriers: pd.DataFrame) -> Html:
    """A row per key account; columns that nobody has a figure for are left out."""
    rows = [_row(found, each, barriers) for each in found.ordered]
    columns = {
        "name": "Customer|", "reading": "Who depends|", "wallet": "Our part of its spend", "barrier": "Barriers (0-1)",
        "price": "Price, others = 100", "margin": "Margin", "drift": "on the year before", "lines": "Lines bought",
    }  # fmt: skip
    kept = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    if len(kept) < 2:
        return Html("")
    note = "Price: what it pays for the products that others buy too, their average being 100. Barriers: what keeps it from leaving, people counting half."
    return together(table(kept, rows, "The balance with each key account"), paragraph(note, "note"))


def _row(found: Evidence, account_id: str, barriers: pd.DataFrame) -> dict[str, str]:
    def written(value: object, how: object) -> str:
        return "" if value is None else how(float(value))  # type: ignore[operator,arg-type]

    reading = found.of(found.balance, account_id, "reading") or ""
    lines, of = found.of(found.invoices, account_id, "lines"), found.of(found.invoices, account_id, "lines_of")
    return {
        "name": found.name(account_id),
        "reading": "" if reading == style.NOT_ASSESSED else reading,
        "wallet": written(found.of(found.balance, account_id, "wallet_share"), lambda value: style.share(value, 0)),
        "barrier": written(found.of(barriers, account_id, "strength"), lambda value: style.decimal(value, 2)),
        "price": written(
            found.of(found.invoices, account_id, "price_index"), lambda value: style.decimal(100 * value, 0)
        ),
        "margin": written(found.of(found.invoices, account_id, "margin_share"), style.share),
        "drift": written(found.of(found.invoices, account_id, "margin_change"), style.points),
        "lines": "" if lines is None or of is None else f"{lines:.0f} of {of:.0f}",
    }


def easy_table(easy: pd.DataFrame, unit: str) -> Html:
    """Valuable accounts that could leave easily, with the note that is the evidence."""
    if easy.empty:
        return Html("")
    columns = {"name": "Customer|", "amount": unit or "Sales", "strength": "Barriers (0-1)", "note": "Evidence|"}
    rows = [
        {"name": row["account_name"], "amount": style.money(row["amount"]), "strength": style.decimal(row["strength"], 2), "note": row["note"]}
        for row in easy.head(10).to_dict("records")
    ]  # fmt: skip
    return table(columns, rows, "Valuable, and could leave easily")
