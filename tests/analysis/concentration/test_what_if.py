"""What if one account changes: the closed forms against a book that is built anew for every factor."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c


def book(amounts):
    names = [f"{i:02d}" for i in range(len(amounts))]
    return c.concentrate(pd.DataFrame({"account_id": names, "account_name": names, "revenue": amounts}), "revenue")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.01, 1e9), min_size=2, max_size=9), st.integers(0, 8))
def test_against_a_book_built_anew(amounts, which):
    at = which % len(amounts)
    found = c.what_if(book(amounts), f"{at:02d}", [0, 0.3, 1, 2])
    for row in found.to_dict("records"):
        changed = [amount * (row["factor"] if i == at else 1) for i, amount in enumerate(amounts)]
        other = book(changed)
        assert row["total"] == pytest.approx(other.total)
        assert row["amount"] == pytest.approx(changed[at])
        assert row["share"] == pytest.approx(other.share_of(f"{at:02d}"))
        assert [row["top_1_share"], row["top_5_share"]] == pytest.approx([other.top(1), other.top(5)])
        assert (row["hhi"], row["effective_accounts"]) == pytest.approx((other.hhi, other.effective_accounts))


def test_today_stands_at_one_and_the_steps_are_tenths():
    today = book([50.0, 30.0, 10.0, 5.0, 3.0, 2.0])
    found = c.what_if(today, "00")
    assert len(found) == 21
    assert found["factor"].tolist() == pytest.approx(np.linspace(0, 2, 21).tolist())
    row = found[found["factor"] == 1].iloc[0]
    assert (row["hhi"], row["top_5_share"]) == pytest.approx((today.hhi, today.top(5)))


def test_a_dominant_account_gone_leaves_the_others_exactly():
    found = c.what_if(book([1e12, 3.0, 1.0]), "00", [0])
    assert found["hhi"].iloc[0] == pytest.approx(0.625, rel=1e-15)


def test_the_only_account_gone_leaves_nothing():
    found = c.what_if(book([5.0]), "00", [0, 2])
    assert math.isnan(found["share"].iloc[0])
    assert math.isnan(found["hhi"].iloc[0])
    assert found.iloc[1][["share", "top_1_share", "top_5_share", "hhi"]].tolist() == [1.0] * 4


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="account 99: expected one with a share"):
        c.what_if(book([5.0, 1.0]), "99")
    with pytest.raises(ValueError, match=r"0 or more, got -0.5"):
        c.what_if(book([5.0, 1.0]), "00", [-0.5, 1])
