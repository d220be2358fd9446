"""How many leave: the range against exact convolution where nothing else is open, and what widens it."""

import sys
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn.cells import Cells, cells


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


def in_cells(monkeypatch, one_by_one, most):
    monkeypatch.setattr(
        sys.modules["kam_analysis.analysis.churn.leavers"], "cells", lambda *given: cells(*given, one_by_one, most)
    )


def ends(found):
    return [found.low, found.high, found.least, found.most, found.amount_low, found.amount_high]


def test_cells_say_what_accounts_one_by_one_say(monkeypatch, company_told, company_days):
    """The same company drawn both ways, with all that can be open: within the error of 20,000 draws."""
    told, today = company_told, company_days.days[3].snapshot
    chances = churn.probabilities(today, told=told)
    chances.loc[::5, ["probability", "basis"]] = [0.2, "contract"]
    chances.loc[1::5, ["probability", "basis"]] = [0.1, "your figure"]
    today = today.assign(revenue=np.random.default_rng(3).lognormal(8, 1.5, len(today)))
    average = {"contract": churn.Average(0.2, 0.1, 0.3, "2 of 10", 2, 10)}
    given = {"told": told, "averages": average, "own_odds": (1, 0.5, 2), "draws": 20_000}
    alone = churn.leavers(chances, today, np.random.default_rng(1), **given)
    in_cells(monkeypatch, len(today) // 4, 40)
    together = churn.leavers(chances, today, np.random.default_rng(2), **given)
    assert (together.expected, together.amount) == (alone.expected, alone.amount)
    assert ends(together) == pytest.approx(ends(alone), rel=0.04)


def test_cells_by_their_own_moments():
    """A cell's number is binomial and its money that of as many amounts drawn from it, by a plain simulation."""
    rng, amounts = np.random.default_rng(5), np.random.default_rng(4).lognormal(3, 1, 50)
    one, chances = Cells(np.zeros(50, dtype=np.int64)), np.full((40_000, 1), 0.3)
    gone = one.leave(chances, rng)
    money = one.taken(gone, amounts, rng)
    plain = (rng.random((40_000, 50)) < 0.3).astype(float)
    assert gone.mean() == pytest.approx(15, rel=0.01)
    assert gone.std() == pytest.approx(plain.sum(axis=1).std(), rel=0.02)
    assert [money.mean(), money.std()] == pytest.approx([(plain @ amounts).mean(), (plain @ amounts).std()], rel=0.02)


def test_the_largest_stand_alone_and_no_cell_mixes_kinds():
    rng = np.random.default_rng(1)
    kind, chance, amount = rng.integers(0, 3, 500), rng.random(500), rng.lognormal(0, 1, 500)
    found = cells(kind, chance, amount, 100, 20)
    assert set(found.of[np.argsort(-amount)[:50]]) == set(range(50))
    assert (found.number[:50] == 1).all()
    assert found.number.sum() == 500
    assert len(found.number) <= 50 + 20 + 3
    for each in range(50, len(found.number)):
        inside = found.of == each
        assert len(set(kind[inside])) == 1
        assert np.ptp(chance[inside]) < 0.35
    assert cells(kind, chance, amount).of.tolist() == list(range(500))


def test_a_hundred_thousand_accounts_are_not_drawn_four_thousand_times(standing_at):
    chances, frame = given(np.linspace(0.01, 0.5, 100_000), "your figure", standing_at)
    tracemalloc.start()
    try:
        found = churn.leavers(chances, frame, np.random.default_rng(1), own_odds=(1, 0.5, 2))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.least < found.expected < found.most
    assert peak < 120e6  # one array of a chunk of draws would be 200 MB
