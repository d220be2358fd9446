"""Whom we know: counts against a walk through the rows, coverage by hand, and the sample's story."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov

KEY = [f"0010{n}00" for n in (1, 2, 3, 4, 5, 6, 8, 9)] + [f"001{n}00" for n in range(10, 16)]

missing = st.one_of(st.none(), st.integers(0, 4))
person = st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.integers(1, 5)), missing, missing)
crowd = st.lists(person, min_size=1, max_size=9)


def people(rows):
    """Contacts 0, 1, 2 ... with account, influence, strength and wanted strength."""
    frame = pd.DataFrame(rows, columns=["account_id", "influence", "strength", "strength_wanted"])
    numbers = frame[["influence", "strength", "strength_wanted"]].astype("float64")
    return pd.concat([frame[["account_id"]].assign(contact_id=[str(at) for at in range(len(rows))]), numbers], axis=1)


def book(**revenue):
    ids = list(revenue)
    return pd.DataFrame({"account_id": ids, "account_name": [each.upper() for each in ids], "revenue": list(revenue.values())})  # fmt: skip


@pytest.fixture(scope="module")
def sample(lindmark):
    return lindmark.records("contacts"), lindmark.by_account(measures=["revenue", "margin"])


def test_coverage_by_hand():
    rows = people([("a", 5, 3, 4), ("a", 4, 1, 3), ("a", 1, 4, 2), ("a", 3, 4, None), ("a", None, 2, 4)])
    found = cov.relationships(rows, book(a=1.0), ["a"]).iloc[0]
    # 5 of at most 4, met 3; 4 of 3, met nobody; 1 of 2, more than wanted; one without a wish and one without weight.
    assert found["coverage"] == pytest.approx((5 * 3 + 4 * 0 + 1 * 2) / (5 * 4 + 4 * 3 + 1 * 2))
    assert found[["contacts", "live", "counted", "below_wanted"]].tolist() == [5, 4, 3, 3]
    assert found[["influencers", "influencers_known", "unknown_influencers"]].tolist() == [2, 1, 1]


def test_an_account_where_nobody_is_met_is_not_covered_by_a_quarter():
    found = cov.relationships(people([("a", 5, 1, 4), ("a", 5, 0, 4)]), book(a=1.0), ["a"])
    assert found["coverage"].tolist() == [0]


def test_no_wish_no_coverage_and_no_contact_row_zeros():
    rows = people([("a", 5, 3, None), ("a", 5, 3, 1)])
    found = cov.relationships(rows, book(a=1.0, b=2.0), ["a", "b", "b", "c"])
    # The largest first; one that did not buy last, by its id.
    assert found["account_id"].tolist() == ["b", "a", "c"]
    assert found["account_name"].tolist() == ["B", "A", "c"]
    assert found["revenue"].isna().tolist() == [False, False, True]
    assert found["coverage"].isna().tolist() == [False, True, False]
    counts = found.set_index("account_id").drop(columns=["account_name", "revenue"])
    assert (counts.loc[["b", "c"]] == 0).all(axis=None)
    assert counts.loc["a", ["contacts", "counted", "below_wanted"]].tolist() == [2, 0, 0]


@settings(deadline=None, max_examples=15)
@given(crowd)
def test_counts_are_those_of_a_walk_through_the_rows(rows):
    found = cov.relationships(people(rows), book(a=3.0, b=2.0, c=1.0), "abc").set_index("account_id")
    live = cov.live_contacts(people(rows))
    for account in "abc":
        own = [row[1:] for row in rows if row[0] == account]
        strong = [(i or 0, s or 0, w or 0) for i, s, w in own]
        assert found.loc[account, "contacts"] == len(own)
        assert found.loc[account, "live"] == sum(s >= 2 for _, s, _ in strong) == live.get(account, 0)
        assert found.loc[account, "influencers"] == sum(i >= 4 for i, _, _ in strong)
        assert found.loc[account, "unknown_influencers"] == sum(i >= 4 and s < 2 for i, s, _ in strong)
        assert found.loc[account, "below_wanted"] == sum(w >= 2 and s < w for _, s, w in strong)
        asked = [(i, s if s >= 2 else 0, w) for i, s, w in strong if i and w >= 2]
        if asked:
            whole = sum(i * w for i, _, w in asked)
            assert found.loc[account, "coverage"] == pytest.approx(sum(i * min(s, w) for i, s, w in asked) / whole)
    assert (found["influencers_known"] + found["unknown_influencers"] == found["influencers"]).all()
    assert found["coverage"].dropna().between(0, 1).all()


@settings(deadline=None, max_examples=15)
@given(crowd, st.integers(0, 8))
def test_a_stronger_contact_never_covers_less(rows, which):
    at = which % len(rows)
    account, influence, strength, wanted = rows[at]
    more = [*rows[:at], (account, influence, min((strength or 0) + 1, 4), wanted), *rows[at + 1 :]]
    before, after = (cov.relationships(people(each), book(a=1.0, b=1.0, c=1.0), "abc") for each in (rows, more))
    assert (after["coverage"].fillna(0) >= before["coverage"].fillna(0)).all()
    assert (after["live"] >= before["live"]).all()
    assert (after["below_wanted"] <= before["below_wanted"]).all()


def test_the_grid_counts_each_contact_with_an_influence_once():
    rows = people([("a", 5, 4, 4), ("a", 5, None, 4), ("b", 1, 2, 0), ("a", None, 2, 2), ("c", 5, 4, 4)])
    grid = cov.counts_by(rows, ["a", "b", "x"])
    assert grid.index.tolist() == [5, 4, 3, 2, 1]
    assert grid.columns.tolist() == [0, 1, 2, 3, 4]
    assert (grid.loc[5].tolist(), grid.loc[1].tolist()) == ([1, 0, 0, 0, 1], [0, 0, 1, 0, 0])
    assert grid.sum().sum() == 3


def test_influencers_nobody_knows_by_the_money_of_their_account():
    rows = people([("a", 4, 1, 4), ("a", 5, None, 3), ("b", 4, 0, 4), ("b", 3, 0, 4), ("b", 5, 2, 4), ("c", 5, 0, 4)])
    rows = rows.assign(contact_name=list("uvwxyz"), interests=list("123456"), approach="on site")
    found = cov.unknown_influencers(rows, book(a=1.0, b=9.0, c=5.0), ["a", "b"])
    assert found["contact_name"].tolist() == ["w", "v", "u"]
    assert found["account_name"].tolist() == ["B", "A", "A"]
    assert found["interests"].tolist() == ["3", "2", "1"]
    assert found["strength"].tolist() == [0, 0, 1]
    assert found["owner_id"].isna().all()


def test_a_map_of_25_contacts_has_them_all_in_one_order():
    rows = people([("a", 1 + at % 5, at % 5, 4) for at in range(25)] + [("b", 5, 4, 4)])
    rows = rows.assign(contact_name=[chr(122 - at) for at in range(26)])
    found = cov.contact_map(rows, "a")
    assert len(found) == 25
    keys = list(zip(-found["influence"], -found["strength"], found["contact_name"], strict=True))
    assert keys == sorted(keys)
    assert (found["gap"] == 4 - found["strength"]).all()
    pd.testing.assert_frame_equal(cov.contact_map(rows.sample(frac=1, random_state=1), "a"), found)


def test_a_map_says_nothing_of_what_is_missing():
    rows = people([("a", None, None, 4), ("a", 2, 3, None), ("a", 2, 4, 3)])
    found = cov.contact_map(rows, "a")
    assert found["contact_id"].tolist() == ["2", "1", "0"]
    assert found["gap"].fillna(-1).tolist() == [0, -1, 4]
    assert cov.contact_map(rows.drop(columns="strength"), "a")[["strength", "gap"]].isna().all(axis=None)
    assert cov.contact_map(rows, "b").empty


@pytest.mark.parametrize("column", ["influence", "strength", "strength_wanted"])
def test_without_a_column_nothing_is_said_of_what_needs_it(column):
    needs = {
        "influence": {"influencers", "influencers_known", "unknown_influencers", "coverage", "counted"},
        "strength": {"live", "influencers_known", "unknown_influencers", "coverage", "below_wanted"},
        "strength_wanted": {"coverage", "below_wanted", "counted"},
    }[column]
    rows = people([("a", 5, 3, 4)]).drop(columns=column)
    found = cov.relationships(rows, book(a=1.0), ["a"])
    assert set(found.columns[found.isna().all()]) == needs
    assert cov.unknown_influencers(rows.assign(strength_wanted=4), book(a=1.0), ["a"]).empty
    assert cov.counts_by(rows, ["a"]).empty == (column != "strength_wanted")
    assert cov.live_contacts(rows).empty == (column == "strength")


@pytest.mark.parametrize("nothing", [None, pd.DataFrame({"contact_id": [], "account_id": []}, dtype="str")])
def test_without_contacts_there_is_nothing_to_say(nothing):
    accounts = book(a=1.0)
    for found in (
        cov.relationships(nothing, accounts, ["a"]),
        cov.unknown_influencers(nothing, accounts, ["a"]),
        cov.counts_by(nothing, ["a"]),
        cov.contact_map(nothing, "a"),
        cov.live_contacts(nothing),
    ):
        assert found.empty
    assert "coverage" in cov.relationships(nothing, accounts, ["a"])


def test_a_contact_that_stands_twice_is_refused():
    rows = people([("a", 5, 3, 4), ("b", 5, 3, 4)]).assign(contact_id="C1")
    with pytest.raises(ValueError, match=r"contacts: expected one row each, got other in 1 \(C1\)"):
        cov.live_contacts(rows)


# The sample's story


def test_aldermoor_has_one_contact_and_hollin_four(sample):
    contacts, accounts = sample
    found = cov.relationships(contacts, accounts, KEY).set_index("account_id")
    assert (len(found), found.index[0]) == (14, "0010100")
    assert found.loc["0010100", ["contacts", "live", "influencers_known"]].tolist() == [1, 1, 1]
    assert found.loc["0010500", ["contacts", "live", "below_wanted"]].tolist() == [4, 4, 0]
    # Tressel: 4 of 4 in 3, 5 of 3 in 2, 3 of 3 in 2.
    assert found.loc["0010200", "coverage"] == pytest.approx((4 * 3 + 5 * 2 + 3 * 2) / (4 * 4 + 5 * 3 + 3 * 3))
    assert cov.contact_map(contacts, "0010100")["contact_name"].tolist() == ["Ingrid Vass"]
    assert cov.counts_by(contacts, KEY).to_numpy().sum() == found["contacts"].sum()


def test_who_decides_at_a_key_account_is_known_and_elsewhere_not_always(sample):
    contacts, accounts = sample
    assert cov.unknown_influencers(contacts, accounts, KEY).empty
    others = accounts.loc[~accounts["account_id"].isin(KEY), "account_id"]
    found = cov.unknown_influencers(contacts, accounts, others)
    strength = contacts["strength"].fillna(0)
    own = contacts[contacts["account_id"].isin(others) & (contacts["influence"] >= 4) & (strength < 2)]
    assert sorted(found["contact_id"]) == sorted(own["contact_id"])
    assert len(found) > 0
    assert np.isin(found["strength"], [0, 1]).all()
