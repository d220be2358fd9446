"""Whose manager can be moved: each condition by hand, what is not known, and the sample's two."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import handover as ho
from kam_analysis.ledger import open_ledger

AS_OF = date(2026, 9, 18)


def asked(ends=None, bond=None, strengths=(), deputy=None, keys=("a",)):
    """One key account `a` and a larger one `b` beside it, whose contacts, contract and bond are known."""
    accounts = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": "M1", "bond": [bond, "company"],
                           "deputy_id": [deputy, "M2"], "notice_by": pd.to_datetime([ends, "2030-01-01"])})  # fmt: skip
    contacts = pd.DataFrame({"account_id": ["b", *["a"] * len(strengths)], "strength": [4.0, *strengths]})
    return ho.movable(accounts, traits, contacts, AS_OF, keys)


def one(*given_, **more):
    return asked(*given_, **more).iloc[0]


def test_all_three_hold():
    row = one("2027-03-18", "company", [2, 4, 1], "M3")
    assert (row["days_to_notice"], row["live"], row["deputy"]) == (181, 2, True)
    assert (row["can_move"], row["blocked_by"]) == (True, [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ends": "2027-03-17"}, "notice_near"),
        ({"ends": "2026-09-18"}, "notice_near"),
        ({"strengths": [2, 1]}, "no_second_contact"),
        ({"strengths": []}, "no_second_contact"),
        ({"bond": "person"}, "bond_with_person"),
    ],
)
def test_one_that_does_not_hold_blocks(changed, code):
    row = one(**({"ends": "2028-01-01", "bond": "company", "strengths": [2, 3]} | changed))
    assert (row["can_move"], row["blocked_by"]) == (False, [code])


def test_what_is_not_known_is_not_guessed():
    # No contract known does not block; a contract that has ended does not either.
    for ends in (None, "2026-09-17"):
        assert one(ends, "company", [2, 2])["can_move"]
    assert pd.isna(one(None, "company", [2, 2])["no_notice_near"])
    for row in (one(None, None, [2, 2]), one(None, "company", [2, 0]), one(None, "company", [2, None])):
        assert pd.isna(row["can_move"])
        assert row["blocked_by"] == []
    # What is known and does not hold decides, whatever else is not known.
    for row in (one("2026-10-01", None, [0]), one(None, "person", [0, 0])):
        assert (pd.isna(row["can_move"]), bool(row["can_move"])) == (False, False)
    assert pd.isna(one(None, "person", [0, 0])["second_contact"])


def test_tables_that_are_not_there():
    accounts = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [1.0]})
    traits = pd.DataFrame({"account_id": ["a"], "account_manager_id": ["M1"]})
    for contacts in (None, pd.DataFrame({"account_id": [], "contact_id": []})):
        row = ho.movable(accounts, traits, contacts, AS_OF, ["a"]).iloc[0]
        assert row[["live", "deputy", "no_notice_near", "second_contact", "bond_with_company", "can_move"]].isna().all()
        assert row["blocked_by"] == []
    assert len(ho.movable(accounts, traits[["account_id"]], None, AS_OF, ["a"])) == 0
    assert len(ho.movable(accounts, traits.assign(account_manager_id=None), None, AS_OF, ["a"])) == 0
    assert len(ho.movable(accounts, traits, None, AS_OF, ["z"])) == 0
    with pytest.raises(ValueError, match="near_days: expected at least 0, got -1"):
        ho.movable(accounts, traits, None, AS_OF, ["a"], near_days=-1)


def test_key_accounts_alone_the_largest_first():
    assert asked(keys=["a", "b"])["account_id"].tolist() == ["b", "a"]
    assert asked(keys=["a"])["account_id"].tolist() == ["a"]


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from([None, "2026-12-01", "2028-01-01"]),
    st.sampled_from([None, "person", "company"]),
    st.lists(st.integers(0, 4), max_size=4),
    st.integers(0, 4),
)
def test_one_more_contact_never_keeps_an_account_from_moving(ends, bond, strengths, more):
    before, after = one(ends, bond, strengths)["can_move"], one(ends, bond, [*strengths, more])["can_move"]
    worth = {True: 2, False: 0}
    assert worth.get(after, 1) >= worth.get(before, 1)


def test_hollins_manager_can_move_and_aldermoors_cannot():
    ledger = open_ledger()
    traits = ledger.traits()
    keys = traits.loc[traits["is_key"].fillna(False).astype(bool), "account_id"]
    found = ho.movable(ledger.by_account(measures=("revenue",)), traits, ledger.records("contacts"), ledger.as_of, keys)
    rows = found.set_index("account_id")
    hollin, aldermoor = rows.loc["0010500"], rows.loc["0010100"]
    assert (hollin["can_move"], hollin["live"], hollin["bond"]) == (True, 4, "company")
    assert str(hollin["ends_on"].date()) == "2028-06-30"
    assert not aldermoor["can_move"]
    assert aldermoor["blocked_by"] == ["notice_near", "no_second_contact", "bond_with_person"]
    assert aldermoor["days_to_notice"] == (date(2026, 10, 20) - AS_OF).days
    assert found["account_id"].iloc[0] == "0010100"
