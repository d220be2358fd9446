"""The transactions, which stay in the engine: read once, and only ever aggregated."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import ibis.expr.types as ir

from kam_analysis.ledger.engine import columns, sales_rows
from kam_analysis.ledger.engine.sources import Connection, Opened
from kam_analysis.ledger.settings.settings import TABLES, Column, Settings


@dataclass(frozen=True)
class Overview:
    """What one scan over all transactions says; `last` is the last date not in the future."""

    rows: int
    first: date
    last: date
    after_today: int
    total_rows_left_out: int


def spec(settings: Settings) -> dict[str, Column]:
    """The columns of transactions that can be there: the contract's and the settings' measures."""
    own = {m.column: Column(m.column, "number", f"measure {m.name}") for m in settings.measures.values()}
    return {column.name: column for column in TABLES["transactions"].columns} | own


@dataclass(frozen=True)
class Transactions:
    """The transactions as read: `every` row has each typed column, and beside it `raw_...` as the source gives it.

    Ids are still as the source writes them, amounts exact decimals; those of documents that count against are
    not turned round yet. `table` are the rows that are sales, `left_out` the others with their `reason`.
    """

    opened: Opened
    every: ir.Table

    @property
    def columns(self) -> tuple[str, ...]:
        """Our columns in a figure's hands: where the source gives a margin, cost is made of it."""
        kept = [name for name in self.opened.columns if name != "margin" or "margin" not in self.opened.source.columns]
        gives = len(kept) < len(self.opened.columns) and "cost" not in kept
        return (*kept, "cost") if gives else tuple(kept)

    @cached_property
    def table(self) -> ir.Table:
        """The rows that are sales, credit notes negative."""
        reason = sales_rows.reasons(self.every, self.opened)
        rows = self.every if reason is None else self.every.filter(reason.isnull())
        return self._priced(sales_rows.turned(rows, self.opened, self._amounts))

    @cached_property
    def left_out(self) -> ir.Table | None:
        """The rows that are no sales: the typed columns, `reason`, and `unread` where an amount cannot be read.

        None where the settings leave nothing out.
        """
        reason = sales_rows.reasons(self.every, self.opened)
        if reason is None:
            return None
        rows = self._priced(self.every.mutate(reason=reason))
        rows = rows.mutate(unread=unread(rows.raw_revenue, rows.revenue))
        return rows.filter(rows.reason.notnull()).select(*self.columns, "reason", "unread")

    @property
    def typed(self) -> ir.Table:
        """The typed columns alone, of sales."""
        return self.table.select(*self.columns)

    def _priced(self, rows: ir.Table) -> ir.Table:
        return sales_rows.with_cost(rows) if "cost" in self.columns and "cost" not in rows.columns else rows

    @property
    def _amounts(self) -> list[str]:
        return [name for name in self.opened.columns if self.every[name].type().is_numeric()]


def read_transactions(
    connection: Connection, opened: Opened, settings: Settings, rows: Path | None = None
) -> Transactions:
    """Read every column once; text is parsed into a copy inside the engine, other sources stay where they are.

    `rows`: where the copy is kept, too, for the other processes of a run.
    """
    known = spec(settings)
    read = {name: typed(opened, known[name]) for name in opened.columns}
    raw = {f"raw_{name}": opened.table[name] for name in opened.columns}
    statuses = {name: opened.table[name] for name in opened.statuses}
    table = opened.table.select(**read, **raw, **statuses)
    if opened.from_text:
        with connection.one_at_a_time, connection.guarded(opened.described):
            table = connection.hold(table, "transactions", rows)
    return Transactions(opened, table)


def kept_transactions(connection: Connection, opened: Opened, rows: Path) -> Transactions | None:
    """The transactions of rows that `read_transactions` kept, `opened` without them; None where they are gone."""
    every = connection.held("transactions", rows)
    if every is None:
        return None
    raw = {name.removeprefix("raw_"): every[name] for name in every.columns if name.startswith("raw_")}
    table = every.select(**raw, **{name: every[name] for name in opened.statuses})
    return Transactions(replace(opened, table=table), every)


def typed(opened: Opened, column: Column) -> ir.Value:
    """One column's values as their kind; NULL where they cannot be read."""
    value = opened.table[column.name]
    if column.name == "currency":
        # Read after grouping: a few codes instead of every row.
        return value.cast("string")
    if column.kind == "id":
        ids = columns.without(columns.raw_id(value), columns.nobody(column, opened.source))
        return columns.looked_past(ids, column, opened.source)
    if column.kind in ("money", "number"):
        read = columns.amount(value, opened.source)
        return columns.in_units(read, opened.source) if column.kind == "money" else read
    return columns.read(value, column, opened.source)


def unread(raw: ir.Value, read: ir.Value) -> ir.Value:
    """Whether something stands there that is not what its column holds."""
    return ~columns.is_blank(raw) & read.isnull()
