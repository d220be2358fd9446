"""`kam.toml`: where a company's data is and how it is to be read.

`load_settings` reads one file, collects every problem in it, and returns frozen `Settings`.
Nothing here touches the data. Every default states where it comes from. What the workbook expects of the data stands in
`schema.toml`, the one place that knows: the checks, the reader, the sample's generator and the column dictionary in
`data/README.md` all follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from kam_analysis.bundled import tables_beside
from kam_analysis.ledger.settings.secrets import Secret

Kind = Literal["id", "text", "date", "month", "money", "number", "flag", "choice"]


@dataclass(frozen=True)
class Column:
    """One column: `kind` is how it is read, `low`/`high` an inclusive range of allowed values.

    A required column is there and has a value in each row; with `blank` it may lack values. In a date with
    `open_end` a day beyond 2200, 9999-12-31 for one, is no slip but says that there is no end.
    """

    name: str
    kind: Kind
    about: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    blank: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class Table:
    """One table; no two rows may share the values of `key` (empty: rows have no key)."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns, in the contract's order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which the table cannot be used."""
        return tuple(column.name for column in self.columns if column.required)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _table(name: str, said: Mapping[str, Any]) -> Table:
    columns = (
        Column(each, **{**about, "choices": tuple(about.get("choices", ()))}) for each, about in said["columns"].items()
    )
    return Table(name, said["about"], tuple(columns), tuple(said.get("key", ())))


TABLES = {name: _table(name, said) for name, said in tables_beside(__file__, "schema.toml").items()}


def dictionary() -> str:
    """The column dictionary of `data/README.md`, as Markdown: a section per table."""
    parts = []
    for table in TABLES.values():
        needed = "required" if table.name == "transactions" else "optional"
        lines = [
            f"## {table.name} ({needed})",
            "",
            table.about,
            "",
            "| column | kind | | what it is |",
            "|---|---|---|---|",
        ]
        for column in table.columns:
            allowed = " / ".join(column.choices)
            kind = f"{column.kind}: {allowed}" if allowed else column.kind
            need = "required" if column.required else ""
            lines.append(f"| {column.name} | {kind} | {need} | {column.about} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


# ISO 4217 lists two digits for most currencies; these are the exceptions in use.
_MINOR_DIGITS = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
BUILT_IN_MEASURES = ("revenue", "margin", "quantity")
# What `[criteria]` may weigh; the analysis of key accounts says what each of them means.
CRITERIA = ("volume", "profit", "reach", "nearness", "longevity", "growth", "headroom", "ease")


@dataclass(frozen=True)
class TableSource:
    """Where one table is: exactly one of `file` (glob allowed), `table`, `query`; and how its text reads. The accounts
    may be those of the sales' own lines instead (`from_sales`).

    `blank_ids` are words that stand for no id, in small letters; None where the company has not said. `normalise` is
    the company's, the same for every table: what is looked past in account ids.
    """

    name: str
    file: str = ""
    table: str = ""
    query: str = ""
    from_sales: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    decimal: str = "."
    thousands: str = ""
    date_format: str = ""
    time_zone: str = ""
    encoding: str = "utf-8"
    skip_rows: int = 0
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    total_rows: tuple[str, ...] = ()
    blank_ids: tuple[str, ...] | None = None
    normalise: tuple[str, ...] = ()
    suffixes: Mapping[str, float] = field(default_factory=dict)
    fill_down: tuple[str, ...] = ()
    heading_rows: str = ""
    columns_across: Mapping[str, date] = field(default_factory=dict)
    date_parts: Mapping[str, str] = field(default_factory=dict)
    revenue_from: Mapping[str, str] = field(default_factory=dict)
    discount_unit: str = ""
    sum_rows: bool = False
    grain: str = ""
    # Which rows are sales: their column -> its values, exactly as written but for spaces around them.
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subtract: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undated: str = ""
    # The amount of a whole order stands on each of its lines, and counts on one of them.
    once_per_order: bool = False
    # What one of revenue, cost and margin is worth: 1000 where they are in thousands.
    amount_unit: float = 1

    @property
    def is_laid_out(self) -> bool:
        """Whether the file is a report that is tidied before it is read."""
        ways = (
            self.fill_down,
            self.heading_rows,
            self.columns_across,
            self.date_parts,
            self.revenue_from,
            self.sum_rows,
        )
        return any(map(bool, ways))

    @property
    def span(self) -> str:
        """What a row covers: "day", "month", "quarter" or "year". Months are the shortest that figures are made of."""
        if self.grain:
            return self.grain
        if self.date_parts:
            return next((part for part in ("day", "month", "quarter") if part in self.date_parts), "year")
        return "year" if self.date_format == "%Y" else "day"

    @property
    def status_columns(self) -> tuple[str, ...]:
        """Their columns that say which rows are sales, each once."""
        return tuple(dict.fromkeys([*self.keep, *self.drop, *self.subtract]))


@dataclass(frozen=True)
class Measure:
    """A further significant activity: a numeric column of transactions, summed."""

    name: str
    column: str
    unit: str


@dataclass(frozen=True)
class Significance:
    """When an account is key. The defaults are the house's own choice, to be set by the company:
    a tenth is the disclosure threshold of ASC 280-10-50-42, applied here to any significant activity."""

    share: float = 0.10
    from_share: float = 0.05
    always: tuple[str, ...] = ()
    presence: float = 0.5


@dataclass(frozen=True)
class AlertLimits:
    """What is an alert, None where nobody asks: a customer that fell by more than `fall` (0-1) and more than usual, one
    with more than `share` (0-1) of all sales, a last day for notice within `notice_days`, and overdue `calls`."""

    fall: float | None = None
    share: float | None = None
    notice_days: int | None = None
    calls: bool = False


@dataclass(frozen=True)
class Cause:
    """What could take several accounts at once: `where` selects them by columns of the accounts table."""

    name: str
    where: Mapping[str, str]
    probability: float
    loss_probability: float
    source: str


@dataclass(frozen=True)
class Assumption:
    """A number that the data cannot give, with its range and source."""

    name: str
    value: float
    low: float
    high: float
    source: str


_KNOWN = tables_beside(__file__, "assumptions.toml")
ASSUMPTIONS = tuple(_KNOWN)
WRITTEN = {name: str(each.get("written", "share")) for name, each in _KNOWN.items()}
SHARES = tuple(name for name, each in _KNOWN.items() if "share" in each)
_DEFAULTS = {
    name: Assumption(name, each["value"], each["low"], each["high"], each["source"])
    for name, each in _KNOWN.items()
    if "value" in each
}


@dataclass(frozen=True)
class Settings:
    """One company's settings, checked. `url` is a `Secret`: it never shows in text or logs. Where the data lie at an
    address, `data_at`, they are to be copied before they are read (`engine.at_hand`)."""

    path: Path
    data_dir: Path
    url: Secret
    tables: Mapping[str, TableSource]
    data_at: str = field(default="", repr=False)
    name: str = ""
    currency: str = ""
    as_of: date | None = None
    period: str = "last_12_months"
    measure: str = "revenue"
    parents: bool = True
    year_starts: int = 1
    # By measure, then by fiscal year ("2025") or calendar month ("2025-01").
    control: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    excluded_accounts: tuple[str, ...] = ()
    excluded_products: tuple[str, ...] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    significance: Significance = Significance()
    criteria: Mapping[str, float] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    # People: how they are named ("full", "initials", "none"), whether persons are rated one by one, and for how many months
    # before today what was said and done with them is kept (None: as long as the tables have it).
    names: str = "full"
    individuals: bool = False
    keep_months: int | None = None
    # What is an alert; None: the settings do not say.
    alerts: AlertLimits | None = None
    # Where runs keep their figures; None: beside the output folder.
    history_dir: Path | None = None

    @property
    def minor_digits(self) -> int:
        """Decimal places of the currency's minor unit (2 where no currency is given)."""
        return _MINOR_DIGITS.get(self.currency, 2)

    def assumed(self, name: str) -> float | None:
        """The value of an assumption, None where there is none."""
        found = self.assumption(name)
        return None if found is None else found.value

    def assumption(self, name: str) -> Assumption | None:
        """The company's assumption, else the workbook's own; None where nothing stands in for it."""
        return self.assumptions.get(name) or _DEFAULTS.get(name)
