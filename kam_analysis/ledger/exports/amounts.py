"""How a column writes its amounts: the decimal sign, the thousands mark, minus signs, currency signs.

Cells are counted by shape (every digit as 9), so that a million rows cost a few dozen decisions.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from kam_analysis.ledger.exports.words import ISO_CODES, SIGNS

DIGITS = str.maketrans("012345678", "999999999")
_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'\u2019"
# More patterns than this are a text column; the rest counts as unreadable.
_MOST_PATTERNS = 5_000
_MOST_SETTLED = 20_000
_CODE = re.compile(r"(?<![A-Za-z])(?:" + "|".join(sorted(ISO_CODES)) + r")(?![A-Za-z])")
_SIGN = re.compile("[" + "".join(map(re.escape, SIGNS)) + "]")


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


def read_shape(text: str) -> Shape | None:
    """The shape of one amount, or None where `text` is no amount."""
    found = _CODE.search(text) or _SIGN.search(text)
    currency = found.group() if found else ""
    bare = (text.replace(currency, " ", 1) if currency else text).strip(_SPACES)
    bare, negative = _unsigned(bare)
    if not re.fullmatch(rf"[.,]?\d[\d.,{_SPACES}{_APOSTROPHES}]*", bare):
        return None
    parts = _separated(bare)
    return parts and Shape(parts.decimal, parts.thousands, parts.open, currency, negative)


def _unsigned(bare: str) -> tuple[str, str]:
    """The digits without their minus, and how the minus is written: "before", "behind", "parentheses"."""
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].strip(_SPACES), "parentheses"
    if bare[:1] in ("-", "\u2212"):
        return bare[1:].strip(_SPACES), "before"
    if bare[-1:] in ("-", "\u2212"):
        return bare[:-1].strip(_SPACES), "behind"
    return bare.removeprefix("+").strip(_SPACES), ""


def _separated(bare: str) -> Shape | None:
    marks = re.sub(r"\d", "", bare)
    blanks = [mark for mark in marks if mark in _SPACES + _APOSTROPHES]
    whole, point, fraction = bare, "", ""
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        whole, point, fraction = bare[:last], bare[last], bare[last + 1 :]
    if not re.fullmatch(r"\d*", fraction):
        return None
    inside = {mark for mark in whole if not mark.isdigit()}
    if not inside:
        return _one_sign(whole, point, fraction)
    if len(inside) > 1 and not inside <= set(_SPACES):
        return None
    mark = inside.pop()
    if not re.fullmatch(r"\d{1,3}(?:[^\d]\d{3})+", whole):
        return None
    if mark == point:  # 1.234.567
        return Shape(thousands=mark) if len(fraction) == 3 else None
    thousands = " " if mark in _SPACES else "'" if mark in _APOSTROPHES else mark
    if blanks and not point:
        return Shape(thousands=thousands)
    return Shape(decimal=point, thousands=thousands)


def _one_sign(whole: str, point: str, fraction: str) -> Shape:
    if not point:
        return Shape()
    is_open = len(fraction) == 3 and 1 <= len(whole) <= 3
    return Shape(open=point) if is_open else Shape(decimal=point)


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
        elif shape.open and _first_digit(cell) == "0":
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

    def currencies(self) -> Counter[str]:
        """Rows per currency sign or code beside the amounts."""
        counts: Counter[str] = Counter()
        for seen in self.patterns.values():
            if seen.shape and seen.shape.currency:
                counts[seen.shape.currency] += seen.rows
        return counts


def _first_digit(text: str) -> str:
    return next(sign for sign in text if sign.isdigit())


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
