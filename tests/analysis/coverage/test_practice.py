"""Do we practise key-account management: each item by a hand-made account, the sample's from its CSV files."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov
from kam_analysis.analysis.coverage.practice import ITEMS

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
AS_OF = date(2026, 9, 18)
KEY = pd.DataFrame({"account_id": list("cab"), "account_name": list("CAB")})


def has(item, **tables):
    """Which of a, b, c has the item, and that nothing else is told."""
    found = cov.practice(KEY, as_of=AS_OF, **tables)
    assert found.known == (item,)
    return found.grid.set_index("account_id")[item].sort_index().tolist()


def test_a_plan_says_what_we_do_or_how_it_stands_and_is_not_over():
    rows = pd.DataFrame(
        [("a", "Two skids", None), ("b", None, "Done "), ("b", "Crew", "done"), ("b", " ", ""), ("c", None, "late")],
        columns=["account_id", "our_contribution", "status"],
    )
    assert has("plan", objectives=rows) == [True, False, True]
    assert has("plan", objectives=rows.drop(columns="status")) == [True, True, False]
    assert has("plan", objectives=rows.drop(columns="our_contribution")) == [False, False, True]
    # A goal of theirs alone is no plan of ours.
    assert has("plan", objectives=rows[["account_id"]]) == [False, False, False]


def test_a_second_contact_is_a_live_one():
    assert has("second_contact", live=pd.Series({"a": 2, "b": 1, "zz": 9})) == [True, False, False]


def test_a_call_from_above_is_of_twelve_months():
    called = pd.DataFrame({"account_id": ["a", "b"], "last": pd.to_datetime(["2025-09-19", "2025-09-18"])})
    assert has("executive_call", called=called) == [True, False, False]
    # Calls are kept, and none was from above.
    assert has("executive_call", called=called.head(0)) == [False, False, False]


def test_a_growth_goal_is_an_open_offer():
    rows = pd.DataFrame(
        [("a", "open", None), ("b", "won", "2026-01-01"), (None, "open", None), ("c", None, None)],
        columns=["account_id", "status", "closed"],
    )
    assert has("growth_goal", opportunities=rows) == [True, False, True]
    assert has("growth_goal", opportunities=rows.drop(columns="status")) == [True, False, True]


def test_a_deputy_is_not_the_manager():
    traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M1"], "deputy_id": ["M2", "M1"]})
    assert has("deputy", traits=traits) == [True, False, False]
    assert has("deputy", traits=traits.drop(columns="account_manager_id")) == [True, True, False]


def test_what_is_not_kept_is_neither_there_nor_missing():
    empty = pd.DataFrame({"account_id": []})
    found = cov.practice(KEY, empty, pd.Series(dtype="int64"), None, empty, KEY[["account_id"]], as_of=AS_OF)
    assert found.known == ()
    assert found.complete == 0
    assert found.grid.drop(columns=["account_id", "account_name"]).isna().all(axis=None)
    assert found.missing.isna().all()
    nobody = cov.practice(KEY.head(0), live=pd.Series({"a": 2}), as_of=AS_OF)
    assert (len(nobody.grid), nobody.complete) == (0, 0)


def test_what_is_missing_is_counted_by_account_and_by_item():
    called = pd.DataFrame({"account_id": ["a"], "last": pd.to_datetime(["2026-01-01"])})
    traits = pd.DataFrame({"account_id": list("abc"), "deputy_id": ["M2", "M2", None]})
    found = cov.practice(KEY, live=pd.Series({"a": 2, "b": 2}), called=called, traits=traits, as_of=AS_OF)
    assert found.grid[["account_id", "missing"]].values.tolist() == [["c", 3], ["a", 0], ["b", 1]]
    assert found.missing.dropna().to_dict() == {"second_contact": 1, "executive_call": 2, "deputy": 1}
    assert found.known == ("second_contact", "executive_call", "deputy")
    assert found.complete == 1
    with pytest.raises(ValueError, match=r"key accounts: expected one row each, got other in 1 \(c\)"):
        cov.practice(pd.concat([KEY, KEY.head(1)]), as_of=AS_OF)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.integers(0, 2))
def test_one_contact_more_never_leaves_more_missing(counts, which):
    more = [count + (at == which) for at, count in enumerate(counts)]
    first, second = (cov.practice(KEY, live=pd.Series(each, list("abc")), as_of=AS_OF) for each in (counts, more))
    assert (second.grid["missing"] <= first.grid["missing"]).all()
    assert second.missing["second_contact"] <= first.missing["second_contact"]


def test_lindmarks_grid_from_its_csv_files(lindmark):
    ledger = lindmark
    traits = ledger.traits()
    key = traits[traits["is_key"].fillna(False).astype(bool)]
    contacts, talks = ledger.records("contacts"), ledger.records("interactions")
    found = cov.practice(
        key, ledger.records("objectives"), cov.live_contacts(contacts),
        cov.calls_from_above(talks, ledger.table("managers"), ledger.as_of), ledger.records("opportunities"), traits,
        as_of=ledger.as_of,
    )  # fmt: skip
    assert found.known == ITEMS
    grid = found.grid.set_index("account_id")[list(found.known)].astype(bool)

    master, people, goals, calls, offers = (
        pd.read_csv(SAMPLE / f"{name}.csv", dtype={"account_id": str, "parent_id": str})
        for name in ("accounts", "contacts", "objectives", "interactions", "opportunities")
    )
    master = master.set_index("account_id")
    top = master["parent_id"].fillna(master.index.to_series())
    live = people[people["strength"] >= 2].groupby(people["account_id"].map(top)).size()
    above = calls[
        calls["staff_id"].str.match("[SE]") & (calls["date"] > "2025-09-18") & (calls["date"] <= "2026-09-18")
    ]
    above = above[~above["kind"].isin(["complaint", "escalation"])]
    expected = pd.DataFrame(index=grid.index)
    expected["plan"] = expected.index.isin(goals.loc[goals["status"] != "done", "account_id"].map(top))
    expected["second_contact"] = live.reindex(grid.index, fill_value=0) >= 2
    expected["executive_call"] = expected.index.isin(above["account_id"].map(top))
    expected["growth_goal"] = expected.index.isin(offers.loc[offers["status"] == "open", "account_id"].map(top))
    expected["deputy"] = master["deputy_id"].reindex(grid.index).notna()
    pd.testing.assert_frame_equal(grid, expected)
    # Hollin has everything; Aldermoor has one contact, no deputy and no call from above.
    assert found.complete == 1
    rows = found.grid.set_index("account_id")
    assert rows.loc["0010500", "missing"] == 0
    assert not rows.loc["0010100", ["second_contact", "executive_call", "deputy"]].any()
