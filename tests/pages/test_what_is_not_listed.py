"""A page names the first few and counts the others: one less, as many, one more and two more than it names."""

from types import SimpleNamespace

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.pages.churn_impact import tables
from kam_analysis.pages.coverage import tables_contacts, tables_departure
from kam_analysis.pages.highlighted import with_numbers
from kam_analysis.pages.key_accounts import tables_power

ABOUT = SimpleNamespace(unit="EUR")


def numbered(many: int) -> pd.DataFrame:
    """So many accounts, a00, a01 ..."""
    ids = [f"a{at:02d}" for at in range(many)]
    return pd.DataFrame({"account_id": ids, "account_name": [each.upper() for each in ids], "share": 0.02})


@pytest.mark.parametrize(("many", "said"), [(1, "A00"), (2, "A00 and A01"), (3, "A00, A01 and A02"), (4, "A00, A01, A02 and 1 more"), (5, "A00, A01, A02 and 2 more")])  # fmt: skip
def test_whom_we_would_depend_on_and_whose_figure_is_below_what_takes_several(monkeypatch, many, said):
    first = {"label": "Alder", "largest_left": "Birch", "largest_left_share": 0.2}
    monkeypatch.setattr(tables, "_largest", lambda found: first)
    power = pd.concat([numbered(many).assign(reading="we depend on it"), numbered(1).assign(reading="balanced")])
    assert plain(tables._left(SimpleNamespace(power=power))) == (
        f"Without Alder the largest is Birch with 20% of what is left. We would then depend on {said} more than they on us."
    )


@pytest.mark.parametrize(("many", "said"), [(4, ""), (5, ""), (6, " and 1 more"), (7, " and 2 more")])
def test_who_is_not_key_and_as_easy_to_lose_and_who_may_be_meant(many, said):
    found = SimpleNamespace(easy=numbered(many + 1), keys=numbered(1))
    [note] = tables_power._others(found)
    named = ", ".join(f"A{at:02d} (2.0% of sales)" for at in range(1, min(many, 5) + 1))
    assert plain(note).endswith(f"just as easy to lose: {named}{said}.")
    assert tables_power._others(SimpleNamespace(easy=numbered(1), keys=numbered(1))) == []
    *others, last = [f"A{at:02d} (a{at:02d})" for at in range(min(many, 5))]
    joined = ", " if said else " and "
    assert with_numbers(numbered(many)) == ", ".join(others) + joined + last + said


@pytest.mark.parametrize(("many", "said"), [(7, ""), (8, ""), (9, " 1 smaller one not shown."), (10, " 2 smaller ones not shown.")])  # fmt: skip
def test_who_depends_on_one_contact(many, said):
    relations = SimpleNamespace(one_contact=range(many), no_contact=numbered(0))
    told = plain(tables_contacts._on_one_contact(SimpleNamespace(relations=relations)))
    assert told.split("within half a year.", 1)[1] == said
    relations.no_contact = numbered(4)
    assert plain(tables_contacts._on_one_contact(SimpleNamespace(relations=relations))).endswith(
        f"{said} At 4 more customers people are on record and nobody speaks to them, first A00, A01, A02."
    )


@pytest.mark.parametrize(("beyond", "said"), [(-1, ""), (0, ""), (1, " 1 more account in tables.xlsx."), (2, " 2 more accounts in tables.xlsx.")])  # fmt: skip
def test_who_takes_a_manager_s_accounts(monkeypatch, beyond, said):
    monkeypatch.setattr(tables_departure, "_how_it_fits", lambda found: "As they fit.")
    rows = numbered(tables_departure._CALLS + beyond).assign(
        to_id="M1", runner_up_id="", alongside_id="", reasons=[[]] * (15 + beyond)
    )
    found = SimpleNamespace(leaver="Ann", about=ABOUT, handover=rows, manager=str)
    assert tables_departure.handover_rows(found).notes == [f"As they fit.{said}"]
