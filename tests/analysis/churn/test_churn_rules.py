"""Days, data lengths and definitions, by hand; the cuts against those of the stages of life."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn.rules import back
from kam_analysis.analysis.segments import Cuts

FIRST = date(2020, 1, 1)


def test_lost_means_what_it_means_for_the_stages_of_life():
    ours, theirs = churn.Rules(), Cuts()
    assert (ours.lost_times, ours.lost_days) == (theirs.lost_times, theirs.lost_days)
    assert ours.rhythm_purchases == theirs.rhythm_purchases


@pytest.mark.parametrize(
    ("as_of", "follow"),
    [(date(2021, 12, 31), 0), (date(2022, 12, 31), 12), (date(2024, 12, 31), 12), (date(2020, 12, 31), 0)],
)
def test_the_wait_of_a_year_needs_three_years(as_of, follow):
    assert churn.rules_for(FIRST, as_of).follow_months == follow
    assert churn.rules_for(FIRST, as_of).sure is (follow == 12)


def past_days(first, length, horizon):
    """The days asked about data of so many days, held to what is promised of them."""
    as_of = first + timedelta(length)
    rules = churn.rules_for(first, as_of, horizon)
    days = churn.snapshot_days(first, as_of, rules)
    assert days == sorted(set(days))
    assert days[-1] == as_of
    # Half a month less than a year is enough; months are not equally long, which makes two days more at most.
    assert all(lacking(first, day) <= 17 for day in days[:-1])
    assert len(days) >= 3 or not rules.sure, "who waits has an outcome, and a day that tells it"
    return days


def lacking(first, day):
    """How many days of the twelve months to a day lie before the first one of the data."""
    return (first - back(day, 12)).days - 1


@given(st.dates(date(2018, 1, 1), date(2023, 12, 31)), st.integers(0, 3600), st.sampled_from([3, 6, 12]))
def test_each_past_day_has_a_year_before_it(first, length, horizon):
    past_days(first, length, horizon)


@pytest.mark.parametrize(("length", "horizon"), [(length, 3) for length in (624, 1720, 2085, 3181, 3546)])
def test_a_day_that_lacks_half_of_december_is_asked_about(length, horizon):
    """2020-12-16 has data from 1 January on: 351 days, of which 15 of December 2019 are missing."""
    earliest = past_days(FIRST, length, horizon)[0]
    assert (earliest, lacking(FIRST, earliest)) == (date(2020, 12, 16), 15)


def test_three_years_by_the_months_of_the_whole_have_their_outcome():
    """35.5 months are three years here; counted anew, the earliest day's 350 days would be eleven months only."""
    assert [str(day) for day in past_days(date(2019, 1, 1), 1081, 12)] == [
        "2019-12-17",
        "2020-12-17",
        "2021-12-17",
    ]


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(-24, 60))
def test_a_months_end_stays_one_and_months_add_up(day, months):
    there = back(day, months)
    assert (there.year * 12 + there.month) == day.year * 12 + day.month - months
    at_end = date.fromordinal(day.toordinal() + 1).day == 1
    assert not at_end or date.fromordinal(there.toordinal() + 1).day == 1


def test_days_of_five_years_are_those_with_an_outcome_and_those_that_tell_it():
    days = churn.snapshot_days(FIRST, date(2024, 12, 31))
    assert [str(day) for day in days] == ["2020-12-31", "2021-12-31", "2022-12-31", "2023-12-31", "2024-12-31"]
    quarterly = churn.snapshot_days(FIRST, date(2024, 12, 31), churn.Rules(step_months=3))
    assert [str(day) for day in quarterly[:3]] == ["2020-12-31", "2021-03-31", "2021-06-30"]


@pytest.mark.parametrize(("horizon", "days"), [(12, 3), (18, 2), (19, 1), (24, 1)])
def test_a_horizon_longer_than_half_of_three_years_has_no_past_days(horizon, days):
    rules = churn.Rules(horizon_months=horizon, step_months=horizon, follow_months=0)
    assert len(churn.snapshot_days(FIRST, date(2022, 12, 31), rules)) == days


def test_definitions_say_every_figure_that_counts():
    rhythm, average = churn.definitions(), churn.definitions(by_rhythm=False)
    short = churn.definitions(churn.rules_for(FIRST, date(2021, 12, 31)), by_rhythm=False)
    for figure in ("4 times", "365 days", "before the year is over", "before the 12 months were over"):
        assert figure in " ".join(rhythm)
    for figure in ("12 months later", "4 purchase days over 180 days", "183 days", "Undecided"):
        assert figure in " ".join(average)
    assert "91 days" in " ".join(short)
    assert "later" not in short[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"horizon_months": 0}, "horizon_months: expected 1 or more, got 0"),
        ({"follow_months": -3}, "got -3"),
        ({"lost_times": 0}, "above 0"),
        ({"step_months": 5}, "step_months: expected a divisor of horizon_months 12"),
    ],
)
def test_figures_out_of_range_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        churn.Rules(**wrong)


def test_a_first_day_after_the_last_is_refused():
    with pytest.raises(ValueError, match="expected a day up to as_of 2019-01-01, got 2020-01-01"):
        churn.snapshot_days(FIRST, date(2019, 1, 1))
