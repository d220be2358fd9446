"""What calamine does not tell of an XLSX sheet, from one pass over its XML; and how large it is before it is read."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

# The sheet lies in memory at about twice the size of its XML: a gigabyte in all.
MOST_UNPACKED = 512 * 2**20
# Cells from the first to the last row and column, filled or not: each takes 24 bytes.
MOST_CELLS = 25_000_000
_MOST_SMALL = 32 * 2**20
_CHUNK = 1 << 20
_LONGEST_CELL = 4 * _CHUNK
_MOST_ODD = 200_000
_NO_VALUE = "formula without a stored value"
_READ = re.compile(
    r"xl/(worksheets/.*\.(xml|bin)|sharedStrings\.(xml|bin)|styles\.(xml|bin)|workbook\.(xml|bin))|content\.xml"
)
_TAG = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<"
)
_UNCOUNTED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v\s*/>)?</(?:\w+:)?c>"
)
_AT = re.compile(rb"\br=\"([A-Z]{1,3})(\d+)\"")
_WIDE = re.compile(rb'\br="([A-Z]{2,3})\d+(?:"|"[^>]*[^/>])>')
_STYLE = re.compile(rb"\bs=\"(\d+)\"")


class TooLarge(Exception):
    """What the workbook would take, in words."""


@dataclass
class Marks:
    """Texts that stand in for what calamine leaves empty, and columns shown with zeros before their numbers.

    `odd` is row -> column -> text; `zeros` row -> column -> digits, for the rows up to `sampled`; `usual` column ->
    digits, for those below.
    """

    odd: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    zeros: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    usual: dict[int, int] = field(default_factory=dict)
    sampled: int = 0

    def applied(self, number: int, cells: list[object]) -> list[object]:
        """A row's cells as people see them."""
        shown: Mapping[int, int] = self.usual if number > self.sampled else self.zeros.get(number, {})
        for column, digits in shown.items():
            if column < len(cells) and type(cells[column]) is int:
                cells[column] = str(cells[column]).zfill(digits)
        for column, text in self.odd.get(number, {}).items():
            cells += [None] * (column + 1 - len(cells))
            cells[column] = text
        return cells


def unpacked_sizes(path: Path) -> None:
    """Raise `TooLarge` where a workbook says that it unpacks to more than there is room for."""
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist() if _READ.fullmatch(part.filename))
        for part in archive.infolist():
            if part.filename.endswith(("sharedStrings.xml", "content.xml", "workbook.xml", "styles.xml")):
                _without_entities(archive, part.filename)
    if size > MOST_UNPACKED:
        raise TooLarge(f"unpacks to {size / 2**20:,.0f} MB, and at most {MOST_UNPACKED / 2**20:,.0f} MB are read")


def _without_entities(archive: zipfile.ZipFile, part: str) -> None:
    with archive.open(part) as xml:
        if b"<!ENTITY" in xml.read(_CHUNK):
            raise ValueError("entities are no part of a workbook")


def marks_of(path: Path, sheet: str) -> Marks:
    """The marks of one sheet. Raises `TooLarge`, or what `zipfile` and `ElementTree` raise for a broken file."""
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part is None:  # XLSB and ODS keep their sheets in other ways
            return Marks()
        return _Pass(_zero_styles(archive)).over(_chunks(archive, part))


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file of a sheet inside the workbook."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(archive.namelist()):
        return None
    targets = {each.get("Id"): each.get("Target", "") for each in _xml(archive, "xl/_rels/workbook.xml.rels")}
    for each in _xml(archive, "xl/workbook.xml").iter():
        if each.tag.endswith("}sheet") and each.get("name") == sheet:
            wanted = next((value for key, value in each.attrib.items() if key.endswith("}id")), None)
            target = targets.get(wanted, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _xml(archive: zipfile.ZipFile, part: str) -> Any:
    with archive.open(part) as xml:
        text = xml.read(_MOST_SMALL)
    if b"<!ENTITY" in text:
        raise ValueError("entities are no part of a workbook")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise ValueError("broken XML") from None


def _zero_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """Styles whose number format is nothing but zeros, "00000": how many digits each shows."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    found = _xml(archive, "xl/styles.xml")
    name = found.tag.removesuffix("styleSheet")
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in found.iter(f"{name}numFmt")}
    used = [codes.get(each.get("numFmtId"), "") for each in found.iterfind(f"{name}cellXfs/{name}xf")]
    return {style: len(code) for style, code in enumerate(used) if len(code) > 1 and set(code) == {"0"}}


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that end between cells; its true size counts, whatever the archive says.

    Where it is cut short or not well formed, calamine would read the rows before that as if they were all.
    """
    rest, size, parser = b"", 0, expat.ParserCreate()
    with archive.open(part) as xml:
        while piece := xml.read(_CHUNK):
            size += len(piece)
            if size > MOST_UNPACKED:
                raise TooLarge(f"unpacks to more than {MOST_UNPACKED / 2**20:,.0f} MB")
            if size == len(piece) and b"<!ENTITY" in piece:
                raise ValueError("entities are no part of a workbook")
            _well_formed(parser, piece)
            whole = rest + piece
            cut = max(whole.rfind(b"<c "), whole.rfind(b":c ") - 9)
            if cut <= 0:
                cut = len(whole) if len(whole) > _LONGEST_CELL else 0
            rest = whole[cut:]
            if cut:
                yield whole[:cut]
    _well_formed(parser, b"", last=True)
    yield rest


def _well_formed(parser: expat.XMLParserType, piece: bytes, last: bool = False) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError:
        raise ValueError("broken XML") from None


class _Pass:
    """One look at every piece of a sheet; most pieces hold nothing of interest, and cost a search for a few bytes."""

    def __init__(self, zero_styles: Mapping[int, int]) -> None:
        self.zero_styles = zero_styles
        self.marks = Marks()
        self.plain: set[int] = set()  # columns with a number that has no such format
        self.last, self.width, self.odd = 0, 1, 0

    def over(self, pieces: Iterator[bytes]) -> Marks:
        seen_whole = True
        for at, piece in enumerate(pieces):
            self._extent(piece)
            if self.zero_styles and (at == 0 or self.plain & set(self.marks.usual)):
                self._zeros(piece)
            elif at > 0:
                seen_whole = False
            self._odd(piece)
        # The first piece may end within its last row.
        self.marks.sampled = max(self.marks.zeros, default=0) - (not seen_whole)
        if seen_whole:
            self.marks.usual.clear()
        self.marks.usual = {at: digits for at, digits in self.marks.usual.items() if at not in self.plain}
        return self.marks

    def _odd(self, piece: bytes) -> None:
        if b't="e"' in piece:
            for attributes, text in _ERROR.findall(piece):
                self._note(attributes, text.decode("utf-8", "replace"))
        if b"</f></" in piece or b"</f><v" in piece or b":f><" in piece or b'"/></c>' in piece:
            for attributes in _UNCOUNTED.findall(piece):
                if b't="str"' not in attributes:  # a formula whose value is an empty text
                    self._note(attributes, _NO_VALUE)

    def _extent(self, piece: bytes) -> None:
        """The last row and column with a value: calamine keeps every cell before them, filled or not."""
        value = piece.rfind(b"<v>")
        if value >= 0 and (cell := _AT.search(piece, max(0, piece.rfind(b"<c ", 0, value)))):
            self.last = max(self.last, int(cell[2]))
        for letters in set(_WIDE.findall(piece)):
            self.width = max(self.width, _column(letters) + 1)
        if self.last * self.width > MOST_CELLS:
            raise TooLarge(f"has values as far as row {self.last:,} and column {self.width:,}")

    def _zeros(self, piece: bytes) -> None:
        for attributes in _TAG.findall(piece):
            at, style = _AT.search(attributes), _STYLE.search(attributes)
            if at is None or (b" t=" in attributes and b' t="n"' not in attributes):
                continue
            column, row = _column(at[1]), int(at[2])
            digits = self.zero_styles.get(int(style[1]), 0) if style else 0
            if digits:
                self.marks.zeros[row][column] = digits
            if not digits or self.marks.usual.setdefault(column, digits) != digits:
                self.plain.add(column)

    def _note(self, attributes: bytes, text: str) -> None:
        self.odd += 1
        if self.odd > _MOST_ODD:
            raise TooLarge(f"has more than {_MOST_ODD:,} cells with an error or without a value, such as {text}")
        if at := _AT.search(attributes):
            self.marks.odd[int(at[2])][_column(at[1])] = text


def _column(letters: bytes) -> int:
    """A column's position: A is 0, AA is 26."""
    position = 0
    for letter in letters:
        position = position * 26 + letter - 64
    return position - 1
