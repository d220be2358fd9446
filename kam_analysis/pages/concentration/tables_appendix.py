"""How sure we are of 01, and its appendix: reconciliation, ranges, steadiness, indices."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import (
    Concentration,
    Steadiness,
    hall_tideman,
    hannah_kay,
    normalised_hhi,
    theil,
)
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, together
from kam_analysis.pages.table import Column, Table, columns_in
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say, declared = said_in(__file__), columns_in(__file__)

# Reasons why rows are no sales that have a line of their own, and names that are listed.
_REASONS, _NAMED = 8, 5
_FIGURES = words_in(__file__, "figures")
# Each index of a book as it is written, by its name in words.toml.
_INDICES: Mapping[str, Callable[[Concentration], str]] = {
    "accounts": lambda book: style.count(book.n),
    "hhi": lambda book: style.decimal(book.hhi, 4),
    "effective": lambda book: style.decimal(book.effective_accounts, 1),
    "normalised": lambda book: style.decimal(normalised_hhi(book.amounts), 4),
    "gini": lambda book: style.decimal(book.gini, 3),
    "theil": lambda book: style.decimal(theil(book.amounts), 3),
    "hannah_kay_half": lambda book: style.decimal(hannah_kay(book.amounts, 0.5), 4),
    "hannah_kay_one": lambda book: style.decimal(hannah_kay(book.amounts, 1.0), 4),
    "hall_tideman": lambda book: style.decimal(hall_tideman(book.amounts), 4),
    "top_1": lambda book: style.share(book.top(1)),
    "top_10": lambda book: style.share(book.top(10)),
    "behind": lambda book: style.count(book.accounts_for(0.8)),
}


def reconciliation(found: "Found") -> Html:
    """Every source row's money, and the total against finance's own."""
    return together(where_the_money_is(found).html(), against_finance(found).html())


def where_the_money_is(found: "Found") -> Table:
    """From the total of the source to the shares; the rows add up to the footer, exactly."""
    parts, listed = found.reconciliation, found.excluded
    excluded = ", ".join(listed[:_NAMED]) + (" ..." if len(listed) > _NAMED else "") if listed else say("items.nothing")
    lines = [
        (say("items.in_shares", customers=style.counted(parts.accounts, "customer")), parts.in_shares),
        (say("items.excluded", excluded=excluded), parts.excluded),
        (say("items.without_account", rows=style.counted(parts.without_account_rows, "row")), parts.without_account),
        (say("items.below_zero", customers=style.counted(parts.set_aside_accounts, "customer")), parts.set_aside),
        *_left_out(found),
        (say("items.rounding"), parts.rounding),
    ]
    footer = {"what": say("items.all_subtracted" if found.credits_subtracted else "items.all"), "amount": parts.total}
    unit = found.about.unit or say("heads.amount")
    columns = declared("reconciliation", heading={"amount": unit}, places={"amount": found.digits})
    return Table(say("items.caption"), columns, pd.DataFrame(lines, columns=["what", "amount"]), footer=footer)


def _left_out(found: "Found") -> list[tuple[str, float]]:
    """What the settings keep from being sales, by its reason; the smallest amounts together."""
    reasons = found.reconciliation.reasons
    shown, others = reasons[:_REASONS], reasons[_REASONS:]
    lines = [
        (say("items.no_sales", reason=each.reason, rows=style.counted(each.rows, "row")), each.amount) for each in shown
    ]
    if others:
        count, reason = (
            style.counted(sum(each.rows for each in others), "row"),
            style.counted(len(others), "other reason"),
        )
        lines.append((say("items.no_sales", reason=reason, rows=count), sum(each.amount for each in others)))
    return lines


def against_finance(found: "Found") -> Table:
    """Each fiscal year's invoices, and those of twelve months, beside finance's own total."""
    years = [
        vars(each)
        | {
            "year": say("finance.partly", year=each.year) if each.partly else each.year,
            "difference": each.difference,
            "part": each.difference / each.finance if each.finance else None,
        }
        for each in found.controls
    ]
    of_months = any(each.of_months for each in found.controls)
    columns = declared(
        "against_finance",
        heading={"year": say("finance.time" if of_months else "finance.year")},
        places={"ledger": found.digits, "finance": found.digits, "difference": found.digits},
    )
    return Table(say("finance.caption"), columns, pd.DataFrame(years))


# By kind of company, `python -m benchmarks forecast`.
_HELD = "93 to 98%"


def sureness(found: "Found") -> Table:
    """Each figure with its range, and how often such a range was right in a simulation of these customers."""
    lines = []
    for each in found.sureness:
        ends = (each.interval.value, each.interval.low, each.interval.high)
        right = {"found": style.share(each.coverage.found, 0), "error": f"{each.coverage.error * 100:.0f}"}
        lines.append((_FIGURES[each.name], *(_written(each.name, end) for end in ends), say("sure.right", **right)))
    columns = declared("sureness")
    said = say("sure.unknown")
    if lines:
        first = found.sureness[0]
        said = say("sure.note", level=f"{first.interval.level * 100:.0f}", trials=first.coverage.trials)
    return Table(say("sure.caption"), columns, _frame(lines, columns), notes=[said], nothing=said)


def forecast(found: "Found") -> Table:
    """Next year's largest share, five largest and effective number, each with a range; a sentence without two years."""
    seen = found.forecast
    columns = declared("forecast")
    if seen is None:
        return Table(say("forecast.caption"), columns, _frame([], columns), nothing=say("forecast.unknown"))
    lines = [
        (_FIGURES[row["name"]], *(_written(row["name"], row[each.name]) for each in columns[1:]))
        for row in seen.figures.to_dict("records")
    ]
    of = {"changes": style.count(seen.changes), "years": style.counted(seen.years, "year"), "held": _HELD}
    note = say("forecast.note", level=f"{seen.level * 100:.0f}", **of)
    return Table(say("forecast.caption"), columns, _frame(lines, columns), notes=[note])


def _written(name: str, value: float) -> str:
    return style.decimal(value) if name == "equal customers" else style.share(value)


def steadiness(found: "Found") -> Table | None:
    """Customers and amounts by size class and by how much their months differ."""
    seen = found.steadiness
    if seen is None:
        return None
    columns = declared("steadiness")
    lines = [
        (words, *(_cell(seen, (size, each.name), found.about.unit) for each in columns[1:]))
        for size, words in words_in(__file__, "sizes").items()
    ]
    note = say("steady.note")
    if seen.not_classed:
        note += " " + say("steady.not_classed", customers=style.counted(seen.not_classed, "customer"))
    return Table(say("steady.caption"), columns, _frame(lines, columns), notes=[note])


def _cell(seen: Steadiness, where: tuple[str, str], unit: str) -> str:
    count = seen.count(*where)
    return f"{style.count(count)} · {style.money(seen.amount(*where), unit)}" if count else "–"


def inequality(found: "Found") -> Table:
    """How much of the inequality lies between groups and how much within them; nothing without groups."""
    lines = [
        (name, split.between / split.total, split.within / split.total)
        for name, split in found.splits.items()
        if split.total > 0
    ]
    columns = declared("inequality")
    return Table(say("inequality.caption"), columns, _frame(lines, columns))


def indices(found: "Found") -> Table:
    """Every index at both levels."""
    names = words_in(__file__, "indices")
    lines = [(names[name], index(found.now), index(found.companies)) for name, index in _INDICES.items()]
    columns = declared("indices")
    return Table(say("inequality.indices"), columns, _frame(lines, columns))


def _frame(lines: list[tuple[Any, ...]], columns: list[Column]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=[each.name for each in columns])
