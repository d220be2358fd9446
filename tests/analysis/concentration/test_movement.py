"""What moved between two periods: bridge and HHI split against sums taken account by account."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c


def frame(**amounts):
    names = [name.upper() for name in amounts]
    ids = pd.Series(list(amounts), dtype="str")
    return pd.DataFrame({"account_id": ids, "account_name": pd.Series(names, dtype="str")}).assign(
        revenue=pd.Series(list(amounts.values()), dtype="float64")
    )


# Cents, so that the independent route is exact: credit notes and zeros among them.
cents = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-300, 10**11), max_size=8)


def in_money(amounts):
    return frame(**{name: amount / 100 for name, amount in amounts.items()})


def test_the_mover_is_who_moved_with_the_five_largest():
    before = c.concentrate(frame(a=40.0, b=30.0, d=20.0, e=5.0, f=4.0, g=1.0), "revenue")
    now = c.concentrate(frame(a=40.0, b=30.0, d=10.0, e=5.0, f=4.0, g=30.0), "revenue")
    mover = c.top_mover(now, before)
    # The five fell from 99 to 97%, d from 20 to 8%; g rose, but against the direction.
    assert mover is not None
    assert mover.account_id == "d"
    back = c.top_mover(before, now)
    assert back is not None
    assert (back.account_id, back.change) == ("d", pytest.approx(0.2 - 10 / 119))
    assert c.top_mover(now, now) is None


def test_bridge_by_hand():
    before = frame(steady=100.0, up=50.0, down=80.0, gone=30.0, credited=20.0, never=-5.0)
    now = frame(steady=100.0, up=75.0, down=60.5, fresh=10.25, credited=-4.0, never=0.0, returned=-1.0)
    found = c.bridge(now, before, "revenue")
    assert (found.opening, found.closing) == (280.0, 245.75)
    assert (found.new, found.grown, found.shrunk, found.lost) == (10.25, 25.0, -19.5, -50.0)
    assert [found.count(kind) for kind in ("new", "grown", "shrunk", "lost", "same")] == [1, 1, 1, 2, 1]
    assert found.kept == pytest.approx((280 - 50 - 19.5) / 280)
    assert found.kept_plus_grown == pytest.approx((280 - 50 - 19.5 + 25) / 280)
    assert found.accounts["account_id"].tolist() == ["gone", "up", "credited", "down", "fresh", "steady"]
    assert found.accounts.iloc[2].tolist() == ["credited", "CREDITED", 20.0, 0.0, -20.0, "lost"]
    with pytest.raises(ValueError, match="one of new, grown, shrunk, lost, same, got kept"):
        found.count("kept")


def test_bridge_without_a_period():
    nothing, some = frame(), frame(a=1.0)
    first = c.bridge(some, nothing, "revenue")
    assert (first.opening, first.new, first.closing) == (0.0, 1.0, 1.0)
    assert first.kept != first.kept
    assert first.kept_plus_grown != first.kept_plus_grown
    last = c.bridge(nothing, some, "revenue")
    assert (last.lost, last.closing, last.kept, last.kept_plus_grown) == (-1.0, 0.0, 0.0, 0.0)
    assert c.bridge(nothing, nothing, "revenue").accounts.empty


def test_bridge_names_an_account_as_it_is_called_now_and_leaves_the_frames_alone():
    before, now = frame(a=1.0, b=1.0), frame(a=2.0).assign(account_name="New Name")
    copies = before.copy(), now.copy()
    found = c.bridge(now, before, "revenue").accounts
    assert found.set_index("account_id")["account_name"].to_dict() == {"a": "New Name", "b": "B"}
    pd.testing.assert_frame_equal(before, copies[0])
    pd.testing.assert_frame_equal(now, copies[1])


@settings(deadline=None, max_examples=60)
@given(cents, cents)
def test_bridge_adds_up_to_the_cent(now, before):
    found = c.bridge(in_money(now), in_money(before), "revenue")
    exact = {name: Decimal(repr(getattr(found, name))) for name in ("opening", "new", "grown", "shrunk", "lost")}
    closing = Decimal(repr(found.closing))
    assert sum(exact.values()) == closing == sum(Decimal(max(each, 0)) for each in now.values()) / 100
    moves = {name: max(now.get(name, 0), 0) - max(before.get(name, 0), 0) for name in {*now, *before}}
    here = {name for name in moves if max(now.get(name, 0), before.get(name, 0)) > 0}
    lost = {name for name in here if now.get(name, 0) <= 0}
    assert exact["lost"] * 100 == sum(moves[name] for name in lost)
    assert exact["shrunk"] * 100 == sum(moves[name] for name in here - lost if moves[name] < 0)
    assert set(found.accounts.query("kind == 'lost'")["account_id"]) == lost
    assert set(found.accounts["account_id"]) == here
    if found.opening:
        assert 0 <= found.kept <= 1
        assert found.kept_plus_grown >= found.kept


@settings(deadline=None, max_examples=60)
@given(cents, cents)
def test_hhi_change_against_the_definition_account_by_account(now, before):
    after, earlier = (c.concentrate(in_money(each), "revenue") for each in (now, before))
    found = c.hhi_change(after, earlier)
    if not (after.n and earlier.n):
        assert found.entry != found.entry
        return
    parts = dict.fromkeys(("entry", "growth", "shrinkage", "exit", "same"), 0.0)
    for name in {*now, *before}:
        one, other = after.share_of(name), earlier.share_of(name)
        if one or other:
            kind = "entry" if not other else "exit" if not one else "growth" if one > other else "shrinkage"
            parts[kind if one != other else "same"] += one * one - other * other
    assert found.entry + found.exit + found.growth + found.shrinkage == pytest.approx(
        after.hhi - earlier.hhi, abs=1e-14
    )
    for kind in ("entry", "exit", "growth", "shrinkage"):
        assert getattr(found, kind) == pytest.approx(parts[kind], abs=1e-14)
    assert found.accounts["change"].sum() == pytest.approx(found.now - found.before, abs=1e-14)
    assert (found.entry, found.growth) >= (0, 0)
    assert max(found.exit, found.shrinkage) <= 0


def test_hhi_change_by_hand():
    before, now = (c.concentrate(each, "revenue") for each in (frame(a=50.0, b=50.0), frame(a=75.0, d=25.0)))
    found = c.hhi_change(now, before)
    assert (found.before, found.now) == (0.5, 0.625)
    assert (found.growth, found.exit, found.entry, found.shrinkage) == (0.3125, -0.25, 0.0625, 0.0)
    assert found.accounts["account_id"].tolist() == ["a", "b", "d"]
    assert found.count("exit") == 1


def test_changes_of_one_size_stand_by_account_id():
    before, now = frame(d=1.0, b=1.0, a=1.0, e=9.0), frame(b=2.0, a=2.0, d=2.0, e=9.0, f=5.0)
    assert c.bridge(now, before, "revenue").accounts["account_id"].tolist() == ["f", "a", "b", "d", "e"]


def test_who_entered_and_who_left_the_largest():
    before = c.concentrate(frame(a=40.0, b=30.0, d=20.0, e=10.0), "revenue")
    now = c.concentrate(frame(a=40.0, e=35.0, n=50.0, b=5.0), "revenue")
    entered, left = c.entered_and_left(now, before, 3)
    assert entered["account_id"].tolist() == ["n", "e"]
    assert entered["rank"].tolist() == [1, 3]
    assert entered["rank_before"].tolist() == [pd.NA, 4]
    assert entered["amount_before"].tolist() == [0.0, 10.0]
    assert left["account_id"].tolist() == ["b", "d"]
    assert left["rank"].tolist() == [4, pd.NA]
    assert left["rank_before"].tolist() == [2, 3]
    assert left["amount"].tolist() == [5.0, 0.0]
    assert [len(each) for each in c.entered_and_left(now, now, 3)] == [0, 0]
    with pytest.raises(ValueError, match="at least 1, got 0"):
        c.entered_and_left(now, before, 0)
