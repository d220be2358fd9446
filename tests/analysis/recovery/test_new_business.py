"""The pace of winning: sums account by account, Wilson's interval against scipy, cycles and pipelines by hand."""

from datetime import date
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from kam_analysis.analysis import recovery as r

years = st.dictionaries(st.sampled_from("abcdefg"), st.integers(-20, 1000), max_size=7)


def year(amounts):
    ids = pd.Series(list(amounts), dtype="str")
    return pd.DataFrame({"account_id": ids, "account_name": ids}).assign(revenue=[float(each) for each in amounts.values()])  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(years, years, st.sets(st.sampled_from("abcdefg")), st.sets(st.sampled_from("abcdefg")))
def test_paces_are_sums_over_accounts(now, before, earlier, without):
    found = r.new_business(year(now), year(before), "revenue", earlier).without(without)
    came = {name: max(now.get(name, 0), 0) for name in "abcdefg" if name not in without}
    was = {name: max(before.get(name, 0), 0) for name in came}
    new = sum(came[name] for name in came if not was[name] and name not in earlier)
    up = sum(came[name] - was[name] for name in came if came[name] > was[name])
    down = sum(came[name] - was[name] for name in came if came[name] < was[name])
    assert (found.new_customers.value, found.gross.value, found.net.value) == (new, up, up + down)
    assert found.usual_losses == down
    assert found.growth_covers_losses == (up - new + down >= 0)
    for band in (found.new_customers, found.gross, found.net):
        assert band.low <= band.value <= band.high
    assert min(found.new_customers.low, found.gross.low) >= 0


def test_the_band_is_chance_and_the_other_years():
    now, before = year({"a": 30, "b": 40, "old": 10}), year({"old": 10})
    chance = r.new_business(now, before).new_customers
    # 8 in 10 of a normal lie within 1.2816 standard errors; two customers of 30 and 40 have one of 50.
    assert chance.value == 70
    assert chance.low == pytest.approx(70 - 1.28155 * 50, abs=1e-3)
    assert chance.high == pytest.approx(70 + 1.28155 * sqrt(30**2 + 40**2), abs=1e-3)
    others = [(year({"c": 500}), year({})), (year({"old": 10}), year({"old": 10}))]
    wide = r.new_business(now, before, others=others).new_customers
    assert (wide.value, wide.low, wide.high) == (70, 0, 500)
    rest = r.new_business(now, before, others=others).without(["c"]).new_customers
    assert (rest.low, rest.high) == (0, chance.high)
    assert r.new_business(now, before, level=0.5).new_customers.high < chance.high


def test_what_is_left_after_usual_losses_can_be_less_than_nothing():
    found = r.new_business(year({"a": 30}), year({"b": 20}))
    assert found.net.value == 10
    assert found.net.low == pytest.approx(10 - 1.28155 * sqrt(30**2 + 20**2), abs=1e-3)
    assert found.new_customers.low == 0
    # What grew made up for what shrank to the cent: that is enough.
    assert r.new_business(year({"a": 30, "b": 10}), year({"a": 20, "b": 20})).growth_covers_losses


def test_the_chance_in_a_pace_is_that_of_years_drawn_from_the_same_customers():
    """Route: ten thousand years in which each kind of customer comes as often as in this one, at random."""
    sizes = np.array([60.0, 48, 35, 32, 27, 23, 20, 17, 15, 14, 12])
    band = r.new_business(year({chr(97 + i): each for i, each in enumerate(sizes)}), year({})).new_customers
    drawn = np.random.default_rng(7).poisson(1.0, (10_000, sizes.size)) @ sizes
    within = ((drawn >= band.low) & (drawn <= band.high)).mean()
    assert within == pytest.approx(0.8, abs=0.02)


def test_one_that_comes_back_is_not_new():
    found = r.new_business(year({"back": 10, "fresh": 4}), year({}), earlier=["back"])
    assert (found.new_customers.value, found.gross.value, found.average_new) == (4, 14, 4)
    assert [found.count(kind) for kind in ("new", "returned", "grown")] == [1, 1, 0]


def test_nothing_won_is_a_pace_of_nothing():
    found = r.new_business(year({}), year({}))
    assert (found.new_customers, found.net) == (r.Range(0, 0, 0), r.Range(0, 0, 0))
    assert np.isnan(found.average_new)
    assert r.new_business(year({"a": 1}), None) is None
    with pytest.raises(ValueError, match="margin: not in every year"):
        r.new_business(year({}), year({}), "margin")
    with pytest.raises(ValueError, match="level: expected above 0 and below 1, got 1"):
        r.new_business(year({}), year({}), level=1)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.8, 0.95]))
def test_win_rate_against_scipy_s_wilson_interval(won, lost, level):
    found = r.win_rate(won, lost, level)
    if not won + lost:
        assert found is None
        return
    other = binomtest(won, won + lost).proportion_ci(level, method="wilson")
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=1e-12)
    assert found.value == won / (won + lost)


def offers():
    rows = [
        (100, "k", "won", "2025-01-01", "2025-04-01", 1.0),
        (50, None, "won", "2025-01-01", "2025-07-01", 1.0),
        (30, None, "lost", "2025-01-01", "2025-02-01", 0.0),
        (70, "k", "lost", "2024-01-01", "2024-02-01", 0.0),
        (200, None, "open", "2025-06-01", None, 0.25),
        (40, "k", None, "2025-06-01", None, None),
    ]
    frame = pd.DataFrame(rows, columns=["amount", "account_id", "status", "created", "closed", "probability"])
    return frame.assign(created=pd.to_datetime(frame["created"]), closed=pd.to_datetime(frame["closed"]))


def test_the_record_by_hand():
    found = r.selling(offers())
    assert (found.won, found.lost, found.open, found.average_won, found.open_amount) == (2, 2, 2, 75, 240)
    # An open one without a probability is won as often as the others were.
    assert found.open_expected == 200 * 0.25 + 40 * 0.5
    # 90 and 181 days; quartiles lie a quarter of the way in.
    assert found.cycle_months.value == pytest.approx(135.5 / 30.4375)
    assert found.cycle_months.low == pytest.approx((90 + 91 / 4) / 30.4375)
    new, known = r.selling(offers(), "new"), r.selling(offers(), "known")
    assert (new.won, new.lost, new.open, known.won, known.lost, known.open) == (1, 1, 1, 1, 1, 1)
    recent = r.selling(offers(), since=date(2025, 4, 1))
    assert (recent.won, recent.lost, recent.open, recent.average_won) == (2, 0, 2, 75)
    with pytest.raises(ValueError, match="customers: expected one of all, new, known, got old"):
        r.selling(offers(), "old")


def test_what_a_table_does_not_have_is_not_assessed():
    bare = r.selling(offers()[["amount"]])
    assert (bare.won, bare.open, bare.win_rate, bare.cycle_months) == (0, 6, None, None)
    assert np.isnan([bare.average_won, bare.open_expected]).all()
    assert r.pipeline_needed(10.0, bare) is None
    undated = r.selling(offers()[["amount", "status"]], since=date(2025, 1, 1))
    assert (undated.won, undated.lost) == (0, 0)
    assert r.selling(offers()[["amount", "status"]]).cycle_months is None
    assert r.selling(offers()[["amount"]], "known").open == 0
    assert r.selling(offers().iloc[:0]).open_expected == 0
    never = r.selling(offers().query("status == 'lost'"))
    assert (never.win_rate.value, never.won, r.pipeline_needed(10.0, never)) == (0, 0, None)


def test_the_pipeline_that_replaces_a_loss():
    found = r.selling(offers())
    needed = r.pipeline_needed(300.0, found)
    assert (needed.wins, needed.offers.value, needed.amount.value) == (4, 8, 600)
    assert needed.amount.low == pytest.approx(300 / found.win_rate.high)
    assert needed.amount.high == pytest.approx(300 / found.win_rate.low)
    assert needed.open_part == pytest.approx(70 / 300)
    assert np.isnan(r.pipeline_needed(0.0, found).open_part)
    with pytest.raises(ValueError, match="revenue: expected 0 or more, got -1"):
        r.pipeline_needed(-1.0, found)
