"""The portfolio matrix and our strength, by hand; borders inclusive; what is not known is left out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis import segments as s

NAN = float("nan")


def by_id(**values):
    return pd.Series(values, dtype=float)


def test_five_accounts_worked_by_hand():
    worth = by_id(Ada=0.7, Bo=0.2, Caro=0.53, Dag=0.9, Eve=0.1)
    found = s.matrix(worth, by_id(Eve=0.9, Dag=0.8, Caro=0.3, Bo=0.46, Ada=0.2)).set_index("account_id")
    assert found["quadrant"].to_dict() == {
        "Ada": "Strategic", "Bo": "Streamline", "Caro": "Strategic", "Dag": "Star", "Eve": "Status",
    }  # fmt: skip
    assert found["action"].to_dict() == {
        "Ada": "invest selectively", "Bo": "serve at lower cost", "Caro": "invest selectively", "Dag": "invest",
        "Eve": "maintain",
    }  # fmt: skip
    assert found.index[found["borderline"]].tolist() == ["Bo", "Caro"]


def test_cut_and_border_are_inclusive_whatever_a_mean_leaves():
    middle = float(np.nextafter(0.5, 0))
    found = s.matrix(by_id(a=middle, b=0.55, d=0.45, e=0.4499), by_id(a=0.5, b=0.9, d=0.9, e=0.9))
    assert found["quadrant"].tolist() == ["Star", "Star", "Status", "Status"]
    assert found["borderline"].tolist() == [True, True, True, False]
    assert s.matrix(by_id(a=0.5), by_id(a=0.5), border=0)["borderline"].tolist() == [True]


def test_who_misses_either_is_left_out():
    found = s.matrix(by_id(a=0.4, b=NAN, d=0.9, e=0.2), by_id(a=0.4, b=0.4, d=NAN, f=0.3))
    assert found["account_id"].tolist() == ["a"]
    empty = s.matrix(by_id(), by_id())
    assert empty.empty
    assert empty.columns.tolist() == [
        "account_id", "attractiveness", "strength", "quadrant", "action", "borderline",
    ]  # fmt: skip


def test_odd_input_is_refused():
    with pytest.raises(ValueError, match="strength: expected 0 to 1, got 7 for a"):
        s.matrix(by_id(a=0.4), by_id(a=7))
    with pytest.raises(ValueError, match=r"attractiveness: expected 0 to 1, got -0.2 for a"):
        s.matrix(by_id(a=-0.2), by_id(a=0.7))
    with pytest.raises(ValueError, match="strength: expected each account once, a is not"):
        s.matrix(by_id(a=0.2), pd.Series([0.1, 0.2], index=["a", "a"]))
    with pytest.raises(ValueError, match=r"border: expected 0 to 0.5, got 0.6"):
        s.matrix(by_id(a=0.4), by_id(a=0.7), border=0.6)


UNIT = st.integers(0, 100).map(lambda x: x / 100)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=20), UNIT)
def test_stronger_never_moves_an_account_to_the_weak_side(points, more):
    worth, strength = (pd.Series(each, index=range(len(points))) for each in zip(*points, strict=True))
    before, after = (s.matrix(worth, each)["quadrant"] for each in (strength, (strength + more).clip(upper=1)))
    strong = {"Star", "Status"}
    assert all(b in strong for a, b in zip(before, after, strict=True) if a in strong)
    assert ((after.isin(["Star", "Strategic"])).to_numpy() == (worth >= 0.5).to_numpy()).all()


TRAITS = pd.DataFrame({
    "account_id": ["a", "b", "d", "e"],
    "satisfaction": [8.0, 5.0, NAN, NAN],
    "annual_spend": [400.0, 50.0, NAN, 0.0],
    "barrier_relational": [0.3, NAN, NAN, NAN],
    "competitor": [None, "Vantor", None, "Vantor"],
    "bond": ["company", "person", None, None],
})  # fmt: skip
BOOK = c.concentrate(
    pd.DataFrame({"account_id": ["a", "b", "z"], "account_name": "-", "revenue": [100.0, 80.0, 9.0]}), "revenue"
)
PRICES = pd.DataFrame({"account_id": ["a", "b", "e"], "price_index": [1.02, 1.5, 0.95], "compared": [0.9, 0.4, 0.5]})


def test_strength_is_the_mean_of_what_is_known_by_hand():
    found = s.relative_strength(TRAITS, PRICES, BOOK)
    by_hand = {"a": (0.8 + 0.25 + 0.3 + 1 + 1 + 0.6) / 6, "b": (0.5 + 1 + 0 + 0) / 4, "d": NAN, "e": (0.25 + 0) / 2}
    assert found.to_dict() == pytest.approx(by_hand, nan_ok=True)
    found = s.relative_strength(TRAITS)
    by_hand = {"a": (0.8 + 0.3 + 1 + 1) / 4, "b": 0.5 / 3, "d": NAN, "e": NAN}
    assert found.to_dict() == pytest.approx(by_hand, nan_ok=True)


def test_fewer_than_two_signals_are_no_measure():
    assert s.relative_strength(TRAITS[["account_id"]]) is None
    assert s.relative_strength(TRAITS[["account_id", "satisfaction"]]) is None
    assert s.relative_strength(TRAITS[["account_id", "satisfaction", "annual_spend"]]) is None  # no sales given
    assert s.relative_strength(TRAITS[["account_id", "satisfaction"]].assign(competitor=None, bond=None)) is None
    assert s.relative_strength(TRAITS[["account_id", "satisfaction"]], PRICES.iloc[:0]) is None
    assert s.relative_strength(TRAITS[["account_id", "satisfaction"]], PRICES) is not None


def test_the_price_signal_is_cut_off_a_tenth_either_side():
    prices = pd.DataFrame({"account_id": list("abde"), "price_index": [0.5, 0.9, 1.1, 3.0], "compared": 1.0})
    alone = pd.DataFrame({"account_id": list("abde"), "satisfaction": 10.0})
    assert s.relative_strength(alone, prices).tolist() == pytest.approx([0.5, 0.5, 1, 1])


def test_the_caller_s_frames_are_not_changed():
    copies = [each.copy() for each in (TRAITS, PRICES, BOOK.accounts)]
    s.relative_strength(TRAITS, PRICES, BOOK)
    for frame, copy in zip((TRAITS, PRICES, BOOK.accounts), copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)
    assert np.isnan(TRAITS.loc[2, "satisfaction"])
