"""What happened in the last months, and is the table there at all?"""

from datetime import date
from typing import TypeGuard

import pandas as pd


def recorded(frame: pd.DataFrame | None, *columns: str) -> TypeGuard[pd.DataFrame]:
    """Whether a table is there, has rows and these columns: one that has not says nothing.

    >>> recorded(None), recorded(pd.DataFrame({"a": []})), recorded(pd.DataFrame({"a": [1]}), "b")
    (False, False, False)
    """
    return frame is not None and len(frame) > 0 and all(column in frame for column in columns)


def in_last_months(days: pd.Series, as_of: date, months: int = 12) -> pd.Series:
    """Which days are in the months up to and with `as_of`? bool; a missing day is in none.

    >>> days = pd.Series(pd.to_datetime(["2025-09-18", "2025-09-19", "2026-09-18", "2026-09-19", None]))
    >>> in_last_months(days, date(2026, 9, 18)).tolist()
    [False, True, True, False, False]
    """
    last = pd.Timestamp(as_of)
    when = pd.to_datetime(days)
    return (when > last - pd.DateOffset(months=months)) & (when <= last)
