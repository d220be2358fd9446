"""Activities: which of them count, who carries each, and who is small in total and large in one."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c


def rows(*entries, by="line"):
    frame = pd.DataFrame(entries, columns=["account_id", by, "revenue"])
    frame.insert(1, "account_name", frame["account_id"].str.upper())
    return frame


def book(frame):
    totals = frame.groupby(["account_id", "account_name"], as_index=False)["revenue"].sum()
    return c.concentrate(totals, "revenue")


LINES = rows(("a", "x", 50.0), ("b", "x", 40.0), ("a", "y", 1.0), ("b", "y", 5.0), ("a", "tiny", 4.0))


def test_activities_leave_out_what_is_too_small_to_matter():
    found = c.activities(LINES, "line", "revenue", 0.05, book(LINES))
    assert [each.activity for each in found] == ["line:x", "line:y"]
    first = found[1].largest
    assert (first.account_id, first.account_name, first.amount) == ("b", "B", 5.0)
    assert (first.share, first.share_of_total) == (pytest.approx(5 / 6), 0.45)
    assert found[1].share_of_total == pytest.approx(0.06)
    assert found[1].effective_accounts == pytest.approx(36 / 26)


def test_a_line_of_exactly_the_share_counts_and_a_named_one_always():
    found = c.activities(LINES, "line", "revenue", 0.06, book(LINES), always=["line:tiny", "line:none"])
    assert [each.name for each in found] == ["x", "y", "tiny"]


def test_an_activity_without_anybody_above_zero_is_none_even_if_named():
    frame = rows(("a", "x", 10.0), ("a", "y", -2.0), ("b", "y", 0.0))
    assert [each.name for each in c.activities(frame, "line", "revenue", 0.0, book(frame), ["line:y"])] == ["x"]
    assert c.activity(frame.iloc[1:], "line", "y", "revenue", book(frame)) is None


def test_a_net_loss_making_line_is_told_only_if_named_and_by_its_gains():
    frame = rows(
        ("a", "x", 100.0),
        ("a", "y", 10.0),
        ("b", "y", -30.0),
        ("d", "y", -1.0),
        ("a", "even", 5.0),
        ("d", "even", -5.0),
    )
    whole = book(frame)
    assert [each.name for each in c.activities(frame, "line", "revenue", 0.0, whole)] == ["x"]
    [_, found] = c.activities(frame, "line", "revenue", 0.05, whole, ["line:y"])
    assert (found.amount, found.losses, found.loss_accounts, found.accounts) == (10.0, -31.0, 2, 1)
    assert found.share_of_total == pytest.approx(-21 / 115)
    assert found.largest.share == 1.0


def test_margin_near_zero_in_total_has_shares_of_the_gains():
    whole = c.concentrate(rows(("a", "", 60.0), ("b", "", 40.0)), "revenue")
    margin = rows(("a", "", -9.0), ("b", "", 6.0), ("d", "", 4.0)).rename(columns={"revenue": "margin"})
    found = c.activity(margin, "measure", "margin", "margin", whole)
    assert found is not None
    assert (found.activity, found.amount, found.losses, found.loss_accounts) == ("measure:margin", 10.0, -9.0, 1)
    assert [(each.account_id, each.share, each.share_of_total) for each in found.leaders] == [
        ("b", 0.6, 0.4),
        ("d", 0.4, 0.0),
    ]
    assert math.isnan(found.share_of_total)


def test_presence_counts_regions_in_which_an_account_buys():
    frame = rows(
        ("a", "N", 1.0), ("a", "S", 1.0), ("a", "E", -1.0), ("b", "N", 5.0), ("d", "N", 2.0), ("d", "S", 2.0),
        ("b", "E", 0.0), ("b", "W", 3.0), ("e", None, 99.0), by="region",
    )  # fmt: skip
    whole = book(frame)
    found = c.presence(frame, "revenue", whole)
    assert found is not None
    # E is nobody's: only a credit note and a zero.
    assert (found.kind, found.amount, found.accounts) == ("presence", 3.0, 3)
    assert math.isnan(found.effective_accounts)
    assert [(each.account_id, each.amount) for each in found.leaders] == [("b", 2.0), ("d", 2.0), ("a", 2.0)]
    assert found.largest.share == pytest.approx(2 / 3)
    assert found.largest.share_of_total == whole.share_of("b")
    assert c.presence(frame[frame["region"] == "N"], "revenue", whole) is None


def test_hidden_are_small_in_total_and_large_in_one():
    frame = rows(("a", "x", 80.0), ("b", "x", 11.0), ("d", "y", 4.0), ("b", "y", 5.0))
    whole = book(frame)
    every = [*c.activities(frame, "line", "revenue", 0.05, whole)]
    everywhere = c.presence(frame.rename(columns={"line": "region"}), "revenue", whole)
    assert everywhere is not None
    found = c.hidden([*every, everywhere], 0.10)
    assert [(each.account_id, each.activity, each.share) for each in found] == [("d", "line:y", pytest.approx(4 / 9))]
    # b has 16% of the whole: hidden only from a threshold above that.
    assert [each.account_id for each in c.hidden(every, 0.2)] == ["b", "d"]
    with pytest.raises(ValueError, match=r"expected 0.01 to 1, got 0.001"):
        c.hidden(every, 0.001)


def test_leaders_are_everybody_from_one_percent_on_and_five_at_least():
    frame = rows(*[(f"{i:04d}", "x", 1.0) for i in range(300)], ("big", "x", 700.0))
    found = c.activity(frame, "line", "x", "revenue", book(frame))
    assert found is not None
    assert [each.account_id for each in found.leaders] == ["big", "0000", "0001", "0002", "0003"]
    even = rows(*[(f"{i:04d}", "x", 1.0) for i in reversed(range(100))])
    full = c.activity(even, "line", "x", "revenue", book(even))
    assert full is not None
    assert [each.account_id for each in full.leaders] == [f"{i:04d}" for i in range(100)]


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), st.integers(-50, 50), min_size=1))
def test_lines_add_up_and_leaders_are_the_definition(amounts):
    frame = rows(*[(account, line, float(amount)) for (account, line), amount in amounts.items()])
    whole, copy = book(frame), frame.copy()
    names = [f"line:{each}" for each in "xyz"]
    for each in c.activities(frame, "line", "revenue", 0.0, whole, names):
        of_line = {account: amount for (account, line), amount in amounts.items() if line == each.name}
        gains = {account: amount for account, amount in of_line.items() if amount > 0}
        assert each.amount == sum(gains.values())
        assert each.amount + each.losses == sum(of_line.values())
        assert each.accounts + each.loss_accounts == sum(amount != 0 for amount in of_line.values())
        assert [leader.account_id for leader in each.leaders] == sorted(gains, key=lambda name: (-gains[name], name))
        assert each.effective_accounts == pytest.approx(
            1 / sum(np.square([amount / each.amount for amount in gains.values()]))
        )
        assert all(leader.share_of_total == whole.share_of(leader.account_id) for leader in each.leaders)
    pd.testing.assert_frame_equal(frame, copy)
