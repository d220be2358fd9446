"""Workbooks of every kind (XLSX, XLSM, XLSB, XLS, ODS): their sheets as rows of plain values.

Values come from calamine, twenty times as fast as a reader in Python. What it does not give is added from the
sheet's own XML by `sheet_marks`: error cells, formulas without a stored value, and numbers shown with zeros before them.
"""

import datetime as dt
import io
import mmap
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import python_calamine as calamine

from kam_analysis.errors import DataError, nearest
from kam_analysis.ledger.reading.sheet_marks import Marks, TooLarge, marks_of, unpacked_sizes

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
Row = tuple[int, Sequence[object]]
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_ENCRYPTED = "EncryptionInfo".encode("utf-16-le")
# A float holds whole numbers exactly up to here, and writes larger ones with an exponent.
_WHOLE = 1e15
_FAULTS = (calamine.CalamineError, zipfile.BadZipFile, EOFError, KeyError, ValueError, NotImplementedError)


class Workbook:
    """An opened workbook. Raises `DataError`, in one sentence, for what is broken, protected or too large."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kind = _kind(path)
        self._is_zip, self._is_ole = kind == _ZIP, kind == _OLE
        self._sheets: dict[str, tuple[Marks, calamine.CalamineSheet]] = {}
        try:
            if self._is_zip:
                unpacked_sizes(path)
            self._book = self._opened()
        except calamine.PasswordError:
            raise _protected(path) from None
        except TooLarge as error:
            raise DataError.of(self.path.name, str(error), "export the sheet as CSV") from None
        except _FAULTS:
            raise self._broken() from None
        sheets = [each for each in self._book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
        self.names = [each.name for each in sheets]
        # What people see, or all where every sheet is hidden.
        self.shown = [each.name for each in sheets if each.visible == calamine.SheetVisibleEnum.Visible] or self.names
        if not self.names:
            raise self._broken()

    def rows(self, name: str, most: int | None = None) -> Iterator[Row]:
        """The rows of a sheet, each with its number as Excel counts: text, numbers, dates, flags, or None.

        A number shown as 00007 is that text: it is the id that people know. An error cell is its own text (`#N/A`).
        """
        if name not in self.names:
            raise DataError.of(self.path.name, f'has no sheet "{name}"', nearest(name, self.names))
        marks, sheet = self._loaded(name)
        left = [None] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows() if sheet.start else (), 1):
            if most is not None and number > most:
                break
            yield number, marks.applied(number, [*left, *map(_plain, cells)])

    def close(self) -> None:
        """Give back its memory and the file."""
        self._sheets.clear()
        self._book.close()

    def _opened(self) -> calamine.CalamineWorkbook:
        by_name = self.path.suffix.lower() in (WORKBOOKS[3:4] if not self._is_zip else (*WORKBOOKS[:3], WORKBOOKS[4]))
        # calamine believes the file's ending; where that is wrong it is to look at the content.
        if by_name:
            return calamine.CalamineWorkbook.from_path(self.path)
        return calamine.load_workbook(io.BytesIO(self.path.read_bytes()))

    def _loaded(self, name: str) -> tuple[Marks, calamine.CalamineSheet]:
        if name not in self._sheets:
            try:
                marks = marks_of(self.path, name) if self._is_zip else Marks()
                self._sheets[name] = marks, self._book.get_sheet_by_name(name)
            except TooLarge as error:
                raise DataError.of(self.path.name, str(error), "export the sheet as CSV") from None
            except _FAULTS:
                raise self._broken() from None
        return self._sheets[name]

    def _broken(self) -> DataError:
        # Excel puts a workbook with a password into a file of the same outer kind as an old .xls.
        why = "it has a password, or is damaged" if self._is_ole else "the file is broken or of another kind"
        remedy = "save it again as .xlsx" + (" without a password" if self._is_ole else "")
        return DataError.of(self.path.name, f"cannot be opened as a workbook: {why}", f"{remedy}, or export it as CSV")


def _kind(path: Path) -> bytes:
    """The first bytes of a file that can be a workbook; a password is told from other faults."""
    with path.open("rb") as file:
        start = file.read(4)
        if start == _OLE:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                if whole.find(_ENCRYPTED) >= 0:
                    raise _protected(path)
    return start


def _protected(path: Path) -> DataError:
    return DataError.of(path.name, "the workbook has a password", "save it without a password")


def _plain(cell: object) -> object:
    if type(cell) is float:
        return int(cell) if cell.is_integer() and abs(cell) < _WHOLE else cell
    if type(cell) is dt.time or type(cell) is dt.timedelta:
        return str(cell)
    return None if cell == "" else cell
