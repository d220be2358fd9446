"""A company of hundreds of account managers: a page lists those whose hand-over would cost most, the workbook of tables all."""

from types import SimpleNamespace

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis import handover
from kam_analysis.pages.coverage import leaving, tables_people


def company(many: int, leaving: str = "M000") -> SimpleNamespace:
    """So many managers; whoever holds less would cost more."""
    ids = [f"M{at:03d}" for at in range(many)]
    frame = pd.DataFrame({"account_manager_id": ids, "manager_name": ids, "accounts": 1, "revenue_share": 1 / many})
    frame = frame.assign(
        revenue=[float(many - at) for at in range(many)],
        largest_account_id=None,
        largest_share=None,
        **{name: [float(at) for at in range(many)] for name in ("transition", "transition_low", "transition_high")},
    )
    rated = frame.assign(rated_as=ids, grown=1, protected=0, neither=0, new=0, kept_share=0.9, kept_and_grown=1.0)
    rated = rated.assign(hours_recorded=1.0, hours_per_month=100.0, money_grown=1.0, money_protected=0, money_neither=0)
    return SimpleNamespace(
        managers=frame,
        about=SimpleNamespace(unit="EUR"),
        leaving=SimpleNamespace(cost=SimpleNamespace(manager_id=leaving)),
        rated=SimpleNamespace(individuals=True, rows=rated, word="Account manager"),
        attended=pd.DataFrame({"verdict": ["grown"]}),
    )


@pytest.fixture(autouse=True)
def nothing_beside(monkeypatch):
    monkeypatch.setattr(tables_people, "_beside", lambda found: "Beside.")


@pytest.mark.parametrize("many", [2, 100])
def test_as_many_as_a_page_lists_are_all_there_by_what_they_hold(many):
    table = tables_people.managers_table(company(many))
    assert [each["manager_name"] for each in table.written()] == [f"M{at:03d}" for at in range(many)]
    assert table.notes == ["Beside."]


@pytest.mark.parametrize(("many", "said"), [(101, "1 more account manager"), (102, "2 more account managers"), (800, "700 more account managers")])  # fmt: skip
def test_of_more_the_dearest_are_listed_with_the_one_looked_at_and_all_are_published(many, said):
    table = tables_people.managers_table(company(many))
    listed = [each["manager_name"] for each in table.written()]
    assert listed == [*(f"M{at:03d}" for at in range(many - 1, many - 100, -1)), "M000"]
    assert table.strong == [99]
    [note] = table.notes
    assert plain(note) == f"Beside. Listed are those whose hand-over would cost most; {said} in tables.xlsx."
    assert {each["account_manager_id"] for each in table.records()} == {f"M{at:03d}" for at in range(many)}


def test_a_page_of_many_managers_is_no_larger_than_one_of_a_hundred():
    some, many = (len(tables_people.managers_table(company(number, "M150")).html().html) for number in (100, 3000))
    assert many < 1.25 * some  # longer numbers


def test_who_stands_among_the_dearest_keeps_the_place():
    table = tables_people.managers_table(company(300, "M298"))
    assert table.strong == [1]
    assert [each["manager_name"] for each in tables_people.short_table(company(300)).written()][:2] == ["M299", "M298"]


def test_ratings_are_cut_and_say_so():
    table = tables_people.attention_table(company(103))
    assert len(table.written()) == 100
    assert plain(table.notes[-1]) == "3 more rows not shown."
    assert len(tables_people.attention_table(company(100)).notes) == 1


@pytest.mark.parametrize("manager", ["M1", "M2"])
def test_what_a_leaver_s_accounts_buy_again_is_the_same_as_among_all_accounts(manager):
    """M2's account bought nothing the year before: all that it buys is new, and that is no unknown year."""
    now = pd.DataFrame(
        {"account_id": ["a", "a", "b"], "product_line": ["Pumps", "Seals", "Pumps"], "revenue": [7.0, 3.0, 5.0]}
    )
    traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"]})
    theirs = "a" if manager == "M1" else "b"
    for before in (now.head(1), now.head(0), None):
        known = SimpleNamespace(lines=now, lines_before=before, traits=traits)
        every = handover.resale_and_new(now, before)
        expected = every[every["account_id"] == theirs].reset_index(drop=True)
        pd.testing.assert_frame_equal(leaving._bought_again(manager, known), expected)
