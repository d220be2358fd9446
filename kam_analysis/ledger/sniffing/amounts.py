"""How a column writes its amounts: the decimal sign, the thousands mark, minus signs, currency signs.

Cells are counted by shape (every digit as 9), so that a million rows cost a few dozen decisions.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from kam_analysis.ledger.reading.written_amounts import grouped, tidy
from kam_analysis.ledger.sniffing.words import ISO_CODES, SIGNS

DIGITS = str.maketrans("012345678", "999999999")
# More patterns than this are a text column; the rest counts as unreadable.
_MOST_PATTERNS = 5_000
_MOST_SETTLED = 20_000
_CODE = re.compile(r"(?<![A-Za-z])(?:" + "|".join(sorted(ISO_CODES)) + r")(?![A-Za-z])")
_SIGN = re.compile("[" + "".join(map(re.escape, SIGNS)) + "]")
_BEFORE = re.compile(r"[^0-9(]*[-\u2010-\u2014\u2212\ufe63\uff0d][^0-9]*[0-9\uff10-\uff19]")
# Letters behind an amount that stand for thousands, millions and more, and by how much each multiplies.
SUFFIXES = {"K": 10**3, "k": 10**3, "M": 10**6, "Mio": 10**6, "mn": 10**6, "bn": 10**9, "Mrd": 10**9}
_SUFFIX = re.compile(rf"(.*[0-9.,]) ?({'|'.join(sorted(SUFFIXES, key=len, reverse=True))})")


@dataclass(frozen=True)
class Sighting:
    """A cell as it stands in the file, and its row there (counted as a text editor or Excel counts)."""

    text: str
    row: int


@dataclass(frozen=True)
class Shape:
    """What the shape of one amount tells.

    `decimal` and `thousands` are signs that it settles; `open` is a sign that could be either
    ("1.234"); `currency` a sign or code that stands beside the number.
    """

    decimal: str = ""
    thousands: str = ""
    open: str = ""
    currency: str = ""
    negative: str = ""
    suffix: str = ""


def read_shape(text: str) -> Shape | None:
    """The shape of one amount, or None where `text` is no amount."""
    tidied = tidy(text)
    bare = tidied.lstrip("+-")
    if len(tidied) - len(bare) > 1:
        return None
    found = _CODE.search(text) or _SIGN.search(text)
    suffix = _SUFFIX.fullmatch(bare)
    parts = _separated(suffix[1] if suffix else bare)
    if parts is None:
        return None
    negative = _minus(text, tidied)
    return replace(
        parts, currency=found.group() if found else "", negative=negative, suffix=suffix[2] if suffix else ""
    )


def _minus(text: str, tidied: str) -> str:
    """How the minus is written: "before", "behind", "parentheses"."""
    if not tidied.startswith("-"):
        return ""
    return "parentheses" if "(" in text or "\uff08" in text else "before" if _BEFORE.match(text) else "behind"


def _separated(bare: str) -> Shape | None:
    """The decimal sign and the thousands mark of digits without a minus."""
    for mark in ".,' ":
        if re.fullmatch(grouped(mark), bare):
            one = bare.count(mark) == 1
            return Shape(open=mark) if one and mark in ".," else Shape(thousands=mark)
        whole, point, fraction = bare.rpartition("," if mark == "." else ".")
        if mark in "' " and not point:
            whole, point, fraction = bare.rpartition(",")
        if point and re.fullmatch("[0-9]*", fraction) and re.fullmatch(grouped(mark), whole):
            return Shape(decimal=point, thousands=mark)
    if re.fullmatch("[0-9]+(?:[eE][+-]?[0-9]+)?", bare):
        return Shape()
    plain = re.fullmatch("(?:[0-9]+([.,])[0-9]*|([.,])[0-9]+)(?:[eE][+-]?[0-9]+)?", bare)
    return Shape(decimal=plain[1] or plain[2]) if plain else None


@dataclass
class Pattern:
    """Cells of one pattern of digits: how many, the first, and what their shape tells."""

    shape: Shape | None
    first: Sighting
    rows: int = 0


class AmountColumn:
    """Counts of one column's patterns, row by row."""

    def __init__(self) -> None:
        self.typed = 0
        self.unreadable: list[Sighting] = []
        self.unreadable_count = 0
        self.patterns: dict[str, Pattern] = {}
        self._settled: dict[str, Pattern] = {}  # cells seen before: quantities repeat a lot

    def add(self, cell: object, row: int) -> None:
        """Count one cell that is not blank."""
        if not isinstance(cell, str):
            if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                self.typed += 1
                return
            cell = str(cell)
        seen = self._settled.get(cell)
        if seen is None:
            key = cell.translate(DIGITS)
            seen = self.patterns.get(key)
            if seen is None or seen.shape is None or seen.shape.open:
                seen = self._slowly(cell, key, row)
            elif len(self._settled) < _MOST_SETTLED:
                self._settled[cell] = seen
        seen.rows += 1

    def _slowly(self, cell: str, key: str, row: int) -> Pattern:
        """The pattern of a cell that is new, no amount, or open between two readings."""
        shape = read_shape(key) if len(self.patterns) < _MOST_PATTERNS else None
        if shape is None:
            self.unreadable_count += 1
            if len(self.unreadable) < 5:
                self.unreadable.append(Sighting(cell, row))
            key = ""
        elif shape.open and next(sign for sign in cell if sign.isdigit()) == "0":
            shape = replace(shape, decimal=shape.open, open="")  # 0.125 has no thousands
            key = "0" + key
        return self.patterns.setdefault(key, Pattern(shape, Sighting(cell, row)))

    @property
    def readable(self) -> int:
        """Cells that are amounts."""
        return self.typed + sum(seen.rows for seen in self.patterns.values() if seen.shape)

    @property
    def is_amount(self) -> bool:
        """At least nine in ten of the cells are amounts; the others are said by the check."""
        return self.readable > 0 and self.readable >= 9 * self.unreadable_count

    def firsts(self, part: str) -> dict[str, Sighting]:
        """Each value that a part of the shapes ("decimal", "thousands", "open" ...) takes, with its first cell."""
        found: dict[str, Sighting] = {}
        for seen in self.patterns.values():
            value = getattr(seen.shape, part) if seen.shape else ""
            if value and (value not in found or seen.first.row < found[value].row):
                found[value] = seen.first
        return found

    @property
    def beside_suffixes(self) -> Sighting | None:
        """An amount without letters in a column that has some with them: 300 beside 1.5K."""
        plain = (seen.first for seen in self.patterns.values() if seen.shape and not seen.shape.suffix)
        written = [first for first in plain if any(map(str.isdigit, first.text))]
        return min(written, key=lambda first: first.row) if written and self.firsts("suffix") else None

    def currencies(self) -> Counter[str]:
        """Rows per currency sign or code beside the amounts."""
        counts: Counter[str] = Counter()
        for seen in self.patterns.values():
            if seen.shape and seen.shape.currency:
                counts[seen.shape.currency] += seen.rows
        return counts


@dataclass(frozen=True)
class AmountFormat:
    """The one way in which a file writes amounts, or the signs between which it leaves the choice.

    `evidence` is the cell that settles it; `choices` holds the decimal signs that remain possible
    where nothing does, `conflict` one sighting of each where the file uses both.
    """

    decimal: str = "."
    thousands: str = ""
    evidence: Sighting | None = None
    choices: tuple[str, ...] = ()
    open: Sighting | None = None
    conflict: tuple[Sighting, ...] = ()


def amount_format(columns: Iterable[AmountColumn]) -> AmountFormat:
    """One format for all amount columns of a file: what one column settles holds for the others."""
    columns = list(columns)
    comma, point = _votes(columns, ","), _votes(columns, ".")
    thousands = {mark for column in columns for mark in column.firsts("thousands")}
    unsettled = {sign: seen for column in columns for sign, seen in column.firsts("open").items()}
    mark = next((mark for mark in (" ", "'") if mark in thousands), "")
    if comma and point:
        return AmountFormat(choices=(",", "."), conflict=(comma[0], point[0]))
    if comma or point:
        decimal, other = (",", ".") if comma else (".", ",")
        return AmountFormat(decimal, other if other in thousands or other in unsettled else mark, (comma or point)[0])
    if len(unsettled) == 2:
        return AmountFormat(choices=(",", "."), conflict=tuple(unsettled.values()))
    if unsettled:
        sign, seen = unsettled.popitem()
        if mark:  # 1 234 567 beside 12,500: thousands have a mark already, so the sign is the decimal
            return AmountFormat(sign, mark, seen)
        return AmountFormat(choices=(",", ".") if sign == "." else (".", ","), open=seen)
    return AmountFormat(thousands=mark)


def _votes(columns: list[AmountColumn], decimal: str) -> list[Sighting]:
    """Cells that can only be read with this decimal sign: it stands there, or the other one groups thousands."""
    other = "." if decimal == "," else ","
    found = [seen for column in columns if (seen := column.firsts("decimal").get(decimal))]
    return found or [seen for column in columns if (seen := column.firsts("thousands").get(other))]
