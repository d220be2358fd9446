"""What changed since the plan was last made: figures, and actions done, new and overdue."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from kam_analysis.analysis import plans
from kam_analysis.analysis.plans import Action, Situation
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.last_made import LastMade
from kam_analysis.pages.account_plan.sheet_room import TASK, short
from kam_analysis.pages.account_plan.words_actions import NAMES

_HEADS = {
    "revenue": "sales",
    "margin": "margin",
    "share": "share of our sales",
    "churn_probability": "chance of leaving",
    "headroom": "bought from others",
}
_SHARES = ("share", "churn_probability")
_NAMED = 3


def since_last_made(
    last: LastMade | None,
    *,
    figures: Mapping[str, float | None],
    actions: Sequence[Action],
    of: Situation,
    tasks: pd.DataFrame | None,
    unit: str,
) -> list[str]:
    """Sentences, the figures first; `figures` of today by their names in the results, `tasks` the account's decisions."""
    said = [_figures(last, figures, unit)] if last is not None else []
    if last is not None and last.kept:
        said += _actions(last, actions, of=of, tasks=tasks)
    late = sorted((each.due, each.text) for each in of.tasks if each.due is not None and each.due < of.as_of)
    if late:
        first = f"{short(late[0][1], TASK)} (due {style.day(late[0][0])})"
        said.append(f"Overdue: {first}{_more(len(late) - 1)}.")
    return said


def _figures(last: LastMade, figures: Mapping[str, float | None], unit: str) -> str:
    moved = []
    for name, head in _HEADS.items():
        if name in last.figures:
            before, now = (_written(name, each.get(name), unit) for each in (last.figures, figures))
            if before != now:
                moved.append(f"{head} {now}, before {before}")
    where = "the plan of" if last.kept else "the month's end"
    note = "" if last.kept else " No earlier plan is kept, so nothing else is compared."
    return f"Since {where} {style.day(last.as_of)}: {'; '.join(moved) or 'no figure changed'}.{note}"


def _written(name: str, value: float | None, unit: str) -> str:
    if value is None:
        return "not known"
    return style.share(value, 0) if name in _SHARES else style.money(value, unit)


def _actions(last: LastMade, actions: Sequence[Action], *, of: Situation, tasks: pd.DataFrame | None) -> Iterator[str]:
    """What became of the actions of that plan, and which are new."""
    # What more urgent actions have pushed off the plan is still called for.
    still = {each.decision_id for each in plans.next_actions(of, most=len(plans.RULES) + 1)}
    now = {each.decision_id: each.rule for each in actions}
    answers = {}
    if tasks is not None and {"decision_id", "status"} <= set(tasks):
        answers = dict(zip(tasks["decision_id"], tasks["status"], strict=True))
    gone = [each for each in last.actions if each not in now]
    done = [each for each in gone if plans.is_done(answers.get(each))]
    declined = [each for each in gone if each not in done and plans.is_answered(answers.get(each))]
    other = [each for each in gone if each not in {*done, *declined, *still}]
    rules = {**last.actions, **now}
    new = [each for each in now if each not in last.actions]
    for head, ids in (("Done", done), ("Declined", declined), ("New", new), ("No longer called for", other)):
        if ids:
            names = list(dict.fromkeys(NAMES.get(rules[each], rules[each]) for each in ids))
            yield f"{head}: {', '.join(names[:_NAMED])}{_more(len(names) - _NAMED)}."


def _more(left: int) -> str:
    return f" and {left} more" if left > 0 else ""
