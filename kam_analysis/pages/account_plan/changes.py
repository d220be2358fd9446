"""What changed since the plan was last made: figures, and actions done, new and overdue."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kam_analysis.analysis import plans
from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.account_plan import answer
from kam_analysis.pages.account_plan.sheet_room import TASK, short
from kam_analysis.pages.account_plan.words_actions import NAMES
from kam_analysis.pages.words import listed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

# Where a run's reports find what the runs before it kept: a file of figures and numbers, without a name or a text.
PLANS_MADE = "KAM_PLANS_MADE"


@dataclass(frozen=True, kw_only=True)
class LastMade:
    """The plan of an earlier day: its `figures` by name (None: not known then), its `actions`, {decision_id: rule}.

    `kept`: a run kept it; else it is the last month's end, with what sales tell, and `actions` is empty.
    """

    as_of: date
    figures: Mapping[str, float | None]
    actions: Mapping[str, str]
    kept: bool


def last_made(ledger: Ledger, account_id: str) -> LastMade | None:
    """The newest plan of a day before the ledger's; None where neither a run nor the data tells of one."""
    found = [each for each in map(_entry, _kept(account_id, ledger.name)) if each and each.as_of < ledger.as_of]
    return max(found, key=lambda each: each.as_of) if found else _month_end(ledger, account_id)


def _kept(account_id: str, company: str) -> list[Any]:
    path = os.environ.get(PLANS_MADE)
    try:
        kept = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        return list(kept["plans"][account_id]) if kept.get("company") == company else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none yet, or somebody else's
        return []


def _entry(found: Any) -> LastMade | None:
    try:
        figures = {str(name): None if value is None else float(value) for name, value in found["figures"].items()}
        actions = {str(name): str(rule) for name, rule in found["actions"].items()}
        return LastMade(as_of=date.fromisoformat(found["as_of"]), figures=figures, actions=actions, kept=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _month_end(ledger: Ledger, account_id: str) -> LastMade | None:
    """Sales and margin of the twelve months to the end of the month before the ledger's day."""
    if not ledger.told_by_month:
        return None
    day = ledger.as_of.replace(day=1) - timedelta(days=1)
    try:
        then = ledger.at(day)
        year = then.period_of("last_12_months")
    except (DataError, SettingsError, ValueError):
        return None
    measures = [each for each in ("revenue", "margin") if each in ledger.measures]
    rows = then.by_account(year, measures=measures)
    total, own = float(rows.loc[rows["revenue"] > 0, "revenue"].sum()), rows[rows["account_id"] == account_id]
    figures: dict[str, float | None] = {each: float(own[each].sum()) for each in measures}
    sold = figures["revenue"] or 0.0
    figures["share"] = sold / total if total > 0 and sold > 0 else None
    return LastMade(as_of=day, figures=figures, actions={}, kept=False)


_HEADS = words_in(__file__, "figures")  # by the figures' names in the results
SHARES = ("share", "churn_probability")
_NAMED = 3


def since_last_made(found: "Found") -> list[str]:
    """Sentences, the figures first."""
    last, of = found.last_made, found.situation
    said = [_figures(last, found)] if last is not None else []
    if last is not None and last.kept:
        said += _actions(last, found)
    late = sorted((each.due, each.text) for each in of.tasks if each.due is not None and each.due < of.as_of)
    if late:
        named = [say("changes.task", task=short(text, TASK), day=style.day(due)) for due, text in late]
        said.append(say("changes.overdue", tasks=listed(named, 1)))
    return said


def _figures(last: LastMade, found: "Found") -> str:
    figures, unit = answer.figures(found), found.unit
    both = {
        name: (head, last.figures[name], figures.get(name)) for name, head in _HEADS.items() if name in last.figures
    }
    written = [(head, *(_written(name, each, unit) for each in values)) for name, (head, *values) in both.items()]
    moved = [say("changes.moved", figure=head, now=now, before=was) for head, was, now in written if was != now]
    told = {"day": style.day(last.as_of), "moved": ", ".join(moved) or say("changes.nothing_moved")}
    return say("changes.since_plan" if last.kept else "changes.since_month", **told)


def _written(name: str, value: float | None, unit: str) -> str:
    if value is None:
        return say("changes.not_known")
    return style.share(value, 0) if name in SHARES else style.money(value, unit)


def _actions(last: LastMade, found: "Found") -> Iterator[str]:
    """What became of the actions of that plan, and which are new."""
    # What more urgent actions have pushed off the plan is still called for.
    still = {each.decision_id for each in plans.next_actions(found.situation, most=len(plans.RULES) + 1)}
    now = {each.decision_id: each.rule for each in found.actions_found}
    tasks, answers = found.known.tasks, {}
    if tasks is not None and {"decision_id", "status"} <= set(tasks):
        answers = dict(zip(tasks["decision_id"], tasks["status"], strict=True))
    gone = [each for each in last.actions if each not in now]
    done = [each for each in gone if plans.is_done(answers.get(each))]
    declined = [each for each in gone if each not in done and plans.is_answered(answers.get(each))]
    rules = {**last.actions, **now}

    def named(ids: Sequence[str]) -> str:
        return listed(list(dict.fromkeys(NAMES.get(rules[each], rules[each]) for each in ids)), _NAMED)

    if done:
        yield say("changes.done", actions=named(done))
    if declined:
        yield say("changes.declined", actions=named(declined))
    if new := [each for each in now if each not in last.actions]:
        yield say("changes.new", actions=named(new))
    if other := [each for each in gone if each not in {*done, *declined, *still}]:
        yield say("changes.no_longer", actions=named(other))
