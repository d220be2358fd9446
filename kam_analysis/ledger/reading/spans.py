"""Totals by quarter or year: which days each covers, which periods they answer for, and what they cannot tell.

A total is dated on the last day that it covers. Figures are told for whole totals alone: a period that cuts one would
count all of it or nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.period import Period, months_back
from kam_analysis.ledger.settings.settings import TableSource

_MONTHS = {"quarter": 3, "year": 12}
_DAY = timedelta(days=1)
NOT_TOLD = "steadiness, the trend by month, silence and rhythm, sudden falls, chances of leaving learnt from history"


@dataclass(frozen=True)
class Spans:
    """The totals of one source: `months` that each covers (0 where rows are of a day or a month), `last` the day on
    which one of them ends."""

    months: int
    last: date

    @property
    def told_by_month(self) -> bool:
        """Whether figures by month can be made."""
        return not self.months

    @property
    def word(self) -> str:
        """What a row covers, "year" or "quarter"."""
        return next((word for word, months in _MONTHS.items() if months == self.months), "day")

    def ended_by(self, day: date) -> date:
        """The last day up to `day` on which a total ends: figures as of `day` are those of the totals before it."""
        if not self.months:
            return day
        ahead = (self.last.year - day.year) * 12 + self.last.month - day.month
        back = -(-ahead // self.months) * self.months
        end = months_back(self.last, back)
        return end if end <= day else months_back(self.last, back + self.months)

    def covers(self, period: Period) -> bool:
        """Whether a period begins and ends with a total."""
        return all(self.ended_by(day) == day for day in (period.first - _DAY, period.last))

    def whole(self, period: Period, written: str) -> Period:
        """The period, by its year's name where it is one. Raises `SettingsError` where it cuts a total."""
        if not self.months:
            return period
        if not self.covers(period):
            example = f'"{self.last.year}"' if (self.last.month, self.last.day) == (12, 31) else '"all"'
            raise SettingsError(
                f"period {written}: the data are totals by {self.word}, and {period.first} to {period.last} cuts one; "
                f"choose whole ones, such as {example}"
            )
        year = Period(date(period.last.year, 1, 1), date(period.last.year, 12, 31), str(period.last.year))
        return year if (year.first, year.last) == (period.first, period.last) else period


def spans_of(source: TableSource, last: date) -> Spans:
    """The totals of a source, of which one ends on `last`."""
    return Spans(_MONTHS.get(source.span, 0), last)


def first_day(source: TableSource, first: date) -> date:
    """The first day that the earliest row covers, which is dated on `first`."""
    months = _MONTHS.get(source.span, 0)
    return months_back(first, months) + _DAY if months else first


def uneven(source: TableSource, days: Sequence[date]) -> list[date]:
    """Days on which no total can end where the latest of `days` ends one; none where rows are of days or months."""
    if not days:
        return []
    spans = spans_of(source, max(days))
    return [day for day in days if spans.ended_by(day) != day]
