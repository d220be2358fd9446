"""Workbooks of every kind, and what their reader leaves out: errors, formulas without a value, zeros before a number."""

import base64
import datetime as dt
import io
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from xlsb_for_tests import xlsb

from kam_analysis.errors import DataError
from kam_analysis.exports import inspect_export, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.opening import check
from kam_analysis.ledger.reading import sheet_marks
from kam_analysis.ledger.reading.workbooks import Workbook

# Two customers, 1,234.56 and -34.56, as an old Excel writes them.
XLS = "eNrtWE1oE0EU/maTND80v6ZCK4RQsGptDuLFSxtbbXuxpXpRRNC0u2DInyQpGi9Waw4eBMGTIkKhHrxUvfiDCnrTIlT0IAhCokdPgoKHNuubl93a1goNaKFlv2XevHkz387bmXkzu/t2LliZetBWxQr0wIaa7kbTEpug5DYLAVC9rkvVzF2UdAsbCm4XTWSTA0+9b5xyDuV8V6Hgvv0lSeAzpRM4g+FcVouuI/rYh4SQPnSTFLhFFh9a2asQyzGWW1je45bPWO5ny1WW3dS2Io5jLj7cuc9YxceUdq7zQd73EXM+smUPWvBKruIL10S9rQO9+WQivcEqIvZmTIMmdFDLanlZ9uMOPECJEMtkYqpaQZgmexo/9Cjw3YzqF1HLvr52AbL/XG53/sXuoklcab+u2IEJ6Kc4SMrwImaXNQ4cSma1wjz6SQUn2p8PjBeKuYyWpyYHE0WNor03kxvPFr2kpNWzybFUdCiZThf8QJ927jSp0QGqV/Mlj9z8ebMILNssvBxEzSRV+FkPcigFqLv5u9/eDY2OxE+yZYIPiPoxsl16DR0XJYPIPq6xLcpOZuxmeYnvuo31NpZhehzKO0ZaDGVgkttc5toO6mcv4318xxJ9J+nlr4cfR8pf4rtInxmsng/PfIhPoZ2ONZX48ppEl+gSN29IPImbuTC2nE8sW//YflxKwPBdN85KPxZkwBGCLOslOTpisaQYYyXZYhW2YLYcj+fUv/QuhNuvJct2xUlMyVNW4SnMsxs8hXmRWebN6rqCHiWEh7IRbZW/4YEFCxYsWLBgwYKFTQ/Br6H1l2678Z0gX+udxn+dBUo16zfJpsUR5Ogq0kdlP7KU51FqaP1shUOY9xJr5Jj/CyWOUu95pDDKfqQaXr/0eSOWPs+aiYF/F0KN9l9rxM//3P8vh/Pk4w=="
ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Lines">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def total(export: Path) -> float:
    guess = inspect_export(export)
    assert not guess.questions
    return open_ledger(write_settings(guess), period="all").reconciliation().total


def test_old_excel(tmp_path: Path) -> None:
    (tmp_path / "t.xls").write_bytes(zlib.decompress(base64.b64decode(XLS)))
    assert total(tmp_path / "t.xls") == 1200.0


def test_old_excel_under_a_new_name(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(zlib.decompress(base64.b64decode(XLS)))
    assert total(tmp_path / "t.xlsx") == 1200.0


def test_open_document(tmp_path: Path) -> None:
    def cell(value: object) -> str:
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    rows = [
        ["Customer", "Date", "Amount"],
        ["Aldwick", dt.date(2025, 1, 14), 1234.56],
        ["Bexhill", dt.date(2025, 2, 15), -34.56],
    ]
    text = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", ODS.format(rows=text))
    assert total(tmp_path / "t.ods") == 1200.0


LINES = [
    ["Customer", "Date", "Amount"],
    ["Aldwick", dt.date(2025, 1, 14), 1234.56],
    ["Bexhill", dt.date(2025, 2, 15), -34.56],
]


def test_the_binary_workbook(tmp_path: Path) -> None:
    (tmp_path / "t.xlsb").write_bytes(xlsb(LINES))
    assert total(tmp_path / "t.xlsb") == 1200.0


def test_an_error_in_a_binary_workbook_is_told_as_an_empty_amount(tmp_path: Path) -> None:
    (tmp_path / "t.xlsb").write_bytes(xlsb([*LINES, ["Corran", dt.date(2025, 3, 1), "#DIV/0!"]]))
    found = check(write_settings(inspect_export(tmp_path / "t.xlsb")))
    assert [(each.column, each.rule, each.rows) for each in found] == [("Amount", "empty", 1)]


@pytest.mark.parametrize("part", ["xl/workbook.bin", "xl/worksheets/sheet1.bin"])
def test_a_binary_workbook_that_is_cut_is_refused(part: str, tmp_path: Path) -> None:
    whole = zipfile.ZipFile(io.BytesIO(xlsb(LINES)))
    with zipfile.ZipFile(tmp_path / "t.xlsb", "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[: len(content) * 2 // 3] if name == part else content)
    with pytest.raises(DataError, match=r"t\.xlsb"):
        total(tmp_path / "t.xlsb")


def rows_of(file: Path) -> list[list[object]]:
    book = Workbook(file)
    return [list(cells) for _, cells in book.rows(book.names[0])]


def test_error_cells_keep_their_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Customer", "Date", "Amount"],
        ["A", dt.date(2025, 1, 1), 100],
        ["B", dt.date(2025, 1, 2), "#DIV/0!"],
        ["#N/A", dt.date(2025, 1, 3), 5],
    ):
        book.active.append(row)
    for cell in ("C3", "A4"):
        book.active[cell].data_type = "e"
    book.save(tmp_path / "t.xlsx")
    assert [row[2] for row in rows_of(tmp_path / "t.xlsx")] == ["Amount", 100, "#DIV/0!", 5]
    path = tmp_path / "kam.toml"
    path.write_text(
        '[tables.transactions]\nfile = "t.xlsx"\ncolumns = { account_id = "Customer", revenue = "Amount" }\n'
    )
    with pytest.raises(DataError, match=r"expected a number, got something else in 1 row \(#DIV/0!\)"):
        open_ledger(path)


def test_formulas_without_a_stored_value_are_named_as_the_cause(tmp_path: Path) -> None:
    book = openpyxl.Workbook()  # it stores formulas without values
    for row in (["Customer", "Date", "Amount"], ["A", dt.date(2025, 1, 1), 100], ["B", dt.date(2025, 1, 2), "=C2*2"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    path = tmp_path / "kam.toml"
    path.write_text(
        '[tables.transactions]\nfile = "t.xlsx"\ncolumns = { account_id = "Customer", revenue = "Amount" }\n'
    )
    with pytest.raises(DataError, match="in 1 row \\(formula without a stored value\\)"):
        open_ledger(path)


@pytest.mark.parametrize("rows", [5, 3_000], ids=["in the first piece", "over many pieces"])
def test_numbers_shown_with_zeros_are_the_ids_that_people_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(sheet_marks, "_CHUNK", 1 << 14)
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet, zeros = book.add_worksheet(), book.add_format({"num_format": "00000"})
        sheet.write_row("A1", ["Customer", "Plain", "Mixed"])
        for row in range(1, rows):
            sheet.write_number(row, 0, row, zeros)
            sheet.write_number(row, 1, row)
            sheet.write_number(row, 2, row, zeros if row % 2 else None)
    found = rows_of(tmp_path / "t.xlsx")[1:]
    assert found == [[f"{row:05}", row, f"{row:05}" if row % 2 else row] for row in range(1, rows)]


def test_a_table_that_does_not_begin_at_the_corner(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cell, value in {
        "B3": "Customer",
        "C3": "Date",
        "D3": "Amount",
        "B4": 7,
        "C4": dt.date(2025, 1, 2),
        "D4": 0.1,
    }.items():
        book.active[cell] = value
    book.active["B4"].number_format = "000"
    book.save(tmp_path / "t.xlsx")
    assert rows_of(tmp_path / "t.xlsx")[2:] == [
        [None, "Customer", "Date", "Amount"],
        [None, "007", dt.date(2025, 1, 2), 0.1],
    ]
    assert total(tmp_path / "t.xlsx") == 0.1


def archived(file: Path, sheet: str | bytes, declared: int | None = None) -> Path:
    """A workbook of one sheet, by hand."""
    main, office = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return file


def sheet_of(cells: str) -> str:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "values as far as row 1,048,576 and column 16,384"),
        ("<row>" + "<c><v>1</v></c>" * 200_000 + "</row>", "unpacks to 3 MB, and at most 2 MB are read"),
    ],
    ids=["one cell at the far corner", "too much"],
)  # fmt: skip
def test_what_would_take_all_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: str, said: str
) -> None:
    monkeypatch.setattr(sheet_marks, "MOST_UNPACKED", 2 * 2**20)
    worked = time.process_time()  # a busy machine is slow
    with pytest.raises(DataError, match=said) as caught:
        inspect_export(archived(tmp_path / "t.xlsx", sheet_of(cells)))
    assert "export the sheet as CSV" in str(caught.value)
    assert time.process_time() - worked < 60


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + sheet_of(
        '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
    )
    with pytest.raises(DataError, match="cannot be opened as a workbook"):
        inspect_export(archived(tmp_path / "t.xlsx", laughs))


def test_a_smaller_size_declared_than_there_is_does_not_get_past(tmp_path: Path) -> None:
    file = archived(tmp_path / "t.xlsx", sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>' * 40_000))
    with zipfile.ZipFile(file) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    file.write_bytes(file.read_bytes().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(DataError, match="cannot be opened as a workbook"):
        inspect_export(file)


def test_a_formula_whose_value_is_an_empty_text_is_empty(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="str"><f>IF(1,"","x")</f><v></v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
    assert rows_of(archived(tmp_path / "t.xlsx", sheet_of(cells))) == [[None, 2]]
