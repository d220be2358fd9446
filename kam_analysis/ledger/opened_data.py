"""What a company's data is: its settings, tables and days, opened and checked, before any figure is asked for."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from kam_analysis.errors import DataError, Problem, SettingsError, nearest
from kam_analysis.ledger.checks.inspection import Inspection
from kam_analysis.ledger.engine.sums import Sums, digits
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.frames.master import Master
from kam_analysis.ledger.people import People
from kam_analysis.ledger.reading.spans import spans_of
from kam_analysis.ledger.settings.period import Period, parse_period, require_usable, year_to_date
from kam_analysis.ledger.settings.settings import BUILT_IN_MEASURES, TABLES, Settings

# A product that stands in for a missing product line must be a list that a page can show.
LINES_FROM_PRODUCTS = 30
_HELD_BY = ("account_manager_id", "deputy_id")  # who looks after an account, in the table accounts


class OpenedData:
    """A company's data, opened and checked: what is in it, and of which days and measure it is asked."""

    def __init__(self, inspection: Inspection, as_of: date | None = None, period: str = "", measure: str = "") -> None:
        assert inspection.overview is not None
        assert inspection.transactions is not None
        self.settings = inspection.settings
        self.overview = inspection.overview
        self._inspection = inspection
        self._noticed: tuple[Problem, ...] = ()
        self._sums = Sums(inspection.connection, inspection.transactions, self.settings, inspection.overview.rows)
        self._all_lines, self.line = self._sums, ""
        self.spans = spans_of(inspection.transactions.opened.source, self.overview.last)
        self.as_of = self.spans.ended_by(as_of or self.usual_day)
        require_usable("as_of", self.as_of)
        if self.as_of < self.overview.first:
            rule = f"as_of {self.as_of} is before the first transaction of {self.overview.first}"
            raise DataError.of(self.source, rule, "choose a later date")
        self.period_as_written = period or self.settings.period
        self.period = self.period_of(self.period_as_written)
        self.measure = measure or self.settings.measure
        if self.measure not in self.measures:
            raise SettingsError(f'measure: the data has no "{self.measure}"; {nearest(self.measure, self.measures)}')

    @property
    def as_written(self) -> Settings:
        """The settings as the company wrote them, whatever is asked otherwise."""
        return self._inspection.settings

    @property
    def usual_day(self) -> date:
        """The as-of date where none is asked for."""
        return self.as_written.as_of or self.overview.last

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
    def warnings(self) -> tuple[Problem, ...]:
        """What was noticed in the tables that were read so far."""
        return (*self._inspection.warnings, *self._noticed)

    @property
    def told_warnings(self) -> tuple[Problem, ...]:
        """The same, as a page may show them: with names held back, no example is a person's id."""
        return self.people.without(self.warnings)

    @cached_property
    def people(self) -> People:
        """How people are told in all that leaves the ledger."""
        if self.settings.names == "full":
            return People(self.settings, None)
        accounts, sold = self._inspection.table("accounts"), self.has("transactions", "account_manager_id")
        named = [] if accounts is None else [accounts[each].dropna() for each in _HELD_BY if each in accounts]
        others = pd.concat([*named, pd.Series(self._sums.values("account_manager_id") if sold else [], dtype="str")])
        return People(self.settings, self._inspection.table("managers"), others.astype("str"))

    def notice(self, problems: Iterable[Problem]) -> None:
        """Keep what was noticed of the ledger as a whole."""
        self._noticed += tuple(problems)

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

    @property
    def managers_are_sellers(self) -> bool:
        """Whether only the transactions name managers: whoever sells to an account then counts as looking after it."""
        return self.has("transactions", "account_manager_id") and not self.has("accounts", "account_manager_id")

    def table(self, name: str) -> pd.DataFrame:
        """A copy of a small table, typed as the contract says, people as the settings allow; empty where it is not there."""
        found = self._inspection.table(name)
        # A shallow copy is the caller's own: pandas copies a column when it is written to.
        return _empty_frame(name) if found is None else self.people.told(found.copy(deep=False), name)

    def records(self, name: str) -> pd.DataFrame:
        """A small table's rows under the accounts that figures are told for, as known on the as-of date.

        As `table`, with account_id of the account on top where figures are at parent level. Left out: rows of
        excluded accounts and rows with a `date` or a `created` day after the as-of date. Rows without an
        account stay. Empty where the table is not there.
        """
        found = self.table(name)
        if "account_id" not in found:  # of decisions and offers it is optional
            found = found.assign(account_id=pd.Series(pd.NA, found.index, dtype="str"))
        out = self._customers.is_excluded(found["account_id"])
        for column in ("date", "created"):
            if column in found:
                out |= pd.to_datetime(found[column]) > pd.Timestamp(self.as_of)
        found = found[~out].reset_index(drop=True)
        return found.assign(account_id=self._customers.of_level(found["account_id"]))

    def period_of(self, text: str) -> Period:
        """A period as the settings write it, at this ledger's as-of date.

        Raises `SettingsError` for one that cuts a total, where the data are totals by quarter or year.
        """
        found = parse_period(text, self.as_of, self.overview.first, self.settings.year_starts)
        return self.spans.whole(found, text)

    def year_to_date(self) -> Period:
        """The fiscal year so far."""
        return year_to_date(self.as_of, self.settings.year_starts)

    def year_before(self, period: Period | None = None) -> Period | None:
        """A period's days a year before, the ledger's own by default; None where the data does not cover them, or
        where the period cuts a total by quarter or year, or ends with one that is not over."""
        period = period or self.period
        before = period.before()
        if not self.spans.covers(period) or (self.spans.months and period.last > self._inspection.today):
            return None
        # A year that begins on a holiday has no sales on its first days.
        return before if self.overview.first <= before.first + timedelta(days=7) else None

    @property
    def told_by_month(self) -> bool:
        """Whether figures by month can be made: not where the data are totals by quarter or year."""
        return self.spans.told_by_month

    @property
    def regions(self) -> bool:
        """Whether the data tells regions apart."""
        return self.has("transactions", "region") or self.has("accounts", "region")

    @cached_property
    def lines(self) -> bool:
        """Whether the data tells product lines apart, and not one alone is looked at."""
        return not self.line and self._line() is not None

    @cached_property
    def product_lines(self) -> tuple[str, ...]:
        """The product lines that `asked` takes, by name; none where the data does not tell them apart."""
        column = self._line()
        return () if column is None else tuple(self._all_lines.values(column))

    def _line(self) -> str | None:
        if self.has("transactions", "product_line"):
            return "product_line"
        if not self.has("transactions", "product"):
            return None
        return "product" if 0 < self._sums.distinct("product") <= LINES_FROM_PRODUCTS else None

    @property
    def level(self) -> Level:
        """The level of figures unless asked otherwise."""
        return self._customers.level

    @cached_property
    def master(self) -> Master:
        """Names and groups of accounts."""
        return Master(self._inspection.table("accounts"), self._inspection.table("parents"))

    @cached_property
    def _customers(self) -> Customers:
        return Customers(self.master, self.settings)

    def digits(self, measure: str = "") -> int:
        """Decimal places that amounts of a measure are rounded to."""
        return digits(self.settings, measure or self.measure)


def _empty_frame(name: str) -> pd.DataFrame:
    """A frame with a table's columns and no rows."""
    return pd.DataFrame({column: pd.Series(dtype=object) for column in TABLES[name].names})
