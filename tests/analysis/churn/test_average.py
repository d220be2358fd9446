"""The company average: Jeffreys' interval by another library's root finding, its coverage by simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from kam_analysis.analysis import churn


@pytest.mark.parametrize(("losses", "accounts"), [(0, 12), (8, 225), (30, 40)])
def test_the_interval_is_that_of_a_posterior_integrated_by_hand(losses, accounts):
    value, low, high = churn.rate(losses, accounts)
    density = lambda p: p ** (losses - 0.5) * (1 - p) ** (accounts - losses - 0.5)  # noqa: E731
    peak = max((losses - 0.5) / (accounts - 1), 1e-3)
    whole = quad(density, 0, 1, points=[peak])[0]
    assert quad(density, 0, low)[0] / whole == pytest.approx(0.025, abs=1e-5)
    assert quad(density, high, 1)[0] / whole == pytest.approx(0.025, abs=1e-5)
    assert quad(lambda p: p * density(p), 0, 1, points=[peak])[0] / whole == pytest.approx(value, rel=1e-3)


def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(3)
    truth = rng.beta(1, 15, 1500)
    losses = rng.binomial(200, truth)
    ends = {each: churn.rate(int(each), 200)[1:] for each in np.unique(losses)}
    covered = np.mean([ends[each][0] <= p <= ends[each][1] for each, p in zip(losses, truth, strict=True)])
    assert covered == pytest.approx(0.95, abs=0.02)


@given(st.integers(0, 50), st.integers(0, 200), st.integers(0, 20))
def test_undecided_accounts_only_widen(losses, kept, undecided):
    value, low, high = churn.rate(losses, losses + kept, undecided)
    _, surer_low, surer_high = churn.rate(losses, losses + kept)
    assert 0 <= low <= surer_low + 1e-12
    assert surer_high - 1e-12 <= high <= 1
    assert low <= value <= high


def test_undecided_accounts_are_kept_for_the_low_end_and_lost_for_the_high_one():
    _, low, high = churn.rate(2, 10, 5)
    assert (low, high) == (churn.rate(2, 15)[1], churn.rate(7, 15)[2])


def test_only_days_apart_count_and_quiet_ones_by_themselves(company_past):
    past = churn.history(company_past)
    apart = past.rows[past.rows["day"].isin(past.days_apart)]
    whole, usual, quiet = churn.average(past), churn.average(past, quiet=False), churn.average(past, quiet=True)
    assert (whole.losses, whole.accounts) == (apart["lost"].sum(), len(apart))
    assert usual.accounts + quiet.accounts == whole.accounts
    assert usual.value < whole.value < quiet.value
    assert f"{quiet.losses} of {quiet.accounts} quiet accounts left within 12 months of 2019-12-29" in quiet.source


def test_without_the_wait_quiet_accounts_are_not_told_apart(standing_at):
    rules = churn.Rules(follow_months=0, step_months=12)
    last = ["2022-12-20"] * 30
    past = churn.history(
        [standing_at("2022-12-31", last, quiet=[True] * 15 + [False] * 15), standing_at("2023-12-31", last)], rules
    )
    assert churn.average(past) == churn.average(past, quiet=False)
    assert churn.average(past, quiet=True) is None  # the average of all says nothing of them
    assert churn.average(past).losses == 30


def test_constant_hazard_is_found(simulate):
    """8% stop in a year; of those not yet quiet a few have stopped in the weeks before, which no one can see."""
    rules = churn.Rules(step_months=12)
    truth = simulate(5, accounts=250, years=6, calm=0.08, sinks=0)
    past = churn.history(truth.snapshots(rules), rules)
    found = churn.average(past, quiet=False)
    usual = past.rows[~past.rows["quiet"]]
    gone = usual["account_id"].map(truth.stops) <= usual["day"] + pd.DateOffset(months=12)
    assert found.value == pytest.approx(gone.mean(), abs=0.01)
    assert found.low <= 0.08 * (1 + 75 / 365) <= found.high


def test_nothing_is_said_of_a_handful(standing_at):
    rules = churn.Rules(follow_months=0, step_months=12)
    few = [standing_at(day, ["2023-12-20"] * 9) for day in ("2022-12-31", "2023-12-31")]
    assert churn.average(churn.history(few, rules)) is None
    assert churn.average(churn.history(few[:1], rules)) is None


def test_figures_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"expected 0 <= low <= value <= high <= 1, got 0.2, 0.1, 0.3"):
        churn.Average(0.1, 0.2, 0.3, "sales director")
    with pytest.raises(ValueError, match="expected 0 to accounts 5, got 6"):
        churn.rate(6, 5)
