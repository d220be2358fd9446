"""Checked once, at the door: every problem of settings and tables, all at once.

Errors mean that no figure can be trusted; warnings are counted, kept and shown in the reports.
The small tables are held against `schema` in memory; the transactions are scanned in the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import ibis
import pandas as pd

from kam_analysis.errors import DataError, Problem, Severity
from kam_analysis.ledger.checks.odd_values import odd_ids, without_odd_dates
from kam_analysis.ledger.checks.read_once import transactions_of
from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.engine.opened_once import once
from kam_analysis.ledger.engine.sources import Connection, Opened
from kam_analysis.ledger.engine.transaction_faults import theirs, unreadable
from kam_analysis.ledger.engine.transactions import Overview, Transactions
from kam_analysis.ledger.frames.master import contradictions, links, missing, roots
from kam_analysis.ledger.reading.answers import Answers, read_answers
from kam_analysis.ledger.settings.settings import TABLES, Column, Settings, Table


@dataclass
class Inspection:
    """What the door saw: the opened tables, the small ones as frames, and every problem."""

    settings: Settings
    connection: Connection
    today: date
    transactions: Transactions | None = None
    overview: Overview | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop a report."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that a report shows."""
        return [problem for problem in self.problems if problem.severity == "warning"]

    @property
    def notes(self) -> list[Problem]:
        """How the data is read, where the settings say so."""
        return [problem for problem in self.problems if problem.severity == "note"]

    def load(self, name: str) -> None:
        """Open and check one table; its problems are collected, not raised."""
        try:
            if name == "transactions":
                found = transactions_of(self.connection, self.settings, self.today)
                self.transactions, self.overview, problems = found.transactions, found.overview, list(found.problems)
            else:
                self.tables[name], described, problems = once(self.settings, name, self.today, lambda: self._read(name))
                problems += self._fill_in(name) + self._forget(name, described)
        except DataError as error:
            problems = list(error.problems)
        self.problems += problems

    def _read(self, name: str) -> tuple[pd.DataFrame, str, list[Problem]]:
        """A small table, its source in words, and its problems."""
        opened = self.connection.open(name)
        frame, problems = _small_table(self.connection, opened)
        return frame, opened.described, [*opened.told.problems, *problems]

    @cached_property
    def answers(self) -> Answers:
        """What account managers answered in their lists of questions, beside the data."""
        found = read_answers(self.settings.data_dir, self.today)
        self.problems += found.problems
        return found

    def _fill_in(self, name: str) -> list[Problem]:
        """Add to a table what was answered, and say how much; the company's own file stays as it is."""
        if not self.answers.of(name):
            return []
        accounts = self.tables.get("accounts")
        held = accounts is not None and "account_manager_id" in accounts
        owners = accounts.set_index("account_id")["account_manager_id"] if accounts is not None and held else None
        self.tables[name], problems = self.answers.added_to(name, self.tables.get(name), owners)
        count = len(self.answers.of(name)) - len(problems)
        rule, remedy = "filled in from account managers' answers", "enter them in your own table when you can"
        return [*problems, Problem(name, "", rule, remedy, count, (), "note")]

    def _forget(self, name: str, described: str) -> list[Problem]:
        """Take out what is older than `keep_months` before today, whatever day the reports are as of; how much, in a note."""
        months, frame = self.settings.keep_months, self.tables[name]
        if months is None or name not in FORGOTTEN or "date" not in frame:
            return []
        first = pd.Timestamp(self.today) - pd.DateOffset(months=months)
        old = pd.to_datetime(frame["date"]) < first
        self.tables[name] = frame[~old].reset_index(drop=True)
        rule = f"older than {first.date()}, which [people] keep_months = {months} allows"
        remedy = "not used in any report; delete them at their source too"
        column = self.settings.tables[name].columns.get("date", "date") if name in self.settings.tables else "date"
        return [Problem(described, column, rule, remedy, int(old.sum()), (), "note")] if old.any() else []

    def load_rest(self) -> None:
        """Check the tables that were not asked for."""
        for name in self.settings.tables:
            if name not in self.tables and name not in FOUNDATION:
                self.load(name)

    def table(self, name: str) -> pd.DataFrame | None:
        """A small table, read when it is first asked for; None where the settings name none.

        Raises `DataError` with the table's problems.
        """
        if name not in self.settings.tables and name not in self.tables and name in self.answers.tables - {"accounts"}:
            self.problems += self._fill_in(name)  # a table that answers alone make
        if name in self.settings.tables and name not in self.tables:
            before = len(self.errors)
            self.load(name)
            if len(self.errors) > before:
                raise DataError(problems=self.errors[before:])
            self.problems += _references(self, name)
        return self.tables.get(name)


# What is kept about people for a time only.
FORGOTTEN = ("interactions", "feedback")
# What every report stands on; the others are read when a report asks for them.
FOUNDATION = ("transactions", "accounts", "parents")


def inspect(settings: Settings, today: date, tables: Sequence[str] = FOUNDATION) -> Inspection:
    """Open and check tables, those of them that the settings name; problems are collected, not raised."""
    found = Inspection(settings, Connection(settings), today)
    for name in settings.tables:
        if name in tables:
            found.load(name)
    # References that lead nowhere, and what is wrong with the parents.
    found.problems += _references(found) + _parents(found)
    return found


def _small_table(connection: Connection, opened: Opened) -> tuple[pd.DataFrame, list[Problem]]:
    """One small table as a typed frame, and its problems."""
    table = TABLES[opened.name]
    read = {f"read_{name}": _in_memory(opened.table[name], table[name], opened) for name in opened.columns}
    # Read once, then looked at: an engine would read each value a second time for its flag.
    both = opened.table.mutate(**read)
    # A flag beside each value that could not be read: a master of a million rows has no room for its text again.
    bad = {
        f"bad_{name}": ibis.ifelse(both[f"read_{name}"].isnull(), _said(both[name]), False)
        for name in opened.columns
        if table[name].kind not in ("id", "text", "choice")
    }
    frame = connection.fetch(
        both.select(**{name: both[f"read_{name}"] for name in opened.columns}, **bad), opened.described
    )
    problems = [
        unreadable(
            opened,
            table[name.removeprefix("bad_")],
            int(frame[name].sum()),
            _examples(connection, opened, both, name.removeprefix("bad_"), bad[name]),
        )
        for name in bad
        if frame[name].any()
    ]
    frame, odd = without_odd_dates(frame[list(opened.columns)], table, opened)
    problems += odd + odd_ids(frame, table, opened)
    if {"manager_id", "superior_id"} <= set(frame):
        frame, own = _without_own_superiors(frame, opened)
        problems += own
    if frame.empty and not problems:
        remedy = f"fill it, or take [tables.{opened.name}] out of the settings"
        problems.append(Problem(opened.described, "", "has no rows", remedy, severity="warning"))
    return frame, problems + _against_schema(frame, table, opened)


def _without_own_superiors(frame: pd.DataFrame, opened: Opened) -> tuple[pd.DataFrame, list[Problem]]:
    """Whoever is his own superior has none: nobody can be asked to call in his own place."""
    own = (frame["superior_id"] == frame["manager_id"]).fillna(False).astype(bool)
    if not own.any():
        return frame, []
    shown = tuple(frame.loc[own, "manager_id"].astype(str).head(5))
    remedy = "read as reporting to nobody; name the superior, or leave it empty"
    said = Problem(
        opened.described,
        theirs(opened, "superior_id"),
        "is the manager's own superior",
        remedy,
        int(own.sum()),
        shown,
        "warning",
    )
    return frame.assign(superior_id=frame["superior_id"].mask(own)), [said]


def _said(raw: columns.ir.Value) -> columns.ir.Value:
    """Whether a cell says anything."""
    text = raw.cast("string").strip().lower()
    return ibis.coalesce(text.notin(("", "nan", "nat")), False)


def _examples(
    connection: Connection, opened: Opened, both: columns.ir.Table, name: str, flag: columns.ir.Value
) -> tuple[str, ...]:
    rows = both.filter(flag).select(shown=both[name].cast("string")).distinct().order_by("shown").limit(5)
    return tuple(str(each)[:40] for each in connection.fetch(rows, opened.described)["shown"])


def _in_memory(raw: columns.ir.Value, column: Column, opened: Opened) -> columns.ir.Value:
    """A value as its column's kind. Amounts of small tables are shown, not summed to the cent: floats do."""
    if column.kind in ("money", "number"):
        return columns.number(raw, opened.source)
    if column.kind in ("date", "month"):
        days = columns.within_calendar(columns.day(raw, opened.source))
        return days.truncate("M") if column.kind == "month" else days
    return columns.read(raw, column, opened.source)


def _against_schema(frame: pd.DataFrame, table: Table, opened: Opened) -> list[Problem]:
    """Keys that are repeated; then column by column: values that are missing, out of range, none of the choices."""
    problems = []

    def broken(name: str, rows: int, rule: str, remedy: str, shown: tuple[str, ...] = ()) -> None:
        if rows:
            problems.append(Problem(opened.described, theirs(opened, name), rule, remedy, rows, shown))

    if table.key:
        keys = frame[list(table.key)].dropna()
        repeated = keys.loc[keys.duplicated(keep=False), table.key[0]]
        rule, remedy = "expected every value once, got some repeated", "keep one row for each"
        broken(table.key[0], len(repeated), rule, remedy, _few(repeated))
    for name in opened.columns:
        column, values = table[name], frame[name].dropna()
        if column.required and not column.blank:
            rule, remedy = "expected a value, got nothing", "fill it in or take the rows out"
            broken(name, len(frame) - len(values), rule, remedy)
        if column.low is not None or column.high is not None:
            odd = values[values != values.clip(column.low, column.high)]
            rule = f"expected {_range(column)}, got {', '.join(_few(odd))}"
            remedy = "correct the values or take the column out of the settings"
            whose = frame.loc[odd.index, table.names[0] if table.names[0] in frame else name].dropna()
            broken(name, len(odd), rule, remedy, tuple(whose.head(5).astype(str)))
        if column.choices:
            odd = values[~values.isin(column.choices)]
            broken(name, len(odd), f"expected one of {', '.join(column.choices)}", "correct the values", _few(odd))
    return problems


def _few(values: pd.Series) -> tuple[str, ...]:
    """The first five different values, to be shown."""
    return tuple(values.drop_duplicates().head(5).astype(str))


def _range(column: Column) -> str:
    low = "" if column.low is None else f"{column.low:g}"
    high = "" if column.high is None else f"{column.high:g}"
    return f"{low}-{high}" if low and high else f"at least {low}" if low else f"at most {high}"


def _references(found: Inspection, of: str = "") -> list[Problem]:
    """References that lead nowhere (warnings): all of them, or those from and to one table."""
    problems = []
    for name, frame in found.tables.items():
        for column in TABLES[name].columns:
            target = found.tables.get(column.refers_to)
            if (
                name not in found.settings.tables
                or column.name not in frame
                or target is None
                or of not in ("", name, column.refers_to)
            ):
                continue
            known = target[TABLES[column.refers_to].names[0]]
            unknown = missing(frame[column.name], known)
            if len(unknown):
                rule, remedy = f"not in the table {column.refers_to}", "add them there, or correct the ids"
                problems.append(_said_of(found, name, column.name, rule, remedy, unknown, "warning"))
    return problems


def _parents(found: Inspection) -> list[Problem]:
    """Parents that go round in a circle (an error), and confirmed ones that are not in force (a warning)."""
    accounts, confirmed = found.tables.get("accounts"), found.tables.get("parents")
    problems = []
    if against := contradictions(accounts, confirmed):
        rule = "confirmed for an account that has another parent already"
        remedy = "the customer master's own parent stands, else the first one confirmed; correct the one that is wrong"
        problems.append(_said_of(found, "parents", "parent_id", rule, remedy, pd.Series(against), "warning"))
    for name, table in (("accounts", None), ("parents", confirmed)):
        if circular := roots(links(accounts, table))[1]:
            rule, remedy = "parents go round in a circle", "give each group one account on top"
            problems.append(_said_of(found, name, "parent_id", rule, remedy, pd.Series(circular)))
            break
    return problems


def _said_of(
    found: Inspection, table: str, column: str, rule: str, remedy: str, ids: pd.Series, severity: Severity = "error"
) -> Problem:
    source = found.settings.tables[table]
    return Problem(
        source.file or table, source.columns.get(column, column), rule, remedy, len(ids), _few(ids), severity
    )
