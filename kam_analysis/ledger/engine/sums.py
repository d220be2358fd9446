"""Exact sums of transactions, computed in the engine.

Amounts are added as decimals (float sums of credit notes leave residues that count as revenue),
rounded once per account to the minor unit, and handed over as floats with what the rounding took.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property, reduce
from operator import add
from uuid import uuid4

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.errors import SettingsError, nearest
from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.engine.answers import Answers, is_small
from kam_analysis.ledger.engine.opened_once import answered
from kam_analysis.ledger.engine.sources import Connection
from kam_analysis.ledger.engine.transactions import Transactions
from kam_analysis.ledger.engine.windows import Window
from kam_analysis.ledger.settings.settings import Settings

# Of more rows what several questions ask for is put away in files, and what can be asked in parts is.
MANY_ROWS = 5_000_000
# Ibis multiplies decimals of one type only; nine places hold any published rate.
_CONVERTED = "decimal(38, 9)"
_MONEY = ("revenue", "cost", "margin")


def digits(settings: Settings, measure: str) -> int:
    """Decimal places that a measure is rounded to: the minor unit for money, six for other measures."""
    return settings.minor_digits if measure in _MONEY else 6


def month_number(day: date) -> int:
    """A calendar month as the engine counts it: year x 12 + month - 1."""
    return day.year * 12 + day.month - 1


def exact_sum(value: ir.NumericValue, where: ir.BooleanValue | None = None) -> ir.Value:
    """A sum of floats that is the same in whatever order an engine adds, and so on every run; as a float.

    Each is taken to nine places first: a sum of floats depends on which thread comes first.
    """
    return value.cast(_CONVERTED).sum(where=where).cast("float64")


def _is_money(column: str) -> bool:
    """Whether a sum is one of money, a measure's own or that of excluded products."""
    return column.removeprefix("excluded ") in _MONEY


class Sums:
    """Aggregates of one company's transactions; every method returns a small frame or a number."""

    def __init__(self, connection: Connection, transactions: Transactions, settings: Settings, rows: int = 0) -> None:
        self._connection, self._settings = connection, settings
        self.described = transactions.opened.described
        self._table, self._left_out = transactions.typed, transactions.left_out
        self._held: dict[tuple[str, date], ir.Table] = {}
        self._put_away: dict[str, ir.Table] = {}
        self._rows = rows
        self._answers = Answers()
        self._part, self._of = "", ("", "")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of transactions that the source has."""
        return tuple(self._table.columns)

    @property
    def rows(self) -> ir.Table:
        """All transactions, typed."""
        return self._table

    def only(self, column: str, value: str) -> "Sums":
        """The same sums over those transactions alone whose `column` says `value`.

        Raises `SettingsError` where none does.
        """
        if value not in self.values(column):
            raise SettingsError(f'line: the data has no "{value}"; {nearest(value, self.values(column))}')
        part = copy(self)
        # What is held in the engine is held by name: every part has names of its own.
        part._table, part._part = self._table.filter(self._table[column] == value), f"{uuid4().hex}_"
        part._held, part._put_away = {}, {}
        part._of = (column, value)
        if part._left_out is not None:
            part._left_out = part._left_out.filter(part._left_out[column] == value)
        return part

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
        named = money | (amounts or {})
        summed = rows.group_by([*keys, *currency]).aggregate(
            **{name: columns.total(amount) for name, amount in named.items()}
        )
        if not currency:
            return summed
        summed = self._converted(summed, list(money))
        return summed.group_by(keys).aggregate(**{name: summed[name].sum() for name in named})

    def distinct(self, column: str) -> int:
        """How many values a column has."""
        return int(self._connection.fetch(self._table[column].nunique(), self.described))

    def values(self, column: str) -> list[str]:
        """The values of a column, sorted."""
        found = self._connection.fetch(self._table.select(column).distinct(), self.described)[column]
        return sorted(map(str, found.dropna()))

    def total(self, measure: str, first: date, last: date) -> float:
        """The exact sum of all rows of some days, both ends included, excluded ones too, in the reporting currency."""
        question = ("total", self._of, measure, first, last)
        return answered(self._settings, question, lambda: self._summed(measure, self.within(first, last)), bool)

    def _summed(self, measure: str, rows: ir.Table) -> float:
        amount = self._total(rows, measure)
        if "currency" not in rows.columns:
            return float(self.fetch(rows.aggregate(total=amount.cast("float64")))["total"].iloc[0])
        summed = self._converted(
            rows.group_by("currency").aggregate(total=amount), ["total"] if measure in _MONEY else []
        )
        return float(self.fetch(summed.aggregate(total=summed.total.sum().cast("float64")))["total"].iloc[0] or 0)

    def left_out(self, measure: str, first: date | None, last: date | None) -> pd.DataFrame:
        """What the settings leave out as no sales: reason, rows, amount (exact), unread; the largest amount first.

        Of some days, both ends included, None for no limit; rows without a date are always among them.
        """
        if self._left_out is None:
            return pd.DataFrame({"reason": [], "rows": [], "amount": [], "unread": []})
        rows = self._left_out
        if first is not None:
            rows = rows.filter(rows.date.isnull() | (rows.date >= ibis.literal(first)))
        if last is not None:
            rows = rows.filter(rows.date.isnull() | (rows.date <= ibis.literal(last)))
        currency = ["currency"] if "currency" in rows.columns else []
        grouped = rows.group_by(["reason", *currency]).aggregate(
            rows=rows.count(), amount=self._total(rows, measure), unread=rows.unread.ifelse(1, 0).sum()
        )
        summed = self._converted(grouped, ["amount"]) if currency and measure in _MONEY else grouped
        summed = summed.group_by("reason").aggregate(
            rows=summed.rows.sum(), amount=summed.amount.sum().cast("float64"), unread=summed.unread.sum()
        )
        found = self.fetch(summed)
        order = found["amount"].abs().mul(-1).to_frame("size").assign(reason=found["reason"])
        return found.loc[order.sort_values(["size", "reason"]).index].reset_index(drop=True)

    def rows_after(self, day: date) -> int:
        """Rows later than a day."""
        return int(self._connection.fetch((self._table.date > ibis.literal(day)).sum(), self.described))

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """Run an expression over sums, once; what goes wrong is told as the transactions' fault."""
        return self._answers.of(expression, lambda: self._connection.fetch(expression, self.described))

    def rounded(self, amount: ir.Value, measure: str) -> ir.Value:
        """An exact sum to the minor unit."""
        return amount.round(digits(self._settings, measure))

    @cached_property
    def embedded(self) -> bool:
        """Whether the transactions are read by DuckDB here, so that a copy of sums can be held beside them."""
        return self._table.get_backend().name == "duckdb"

    @property
    def many(self) -> bool:
        """Whether there are so many rows, read by DuckDB here, that they are read as seldom as can be."""
        return self.embedded and self._rows > MANY_ROWS

    def once(self, name: str, parts: Callable[[], Iterable[ir.Table]]) -> ir.Table:
        """What the `parts` hold together, asked of the transactions once and put away under this name."""
        if name not in self._put_away:
            with self._connection.one_at_a_time, self._connection.guarded(self.described):
                self._put_away[name] = self._connection.put_away(parts(), f"{name}_{self._part}")
        return self._put_away[name]

    def by_month(self, measure: str, last: date) -> ir.Table:
        """Legal entities by calendar month up to a day: account_id, month (a number), amount (exact), rounded.

        A row for each month with rows, excluded products left out; rows without an account are not in it.
        """
        found = self._months_held(measure, last)
        # Rounded when it is asked for: held, it would be a third of what is.
        return found.mutate(rounded=self.rounded(found.amount, measure))

    def _months_held(self, measure: str, last: date) -> ir.Table:
        """The same before it is rounded, held in the engine where that can be: several questions read it.

        A table that goes to a later day has the months before this one already. It is read and not copied: of the days
        on which a company of a million accounts is looked at, each would fill the engine's memory.
        """
        if (measure, last) in self._held:
            return self._held[measure, last]
        later = max((day for of, day in self._held if of == measure and day > last), default=None)
        if later is not None and self.embedded:
            whole, first = self._held[measure, later], last.replace(day=1)
            before = whole.filter(whole.month < month_number(last))
            return before.union(self._by_month(measure, self.within(first, last)).select(*before.columns))
        found = self._by_month(measure, self._table.filter(self._table.date <= ibis.literal(last)))
        if self.embedded:
            with self._connection.one_at_a_time, self._connection.guarded(self.described):
                name = f"months_{self._part}{len(self._held)}_{last:%Y%m%d}"
                # Of a million accounts they would be most of what the engine may have, for as long as it lives.
                found = self._connection.put_away([found], name) if self.many else self._connection.hold(found, name)
        self._held[measure, last] = found
        return found

    def _by_month(self, measure: str, rows: ir.Table) -> ir.Table:
        """Legal entities by month, of some rows: account_id, month, amount (exact)."""
        rows = self.without_excluded(rows)
        rows = rows.mutate(month=(rows.date.year() * 12 + rows.date.month() - 1).cast("int32"))
        currency = ["currency"] if "currency" in rows.columns else []
        amount = self._total(rows, measure)
        summed = rows.group_by(["account_id", "month", *currency]).aggregate(amount=amount)
        if currency and measure in _MONEY:
            summed = self._converted(summed, ["amount"])
        summed = summed.mutate(account_id=columns.normalised_id(summed.account_id)).drop(*currency)
        summed = summed.filter(summed.account_id.notnull())
        if currency or self.merges:
            summed = summed.group_by(["account_id", "month"]).aggregate(amount=summed.amount.sum())
        return summed

    @cached_property
    def merges(self) -> bool:
        """Whether some ids differ in nothing but how they were written."""
        ids = self._table.select("account_id").distinct()
        plain = columns.normalised_id(ids.account_id)
        # Not any(): PostgreSQL makes no number of a truth value.
        repeated = ids.count() - plain.nunique() - plain.isnull().ifelse(1, 0).max()
        return bool(self._connection.fetch(repeated, self.described))

    def by(self, keys: Mapping[str, str], measures: tuple[str, ...], first: date, last: date) -> pd.DataFrame:
        """Sums by keys over some days, both ends included: the keys, rows, a column per measure, and of the first
        measure `residue` and `excluded`.

        `keys`: the name of each, and the column of transactions that it is. `residue` is what rounding to the minor unit
        took away, `excluded` the sum of excluded products (not in the measures). Rows without an account have account_id
        None.
        """
        question = ("by", self._of, keys, measures, first, last)
        return answered(self._settings, question, lambda: self._by(keys, measures, self.within(first, last)), is_small)

    def _by(self, named: Mapping[str, str], measures: tuple[str, ...], rows: ir.Table) -> pd.DataFrame:
        keys = list(named)
        rows = rows.mutate(**{name: rows[column] for name, column in named.items() if name != column})
        plain = self._exact(keys, measures, rows)
        names = [name for name in plain.columns if name not in keys]
        if "currency" in rows.columns or self.merges:
            plain = plain.group_by(keys).aggregate(**{name: plain[name].sum() for name in names})
        everything = Window(date.min, date.max, measures, rest=measures[0])
        plain = plain.rename({everything.column(name): name for name in names})
        return everything.frame(self._fetched(plain, keys, [everything]), keys, measures)

    def by_account(self, windows: Sequence[Window]) -> pd.DataFrame:
        """Sums by account over several windows of days from one pass over the transactions; see `Window.frame`.

        Windows overlap: what is summed once are the spans of days between their ends, and a window is a sum of spans.
        """
        question = ("windows", self._of, windows)
        return answered(self._settings, question, lambda: self._by_windows(windows), is_small)

    def _by_windows(self, windows: Sequence[Window]) -> pd.DataFrame:
        ends = sorted({day for each in windows for day in each.ends})
        # No row lies after the last of them.
        rows = self.within(ends[0], max(each.last for each in windows))
        rows = rows.mutate(
            span=reduce(add, [ibis.ifelse(rows.date >= ibis.literal(day), 1, 0) for day in ends[1:-1]], ibis.literal(0))
        )
        measures = tuple(dict.fromkeys(name for each in windows for name in each.measures))
        spans = self._exact(["account_id", "span"], measures, rows)
        found = {
            each.column(name): ibis.coalesce(spans[name].sum(where=each.holds(spans.span, ends)), 0)
            for each in windows
            for name in each.sums
            if name in spans.columns
        }
        return self._fetched(spans.group_by("account_id").aggregate(**found), ["account_id"], windows)

    def _exact(self, keys: list[str], measures: tuple[str, ...], rows: ir.Table) -> ir.Table:
        """Exact sums in the reporting currency; a row per key and currency, ids as people know them."""
        currency = ["currency"] if "currency" in rows.columns else []
        listed = self._settings.excluded_products
        out = rows["product"].isin(listed).fill_null(False) if listed and "product" in rows.columns else None
        exact = {name: self._total(rows, name, None if out is None else ~out) for name in measures}
        if out is not None:
            exact |= {f"excluded {name}": self._total(rows, name, out) for name in measures}
        grouped = rows.group_by([*keys, *currency]).aggregate(rows=rows.count(), **exact)
        # Ids are normalised after grouping: a regular expression for every row would double the time.
        plain = self._converted(grouped, [name for name in exact if _is_money(name)]) if currency else grouped
        return plain.mutate(account_id=columns.normalised_id(plain.account_id)).drop(*currency)

    def _fetched(self, summed: ir.Table, keys: list[str], windows: Sequence[Window]) -> pd.DataFrame:
        """Sums as they are handed over: floats, measures to the minor unit, and with a window's rest what that took."""
        shown: dict[str, ir.Value] = {}
        rests = {each.column(each.rest): each.residue for each in windows}
        for name in (each for each in summed.columns if each not in keys):
            measure = name.partition("|")[0]
            if measure == "rows":
                # A million accounts are held: no account has two thousand million rows.
                shown[name] = summed[name].cast("int32") if len(windows) > 1 else summed[name]
            elif measure.startswith("excluded "):
                shown[name] = summed[name].cast("float64")
            else:
                amount = summed[name].round(digits(self._settings, measure))
                shown[name] = amount.cast("float64")
                if name in rests:
                    shown[rests[name]] = (summed[name] - amount).cast("float64")
        return self.fetch(summed.select(*keys, **shown))

    def _total(self, rows: ir.Table, measure: str, where: ir.BooleanValue | None = None) -> ir.Value:
        """The exact sum of a measure; of margin the difference of two, so that no row is looked at twice."""
        if measure == "margin":
            return columns.total(rows["revenue"], where) - columns.total(rows["cost"], where)
        found = self._settings.measures.get(measure)
        return columns.total(rows[found.column if found else measure], where)

    def _converted(self, grouped: ir.Table, money: list[str]) -> ir.Table:
        if not self._settings.rates:
            return grouped
        code = grouped["currency"].strip().upper()
        rates = {each: ibis.literal(str(rate)).cast(_CONVERTED) for each, rate in self._settings.rates.items()}

        def converted(amount: ir.Value) -> ir.Value:
            # Six places again: Spark's product of such decimals has no more, the others' has eighteen. Only what is
            # in a foreign currency is multiplied: a product of wide decimals is slow.
            known = [
                (code == each, (amount.cast(_CONVERTED) * rate).cast(columns.MONEY)) for each, rate in rates.items()
            ]
            return ibis.cases(*known, else_=amount.cast(columns.MONEY))

        return grouped.mutate(**{name: converted(grouped[name]) for name in money})
