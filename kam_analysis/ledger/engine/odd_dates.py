"""Dates that cannot be meant: beyond any company's time, or written by a program where there was none."""

from datetime import date, timedelta

import pandas as pd

from kam_analysis.ledger.settings.period import FIRST_DAY, LAST_DAY
from kam_analysis.ledger.settings.settings import Column

RANGE = f"expected a date from {FIRST_DAY} to {LAST_DAY}"
# What programs write for "no date" and a company may mean: it stands in for none where no other date lies near.
STAND_INS = (date(1900, 1, 1), date(1970, 1, 1))
NEAR = timedelta(days=366)
# What they write that no company means: the first and last days of their calendars.
_NEVER_MEANT = (date.min, date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date.max)


def judged(days: pd.Series, column: Column) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The days of a small table's column as they count; which are errors; which were taken for none.

    A required date is never none: there a stand-in is an error. Where `column.open_end`, a day beyond the
    range is "no end": none, or the calendar's last day where a value is required.
    """
    days = pd.to_datetime(days)
    late = days > pd.Timestamp(LAST_DAY)
    wrong, none = late | (days < pd.Timestamp(FIRST_DAY)), _stand_in(days)
    if column.open_end:
        wrong, none = wrong & ~late, none & ~late
        days = days.mask(late, pd.Timestamp(date.max) if column.required else pd.NaT)
    if column.required:
        return days, wrong | none, none & False
    return days.mask(none), wrong & ~none, none


def _stand_in(days: pd.Series) -> pd.Series:
    found = days.isin([pd.Timestamp(day) for day in _NEVER_MEANT])
    for day in map(pd.Timestamp, STAND_INS):
        here = days == day
        if here.any() and days.between(day - NEAR, day + NEAR).sum() == here.sum():
            found |= here
    return found


def told(days: pd.Series) -> str:
    """Some of these days, as a sentence names them; engines know days before and after the calendar's own."""
    ends = {date.min: f"{date.min} or before", date.max: f"{date.max} or after"}
    seen = sorted({day.date() for day in pd.to_datetime(days)})[:5]
    return ", ".join(ends.get(day, str(day)) for day in seen)
