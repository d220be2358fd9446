"""Profit after cost to serve and rebates, on `02_key_accounts`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.segments import COMPLEXITY, Profit
from kam_analysis.pages import assumed, style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.results import Figure
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

PUBLISHED = 10_000


def profit_table(found: "Found") -> Table | Html:
    """What is left of each key account's margin, ranked among all; a sentence where that cannot be told."""
    profit = found.profit
    if profit is None:
        return paragraph(f"Profit after cost to serve is not assessed: that needs {found.profit_needs}.", "note")
    rows = profit.accounts
    ranked = rows.assign(
        rank=pd.Series(range(1, len(rows) + 1), rows.index).where(rows["profit"].notna()),
        account_name=[found.name(each) for each in rows["account_id"]],
        key=rows["account_id"].isin(found.keys["account_id"]),
    )
    listed = pd.concat([ranked[ranked["key"]], ranked[~ranked["key"]]], ignore_index=True).head(PUBLISHED)
    shown = min(int(ranked["key"].sum()), len(listed))
    columns = [
        Column("rank", "Rank", "count"),
        Column("account_id", "Number", on_page=False),
        Column("account_name", "Customer"),
        Column("key", "Key", "flag", on_page=False),
        Column("revenue", "Sales", "money", on_page=False),
        Column("margin", "Margin", "money"),
        Column("hours", "Hours a year", "number", 0),
        Column("hours_from", "Hours are", on_page=False),
        Column("service", "Cost to serve", "money"),
        Column("rebates", "Rebates", "money"),
        Column("profit", "Profit", "money"),
        Column("profit_low", "Profit at the highest cost", "money", on_page=False),
        Column("profit_high", "Profit at the lowest cost", "money", on_page=False),
    ]
    strong = [at for at, each in enumerate(listed["profit"].head(shown)) if each < 0]
    return Table(
        "Profit of the key accounts after cost to serve and rebates, 12 months",
        columns,
        listed,
        unit=found.about.currency,
        shown=shown,
        footer=_all(profit),
        strong=strong,
        notes=_notes(found, profit),
        missing=style.NOT_ASSESSED,
    )


def profit_figures(found: "Found") -> dict[str, Figure]:
    """Profit of all customers and how many lose money, for other programs; none where it is not assessed."""
    profit, unit = found.profit, found.about.currency or "amount"
    return {
        "profit_after_service": Figure(profit.profit if profit else None, unit),
        "customers_losing_money": Figure(len(profit.losing) if profit else None, "accounts"),
    }


def named_losses(found: "Found") -> list[tuple[str, float, str]]:
    """Who is key, or on the company's own list, and loses money: account_id, profit, and which of the two."""
    if found.profit is None:
        return []
    habit = set(found.listing.habit) if found.listing else set()
    keys = set(found.keys["account_id"])
    return [
        (row["account_id"], row["profit"], "key" if row["account_id"] in keys else "on your list")
        for row in found.profit.losing.to_dict("records")
        if row["account_id"] in keys | habit
    ]


def _all(profit: Profit) -> dict[str, object]:
    known = profit.accounts[profit.accounts["profit"].notna()]
    return {
        "account_name": f"All {len(known):,} customers assessed",
        "margin": profit.margin - profit.not_assessed,
        "hours": float(known["hours"].sum()),
        "service": profit.service,
        "rebates": profit.rebates,
        "profit": profit.profit,
    }


def _notes(found: "Found", profit: Profit) -> Sequence[str]:
    return [
        " ".join([_who_loses(found), _how_many(found, profit)]),
        " ".join(filter(None, [_what_it_rests_on(found, profit), found.rebates_said])),
    ]


def _who_loses(found: "Found") -> str:
    named = named_losses(found)
    if not named:
        return "No key account loses money after cost to serve."
    unit = found.about.currency
    listed = ", ".join(f"{found.name(each)} ({said}, {style.money(loss, unit)})" for each, loss, said in named)
    return f"A loss after cost to serve: {listed}."


def _how_many(found: "Found", profit: Profit) -> str:
    losing, unit = profit.losing, found.about.currency
    if losing.empty:
        return "Nor does any other customer." if not named_losses(found) else ""
    certain = int((losing["profit_high"] < 0).sum())
    lost = style.money(-float(losing["profit"].sum()), unit)
    assessed = int(profit.accounts["profit"].notna().sum())
    return (
        f"Of {assessed:,} customers {len(losing):,} {'loses' if len(losing) == 1 else 'lose'} money, {lost} together; "
        f"{certain:,} of them at the lowest cost too."
    )


def _what_it_rests_on(found: "Found", profit: Profit) -> str:
    said = []
    for name, each in found.costs.items():
        value, low, high = (style.money(end, found.about.currency) for end in (each.value, each.low, each.high))
        said.append(f"{assumed.in_words(name)}: {value} ({low} to {high}; {each.source}).")
    said.append(
        "Hours are those of the page on account managers: what is on record, extended to each manager's hours a month."
    )
    estimated = int((profit.accounts["hours_from"] == COMPLEXITY).sum())
    if estimated:
        said.append(f"For {style.counted(estimated, 'customer')} without hours: those of others as complex to serve.")
    unknown = int(profit.accounts["profit"].isna().sum())
    if unknown:
        amount = style.money(profit.not_assessed, found.about.currency)
        said.append(f"Not assessed: {style.counted(unknown, 'customer')} without hours, with {amount} of margin.")
    return " ".join(said)
