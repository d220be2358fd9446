"""The past against what was said of it: scores by scikit-learn, intervals by companies whose truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from kam_analysis.analysis import churn


@pytest.fixture(scope="module")
def days(company_days):
    """Today and three earlier days."""
    return replace(company_days, days=company_days.days[-4:])


@pytest.fixture(scope="module")
def tested(days):
    return churn.backtest(days, np.random.default_rng(1), draws=500)


def test_scores_are_scikit_learns():
    rng = np.random.default_rng(2)
    chance, lost = rng.random(200), rng.random(200) < 0.3
    assert churn.brier(chance, lost) == pytest.approx(brier_score_loss(lost, chance))
    assert churn.log_loss(chance, lost) == pytest.approx(sklearn_log_loss(lost, chance))


def test_an_outcome_that_is_only_likely_counts_as_both_with_its_chance():
    """Scikit-learn with every account twice, left and stayed, weighted."""
    rng = np.random.default_rng(3)
    chance, came = rng.random(50), rng.random(50)
    twice, both = np.tile(chance, 2), np.repeat([True, False], 50)
    weight = np.concatenate([came, 1 - came])
    assert churn.brier(chance, came) == pytest.approx(brier_score_loss(both, twice, sample_weight=weight))
    assert churn.log_loss(chance, came) == pytest.approx(sklearn_log_loss(both, twice, sample_weight=weight))


def test_each_account_by_itself_beats_the_same_chance_for_all(tested):
    scores = tested.scores
    assert scores.loc["brier", "ours"] < 0.8 * scores.loc["brier", "average"]
    assert scores.loc["log_loss", "ours"] < 0.85 * scores.loc["log_loss", "average"]
    assert scores.loc["log_loss", "ours"] < scores.loc["log_loss", "recency"]


def test_tests_stand_apart_and_add_up(days, tested):
    assert [day.year for day in tested.tests["day"]] == [2021, 2022, 2023]
    for test, then, came in zip(tested.tests.itertuples(), days.days[:-1], days.outcomes, strict=True):
        assert (test.day, test.accounts, test.lost) == (then.day, len(then.there), pytest.approx(came.sum()))
        assert test.amount_lost == pytest.approx(then.there["revenue"].clip(lower=0) @ came)
        assert test.inside == (test.amount_low <= test.amount_lost <= test.amount_high)
        assert test.likely == ((came > 0.1) & (came < 0.9)).sum()
    assert tested.table["accounts"].sum() == tested.tests["accounts"].sum()
    assert tested.table["lost"].sum() == pytest.approx(tested.tests["lost"].sum())
    expected = (tested.table["expected"] * tested.table["accounts"]).sum()
    assert expected == pytest.approx(tested.tests["expected"].sum())
    assert tested.inside == tested.tests["inside"].sum()


def test_a_test_says_what_the_page_would_have_said_on_that_day(days, tested):
    at = len(days.days) - 2
    then = days.until(at)
    chances = churn.probabilities(then.days[-1].there, told=churn.told(then))
    assert tested.tests["expected"].iloc[-1] == pytest.approx(chances["probability"].sum())


def test_what_came_later_does_not_change_what_was_said(company_past):
    """All that came after a test day is rewritten as if all had gone on as before: what was said then is the same."""
    past = company_past[-4:]
    day = pd.Timestamp(2022, 12, 29)
    going_on = {"silence": 0.0, "lost": False, "purchase_days": lambda each: each["purchase_days"].clip(lower=2)}
    stayed = [each if each["day"].iloc[0] <= day else each.assign(last_day=each["day"], **going_on) for each in past]
    said, told = (
        churn.backtest(churn.past_days(each), np.random.default_rng(1), draws=50).tests.set_index("day").loc[day]
        for each in (past, stayed)
    )
    assert said["expected"] == told["expected"]
    assert said["lost"] > 20
    assert told["lost"] < 1


def test_own_figures_of_that_day_are_tested_where_they_are_on_file(days):
    ids = days.days[1].there["account_id"]
    own = pd.concat(
        [
            pd.DataFrame({"account_id": ids.head(40), "date": "2022-06-30", "churn_probability": 0.9}),
            pd.DataFrame({"account_id": ids.head(30), "date": "2022-12-01", "churn_probability": 0.01}),
            pd.DataFrame({"account_id": ids.tail(9), "date": "2020-06-30", "churn_probability": 0.5}),
        ]
    )
    plain, found = (churn.backtest(days, np.random.default_rng(1), own=each, draws=50) for each in (None, own))
    # Of 40, on the one day for which they are not older than a year; the later figure counts.
    assert (plain.own, found.own) == (0, 40)
    said = churn.probabilities(days.days[1].there, told=churn.told(days.until(1))).set_index("account_id")[
        "probability"
    ]
    assert found.tests["expected"].iloc[1] == pytest.approx(
        plain.tests["expected"].iloc[1] - said[ids.head(40)].sum() + 30 * 0.01 + 10 * 0.9
    )


def test_contracts_are_those_that_were_known_on_the_day(days):
    ids = days.days[1].there["account_id"].tolist()
    ended = [{"account_id": each, "starts_on": "2020-01-01", "ends_on": "2022-01-31"} for each in ids[:20]]
    ending = [{"account_id": each, "starts_on": "2022-02-01", "ends_on": "2023-06-30"} for each in ids[:20]]
    later = [{"account_id": each, "starts_on": "2023-02-01", "ends_on": "2023-11-30"} for each in ids[20:40]]
    plain = churn.backtest(days, np.random.default_rng(1), draws=50).tests["expected"]
    known, unknown = (
        churn.backtest(days, np.random.default_rng(1), pd.DataFrame(rows), draws=50).tests["expected"]
        for rows in (ended + ending, later)
    )
    assert known.iloc[1] != pytest.approx(plain.iloc[1])
    assert unknown.iloc[1] == pytest.approx(plain.iloc[1])


def test_too_little_to_test_says_so(days, company_past):
    found = churn.backtest(replace(days, days=days.days[-1:]), np.random.default_rng(1))
    assert found.reason == "a test needs 24 months of purchases"
    assert (len(found.tests), len(found.table), found.inside) == (0, 0, 0)
    assert found.scores.isna().all(axis=None)
    none = churn.past_days([each.head(9) for each in company_past[-1:]])
    assert churn.backtest(none, np.random.default_rng(1)).reason == none.reason


def test_calibration_keeps_equal_chances_together():
    table = churn.calibration([0.1] * 50 + [0.2] * 3 + [0.3] * 47, [True] * 5 + [False] * 95)
    assert table["accounts"].tolist() == [53, 47]
    assert table["lost"].tolist() == [5, 0]
    assert table["expected"].tolist() == pytest.approx([5.6 / 53, 0.3])
    assert table[["low", "high"]].to_numpy() == pytest.approx(np.array([churn.rate(5, 53)[1:], churn.rate(0, 47)[1:]]))
    with pytest.raises(ValueError, match=r"chance: expected 0-1, got 0.5 to 1.5"):
        churn.calibration([0.5, 1.5], [True, False])
