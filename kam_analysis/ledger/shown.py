"""What a ledger says of itself at a prompt and in a notebook: rows, total, period, and what is left out."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from kam_analysis.ledger.settings.period import spoken
from kam_analysis.ledger.settings.settings import TABLES

if TYPE_CHECKING:
    from kam_analysis.ledger.ledger import Ledger

Line = tuple[str, str]


def lines(ledger: "Ledger") -> list[Line]:
    """What is in it, line by line: what is told, and its value in words."""
    parts, there = ledger.reconciliation(), ledger.overview
    level = "groups counted as one customer" if ledger.level == "parent" else "each company for itself"
    found = [
        ("Data", f"{_counted(there.rows, 'row')}, {spoken(there.first)} to {spoken(there.last)}"),
        ("As of", spoken(ledger.as_of)),
        ("Period", ledger.period.label),
        ("Measure", f"{ledger.measure}{f' of {ledger.line}' if ledger.line else ''}, {level}"),
        ("All rows of the period", _amount(ledger, parts.total)),
        (f"In the shares of {_counted(parts.accounts, 'account')}", _amount(ledger, parts.in_shares)),
    ]
    aside = [
        (f"Without an account ({_counted(parts.without_account_rows, 'row')})", parts.without_account),
        (f"Accounts at or below zero ({parts.set_aside_accounts:,})", parts.set_aside),
        ("Excluded in the settings", parts.excluded),
        *((f"No sales: {each.reason} ({_counted(each.rows, 'row')})", each.amount) for each in parts.reasons),
    ]
    found += [(what, _amount(ledger, amount)) for what, amount in aside if amount]
    tables = [name for name in TABLES if name == "transactions" or name in ledger.as_written.tables]
    found.append(("Tables", ", ".join(tables)))
    if ledger.warnings:
        found.append(("Noticed", f"{_counted(len(ledger.warnings), 'thing')}; see ledger.warnings"))
    return found


def _counted(n: int, one: str) -> str:
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def _amount(ledger: "Ledger", value: float) -> str:
    unit = ledger.currency if ledger.measure in ("revenue", "margin") else ""
    return f"{value:,.{ledger.digits()}f} {unit}".strip()


def as_text(name: str, found: Sequence[Line]) -> str:
    """The lines below the company's name, values under each other."""
    width = max(len(what) for what, _ in found)
    return "\n".join([name, *(f"  {what:{width}}  {value}" for what, value in found)])


def as_html(name: str, found: Sequence[Line]) -> str:
    """The same as a table."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left">{escape(what)}</th>'
        f'<td style="text-align: left">{escape(value)}</td></tr>'
        for what, value in found
    )
    return f"<table><caption>{escape(name)}</caption><tbody>{rows}</tbody></table>"
