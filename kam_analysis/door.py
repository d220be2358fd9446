"""Opening a company's data from Python: a settings file, an export, a pandas frame, or nothing for the sample."""

import weakref
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow

from kam_analysis import given
from kam_analysis.errors import Problem, SettingsError, nearest
from kam_analysis.exports.one_step import OpenQuestions, usable_settings
from kam_analysis.ledger import opening
from kam_analysis.ledger.ledger import Ledger
from kam_analysis.ledger.settings.secrets import Secret
from kam_analysis.ledger.settings.settings import TABLES, Settings, TableSource
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.own_folder import new_folder, remove_folder

_FRAME = "frame.parquet"


def open_ledger(
    source: str | Path | pd.DataFrame | Settings | None = None,
    *,
    as_of: str | int | date | None = None,
    period: str | int = "",
    measure: str = "",
    line: str | int = "",
    parents: str | bool | None = None,
    key_share: float | str = 0.0,
    columns: Mapping[str, str] | None = None,
) -> Ledger:
    """Open and check a company's data, to be asked for account-level frames.

    `source`: a kam.toml, an export (CSV, XLSX, Parquet; what it leaves open is asked), a pandas frame with one row
    per sale, or nothing: the sample company. `columns` says which of a frame's or an export's columns is which
    (ours = theirs, such as {"account_id": "Customer"}); what it leaves out is taken where it has our own name. Without
    it, columns are recognised by their names.
    `as_of`, `period`, `measure`, `line`, `parents` and `key_share` override the settings where they are given.
    Nothing of yours is changed. Raises `SettingsError` or `DataError` with every problem found.

    >>> import pandas as pd
    >>> sales = pd.DataFrame({"Customer": ["A", "B"], "Date": ["2025-03-01", "2025-04-01"], "Revenue": [30.0, 70.0]})
    >>> open_ledger(sales).by_account()[["account_id", "revenue"]].to_numpy().tolist()
    [['B', 70.0], ['A', 30.0]]
    """
    settings, folder = _settings(source, columns)
    try:
        ledger = opening.open_ledger(
            settings,
            as_of=given.day("as_of", as_of),
            period=given.text("period", period),
            measure=given.text("measure", measure),
            line=given.text("line", line),
            parents=_spoken(given.yes_or_no("parents", parents)),
            key_share=given.share("key_share", key_share),
        )
    except BaseException:
        if folder is not None:
            remove_folder(folder)
        raise
    if folder is not None:
        # Ledgers that are asked otherwise share what was opened: the copy goes with the last of them.
        weakref.finalize(ledger._inspection, remove_folder, folder)
    return ledger


def _spoken(said: bool | None) -> str:
    return "" if said is None else "yes" if said else "no"


def _settings(source: Any, columns: Mapping[str, str] | None) -> tuple[Settings | str, Path | None]:
    """The settings to open with, and the folder of a copy that is gone with the ledger."""
    if isinstance(source, pd.DataFrame):
        return _of_frame(source, columns)
    if isinstance(source, str | Path) and str(source).strip():
        return _of_file(Path(source), columns), None
    if columns:
        raise SettingsError("columns: are said of a frame or an export; leave them out, or give the data that has them")
    if source is None or isinstance(source, str):
        return "", None
    if isinstance(source, Settings):
        return source, None
    kind = type(source).__name__
    raise SettingsError(f"the data: expected a file, a pandas frame or nothing, got {kind}; give one of these")


def _of_file(path: Path, columns: Mapping[str, str] | None) -> Settings:
    if columns:
        if path.suffix.lower() == ".toml":
            raise SettingsError(f"{path.name}: its columns stand in the file itself; leave `columns` out")
        return _named(path, columns)
    with usable_settings(path, lambda line: None) as settings:
        assert settings is not None
        loaded = load_settings(settings)
    # An export is what a report is made of again, not the settings that were made for it here.
    return replace(loaded, path=path)


def _of_frame(frame: pd.DataFrame, columns: Mapping[str, str] | None) -> tuple[Settings, Path]:
    if frame.empty:
        raise SettingsError("the frame: expected one row per sale, got none; give one that holds sales")
    folder = new_folder()
    try:
        path = folder / _FRAME
        _store(frame, path)
        settings = _of_file(path, columns or _ours(frame))
        return replace(settings, name="Your data"), folder
    except OpenQuestions as error:
        remove_folder(folder)
        remedy = 'say it: columns = {"account_id": "your column", ...}, and give days and amounts as such'
        questions = [replace(each, table="the frame", remedy=remedy) for each in error.problems]
        raise SettingsError(problems=questions) from None
    except BaseException:
        remove_folder(folder)
        raise


def _store(frame: pd.DataFrame, path: Path) -> None:
    try:
        # An index that has a name is a column; a mere count of the rows is none.
        frame.reset_index(drop=frame.index.names == [None]).to_parquet(path)
    except (pyarrow.ArrowException, ValueError, TypeError, OverflowError) as error:
        why = error.args[-1] if error.args else error
        raise SettingsError(f"the frame: cannot be read ({why}); give its columns plain values") from None


def _ours(frame: pd.DataFrame) -> dict[str, str] | None:
    """Where a frame already has our names, they are what they say."""
    known = {each.name for each in TABLES["transactions"].columns}
    has = [name for name in frame.columns if name in known]
    return dict(zip(has, has, strict=True)) if set(TABLES["transactions"].required) <= set(has) else None


def _named(path: Path, columns: Mapping[str, str]) -> Settings:
    known = [each.name for each in TABLES["transactions"].columns]
    wrong = [name for name in columns if name not in known]
    problems = [Problem("columns", name, "no column of transactions", nearest(name, known)) for name in wrong]
    if problems:
        raise SettingsError(problems=problems)
    source = TableSource("transactions", file=path.name, columns=dict(columns))
    return Settings(path, path.resolve().parent, Secret("duckdb://"), name=path.stem, tables={"transactions": source})
