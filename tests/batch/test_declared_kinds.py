"""`tables.xlsx` of the sample's reports: every column declares a kind, and every cell is shown by it."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kam_analysis.batch.spreadsheet import tables_workbook

SHOWN = {
    "share": "0.0%",
    "money": "#,##0",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
    "text": "General",
    "flag": "General",
}


def results(folder: Path) -> dict[str, Any]:
    """Every result by its report's name; a plan's by its account too."""
    pages = {path.stem: path for path in sorted((folder / "results").glob("*.json"))}
    plans = {f"05_account_plan/{path.stem}": path for path in sorted((folder / "results" / "plans").glob("*.json"))}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in (pages | plans).items()}


def test_every_column_of_every_table_declares_its_kind(sample_reports: Path) -> None:
    for name, result in results(sample_reports).items():
        assert set(result["columns"]) == set(result["tables"]), name
        for table, rows in result["tables"].items():
            assert {column for row in rows for column in row} <= set(result["columns"][table]), (name, table)


def test_values_are_what_their_kind_says(sample_reports: Path) -> None:
    """A share lies near 0 to 1, a count is whole, a day is a day: a wrong kind shows another number than is meant."""
    for name, result in results(sample_reports).items():
        for table, rows in result["tables"].items():
            for column, declared in result["columns"][table].items():
                values = [row[column] for row in rows if row.get(column) is not None]
                assert all(_fits(value, declared["kind"]) for value in values), (name, table, column, declared)


def _fits(value: Any, kind: str) -> bool:
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "text":
        return isinstance(value, str | list)
    if kind == "date":
        return isinstance(value, str) and len(value) == 10
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "count":
        return number and float(value).is_integer()
    return number and (kind != "share" or abs(value) < 1_000)


def test_every_cell_of_the_workbook_is_shown_by_its_kind(sample_reports: Path) -> None:
    book, seen = openpyxl.load_workbook(sample_reports / "tables.xlsx"), 0
    for name, result in results(sample_reports).items():
        for table, rows in result["tables"].items():
            if not rows:
                continue
            sheet = book[f"{name[:2]} {table.replace('_', ' ')}"[:31]]
            columns = list(dict.fromkeys(column for row in rows for column in row))
            # Tables made once per account have the account in front.
            for at, column in enumerate(columns, start=2 if "/" in name else 1):
                declared = result["columns"][table][column]
                for cell in next(sheet.iter_cols(at, at, min_row=2)):
                    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                        assert cell.number_format == _format(declared), (name, table, column)
                        seen += 1
    assert seen > 1_000


def _format(declared: dict[str, Any]) -> str:
    if declared["kind"] == "number":
        places = declared.get("places", 2)
        return "#,##0" + ("." + "0" * places if places else "")
    return SHOWN[declared["kind"]]


@pytest.mark.parametrize("kind", [*SHOWN, "number"])
def test_there_is_such_a_kind(kind: str, sample_reports: Path) -> None:
    """A kind that no table uses would be tested by nobody."""
    used = {
        column["kind"]
        for result in results(sample_reports).values()
        for table in result["columns"].values()
        for column in table.values()
    }
    assert kind in used


def test_the_same_results_give_the_published_bytes(sample_reports: Path) -> None:
    run = json.loads((sample_reports / "run.json").read_text(encoding="utf-8"))
    found = dict(sorted(results(sample_reports).items()))
    provenance = found["01_concentration"]["provenance"]
    assert run["status"] == "complete"
    assert tables_workbook(found, provenance) == (sample_reports / "tables.xlsx").read_bytes()
