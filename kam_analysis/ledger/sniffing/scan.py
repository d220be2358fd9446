"""One pass over an export: every column whose name is known is counted, total lines are set aside."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kam_analysis.ledger.sniffing.amounts import AmountColumn, Sighting, read_shape
from kam_analysis.ledger.sniffing.dates import DateColumn
from kam_analysis.ledger.sniffing.guess import RowCounts
from kam_analysis.ledger.sniffing.header import Layout, blank
from kam_analysis.ledger.sniffing.words import Meaning, total_word

# Enough to know a file's habits; counting more would make a first look slow.
MOST_ROWS = 1_000_000
_MOST_DISTINCT = 100_000
# Of the other texts it is enough to know that they are there.
_COUNTED = ("account_id", "account_name", "currency")
_AMOUNTS = frozenset(
    [
        "revenue",
        "gross",
        "cost",
        "quantity",
        "profit",
        "price",
        "discount",
        "tax",
        "due",
        "weighted",
        "fee",
        "refunded",
        "price_unit",
    ]
)
# Columns of unknown names that are looked at where a required one is missing.
_MOST_UNKNOWN = 200


class TextColumn:
    """How many cells are filled, how many values differ, and whether they look like numbers."""

    def __init__(self) -> None:
        self.distinct: Counter[str] = Counter()
        self.further = 0

    def add(self, cell: object) -> None:
        """Count one cell that is not blank; a float that is no number is."""
        if cell != cell:
            return
        text = cell if isinstance(cell, str) else str(cell)
        if text in self.distinct or len(self.distinct) < _MOST_DISTINCT:
            self.distinct[text] += 1
        else:
            self.further += 1

    @property
    def filled(self) -> int:
        """Cells that are not blank."""
        return self.further + sum(rows for text, rows in self.distinct.items() if text.strip())

    @property
    def leading_zero(self) -> str:
        """A number that begins with a zero, such as 00123; "" where there is none."""
        return next((text for text in self.distinct if text.strip().isdigit() and text.strip()[0] == "0" != text), "")

    @property
    def is_words(self) -> bool:
        """Most cells are words: names rather than numbers."""
        return 2 * sum(map(_is_words, self.distinct)) > len(self.distinct)


def _is_words(text: str) -> bool:
    return not any(map(str.isdigit, text)) or (" " in text.strip() and any(map(str.isalpha, text)))


@dataclass
class Scan:
    """Everything that one pass found; columns are keyed by their position in the header."""

    meanings: Mapping[int, Meaning]
    dates: dict[int, DateColumn] = field(default_factory=dict)
    amounts: dict[int, AmountColumn] = field(default_factory=dict)
    texts: dict[int, TextColumn] = field(default_factory=dict)
    total_words: Counter[str] = field(default_factory=Counter)
    first_total: Sighting | None = None
    blank: int = 0
    totals: int = 0
    repeated_headers: int = 0
    data: int = 0
    ragged: int = 0
    to_fill: set[int] = field(default_factory=set)
    undated: list[Sighting] = field(default_factory=list)
    undated_count: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    complete: bool = True

    @property
    def rows(self) -> RowCounts:
        """The counts of rows."""
        return RowCounts(self.data, self.blank, self.totals, self.repeated_headers, self.complete)


def scan(layout: Layout, meanings: Mapping[int, Meaning], missing: Sequence[str] = ()) -> Scan:
    """Count an export row by row, in memory that does not grow with it; at most `MOST_ROWS` rows.

    For our columns that are `missing` every column of an unknown name is a candidate.
    """
    found = Scan(meanings)
    spare = [index for index in range(len(layout.header)) if index not in meanings or meanings[index].loose]
    for index in spare[:_MOST_UNKNOWN] if missing else ():
        if "date" in missing:
            found.dates[index] = DateColumn()
        if "revenue" in missing:
            found.amounts[index] = AmountColumn()
        if "account_id" in missing:
            found.texts[index] = TextColumn()
    for index, known in meanings.items():
        if known.ours == "date":
            found.dates[index] = DateColumn()
        elif known.ours in _AMOUNTS:
            found.amounts[index] = AmountColumn()
        elif known.ours in _COUNTED or (known.ours == "ledger_account" and "account_id" in missing):
            found.texts[index] = TextColumn()
        else:
            found.to_fill.add(index)
    header = [name.casefold() for name in layout.header]
    width = len(header)
    for count, (number, cells) in enumerate(layout.rows()):
        if count >= MOST_ROWS:
            found.complete = False
            break
        if not any(cells) or all(map(blank, cells)):
            found.blank += 1
        elif _repeats(cells, header):
            found.repeated_headers += 1
        else:
            found.ragged += len(cells) != width
            _add(found, number, cells)
    return found


def _repeats(cells: Sequence[object], header: list[str]) -> bool:
    first = cells[0]
    if isinstance(first, str) and first.strip() and first.strip().casefold() != header[0]:
        return False  # the cheap answer for nearly every row
    pairs = [(str(cell).strip().casefold(), name) for cell, name in zip(cells, header, strict=False) if not blank(cell)]
    return len(pairs) > 1 and all(cell == name for cell, name in pairs)


def _add(found: Scan, number: int, cells: Sequence[object]) -> None:
    width = len(cells)
    dated = False
    for index, dates in found.dates.items():
        if index < width and not blank(cells[index]):
            dated = dates.add(cells[index], number) or dated
    if not dated and not any(dates.readable for dates in found.dates.values()):
        # No column of dates so far: a year beside a month may be what dates the rows.
        dated = any(i < width and not blank(cells[i]) for i, known in found.meanings.items() if known.ours == "year")
    if not dated and _set_aside(found, number, cells):
        return
    found.data += 1
    for index, amounts in found.amounts.items():
        if index < width and (cell := cells[index]) is not None and cell != "" and not blank(cell):
            amounts.add(cell, number)
    for index, texts in found.texts.items():
        if index < width and (cell := cells[index]) is not None and cell != "":
            texts.add(cell)
    for index in tuple(found.to_fill):
        if index < width and not blank(cells[index]):
            found.to_fill.discard(index)


def _set_aside(found: Scan, number: int, cells: Sequence[object]) -> bool:
    """Whether a row without a date is a total line or a note; counted as such, or as a row that lacks its date."""
    filled = [cell for cell in cells if not blank(cell)]
    words = [word for cell in filled if isinstance(cell, str) and (word := total_word(cell))]
    only_amounts = all(not isinstance(cell, str) or read_shape(cell.strip()) for cell in filled)
    is_note = len(filled) == 1 and isinstance(filled[0], str) and not only_amounts
    shown = Sighting(" ".join(str(cell).strip() for cell in filled)[:60], number)
    if words or (only_amounts and not _has_account(found, cells)):
        found.totals += 1
        found.total_words.update(words[:1])
        found.first_total = found.first_total or shown
    elif is_note:
        text = str(filled[0]).strip()
        found.notes[text] = found.notes.get(text, 0) + 1 if len(found.notes) < 1_000 else 1
    else:
        found.undated_count += 1
        found.undated = [*found.undated, shown][:5]
        return False
    for index, dates in found.dates.items():
        if index < len(cells) and not blank(cells[index]):
            dates.forget(cells[index])
    return True


def _has_account(found: Scan, cells: Sequence[object]) -> bool:
    return any(
        index < len(cells) and not blank(cells[index])
        for index, known in found.meanings.items()
        if known.ours in ("account_id", "account_name")
    )
