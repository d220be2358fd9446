"""The past against what was said of it: scores by scikit-learn, intervals by companies whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from kam_analysis.analysis import churn

NO_WAIT = churn.Rules(follow_months=0, step_months=12)
YEARS = ("2022-12-31", "2023-12-31", "2024-12-31")


@pytest.fixture(scope="module")
def tested(company_past):
    return churn.backtest(company_past, np.random.default_rng(1), draws=500)


def coins(standing_at, rng, chance, accounts=150):
    """Three years in which each account stops with the same chance, on the day itself; revenue is unequal."""
    revenue = rng.lognormal(10, 1.2, accounts)
    gone = [np.full(accounts, False)]
    for _ in YEARS[1:]:
        gone.append(gone[-1] | (rng.random(accounts) < chance))
    found, last = [], np.full(accounts, np.datetime64(YEARS[0]))
    for day, stopped in zip(YEARS, gone, strict=True):
        last = np.where(stopped, last, np.datetime64(day))
        found.append(standing_at(day, last, revenue=revenue, bought=np.where(stopped, 0.0, revenue)))
    return found


def test_scores_are_scikit_learns(company_past, tested):
    rng = np.random.default_rng(2)
    chance, lost = rng.random(200), rng.random(200) < 0.3
    assert churn.brier(chance, lost) == pytest.approx(brier_score_loss(lost, chance))
    assert churn.log_loss(chance, lost) == pytest.approx(sklearn_log_loss(lost, chance))


def test_with_a_signal_we_beat_the_average(tested):
    scores = tested.scores
    assert scores.loc["brier", "ours"] < 0.8 * scores.loc["brier", "average"]
    assert scores.loc["log_loss", "ours"] < 0.85 * scores.loc["log_loss", "average"]
    assert tested.tests["fitted"].all()


def test_tests_stand_apart_and_add_up(company_past, tested):
    assert [day.year for day in tested.tests["day"]] == [2021, 2022]
    past = churn.history(company_past)
    for test in tested.tests.itertuples():
        rows = past.rows[past.rows["day"] == test.day]
        assert (test.accounts, test.lost) == (len(rows), rows["lost"].sum())
        assert test.amount_lost == pytest.approx(rows.loc[rows["lost"], "revenue"].sum())
        assert test.inside == (test.amount_low <= test.amount_lost <= test.amount_high)
    assert tested.table["accounts"].sum() == tested.tests["accounts"].sum()
    assert tested.table["lost"].sum() == tested.tests["lost"].sum()
    expected = (tested.table["expected"] * tested.table["accounts"]).sum()
    assert expected == pytest.approx(tested.tests["expected"].sum())
    assert tested.inside == tested.tests["inside"].sum()


def test_what_came_later_does_not_change_what_was_said(company_past):
    """All that came after a test day is rewritten as if all had stayed: the model of that day is the same."""
    day = churn.history(company_past).days_apart[-1]
    stayed = [
        each if each["day"].iloc[0] <= day else each.assign(last_day=each["day"], silence=0.0, lost=False)
        for each in company_past
    ]
    assert not churn.history(stayed).rows.query("day == @day")["lost"].any()
    found, other = (churn.fit(churn.history(each, known_on=day.date())).model for each in (company_past, stayed))
    np.testing.assert_array_equal(found.coefficients, other.coefficients)
    said, told = (
        churn.backtest(each, np.random.default_rng(1), draws=50).tests.iloc[-1] for each in (company_past, stayed)
    )
    assert (told["lost"], told["amount_lost"]) == (0, 0)
    assert said["fitted"]


def test_revenue_lost_lies_in_its_interval_as_often_as_is_said(standing_at):
    rng, inside, number = np.random.default_rng(4), [], []
    for chance in rng.uniform(0.02, 0.12, 25):
        found = churn.backtest(coins(standing_at, rng, chance), rng, NO_WAIT, level=0.8, draws=250).tests.iloc[0]
        inside.append(found["inside"])
        number.append(found["low"] <= found["lost"] <= found["high"])
    # 80 % of 25, within three standard errors; whole accounts make intervals a little too wide.
    assert np.mean(inside) >= 0.56
    assert np.mean(number) >= 0.56


def test_without_a_model_the_average_is_tested(standing_at):
    found = churn.backtest(coins(standing_at, np.random.default_rng(6), 0.05), np.random.default_rng(1), NO_WAIT)
    assert (len(found.tests), found.tests["fitted"].any(), len(found.table)) == (1, False, 1)
    assert found.scores.loc["brier", "ours"] == found.scores.loc["brier", "average"]
    known = churn.average(churn.history(coins(standing_at, np.random.default_rng(6), 0.05)[:2], NO_WAIT))
    assert found.tests["expected"].iloc[0] == pytest.approx(known.value * found.tests["accounts"].iloc[0])


def test_without_a_signal_we_are_hardly_worse_than_the_average(simulate):
    truth = simulate(9, accounts=200, calm=0.1, sinks=0)
    past = truth.snapshots(churn.Rules(step_months=6))
    busy = [each[each["lost"] | (each["silence_times"] < 1)] for each in past]
    scores = churn.backtest(busy, np.random.default_rng(1), draws=50).scores
    assert scores.loc["brier", "ours"] < 1.05 * scores.loc["brier", "average"]


def test_the_same_generator_gives_the_same_and_draws_come_in_chunks(standing_at):
    past = coins(standing_at, np.random.default_rng(6), 0.05)
    first, again = (churn.backtest(past, np.random.default_rng(3), NO_WAIT, draws=600) for _ in range(2))
    pd.testing.assert_frame_equal(first.tests, again.tests)


def test_too_little_to_test_says_so(standing_at):
    past = coins(standing_at, np.random.default_rng(6), 0.05)
    found = churn.backtest(past[:2], np.random.default_rng(1), NO_WAIT)
    assert found.reason == "a test needs 36 months of data"
    assert (len(found.tests), len(found.table), found.inside) == (0, 0, 0)
    assert found.scores.isna().all(axis=None)
    assert churn.backtest(past[:1], np.random.default_rng(1), NO_WAIT).reason.startswith("the data is too short")


def test_calibration_keeps_equal_chances_together():
    table = churn.calibration([0.1] * 50 + [0.2] * 3 + [0.3] * 47, [True] * 5 + [False] * 95)
    assert table["accounts"].tolist() == [53, 47]
    assert table["lost"].tolist() == [5, 0]
    assert table["expected"].tolist() == pytest.approx([5.6 / 53, 0.3])
    assert table[["low", "high"]].to_numpy() == pytest.approx(np.array([churn.rate(5, 53)[1:], churn.rate(0, 47)[1:]]))
    with pytest.raises(ValueError, match=r"chance: expected 0-1, got 0.5 to 1.5"):
        churn.calibration([0.5, 1.5], [True, False])
