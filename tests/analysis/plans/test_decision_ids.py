"""A recommendation's number: the same on every day, another for another fact; what came back is not recommended again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from test_next_actions import CALM, DAY, FACTS, SUPERIOR, in_days

from kam_analysis.analysis.plans import RULES, Person, Task, decision_id, is_answered, next_actions

# What makes another recommendation of the same rule.
OTHERWISE = {
    "left_behind": {"tasks": (Task(text="Call", person=Person(person_id="M1", name="Ann", leaves=in_days(104)), due=in_days(5)),)},
    "renew": {"notice_on": in_days(180), "ends_on": in_days(300)},
    "complaint": {"complaint_on": in_days(-4)},
    "second_contact": {"live": 0},
    "margin": {"margin_points": -0.051, "margin_share": 0.2},
}  # fmt: skip


@pytest.mark.parametrize(("rule", "fact"), [each[:2] for each in FACTS], ids=[each[0] for each in FACTS])
def test_the_number_stays_from_day_to_day_and_what_is_done_or_declined_is_not_recommended_again(rule, fact):
    of = replace(CALM, account_id="A-1", **fact)
    [action] = next_actions(of)
    assert action.decision_id.startswith(f"act.A-1.{rule}.")
    [next_day] = next_actions(replace(of, as_of=of.as_of + timedelta(days=1), notes_on=of.notes_on if rule == "notes" else DAY)) or [action]  # fmt: skip
    assert next_day.decision_id == action.decision_id
    assert next_actions(replace(of, answered=frozenset({action.decision_id}))) == []
    assert next_actions(replace(of, answered=frozenset({"act.A-2" + action.decision_id[7:]}))) == [action]


@pytest.mark.parametrize("rule", OTHERWISE)
def test_another_fact_is_another_recommendation(rule):
    fact = next(each[1] for each in FACTS if each[0] == rule)
    [first], [second] = (next_actions(replace(CALM, account_id="A-1", **each)) for each in (fact, OTHERWISE[rule]))
    assert first.rule == second.rule == rule
    assert first.decision_id != second.decision_id
    assert next_actions(replace(CALM, account_id="A-1", answered=frozenset({first.decision_id}), **OTHERWISE[rule]))


def test_every_rule_has_a_number():
    for rule in RULES:
        [action] = next_actions(replace(CALM, account_id="A", **next(each[1] for each in FACTS if each[0] == rule)))
        assert decision_id("A", rule, action.about) == action.decision_id
    with pytest.raises(KeyError):
        decision_id("A", "unknown", {})


def test_what_was_agreed_keeps_its_day_and_owner_and_is_told_once():
    of = replace(CALM, account_id="A", complaint_on=in_days(-3))
    [action] = next_actions(of)
    agreed = Task(text="Answer", task_id=action.decision_id, owner="Sue", person=SUPERIOR, due=in_days(20))
    [told] = next_actions(replace(of, tasks=(agreed,)))
    assert (told.due, told.owner, told.agreed, told.was_due) == (in_days(20), SUPERIOR, True, None)
    [late] = next_actions(replace(of, tasks=(replace(agreed, due=in_days(-1)),)))
    assert (late.rule, late.due, late.was_due, late.agreed) == ("complaint", action.due, in_days(-1), True)
    gone = replace(SUPERIOR, leaves=in_days(20))
    [other] = next_actions(replace(of, tasks=(replace(agreed, person=gone),)))
    assert (other.due, other.owner) == (in_days(20), CALM.manager)
    leaver = replace(CALM.manager, leaves=in_days(10), told=False)
    [neither] = next_actions(replace(of, manager=leaver, tasks=(replace(agreed, person=None),)))
    assert neither.owner != leaver
    # Where it is no longer called for, an agreed action is a task like any other.
    [task] = next_actions(replace(CALM, account_id="A", tasks=(replace(agreed, due=in_days(-1)),)))
    assert task.rule == "overdue"


def test_words_that_answer():
    assert all(map(is_answered, ("done", " Done", "DECLINED", "rejected", "erledigt", "abgelehnt", "cancelled")))
    assert not any(map(is_answered, ("open", "proposed", "", None, float("nan"), "on the way")))
