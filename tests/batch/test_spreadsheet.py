"""tables.xlsx: text stays text, numbers read as what they are, one sheet per table."""

import io

import openpyxl
from openpyxl import Workbook

from kam_analysis.batch.spreadsheet import tables_workbook


def opened(tables: dict[str, list[dict[str, object]]], name: str = "01_concentration") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(tables_workbook({name: {"tables": tables}})))


def test_formulas_and_links_stay_text_in_cells_and_headers() -> None:
    sheet = opened({"accounts": [{"=1+1": "=SUM(A1)", "name": "https://example.com", "id": "007"}]})["01 accounts"]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            assert cell.hyperlink is None
    assert [cell.value for cell in sheet[2]] == ["=SUM(A1)", "https://example.com", "007"]


def test_texts_like_formulas_carry_excels_own_mark_and_nothing_else_does() -> None:
    """Without it, Excel makes a formula of the cell as soon as somebody has edited it."""
    like_formulas = ["=SUM(A1)", "+49 711 1", "-17", "@name", "\tTab", "\rReturn", "=1;2"]
    plain = ["A-17", "a=b", "'quoted", "", " =1"]
    rows = [{"-head": text, "name": text} for text in [*like_formulas, *plain]]
    rows += [{"-head": number, "name": number} for number in (-5, -0.5, True, ["=a", "b"], None)]
    sheet = opened({"accounts": rows})["01 accounts"]
    for cells in zip(*sheet.iter_rows(min_row=2), strict=True):
        marked = [cell.value for cell in cells if cell.quotePrefix]
        assert marked == [text.replace("\r", "_x000D_") for text in like_formulas] + ["=a; b"]
    assert [bool(cell.quotePrefix) for cell in sheet[1]] == [True, False]
    assert sheet["A1"].font.b


ROWS = [{"rank": 1, "low": 0.178, "revenue": 1234.5, "hhi": 0.0456, "ends_on": "2025-05-31", "firm": True, "gap": None}]
KINDS = {"low": "share", "revenue": "money", "ends_on": "date", "firm": "flag", "rank": "count"}


def test_numbers_read_by_the_kind_that_their_column_declares() -> None:
    declared = {name: {"kind": kind} for name, kind in KINDS.items()} | {"hhi": {"kind": "number", "places": 4}}
    result = {"tables": {"accounts": ROWS}, "columns": {"accounts": declared}}
    sheet = openpyxl.load_workbook(io.BytesIO(tables_workbook({"01_concentration": result})))["01 accounts"]
    assert [cell.number_format for cell in sheet[2]][:5] == ["#,##0", "0.0%", "#,##0", "#,##0.0000", "yyyy-mm-dd"]
    assert sheet["E2"].value.year == 2025
    assert sheet["F2"].value is True
    assert sheet["G2"].value is None


def test_what_declares_no_kind_is_not_guessed_by_its_name() -> None:
    """Guessed by its name, a part of 0.178 in a column "loss" was shown as 0."""
    rows = [{"rank": 1, "loss": 0.178, "share": 7.5, "on": "2025-05-31", "note": "x"}]
    sheet = opened({"accounts": rows})["01 accounts"]
    assert [cell.number_format for cell in sheet[2]] == ["0", "General", "General", "yyyy-mm-dd", "General"]


def test_sheet_names_fit_excel_and_are_never_shared() -> None:
    tables = {"a" * 40: [{"x": 1}], "a" * 41: [{"x": 2}], "q?[1]": [{"x": 3}], "A" * 40: [{"x": 4}]}
    names = opened(tables).sheetnames[1:]
    assert names == [f"01 {'a' * 28}", f"01 {'a' * 26} 2", "01 q  1", f"01 {'A' * 26} 3"]
    assert max(map(len, names)) == 31


def test_pages_per_account_share_a_sheet() -> None:
    results = {f"05_account_plan/{account}": {"tables": {"actions": [{"what": "call"}]}} for account in ("A", "B/1")}
    sheet = openpyxl.load_workbook(io.BytesIO(tables_workbook(results)))["05 actions"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A", "B/1"]


FROM = {
    "company": "=HYPERLINK(1)",
    "period": "2025",
    "currency": "EUR",
    "as_of": "2025-05-31",
    "source": "sales.csv",
    "version": "0.1.0",
    "data_fingerprint": "f00d",
}


def test_the_same_tables_give_the_same_bytes_and_none_give_a_file() -> None:
    results = {"01_x": {"question": "Who?", "tables": {"t": [{"a": 1, "b": "x"}]}}}
    assert tables_workbook(results, FROM) == tables_workbook(results, FROM)
    assert openpyxl.load_workbook(io.BytesIO(tables_workbook({}))).sheetnames == ["no tables"]
    assert opened({"empty": [], "full": [{"a": 1}], "contents": [{"a": 1}]}).sheetnames == [
        "contents", "01 full", "01 contents"
    ]  # fmt: skip


def test_the_first_sheet_says_whose_figures_these_are_and_leads_to_each() -> None:
    results = {
        "01_x": {"question": "Who?", "tables": {"it's": [{"a": 1}], "none": []}},
        "contents": {"question": "What?", "tables": {"": [{"a": 1}, {"a": 2}]}},
    }
    sheet = openpyxl.load_workbook(io.BytesIO(tables_workbook(results, FROM)))["contents"]
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    lines = [row[0] for row in told[: told.index(["Sheet", "Question", "Rows"])] if row[0]]
    assert lines[1:4] == ["=HYPERLINK(1)", "2025", "Amounts in EUR"]
    assert lines[4] == "Source: sales.csv. As of: 31 May 2025"
    assert "data: f00d" in lines[5]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["A2"].quotePrefix
    rows = told[told.index(["Sheet", "Question", "Rows"]) + 1 :]
    assert rows == [["01 it's", "Who?", 1], ["contents 2", "What?", 2]]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'01 it''s'!A1", "'contents 2'!A1"]
    assert sheet.freeze_panes == f"A{len(told) - 1}"


def test_a_sheet_is_laid_out_to_be_read() -> None:
    rows = [{"a name": "x" * 90, "places": 0.5, "many": 0.5, "long": "y" * 40_000}, {"a name": None}]
    kinds = {"places": {"kind": "number"}, "many": {"kind": "number", "places": 9}, "none": {"kind": "odd"}}
    results = {"01_x": {"question": "Who?", "tables": {"t_t": rows}, "columns": {"t_t": kinds}}}
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook(results, FROM)))
    first, sheet = book["contents"], book["01 t t"]
    assert (first["A1"].value, first["A1"].font.b, first["A1"].font.sz) == ("Key-account workbook: tables", True, 14)
    assert [round(first.column_dimensions[each].width) for each in "ABC"] == [35, 73, 11]  # a part of one is its margin
    assert [(cell.value, cell.font.b) for cell in first[9]] == [(each, True) for each in ("Sheet", "Question", "Rows")]
    count, question = first["C10"], first["B10"]
    assert (first["A10"].value, count.number_format, question.alignment.wrap_text) == ("01 t t", "#,##0", True)
    assert (first["A10"].font.u, first["A10"].font.color.rgb) == ("single", "FF1F5FBF")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")
    assert (sheet["A1"].value, sheet["A1"].border.bottom.style, sheet["A1"].alignment.wrap_text) == (
        "a name",
        "thin",
        True,
    )
    assert [sheet[each].number_format for each in ("B2", "C2")] == ["#,##0.00", "#,##0.000000"]
    assert len(sheet["D2"].value) == 32_767
    assert 50 < sheet.column_dimensions["A"].width < 60  # no wider than 400 pixels
    assert (book.properties.title, book.properties.created.isoformat()) == (
        "Key-account workbook: tables", "2025-05-31T00:00:00"
    )  # fmt: skip
    assert openpyxl.load_workbook(io.BytesIO(tables_workbook(results))).properties.created.year == 2000
