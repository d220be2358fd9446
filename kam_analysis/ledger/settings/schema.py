"""What the workbook expects of a company's data: the tables and columns of `schema.toml`.

That is the one place that knows; the checks, the reader, the sample's generator and the column
dictionary in `data/README.md` all follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kam_analysis.bundled import tables_beside

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
