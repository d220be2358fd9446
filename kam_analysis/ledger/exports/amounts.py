"""How a column writes its amounts: the decimal sign, the thousands mark, minus signs, currency signs.

Cells are counted by shape (every digit as 9), so that a million rows cost a few dozen decisions.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kam_analysis.ledger.exports.words import ISO_CODES, SIGNS

DIGITS = str.maketrans("012345678", "999999999")
_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'\u2019"
# More shapes than this are a text column; the rest counts as unreadable.
_MOST_SHAPES = 5_000
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


class AmountColumn:
    """Counts of one column's shapes, row by row."""

    def __init__(self) -> None:
        self.readable = 0
        self.unreadable: list[Sighting] = []
        self.unreadable_count = 0
        self.typed = 0
        self.settled: dict[str, tuple[int, Sighting]] = {}  # decimal sign -> rows, first
        self.thousands: dict[str, tuple[int, Sighting]] = {}
        self.open: dict[str, tuple[int, Sighting]] = {}
        self.currencies: Counter[str] = Counter()
        self.negatives: dict[str, Sighting] = {}
        self._shapes: dict[str, Shape | None] = {}

    def add(self, cell: object, row: int) -> None:
        """Count one cell that is not blank."""
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            self.readable += 1
            self.typed += 1
        else:
            text = str(cell)
            self._add(self.shape(text), text, row)

    def shape(self, text: str) -> Shape | None:
        """The shape of `text`, remembered by its pattern of digits."""
        pattern = text.translate(DIGITS)
        if pattern not in self._shapes:
            if len(self._shapes) >= _MOST_SHAPES:
                return None
            self._shapes[pattern] = read_shape(pattern)
        return self._shapes[pattern]

    def _add(self, shape: Shape | None, text: str, row: int) -> None:
        if shape is None:
            self.unreadable_count += 1
            if len(self.unreadable) < 5:
                self.unreadable.append(Sighting(text, row))
            return
        self.readable += 1
        decimal, unsettled = shape.decimal, shape.open
        if unsettled and re.search(r"\d", text).group() == "0":  # type: ignore[union-attr]
            decimal, unsettled = unsettled, ""  # 0.125 has no thousands
        for sign, counts in ((decimal, self.settled), (shape.thousands, self.thousands), (unsettled, self.open)):
            if sign:
                before, first = counts.get(sign, (0, Sighting(text, row)))
                counts[sign] = (before + 1, first)
        if shape.currency:
            self.currencies[shape.currency] += 1
        if shape.negative:
            self.negatives.setdefault(shape.negative, Sighting(text, row))

    @property
    def is_amount(self) -> bool:
        """At least nine in ten of the cells are amounts; the others are said by the check."""
        return self.readable > 0 and self.readable >= 9 * self.unreadable_count


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
    marks = [mark for mark in (" ", "'") if any(mark in column.thousands for column in columns)]
    if comma and point:
        return AmountFormat(choices=(",", "."), conflict=(comma[0], point[0]))
    if comma or point:
        decimal, other = (",", ".") if comma else (".", ",")
        grouped = any(other in column.thousands or other in column.open for column in columns)
        return AmountFormat(decimal, other if grouped else "".join(marks[:1]), (comma or point)[0])
    unsettled = {sign: seen[1] for column in columns for sign, seen in column.open.items()}
    if len(unsettled) == 1 and not marks:
        sign, seen = unsettled.popitem()
        return AmountFormat(choices=(",", ".") if sign == "." else (".", ","), open=seen)
    if unsettled and marks:  # 1 234 567 beside 12,500: the mark is a space, so the sign is the decimal
        sign, seen = unsettled.popitem()
        return AmountFormat(sign, marks[0], seen)
    if len(unsettled) == 2:
        return AmountFormat(choices=(",", "."), conflict=tuple(unsettled.values()))
    return AmountFormat(thousands="".join(marks[:1]))


def _votes(columns: list[AmountColumn], decimal: str) -> list[Sighting]:
    """Cells that can only be read with this decimal sign: it stands there, or the other one groups thousands."""
    other = "." if decimal == "," else ","
    found = [column.settled[decimal][1] for column in columns if decimal in column.settled]
    return found or [column.thousands[other][1] for column in columns if other in column.thousands]
