"""Profit after cost to serve: by hand, against a loop in whole cents, and adding up to the margin."""

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import segments as s
from kam_analysis.analysis.segments.profit import PATTERN, RECORDED

NAN = float("nan")
HOUR, ORDER = s.Cost(2.0, 1.0, 3.0), s.Cost(0.5, 0.25, 1.0)
# margin, hours a month, assumed, complexity, rebates, orders
ROWS = {
    "ada": (30.0, 0.5, False, 3.0, 4.0, 6.0),
    "bo": (7.5, 0.25, False, 1.0, 3.0, 1.0),
    "caro": (5.0, NAN, False, 3.0, NAN, 2.0),
    "dag": (4.0, 0.2, True, 3.0, 0.5, NAN),
    "eve": (1.1, NAN, False, 5.0, NAN, 1.0),
    "fay": (-2.0, 0.0, False, NAN, NAN, 0.0),
}


def frames(rows=ROWS):
    margin, hours, assumed, complexity, rebates, orders = zip(*rows.values(), strict=True)
    ids = list(rows)
    sold = pd.DataFrame(
        {"account_id": ids, "account_name": [each.title() for each in ids], "revenue": 100.0, "margin": margin}
    )
    spent = pd.DataFrame({"account_id": ids, "hours": hours, "assumed": assumed})
    counted = pd.DataFrame({"account_id": ids, "orders": orders})
    return sold, spent, counted, pd.Series(rebates, ids).dropna(), pd.Series(complexity, ids)


def test_by_hand():
    sold, spent, _, rebates, complexity = frames()
    found = s.profit_after_service(sold, spent, HOUR, rebates=rebates, complexity=complexity)
    told = found.accounts.set_index("account_id")
    # Hours of twelve months; caro's are the median of ada's 6 and dag's 2.4, who are as complex.
    assert told["hours"].to_dict() == pytest.approx(
        {"ada": 6, "bo": 3, "caro": 4.2, "dag": 2.4, "eve": NAN, "fay": 0}, nan_ok=True
    )
    assert told["hours_from"].fillna("").to_dict() == {
        "ada": RECORDED, "bo": RECORDED, "caro": s.COMPLEXITY, "dag": PATTERN, "eve": "", "fay": RECORDED,
    }  # fmt: skip
    # 30 - 12 - 4; 7.5 - 6 - 3; 5 - 8.4; 4 - 4.8 - 0.5; nobody is as complex as eve; -2.
    assert list(told.index) == ["ada", "dag", "bo", "fay", "caro", "eve"]
    assert told["profit"].tolist() == pytest.approx([14, -1.3, -1.5, -2, -3.4, NAN], nan_ok=True)
    assert told["profit_low"].tolist() == pytest.approx([8, -3.7, -4.5, -2, -7.6, NAN], nan_ok=True)
    assert told["profit_high"].tolist() == pytest.approx([20, 1.1, 1.5, -2, 0.8, NAN], nan_ok=True)
    assert (found.margin, found.service, found.rebates, found.profit, found.not_assessed) == (45.6, 31.2, 7.5, 5.8, 1.1)
    assert found.losing["account_id"].tolist() == ["caro", "fay", "bo", "dag"]


def test_orders_cost_too_where_that_is_known():
    sold, spent, orders, _, _ = frames()
    with_orders = s.profit_after_service(sold, spent, HOUR, orders=orders, per_order=ORDER)
    told = with_orders.accounts.set_index("account_id")
    # 30 - 12 - 6 x 0.5, within 30 - 18 - 6 and 30 - 6 - 1.5; dag has no order, caro no hours.
    assert told.loc["ada", ["service", "profit", "profit_low", "profit_high"]].tolist() == [15.0, 15.0, 6.0, 22.5]
    assert told.loc["dag", "service"] == 4.8
    assert told["profit"].isna().sum() == 2
    for more in ({"orders": orders}, {"per_order": ORDER}):
        alone = s.profit_after_service(sold, spent, HOUR, **more).accounts.set_index("account_id")
        assert alone.loc["ada", "service"] == 12.0


def test_without_anybody_and_without_any_hours():
    sold, spent, _, _, complexity = frames()
    nobody = s.profit_after_service(sold.head(0), spent, HOUR)
    assert (nobody.accounts.empty, nobody.margin, nobody.losing.empty) == (True, 0.0, True)
    unknown = s.profit_after_service(sold, spent.assign(hours=NAN), HOUR, complexity=complexity)
    assert unknown.accounts["profit"].isna().all()
    assert (unknown.not_assessed, unknown.profit) == (45.6, 0.0)
    # An account of which the hours' frame knows nothing is not assessed.
    assert s.profit_after_service(sold, spent.head(1), HOUR).accounts["profit"].notna().sum() == 1


def test_what_cannot_be_is_refused():
    sold, spent, _, _, _ = frames()
    with pytest.raises(ValueError, match=r"cost of an hour: expected 0 <= low <= value <= high, got 3, 2, 4"):
        s.profit_after_service(sold, spent, s.Cost(2, 3, 4))
    with pytest.raises(ValueError, match=r"cost of an order: .* got -1, 0, 1"):
        s.profit_after_service(sold, spent, HOUR, per_order=s.Cost(0, -1, 1))
    with pytest.raises(ValueError, match=r"rebates: expected at or above 0, got other in 1 \(bo\)"):
        s.profit_after_service(sold, spent, HOUR, rebates=pd.Series({"bo": -0.1, "ada": 0.0}))


cents = st.integers(-50_000, 500_000)
hours = st.none() | st.integers(0, 40)
row = st.tuples(cents, hours, st.sampled_from([None, 1, 2, 3]), st.none() | st.integers(0, 9_000))


@settings(deadline=None, max_examples=60)
@given(st.lists(row, max_size=8), st.integers(0, 9_999))
def test_equals_a_loop_in_whole_cents(drawn, price):
    """Hours in quarters and a price in cents: every product is a whole number of quarter cents."""
    ids = [f"a{at}" for at in range(len(drawn))]
    names = ["account_id", "account_name", "revenue", "margin"]
    sold = pd.DataFrame([(each, each, 1.0, row[0] / 100) for each, row in zip(ids, drawn, strict=True)], columns=names)
    spent = pd.DataFrame(
        [(each, NAN if row[1] is None else row[1] / 48, False) for each, row in zip(ids, drawn, strict=True)],
        columns=["account_id", "hours", "assumed"],
    ).astype({"account_id": "str", "hours": "float64", "assumed": "bool"})
    rebates = pd.Series(
        {each: row[3] / 100 for each, row in zip(ids, drawn, strict=True) if row[3] is not None}, dtype="float64"
    )
    complexity = pd.Series([row[2] for row in drawn], ids, dtype="float64")
    found = s.profit_after_service(
        sold.astype({"account_id": "str"}),
        spent,
        s.Cost(price / 100, 0, price / 50),
        rebates=rebates,
        complexity=complexity,
    )
    told = found.accounts.set_index("account_id")
    for each, (margin, quarters, like, back) in zip(ids, drawn, strict=True):
        if quarters is None and like is not None:
            others = sorted(row[1] for row in drawn if row[1] is not None and row[2] == like)
            half = len(others) // 2
            quarters = None if not others else Fraction(others[half] + others[-half - 1], 2)
        if quarters is None:
            assert math.isnan(told.loc[each, "profit"])
        else:
            wanted = margin - Fraction(quarters, 4) * price - (back or 0)
            assert abs(Fraction(round(told.loc[each, "profit"] * 100)) - wanted) <= Fraction(1, 2)
    parts = (found.service, found.rebates, found.profit, found.not_assessed)
    assert sum(round(part * 100) for part in parts) == round(found.margin * 100) == sum(row[0] for row in drawn)
