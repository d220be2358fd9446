"""Days, data lengths and definitions, by hand; the cuts against those of the stages of life."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn.rules import back, months_between
from kam_analysis.analysis.segments import Cuts

FIRST = date(2020, 1, 1)


def test_lost_means_what_it_means_for_the_stages_of_life():
    ours, theirs = churn.Rules(), Cuts()
    assert (ours.lost_times, ours.lost_days) == (theirs.lost_times, theirs.lost_days)
    assert ours.rhythm_purchases == theirs.rhythm_purchases


@pytest.mark.parametrize(
    ("as_of", "follow", "tested"),
    [(date(2021, 12, 31), 0, 0), (date(2022, 12, 31), 12, 0), (date(2024, 12, 31), 12, 12), (date(2020, 12, 31), 0, 0)],
)
def test_the_wait_of_a_year_needs_three_years_and_a_test_of_it_five(as_of, follow, tested):
    assert churn.rules_for(FIRST, as_of).follow_months == follow
    assert churn.rules_for_test(FIRST, as_of).follow_months == tested
    assert churn.rules_for(FIRST, as_of).sure is (follow == 12)


@given(st.integers(0, 3600), st.sampled_from([3, 6, 12]))
def test_each_past_day_has_a_year_before_it_and_the_tests_days_are_among_them(length, horizon):
    as_of = date.fromordinal(FIRST.toordinal() + length)
    rules = churn.rules_for(FIRST, as_of, horizon)
    days = churn.snapshot_days(FIRST, as_of, rules)
    assert days == sorted(set(days))
    assert days[-1] == as_of
    assert all(months_between(FIRST, day) >= rules.lookback_months for day in days[:-1])
    assert set(churn.snapshot_days(FIRST, as_of, churn.rules_for_test(FIRST, as_of, horizon))) <= set(days)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(-24, 60))
def test_a_months_end_stays_one_and_months_add_up(day, months):
    there = back(day, months)
    assert (there.year * 12 + there.month) == day.year * 12 + day.month - months
    at_end = date.fromordinal(day.toordinal() + 1).day == 1
    assert not at_end or date.fromordinal(there.toordinal() + 1).day == 1


def test_days_of_five_years_are_those_with_an_outcome_and_those_that_tell_it():
    days = churn.snapshot_days(FIRST, date(2024, 12, 31))
    assert [str(day) for day in days[:6]] == [
        "2020-12-31",
        "2021-03-31",
        "2021-06-30",
        "2021-09-30",
        "2021-12-31",
        "2022-03-31",
    ]
    assert len(days) == 17


@pytest.mark.parametrize(("horizon", "days"), [(12, 3), (18, 2), (19, 1), (24, 1)])
def test_a_horizon_longer_than_half_of_three_years_has_no_past_days(horizon, days):
    rules = churn.Rules(horizon_months=horizon, step_months=horizon, follow_months=0)
    assert len(churn.snapshot_days(FIRST, date(2022, 12, 31), rules)) == days


def test_definitions_say_every_figure_that_counts():
    long, short = churn.definitions(churn.Rules()), churn.definitions(churn.rules_for(FIRST, date(2021, 12, 31)))
    for figure in ("4 times", "365 days", "12 months later", "50 %", "4 purchase days over 180 days", "183 days"):
        assert figure in " ".join(long)
    assert "too short to wait" in short[-1]
    assert "91 days" in " ".join(short)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"horizon_months": 0}, "horizon_months: expected 1 or more, got 0"),
        ({"partial_share": 1.0}, "expected 0 or more, 0-1, above 0, got 12, 1"),
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
