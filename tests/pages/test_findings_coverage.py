"""What the story of `04_coverage` does not tell: how many follow, as asked and assumed; how good an assignment is."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from words_for_tests import plain

from kam_analysis.analysis import handover
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.coverage import findings
from kam_analysis.pages.coverage import tables_departure as departure

SHARES = st.floats(0, 1)


def ledger(*assumed):
    own = {"follow_rate": Assumption("follow_rate", *assumed, "a guess")} if assumed else {}
    return SimpleNamespace(settings=SimpleNamespace(assumptions=own))


def followed(asked, *assumed):
    rate = findings.rates(ledger(*assumed), asked)[1]
    return None if rate is None else (rate.value, rate.low, rate.high, rate.source)


def test_below_zero_means_as_the_settings_say():
    assert followed(-1.0, 0.3, 0.1, 0.6) == (0.3, 0.1, 0.6, "a guess")
    assert followed(-1.0) is None
    assert findings.rates(ledger())[0] is handover.TRANSITION


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
    found = findings.rates(ledger(value, low, high), asked)[1]
    assert 0 <= found.low <= found.value == asked <= found.high <= 1


def test_the_managers_side_by_side_take_the_costs_of_other_rates_and_keep_the_rest():
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 300.0]})
    held = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"]})
    first, other = (
        handover.departures_of_each(rows, held, handover.TRANSITION, each)
        for each in (None, handover.Rate(0.5, 0.5, 0.5, "x"))
    )
    people = first.iloc[::-1].assign(hours_per_month=[1.0, 2.0])
    found = findings.at_other_rates(people, other).set_index("account_manager_id")
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
    assert plain(departure._how_good(gap)) == said
