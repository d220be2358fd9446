"""The workbooks that a run writes: texts stay texts, and the same results give the same bytes."""

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

_LONGEST_TEXT = 32_767  # characters in a cell of Excel
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would be one if it were typed
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SOME_DAY = date(2000, 1, 1)


def workbook(title: str, day: date | None, write: Callable[[Any], object]) -> bytes:
    """The file that `write` fills, an XlsxWriter book in its hands; made on a `day` that does not differ from run to run."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _SAFE) as book:
        book.set_properties({"title": title, "created": midnight(day or _SOME_DAY)})
        write(book)
    return target.getvalue()


def midnight(day: date) -> datetime:
    """A day as Excel has it."""
    return datetime(day.year, day.month, day.day)


def would_be_formula(text: str) -> bool:
    """Whether a text would become a formula where somebody types it, or edits its cell and changes nothing."""
    return text.startswith(_FORMULA)


def write_text(sheet: Any, where: tuple[int, int], value: Any, formats: Mapping[str, Any], plain: str = "") -> None:
    """A text in its cell, with Excel's own mark of one (`formats` "quoted", the apostrophe) where it needs that; `plain`
    names the format of others, and with "quoted" before it that of those."""
    text = str(value)[:_LONGEST_TEXT]
    sheet.write_string(*where, text, formats.get(f"quoted {plain}".strip() if would_be_formula(text) else plain))
