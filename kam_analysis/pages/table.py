"""A table that is declared once: the page, `tables.xlsx` and `results/NAME.json` all follow its columns' kinds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from kam_analysis.bundled import tables_beside
from kam_analysis.pages import html, style
from kam_analysis.pages.words import said_in

Kind = Literal["text", "share", "money", "count", "number", "date", "flag"]
TABLES = "tables.toml"
_TO_THE_LEFT = ("text", "date", "flag")
_PLACES = {"share": 1, "number": 2}


@dataclass(frozen=True)
class Column:
    """One column: `name` is the frame's and that of the published table, `heading` what the page calls it.

    `kind` says what its values are: text, a share (0-1), money (to the last of `places` where they are given), a count,
    a number with `places` or written already, a day, or yes and no. `written` gives the page's own words for a row
    where the kind alone does not; `tones` says of words how they are meant (bad, warn, good, accent, or nothing), so that
    they show as pills; `on_page` and `published` say where it stands.
    """

    name: str
    heading: str
    kind: Kind = "text"
    places: int | None = None
    written: Callable[[Mapping[str, Any]], str] | None = None
    tones: Mapping[str, str] = field(default_factory=dict)
    bar: bool = False
    on_page: bool = True
    published: bool = True

    def text(self, row: Mapping[str, Any]) -> str:
        """A row's cell as the page writes it; empty where nothing is known."""
        if self.written is not None:
            return self.written(row)
        value = row.get(self.name)
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value))
        if value is None or value is pd.NaT or pd.isna(value):
            return ""
        if isinstance(value, str) and self.kind == "number":
            return value
        return _WRITTEN[self.kind](value, _PLACES.get(self.kind) if self.places is None else self.places)


def columns_in(module: str) -> Callable[..., list[Column]]:
    """How a module of a page takes a table's columns from tables.toml in its folder, which says what may stand there.

    `module` is the module's `__file__`. The function takes the table's name; `of` fills in the heads, `made` gives the
    columns that the file leaves to the page, and each further argument what it does not know of some columns, by
    `Column`'s own names: written={"score": ...}. A column that the table does not have is a KeyError.
    """
    say = said_in(module)

    def columns(
        table: str,
        *,
        of: Mapping[str, object] | None = None,
        made: Mapping[str, Iterable[Column]] | None = None,
        **more: Mapping[str, Any],
    ) -> list[Column]:
        known: Mapping[str, Any] = tables_beside(module, TABLES)[table]
        found: list[Column] = []
        if strange := {name for values in (made or {}, *more.values()) for name in values} - set(known):
            raise KeyError(f"{table}: {', '.join(sorted(strange))}")
        for name, said in known.items():
            own = {each: values[name] for each, values in more.items() if name in values}
            if "made" in said:
                found += (made or {})[name]
            else:
                found.append(_column(name, {**said, **own}, lambda head: say(head, **(of or {}))))
        return found

    return columns


def _column(name: str, said: dict[str, Any], say: Callable[[str], str]) -> Column:
    """A column as tables.toml and the page say it."""
    head = said.pop("head", name)
    if "beside" in said:  # for those who work on with a table; headed by its name
        said = {"kind": said.pop("beside"), "on_page": False, "heading": _as_head(name), **said}
    if "heading" not in said:
        said["heading"] = say(head if "." in head else f"heads.{head}") if head else ""
    return Column(name, **said)


_WRITTEN: Mapping[str, Callable[[Any, Any], str]] = {
    "text": lambda value, places: str(value),
    "share": lambda value, places: style.share(float(value), places),
    "money": lambda value, places: style.money(float(value)) if places is None else style.exact(value, places),
    "count": lambda value, places: style.count(float(value)),
    "number": lambda value, places: style.decimal(float(value), places),
    "date": lambda value, places: style.day(pd.Timestamp(value).date()),
    "flag": lambda value, places: "yes" if value else "no",
}


@dataclass(frozen=True, repr=False)
class Table:
    """`rows`, a frame with the columns' names, under a caption.

    `unit` stands in the head of every column of money. The page shows the first `shown` rows (all by default),
    those columns in which anybody has a value, `missing` where the others have none, `footer` below them, the rows at
    `strong` positions marked, and the `notes`; whatever is published has every row and column. `nothing` is said in its
    place where it has no rows.
    """

    caption: str
    columns: Sequence[Column]
    rows: pd.DataFrame
    unit: str = ""
    shown: int | None = None
    footer: Mapping[str, Any] = field(default_factory=dict)
    strong: Sequence[int] = ()
    notes: Sequence[str] = ()
    nothing: str = ""
    missing: str = ""

    def html(self) -> html.Html:
        """The table as the page has it; where it has no rows, the sentence that says why, if there is one."""
        written = self.written()
        if not written:
            return html.paragraph(self.nothing, "note")
        columns = {each.name: self._heading(each) for each in self._filled(written)}
        footer = {each.name: self._below(each) for each in self.columns} if self.footer else None
        cells = [{name: text or self.missing for name, text in row.items()} for row in written]
        drawn = html.table(
            columns,
            cells,
            self.caption,
            footer=footer,
            strong=self.strong,
            values=self._values(len(written)),
            bars=[each.name for each in self.columns if each.bar],
            tones={each.name: each.tones for each in self.columns if each.tones},
        )
        return html.together(drawn, *(html.paragraph(note, "note") for note in self.notes))

    def _repr_html_(self) -> str:
        return self.html().html

    def __repr__(self) -> str:
        written = self.written()
        shown = pd.DataFrame(written).rename(columns={each.name: each.heading for each in self.columns})
        return f"{self.caption}\n{shown.to_string(index=False) if written else self.nothing or 'nothing to show'}"

    def written(self) -> list[dict[str, str]]:
        """The rows that the page shows, as it writes them: a text by column name."""
        rows = _records(self.rows if self.shown is None else self.rows.head(self.shown))
        return [{each.name: each.text(row) for each in self.columns if each.on_page} for row in rows]

    def _values(self, shown: int) -> list[dict[str, Any]]:
        """What lies behind the cells of the page's rows, but for words."""
        names = [each.name for each in self.columns if each.on_page and each.kind not in ("text", "flag")]
        return [{name: plain(row.get(name)) for name in names} for row in _records(self.rows.head(shown))]

    def records(self) -> list[dict[str, Any]]:
        """The rows as they are published: plain values, days as ISO dates, None where nothing is known."""
        names = [each.name for each in self.columns if each.published]
        return [{name: plain(row.get(name)) for name in names} for row in _records(self.rows)]

    def declared(self) -> dict[str, dict[str, Any]]:
        """What each published column is: heading, kind, and where it has them places and unit."""
        return {each.name: self._declared(each) for each in self.columns if each.published}

    def _declared(self, column: Column) -> dict[str, Any]:
        unit = self.unit if column.kind == "money" else ""
        more = {"places": column.places, "unit": unit or None}
        said = {"heading": column.heading, "kind": column.kind}
        return said | {key: value for key, value in more.items() if value is not None}

    def _below(self, column: Column) -> str:
        """A column's cell in the footer: words as they are, a value by the column's kind."""
        value = self.footer.get(column.name, "")
        return value if isinstance(value, str) else column.text(self.footer)

    def _filled(self, written: Sequence[Mapping[str, str]]) -> list[Column]:
        """The page's columns, without those in which nobody has a value."""
        return [each for each in self.columns if each.on_page and any(row[each.name] for row in written)]

    def _heading(self, column: Column) -> str:
        unit = f" ({style.sign(self.unit)})" if column.kind == "money" and self.unit and column.written is None else ""
        return f"{column.heading}{unit}" + ("|" if column.kind in _TO_THE_LEFT else "")


def beside(kind: Kind, *names: str, places: int | None = None) -> list[Column]:
    """Columns that are not on the page, for those who work on with a table; headed by their names."""
    return [Column(each, each.replace("_", " ").capitalize(), kind, places=places, on_page=False) for each in names]


def in_its_range(name: str, heading: str, kind: Kind, **more: Any) -> list[Column]:
    """A column that the page writes with its range; what is published has the ends beside it."""
    ends = [Column(f"{name}{end}", _as_head(f"{name}{end}"), kind, on_page=False) for end in ("_low", "_high")]
    return [Column(name, heading, kind, **more), *ends]


def _as_head(name: str) -> str:
    return name.replace("_", " ").capitalize()


def rows(records: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """A frame of rows that were made one by one, with every column also where there is none."""
    return pd.DataFrame([dict(each) for each in records], columns=[each.name for each in columns], dtype=object)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict("records")  # type: ignore[return-value]


def plain(value: Any) -> Any:
    """JSON's own types: numpy's unwrapped, days as ISO dates, NaN, infinity and what is missing as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, date):  # a pandas Timestamp is one
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
