"""The cut at what can be served: by hand, with more places than keys, ties and missing scores."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import segments as s

KEYS = pd.DataFrame({
    "account_id": ["Dag", "Caro", "Eve", "Ada"], "activities": [("x",)] * 4, "largest_share": [0.6, 0.4, 0.385, 0.18],
})  # fmt: skip
SCORES = pd.DataFrame({
    "account_id": ["Ada", "Bo", "Caro", "Dag", "Eve", "Fi"], "score": [0.5, 0.7, 0.2, 0.9, 0.8, 0.1],
})  # fmt: skip
ROWS = pd.DataFrame(
    [("Bo", "revenue", 1.0, 0.01, False), ("Bo", "margin", 4.0, 0.04, False), ("Bo", "presence", 3.0, 0.4, False),
     ("Dag", "product_line:Skids", 3.6, 0.6, True)],
    columns=["account_id", "activity", "amount", "share", "significant"],
)  # fmt: skip


def ids(frame):
    return frame["account_id"].tolist()


def test_five_accounts_worked_by_hand():
    found = s.cut(KEYS, SCORES, 3, ROWS, near=2)
    assert ids(found.inside) == ["Dag", "Eve", "Ada"]
    assert found.inside["rank"].tolist() == [1, 2, 3]
    assert ids(found.just_inside) == ["Eve", "Ada"]
    assert found.just_outside.to_dict("records") == [
        {"rank": 4, "account_id": "Caro", "key": True, "score": 0.2, "largest_share": 0.4, "activity": "",
         "lead": pytest.approx(-0.3)},
    ]  # fmt: skip
    assert found.just_inside["lead"].tolist() == pytest.approx([0.6, 0.3])


def test_with_places_left_those_nearest_to_being_key_are_just_outside_with_what_they_reach():
    fi = pd.DataFrame([("Fi", "revenue", 0.5, 0.005, False)], columns=ROWS.columns)
    found = s.cut(KEYS, SCORES, 25, pd.concat([fi, ROWS]))
    assert ids(found.inside) == ["Dag", "Eve", "Ada", "Caro"]
    assert ids(found.just_outside) == ["Bo", "Fi"]
    first = found.just_outside.iloc[0]
    assert (first["rank"], first["key"], first["largest_share"], first["activity"]) == (5, False, 0.04, "margin")
    # Bo scores better than Caro and is not key all the same.
    assert first["lead"] == pytest.approx(0.5)
    assert found.just_outside.iloc[1][["largest_share", "activity"]].tolist() == [0.005, "revenue"]


def test_a_better_score_does_not_come_nearer_than_a_larger_share():
    scores = SCORES.assign(score=[0.5, 0.1, 0.2, 0.9, 0.8, 0.99])
    fi = pd.DataFrame([("Fi", "revenue", 0.5, 0.005, False)], columns=ROWS.columns)
    assert ids(s.cut(KEYS, scores, 25, pd.concat([fi, ROWS])).just_outside) == ["Bo", "Fi"]
    assert ids(s.cut(KEYS, scores, 25).just_outside) == ["Fi", "Bo"]


def test_as_many_places_as_keys():
    assert ids(s.cut(KEYS, SCORES, 4).just_outside) == ["Bo", "Fi"]
    assert ids(s.cut(KEYS, SCORES, 3).just_outside) == ["Caro"]


def test_ties_go_by_share_then_by_name_and_without_a_score_last():
    keys = pd.DataFrame({"account_id": list("fedcba"), "largest_share": [0.2, 0.3, 0.2, 0.9, 0.2, 0.2]})
    scores = pd.DataFrame({"account_id": list("abcdef"), "score": [0.5, 0.5, np.nan, 0.5, 0.5, 0.6]})
    assert ids(s.cut(keys, scores, 9).inside) == ["f", "e", "a", "b", "d", "c"]
    assert ids(s.cut(keys, scores[scores["account_id"] != "c"], 9).inside) == ["f", "e", "a", "b", "d", "c"]


def test_nobody_key_and_nobody_at_all():
    found = s.cut(KEYS.iloc[:0], SCORES, 5)
    assert found.inside.empty
    assert ids(found.just_outside) == ["Dag", "Eve", "Bo"]
    assert found.just_outside["lead"].isna().all()
    assert s.cut(KEYS.iloc[:0], SCORES.iloc[:0], 5).just_outside.empty


@pytest.mark.parametrize("limit", [0, -3])
def test_a_limit_below_one_is_refused(limit):
    with pytest.raises(ValueError, match="limit: expected at least 1"):
        s.cut(KEYS, SCORES, limit)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=25), st.integers(1, 30), st.randoms(use_true_random=False))
def test_inside_are_the_best_keys_whatever_the_order_of_rows(points, limit, random):
    names = [f"A{i:02}" for i in range(len(points))]
    key = set(random.sample(names, random.randint(0, len(names))))
    scores = pd.DataFrame({"account_id": names, "score": [each / 20 for each in points]})
    keys = pd.DataFrame({"account_id": sorted(key), "largest_share": 0.2})
    found = s.cut(keys, scores, limit)
    by_hand = sorted(key, key=lambda name: (-points[names.index(name)], name))
    assert ids(found.inside) == by_hand[:limit]
    shuffled = s.cut(keys[::-1], scores.sample(frac=1, random_state=1), limit)
    pd.testing.assert_frame_equal(shuffled.just_outside, found.just_outside)
    assert set(ids(found.inside)).isdisjoint(ids(found.just_outside))
    if len(key) > limit:
        assert (found.inside["lead"] >= 0).all()
        assert (found.just_outside["lead"] <= 0).all()
        assert set(ids(found.just_outside)) <= key
