from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.period import (
    Period,
    fiscal_year,
    months_back,
    parse_period,
    twelve_months,
    year_to_date,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_windows_are_open_on_the_left():
    window = twelve_months(date(2026, 9, 18))
    assert (window.first, window.last) == (date(2025, 9, 19), date(2026, 9, 18))


def test_month_ends_stay_month_ends():
    assert twelve_months(date(2025, 2, 28)).first == date(2024, 3, 1)
    assert twelve_months(date(2024, 2, 29)).first == date(2023, 3, 1)
    assert months_back(date(2025, 3, 31), 1) == date(2025, 2, 28)


@given(DAYS)
def test_a_year_and_the_year_before_tile(last):
    now = twelve_months(last)
    before = now.before()
    assert before.last + timedelta(days=1) == now.first
    assert before.first == twelve_months(before.last).first
    assert 365 <= (now.last - now.first).days + 1 <= 366


@given(DAYS, st.integers(1, 12))
def test_fiscal_years_tile_and_are_named_for_the_year_they_end_in(day, starts):
    year = fiscal_year(day.year, starts)
    assert year.last.year == day.year
    assert fiscal_year(day.year + 1, starts).first == year.last + timedelta(days=1)


def test_periods_as_the_settings_write_them():
    as_of, first = date(2005, 5, 31), date(2003, 1, 6)
    assert parse_period("all", as_of, first) == Period(first, as_of, "all data to 31 May 2005")
    assert parse_period("2004", as_of, first).last == date(2004, 12, 31)
    assert parse_period("2005", as_of, first).last == as_of
    assert parse_period("2004-02-01/2004-02-29", as_of, first).first == date(2004, 2, 1)


@pytest.mark.parametrize("text", ["last year", "2004-13-01/2004-12-31", "2004-12-31/2004-01-01", "2006", "04"])
def test_a_period_that_cannot_be_meant_is_refused(text):
    with pytest.raises(SettingsError, match="period"):
        parse_period(text, date(2005, 5, 31), date(2003, 1, 6))


@given(DAYS, st.integers(1, 12))
def test_the_year_to_date_begins_with_the_fiscal_year_that_holds_the_day(day, year_starts):
    so_far = year_to_date(day, year_starts)
    assert (so_far.first.day, so_far.first.month, so_far.last) == (1, year_starts, day)
    assert 0 <= (so_far.last - so_far.first).days < 366
