"""If suggested parents were confirmed: the largest customers against joining by hand."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis.concentration import concentrate, joined


def book(**amounts):
    names = [f"Name {each}" for each in amounts]
    frame = pd.DataFrame({"account_id": list(amounts), "account_name": names, "revenue": list(amounts.values())})
    return concentrate(frame, "revenue")


def pairs(**parents):
    names = [f"Name {each}" for each in parents.values()]
    return pd.DataFrame({"account_id": list(parents), "parent_id": list(parents.values()), "parent_name": names})


def test_a_customer_in_four_spellings_becomes_the_largest():
    found = joined(book(a=300.0, b=300.0, c=300.0, d=300.0, e=500.0, f=400.0), pairs(b="a", c="a", d="a"))
    assert [(each.account_id, each.accounts, each.amount, each.rank) for each in found] == [("a", 4, 1200.0, 1)]
    assert found[0].share == 1200 / 2100
    assert found[0].account_name == "Name a"


def test_small_ones_that_stay_small_change_nothing():
    amounts = {f"big{at}": 100.0 + at for at in range(5)} | {"x": 1.0, "y": 2.0}
    assert joined(book(**amounts), pairs(x="y")) == []
    assert joined(book(**amounts), pairs()) == []


def test_a_parent_without_sales_of_its_own_counts_as_the_customer():
    found = joined(book(a=3.0, b=2.0), pairs(a="holding", b="holding"))
    assert [(each.account_id, each.account_name, each.accounts) for each in found] == [("holding", "Name holding", 2)]


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from("pqr")), min_size=1, max_size=12))
def test_against_adding_up_by_hand(rows):
    amounts = {f"{at:02d}": float(amount) for at, (amount, _) in enumerate(rows)}
    whole = {}
    for amount, parent in rows:
        whole.setdefault(parent, []).append(amount)
    found = joined(book(**amounts), pairs(**{f"{at:02d}": parent for at, (_, parent) in enumerate(rows)}))
    assert {each.account_id: each.amount for each in found} == {
        each: sum(made) for each, made in whole.items() if len(made) > 1
    }
