"""Next actions: each rule fires on its fact and not beside it; owners are there, days come before the notice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis.plans import RULES, Limits, Offer, Opening, Person, Situation, Task, next_actions, questions

DAY = date(2026, 9, 18)
MANAGER = Person(person_id="M1", name="Ann")
SUPERIOR = Person(person_id="S1", name="Sue")
SPONSOR = Person(person_id="E1", name="Eve")
SUCCESSOR = Person(person_id="M2", name="Ben")
LEAVER = replace(MANAGER, leaves=DAY + timedelta(days=104), joins="Vantor")
CALM = Situation(
    as_of=DAY, at_stake=100.0, sales=400.0, manager=MANAGER, successor=SUCCESSOR, superior=SUPERIOR, sponsor=SPONSOR,
    live=3, notes_on=DAY, collected=frozenset({"contacts", "objectives", "annual_spend", "account_notes"}),
)  # fmt: skip


def in_days(days: int) -> date:
    return DAY + timedelta(days=days)


# Rule, the fact that fires it, the fact beside it that does not, who does it, in how many days, what is at stake.
FACTS = [
    ("left_behind", {"tasks": (Task(text="Visit", person=LEAVER, due=in_days(5)),)}, {"tasks": (Task(text="Visit", person=replace(LEAVER, told=False)),)}, "Ben", 5, None),
    ("win_back", {"gone": "left on 1 May 2026"}, {}, "Ann", 60, None),
    ("rescue", {"work": "rescue"}, {"work": "assessment"}, "Eve", 14, 100.0),
    ("renew", {"notice_on": in_days(180)}, {"notice_on": in_days(181)}, "Ann", 170, 100.0),
    ("hand_over", {"manager": LEAVER, "hand_over_loss": 33.0}, {"manager": replace(LEAVER, told=False)}, "Ann", 60, 33.0),
    ("complaint", {"complaint_on": in_days(-3)}, {}, "Ann", 7, None),
    ("overdue", {"tasks": (Task(text="Visit", person=SPONSOR, due=in_days(-1)),)}, {"tasks": (Task(text="Visit", person=SPONSOR, due=DAY),)}, "Eve", 14, None),
    ("promise", {"promised": (Task(text="Save", due=in_days(90)),)}, {"promised": (Task(text="Save", due=in_days(91)),)}, "Ann", 90, None),
    ("call", {"call_due": in_days(90)}, {"call_due": in_days(91)}, "Sue", 90, None),
    ("second_contact", {"live": 1}, {"live": 2}, "Ann", 60, 100.0),
    ("margin", {"margin_points": -0.03, "margin_share": 0.2}, {"margin_points": -0.029, "margin_share": 0.2}, "Ann", 60, 12.0),
    ("offer", {"offers": (Offer(amount=50.0, chance=0.4, expected=in_days(90)),)}, {"offers": (Offer(amount=50.0, chance=0.4, expected=in_days(91)),)}, "Ann", 90, 20.0),
    ("open_line", {"openings": (Opening(line="Seals", potential=40.0, low=10.0, high=90.0, chance=0.25),)}, {"openings": (Opening(line="Seals", potential=40.0, low=10.0, high=90.0),)}, "Ann", 180, 10.0),
    ("notes", {"notes_on": in_days(-366)}, {"notes_on": in_days(-365)}, "Ann", 60, None),
]  # fmt: skip


def test_there_is_a_fact_for_every_rule_and_the_calm_account_needs_nothing():
    assert [each[0] for each in FACTS] == list(RULES)
    assert next_actions(CALM) == []


@pytest.mark.parametrize(("rule", "fact", "beside", "owner", "days", "worth"), FACTS, ids=[each[0] for each in FACTS])
def test_a_rule_fires_on_its_fact_and_not_beside_it(rule, fact, beside, owner, days, worth):
    [action] = next_actions(replace(CALM, **fact))
    assert (action.rule, action.owner.name, (action.due - DAY).days, action.worth) == (rule, owner, days, worth)
    assert action.soon == (days <= 90)
    assert next_actions(replace(CALM, **beside)) == []


def test_other_facts_that_fire_the_same_rules():
    late = replace(CALM, call_due=in_days(200), call_overdue=True)
    assert [each.rule for each in next_actions(late)] == ["call"]
    loses = next_actions(replace(CALM, margin_share=-0.05, margin_points=0.01))
    assert [(each.rule, each.worth) for each in loses] == [("margin", 20.0)]
    strangers = next_actions(replace(CALM, strangers=("Plant manager",)))
    assert [(each.rule, each.worth) for each in strangers] == [("second_contact", None)]
    missed = next_actions(replace(CALM, promised=(Task(text="Save", due=in_days(-2)),)))
    assert [(each.rule, (each.due - DAY).days) for each in missed] == [("promise", 14)]
    old = next_actions(replace(CALM, offers=(Offer(amount=5.0, expected=in_days(-2)),)))
    assert [(each.rule, (each.due - DAY).days, each.worth) for each in old] == [("offer", 14, None)]
    assert next_actions(replace(CALM, notes_on=None))[0].rule == "notes"


def test_many_tasks_of_a_leaver_leave_room_for_the_rest():
    tasks = tuple(Task(text=f"Task {at}", person=LEAVER, due=in_days(at)) for at in range(20))
    found = next_actions(replace(CALM, manager=LEAVER, tasks=tasks, work="rescue"))
    assert [each.rule for each in found] == ["left_behind", "left_behind", "rescue", "hand_over"]
    assert [each.about["more"] for each in found[:2]] == [0, 18]


def test_what_was_left_of_a_leaver_s_tasks_goes_to_who_takes_over_and_comes_first():
    tasks = (Task(text="Late", person=LEAVER, due=in_days(-20)), Task(text="Later", person=LEAVER, due=in_days(40)))
    found = next_actions(replace(CALM, manager=LEAVER, tasks=tasks, work="rescue"))
    assert [each.rule for each in found] == ["left_behind", "left_behind", "rescue", "hand_over"]
    assert [(each.owner.name, (each.due - DAY).days) for each in found[:2]] == [("Ben", 14), ("Ben", 14)]
    assert found[0].about == {"task": "Late", "from": "Ann", "leaves": LEAVER.leaves, "due": in_days(-20), "more": 0}


def test_nobody_gets_what_is_due_after_they_have_left():
    leaving = replace(MANAGER, leaves=in_days(30))
    [action] = [each for each in next_actions(replace(CALM, manager=leaving, live=1)) if each.rule == "second_contact"]
    assert action.owner.name == "Ben"
    alone = replace(CALM, manager=replace(leaving, told=False), live=1, successor=None, superior=None, sponsor=None)
    [action] = next_actions(alone)
    assert (action.rule, action.owner) == ("second_contact", None)


def test_who_is_to_leave_hands_over_and_begins_nothing_new():
    leaving = replace(MANAGER, leaves=in_days(100))
    of = replace(CALM, manager=leaving, live=1, notice_on=in_days(60), competitor="Vantor")
    owners = {each.rule: each.owner.name for each in next_actions(of)}
    assert owners == {"renew": "Sue", "hand_over": "Ann", "second_contact": "Sue"}
    joins = replace(of, manager=replace(leaving, joins="VANTOR"))
    assert {each.owner.name for each in next_actions(joins)} == {"Sue"}, "not before the customer of a rival"
    secret = replace(of, manager=replace(leaving, joins="Vantor", told=False))
    assert {each.owner.name for each in next_actions(secret)} == {"Ann"}
    elsewhere = replace(of, manager=replace(leaving, joins="Elsewhere"), competitor="")
    assert {each.rule: each.owner.name for each in next_actions(elsewhere)}["hand_over"] == "Ann"


def test_a_departure_that_is_not_announced_fires_nothing():
    secret = replace(LEAVER, told=False)
    of = replace(CALM, manager=secret, hand_over_loss=5.0, tasks=(Task(text="Visit", person=secret, due=in_days(9)),))
    assert next_actions(of) == []


def test_a_rescue_offers_nothing_new():
    of = replace(CALM, work="rescue", openings=(Opening(line="Seals", potential=4.0, low=1.0, high=9.0, chance=0.5),))
    assert [each.rule for each in next_actions(of)] == ["rescue"]


def test_at_most_seven_and_the_urgent_ones_stay():
    everything = {name: value for _, fact, _, _, _, _ in FACTS for name, value in fact.items()}
    found = next_actions(replace(CALM, **everything))
    assert len(found) == 7
    assert [each.rule for each in found] == list(dict.fromkeys(each.rule for each in found))
    assert found[0].rule == "overdue" or found[0].rule == "win_back"


def test_questions_are_what_no_table_tells():
    assert questions(CALM) == []
    assert questions(replace(CALM, collected=frozenset({"objectives"}))) == [
        "contacts",
        "annual_spend",
        "account_notes",
    ]


people = st.sampled_from([None, MANAGER, SUPERIOR, LEAVER, replace(LEAVER, told=False), replace(SUPERIOR, leaves=in_days(3))])  # fmt: skip
days = st.none() | st.integers(-400, 400).map(in_days)


@given(
    people, people, people, people, days,
    st.lists(st.tuples(people, days), max_size=4), st.lists(days, max_size=3), st.integers(0, 3), st.sampled_from(["rescue", "review", ""]),
)  # fmt: skip
def test_owners_are_there_on_the_day_and_days_lie_before_the_notice(manager, successor, superior, sponsor, notice, tasks, offers, live, work):  # fmt: skip
    of = replace(
        CALM, manager=manager, successor=successor, superior=superior, sponsor=sponsor, notice_on=notice, live=live, work=work,
        tasks=tuple(Task(text=f"t{at}", person=who, due=due) for at, (who, due) in enumerate(tasks)),
        offers=tuple(Offer(amount=1.0, expected=each) for each in offers),
    )  # fmt: skip
    found = next_actions(of, Limits())
    assert len(found) <= 7
    for each in found:
        assert each.due >= DAY
        assert each.owner is None or each.owner.leaves is None or each.due < each.owner.leaves
        if notice is not None and notice > DAY:
            assert each.due < notice


def test_of_several_openings_and_offers_the_one_that_is_worth_most_is_named():
    """By potential times chance: 30 x 0.5 before 100 x 0.1, 14 for certain and any of which nobody knows how often."""
    openings = tuple(
        Opening(line=line, potential=potential, low=1.0, high=200.0, chance=chance)
        for line, potential, chance in (("A", 100.0, 0.1), ("B", 30.0, 0.5), ("C", 14.0, 1.0), ("D", 900.0, None))
    )
    [action] = next_actions(replace(CALM, openings=openings))
    assert (action.about["opening"].line, action.worth) == ("B", 15.0)
    offers = tuple(
        Offer(amount=each, chance=0.5, expected=in_days(at)) for at, each in ((9, 50.0), (8, 70.0), (7, 60.0))
    )
    [action] = next_actions(replace(CALM, offers=offers))
    assert (action.about["offer"].amount, action.about["more"], action.worth) == (70.0, 2, 35.0)
