"""What settings written by hand leave out about a text file, taken from its beginning as `kam init` would take it."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.reading.found_files import found_files
from kam_analysis.ledger.settings.settings import Settings, TableSource
from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.formats import amounts_of, dates_of
from kam_analysis.ledger.sniffing.header import Layout, Row
from kam_analysis.ledger.sniffing.scan import scan
from kam_analysis.ledger.sniffing.text_files import open_text
from kam_analysis.ledger.sniffing.words import Meaning
from kam_analysis.own_folder import temporary_folder

_TEXT = (".csv", ".tsv", ".txt")
# Of one file, so that hundreds of them take no longer.
_MOST_BYTES, _MOST_ROWS = 1 << 20, 5_000
_KEYS = ("encoding", "delimiter", "decimal", "thousands", "date_format")
_READ = ("date", "revenue", "cost", "margin", "quantity")


def completed(settings: Settings) -> tuple[Settings, list[Problem]]:
    """The settings with what they leave out about the transactions' file, and a note of it.

    Nothing that they say is changed; what the file leaves open stays open, and is warned about.
    """
    source = settings.tables.get("transactions")
    default = TableSource("transactions")
    if source is None or Path(source.file).suffix.lower() not in _TEXT:
        return settings, []
    if (source.decimal, source.thousands, source.date_format) != (
        default.decimal,
        default.thousands,
        default.date_format,
    ):
        return settings, []
    try:
        found, open_ = _sniffed(source, settings.data_dir)
    except (DataError, OSError):
        return settings, []
    left_out = {key: value for key, value in found.items() if value != getattr(default, key)}
    left_out = {key: value for key, value in left_out.items() if getattr(source, key) == getattr(default, key)}
    said = [_warning(source, text) for text in open_]
    if not set(left_out) - {"delimiter"}:
        return settings, said
    lines = ", ".join(f"{key} = {quoted(str(value))}" for key, value in left_out.items())
    rule, remedy = f"read with {lines}, as its beginning shows", "write it into the settings, so that it stays"
    note = Problem(source.file, "", rule, remedy, severity="note")
    tables = {**settings.tables, "transactions": replace(source, **left_out)}
    return replace(settings, tables=tables), [note, *said]


def _warning(source: TableSource, text: str) -> Problem:
    remedy = 'say it in the settings, such as decimal = ",", thousands = "."'
    return Problem(source.file, "", text, remedy, severity="warning")


def _sniffed(source: TableSource, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """What the beginning of the first file shows, and what it leaves open about amounts."""
    first = found_files(source, folder)[0]
    with temporary_folder() as scratch:
        beginning = scratch / first.name
        with first.open("rb") as file:
            read = file.read(_MOST_BYTES)
        whole = len(read) < _MOST_BYTES
        beginning.write_bytes(read if whole else read[: read.rfind(b"\n") + 1])
        layout = _short(open_text(beginning))
        meanings = _meanings(source, layout)
        if not {"date", "revenue"} <= {known.ours for known in meanings.values()}:
            return {}, []
        found = scan(layout, meanings)
        choice = Choice(layout.header, found)
        choice.positions = {known.ours: index for index, known in meanings.items()}
        amounts = amounts_of(found)
        dates = dates_of(found, choice, layout.header) if found.dates[choice.positions["date"]].is_date else None
    reading = {**layout.reading, **amounts.reading, **(dates.reading if dates else {})}
    return {key: reading[key] for key in _KEYS if key in reading}, [question.text for question in amounts.questions]


def _short(layout: Layout) -> Layout:
    def rows() -> Iterator[Row]:
        return itertools.islice(layout.rows(), _MOST_ROWS)

    return replace(layout, rows=rows)


def _meanings(source: TableSource, layout: Layout) -> dict[int, Meaning]:
    """The columns that the settings name, by position; names agree as they do for the reader."""
    folded = {_folded(name): index for index, name in enumerate(layout.header)}
    wanted = {ours: source.columns.get(ours, ours) for ours in _READ if ours != "margin" or ours in source.columns}
    at = {ours: folded.get(_folded(theirs)) for ours, theirs in wanted.items()}
    return {
        index: Meaning("profit" if ours == "margin" else ours, 0) for ours, index in at.items() if index is not None
    }


def _folded(name: str) -> str:
    return "_".join(name.casefold().replace("_", " ").split())
