"""Value scores: worked by hand, scaled against another library's quantiles, properties, and odd input."""

import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import segments as s

NAN = float("nan")


def frame(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"account_id": [f"A{i}" for i in range(size)], **columns})


FIVE = frame(volume=[10.0, 20.0, 30.0, 40.0, 50.0], nearness=[40.0, 30.0, 20.0, 10.0, NAN])


def test_five_accounts_worked_by_hand():
    # Volume: quantiles 12 and 48. Nearness of four: 11.5 and 38.5, near is good.
    found = s.scaled(FIVE)
    assert found["volume"].tolist() == pytest.approx([0, 8 / 36, 0.5, 28 / 36, 1])
    assert found["nearness"].tolist() == pytest.approx([0, 8.5 / 27, 18.5 / 27, 1, NAN], nan_ok=True)
    scores = s.value_scores(found)
    by_hand = [0, (8 / 36 + 8.5 / 27) / 2, (0.5 + 18.5 / 27) / 2, (28 / 36 + 1) / 2, 1]
    assert scores["score"].tolist() == pytest.approx(by_hand)
    assert scores["assessed_weight"].tolist() == [0.25, 0.25, 0.25, 0.25, 0.125]


def test_weights_by_hand_in_any_unit():
    # The other six criteria keep their weight of 1, of which nothing is assessed.
    found = s.value_scores(s.scaled(FIVE), {"volume": 3})
    assert found["score"].tolist()[1] == pytest.approx((3 * 8 / 36 + 8.5 / 27) / 4)
    assert found["assessed_weight"].tolist() == pytest.approx([0.4, 0.4, 0.4, 0.4, 0.3])
    others = {each.name: 0 for each in s.CRITERIA if each.name not in ("volume", "nearness")}
    found = s.value_scores(s.scaled(FIVE), {"volume": 30, "nearness": 10, **others})
    assert found["score"].tolist()[1] == pytest.approx((3 * 8 / 36 + 8.5 / 27) / 4)
    assert found["assessed_weight"].tolist() == [1, 1, 1, 1, 0.75]


def test_an_account_without_an_assessed_criterion_has_no_score():
    found = s.value_scores(frame(volume=[0.5, 0.2], profit=[NAN, 0.3]), {"volume": 0})
    assert found["score"].tolist() == pytest.approx([NAN, 0.3], nan_ok=True)
    assert found["assessed_weight"].tolist() == [0, 1 / 7]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=60))
def test_the_scale_agrees_with_the_standard_library_s_quantiles(values):
    inclusive = statistics.quantiles(values, n=20, method="inclusive")
    low, high = inclusive[0], inclusive[-1]
    found = s.scaled(frame(volume=[float(x) for x in values]))
    if high == low:
        assert "volume" not in found
    else:
        by_hand = [min(max((x - low) / (high - low), 0), 1) for x in values]
        assert found["volume"].tolist() == pytest.approx(by_hand, abs=1e-9)


def test_what_is_the_same_for_all_or_not_there_is_not_assessed_with_a_reason():
    raw = frame(volume=[1.0, 2.0, 3.0], reach=[4.0, 4.0, 4.0], growth=[0.1 + 0.2, 0.3, 0.3], headroom=[NAN] * 3)
    assert s.scaled(raw).columns.tolist() == ["account_id", "volume"]
    found = s.not_assessed(raw)
    assert list(found) == ["profit", "reach", "nearness", "longevity", "growth", "headroom", "ease"]
    assert found["reach"] == found["growth"] == "the same for nearly all accounts"
    assert found["headroom"] == "needs annual_spend in accounts"
    assert s.value_scores(s.scaled(raw))["assessed_weight"].tolist() == [0.125] * 3


def test_one_giant_does_not_squeeze_the_others():
    found = s.scaled(frame(volume=[*map(float, range(100)), 1e9]))["volume"]
    assert found.iloc[50] == pytest.approx(0.5, abs=0.02)
    assert found.iloc[-1] == 1


@pytest.mark.parametrize("accounts", [0, 1])
def test_nobody_or_one_account_has_no_scale(accounts):
    raw = FIVE.iloc[:accounts]
    assert s.scaled(raw).columns.tolist() == ["account_id"]
    found = s.value_scores(s.scaled(raw))
    assert len(found) == accounts
    assert found["score"].isna().all()


def test_odd_weights_are_refused():
    rows = s.scaled(FIVE)
    with pytest.raises(ValueError, match=r'criterion "profitt": not known; the nearest is "profit"'):
        s.value_scores(rows, {"profitt": 1})
    for wrong in (-0.1, NAN, float("inf")):
        with pytest.raises(ValueError, match="weight of volume: expected a number at or above 0"):
            s.value_scores(rows, {"volume": wrong})
    with pytest.raises(ValueError, match="expected at least one above 0, all of them are 0"):
        s.value_scores(rows, {each.name: 0 for each in s.CRITERIA})
    with pytest.raises(ValueError, match=r'criterion "xyz": not known'):
        s.scaled(FIVE.assign(xyz=1.0))
    with pytest.raises(ValueError, match="volume: expected finite numbers, got 1 others"):
        s.scaled(frame(volume=[1.0, float("inf")]))


NAMES = ["volume", "nearness", "growth"]
CELL = st.one_of(st.integers(-50, 50).map(float), st.just(NAN))
RAW = st.lists(st.tuples(st.integers(-50, 50).map(float), CELL, CELL), min_size=2, max_size=30).map(
    lambda rows: frame(**dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True)))
)


def rank(raw, at):
    scores = s.value_scores(s.scaled(raw))["score"].fillna(-1).to_numpy()
    return (scores > scores[at] + 1e-12).sum()


@settings(deadline=None, max_examples=60)
@given(RAW, st.integers(0, 29), st.sampled_from(NAMES), st.integers(1, 200))
def test_better_on_a_criterion_never_lowers_the_rank(raw, at, name, by):
    at %= len(raw)
    assume(not np.isnan(raw[name].iloc[at]))
    better = raw.copy()
    better.loc[at, name] += -by if name == "nearness" else by
    assert rank(better, at) <= rank(raw, at)


@settings(deadline=None, max_examples=60)
@given(RAW, st.integers(0, 2**32 - 1), st.sampled_from([0.25, 8.0, 1024.0]))
def test_neither_unit_nor_order_of_rows_matters(raw, seed, unit):
    scores = s.value_scores(s.scaled(raw)).set_index("account_id")
    changed = raw.sample(frac=1, random_state=seed)
    changed[NAMES] *= unit
    again = s.value_scores(s.scaled(changed)).set_index("account_id").loc[scores.index]
    pd.testing.assert_frame_equal(again, scores)


@settings(deadline=None, max_examples=60)
@given(RAW)
def test_scores_are_between_0_and_1_and_the_frame_is_not_changed(raw):
    copy = raw.copy()
    scores = s.value_scores(s.scaled(raw))["score"].dropna()
    assert scores.between(0, 1 + 1e-12).all()
    pd.testing.assert_frame_equal(raw, copy)
