"""Criteria from the ledger's frames, by hand: what each counts, and what happens where data is missing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis import segments as s

NAN = float("nan")
NAMES = [each.name for each in s.CRITERIA]


def book(**amounts):
    rows = pd.DataFrame({"account_id": list(amounts), "account_name": list(amounts), "revenue": list(amounts.values())})
    return c.concentrate(rows, "revenue")


BOOK = book(b=200.0, a=500.0, d=50.0)


def per_account(**columns):
    return pd.DataFrame(columns, index=pd.Index(["d", "a", "b", "other"], name="account_id")).reset_index()


def test_transactions_alone_give_volume():
    found = s.raw_criteria(BOOK)
    assert found.to_dict("list") == {"account_id": ["a", "b", "d"], "volume": [500.0, 200.0, 50.0]}


def test_profit_is_margin_less_the_cost_of_orders_where_that_is_known():
    margin = per_account(margin=[5.0, 100.0, NAN, 7.0])
    habits = per_account(orders=[2, 10, 1, 4], sold=1.0, credited=0.0)
    assert s.raw_criteria(BOOK, margin)["profit"].tolist() == pytest.approx([100, NAN, 5], nan_ok=True)
    found = s.raw_criteria(BOOK, margin, habits=habits, cost_per_order=3.0)["profit"]
    assert found.tolist() == pytest.approx([70, NAN, -1], nan_ok=True)


def test_reach_nearness_and_headroom():
    served = pd.DataFrame({"account_id": ["b", "a"], "activity": "presence", "amount": [1, 3]})
    traits = per_account(distance_km=[9.0, NAN, 700.0, 1.0], annual_spend=[40.0, 900.0, NAN, 5.0])
    found = s.raw_criteria(BOOK, served=served, traits=traits)
    assert found["reach"].tolist() == pytest.approx([3, 1, NAN], nan_ok=True)
    assert found["nearness"].tolist() == pytest.approx([NAN, 700, 9], nan_ok=True)
    assert found["headroom"].tolist() == pytest.approx([400, NAN, 0], nan_ok=True)


def test_longevity_is_years_from_the_earlier_day_times_continuity():
    traits = per_account(customer_since=pd.to_datetime(["2020-01-01", None, "2024-06-01", None]))
    habits = per_account(first_day=pd.to_datetime(["2023-01-01", "2025-01-01", "2023-01-01", "2023-01-01"]))
    as_of = date(2026, 1, 1)
    years = [365 / 365.25, 1096 / 365.25, 2192 / 365.25]
    assert s.raw_criteria(BOOK, habits=habits, traits=traits, as_of=as_of)["longevity"].tolist() == pytest.approx(years)
    months = per_account(
        months=[12, 12, 12, 12], amount=[120.0, 30.0, 0.0, 9.0], squares=[1200.0, 300.0, 50.0, 9.0],
        recent=0.0, year_before=0.0, changes=0, changes_sum=0.0, changes_squares=0.0,
    )  # fmt: skip
    found = s.raw_criteria(BOOK, habits=habits, traits=traits, statistics=months, as_of=as_of)["longevity"]
    assert found.tolist() == pytest.approx([years[0] * 0.25, 0, years[2]])
    assert "longevity" not in s.raw_criteria(BOOK, habits=habits, traits=traits)


@pytest.mark.parametrize(
    ("months", "part"),
    [([10.0] * 12, 1), ([10.0] * 11 + [0.0], 11 / 12), ([0.0] * 9 + [10.0] * 3, 0.25), ([0.0] * 12, 0)],
)
def test_continuity_is_the_part_of_months_bought_in(months, part):
    row = {"account_id": ["a"], "months": [12], "amount": [sum(months)], "squares": [sum(x * x for x in months)]}
    assert s.continuity(pd.DataFrame(row)).tolist() == pytest.approx([part])


def statistics(series, recent=6):
    """What the ledger computes in its engine, here from a list of months by hand."""
    changes = [series[t] - series[t - 12] for t in range(12, len(series) - recent)]
    return pd.DataFrame({
        "account_id": ["a"], "recent": [sum(series[-recent:])], "year_before": [sum(series[-recent - 12 : -12])],
        "changes": [len(changes)], "changes_sum": [sum(changes)], "changes_squares": [sum(x * x for x in changes)],
    })  # fmt: skip


def test_growth_is_the_change_beside_its_uncertainty_by_hand():
    rng = np.random.default_rng(7)
    series = [float(x) for x in rng.normal(100, 10, 36)]
    series[-6:] = [each + 15 for each in series[-6:]]
    changes = [series[t] - series[t - 12] for t in range(12, 30)]
    before = sum(series[18:24])
    uncertainty = np.hypot(np.std(changes, ddof=1) * np.sqrt(6) / before, 0.1)
    [found] = s.growth(statistics(series))
    assert found == pytest.approx((sum(series[30:]) - before) / before / uncertainty)
    assert 0 < found < 3  # not the cap


def test_growth_is_capped_and_not_assessed_without_a_past():
    steady = [100.0] * 30
    assert s.growth(statistics([*steady, *[101.0] * 6])).tolist() == pytest.approx([0.1])
    assert s.growth(statistics([*steady, *[300.0] * 6])).tolist() == [3.0]
    assert s.growth(statistics([*steady, *[0.0] * 6])).tolist() == [-3.0]
    assert s.growth(statistics([0.0] * 30 + [5.0] * 6)).isna().all()
    assert s.growth(statistics([100.0] * 23)).isna().all()  # five earlier changes


def test_ease_is_the_mean_of_what_is_known():
    traits = per_account(service_complexity=[5.0, 1.0, NAN, 3.0])
    # Average orders of d, a, b: 25, 100, 50; the median of the book's accounts is 50.
    habits = per_account(
        orders=[2, 5, 4, 1], sold=[50.0, 500.0, 200.0, 10.0], credited=[-10.0, 0.0, -10.0, 0.0],
        first_day=pd.Timestamp("2024-01-01"),
    )  # fmt: skip
    found = s.raw_criteria(BOOK, habits=habits, traits=traits)["ease"].tolist()
    assert found == pytest.approx([(1 + 1 + 2 / 3) / 3, (0.5 + 0.5) / 2, (0 + 0 + 1 / 3) / 3])
    assert s.raw_criteria(BOOK, traits=traits)["ease"].tolist() == pytest.approx([1, NAN, 0], nan_ok=True)
    habits = habits.assign(orders=0, sold=0.0)
    assert "ease" not in s.raw_criteria(BOOK, habits=habits)


def test_every_criterion_can_be_assessed_and_none_is_made_of_nothing():
    everything = per_account(
        margin=1.0, amount=2.0, orders=3, sold=4.0, credited=-0.1, first_day=pd.Timestamp("2024-01-01"), months=12,
        squares=5.0, recent=6.0, year_before=7.0, changes=9, changes_sum=0.0, changes_squares=1.0, distance_km=8.0,
        annual_spend=900.0, service_complexity=2, customer_since=pd.Timestamp("2011-01-01"),
    )  # fmt: skip
    found = s.raw_criteria(BOOK, *[everything] * 5, as_of=date(2026, 1, 1))
    assert found.columns.tolist() == ["account_id", *NAMES]
    assert found.notna().all(axis=None)
    empty = everything.assign(**dict.fromkeys(("annual_spend", "service_complexity"), np.nan))
    assert "headroom" not in s.raw_criteria(BOOK, traits=empty)
    assert "ease" not in s.raw_criteria(BOOK, traits=empty)


def test_every_criterion_says_how_it_is_made_and_what_it_needs():
    assert NAMES == ["volume", "profit", "reach", "nearness", "longevity", "growth", "headroom", "ease"]
    assert [each.name for each in s.CRITERIA if each.direction == "less"] == ["nearness"]
    assert all(each.label and each.unit and each.method and each.short and each.needs for each in s.CRITERIA)
