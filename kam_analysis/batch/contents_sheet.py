"""The first sheet of `tables.xlsx`: whose figures these are, from what and of which day, and a line with a link a sheet."""

from collections.abc import Mapping
from typing import Any

from kam_analysis.batch.page import made_lines, provenance_lines

CONTENTS = "contents"
_WIDTHS = (34, 72, 10)
_HEAD = ("Sheet", "Question", "Rows")
_KINDS = "Shares are parts of one, shown as per cent; days are dates; each column has the format of what it holds."
_LINK = {"font_color": "#1f5fbf", "underline": 1}


def write_contents(book: Any, provenance: Mapping[str, Any], sheets: Mapping[str, tuple[str, int]]) -> None:
    """Add the sheet to an XlsxWriter `book`; `sheets` are the question and the number of rows of each, by its name."""
    sheet = book.add_worksheet(CONTENTS)
    title, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "bottom": 1})
    # Excel's mark of a text: whatever the company is called, its name is no formula.
    plain, wrapped = book.add_format({"quote_prefix": True}), book.add_format({"text_wrap": True, "valign": "top"})
    count, link = book.add_format({"num_format": "#,##0", "valign": "top"}), book.add_format({**_LINK, "valign": "top"})
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, "Key-account workbook: tables", title)
    down = 1
    for line in _lines(provenance):
        sheet.write_string(down, 0, line, plain)
        down += 1
    down += 1
    for at, each in enumerate(_HEAD):
        sheet.write_string(down, at, each, head)
    sheet.freeze_panes(down + 1, 0)
    for below, (name, (question, rows)) in enumerate(sheets.items(), start=down + 1):
        quoted = name.replace("'", "''")
        sheet.write_url(below, 0, f"internal:'{quoted}'!A1", link, name)
        sheet.write_string(below, 1, question, wrapped)
        sheet.write_number(below, 2, rows, count)


def _lines(provenance: Mapping[str, Any]) -> list[str]:
    company, period, currency = (str(provenance.get(key) or "") for key in ("company", "period", "currency"))
    made = made_lines({key: value for key, value in provenance.items() if key not in ("parameters", "seed")})
    amounts = f"Amounts in {currency}" if currency else ""
    return [*filter(None, (company, period, amounts)), *provenance_lines(provenance), *made, _KINDS]
