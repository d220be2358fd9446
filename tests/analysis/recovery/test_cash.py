"""A worst case in cash by month and what a concession costs: by hand, and what must always hold."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import recovery as r


def test_two_accounts_by_hand():
    """One goes at once and owes two months of sales, one after two months and owes half a month; costs are cut from month four on."""
    found = r.cash_by_month([120.0, 60.0], [600.0, 240.0], [0, 2], [100.0, 10.0], cut=36.0, cut_from=3, months=5)
    assert found["margin_lost"].tolist() == [-10, -10, -15, -15, -15]
    assert found["receivables_in"].tolist() == [50, 50, 10, 0, 0]
    assert found["costs_cut"].tolist() == [0, 0, 0, 3, 3]
    assert found["cash"].tolist() == [40, 40, -5, -12, -12]
    assert found["cash_so_far"].tolist() == [40, 80, 75, 63, 51]


amount = st.integers(0, 10**6)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(amount, amount, st.integers(0, 12), amount), min_size=1, max_size=6))
def test_all_that_is_owed_comes_in_once_and_no_margin_is_missing_before_it_stops(rows):
    margin, revenue, stops, owed = (np.array(each, dtype=float) for each in zip(*rows, strict=True))
    found = r.cash_by_month(margin, revenue, stops, owed, months=24)
    assert found["margin_lost"].sum() == pytest.approx(-(margin / 12 * (24 - stops)).sum(), rel=1e-9, abs=1e-6)
    paid = np.minimum(owed, np.where(revenue > 0, revenue / 12 * (24 - stops), owed))
    assert found["receivables_in"].sum() == pytest.approx(paid.sum(), rel=1e-9, abs=1e-6)
    assert found["cash_so_far"].iloc[-1] == pytest.approx(found["cash"].sum(), rel=1e-9, abs=1e-5)
    assert (found.loc[found["month"] <= stops.min(), "cash"] == 0).all()


def test_what_is_not_known_of_receivables_is_none_and_nobody_is_nothing():
    assert r.cash_by_month([12.0], [60.0], receivables=[np.nan], months=2)["cash"].tolist() == [-1, -1]
    assert r.cash_by_month([], [], months=2)["cash"].tolist() == [0, 0]
    for wrong in ({"months": 0}, {"revenue": [1.0, 2.0]}):
        with pytest.raises(ValueError, match="expected"):
            r.cash_by_month(**({"margin": [1.0], "revenue": [1.0]} | wrong))


ACCOUNTS = pd.DataFrame(
    {
        "account_id": list("abcd"),
        "account_name": list("ABCD"),
        "revenue": [1000.0, 500.0, 100.0, 10.0],
        "exposure": [200.0, 20.0, 10.0, 1.0],
        "probability": [0.3, 0.3, None, 0.01],
    }
)
SIGNED = pd.DataFrame(
    {
        "account_id": ["a", "a", "b", "c", "d", "b"],
        "ends_on": ["2027-03-31", "2026-12-31", "2027-01-31", "2027-06-30", "2027-06-30", "2026-01-31"],
        "notice_by": ["2027-03-01", "2026-10-31", "2027-01-31", "2027-04-01", "2027-04-01", "2026-01-01"],
        "annual_value": [300.0, 400.0, 900.0, None, 10.0, 700.0],
    }
)
SIGNED = SIGNED.assign(**{name: pd.to_datetime(SIGNED[name]) for name in ("ends_on", "notice_by")})


def test_concessions_by_hand():
    """3% (1 to 5) of what is under contract: both contracts, at most what was bought, all where one has no value."""
    found = r.concessions(ACCOUNTS, SIGNED, date(2026, 9, 18), r.Range(0.03, 0.01, 0.05))
    rows = found.set_index("account_id")
    assert found["account_id"].tolist() == ["a", "b", "c", "d"], "the earliest notice first"
    assert rows["under_contract"].to_dict() == {"a": 700, "b": 500, "c": 100, "d": 10}
    assert rows["cost"].to_dict() == pytest.approx({"a": 21, "b": 15, "c": 3, "d": 0.3})
    assert (rows.loc["a", "cost_low"], rows.loc["a", "cost_high"]) == pytest.approx((7, 35))
    notice = ["2026-10-31", "2027-01-31", "2027-04-01", "2027-04-01"]
    assert [each.date().isoformat() for each in rows["notice_by"]] == notice
    # With 21 less of 200 the same is expected at 1 - 0.7 x 200 / 179; 15 of 20 is more than any fall brings back.
    pays = {"a": 1 - 140 / 179, "b": np.nan, "c": np.nan, "d": np.nan}
    assert rows["pays_at"].to_dict() == pytest.approx(pays, nan_ok=True)
    later = r.concessions(ACCOUNTS, SIGNED, date(2026, 11, 1), 0.03).set_index("account_id")
    # The notice of the contract that ends first has passed: the other one can be given notice next.
    assert later.loc["a", "notice_by"].date().isoformat() == "2027-03-01"


@settings(deadline=None, max_examples=60)
@given(st.floats(1, 1e6), st.floats(0, 1), st.floats(0.0, 1.0), st.floats(0, 1))
def test_at_the_chance_where_it_pays_both_ways_bring_the_same(revenue, margin, chance, part):
    rows = pd.DataFrame(
        {
            "account_id": ["a"],
            "account_name": ["A"],
            "revenue": [revenue],
            "exposure": [revenue * margin],
            "probability": [chance],
        }
    )
    ends = pd.to_datetime(["2027-01-31"])
    signed = pd.DataFrame({"account_id": ["a"], "ends_on": ends, "notice_by": ends})
    row = r.concessions(rows, signed, date(2026, 9, 18), part).iloc[0]
    if not np.isnan(row["pays_at"]):
        kept = (1 - row["pays_at"]) * (row["loss_if_lost"] - row["cost"])
        assert kept == pytest.approx((1 - chance) * row["loss_if_lost"], rel=1e-6, abs=1e-6)
        assert row["pays_at"] <= chance + 1e-9


def test_a_departure_with_accounts_counts_nobody_twice():
    rows = pd.DataFrame(
        {"account_id": list("abcde"), "account_name": list("ABCDE"), "revenue": [1000.0, 700.0, 300.0, 90.0, 55.0],
         "margin": [400.0, 210.0, 130.0, 17.0, -8.0]}
    )  # fmt: skip
    found = r.exposures(rows)
    lost = r.lose_with_manager(found, ["b", "a", "b"], ["a", "c", "e", "gone"], 0.2, "Roth leaves")
    assert (lost.account_ids, lost.handed_over) == (("a", "b"), ("c", "e"))
    assert lost.exposure == 400 + 210 + 0.2 * 130
    assert lost.revenue == pytest.approx(1000 + 700 + 0.2 * (300 + 55))
    assert (lost.exposure_share, lost.revenue_share) == pytest.approx((636 / 757, 1771 / 2145))
    left = r.remains(found, lost)
    assert (left.accounts, left.exposure) == (3, pytest.approx(757 - 636))
    assert left.revenue == pytest.approx(2145 - 1771)
    assert (left.largest_name, left.largest_share) == ("C", pytest.approx(104 / 121))
    lines = pd.DataFrame({"account_id": list("ac"), "product_line": ["P", "P"], "revenue": [100.0, 50.0]})
    assert r.lines_gone(lines, lost)["lost"].tolist() == [110]
    with pytest.raises(ValueError, match="part_lost: expected 0-1, got 2"):
        r.lose_with_manager(found, ["a"], [], 2.0)
