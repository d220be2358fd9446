"""An XLSB workbook, Excel's binary kind, of one sheet: no library that we have writes one."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DATES = 14  # the number format of days


def xlsb(table: Sequence[Sequence[object]]) -> bytes:
    """The bytes of a workbook whose cells are texts, numbers, days, nothing, or the error "#DIV/0!"."""
    size = struct.pack("<IIII", 0, len(table) - 1, 0, max(map(len, table)) - 1)
    rows = b"".join(_row(at, row) for at, row in enumerate(table))
    named = struct.pack("<II", 0, 1) + _text("rId1") + _text("Lines")
    formats = b"".join(_record(47, struct.pack("<HHHHH", 0, each, 0, 0, 0) + bytes(6)) for each in (0, _DATES))
    parts = {
        "_rels/.rels": _relations(officeDocument="xl/workbook.bin"),
        "xl/_rels/workbook.bin.rels": _relations(worksheet="worksheets/sheet1.bin", styles="styles.bin"),
        "xl/workbook.bin": _record(131) + _record(143) + _record(156, named) + _record(144) + _record(132),
        "xl/styles.bin": _record(278) + _record(617, struct.pack("<I", 2)) + formats + _record(618) + _record(279),
        "xl/worksheets/sheet1.bin": _record(129)
        + _record(148, size)
        + _record(145)
        + rows
        + _record(146)
        + _record(130),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def _row(at: int, cells: Sequence[object]) -> bytes:
    head = struct.pack("<II", at, 0) + bytes(9) + struct.pack("<III", 1, 0, len(cells) - 1)
    return _record(0, head) + b"".join(_cell(column, each) for column, each in enumerate(cells) if each is not None)


def _cell(column: int, value: object) -> bytes:
    if value == "#DIV/0!":
        return _record(3, struct.pack("<IIB", column, 0, 7))
    if isinstance(value, str):
        return _record(6, struct.pack("<II", column, 0) + _text(value))
    if isinstance(value, date):
        return _record(5, struct.pack("<IId", column, 1, (value - date(1899, 12, 30)).days))
    assert isinstance(value, int | float)
    return _record(5, struct.pack("<IId", column, 0, value))


def _record(kind: int, body: bytes = b"") -> bytes:
    """A record: its kind and its length, in seven bits a byte, and what it holds."""
    return _in_sevens(kind) + _in_sevens(len(body)) + body


def _in_sevens(number: int) -> bytes:
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + _in_sevens(rest) if rest else bytes([low])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relations(**parts: str) -> bytes:
    each = (
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{part}"/>'
        for at, (kind, part) in enumerate(parts.items(), 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(each)}</Relationships>'.encode()
