"""Significance: who carries what, by hand, against sums by hand, and for odd input."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis import segments as s


def rows(*entries):
    return pd.DataFrame(entries, columns=["account_id", "activity", "amount"])


def five():
    """Issue 4's three cases among five customers: 18% is key, 1% is not, 40% of a line of 6% is."""
    total = [("Ada", 18.0), ("Bo", 1.0), ("Caro", 2.5), ("Dag", 40.0), ("Eve", 38.5)]
    skids = [("Caro", 2.4), ("Dag", 3.6)]
    return rows(*((name, "revenue", x) for name, x in total), *((name, "product_line:Skids", x) for name, x in skids))


def test_five_accounts_worked_by_hand():
    found = s.significance(five(), 0.10)
    assert found["share"].round(6).tolist() == [0.18, 0.01, 0.025, 0.40, 0.385, 0.40, 0.60]
    assert found["significant"].tolist() == [True, False, False, True, True, True, True]
    keys = s.key_accounts(found)
    assert keys.to_dict("records") == [
        {"account_id": "Dag", "activities": ("product_line:Skids", "revenue"), "largest_share": pytest.approx(0.6)},
        {"account_id": "Caro", "activities": ("product_line:Skids",), "largest_share": pytest.approx(0.4)},
        {"account_id": "Eve", "activities": ("revenue",), "largest_share": pytest.approx(0.385)},
        {"account_id": "Ada", "activities": ("revenue",), "largest_share": pytest.approx(0.18)},
    ]


@pytest.mark.parametrize("total", [100.0, 3.0, 0.7, 1e9 / 7])
def test_the_threshold_is_inclusive_whatever_division_leaves(total):
    for part in (0.1, 0.3, 1 / 3, 0.07):
        found = s.significance(rows(("a", "x", total * part), ("b", "x", total - total * part)), part)
        assert bool(found["significant"].iloc[0])
        assert not s.significance(found[["account_id", "activity", "amount"]], part * 1.001)["significant"].iloc[0]


def test_a_loss_has_no_share_and_does_not_shrink_the_sum():
    found = s.significance(rows(("a", "m", 30.0), ("b", "m", -20.0), ("d", "m", 10.0), ("e", "m", 0.0)), 0.1)
    assert found["share"].tolist() == [0.75, 0.0, 0.25, 0.0]
    assert found["significant"].tolist() == [True, False, True, False]


def test_an_activity_without_anybody_above_zero_has_no_shares():
    found = s.significance(rows(("a", "m", -3.0), ("b", "m", 0.0), ("a", "n", 1.0)), 0.1)
    assert found["share"].tolist() == [0.0, 0.0, 1.0]
    assert s.key_accounts(found[found["activity"] == "m"]).empty


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.01, 18, float("nan")])
def test_a_threshold_outside_0_to_1_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold: expected above 0 and at most 1"):
        s.significance(five(), threshold)
    with pytest.raises(ValueError, match="part: expected above 0 and at most 1"):
        s.presence(pd.DataFrame({"account_id": ["a"], "region": ["N"], "revenue": [1.0]}), "revenue", threshold)


def test_amounts_that_are_no_numbers_and_repeated_rows_are_refused():
    with pytest.raises(ValueError, match="amount: expected finite numbers, got 2 others"):
        s.significance(rows(("a", "x", np.nan), ("b", "x", np.inf), ("d", "x", 1.0)), 0.1)
    with pytest.raises(ValueError, match=r"got 1 more \(first: a in x\)"):
        s.significance(rows(("a", "x", 1.0), ("a", "x", 2.0), ("a", "y", 2.0)), 0.1)


def test_an_empty_frame_has_no_keys():
    found = s.significance(five().iloc[:0], 0.1)
    assert found.empty
    assert s.key_accounts(found).columns.tolist() == ["account_id", "activities", "largest_share"]
    assert s.key_accounts(found).empty


def by_region(*entries):
    return pd.DataFrame(entries, columns=["account_id", "region", "revenue"])


def test_presence_is_the_part_of_our_regions_in_which_an_account_buys():
    sold = by_region(
        ("a", "N", 5.0), ("a", "S", 1.0), ("a", "E", -4.0), ("b", "E", 9.0), ("d", "W", 0.0), ("d", None, 8.0)
    )
    found = s.presence(sold, "revenue", 2 / 3)
    assert found.columns.tolist() == ["account_id", "activity", "amount", "share", "met", "significant"]
    assert found["account_id"].tolist() == ["a", "b"]
    assert found["amount"].tolist() == [2, 1]  # of N, S, E: nobody buys in W
    assert found["share"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert found["significant"].tolist() == [True, False]
    assert s.presence(sold[sold["region"] == "N"], "revenue", 0.5).empty


def test_presence_is_a_reason_of_its_own_and_no_share():
    found = pd.concat([
        s.significance(rows(("a", "revenue", 2.0), ("b", "revenue", 98.0)), 0.1),
        s.presence(by_region(("a", "N", 1.0), ("a", "S", 1.0), ("b", "S", 1.0)), "revenue", 0.6),
    ])  # fmt: skip
    keys = s.key_accounts(found)
    assert keys["activities"].tolist() == [("revenue",), ("presence",)]
    assert keys["largest_share"].tolist() == [0.98, 0.02]
    both = pd.concat([found, found[found["activity"] == "presence"].assign(account_id=["b", "a"])])
    assert s.key_accounts(both)["activities"].tolist() == [("revenue", "presence"), ("presence",)]


def test_lines_that_matter_are_those_of_the_concentration_question():
    sold = pd.DataFrame(
        [("a", "big", 90.0), ("b", "big", 2.0), ("b", "small", 7.0), ("d", "dust", 1.0)],
        columns=["account_id", "product_line", "revenue"],
    ).assign(account_name="-")
    whole = c.concentrate(sold.groupby(["account_id", "account_name"], as_index=False)["revenue"].sum(), "revenue")
    lines = c.activities(sold, "product_line", "revenue", 0.05, whole)
    found = s.significance(s.line_rows(sold, "revenue", lines), 0.1)
    leaders = {(each.account_id, line.activity): each.share for line in lines for each in line.leaders}
    shares = dict(zip(zip(found["account_id"], found["activity"], strict=True), found["share"], strict=True))
    assert shares == pytest.approx(leaders)
    assert "d" not in set(found["account_id"])
    assert s.line_rows(sold, "revenue", []).columns.tolist() == ["account_id", "activity", "amount"]


AMOUNTS = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(-200, 1000)), min_size=1, max_size=40
).map(lambda found: rows(*((f"A{i}", name, amount / 8) for i, (name, amount) in enumerate(found))))  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, st.integers(1, 99), st.integers(0, 2**32 - 1))
def test_keys_do_not_depend_on_the_currency_or_the_order_of_rows(frame, percent, seed):
    keys = s.key_accounts(s.significance(frame, percent / 100))
    shuffled = frame.sample(frac=1, random_state=seed).assign(amount=lambda each: each["amount"] * 1024)
    pd.testing.assert_frame_equal(s.key_accounts(s.significance(shuffled, percent / 100)), keys)


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, st.integers(1, 99))
def test_shares_add_up_and_agree_with_sums_by_hand(frame, percent):
    found = s.significance(frame, percent / 100)
    for name, each in found.groupby("activity"):
        gains = [max(x, 0.0) for x in frame.loc[frame["activity"] == name, "amount"]]
        assert each["share"].tolist() == pytest.approx([x / sum(gains) if sum(gains) else 0 for x in gains])
        # No more accounts can hold a part than it goes into the whole.
        assert each["significant"].sum() <= 100 / percent + 1e-9


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, st.integers(0, 39), st.integers(1, 5000))
def test_selling_more_to_an_account_never_takes_it_off_the_list(frame, at, more):
    at %= len(frame)
    name = frame["account_id"].iloc[at]
    grown = frame.assign(amount=frame["amount"] + np.where(np.arange(len(frame)) == at, more, 0))
    before, after = (set(s.key_accounts(s.significance(each, 0.1))["account_id"]) for each in (frame, grown))
    assert name in after or name not in before


def test_the_caller_s_frame_is_not_changed():
    frame = five().set_index(pd.Index(range(10, 17)))
    copy = frame.copy()
    s.key_accounts(s.significance(frame, 0.1))
    pd.testing.assert_frame_equal(frame, copy)


def met(frame):
    return [tuple(each) for each in s.tells_nobody_apart(frame).to_numpy().tolist()]


def anywhere(customers, in_two):
    """So many customers, the first of them in both of two regions, the others in one."""
    sold = [(f"{at:03d}", region, 1.0) for at in range(customers) for region in ("N", "S")[: 2 if at < in_two else 1]]
    return by_region(*sold, ("000", "S", 1.0)).drop_duplicates(["account_id", "region"])


def test_half_of_two_regions_is_everybody_and_tells_nobody_apart():
    found = s.presence(anywhere(40, 1), "revenue", 0.5)
    assert found["met"].all()
    assert not found["significant"].any()
    assert met(found) == [("presence", 40, 40)]
    # Buying in both of them does tell apart, as long as it is not the rule.
    both = s.presence(anywhere(40, 20), "revenue", 1.0)
    assert both["significant"].sum() == 20  # exactly half is no majority
    assert met(both) == []
    assert met(s.presence(anywhere(40, 21), "revenue", 1.0)) == [("presence", 21, 40)]


def test_a_share_that_most_of_ten_customers_reach_tells_nobody_apart():
    names = list("abcdefghij")
    # Six of ten carry a tenth or more.
    sales = rows(*((name, "revenue", 15.0 if at < 6 else 2.5) for at, name in enumerate(names)))
    assert met(s.significance(sales, 0.1)) == [("revenue", 6, 10)]
    assert s.key_accounts(s.significance(sales, 0.1)).empty
    # Five of ten are no majority; nine customers are few enough to know each by name.
    five_of_ten = rows(*((name, "revenue", 18.0 if at < 5 else 2.0) for at, name in enumerate(names)))
    assert len(s.key_accounts(s.significance(five_of_ten, 0.1))) == 5
    assert len(s.key_accounts(s.significance(sales.iloc[:9], 0.1))) == 6
    # A line is held against all customers, not against the few that buy it.
    skids = rows(*((name, "skids", 1.0) for name in names[:4]))
    keys = s.key_accounts(s.significance(pd.concat([sales, skids]), 0.1))
    assert keys["account_id"].tolist() == names[:4]
    assert set(keys["activities"]) == {("skids",)}


def test_what_tells_nobody_apart_in_one_year_is_left_out_of_the_year_it_is_held_against():
    found = s.significance(rows(("a", "revenue", 40.0), ("b", "revenue", 60.0), ("a", "units", 1.0)), 0.5)
    assert s.key_accounts(s.without_activities(found, ["revenue"]))["activities"].tolist() == [("units",)]
    assert s.key_accounts(s.without_activities(found, []))["account_id"].tolist() == ["a", "b"]


REGIONS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from("NSEW")), min_size=1, max_size=80, unique=True
).map(lambda found: by_region(*((f"A{who}", where, 1.0) for who, where in found)))  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(REGIONS, st.sampled_from([0.25, 0.5, 2 / 3, 0.75, 1.0]))
def test_presence_makes_half_of_the_customers_key_at_most_and_agrees_with_counts_by_hand(sold, part):
    found = s.presence(sold, "revenue", part)
    of = {name: set(each["region"]) for name, each in sold.groupby("account_id")}
    ours = set().union(*of.values())
    wide = {name for name, each in of.items() if len(each) >= part * len(ours) - 1e-9} if len(ours) > 1 else set()
    expected = wide if 2 * len(wide) <= len(of) else set()
    assert set(found.loc[found["significant"], "account_id"]) == expected
    assert met(found) == ([("presence", len(wide), len(of))] if 2 * len(wide) > len(of) else [])


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, st.integers(1, 40))
def test_an_activity_is_left_out_exactly_where_most_of_ten_or_more_customers_meet_it(frame, percent):
    found = s.significance(frame, percent / 100)
    customers = {row.account_id for row in frame.itertuples() if row.amount > 0}
    for name, each in found.groupby("activity"):
        many = len(customers) >= 10 and 2 * int(each["met"].sum()) > len(customers)
        assert (name in {one[0] for one in met(found)}) == many
        assert each["significant"].tolist() == ([False] * len(each) if many else each["met"].tolist())


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, REGIONS, st.integers(2, 60))
def test_the_list_at_each_threshold_is_the_list_made_anew(frame, sold, percent):
    share = percent / 100
    apart = s.presence(sold, "revenue", 0.75)
    found = s.by_threshold(pd.concat([s.significance(frame, share), apart]), share)
    now = set(s.key_accounts(pd.concat([s.significance(frame, share), apart]))["account_id"])
    assert found["times"].tolist() == [each for each in (0.5, 0.75, 1.0, 1.25, 1.5) if share * each <= 1 + 1e-12]
    for row in found.itertuples():
        keys = s.key_accounts(pd.concat([s.significance(frame, row.threshold), apart]))
        ids = set(keys["account_id"])
        assert (row.keys, set(row.entered), set(row.left)) == (len(ids), ids - now, now - ids)
        assert set(row.by_presence) == {
            one.account_id for one in keys.itertuples() if set(one.activities) == {"presence"}
        }
        assert row.threshold == pytest.approx(share * row.times)


def test_who_comes_in_and_who_goes_out_by_hand():
    sales = rows(("a", "revenue", 60.0), ("b", "revenue", 13.0), ("c", "revenue", 11.0), ("d", "revenue", 9.0),
                 ("e", "revenue", 7.0))  # fmt: skip
    wide = by_region(
        *((name, region, 1.0) for name, there in (("e", "NS"), ("a", "N"), ("b", "S")) for region in there)
    )
    every = pd.concat([s.significance(sales, 0.1), s.presence(wide, "revenue", 1.0)])
    found = s.by_threshold(every, 0.1).set_index("times")
    assert found["threshold"].tolist() == [0.05, 0.075, 0.1, 0.125, 0.15]
    assert found["keys"].tolist() == [5, 5, 4, 3, 2]
    assert found["entered"].tolist() == [("d",), ("d",), (), (), ()]
    assert found["left"].tolist() == [(), (), (), ("c",), ("b", "c")]
    assert found["by_presence"].tolist() == [(), ("e",), ("e",), ("e",), ("e",)]


def test_a_row_of_many_activities_takes_little_memory():
    """What of a million accounts are ten million rows: 46 bytes for each where all were looked through at once."""
    ids = pd.Series([f"C-{number:05d}" for number in range(20_000)], dtype="str")
    sold = pd.DataFrame({"account_id": ids, "revenue": np.arange(20_000.0) + 1})
    many = pd.concat([s.activity_rows(sold, f"product_line:{at}", "revenue") for at in range(10)], ignore_index=True)
    s.significance(many, 0.1)
    tracemalloc.start()
    try:
        s.significance(many, 0.1)
        assert tracemalloc.get_traced_memory()[1] < 38 * len(many)
    finally:
        tracemalloc.stop()
