"""The book of all customers: ranks, shares and groups."""

import pandas as pd

from kam_analysis.analysis import concentration as c


def frame(**amounts):
    names = [name.upper() for name in amounts]
    return pd.DataFrame({"account_id": list(amounts), "account_name": names, "revenue": list(amounts.values())})


def test_concentrate_ranks_with_ties_by_id():
    book = c.concentrate(frame(b=10.0, a=10.0, z=20.0, x=-5.0, y=0.0), "revenue")
    assert book.accounts["account_id"].tolist() == ["z", "a", "b"]
    assert book.accounts["share"].tolist() == [0.5, 0.25, 0.25]
    assert book.accounts["cumulative"].tolist() == [0.5, 0.75, 1.0]
    assert (book.total, book.n, book.share_of("a"), book.share_of("x")) == (40.0, 3, 0.25, 0.0)


def test_groups_are_customers_of_several_companies():
    companies = c.concentrate(frame(a1=6.0, a2=4.0, b=10.0), "revenue")
    parents = c.concentrate(frame(a=10.0, b=10.0), "revenue")
    [found] = c.groups(parents, companies, pd.Series({"a1": "a", "a2": "a", "b": "b"}))
    assert (found.account_id, found.entities, found.share, found.largest_entity_share) == ("a", 2, 0.5, 0.3)


def test_groups_stand_by_share_and_leave_out_who_has_none():
    companies = c.concentrate(frame(a1=6.0, a2=4.0, b1=15.0, b2=5.0, d1=1.0, d2=1.0, e=9.0, f1=3.0, f2=2.0), "revenue")
    parents = c.concentrate(frame(a=10.0, b=20.0, d=-3.0, e=9.0, f=10.0), "revenue")
    parent_of = pd.Series({"a1": "a", "a2": "a", "b1": "b", "b2": "b", "d1": "d", "d2": "d", "f1": "f", "f2": "f"})
    found = c.groups(parents, companies, parent_of)
    assert [(each.account_id, each.account_name, each.entities) for each in found] == [
        ("b", "B", 2), ("a", "A", 2), ("f", "F", 2),
    ]  # fmt: skip
    assert (found[0].share, found[0].largest_entity_share) == (20 / 49, 15 / 46)
    assert c.groups(parents, companies, pd.Series(dtype="str")) == []
