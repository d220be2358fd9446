"""A sheet of 600,000 rows: ours against openpyxl in the same run."""

import tempfile
from pathlib import Path

import openpyxl
import xlsxwriter

from benchmarks.timing import alternate, show
from kam_analysis.ledger.reading.workbooks import Workbook


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.xlsx"
        write(path, 600_000)
        show(
            alternate(
                {"calamine and the pass over the XML": lambda: ours(path), "openpyxl": lambda: theirs(path)},
                runs=1,
                warm_up=0,
            )
        )


def write(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, zeros, days = (
            book.add_worksheet(),
            book.add_format({"num_format": "00000"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        sheet.write_row(0, 0, ["Customer no.", "Invoice date", "Net sales", "Qty", "Product", "Region"])
        for row in range(1, rows + 1):
            sheet.write_number(row, 0, row % 500, zeros)
            sheet.write_number(row, 1, 45_000 + row % 700, days)
            sheet.write_number(row, 2, row * 37 % 100_000 / 100)
            sheet.write_number(row, 3, row % 9 + 1)
            sheet.write_string(row, 4, f"P{row % 80}")
            sheet.write_string(row, 5, "NSEW"[row % 4])


def ours(path: Path) -> int:
    book = Workbook(path)
    return sum(1 for _ in book.rows(book.names[0]))


def theirs(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
