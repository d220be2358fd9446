"""How many leave: the range against exact convolution where nothing else is open, and what widens it."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn


def given(probability, basis, standing_at):
    frame = standing_at("2025-12-31", ["2025-12-20"] * len(probability), revenue=100.0)
    return pd.DataFrame({"account_id": frame["account_id"], "probability": probability, "basis": basis}), frame


def test_with_fixed_chances_the_number_is_poisson_binomial(standing_at):
    chances = np.linspace(0.01, 0.5, 40)
    exact = np.array([1.0])
    for each in chances:
        exact = np.convolve(exact, [1 - each, each])
    below = np.cumsum(exact)
    found = churn.leavers(*given(chances, "your figure", standing_at), np.random.default_rng(1), draws=20_000)
    assert found.expected == pytest.approx(chances.sum())
    assert (found.low, found.high) == tuple(np.searchsorted(below, [0.05, 0.95]))
    assert found.least == found.most == pytest.approx(found.expected)
    assert (found.amount, found.amount_low, found.amount_high) == pytest.approx(
        (100 * found.expected, 100 * found.low, 100 * found.high)
    )


def test_one_rate_for_all_widens_the_number(standing_at):
    frames = given(np.full(100, 0.2), "contract", standing_at)
    average = churn.Average(0.2, 0.1, 0.3, "2 of 10", 2, 10)
    sure = churn.leavers(*frames, np.random.default_rng(1))
    open_ = churn.leavers(*frames, np.random.default_rng(1), averages={"contract": average})
    assert open_.high - open_.low > 2 * (sure.high - sure.low)
    # Beta(2.5, 8.5) by its own quantiles.
    assert (open_.least, open_.most) == pytest.approx((6.5, 43.6), abs=2)


def test_own_figures_are_off_together_by_one_factor_of_their_odds(standing_at):
    """The mean number between its 5% and 95% points: odds of 1 to 4 times 2^-0.9 and 2^0.9."""
    frames = given(np.full(200, 0.2), "your figure", standing_at)
    sure = churn.leavers(*frames, np.random.default_rng(1))
    found = churn.leavers(*frames, np.random.default_rng(1), own_odds=(1, 0.5, 2))
    ends = [200 * odds / (4 + odds) for odds in (2**-0.9, 2**0.9)]
    assert (found.least, found.most) == pytest.approx(ends, rel=0.02)
    assert sure.high - sure.low < 0.6 * (found.high - found.low)
    assert found.expected == pytest.approx(40)


def test_who_is_lost_or_not_assessed_does_not_count(standing_at):
    frames = given([1.0, np.nan, 0.5, 0.5], ["lost", "not assessed", "your figure", "your figure"], standing_at)
    found = churn.leavers(*frames, np.random.default_rng(1))
    assert (found.accounts, found.expected, found.low, found.high) == (2, 1.0, 0, 2)


def test_the_rhythm_leaves_all_of_its_accounts_open_together(company_told, company_days):
    told, today = company_told, company_days.days[3].snapshot
    chances = churn.probabilities(today, told=told)
    found = churn.leavers(chances, today, np.random.default_rng(1), told)
    own = chances.assign(basis=chances["basis"].where(chances["basis"] == "lost", "your figure"))
    fixed = churn.leavers(own, today, np.random.default_rng(1), told)
    assert found.expected == pytest.approx(fixed.expected)
    assert found.high - found.low > 1.2 * (fixed.high - fixed.low)
    assert found.least < found.expected < found.most
    drawn = told.own.leaving(today[~today["lost"]]).draw(4000, np.random.default_rng(2)).sum(axis=1)
    assert (found.least, found.most) == pytest.approx(np.quantile(drawn, [0.05, 0.95]), rel=0.05)
