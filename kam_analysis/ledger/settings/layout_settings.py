"""What the layout settings of a table may say."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kam_analysis.ledger.settings.sections import named
from kam_analysis.ledger.settings.settings import TableSource

_PARTS = {"date_parts": ("year", "quarter", "month", "day"), "revenue_from": ("quantity", "price", "discount")}
_NEEDED = {"date_parts": ("year",), "revenue_from": ("quantity", "price")}
_EXAMPLES = {
    "date_parts": 'date_parts = { year = "Year", month = "Month" }',
    "revenue_from": 'revenue_from = { quantity = "Qty", price = "Unit price" }',
}
_CHOICES = {"discount_unit": ("percent", "fraction", "amount"), "grain": ("day", "month", "quarter", "year")}


def layout_faults(source: TableSource) -> Iterator[tuple[str, str, str]]:
    """Each fault: its key, what is wrong, and the remedy."""
    if source.is_laid_out and not source.file:
        yield "file", "is missing: layouts are those of files", "write the query so that it gives one row a line"
    for key in _PARTS:
        yield from _parts(key, getattr(source, key))
    for column, day in source.columns_across.items():
        if type(day) is not date:
            remedy = 'write the day on which the column counts: columns_across = { "Jan 2025" = 2025-01-31 }'
            yield f"columns_across.{column}", f"expected a date, got {named(day)}", remedy
    for key, choices in _CHOICES.items():
        value = getattr(source, key)
        if value and value not in choices:
            yield key, f'expected one of {", ".join(choices)}, got "{value}"', "choose one of them"
    if "discount" in source.revenue_from and not source.discount_unit:
        yield (
            "discount_unit",
            "is missing",
            'say what a discount of 10 is: discount_unit = "percent", "fraction" or "amount"',
        )


def _parts(key: str, found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part, column in found.items():
        if part not in _PARTS[key]:
            yield f"{key}.{part}", f"expected one of {', '.join(_PARTS[key])}", f"write it as {_EXAMPLES[key]}"
        elif not isinstance(column, str):
            yield f"{key}.{part}", f"expected the name of your column, got {named(column)}", "put it in quotes"
    for part in _NEEDED[key]:
        if found and part not in found:
            yield f"{key}.{part}", "is missing", f"write it as {_EXAMPLES[key]}"
