"""What goes: exposures and losses against sums by hand, and what must hold for any book."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import recovery as r

money = st.lists(st.tuples(st.integers(-50, 1000), st.integers(-50, 300)), min_size=1, max_size=9)


def book(rows):
    """Accounts a, b, c ... with whole amounts, so that sums are exact."""
    names = [chr(97 + i) for i in range(len(rows))]
    frame = pd.DataFrame({"account_id": names, "account_name": [name.upper() for name in names]})
    return frame.assign(revenue=[float(row[0]) for row in rows], margin=[float(row[1]) for row in rows])


def test_margin_is_the_exposure_and_what_brings_nothing_is_set_aside():
    found = r.exposures(book([(100, 20), (60, 30), (40, -5), (0, 0), (50, 30)]))
    assert found.accounts["account_id"].tolist() == ["b", "e", "a"]
    assert found.accounts["share"].tolist() == pytest.approx([30 / 80, 30 / 80, 20 / 80])
    assert found.set_aside["account_id"].tolist() == ["d", "c"]
    assert (found.measure, found.total, found.earned, found.set_aside_amount) == ("margin", 80, 75, -5)
    # The sales of an account that earns nothing are sales all the same.
    assert found.revenue == 250


def test_without_a_cost_exposure_is_revenue():
    frame = book([(100, 20), (-3, 1)])
    for given_frame in (frame.drop(columns="margin"), frame.assign(margin=np.nan)):
        found = r.exposures(given_frame)
        assert (found.measure, found.has_margin, found.total, found.set_aside_amount) == ("revenue", False, 100, -3)


def test_no_account_above_zero_leaves_nothing_to_lose():
    found = r.exposures(book([(-1, -1)]))
    assert (found.total, len(found.accounts)) == (0, 0)
    assert r.worst_cases(found) == ()
    lost = r.lose_largest(found, 1)
    assert (lost.accounts, lost.exposure) == (0, 0)
    assert np.isnan([lost.revenue_share, lost.exposure_share]).all()
    assert r.exposures(book([]).astype({"account_id": "str"})).total == 0


def test_what_is_missing_or_stands_twice_is_refused():
    frame = book([(100, 20), (60, 30)])
    with pytest.raises(ValueError, match=r"a margin each, got other in 1 \(b\)"):
        r.exposures(frame.assign(margin=[1.0, np.nan]))
    with pytest.raises(ValueError, match=r"one row each, got other in 1 \(a\)"):
        r.exposures(frame.assign(account_id="a"))


def test_the_largest_go_by_exposure_and_ties_by_account_id():
    found = r.exposures(book([(100, 20), (60, 30), (10, 30)]))
    cases = r.worst_cases(found)
    assert [case.account_ids for case in cases] == [("b",), ("b", "c"), ("b", "c", "a")]
    assert [case.exposure for case in cases] == [30, 60, 80]
    assert [case.revenue for case in cases] == [60, 70, 170]
    assert (cases[-1].exposure_share, cases[-1].revenue_share) == (1, 1)
    assert r.lose_largest(found, 99).account_ids == cases[-1].account_ids
    for call in (r.lose_largest, r.worst_cases):
        with pytest.raises(ValueError, match="at least 1, got 0"):
            call(found, 0)


def test_a_named_set_counts_sales_of_an_account_without_margin_but_no_relief():
    found = r.exposures(book([(100, 20), (60, 30), (40, -5)]))
    lost = r.lose_named(found, ["c", "a", "c"])
    assert (lost.label, lost.account_ids, lost.accounts) == ("A, C", ("a", "c"), 2)
    assert (lost.revenue, lost.exposure, lost.set_aside, lost.set_aside_amount) == (140, 20, 1, -5)
    assert r.lose_named(found, []).exposure == 0
    assert r.lose_named(found, ["a"], "Ours").label == "Ours"


def test_unknown_accounts_are_all_named_with_what_is_nearest():
    frame = book([(1, 1), (2, 2)]).assign(account_id=["0010100", "0010200"], account_name=["Aldermoor plc", "Tressel"])
    with pytest.raises(ValueError) as error:  # noqa: PT011
        r.lose_named(r.exposures(frame), ["0010200", "001010", "aldermoor", "zzz"])
    said = str(error.value)
    assert '"001010" is no id of an account that bought; did you mean "0010100"?' in said
    assert '"aldermoor" is no id of an account that bought; did you mean "0010100" (Aldermoor plc)?' in said
    assert '"zzz" is no id of an account that bought; known here: 0010100, 0010200' in said
    assert '"0010200" is no id' not in said


def test_each_manager_and_industry_by_hand():
    found = r.exposures(book([(100, 20), (60, 30), (40, 10), (10, 10), (5, -1)]))
    traits = pd.DataFrame({"account_id": list("abcde"), "manager": ["M1", "M2", "M1", None, "M2"]})
    cases = r.lose_each(found, traits, "manager", {"M1": "Reiter"})
    # Equal exposures of 30: by name; nobody's account is in no case.
    assert [(case.label, case.exposure, case.revenue) for case in cases] == [("M2", 30, 65), ("Reiter", 30, 140)]
    assert (cases[0].kind, cases[0].set_aside) == ("manager", 1)
    assert r.lose_group(found, traits, "manager", "M2") == cases[0]
    with pytest.raises(ValueError, match='manager: no account of "M3" bought; known here: M1, M2'):
        r.lose_group(found, traits, "manager", "M3")
    with pytest.raises(ValueError, match="industry: not known of any account"):
        r.lose_each(found, traits, "industry")


@settings(deadline=None, max_examples=30)
@given(money, st.data())
def test_more_lost_never_leaves_more(rows, data):
    found = r.exposures(book(rows))
    names = found.known["account_id"].tolist()
    some = data.draw(st.sets(st.sampled_from(names)))
    more = some | data.draw(st.sets(st.sampled_from(names)))
    less, lost = r.lose_named(found, some), r.lose_named(found, more)
    assert lost.exposure >= less.exposure
    assert lost.revenue >= less.revenue
    left, fewer = r.remains(found, less), r.remains(found, lost)
    assert fewer.exposure <= left.exposure
    assert fewer.revenue <= left.revenue
    assert left.exposure + less.exposure == pytest.approx(found.total)
    assert left.revenue + less.revenue == pytest.approx(found.revenue)
    if found.total:
        assert less.exposure_share == pytest.approx(less.exposure / found.total)


@settings(deadline=None, max_examples=30)
@given(money)
def test_one_more_of_the_largest_is_at_least_as_bad_and_no_other_set_is_worse(rows):
    found = r.exposures(book(rows))
    cases = r.worst_cases(found)
    amounts = sorted((float(row[1]) for row in rows if row[1] > 0), reverse=True)
    assert [case.exposure for case in cases] == [sum(amounts[: k + 1]) for k in range(min(5, len(amounts)))]
    assert list(found.accounts["share"]) == pytest.approx([amount / sum(amounts) for amount in amounts])


@settings(deadline=None, max_examples=20)
@given(money, st.data())
def test_managers_of_all_accounts_add_up_to_everything(rows, data):
    found = r.exposures(book(rows))
    who = data.draw(st.lists(st.sampled_from(["M1", "M2", "M3"]), min_size=len(rows), max_size=len(rows)))
    traits = book(rows)[["account_id"]].assign(manager=who)
    cases = r.lose_each(found, traits, "manager")
    assert sum(case.exposure for case in cases) == pytest.approx(found.total)
    assert sum(case.revenue for case in cases) == pytest.approx(found.revenue)
    assert sum(case.accounts for case in cases) == len(rows)
    assert sum(case.set_aside_amount for case in cases) == pytest.approx(found.set_aside_amount)
