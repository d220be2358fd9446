"""Exact sums of transactions, computed in the engine.

Amounts are added as decimals (float sums of credit notes leave residues that count as revenue),
rounded once per account to the minor unit, and handed over as floats with what the rounding took.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger import columns
from kam_analysis.ledger.settings import Settings
from kam_analysis.ledger.sources import Connection
from kam_analysis.ledger.transactions import Transactions
from kam_analysis.ledger.windows import Window

# Ibis multiplies decimals of one type only; nine places hold any published rate.
_CONVERTED = "decimal(38, 9)"
_MONEY = ("revenue", "cost", "margin")
_EVER = (date.min, date.max)


def digits(settings: Settings, measure: str) -> int:
    """Decimal places that a measure is rounded to: the minor unit for money, six for other measures."""
    return settings.minor_digits if measure in _MONEY else 6


def month_number(day: date) -> int:
    """A calendar month as the engine counts it: year x 12 + month - 1."""
    return day.year * 12 + day.month - 1


def _is_money(column: str) -> bool:
    """Whether a window's column holds money, a measure's own or that of excluded products."""
    return column.partition("|")[0].removeprefix("excluded ") in _MONEY


class Sums:
    """Aggregates of one company's transactions; every method returns a small frame or a number."""

    def __init__(self, connection: Connection, transactions: Transactions, settings: Settings) -> None:
        self._connection, self._settings = connection, settings
        self.described = transactions.opened.described
        self._table = transactions.typed
        self._held: dict[tuple[str, date], ir.Table] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of transactions that the source has."""
        return tuple(self._table.columns)

    def within(self, first: date, last: date) -> ir.Table:
        """The transactions of some days, both ends included."""
        day = self._table.date
        return self._table.filter(day >= ibis.literal(first), day <= ibis.literal(last))

    def without_excluded(self, rows: ir.Table) -> ir.Table:
        """The rows whose product the settings do not exclude."""
        if not self._settings.excluded_products or "product" not in rows.columns:
            return rows
        return rows.filter(~rows["product"].isin(self._settings.excluded_products).fill_null(False))

    def added(
        self, rows: ir.Table, keys: list[str], money: dict[str, ir.Value], amounts: dict[str, ir.Value] | None = None
    ) -> ir.Table:
        """Exact sums by keys: the keys, `money` in the reporting currency, other `amounts` as they are."""
        currency = ["currency"] if "currency" in rows.columns else []
        zero, named = ibis.literal(0).cast(columns.MONEY), money | (amounts or {})
        exact = {name: ibis.coalesce(amount.sum(), zero) for name, amount in named.items()}
        summed = rows.group_by([*keys, *currency]).aggregate(**exact)
        if not currency:
            return summed
        summed = self._converted(summed, list(money))
        return summed.group_by(keys).aggregate(**{name: summed[name].sum() for name in named})

    def distinct(self, column: str) -> int:
        """How many values a column has."""
        return int(self._connection.fetch(self._table[column].nunique(), self.described))

    def total(self, measure: str, rows: ir.Table) -> float:
        """The exact sum of all rows, excluded ones too, in the reporting currency."""
        amount = ibis.coalesce(self._amount(rows, measure).sum(), ibis.literal(0).cast(columns.MONEY))
        if "currency" not in rows.columns:
            return float(self.fetch(rows.aggregate(total=amount.cast("float64")))["total"].iloc[0])
        summed = self._converted(
            rows.group_by("currency").aggregate(total=amount), ["total"] if measure in _MONEY else []
        )
        return float(self.fetch(summed.aggregate(total=summed.total.sum().cast("float64")))["total"].iloc[0] or 0)

    def rows_after(self, day: date) -> int:
        """Rows later than a day."""
        return int(self._connection.fetch((self._table.date > ibis.literal(day)).sum(), self.described))

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """Run an expression over sums; what goes wrong is told as the transactions' fault."""
        return self._connection.fetch(expression, self.described)

    def rounded(self, amount: ir.Value, measure: str) -> ir.Value:
        """An exact sum to the minor unit."""
        return amount.round(digits(self._settings, measure))

    @cached_property
    def embedded(self) -> bool:
        """Whether the transactions are read by DuckDB here, so that a copy of sums can be held beside them."""
        return self._table.get_backend().name == "duckdb"

    def by_month(self, measure: str, last: date) -> ir.Table:
        """Legal entities by calendar month up to a day: account_id, month (a number), amount (exact), rounded.

        A row for each month with rows, excluded products left out; rows without an account are not in it.
        """
        if (measure, last) not in self._held:
            self._held[measure, last] = self._by_month(measure, last)
        return self._held[measure, last]

    def _by_month(self, measure: str, last: date) -> ir.Table:
        rows = self.without_excluded(self._table.filter(self._table.date <= ibis.literal(last)))
        rows = rows.mutate(month=(rows.date.year() * 12 + rows.date.month() - 1).cast("int32"))
        currency = ["currency"] if "currency" in rows.columns else []
        amount = ibis.coalesce(self._amount(rows, measure).sum(), ibis.literal(0).cast(columns.MONEY))
        summed = rows.group_by(["account_id", "month", *currency]).aggregate(amount=amount)
        if currency and measure in _MONEY:
            summed = self._converted(summed, ["amount"])
        summed = summed.mutate(account_id=columns.normalised_id(summed.account_id)).drop(*currency)
        summed = summed.filter(summed.account_id.notnull())
        if currency or self.merges:
            summed = summed.group_by(["account_id", "month"]).aggregate(amount=summed.amount.sum())
        found = summed.mutate(rounded=self.rounded(summed.amount, measure))
        if not self.embedded:
            return found
        with self._connection.guarded(self.described):
            # Several questions read these sums: the transactions are read for them once.
            return self._connection.hold(found, f"months_{len(self._held)}_{last:%Y%m%d}")

    @cached_property
    def merges(self) -> bool:
        """Whether some ids differ in nothing but how they were written."""
        ids = self._table.select("account_id").distinct()
        plain = columns.normalised_id(ids.account_id)
        # Not any(): PostgreSQL makes no number of a truth value.
        repeated = ids.count() - plain.nunique() - plain.isnull().ifelse(1, 0).max()
        return bool(self._connection.fetch(repeated, self.described))

    def by(self, keys: list[str], measures: tuple[str, ...], rows: ir.Table) -> pd.DataFrame:
        """Sums by keys: the keys, rows, a column per measure, and of the first measure `residue` and `excluded`.

        `residue` is what rounding to the minor unit took away, `excluded` the sum of excluded
        products (not in the measures). Rows without an account have account_id None.
        """
        whole = Window(*_EVER, measures)
        return whole.frame(self._fetched(keys, [whole], rows), keys, measures)

    def by_account(self, windows: Sequence[Window]) -> pd.DataFrame:
        """Sums by account over several windows of days from one pass over the transactions; see `Window.frame`."""
        first, last = min(each.first for each in windows), max(each.last for each in windows)
        return self._fetched(["account_id"], windows, self.within(first, last))

    def _fetched(self, keys: list[str], windows: Sequence[Window], rows: ir.Table) -> pd.DataFrame:
        currency = ["currency"] if "currency" in rows.columns else []
        exact = {name: value for each in windows for name, value in self._exact(rows, each).items()}
        grouped = rows.group_by([*keys, *currency]).aggregate(**exact)
        # Ids are normalised after grouping: a regular expression for every row would double the time.
        plain = self._converted(grouped, [name for name in exact if _is_money(name)]) if currency else grouped
        plain = plain.mutate(account_id=columns.normalised_id(plain.account_id))
        if currency or self.merges:
            plain = plain.group_by(keys).aggregate(**{name: plain[name].sum() for name in exact})
        shown = {name: value for each in exact for name, value in self._rounded(plain, each).items()}
        return self._connection.fetch(plain.select(*keys, **shown), self.described)

    def _rounded(self, summed: ir.Table, name: str) -> dict[str, ir.Value]:
        """One column of sums as it is handed over; a measure with what rounding took."""
        measure, _, window = name.partition("|")
        if measure == "rows":
            return {name: summed[name]}
        if measure.startswith("excluded "):
            return {name: summed[name].cast("float64")}
        shown = summed[name].round(digits(self._settings, measure))
        left = (summed[name] - shown).cast("float64")
        return {name: shown.cast("float64"), f"residue {measure}|{window}": left}

    def _exact(self, rows: ir.Table, window: Window) -> dict[str, ir.Value]:
        """A window's exact sums, named by what they add up and the window."""
        zero, inside = ibis.literal(0).cast(columns.MONEY), window.holds(rows)
        listed = self._settings.excluded_products
        out = rows["product"].isin(listed).fill_null(False) if listed and "product" in rows.columns else None
        kept = inside if out is None else ~out if inside is None else inside & ~out
        found = {window.column("rows"): rows.count(where=inside)}
        for name in window.measures:
            found[window.column(name)] = ibis.coalesce(self._amount(rows, name).sum(where=kept), zero)
            if out is not None:
                amount = self._amount(rows, name).sum(where=out if inside is None else inside & out)
                found[window.column(f"excluded {name}")] = ibis.coalesce(amount, zero)
        return found

    def _amount(self, rows: ir.Table, measure: str) -> ir.Value:
        if measure == "margin":
            zero = ibis.literal(0).cast(columns.MONEY)
            return rows["revenue"].fill_null(zero) - rows["cost"].fill_null(zero)
        found = self._settings.measures.get(measure)
        return rows[found.column if found else measure]

    def _converted(self, grouped: ir.Table, money: list[str]) -> ir.Table:
        if not self._settings.rates:
            return grouped
        code = grouped["currency"].strip().upper()
        known = [
            (code == each, ibis.literal(str(rate)).cast(_CONVERTED)) for each, rate in self._settings.rates.items()
        ]
        rate = ibis.cases(*known, else_=ibis.literal("1").cast(_CONVERTED))
        # Six places again: Spark's product of such decimals has no more, the others' has eighteen.
        return grouped.mutate(**{name: (grouped[name].cast(_CONVERTED) * rate).cast(columns.MONEY) for name in money})
