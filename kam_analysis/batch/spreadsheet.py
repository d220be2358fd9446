"""`tables.xlsx`: the tables behind the reports, one sheet each, for people who work on with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kam_analysis.batch.contents_sheet import CONTENTS, write_contents
from kam_analysis.batch.told import Results
from kam_analysis.batch.xlsx import midnight, workbook, write_text

DAY, WHOLE = "yyyy-mm-dd", "0"
# By the kind that a table declares for its column; what declares none is shown as it is.
_FORMATS = {"share": "0.0%", "money": "#,##0", "count": "#,##0", "date": DAY}
_MOST_PLACES = 6
_NUMBERS = ["#,##0" + ("." + "0" * places if places else "") for places in range(_MOST_PLACES + 1)]
_LONGEST_NAME = 31  # characters in the name of a sheet


def tables_workbook(results: Results, provenance: Mapping[str, Any] | None = None) -> bytes:
    """The XLSX file with every table of `results` ({report id: result}), sheets named like "01 accounts".

    The first sheet, "contents", says whose figures these are, from what and of which day (`provenance`), and leads to
    the others.

    Texts stay texts: a name such as "=SUM(A1)" or "http://..." becomes neither a formula nor a link, not even where
    somebody edits its cell and changes nothing (Excel's own mark for that, the apostrophe, is on it).
    Reports made once per account share a sheet per table, with the account in front.
    """
    told = provenance or {}

    def write(book: Any) -> None:
        formats = {key: book.add_format({"num_format": key}) for key in {*_FORMATS.values(), *_NUMBERS, WHOLE}}
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        formats["head"] = book.add_format(head)
        formats["quoted head"] = book.add_format(head | {"quote_prefix": True})
        formats["quoted"] = book.add_format({"quote_prefix": True})
        taken = {CONTENTS}
        sheets = {_sheet_name(name, taken): each for name, each in _sheets(results).items() if each.rows}
        if sheets:
            write_contents(book, told, {name: (each.question, len(each.rows)) for name, each in sheets.items()})
        for name, each in sheets.items():
            _write(book.add_worksheet(name), each.rows, declared=each.declared, formats=formats)
        if not sheets:
            book.add_worksheet("no tables")

    return workbook("Key-account workbook: tables", _day(told.get("as_of", "")), write)


@dataclass
class _Sheet:
    """One sheet: whose question its rows answer, and what is declared of its columns."""

    question: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    declared: dict[str, Any] = field(default_factory=dict)


def _sheets(results: Results) -> dict[str, _Sheet]:
    together: dict[str, _Sheet] = {}
    for identity, result in results.items():
        report, _, account = identity.partition("/")
        number = report.partition("_")[0]
        question = "What do we do with each of these accounts?" if account else str(result.get("question", ""))
        for table, rows in result["tables"].items():
            front = {"account_id": account} if account else {}
            name = f"{number if number.isdigit() else report} {table.replace('_', ' ')}"
            sheet = together.setdefault(name, _Sheet(question))
            sheet.rows.extend({**front, **row} for row in rows)
            sheet.declared.update(result.get("columns", {}).get(table, {}))
    return together


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no other sheet has, whatever its case."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:_LONGEST_NAME] or "table"
    if plain.lower() == "history":  # Excel keeps this one for itself
        plain = "history table"
    number, unique = 1, plain
    while unique.lower() in taken:
        number += 1
        unique = f"{plain[: _LONGEST_NAME - len(f' {number}')]} {number}"
    taken.add(unique.lower())
    return unique


def _write(
    sheet: Any, rows: Sequence[Mapping[str, Any]], *, declared: Mapping[str, Any], formats: Mapping[str, Any]
) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for at, column in enumerate(columns):
        write_text(sheet, (0, at), str(column).replace("_", " "), formats, "head")
        shown = _declared(declared[column]) if column in declared else _guessed([row.get(column) for row in rows])
        for down, row in enumerate(rows, start=1):
            _write_cell(sheet, (down, at), row.get(column), shown=shown, formats=formats)
    if columns:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.autofit(400)


def _write_cell(sheet: Any, where: tuple[int, int], value: Any, *, shown: str, formats: Mapping[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*where, value)
    elif isinstance(value, int | float):
        sheet.write_number(*where, value, formats.get(shown))
    elif shown == DAY and (day := _day(value)):
        sheet.write_datetime(*where, midnight(day), formats[DAY])
    else:
        write_text(sheet, where, "; ".join(map(str, value)) if isinstance(value, list) else value, formats)


def _declared(column: Mapping[str, Any]) -> str:
    if column.get("kind") == "number":
        return _NUMBERS[min(int(column.get("places", 2)), _MOST_PLACES)]
    return _FORMATS.get(str(column.get("kind")), "")


def _guessed(values: Sequence[Any]) -> str:
    """Of a column that declares no kind: days and whole numbers as such, all else as it is."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, str) and _day(value) for value in known):
        return DAY
    numbers = [value for value in known if isinstance(value, int | float) and not isinstance(value, bool)]
    return WHOLE if numbers and all(float(number).is_integer() for number in numbers) else ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
