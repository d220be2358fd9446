"""How pages name the last day on which a contract can be given notice."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.table import Column
from kam_analysis.pages.words import said_in

say = said_in(__file__)

NO_PERIOD = say("notice.no_period")
PASSED = say("notice.passed")


def columns(as_of: date) -> list[Column]:
    """The contract's end and, beside it, the last day for notice."""
    return [
        Column("ends_on", say("notice.ends"), "date", written=end),
        Column("notice_by", say("notice.last_day"), "date", written=lambda row: last_day(row, as_of)),
    ]


def end(row: Mapping[str, Any]) -> str:
    """The contract's end: 31 Dec 2026, no end, no contract."""
    return say("notice.no_contract") if pd.isna(row["ends_on"]) else style.day(row["ends_on"].date())


def last_day(row: Mapping[str, Any], as_of: date) -> str:
    """The last day for notice of a row with ends_on and notice_by; where it has passed, that it is too late."""
    if pd.isna(row["ends_on"]):
        return ""
    if pd.isna(row["notice_by"]):
        return say("notice.any_day")
    said = style.day(row["notice_by"].date())
    if row["notice_by"] < pd.Timestamp(as_of):
        return f"{said}, {PASSED}"
    return f"{said} ({NO_PERIOD})" if row["notice_by"] == row["ends_on"] else said


def day_before(notice_by: date, as_of: date) -> date:
    """The day by which something is done about a contract: that before the last day for notice, today at the earliest."""
    return max(notice_by - timedelta(days=1), as_of)
