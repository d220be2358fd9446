"""A pandas frame of somebody's own, written as the house writes a table: for pages whose notebook declares no columns.

A column's values say how it is written; where a name ends in "share" or "probability" it holds shares (0-1).
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from kam_analysis.pages import style

_MOST_ROWS, _MOST_COLUMNS = 60, 20  # where pandas' own options name no number
_MOST_PLACES = 3
_LARGE, _MIDDLE = 10_000, 10  # from here on no places, at most two
_SHARES = re.compile(r"(?:^|[_ ])(?:share|probability)$", re.IGNORECASE)
_NAMES = re.compile(r"(?:^|[_ ])(?:year|id|number|no)$", re.IGNORECASE)  # numbers that name something


def by_default() -> None:
    """How pandas itself shows numbers from now on, unless a user has chosen: 15,210,790 and 0.181, never 1.521079e+07."""
    if pd.get_option("display.float_format") is None:
        pd.set_option("display.float_format", _at_a_glance)


def _at_a_glance(value: float) -> str:
    # A frame has neighbours of every size in one column: each number by itself has the places that can be read.
    whole = not math.isfinite(value) or value == round(value)
    return f"{value:,.0f}" if whole or abs(value) >= _LARGE else f"{value:,.{2 if abs(value) >= _MIDDLE else 3}f}"


def document(frame: "pd.DataFrame | pd.Series") -> dict[str, Any]:
    """What a page needs of it: {"columns": [{"heading", "text"}], "rows": [[text]], "note"}, in plain JSON types.

    `text` says that a column is aligned to the left. A named index is a column, one of row numbers is left out; as
    many rows and columns are there as pandas shows, and the note counts the others.
    """
    whole = _with_index(frame.to_frame() if isinstance(frame, pd.Series) else frame)
    rows, columns = _most("display.max_rows", _MOST_ROWS), _most("display.max_columns", _MOST_COLUMNS)
    shown = whole.iloc[:rows, :columns]
    written = [_column(shown.iloc[:, at]) for at in range(shown.shape[1])]
    heads = [{"heading": _heading(name), "text": text} for name, (text, _) in zip(shown.columns, written, strict=True)]
    cells = [list(row) for row in zip(*(each for _, each in written), strict=True)]
    return {"columns": heads, "rows": cells, "note": _left_out(whole, shown)}


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its index as columns in front, unless that only counts rows."""
    levels = [frame.index.get_level_values(at) for at in range(frame.index.nlevels)]
    if len(levels) == 1 and levels[0].name is None and types.is_integer_dtype(levels[0].dtype):
        return frame.set_axis(range(len(frame)), axis="index")
    # Not reset_index: it refuses a name that a column has too.
    front = [pd.Series(level.to_numpy(), dtype=level.dtype) for level in levels]
    together = pd.concat([*front, frame.reset_index(drop=True)], axis="columns")
    return together.set_axis(
        [*("" if level.name is None else level.name for level in levels), *frame.columns], axis="columns"
    )


def _column(values: pd.Series) -> tuple[bool, list[str]]:
    """Whether a column is text, and its cells as written; empty where nothing is known."""
    known = values[values.notna()]
    text, write = _manner(known, str(values.name))
    return text, ["" if missing else write(value) for value, missing in zip(values, values.isna(), strict=True)]


def _manner(known: pd.Series, name: str) -> tuple[bool, Any]:
    if types.is_bool_dtype(known.dtype):
        return True, lambda value: "yes" if value else "no"
    if types.is_datetime64_any_dtype(known.dtype):
        days = bool((known.dt.normalize() == known).all())
        return True, lambda value: style.day(value.date()) if days else value.strftime("%Y-%m-%d %H:%M")
    numbers = _numbers(known)
    if numbers is None:
        return True, _words
    if types.is_integer_dtype(known.dtype) and _NAMES.search(name):
        return False, str
    if _SHARES.search(name) and bool((numbers.abs() <= 1).all()):
        return False, lambda value: style.share(float(value))
    places = _places(numbers)
    return False, lambda value: style.decimal(float(value), places)


def _numbers(known: pd.Series) -> pd.Series | None:
    """The values as floats, None where one of them is no number."""
    if types.is_numeric_dtype(known.dtype) and not types.is_complex_dtype(known.dtype):
        return known.astype(float)
    # Decimals, and whatever else a column of objects holds.
    if known.empty or known.map(lambda value: isinstance(value, str | bool | bytes | list | tuple | dict)).any():
        return None
    try:
        return known.astype(float)
    except (TypeError, ValueError):
        return None


def _places(numbers: pd.Series) -> int:
    """As few as say the same, and no more than a reader takes in."""
    finite = numbers[np.isfinite(numbers)]
    largest = float(finite.abs().max()) if len(finite) else 0.0
    most = 0 if largest >= _LARGE else 2 if largest >= _MIDDLE else _MOST_PLACES
    return next(
        (places for places in range(most) if np.allclose(finite, finite.round(places), rtol=0, atol=1e-9)), most
    )


def _words(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    return str(value)


def _heading(name: Any) -> str:
    """A column's name as a heading: "account_name" is "Account name"."""
    parts = [str(each) for each in name if str(each)] if isinstance(name, tuple) else [str(name)]
    text = ", ".join(parts).replace("_", " ")
    return text[:1].upper() + text[1:]


def _most(option: str, otherwise: int) -> int:
    """How many pandas shows: its own option, as the user set it; None there means all."""
    said = pd.get_option(option)
    return otherwise if said == 0 else 10**9 if said is None else int(said)


def _left_out(whole: pd.DataFrame, shown: pd.DataFrame) -> str:
    rows, columns = (whole.shape[at] - shown.shape[at] for at in (0, 1))
    parts = [style.counted(each, f"more {one}") for each, one in ((rows, "row"), (columns, "column")) if each]
    if not parts:
        return "" if len(whole) else "No rows."
    return f"{' and '.join(parts)} {'is' if rows + columns == 1 else 'are'} not shown here."
