"""Finding the header row under a report's title lines, and naming its columns."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kam_analysis.ledger.reading.written_dates import date_in
from kam_analysis.ledger.sniffing.amounts import read_shape
from kam_analysis.ledger.sniffing.guess import Question
from kam_analysis.ledger.sniffing.words import meaning
from kam_analysis.ledger.sniffing.year_names import year_name

Row = tuple[int, Sequence[object]]
# Reports with longer prefaces were not met.
LOOKED_AT = 200
_MOST_CELLS = 5_000
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Layout:
    """One file, opened: `reading` are arguments of `TableSource`, `rows` yields what stands below the header.

    A row comes with its number as an editor or Excel counts; cells are text, or typed where the
    file is. `title` is the file's name, `preface` what stands above the header.
    """

    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    reading: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    preface: str = ""
    title: str = ""


@dataclass(frozen=True)
class HeaderRow:
    """Where the header stands among the first rows, and how many of its names are known."""

    index: int
    known: int
    width: int


def blank(cell: object) -> bool:
    """Whether a cell has nothing in it."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def find_header(rows: Sequence[Row]) -> HeaderRow | None:
    """The row with the most known names, the first of equals; where none is known, the first full row of words."""
    best: HeaderRow | None = None
    looked_at = 0
    for index, (_, cells) in enumerate(rows[:LOOKED_AT]):
        if best is not None and looked_at > _MOST_CELLS:
            break
        names = [cell for cell in cells if isinstance(cell, str) and _can_be_a_name(cell)]
        looked_at += len(names)
        known = {found.ours for name in names if (found := meaning(name))}
        # Months and years across columns are a header, too.
        across = sum(map(_is_time, cells[:60])) if known else 0
        score = len(known) + min(across, 2) * (across > 1)
        if score >= 2 and (best is None or score > best.known):
            best = HeaderRow(index, score, len(cells))
    return best or _first_row_of_words(rows)


def _is_time(cell: object) -> bool:
    """Whether a cell is a month, a quarter or a year as a column's name has it."""
    return not blank(cell) and (date_in(str(cell)) is not None or year_name(str(cell)) is not None)


def _can_be_a_name(cell: str) -> bool:
    """The cheap answer for most cells of a wide file: no number, no prose."""
    return len(cell) <= _LONGEST_NAME and any(map(str.isalpha, cell))


def _first_row_of_words(rows: Sequence[Row]) -> HeaderRow | None:
    filled = [sum(not blank(cell) for cell in cells) for _, cells in rows[:LOOKED_AT]]
    widths = Counter(count for count in filled if count > 1)
    if not widths:
        return None
    usual = widths.most_common(1)[0][0]
    for index, (_, cells) in enumerate(rows[:LOOKED_AT]):
        words = [cell for cell in cells if isinstance(cell, str) and cell.strip() and not read_shape(cell.strip())]
        if filled[index] >= usual - 1 and len(words) == filled[index] > 1:
            known = {found.ours for word in words if (found := meaning(word))}
            return HeaderRow(index, len(known), len(cells))
    return None


def named(cells: Sequence[object]) -> tuple[str, ...]:
    """The header's names as the reader of tables knows them: never empty, never twice."""
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        plain = ("" if cell is None else str(cell)).strip() or f"column {position}"
        names.append(plain if plain not in names else f"{plain} ({position})")
    return tuple(names)


def preface_of(rows: Sequence[Row]) -> str:
    """The words of a report's title lines."""
    return " ".join(str(cell) for _, cells in rows for cell in cells if not blank(cell))
