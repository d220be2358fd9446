"""Every source row's money, and the total against finance's own."""

from collections.abc import Sequence

import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Control, Reconciliation
from kam_analysis.pages import style
from kam_analysis.pages.concentration.findings import unit
from kam_analysis.pages.html import Html, table, together

# Reasons why rows are no sales that have a line of their own.
_REASONS = 8


def reconciliation_tables(parts: Reconciliation, controls: Sequence[Control], ledger: Ledger) -> Html:
    """Every source row's money, and the total against finance's own."""
    digits = ledger.settings.minor_digits
    rows = [
        {
            "what": f"In the shares: {style.counted(parts.accounts, 'customer')}",
            "amount": style.exact(parts.in_shares, digits),
        },
        {
            "what": f"Excluded by the settings: {_excluded(ledger, parts)}",
            "amount": style.exact(parts.excluded, digits),
        },
        {
            "what": f"Without an account: {style.counted(parts.without_account_rows, 'row')}",
            "amount": style.exact(parts.without_account, digits),
        },
        {
            "what": f"At or below zero: {style.counted(parts.set_aside_accounts, 'customer')}",
            "amount": style.exact(parts.set_aside, digits),
        },
        *_left_out(parts, digits),
        {"what": "Rounding to the minor unit, per company", "amount": style.exact(parts.rounding, digits)},
    ]
    against = ledger.settings.tables["transactions"].subtract
    what = "All rows of the source in the period" + (", credit documents counted against" if against else "")
    total = {"what": what, "amount": style.exact(parts.total, digits)}
    heading = f"{unit(ledger)} to the minor unit" if unit(ledger) else "Amount"
    blocks = [
        table({"what": "Where the money is|", "amount": heading}, rows, "From the source to the shares", footer=total)
    ]
    if controls:
        blocks.append(_controls_table(controls, digits))
    return together(*blocks)


def _left_out(parts: Reconciliation, digits: int) -> list[dict[str, str]]:
    """What the settings keep from being sales, by its reason; the smallest amounts together."""
    shown, others = parts.reasons[:_REASONS], parts.reasons[_REASONS:]
    rows = [(f"No sales, {each.reason}", each.rows, each.amount) for each in shown]
    if others:
        rest = f"No sales, {style.counted(len(others), 'other reason')}"
        rows.append((rest, sum(each.rows for each in others), sum(each.amount for each in others)))
    return [
        {"what": f"{what}: {style.counted(count, 'row')}", "amount": style.exact(amount, digits)}
        for what, count, amount in rows
    ]


def _excluded(ledger: Ledger, parts: Reconciliation) -> str:
    listed = [*ledger.master.named(_series(ledger.settings.excluded_accounts)), *ledger.settings.excluded_products]
    return ", ".join(listed[:5]) + (" ..." if len(listed) > 5 else "") if listed else "nothing"


def _series(ids: Sequence[str]) -> pd.Series:
    return pd.Series(list(ids), dtype=object)


def _controls_table(controls: Sequence[Control], digits: int) -> Html:
    rows = [
        {
            "year": each.year + (" (not the whole year)" if each.partly else ""),
            "ledger": style.exact(each.ledger, digits),
            "finance": style.exact(each.finance, digits),
            "difference": style.exact(each.difference, digits),
            "part": style.share(each.difference / each.finance) if each.finance else "",
        }
        for each in controls
    ]
    columns = {
        "year": "Fiscal year|",
        "ledger": "Invoices",
        "finance": "Finance",
        "difference": "Difference",
        "part": "of finance's total",
    }
    return table(columns, rows, "All rows of the source against finance's control total")
