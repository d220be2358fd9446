"""What the story of `04_coverage` does not tell: how many follow, as asked and assumed; how good an assignment is."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from words_for_tests import plain

from kam_analysis.analysis import handover
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.coverage.managers import at_other_rates
from kam_analysis.pages.coverage.tables_departure import how_good

SHARES = st.floats(0, 1)


def team(*assumed):
    """Two managers with an account each, and the company's own assumption of how many follow."""
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 300.0]})
    held = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"]})
    own = handover.Rate(*assumed, "a guess") if assumed else None
    people = pd.DataFrame({"account_manager_id": ["M1", "M2"], "manager_name": ["Ann", "Bo"]})
    day = date(2026, 9, 18)
    return Departures(
        managers=people, customers=rows, traits=held, as_of=day, transition=handover.TRANSITION, follow=own, own=own
    )


def followed(asked, *assumed):
    rate = team(*assumed).if_follow(asked).follow
    return None if rate is None else (rate.value, rate.low, rate.high, rate.source)


def test_below_zero_means_as_the_settings_say():
    assert followed(-1.0, 0.3, 0.1, 0.6) == (0.3, 0.1, 0.6, "a guess")
    assert followed(None, 0.3, 0.1, 0.6) == (0.3, 0.1, 0.6, "a guess")
    assert followed(-1.0) is None


@pytest.mark.parametrize(("asked", "low", "high"), [(0.15, 0.05, 0.3), (0.0, 0.0, 0.0), (0.6, 0.2, 1.0), (1.0, 1 / 3, 1.0)])  # fmt: skip
def test_what_is_asked_for_has_the_settings_range_in_proportion(asked, low, high):
    value, least, most, source = followed(asked, 0.3, 0.1, 0.6)
    assert (value, least, most) == pytest.approx((asked, low, high))
    assert source.startswith("set for this report")


def test_without_an_assumption_or_with_none_above_zero_there_is_no_range():
    assert followed(0.4) == followed(0.4, 0.0, 0.0, 0.2) == (0.4, 0.4, 0.4, "set for this report")


@given(SHARES, st.tuples(SHARES, SHARES, SHARES).map(sorted))
def test_any_share_gives_a_rate_with_its_range_around_it(asked, assumed):
    low, value, high = assumed
    found = team(value, low, high).if_follow(asked).follow
    assert 0 <= found.low <= found.value == asked <= found.high <= 1


def test_the_managers_side_by_side_take_the_costs_of_other_rates_and_keep_the_rest():
    people = team().if_follow(None).managers.assign(hours_per_month=[1.0, 2.0])
    found = at_other_rates(people, team().if_follow(0.5)).set_index("account_manager_id")
    assert found["hours_per_month"].to_dict() == {"M1": 1.0, "M2": 2.0}
    assert found["further"].to_dict() == pytest.approx({"M1": 100 * 0.5 * 0.846, "M2": 300 * 0.5 * 0.846})
    assert people["further"].isna().all(), "the table given is not changed"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.0, "no better assignment exists"),
        (2e-5, "a better one would save less than 0.1 % more"),
        (0.0136, "a better one would save 1.4 % more at most"),
        (float("inf"), "whether a better one would save more is not known"),
    ],
)
def test_an_assignment_says_how_far_the_best_may_be(gap, said):
    assert plain(how_good(gap)) == said
