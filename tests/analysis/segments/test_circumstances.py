"""One frame of all that is known, from hand-made accounts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import segments as key
from kam_analysis.analysis.concentration import concentrate

DAY = pd.Timestamp
HABITS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"], "first_day": DAY(2020, 1, 1), "last_day": DAY(2025, 12, 1),
        "purchase_days": [9, 9, 1], "mean_gap": [30.0, 30.0, np.nan], "longest_gap": [60.0, 15.0, np.nan], "silence": [30, 30, 30],
    }
)  # fmt: skip
TRAITS = pd.DataFrame(
    {
        "account_id": ["a", "b"],
        "annual_spend": [200.0, 50.0],
        "notice_by": [DAY(2026, 1, 31), pd.NaT],
        "satisfaction": [8.0, np.nan],
    }
)
NOW = pd.DataFrame(
    {"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 60.0], "margin": [19.0, 6.0]}
)
BEFORE = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [80.0], "margin": [18.4]})


@pytest.fixture(scope="module")
def frame():
    falls = pd.DataFrame({
        "account_id": ["b", "a"], "fell": [True, False], "change_share": [-0.28, np.nan],
        "compared_with": ["the 6 months before", ""],
    })  # fmt: skip
    return key.circumstances(HABITS, TRAITS, NOW, BEFORE, falls, date(2025, 12, 31)).set_index("account_id")


def test_amounts_and_growth(frame):
    assert frame["now"].tolist() == [100.0, 60.0, 0.0]
    assert frame["before"].tolist() == [80.0, 0.0, 0.0]
    assert frame["growth_share"].round(3).tolist()[:1] == [0.25]
    assert frame["growth_share"].isna().tolist() == [False, True, True]


def test_margin_headroom_notice_silence_and_falls(frame):
    assert frame.loc["a", "margin_change"] == pytest.approx(0.19 - 0.23)
    assert frame["headroom_share"].tolist()[:2] == [0.5, 0.0]
    assert frame.loc["a", "days_to_notice"] == 31
    assert frame["silence_times"].tolist()[:2] == [0.5, 2.0]
    assert frame["fell"].tolist() == [False, True, False]
    assert frame.loc["b", "change_share"] == -0.28
    assert frame["compared_with"].tolist() == ["", "the 6 months before", ""]  # c is in nobody's statistics


def test_without_a_year_before_growth_is_not_known():
    found = key.circumstances(HABITS, TRAITS[["account_id"]], NOW)
    assert found["before"].isna().all()
    assert found["growth_share"].isna().all()
    assert "headroom_share" not in found


def test_dependence_counts_gains_and_the_wallet_at_most_whole():
    book = concentrate(NOW, "revenue")
    strength = key.barriers(TRAITS.assign(barrier_relational=[0.4, np.nan]))
    found = key.dependence(book, NOW.assign(margin=[20.0, -5.0]), TRAITS, strength).set_index("account_id")
    assert found["share"].to_dict() == {"a": 1.0, "b": 0.0}
    assert found["wallet_share"].to_dict() == {"a": 0.5, "b": 1.0}
    assert found.loc["a", "exit_barrier"] == pytest.approx(0.4)
    assert key.dependence(book, None, TRAITS, strength)["share"].tolist() == book.accounts["share"].tolist()


def test_inputs_stay_as_they_were():
    kept = [each.copy() for each in (HABITS, TRAITS, NOW, BEFORE)]
    key.circumstances(HABITS, TRAITS, NOW, BEFORE, None, date(2025, 12, 31))
    for given, before in zip((HABITS, TRAITS, NOW, BEFORE), kept, strict=True):
        pd.testing.assert_frame_equal(given, before)
