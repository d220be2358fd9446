"""03: the contingency plan to the last cell, who looks after whom, and what hardly changed, from a company made by hand."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import churn_impact_for_tests as made
import numpy as np
import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.pages.churn_impact import answer, this_year
from kam_analysis.pages.churn_impact.contingency import contingency_of
from kam_analysis.pages.churn_impact.what_goes import owners

DAY = date(2026, 6, 30)
STAFF = pd.DataFrame(
    {"manager_id": ["M1", "M2", "S1", "E1"], "manager_name": ["Max Orr", "Ines Roth", "Sue Field", "Eve Moor"], "superior_id": ["S1", "S1", "E1", None],
     "level": ["manager", "manager", "superior", "executive"], "leaving_on": pd.to_datetime([None, "2026-12-31", None, None]),
     "announced_on": pd.to_datetime([None, "2026-06-01", None, None])}
)  # fmt: skip
BUDGET = pd.DataFrame(
    {"month": pd.to_datetime(["2026-07-01", "2026-08-01"]), "revenue": [250.0, 210.0], "margin": [90.0, 70.0]}
)
TRAITS = made.TRAITS.merge(made.CONTRACTS, on="account_id", how="left")


def ledger(**other):
    given = {
        "as_of": DAY, "traits": lambda: TRAITS, "staff": lambda: STAFF, "has": lambda name: name == "budget", "table": lambda name: BUDGET,
        "told_by_month": False, "overview": SimpleNamespace(first=date(2020, 1, 1)),
    }  # fmt: skip
    return SimpleNamespace(**given | other)


def planned(found, of=None):
    return replace(found, contingency=contingency_of(found, of or ledger()))


def rows(table):
    return [[plain(text) for text in row.values()] for row in table.written()]


@pytest.fixture(scope="module")
def plan():
    return planned(made.made())


def test_every_step_has_its_day_its_owner_and_its_money(plan):
    table = plan.steps_table()
    assert (table.caption, rows(table)) == ("What we do if it happens: losing Aldwick Mills", [
        ["14 Jul 2026", "Agree this plan, and name who leads it", "In any case", "Eve Moor", ""],
        # Six months without 33 of margin each.
        ["14 Nov 2026", "Restate the budget for the margin missing", "A sign shows", "Eve Moor", "200"],
        ["14 Nov 2026", "Agree a credit line: cash is lowest in Jun 2027", "A sign shows", "Eve Moor", "127"],
        ["14 Nov 2026", "Tell Brack & Sons in person: 59% of what is left", "A sign shows", "Ines Roth", ""],
        # 1,000 of sales by offers of which 10% to 60% are won.
        ["30 Nov 2026", "Begin quotes that would replace the sales", "A sign shows", "Sue Field", "2-10k"],
        ["30 Nov 2026", "Offer the Pumps capacity (67%) to others", "A sign shows", "Sue Field", ""],
        # A quarter to three quarters of the 240 that Aldwick paid for.
        ["1 Jan 2027", "Decide which costs to cut: it saves after 2 months", "A sign shows", "Eve Moor", "60-180"],
        ["31 Jan 2027", "Collect what they owe", "Their last order", "Max Orr", "33"],
        ["2 Jul 2027", "Cut further if half a year's new business is less", "Slow replacement", "Eve Moor", "178"],
    ])  # fmt: skip
    assert (
        plain(table.notes[0])
        == "The days hold if notice is given on the last day for it, 31 Oct 2026. Given sooner, they are sooner."
    )
    of = plan.contingency.of
    assert (of.gone_from, of.cash_low_on, of.cut_months, of.line_share) == (
        date(2027, 1, 1),
        date(2027, 6, 1),
        2.0,
        pytest.approx(2 / 3),
    )
    assert (of.missing, of.cash_low, of.half_year) == (pytest.approx(200), pytest.approx(-127), 177.5)


def test_the_months_with_and_without_them(plan):
    table = plan.months_table()
    run, after = ["as sales run", "62.42"], ["as sales run", "62.42", "29.08", "24.97"]
    assert rows(table) == [
        ["Jul 2026", "budget", "90", "90", "52.55", "52.55", "0"], ["Aug 2026", "budget", "70", "70", "32.55", "32.55", "0"],
        *([month, *run, "62.42", "24.97", "24.97", "0"] for month in ("Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026")),
        # What they owe, 33, is still paid in the first month; two months later 10 a month are cut.
        ["Jan 2027", *after, "-8.37", "-0.33"], ["Feb 2027", *after, "-8.37", "-33.67"], ["Mar 2027", *after, "1.63", "-57.00"],
        ["Apr 2027", *after, "1.63", "-80.33"], ["May 2027", *after, "1.63", "-104"], ["Jun 2027", *after, "1.63", "-127"],
    ]  # fmt: skip
    assert table.strong == [6, 7]
    assert plain(table.notes[0]).endswith(
        "As sales run: a twelfth of the last twelve months, without the seasons, where no budget is on file. Result: margin less a twelfth of fixed costs of €449 (€374 to €562)."
    )  # fmt: skip
    months = plan.contingency.by_month
    assert (months["revenue"] - months["revenue_without"]).tolist() == pytest.approx([0.0] * 6 + [1000 / 12] * 6)
    assert months["revenue"].tolist() == pytest.approx([250.0, 210.0] + [2145 / 12] * 10)


def test_its_signs_are_notices_a_departure_and_a_weak_quarter(plan):
    assert rows(plan.signs_table()) == [
        ["Aldwick Mills", "Gives notice, possible until 31 Oct 2026 (contract ends 31 Dec 2026)", ""]
    ]
    months = pd.date_range(end="2026-06-01", periods=30, freq="MS")
    sold = pd.DataFrame(
        {"account_id": "a", "month": months, "revenue": [50.0] * 27 + [1.0, 2.0, 3.0], "complete": True}
    )
    traits = TRAITS.assign(notice_by=TRAITS["ends_on"])
    told = ledger(told_by_month=True, by_account_month=lambda ids, window, measure: sold, traits=lambda: traits)
    weak = planned(made.made(), told)
    assert rows(weak.signs_table()) == [
        ["Aldwick Mills", "Does not renew: the contract ends on 31 Dec 2026", ""],
        ["Aldwick Mills", "Orders less than €150 in three months, its weakest of two years", "€6: it shows already"],
    ]  # fmt: skip
    assert plain(weak.steps_table().notes[0]).startswith(
        "One sign shows already: Aldwick Mills ordered less in three months than in any three of two years."
    )
    past = ledger(traits=lambda: TRAITS.assign(notice_by=pd.Timestamp("2026-06-29")))
    assert planned(made.made(), past).contingency.signs.empty
    today = ledger(traits=lambda: TRAITS.assign(notice_by=pd.Timestamp(DAY)))
    assert planned(made.made(), today).contingency.of.known_by == DAY
    leaves = planned(made.made(departing=made.leaving(last_day="2026-12-31")))
    [departure, *_] = rows(leaves.signs_table())
    assert departure == ["Ines Roth", "Leaves on 31 Dec 2026: a customer says that it goes along", ""]


def test_without_costs_budget_and_debts_the_plan_says_less():
    found = made.made()
    bare = replace(found, fixed=None, selling=None, pace={}, cash=found.cash.head(0))
    traits = TRAITS[["account_id", "account_manager_id"]]
    known = planned(bare, ledger(has=lambda name: False, traits=lambda: traits)).contingency.of
    assert (known.cash_low, known.cash_low_on, known.cut, known.cut_months) == (0.0, None, None, 0.0)
    assert (known.quotes, known.half_year, known.known_by) == (None, None, DAY)
    assert contingency_of(replace(found, worst=(), leaving_case=None, named=None), ledger()) is None


def test_each_account_s_owner_is_its_manager_or_who_is_above_one_that_leaves():
    leaves = SimpleNamespace(
        managers=pd.DataFrame({"account_manager_id": ["M1", "M2"], "chance": [0.0, 1.0], "announced": [False, True]})
    )
    traits = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "account_manager_id": ["M1", "M2", None, "X1"]})
    of = ledger(traits=lambda: traits)
    assert owners(of, leaves) == {"a": "Max Orr", "b": "Sue Field", "d": "X1"}
    secret = SimpleNamespace(managers=leaves.managers.assign(announced=False))
    assert owners(of, secret) == {}
    # One who has no chance of leaving is no secret.
    nobody = SimpleNamespace(managers=leaves.managers.assign(announced=False, chance=0.0))
    assert owners(of, nobody)["b"] == "Ines Roth"
    alone = ledger(traits=lambda: traits, staff=lambda: STAFF.assign(superior_id=None))
    assert owners(alone, leaves) == {"a": "Max Orr", "d": "X1"}
    assert owners(ledger(traits=lambda: traits[["account_id"]]), leaves) == {}


def test_what_hardly_differs_is_not_told():
    found = made.made()
    assert [answer._moved(found, *each) for each in ((1000.5, 1000.0), (999.5, 1000.0), (5.0, -4.0))] == ["", "", "€9"]
    assert [answer._moved(found, *each) for each in ((1000.6, 1000.0), (900.0, 1000.0))] == ["€0.6", "€100"]


def test_together_stands_out():
    assert made.made().parts_table().strong == [2]


def test_who_sells_us_more_than_they_buy_takes_nothing_of_the_cash(monkeypatch):
    found = made.made()
    goes = this_year.going(found, found.first_case)
    usual = this_year.cash(found, TRAITS)
    two = pd.concat([goes.rows, goes.rows.assign(account_id="e", revenue=-60.0, exposure=-8.0)], ignore_index=True)
    both = this_year.Going(rows=two, lost=np.array([1.0, 1.0]), until=np.array([goes.until[0], goes.until[0]]))
    monkeypatch.setattr(this_year, "going", lambda found, case: both)
    pd.testing.assert_frame_equal(this_year.cash(found, TRAITS.assign(receivables=[33.0, 0.0, 0.0, 0.0, 0.0])), usual)
