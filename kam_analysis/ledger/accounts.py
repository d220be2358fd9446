"""The ledger: a company's checked data, asked for account-level frames.

Transactions are aggregated in the engine, exactly, and rounded there to the minor unit per legal
entity; parents, names and exclusions meet them here, in pandas, where an account is one row.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Literal

import ibis.expr.types as ir
import pandas as pd

from kam_analysis.errors import DataError, Problem, SettingsError, nearest
from kam_analysis.ledger.checks import Inspection
from kam_analysis.ledger.master import Master
from kam_analysis.ledger.period import Period, fiscal_year, parse_period
from kam_analysis.ledger.reconciliation import Control, Reconciliation
from kam_analysis.ledger.settings import BUILT_IN_MEASURES
from kam_analysis.ledger.sources import empty_frame
from kam_analysis.ledger.sums import Sums, digits

Level = Literal["parent", "legal_entity"]
# A product that stands in for a missing product line must be a list that a page can show.
LINES_FROM_PRODUCTS = 30


class Ledger:
    """A company's data, opened and checked. Made by `opening.open_ledger`."""

    def __init__(self, inspection: Inspection, as_of: date | None = None, period: str = "", measure: str = "") -> None:
        assert inspection.overview is not None
        assert inspection.transactions is not None
        self.settings = inspection.settings
        self.overview = inspection.overview
        self._inspection = inspection
        self._sums = Sums(inspection.connection, inspection.transactions, self.settings)
        self._cache: dict[tuple[object, ...], pd.DataFrame] = {}
        self.as_of = as_of or self.settings.as_of or self.overview.last
        if self.as_of < self.overview.first:
            rule = f"as_of {self.as_of} is before the first transaction of {self.overview.first}"
            raise DataError(problems=[Problem(self.source, "", rule, "choose a later date")])
        self.period_as_written = period or self.settings.period
        self.period = self.period_of(self.period_as_written)
        self.measure = measure or self.settings.measure
        if self.measure not in self.measures:
            raise SettingsError(f'measure: the data has no "{self.measure}"; {nearest(self.measure, self.measures)}')
        self.warnings: tuple[Problem, ...] = tuple(inspection.warnings)

    # What is there

    @property
    def name(self) -> str:
        """The company's name, as pages show it."""
        return self.settings.name or self.settings.path.stem

    @property
    def currency(self) -> str:
        """The reporting currency's code, or empty."""
        return self.settings.currency

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures that the data carries; margin needs a cost."""
        here = self._sums.columns
        built_in = [m for m in BUILT_IN_MEASURES if ("cost" if m == "margin" else m) in here]
        return (*built_in, *self.settings.measures)

    @property
    def source(self) -> str:
        """The transactions' source in words, without a path."""
        return self._sums.described

    def has(self, table: str, column: str = "") -> bool:
        """Whether a table, or one of its columns, is there."""
        if table == "transactions":
            return not column or column in self._sums.columns
        frame = self._inspection.table(table)
        return frame is not None and (not column or column in frame)

    def table(self, name: str) -> pd.DataFrame:
        """A copy of a small table, typed as the contract says; empty where it is not there."""
        found = self._inspection.table(name)
        return empty_frame(name) if found is None else found.copy()

    def period_of(self, text: str) -> Period:
        """A period as the settings write it, at this ledger's as-of date."""
        return parse_period(text, self.as_of, self.overview.first, self.settings.year_starts)

    def year_before(self) -> Period | None:
        """The period's days a year before; None where the data does not cover them."""
        before = self.period.before()
        # A year that begins on a holiday has no sales on its first days.
        return before if self.overview.first <= before.first + timedelta(days=7) else None

    @cached_property
    def fingerprint(self) -> str:
        """Of the data: rows, days and exact totals; the same on every machine and engine."""
        total = self._account_sums(self.period_of("all"), ("revenue",))
        seen = (
            self.overview.rows,
            self.overview.first,
            self.overview.last,
            len(total),
            round(float(total["revenue"].sum()), 2),
        )
        return sha256(repr(seen).encode()).hexdigest()[:16]

    def rows_after_as_of(self) -> int:
        """Rows dated after the as-of date; no figure counts them."""
        return self._sums.rows_after(self.as_of)

    # Account-level frames

    def by_account(
        self, period: Period | None = None, level: Level | None = None, measures: Sequence[str] = ()
    ) -> pd.DataFrame:
        """One row per account that bought: account_id, account_name, a column per measure, rows.

        `measures` defaults to the ledger's own; amounts are in the reporting currency, net of credit
        notes, to the minor unit. Rows without an account and excluded ones are not in it; accounts
        at or below zero are. Sorted by the first measure, largest first; ties by account_id.
        """
        wanted = tuple(measures) or (self.measure,)
        frame = self._customers(self._account_sums(period or self.period, wanted))
        grouped = self._at_level(frame, ["account_id"], [*wanted, "rows"], level)
        grouped.insert(1, "account_name", self.master.named(grouped["account_id"]))
        return _ranked(grouped, wanted[0])

    def by_account_month(
        self, account_ids: Iterable[str], period: Period | None = None, level: Level | None = None, measure: str = ""
    ) -> pd.DataFrame:
        """Chosen accounts by calendar month: account_id, month (first day), the measure, complete.

        Whole calendar months, also where the period begins or ends within one; months without a
        purchase are zero from an account's first purchase on. `complete` is False for the month
        that the as-of date cuts.
        """
        window, wanted = period or self.period, measure or self.measure
        chosen = list(account_ids)
        members = self.master.members(chosen) if (level or self.level) == "parent" else chosen
        frame = self._customers(self._sums.by_month(members, (wanted,), self.as_of))
        frame = self._at_level(frame, ["account_id", "month"], [wanted], level)
        return _zero_filled(frame, wanted, window, self.as_of)

    def by_account_line(
        self, period: Period | None = None, level: Level | None = None, measure: str = ""
    ) -> pd.DataFrame:
        """Account by product line: account_id, product_line, the measure. Raises `DataError` without lines."""
        return self._by_account_and("product_line", self._line(), period, level, measure)

    def by_account_region(
        self, period: Period | None = None, level: Level | None = None, measure: str = ""
    ) -> pd.DataFrame:
        """Account by region: account_id, region, the measure; region of the transaction, else of the account."""
        if not self.has("transactions", "region") and self.has("accounts", "region"):
            wanted = measure or self.measure
            sums = self._account_sums(period or self.period, (wanted,))
            regions = sums["account_id"].map(self.master.attribute("region"))
            return self._split(sums.assign(region=regions), "region", wanted, level)
        column = "region" if self.has("transactions", "region") else None
        return self._by_account_and("region", column, period, level, measure)

    def _by_account_and(
        self, name: str, column: str | None, period: Period | None, level: Level | None, measure: str
    ) -> pd.DataFrame:
        if column is None:
            raise DataError(f"transactions: no {name}, so no figures by {name}; add the column to the settings")
        wanted = measure or self.measure
        rows = self._within(period or self.period)
        rows = rows.mutate(**{name: rows[column]})
        return self._split(self._sums.by(["account_id", name], (wanted,), rows), name, wanted, level)

    def _split(self, sums: pd.DataFrame, name: str, measure: str, level: Level | None) -> pd.DataFrame:
        grouped = self._at_level(self._customers(sums), ["account_id", name], [measure], level)
        grouped.insert(1, "account_name", self.master.named(grouped["account_id"]))
        return grouped

    @property
    def regions(self) -> bool:
        """Whether the data tells regions apart."""
        return self.has("transactions", "region") or self.has("accounts", "region")

    @cached_property
    def lines(self) -> bool:
        """Whether the data tells product lines apart."""
        return self._line() is not None

    def _line(self) -> str | None:
        if self.has("transactions", "product_line"):
            return "product_line"
        if not self.has("transactions", "product"):
            return None
        return "product" if 0 < self._sums.distinct("product") <= LINES_FROM_PRODUCTS else None

    # Reconciliation

    def reconciliation(
        self, period: Period | None = None, level: Level | None = None, measure: str = ""
    ) -> Reconciliation:
        """Every source row of the period, by where its money went."""
        window, wanted = period or self.period, measure or self.measure
        sums = self._account_sums(window, (wanted,))
        nobody = sums["account_id"].isna()
        out = self._is_excluded(sums["account_id"])
        accounts = self.by_account(window, level, (wanted,))
        aside = accounts[wanted] <= 0
        digits = self._digits(wanted)
        parts = {
            "in_shares": accounts.loc[~aside, wanted].sum(),
            "without_account": sums.loc[nobody, wanted].sum(),
            "set_aside": accounts.loc[aside, wanted].sum(),
            "excluded": sums.loc[out, wanted].sum() + sums["excluded"].sum(),
            "rounding": sums["residue"].sum(),
        }
        rounded = {name: round(float(amount), digits if name != "rounding" else 6) for name, amount in parts.items()}
        return Reconciliation(
            window, wanted, round(sum(rounded.values()), 6), **rounded,
            accounts=int((~aside).sum()), set_aside_accounts=int(aside.sum()), excluded_accounts=int(out.sum()),
            without_account_rows=int(sums.loc[nobody, "rows"].sum()),
        )  # fmt: skip

    def controls(self) -> list[Control]:
        """All rows of each fiscal year of the settings beside finance's own total for it."""
        found = []
        for measure, years in self.settings.control.items():
            for year, total in sorted(years.items()):
                whole = fiscal_year(int(year), self.settings.year_starts)
                if measure not in self.measures or whole.first > self.as_of or whole.last < self.overview.first:
                    continue
                seen = Period(whole.first, min(whole.last, self.as_of), whole.label)
                parts = self.reconciliation(seen, measure=measure)
                partly = whole.last > self.as_of or whole.first < self.overview.first
                found.append(Control(year, measure, round(parts.total, self._digits(measure)), float(total), partly))
        return found

    # Accounts and their groups

    @property
    def level(self) -> Level:
        """The level of figures unless asked otherwise."""
        return "parent" if self.settings.parents else "legal_entity"

    @cached_property
    def master(self) -> Master:
        """Names and groups of accounts."""
        return Master(self._inspection.table("accounts"))

    def _at_level(self, frame: pd.DataFrame, keys: list[str], amounts: list[str], level: Level | None) -> pd.DataFrame:
        if (level or self.level) == "legal_entity" or not self.master.grouped:
            # One key is ranked by its caller; sorting a million texts first would be for nothing.
            found = frame[[*keys, *amounts]]
            return found.sort_values(keys, ignore_index=True) if len(keys) > 1 else found.reset_index(drop=True)
        frame = frame.assign(account_id=self.master.parent_of(frame["account_id"]))
        grouped = frame.groupby(keys, as_index=False, dropna=False, sort=True)[amounts].sum()
        for name in amounts:
            if name != "rows":
                grouped[name] = grouped[name].round(self._digits(name)) + 0.0  # + 0.0: no minus zero
        return grouped

    def _customers(self, sums: pd.DataFrame) -> pd.DataFrame:
        ids = sums["account_id"]
        return sums[ids.notna() & ~self._is_excluded(ids)].copy()

    def _is_excluded(self, ids: pd.Series) -> pd.Series:
        listed = self.settings.excluded_accounts
        return ids.isin(listed) | self.master.parent_of(ids).isin(listed) if listed else pd.Series(False, ids.index)

    def _digits(self, measure: str) -> int:
        return digits(self.settings, measure)

    def _account_sums(self, period: Period, measures: tuple[str, ...]) -> pd.DataFrame:
        key = (period.first, period.last, measures)
        if key not in self._cache:
            self._cache[key] = self._sums.by(["account_id"], measures, self._within(period))
        return self._cache[key]

    def _within(self, period: Period) -> ir.Table:
        return self._sums.within(period.first, min(period.last, self.as_of))


def _ranked(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Largest first, ties by account_id, so that reruns agree; texts are compared only where amounts are equal."""
    ranked = frame.sort_values(measure, ascending=False, kind="stable", ignore_index=True)
    tied = ranked[measure].duplicated(keep=False)
    if tied.any():
        ordered = ranked[tied].sort_values([measure, "account_id"], ascending=[False, True])
        ranked.loc[tied] = ordered.to_numpy()
    return ranked


def _zero_filled(frame: pd.DataFrame, measure: str, window: Period, as_of: date) -> pd.DataFrame:
    """Every month of the window from each account's first purchase on; `complete` where no day is missing."""
    months = pd.date_range(window.first.replace(day=1), window.last, freq="MS")
    began = frame.groupby("account_id")["month"].min()
    grid = pd.MultiIndex.from_product([began.index, months], names=["account_id", "month"]).to_frame(index=False)
    grid = grid[grid["month"] >= grid["account_id"].map(began)]
    filled = grid.merge(frame, how="left", on=["account_id", "month"])
    filled[measure] = filled[measure].fillna(0.0)
    ends = filled["month"] + pd.offsets.MonthEnd(0)
    filled["complete"] = ends <= pd.Timestamp(as_of)
    return filled.reset_index(drop=True)
