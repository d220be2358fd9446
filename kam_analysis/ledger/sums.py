"""Exact sums of transactions, computed in the engine.

Amounts are added as decimals (float sums of credit notes leave residues that count as revenue),
rounded once per account to the minor unit, and handed over as floats with what the rounding took.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger import columns
from kam_analysis.ledger.settings import Settings
from kam_analysis.ledger.sources import Connection
from kam_analysis.ledger.transactions import Transactions

# Ibis multiplies decimals of one type only; nine places hold any published rate.
_CONVERTED = "decimal(38, 9)"
_MONEY = ("revenue", "cost", "margin")


def digits(settings: Settings, measure: str) -> int:
    """Decimal places that a measure is rounded to: the minor unit for money, six for other measures."""
    return settings.minor_digits if measure in _MONEY else 6


class Sums:
    """Aggregates of one company's transactions; every method returns a small frame or a number."""

    def __init__(self, connection: Connection, transactions: Transactions, settings: Settings) -> None:
        self._connection, self._settings = connection, settings
        self.described = transactions.opened.described
        self._table = transactions.typed
        self._merges = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of transactions that the source has."""
        return tuple(self._table.columns)

    def within(self, first: date, last: date) -> ir.Table:
        """The transactions of some days, both ends included."""
        day = self._table.date
        return self._table.filter(day >= ibis.literal(first), day <= ibis.literal(last))

    def distinct(self, column: str) -> int:
        """How many values a column has."""
        return int(self._connection.fetch(self._table[column].nunique(), self.described))

    def rows_after(self, day: date) -> int:
        """Rows later than a day."""
        return int(self._connection.fetch((self._table.date > ibis.literal(day)).sum(), self.described))

    def by_month(self, account_ids: list[str], measures: tuple[str, ...], last: date) -> pd.DataFrame:
        """Sums of chosen legal entities by calendar month, over all data up to a day."""
        raw = self._raw_ids(account_ids)
        rows = self._table.filter(self._table.account_id.isin(raw) & (self._table.date <= ibis.literal(last)))
        rows = rows.mutate(month=rows.date.truncate("M"))
        frame = self.by(["account_id", "month"], measures, rows)
        return frame.assign(month=pd.to_datetime(frame["month"]))

    def by(self, keys: list[str], measures: tuple[str, ...], rows: ir.Table) -> pd.DataFrame:
        """Sums by keys: the keys, rows, a column per measure, and of the first measure `residue` and `excluded`.

        `residue` is what rounding to the minor unit took away, `excluded` the sum of excluded
        products (not in the measures). Rows without an account have account_id None.
        """
        currency = ["currency"] if "currency" in rows.columns else []
        grouped = rows.group_by([*keys, *currency]).aggregate(rows=rows.count(), **self._exact(rows, measures))
        if "excluded" not in grouped.columns:
            grouped = grouped.mutate(excluded=ibis.literal(0).cast(columns.MONEY))
        # Ids are normalised after grouping: a regular expression for every row would double the time.
        plain = self._converted(grouped, measures) if currency else grouped
        plain = plain.mutate(account_id=columns.normalised_id(plain.account_id))
        if not self._merges and not currency:
            frame = self._connection.fetch(self._rounded(plain, keys, measures), self.described)
            # Grouping again costs a tenth: only where ids differ in nothing but how they were written.
            self._merges = bool(frame.duplicated(keys).any())
        if self._merges or currency:
            names = ["rows", "excluded", *measures]
            merged = plain.group_by(keys).aggregate(**{name: plain[name].sum() for name in names})
            frame = self._connection.fetch(self._rounded(merged, keys, measures), self.described)
        return frame

    def _rounded(self, summed: ir.Table, keys: list[str], measures: tuple[str, ...]) -> ir.Table:
        shown = {name: summed[name].round(digits(self._settings, name)) for name in measures}
        first = measures[0]
        return summed.select(
            *keys,
            "rows",
            excluded=summed["excluded"].cast("float64"),
            residue=(summed[first] - shown[first]).cast("float64"),
            **{name: amount.cast("float64") for name, amount in shown.items()},
        )

    def _exact(self, rows: ir.Table, measures: tuple[str, ...]) -> dict[str, ir.Value]:
        zero = ibis.literal(0).cast(columns.MONEY)
        listed = self._settings.excluded_products
        out = rows["product"].isin(listed).fill_null(False) if listed and "product" in rows.columns else None
        sums = {}
        for name in measures:
            amount = self._amount(rows, name)
            sums[name] = amount.sum() if out is None else amount.sum(where=~out)
        if out is not None:
            sums["excluded"] = self._amount(rows, measures[0]).sum(where=out)
        return {name: ibis.coalesce(value, zero) for name, value in sums.items()}

    def _amount(self, rows: ir.Table, measure: str) -> ir.Value:
        if measure == "margin":
            zero = ibis.literal(0).cast(columns.MONEY)
            return rows["revenue"].fill_null(zero) - rows["cost"].fill_null(zero)
        found = self._settings.measures.get(measure)
        return rows[found.column if found else measure]

    def _converted(self, grouped: ir.Table, measures: tuple[str, ...]) -> ir.Table:
        if not self._settings.rates:
            return grouped
        code = grouped["currency"].strip().upper()
        known = [
            (code == each, ibis.literal(str(rate)).cast(_CONVERTED)) for each, rate in self._settings.rates.items()
        ]
        rate = ibis.cases(*known, else_=ibis.literal("1").cast(_CONVERTED))
        money = [name for name in measures if name in _MONEY] + (["excluded"] if measures[0] in _MONEY else [])
        converted = {name: (grouped[name].cast(_CONVERTED) * rate).cast(columns.MONEY) for name in money}
        return grouped.mutate(**converted)

    def _raw_ids(self, account_ids: list[str]) -> list[str]:
        """The ids as the source writes them, so that rows are filtered without normalising each."""
        each = self._table.select("account_id").distinct()
        pairs = each.select(raw=each.account_id, plain=columns.normalised_id(each.account_id))
        found = self._connection.fetch(pairs.filter(pairs.raw != pairs.plain), self.described)
        return sorted({*account_ids, *found.loc[found["plain"].isin(account_ids), "raw"]})
