"""What is to be done next with an account, by rule: why, by whom, until when, and what it is worth."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from kam_analysis.analysis.plans.decision_ids import decision_id
from kam_analysis.analysis.plans.situation import Person, Situation, Task

MOST_ACTIONS = 7
_OF_TASKS = ("left_behind", "overdue")  # rules about tasks that are on file
MOST_LEFT_BEHIND = 2  # of one kind of action, so that the others are seen
NEXT_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The rules' thresholds; all of them are our own.

    near_days: a notice date within them is near. ready_days: how long before it the renewal offer stands.
    act_days: until when what is urgent is done. known_days: until when somebody is got to know. margin_points: a loss of
    margin in the share of sales that must be talked about. old_notes_days: notes older than this are old.
    least_live: contacts that an account should have.
    """

    near_days: int = 180
    ready_days: int = 10
    act_days: int = 14
    known_days: int = 60
    margin_points: float = 0.03
    old_notes_days: int = 365
    least_live: int = 2


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do. `rule` is a key of `RULES`, `about` what its sentence needs.

    `owner` None: nobody is known who could; `worth` in money a year with `worth_of` saying of what; `soon`: due within
    `NEXT_DAYS`. `for_them`: it may stand on a sheet that the customer sees. `decision_id`: its number in the table
    `decisions`; `agreed`: it stands there and is open; `was_due`: the day agreed there that has passed.
    """

    rule: str
    owner: Person | None
    due: date
    worth: float | None = None
    worth_of: str = ""
    for_them: bool = False
    soon: bool = True
    about: Mapping[str, Any] = field(default_factory=dict)
    decision_id: str = ""
    agreed: bool = False
    was_due: date | None = None


Rule = Callable[[Situation, Limits], Iterable[Action]]


def next_actions(of: Situation, limits: Limits | None = None, *, most: int = MOST_ACTIONS) -> list[Action]:
    """At most `most` actions, in the order in which they have to begin.

    The rules are those of `RULES`, in this order of urgency; where more apply, the last ones are left out. No owner
    leaves before the day their action is due: then it is whoever takes over, else the superior, else nobody is named.
    A manager who is to leave hands over and begins nothing new; one who joins the competitor there does not even that. No
    action is due before `as_of`, and while notice can still be given none is due after the day before the last one. What
    came back as done or declined (`answered`) is not recommended again unchanged; what was agreed keeps its owner and
    day.

    >>> manager = Person(person_id="M1", name="Ann", leaves=date(2026, 9, 30))
    >>> of = Situation(as_of=date(2026, 9, 18), at_stake=100.0, sales=400.0, live=1, manager=manager,
    ...                superior=Person(person_id="S1", name="Sue"), collected=frozenset({"contacts"}))
    >>> [(each.rule, each.owner.name, each.due.isoformat()) for each in next_actions(of)]
    [('hand_over', 'Ann', '2026-09-29'), ('second_contact', 'Sue', '2026-11-17')]
    """
    limits = limits or Limits()
    agreed = {task.task_id: task for task in of.tasks if task.task_id}
    # What was recommended here and agreed is told as that recommendation, and not once more as a task.
    once = {each.decision_id for each in _numbered(of, limits) if each.rule not in _OF_TASKS} & set(agreed)
    rest = replace(of, tasks=[task for task in of.tasks if task.task_id not in once])
    found = [each for each in _numbered(rest, limits) if each.decision_id not in of.answered]
    return [_as_agreed(of, each, agreed.get(each.decision_id)) for each in found[:most]]


def _numbered(of: Situation, limits: Limits) -> list[Action]:
    return [
        replace(action, decision_id=decision_id(of.account_id, action.rule, action.about))
        for rule in RULES.values()
        for action in rule(of, limits)
    ]


def _as_agreed(of: Situation, action: Action, task: Task | None) -> Action:
    """The action on the day and by the person that were agreed, where the day is to come and the person still here."""
    if task is None:
        return action
    late = task.due is not None and task.due < of.as_of
    due = action.due if task.due is None or late else task.due
    owner = task.person if task.person is not None and task.person.here_on(due) else action.owner
    if owner is not None and not owner.here_on(due):
        owner = next((each for each in (of.successor, of.superior, of.sponsor) if each and each.here_on(due)), None)
    soon = (due - of.as_of).days <= NEXT_DAYS
    return replace(action, due=due, owner=owner, soon=soon, agreed=True, was_due=task.due if late else None)


def questions(of: Situation) -> list[str]:
    """What to find out at the next visit: keys for the words, where no table tells.

    >>> questions(Situation(as_of=date(2026, 9, 18), at_stake=1.0, sales=4.0))
    ['contacts', 'objectives', 'annual_spend', 'account_notes']
    """
    return [each for each in ("contacts", "objectives", "annual_spend", "account_notes") if each not in of.collected]


def near_notice(of: Situation, limits: Limits) -> bool:
    """Whether notice can still be given, and soon."""
    return of.notice_on is not None and 0 <= (of.notice_on - of.as_of).days <= limits.near_days


def who_and_when(of: Situation, days: int, owner: Person | None = None) -> tuple[Person | None, date]:
    """Who does something about an account that is to be done within `days`, and its day.

    The day comes before the last one on which notice can be given, and not before `as_of`. Nobody who is no longer here
    on it: the first of `owner`, manager, successor, superior and sponsor who is, None where nobody is known. Where it is
    announced that the manager leaves, whoever they report to comes before them until they do: nothing new begins
    through somebody who goes.

    >>> of = Situation(as_of=date(2026, 9, 18), at_stake=1.0, sales=4.0, notice_on=date(2026, 9, 25),
    ...                manager=Person(person_id="M1", name="Ann"))
    >>> who_and_when(of, 14)[1].isoformat(), who_and_when(of, 3)[0].name
    ('2026-09-24', 'Ann')
    """
    due = of.as_of + timedelta(days=days)
    if of.notice_on is not None and of.notice_on > of.as_of:
        due = min(due, of.notice_on - timedelta(days=1))
    due = max(due, of.as_of)
    manager = of.manager
    goes = manager is not None and manager.leaves is not None and manager.told and manager.here_on(due)
    begins = of.superior if goes else None
    people = [owner, begins, manager, of.successor, of.superior, of.sponsor]
    return next((each for each in people if each is not None and each.here_on(due)), None), due


def _act(of: Situation, rule: str, days: int | date, *, owner: Person | None = None, **more: Any) -> Action:
    """An action of the account's own people, no later than what it has to come before."""
    within = (days - of.as_of).days if isinstance(days, date) else days
    here, due = who_and_when(of, within, owner)
    return Action(rule=rule, owner=here, due=due, soon=(due - of.as_of).days <= NEXT_DAYS, **more)


def _left_behind(of: Situation, limits: Limits) -> Iterable[Action]:
    """Open tasks of somebody who leaves go to another before they do: the first two one by one, with how many more."""
    left = [task for task in _by_day(of.tasks) if task.person is not None and task.person.leaves and task.person.told]
    for at, task in enumerate(left[:MOST_LEFT_BEHIND], start=1):
        if task.person is not None:
            by = of.as_of + timedelta(days=limits.act_days)
            if task.due is not None and of.as_of <= task.due < by:
                by = task.due
            others = (of.successor, of.superior, of.sponsor)
            owner = next((each for each in others if each and each != task.person), None)
            about: dict[str, Any] = {
                "task": task.text,
                "from": task.person.name,
                "leaves": task.person.leaves,
                "due": task.due,
            }
            about["more"] = len(left) - at if at == MOST_LEFT_BEHIND else 0
            yield _act(of, "left_behind", by, owner=owner, about=about)


def _win_back(of: Situation, limits: Limits) -> Iterable[Action]:
    if of.gone:
        yield _act(of, "win_back", limits.known_days, about={"gone": of.gone})


def _rescue(of: Situation, limits: Limits) -> Iterable[Action]:
    if of.work == "rescue" and not of.gone:
        about = {"figures": of.why, "notice_on": of.notice_on}
        yield _act(of, "rescue", limits.act_days, owner=of.sponsor, worth=of.at_stake, worth_of="at_stake", about=about)


def _renew(of: Situation, limits: Limits) -> Iterable[Action]:
    if near_notice(of, limits) and of.notice_on is not None:
        ready = of.notice_on - timedelta(days=limits.ready_days)
        about = {"notice_on": of.notice_on, "ends_on": of.ends_on}
        yield _act(of, "renew", ready, worth=of.at_stake, worth_of="at_stake", for_them=True, about=about)


def _hand_over(of: Situation, limits: Limits) -> Iterable[Action]:
    if of.manager and of.manager.told and of.manager.leaves:
        last, gone = of.manager.leaves, not of.manager.here_on(of.as_of)
        in_time = limits.act_days if gone else limits.known_days
        by = of.as_of + timedelta(days=in_time)
        by = by if gone else min(last - timedelta(days=1), by)
        about = {"to": of.successor.name if of.successor else "", "leaves": last, "gone": gone}
        rival = bool(of.competitor) and of.manager.joins.casefold() == of.competitor.casefold()
        owner = None if rival else of.manager
        yield _act(
            of, "hand_over", by, owner=owner, worth=of.hand_over_loss, worth_of="hand_over", for_them=True, about=about
        )


def _complaint(of: Situation, limits: Limits) -> Iterable[Action]:
    if of.complaint_on is not None:
        yield _act(of, "complaint", limits.act_days // 2, for_them=True, about={"on": of.complaint_on})


def _overdue(of: Situation, limits: Limits) -> Iterable[Action]:
    """The oldest task of somebody who stays that is overdue."""
    late = [task for task in _by_day(of.tasks) if task.due and task.due < of.as_of]
    for task in [each for each in late if not (each.person and each.person.leaves and each.person.told)][:1]:
        about = {"task": task.text, "owner": task.owner, "due": task.due, "more": len(late) - 1}
        yield _act(of, "overdue", limits.act_days, owner=task.person, about=about)


def _promise(of: Situation, limits: Limits) -> Iterable[Action]:
    """The first of their goals that is late or due within the next days."""
    for goal in _by_day(of.promised)[:1]:
        if goal.due and (goal.due - of.as_of).days <= NEXT_DAYS:
            by = goal.due if goal.due >= of.as_of else of.as_of + timedelta(days=limits.act_days)
            about = {"goal": goal.text, "late": goal.due < of.as_of, "due": goal.due}
            yield _act(of, "promise", by, for_them=True, about=about)


def _call(of: Situation, limits: Limits) -> Iterable[Action]:
    if of.call_due is not None and (of.call_overdue or (of.call_due - of.as_of).days <= NEXT_DAYS):
        about = {"overdue": of.call_overdue, "year": of.call_due.year}
        yield _act(of, "call", of.call_due, owner=of.superior or of.sponsor, for_them=True, about=about)


def _second_contact(of: Situation, limits: Limits) -> Iterable[Action]:
    few = of.live is not None and of.live < limits.least_live
    if "contacts" in of.collected and (few or of.strangers):
        about = {"live": of.live, "few": few, "strangers": tuple(of.strangers)}
        worth = of.at_stake if few else None
        yield _act(
            of, "second_contact", limits.known_days, worth=worth, worth_of="at_stake" if few else "", about=about
        )


def _margin(of: Situation, limits: Limits) -> Iterable[Action]:
    loses = of.margin_share is not None and of.margin_share < 0
    falls = of.margin_points is not None and of.margin_points <= -limits.margin_points
    if loses or falls:
        lost = -of.sales * ((of.margin_points if falls else of.margin_share) or 0.0)
        about = {"points": of.margin_points, "share": of.margin_share, "loses": loses}
        yield _act(of, "margin", limits.known_days, worth=lost, worth_of="margin", about=about)


def _offer(of: Situation, limits: Limits) -> Iterable[Action]:
    """The largest offer that is expected to be decided within the next days."""
    near = [each for each in of.offers if each.expected and (each.expected - of.as_of).days <= NEXT_DAYS]
    for each in sorted(near, key=lambda one: -one.amount)[:1]:
        expected = each.expected or of.as_of
        late = expected < of.as_of
        by = of.as_of + timedelta(days=limits.act_days) if late else expected
        worth = None if each.chance is None else each.amount * each.chance
        about = {"offer": each, "late": late, "more": len(near) - 1}
        yield _act(of, "offer", by, worth=worth, worth_of="offer", for_them=True, about=about)


def _open_line(of: Situation, limits: Limits) -> Iterable[Action]:
    """The line that promises most: potential times how often such a line was started."""
    told = [each for each in of.openings if each.chance is not None]
    if told and of.work != "rescue":
        best = max(told, key=lambda each: each.potential * (each.chance or 0.0))
        worth = best.potential * (best.chance or 0.0)
        yield _act(of, "open_line", 2 * NEXT_DAYS, worth=worth, worth_of="opening", about={"opening": best})


def _notes(of: Situation, limits: Limits) -> Iterable[Action]:
    old = of.notes_on is None or (of.as_of - of.notes_on).days > limits.old_notes_days
    if "account_notes" in of.collected and old:
        yield _act(of, "notes", limits.known_days, about={"written": of.notes_on})


def _by_day(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.due or date.max, task.text))


# In order of urgency: what is on file and cannot wait first, then what is late, then what could be won.
RULES: dict[str, Rule] = {
    "left_behind": _left_behind,
    "win_back": _win_back,
    "rescue": _rescue,
    "renew": _renew,
    "hand_over": _hand_over,
    "complaint": _complaint,
    "overdue": _overdue,
    "promise": _promise,
    "call": _call,
    "second_contact": _second_contact,
    "margin": _margin,
    "offer": _offer,
    "open_line": _open_line,
    "notes": _notes,
}
