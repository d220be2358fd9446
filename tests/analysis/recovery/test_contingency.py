"""The contingency plan's rules one by one, who owns a step on which day, and the months with a budget and without one."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis.plans import Person
from kam_analysis.analysis.recovery import STEPS, Range, WorstCase, contingency, planned_months

TODAY = date(2026, 9, 18)
ANN = Person(person_id="M1", name="Ann")
BEN = Person(person_id="M2", name="Ben")
SUE = Person(person_id="S1", name="Sue")
EVE = Person(person_id="E1", name="Eve")
FULL = WorstCase(
    as_of=TODAY,
    known_by=date(2026, 10, 20),
    gone_from=date(2027, 2, 1),
    cash_low=-31.0,
    cash_low_on=date(2027, 9, 1),
    missing=77.0,
    cut=Range(20.0, 10.0, 30.0),
    cut_months=6.0,
    owed=41.0,
    line="Pumps",
    line_share=0.39,
    quotes=Range(500.0, 400.0, 900.0),
    half_year=13.0,
    next_largest="Birch",
    next_share=0.2,
    manager=ANN,
    next_manager=BEN,
    superior=SUE,
    lead=EVE,
)


def told(of):
    """By rule: what sets it off, its day, who does it, and the amount."""
    return {
        each.rule: (
            each.trigger,
            each.due.isoformat(),
            each.owner and each.owner.name,
            each.amount and each.amount.value,
        )
        for each in contingency(of)
    }


def test_every_rule_by_hand():
    assert told(FULL) == {
        "agree": ("now", "2026-10-02", "Eve", None),
        "budget": ("known", "2026-11-03", "Eve", 77.0),
        "cash": ("known", "2026-11-03", "Eve", 31.0),
        "next": ("known", "2026-11-03", "Ben", None),
        "replace": ("known", "2026-11-19", "Sue", 500.0),
        "line": ("known", "2026-11-19", "Sue", None),
        "cut": ("known", "2027-02-01", "Eve", 20.0),
        "collect": ("gone", "2027-03-03", "Ann", 41.0),
        "review": ("slow", "2027-08-02", "Eve", 13.0),
    }
    assert set(told(FULL)) == set(STEPS)


@pytest.mark.parametrize(
    ("less", "rule"),
    [
        ({"missing": 0.0}, "budget"),
        ({"cash_low": 0.0}, "cash"),
        ({"next_largest": ""}, "next"),
        ({"quotes": None}, "replace"),
        ({"line_share": 0.19}, "line"),
        ({"line": ""}, "line"),
        ({"cut": None}, "cut"),
        ({"cut": Range(0.0, 0.0, 1.0)}, "cut"),
        ({"owed": 0.0}, "collect"),
        ({"half_year": None}, "review"),
        ({"half_year": 0.0}, "review"),
    ],
)
def test_a_step_without_its_fact_is_no_step(less, rule):
    assert set(told(replace(FULL, **less))) == set(STEPS) - {rule}


def test_with_nothing_known_but_the_days_one_step_is_left_and_nobody_is_named():
    bare = WorstCase(as_of=TODAY, known_by=TODAY, gone_from=date(2026, 10, 1))
    assert told(bare) == {"agree": ("now", "2026-10-02", None, None)}


def test_whoever_leaves_on_the_day_of_a_step_or_before_does_not_own_it():
    due = date(2027, 3, 3)
    for leaves, owner in ((due + timedelta(days=1), "Ann"), (due, "Sue"), (date(2026, 12, 31), "Sue")):
        assert told(replace(FULL, manager=replace(ANN, leaves=leaves)))["collect"][2] == owner
    gone = replace(FULL, manager=replace(ANN, leaves=TODAY), superior=replace(SUE, leaves=TODAY))
    assert told(gone)["collect"][2] == "Eve"
    assert told(replace(gone, lead=None))["collect"][2] is None


days = st.integers(min_value=-400, max_value=800).map(lambda each: TODAY + timedelta(days=each))
people = st.none() | st.builds(Person, person_id=st.just("X"), name=st.just("X"), leaves=st.none() | days)


@given(known_by=days, gone_from=days, people=st.tuples(people, people, people, people))
def test_no_step_lies_in_the_past_and_no_owner_has_left_by_then(known_by, gone_from, people):
    manager, next_manager, superior, lead = people
    of = replace(
        FULL, known_by=known_by, gone_from=gone_from, manager=manager, next_manager=next_manager, superior=superior, lead=lead
    )  # fmt: skip
    steps = contingency(of)
    assert [each.due for each in steps] == sorted(each.due for each in steps)
    for each in steps:
        assert each.due >= TODAY
        assert each.owner is None or each.owner.here_on(each.due)


def test_months_follow_the_budget_where_there_is_one_and_the_year_s_sales_where_not():
    budget = pd.DataFrame(
        {
            "month": ["2026-09-01", "2026-10-01", "2026-11-15", "2026-11-01", "2027-01-01"],
            "revenue": [999.0, 30.0, 8.0, 12.0, 50.0],
            "margin": [999.0, 9.0, 3.0, 4.0, None],
            "product_line": [None, None, "Pumps", "Seals", None],
        }
    )
    found = planned_months(budget, TODAY, revenue=240.0, margin=60.0, months=4)
    assert found["month"].dt.strftime("%Y-%m-%d").tolist() == ["2026-10-01", "2026-11-01", "2026-12-01", "2027-01-01"]
    assert found["basis"].tolist() == ["budget", "budget", "as sales run", "budget"]
    assert found["revenue"].tolist() == [30.0, 20.0, 20.0, 50.0]
    assert found["margin"].tolist() == [9.0, 7.0, 5.0, 12.5]  # a quarter of sales where it is not budgeted


def test_without_a_budget_a_year_adds_up_to_the_last_and_without_a_margin_none_is_made_up():
    found = planned_months(None, TODAY, revenue=240.0, margin=None)
    assert len(found) == 12
    assert found["revenue"].sum() == pytest.approx(240.0)
    assert found["margin"].isna().all()
    assert planned_months(budget := pd.DataFrame({"month": [], "revenue": []}), TODAY, revenue=12.0, margin=6.0)["margin"].tolist() == [0.5] * 12  # fmt: skip
    assert budget.empty
