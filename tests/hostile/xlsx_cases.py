"""Workbooks: what openpyxl writes, and what other programs, passwords and formulas make of them."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from hostile_case import SALES, TOP, Build, Case, asked, refused, right

XLSX = TOP + SALES.replace("sales.csv", "sales.xlsx")
HEAD = ["account_id", "date", "revenue"]
TABLE = [HEAD, ["Aldwick", date(2025, 1, 31), 300], ["Bexhill", date(2025, 2, 28), 200]]
GIGABYTE = 2**30
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)


def workbook(table: Sequence[Sequence[Any]] = TABLE, change: Callable[[Any], object] | None = None) -> bytes:
    """The bytes of a workbook with one sheet of this table, after `change(book)`."""
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(list(row))
    if change:
        change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sheet(content: bytes, keys: str = "", name: str = "sales.xlsx") -> Build:
    """Settings and a workbook."""

    def build(folder: Path) -> None:
        (folder / "kam.toml").write_text(f"{XLSX}{keys}\n", encoding="utf-8")
        (folder / name).write_bytes(content)

    return build


def made(
    table: Sequence[Sequence[Any]] = TABLE, change: Callable[[Any], object] | None = None, keys: str = ""
) -> Build:
    """Settings and a workbook of this table; it is made when the case runs."""
    return lambda folder: sheet(workbook(table, change), keys)(folder)


def rewritten(part: str, old: str, new: str) -> Build:
    """A workbook whose XML is changed as no program would write it."""

    def build(folder: Path) -> None:
        kept = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(kept, "w") as target:
            for name in source.namelist():
                text = source.read(name)
                if name == part:
                    assert old.encode() in text, text[:800]
                    text = text.replace(old.encode(), new.encode())
                target.writestr(name, text)
        sheet(kept.getvalue())(folder)

    return build


def without(part: str) -> Build:
    """A workbook that lacks one of its parts."""

    def build(folder: Path) -> None:
        kept = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(kept, "w") as target:
            for name in source.namelist():
                if name != part:
                    target.writestr(name, source.read(name))
        sheet(kept.getvalue())(folder)

    return build


def bomb(folder: Path) -> None:
    """A sheet that unpacks to a gigabyte of rows from one megabyte."""
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 30_000 + b"</t></is></c></row>"
    parts = zipfile.ZipFile(io.BytesIO(workbook()))
    with zipfile.ZipFile(folder / "sales.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in parts.namelist():
            if name != "xl/worksheets/sheet1.xml":
                target.writestr(name, parts.read(name))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for _ in range(GIGABYTE // len(row) // 300):
                out.write(row * 300)
            out.write(b"</sheetData></worksheet>")
    (folder / "kam.toml").write_text(XLSX, encoding="utf-8")


def formats(book: Any, cell: str, pattern: str) -> None:
    book.active[cell].number_format = pattern


def hidden_first(book: Any) -> None:
    """Last year's figures on a hidden sheet before the one that people see."""
    old = book.create_sheet("Old", 0)
    for row in (HEAD, ["Corran", date(2024, 1, 31), 9_000]):
        old.append(row)
    old.sheet_state = "hidden"
    book.active = 1


def merged(book: Any) -> None:
    book.active.insert_rows(1)
    book.active["A1"] = "Sales 2025"
    book.active.merge_cells("A1:C1")


def second_sheet(book: Any) -> None:
    copy = book.create_sheet("2024")
    for row in (["Customer", "Invoice date", "Net sales"], ["Corran", date(2024, 1, 31), 9]):
        copy.append(row)


EXPORT = [["Customer", "Invoice date", "Net sales"], *TABLE[1:]]


def init(name: str, build: Callable[[], bytes], *expect: Any) -> Case:
    """A workbook given to `kam init`."""

    def write(folder: Path) -> None:
        (folder / "sales.xlsx").write_bytes(build())

    return Case(name, write, expect, "init", "sales.xlsx")


def bomb_alone(folder: Path) -> None:
    bomb(folder)
    (folder / "kam.toml").unlink()


CASES = (
    Case("a plain workbook", made(), right()),
    Case("a workbook with a password", sheet(OLE), refused(1, "password")),
    Case("a text called .xlsx", sheet(b"account_id,date,revenue\nAldwick,2025-01-31,300\n"), (refused(1, "workbook"), right(300))),
    Case("an empty file called .xlsx", sheet(b""), refused(1, "empty file")),
    Case("a workbook cut in two", sheet(workbook()[:3_000]), refused(1, "workbook")),
    Case("a zip that is no workbook", without("xl/workbook.xml"), refused(1, "workbook")),
    Case("a workbook without its sheet", without("xl/worksheets/sheet1.xml"), refused(1)),
    Case("a workbook without its texts", without("xl/sharedStrings.xml"), (refused(1), right())),
    Case("a workbook of broken XML", rewritten("xl/worksheets/sheet1.xml", "</row>", "<row>"), refused(1)),
    Case("entities that grow a billionfold", rewritten("xl/worksheets/sheet1.xml", "<worksheet", "<!DOCTYPE z [<!ENTITY a 'lollollollol'>" + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]><worksheet a='&i;'"), refused(1)),
    Case("an entity that names another file", rewritten("xl/sharedStrings.xml", "<sst", "<!DOCTYPE z [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><sst"), (right(), refused(1))),
    Case("a workbook that unpacks to a gigabyte", bomb, refused(1, "sales.xlsx")),
    Case("a wrong size in the workbook", rewritten("xl/worksheets/sheet1.xml", "A1:C3", "A1:A1"), right()),
    Case("an empty sheet", made([]), refused(1, "empty sheet")),
    Case("a sheet with a header alone", made([HEAD]), refused(1, "none below the header")),
    Case("a sheet that is not there", made(keys='sheet = "Sheat"'), refused(1, "Sheat", 'did you mean "Sheet"?')),
    Case("a hidden sheet before the one that people see", made(change=hidden_first), (right(), refused(1, "sheet"))),
    Case("a merged title above the header", made(change=merged, keys="header_row = 2"), right()),
    Case("a merged title that nobody named", made(change=merged), (refused(1), right())),
    Case("formulas without values", made([*TABLE, ["Corran", date(2025, 3, 31), "=1+1"]]), refused(1, "formula")),
    Case("nothing but formulas without values", made([HEAD, ["Corran", date(2025, 3, 31), "=1+1"]]), refused(1)),
    Case("cells that hold errors", made([*TABLE, ["Corran", date(2025, 3, 31), "#DIV/0!"]]), refused(1, "#DIV/0!")),
    Case("ids that hold errors", made([*TABLE, ["#N/A", date(2025, 3, 31), 5]]), (refused(1, "#N/A"), right(505, Aldwick=300, Bexhill=200, **{"#N/A": 5}))),
    Case("dates as texts", made([HEAD, ["Aldwick", "2025-01-31", 300], ["Bexhill", "2025-02-28", 200]]), right()),
    Case("dates as serial numbers", made([HEAD, ["Aldwick", 45688, 300], ["Bexhill", 45716, 200]]), (right(), refused(1, "date"))),
    Case("dates of both kinds", made([HEAD, TABLE[1], ["Bexhill", "2025-02-28", 200]]), right()),
    Case("dates as texts of another form", made([HEAD, TABLE[1], ["Bexhill", "28.02.2025", 200]]), refused(1, "28.02.2025")),
    Case("dates with a time of day", made([HEAD, ["Aldwick", datetime(2025, 1, 31, 23, 59), 300], TABLE[2]]), right()),
    Case("a time of day without a date", made([HEAD, TABLE[1], ["Bexhill", time(12, 30), 200]]), refused(1, "12:30")),
    Case("ids that are numbers", made([HEAD, [7, date(2025, 1, 31), 300]]), right(300, **{"7": 300})),
    Case("ids shown with zeros before them", made([HEAD, [7, date(2025, 1, 31), 300]], lambda book: formats(book, "A2", "00000")), right(300, **{"00007": 300})),
    Case("ids that are fractions", made([HEAD, [7.0, date(2025, 1, 31), 300]]), right(300, **{"7": 300})),
    Case("ids of sixteen digits", made([HEAD, ["1234567890123456", date(2025, 1, 31), 300]]), right(300, **{"1234567890123456": 300})),
    Case("amounts as texts", made([HEAD, ["Aldwick", date(2025, 1, 31), "300"], ["Bexhill", date(2025, 2, 28), " 200.00 "]]), right()),
    Case("amounts as texts with marks", made([HEAD, ["Aldwick", date(2025, 1, 31), "1,300.00"], TABLE[2]]), refused(1, "1,300.00")),
    Case("amounts as percentages", made(change=lambda book: formats(book, "C2", "0%")), right()),
    Case("amounts that are yes or no", made([HEAD, ["Aldwick", date(2025, 1, 31), True]]), refused(1, "true")),
    Case("amounts of fractions of fractions", made([HEAD, ["Aldwick", date(2025, 1, 31), 0.1], ["Aldwick", date(2025, 1, 31), 0.2]]), right(0.3, Aldwick=0.3)),
    Case("amounts in the notation of scientists", made([HEAD, ["Aldwick", date(2025, 1, 31), 1e15], ["Bexhill", date(2025, 1, 31), 1e-7]]), right(1e15)),
    Case("a minus before nothing", made([*TABLE, ["Corran", date(2025, 3, 31), -0.0]]), right(500, Aldwick=300, Bexhill=200, Corran=0)),
    Case("blank rows and columns around", made([[], [], [None, *HEAD], [None, *TABLE[1]], [None, *TABLE[2]]], keys="header_row = 3"), right()),
    Case("thousands of formatted rows without values", made(change=lambda book: [formats(book, f"A{row}", "0") for row in range(4, 4_000)]), right()),
    Case("a name with every kind of bracket", made([HEAD, ['<b>"\'&;,\n>', date(2025, 1, 31), 300]]), right(300, **{'<b>"\'&;,\n>': 300})),
    init("init: a plain workbook", lambda: workbook(EXPORT), right()),
    init("init: a workbook with a password", lambda: OLE, refused(1, "password")),
    init("init: a text called .xlsx", lambda: b"Customer,Invoice date,Net sales\n", refused(1, "workbook")),
    init("init: a workbook cut in two", lambda: workbook(EXPORT)[:3_000], refused(1, "broken")),
    init("init: two sheets alike", lambda: workbook(EXPORT, second_sheet), asked("which are the sales?")),
    init("init: formulas without values", lambda: workbook([EXPORT[0], ["Corran", date(2025, 3, 31), "=1+1"], *EXPORT[1:]]), refused(1, "formula")),
    Case("init: a workbook that unpacks to a gigabyte", bomb_alone, refused(1, "sales.xlsx"), "init", "sales.xlsx"),
)  # fmt: skip
