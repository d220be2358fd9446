"""How sure we are of 01, and its appendix: reconciliation, ranges, steadiness, indices."""

from collections.abc import Callable
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
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

# Reasons why rows are no sales that have a line of their own.
_REASONS = 8
_ABC = {"A": "A: the first 80%", "B": "B: to 95%", "C": "C: the last 5%"}
_XYZ = {"X": "X: steady", "Y": "Y: variable", "Z": "Z: now and then"}
_INDICES: dict[str, Callable[[Concentration], str]] = {
    "accounts in the shares": lambda book: style.count(book.n),
    "HHI (0-1)": lambda book: style.decimal(book.hhi, 4),
    "effective number (1/HHI)": lambda book: style.decimal(book.effective_accounts, 1),
    "normalised HHI (0-1)": lambda book: style.decimal(normalised_hhi(book.amounts), 4),
    "Gini (0-1)": lambda book: style.decimal(book.gini, 3),
    "Theil (0 to ln n)": lambda book: style.decimal(theil(book.amounts), 3),
    "Hannah-Kay, alpha 0.5 (0-1)": lambda book: style.decimal(hannah_kay(book.amounts, 0.5), 4),
    "Hannah-Kay, alpha 1 (0-1)": lambda book: style.decimal(hannah_kay(book.amounts, 1.0), 4),
    "Hall-Tideman (0-1)": lambda book: style.decimal(hall_tideman(book.amounts), 4),
    "largest account": lambda book: style.share(book.top(1)),
    "ten largest": lambda book: style.share(book.top(10)),
    "accounts for 80%": lambda book: style.count(book.accounts_for(0.8)),
}


def reconciliation(found: "Found") -> Html:
    """Every source row's money, and the total against finance's own."""
    return together(where_the_money_is(found).html(), against_finance(found).html())


def where_the_money_is(found: "Found") -> Table:
    """From the total of the source to the shares; the rows add up to the footer, exactly."""
    parts = found.reconciliation
    lines = [
        (f"In the shares: {style.counted(parts.accounts, 'customer')}", parts.in_shares),
        (f"Excluded in the settings: {_excluded(found)}", parts.excluded),
        (f"Without an account: {style.counted(parts.without_account_rows, 'row')}", parts.without_account),
        (f"At or below zero: {style.counted(parts.set_aside_accounts, 'customer')}", parts.set_aside),
        *_left_out(found),
        ("Rounding to the minor unit, per company", parts.rounding),
    ]
    subtracted = ", credit documents subtracted" if found.credits_subtracted else ""
    footer = {"what": f"All rows of the source in the period{subtracted}", "amount": parts.total}
    columns = [Column("what", "Item"), _exact("amount", found.about.unit or "Amount", found.digits)]
    return Table("Reconciliation to the source data", columns, _frame(lines, ["what", "amount"]), footer=footer)


def _left_out(found: "Found") -> list[tuple[str, float]]:
    """What the settings keep from being sales, by its reason; the smallest amounts together."""
    reasons = found.reconciliation.reasons
    shown, others = reasons[:_REASONS], reasons[_REASONS:]
    lines = [(f"No sales, {each.reason}: {style.counted(each.rows, 'row')}", each.amount) for each in shown]
    if others:
        count = style.counted(sum(each.rows for each in others), "row")
        rest = f"No sales, {style.counted(len(others), 'other reason')}: {count}"
        lines.append((rest, sum(each.amount for each in others)))
    return lines


def _excluded(found: "Found") -> str:
    listed = found.excluded
    return ", ".join(listed[:5]) + (" ..." if len(listed) > 5 else "") if listed else "nothing"


def against_finance(found: "Found") -> Table:
    """Each fiscal year's invoices, and those of twelve months, beside finance's own total."""
    years = [
        {
            "year": each.year + (" (not the whole year)" if each.partly else ""),
            "ledger": each.ledger,
            "finance": each.finance,
            "difference": each.difference,
            "part": each.difference / each.finance if each.finance else None,
        }
        for each in found.controls
    ]
    columns = [
        Column("year", "Time" if any(each.of_months for each in found.controls) else "Fiscal year"),
        _exact("ledger", "Invoices", found.digits),
        _exact("finance", "Finance", found.digits),
        _exact("difference", "Difference", found.digits),
        Column("part", "of finance's total", "share"),
    ]
    return Table("Invoices and finance's control totals", columns, pd.DataFrame(years))


def _exact(name: str, heading: str, digits: int) -> Column:
    return Column(name, heading, "money", written=lambda row: style.exact(row[name], digits))


# By kind of company, `python -m benchmarks forecast`.
_HELD = "93 to 98%"


def sureness(found: "Found") -> Table:
    """Each figure with its range, and how often such a range was right in a simulation of these customers."""
    figures = [
        {
            "name": each.name,
            "value": _written(each.name, each.interval.value),
            "low": _written(each.name, each.interval.low),
            "high": _written(each.name, each.interval.high),
            "right": f"{style.share(each.coverage.found, 0)} ± {each.coverage.error * 100:.0f}",
        }
        for each in found.sureness
    ]
    columns = [
        Column("name", "Figure"),
        _number("value", "Twelve complete months"),
        _number("low", "From"),
        _number("high", "To"),
        _number("right", "Reliability of the range"),
    ]
    frame = pd.DataFrame(figures, columns=[each.name for each in columns])
    said = _about_ranges(found)
    return Table("How much the figures vary by chance", columns, frame, notes=[said], nothing=said)


def _about_ranges(found: "Found") -> str:
    if not found.sureness:
        return "A range for the shares needs twelve complete months of purchases."
    first = found.sureness[0]
    return (
        "All customers are in the data, so nothing is sampled. What varies is when they buy. The range is about this "
        "period and is no forecast: it should hold the figure without the luck of these months in "
        f"{first.interval.level * 100:.0f} of 100 cases. It allows for months that carry over into the next, for seasons "
        f"and for projects. The last column says how often it did in {first.coverage.trials} simulated histories of "
        "customers who buy as yours do (± simulation error)."
    )


def forecast(found: "Found") -> Table:
    """Next year's largest share, five largest and effective number, each with a range; a sentence without two years."""
    seen = found.forecast
    columns = [
        Column("name", "Figure"),
        _number("value", "Last twelve months"),
        _number("middle", "Next twelve months"),
        _number("low", "From"),
        _number("high", "To"),
    ]
    names = [each.name for each in columns]
    if seen is None:
        nothing = "A forecast of the next twelve months needs two years of purchases."
        return Table("Concentration in the next twelve months", columns, _frame([], names), nothing=nothing)
    lines = [
        (row["name"], *(_written(row["name"], row[each]) for each in names[1:]))
        for row in seen.figures.to_dict("records")
    ]
    note = (
        f"If customers go on growing, shrinking, coming and leaving as they did: {style.count(seen.changes)} changes of "
        f"a customer from one year to the next, in {style.counted(seen.years, 'year')}. The range should hold next year's "
        f"figure in {seen.level * 100:.0f} of 100 cases. It held {_HELD} of held-out years of simulated companies. It "
        "does not know your contracts or plans."
    )
    return Table("Concentration in the next twelve months", columns, _frame(lines, names), notes=[note])


def _written(name: str, value: float) -> str:
    return style.decimal(value) if name == "equal customers" else style.share(value)


def steadiness(found: "Found") -> Table | None:
    """Customers and amounts by size class and by how much their months differ."""
    seen = found.steadiness
    if seen is None:
        return None
    unit = found.about.unit
    classes = [
        {"abc": words, **{letter: _cell(seen, (size, letter), unit) for letter in _XYZ}} for size, words in _ABC.items()
    ]
    note = (
        "Steady: the months differ from each other by less than half of their average (coefficient of variation below "
        "0.5). Variable: up to 1.0. Now and then: above."
    )
    if seen.not_classed:
        note += f" Not classed, with fewer than three months: {style.counted(seen.not_classed, 'customer')}."
    columns = [Column("abc", ""), *(_number(letter, words) for letter, words in _XYZ.items())]
    caption = "Customers and amounts by size and steadiness of the last twelve complete months"
    return Table(caption, columns, pd.DataFrame(classes), notes=[note])


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
    columns = [
        Column("name", "Customers grouped by"),
        Column("between", "Between groups", "share", 0),
        Column("within", "Within groups", "share", 0),
    ]
    return Table("Where the inequality is (Theil index, split)", columns, _frame(lines, ["name", "between", "within"]))


def indices(found: "Found") -> Table:
    """Every index at both levels."""
    lines = [(name, index(found.now), index(found.companies)) for name, index in _INDICES.items()]
    columns = [Column("name", "Index"), _number("parent", "By customer"), _number("entity", "By company")]
    return Table("Concentration indices", columns, _frame(lines, ["name", "parent", "entity"]))


def _number(name: str, heading: str) -> Column:
    """A number that is written already, aligned as numbers are."""
    return Column(name, heading, "number", written=lambda row: str(row[name]))


def _frame(lines: list[tuple[Any, ...]] | list[tuple[str, float]], names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=names)
