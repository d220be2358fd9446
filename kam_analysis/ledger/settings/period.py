"""Which days a figure covers.

Windows are `(as_of - 12 months, as_of]`. An `as_of` on the last day of a month is taken as that
month's end, so that windows tile into whole months: the twelve months to 2025-02-28 begin on
2024-03-01, not on 2024-02-29.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from kam_analysis.errors import SettingsError

LAST_12_MONTHS = "last_12_months"
LAST_MONTH_END = "last_month_end"
# Days that a company's figures can lie on; a day beyond them stands for "none", "always" or a slip of the pen.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


def usable(day: date) -> bool:
    """Whether figures can lie on a day."""
    return FIRST_DAY <= day <= LAST_DAY


def require_usable(said: str, *days: date) -> None:
    """Raise `SettingsError` about what was said where a day of it lies beyond those that figures can lie on."""
    for day in days:
        if not usable(day):
            raise SettingsError(f"{said}: expected days from {FIRST_DAY} to {LAST_DAY}, got {day}; correct it")


@dataclass(frozen=True)
class Period:
    """An inclusive range of days; `label` is how pages name it."""

    first: date
    last: date
    label: str

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise SettingsError(
                f"period {self.label}: ends on {self.last} before it begins on {self.first}; swap the two dates"
            )

    def before(self) -> "Period":
        """The same days a year before, for "change on the year before"."""
        eve = months_back(self.first - timedelta(days=1), 12)
        return Period(eve + timedelta(days=1), months_back(self.last, 12), "the year before")


def day_said(said: str, today: date) -> date:
    """The day meant by `--as-of`: an ISO date, `today`, `yesterday`, or `last_month_end`, the last day of last month.

    Raises `SettingsError` for anything else.

    >>> day_said("last_month_end", date(2026, 3, 5)), day_said("yesterday", date(2026, 3, 1))
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    named = {"today": today, "yesterday": today - timedelta(days=1), LAST_MONTH_END: today - timedelta(days=today.day)}
    try:
        day = named.get(said) or date.fromisoformat(said)
    except ValueError:
        wanted = f"expected a date such as 2025-12-31, or {', '.join(named)}"
        raise SettingsError(f'--as-of: {wanted}; got "{said[:40]}"') from None
    require_usable("--as-of", day)
    return day


def months_back(day: date, months: int) -> date:
    """`day` moved back by whole months; a month's end stays a month's end."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    length = calendar.monthrange(year, month + 1)[1]
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if at_end else min(day.day, length))


def twelve_months(last: date) -> Period:
    """The window `(last - 12 months, last]`."""
    return Period(months_back(last, 12) + timedelta(days=1), last, f"12 months to {spoken(last)}")


def spoken(day: date) -> str:
    """A date as pages write it: 18 Sep 2026, independent of the machine's language."""
    return f"{day.day} {calendar.month_abbr[day.month]} {day.year}"


def fiscal_year(year: int, year_starts: int) -> Period:
    """Fiscal year `year`, named for the calendar year in which it ends."""
    if year_starts == 1:
        return Period(date(year, 1, 1), date(year, 12, 31), str(year))
    first = date(year - 1, year_starts, 1)
    return Period(first, date(year, year_starts, 1) - timedelta(days=1), f"fiscal year {year}")


def year_to_date(as_of: date, year_starts: int) -> Period:
    """The fiscal year that `as_of` lies in, up to that day."""
    year = as_of.year + (1 if 1 < year_starts <= as_of.month else 0)
    first = fiscal_year(year, year_starts).first
    return Period(first, as_of, f"{spoken(first)} to {spoken(as_of)}")


def parse_period(text: str, as_of: date, first: date, year_starts: int = 1) -> Period:
    """The days meant by a settings file's `period`, none of them after `as_of`.

    `text` is `last_12_months`, `all`, a fiscal year such as `2004`, or two ISO dates with a slash
    between them; `first` is the day of the first transaction, where `all` begins.
    """
    if text == LAST_12_MONTHS:
        return twelve_months(as_of)
    if text == "all":
        return Period(min(first, as_of), as_of, f"all data to {spoken(as_of)}")
    if re.fullmatch(r"[0-9]{4}", text):
        require_usable(f"period {text}", date(max(int(text), 1), 7, 1))
        found = fiscal_year(int(text), year_starts)
    else:
        found = _range(text)
        require_usable(f"period {text}", found.first, found.last)
    if found.first > as_of:
        raise SettingsError(
            f"period {text}: begins on {found.first}, after the as-of date {as_of}; choose an earlier period or a later as_of"
        )
    return Period(found.first, min(found.last, as_of), found.label)


def _range(text: str) -> Period:
    parts = text.split("/")
    try:
        first, last = (date.fromisoformat(part.strip()) for part in parts)
    except ValueError:
        raise SettingsError(
            f'period: expected "last_12_months", "all", a year such as "2004" or "2004-01-01/2004-12-31", got "{text[:60]}"'
        ) from None
    return Period(first, last, f"{spoken(first)} to {spoken(last)}")
