"""Looking through a source for columns that say which rows are sales, with rows and money of each value."""

from collections.abc import Sequence
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from kam_analysis.errors import Problem
from kam_analysis.ledger.checks.statuses import MOST_VALUES, StatusColumn, Value, status_column
from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.engine.sources import Connection, Opened
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.toml_text import as_key, listed

# Enough rows to see which columns have few values; only those are counted in full.
_LOOKED_AT = 2_000
_MOST_COLUMNS = 120


def unused_statuses(connection: Connection, opened: Opened) -> list[Problem]:
    """A warning for each column that says which rows are sales, where the settings do not use it.

    Only of what DuckDB reads: a warehouse would count columns that nobody asked it for.
    """
    if opened.raw is None or opened.raw.get_backend().name != "duckdb":
        return []
    used = {*opened.source.columns.values(), *opened.source.columns, *opened.source.status_columns}
    spare = [name for name in opened.raw.columns if name not in used and name not in opened.columns]
    revenue = opened.source.columns.get("revenue", "revenue")
    money = columns.amount(opened.raw[revenue], opened.source) if revenue in opened.raw.columns else None
    found = status_columns(connection, opened.raw, opened.source, spare, money)
    return [
        Problem(
            opened.described,
            each.name,
            f"says which rows are sales, and is not used: {each.told}",
            remedy(each),
            severity="warning",
        )
        for each in found
    ]


def remedy(column: StatusColumn) -> str:
    """The lines of the settings that would use it."""
    parts = [
        f"[tables.transactions.{key}] {as_key(column.name)} = {listed(values)}"
        for key in ("keep", "drop", "subtract")
        if (values := getattr(column, key))
    ]
    every = listed([each.text for each in column.values])
    say = f"say which are sales: {'; '.join(parts)}" if parts else "say which are sales with keep, drop or subtract"
    return f"{say}; if all are: [tables.transactions.keep] {as_key(column.name)} = {every}"


def status_columns(
    connection: Connection, raw: ir.Table, source: TableSource, names: Sequence[str], money: ir.Value | None
) -> list[StatusColumn]:
    """The columns among `names` that say which rows are sales; `money` is what a row is worth (None: unknown)."""
    looked_at = [name for name in names[:_MOST_COLUMNS] if _is_plain(raw[name])]
    if not looked_at:
        return []
    sample = connection.fetch(raw.select(*looked_at).limit(_LOOKED_AT), source.name)
    found = []
    for name in looked_at:
        seen = [Value(text, 1) for text in {_text(value) for value in sample[name]}]
        if len(seen) <= MOST_VALUES and _worth_counting(name, seen):
            counted = status_column(name, _counted(connection, raw, source, name, money))
            found += [counted] if counted is not None else []
    return found


def _worth_counting(name: str, seen: Sequence[Value]) -> bool:
    """Whether a few rows' values look like a status: those that matter may come later, so one more is imagined."""
    return status_column(name, seen) is not None or any(
        status_column(name, [*seen, Value(other, 1)]) for other in ("Cancelled", "Lost", "Credit memo", "H", "1")
    )


def _counted(
    connection: Connection, raw: ir.Table, source: TableSource, name: str, money: ir.Value | None
) -> list[Value]:
    sums: dict[str, Any] = {"rows": raw.count()}
    if money is not None and money.type().is_numeric():
        sums["amount"] = columns.total(money).cast("float64")
        sums |= {"lowest": money.min().cast("float64"), "highest": money.max().cast("float64")}
    grouped = raw.group_by(value=columns.raw_id(raw[name])).aggregate(**sums).limit(10 * MOST_VALUES)
    counted: dict[str, Value] = {}
    for row in connection.fetch(grouped, source.name).to_dict("records"):
        text = _text(row["value"])
        before = counted.get(text, Value(text, 0, 0.0 if "amount" in row else None))
        worth = None if before.amount is None else before.amount + float(row["amount"])
        mixed = before.mixed or (worth is not None and row["lowest"] < 0 < row["highest"])
        counted[text] = Value(text, before.rows + int(row["rows"]), worth, mixed=bool(mixed))
    return sorted(counted.values(), key=lambda each: (-each.rows, each.text))


def _is_plain(value: ir.Value) -> bool:
    kind = value.type()
    return kind.is_string() or kind.is_integer() or kind.is_boolean()


def _text(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
