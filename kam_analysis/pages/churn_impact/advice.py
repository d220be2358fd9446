"""What a reader must know before trusting the figures, and what to do about the worst case."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import floor
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.analysis.recovery import AGREE_DAYS
from kam_analysis.pages import notices, style
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.html import Step
from kam_analysis.pages.words import listed, number_word, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

_NAMED = 3
# A customer carries the bad year from this part of it on, and what could take several makes it dearer from there.
_CARRIES, _DEARER = 0.02, 1.05
# Chances below this are next to nothing.
_LEAST = 0.001


def next_steps(found: "Found") -> list[Step]:
    """What the figures call for: a day that is on file first, then the most money."""
    said = [*_departure(found), *_keep(found), *_plan(found), *_ask(found), *_together(found)]
    return said or [Step(say("actions.nothing"))]


def _at_stake(found: "Found", amount: float) -> str:
    return say("actions.at_stake", amount=style.money(amount, found.about.unit), earned=found.earned)


def _departure(found: "Found") -> Iterator[Step]:
    """A departure that is on file: it is prepared by whom the manager reports to."""
    gone, plan = found.leaving_case, found.contingency
    if gone is None:
        return
    boss = plan.of.superior or plan.of.lead if plan is not None and plan.case is gone.loss else None
    more = _dearer(found)
    what = say("actions.departure", name=gone.name)
    if more:
        what = say("actions.departure_adds", name=gone.name, share=style.share(more, 0))
    at_stake = _at_stake(found, gone.loss.exposure)
    # Who takes over is agreed as soon as 04 asks for it: on the last day nobody introduces anybody any more.
    by = min(gone.last_day, found.about.as_of + timedelta(days=AGREE_DAYS))
    yield Step(what, who=boss.name if boss else "", by=style.day(by), at_stake=at_stake)


def _dearer(found: "Found") -> float:
    """By what part the departures that count make a bad year dearer; 0 where that is next to nothing."""
    if found.bad_year is None or found.staying is None or not found.may_go:
        return 0.0
    bad, staying = (each.joint.quantile(BAD) for each in (found.bad_year, found.staying))
    return bad / staying - 1 if bad > _DEARER * staying else 0.0


def _plan(found: "Found") -> Iterator[Step]:
    """The plan for the worst case that stands first, and what is cut where a loss takes us below break-even."""
    case = found.first_case
    if case is None:
        return
    at_stake = _at_stake(found, case.exposure)
    if found.budget is not None and found.budget.revenue > 0:
        share = style.share(case.revenue / found.budget.revenue, 0)
        amount = style.money(case.exposure, found.about.unit)
        at_stake = say("actions.at_stake_of_budget", amount=amount, earned=found.earned, share=share)
    yield _as_planned(found, "agree", say("actions.agree", case=found.case_named), at_stake=at_stake)
    room = found.absorbable
    if room is None or not found.worst:
        return
    if room.largest == 0:
        yield _as_planned(found, "cut", say("actions.cut_alone", who=found.worst[0].label))
    elif room.largest < len(found.worst):
        yield _as_planned(found, "cut", say("actions.cut_together", number=number_word(room.largest + 1)))


def _as_planned(found: "Found", rule: str, what: str, *, at_stake: str = "") -> Step:
    """A step with the owner and the day that the contingency plan has for it."""
    steps = [] if found.contingency is None else found.contingency.steps
    step = next((each for each in steps if each.rule == rule), None)
    if step is None:
        return Step(what, at_stake=at_stake)
    return Step(what, who=step.owner.name if step.owner else "", by=style.day(step.due), at_stake=at_stake)


def _keep(found: "Found") -> Iterator[Step]:
    """The key accounts that are worth a programme, those that decide soon first."""
    cost, rows = found.assumed.get("keeping_cost"), found.keeping
    if cost is None or rows.empty:
        return
    decides, a_year = _decides_by(found), style.money(cost.value, found.about.unit)
    worth = [row for row in rows.to_dict("records") if row["can_pay"] is True]
    worth.sort(key=lambda row: decides.get(str(row["account_id"]), date.max))  # else the dearest loss first
    for row in worth[:_NAMED]:
        account_id, falls = str(row["account_id"]), risk_falls(row["probability"], row["effect_needed"])
        yield Step(
            say("actions.keep", who=row["account_name"], cost=a_year, falls=falls),
            who=found.owners.get(account_id, ""),
            by=style.day(notices.day_before(decides[account_id], found.about.as_of)) if account_id in decides else "",
            at_stake=_at_stake(found, row["exposure"]),
        )


def _decides_by(found: "Found") -> dict[str, date]:
    """By account, until when the customer decides, where that is known and soon."""
    if found.contracted is None:
        return {}
    rows = found.contracted.contracts
    near = pd.Timestamp(found.about.as_of) + pd.Timedelta(days=RENEWAL_DAYS)
    rows = rows[(rows["when"] == "by") & (rows["notice_by"] <= near)].drop_duplicates("account_id")
    return {str(row["account_id"]): row["notice_by"].date() for row in rows.to_dict("records")}


def risk_falls(now: float, by: float) -> str:
    """How far a programme must lower a chance of leaving: from 16% to 15% or less.

    Whole points: a chance is not known better. The lower end is rounded down, so that it pays there too, but for less
    than a tenth of a point.
    """
    then = now - by
    if then < _LEAST:
        return say("falls.almost_nothing", now=style.share(now, 0))
    whole = floor(100 * then + 0.05) / 100
    # Below a point, and where both ends would be the same, a tenth more.
    tenths = whole == 0 or style.share(now, 0) == style.share(whole, 0)
    ends = (now, floor(1000 * then + 0.5) / 1000) if tenths else (now, whole)
    shown = [style.share(each, 1 if tenths else 0) for each in ends]
    return say("falls.to", now=shown[0], then=shown[1])


def _ask(found: "Found") -> Iterator[Step]:
    rows = found.accounts
    # Where a departure or a slump alone is likelier, an own figure would change nothing.
    counts = (rows["basis"] != "your figure") & ~(rows["by_causes"] > rows["estimate"])
    large = rows[counts & (rows["contribution"] >= _CARRIES)].head(_NAMED)
    if len(large):
        average = large["basis"].isin(["company average", "your assumption"]).all()
        today = say("actions.only_average" if average else "actions.only_bought")
        yield Step(say("actions.estimate", names=", ".join(large["account_name"]), today=today))


def _together(found: "Found") -> Iterator[Step]:
    """What could take several at once, where no departure on file has been named."""
    if found.bad_year is None or not found.causes or found.leaving_case is not None:
        return
    more = _dearer(found)
    if more:
        yield Step(say("actions.departure_unnamed", names=" or ".join(found.may_go), share=style.share(more, 0)))
    elif found.bad_year.joint.quantile(BAD) > _DEARER * found.bad_year.alone.quantile(BAD):
        yield Step(say("actions.several_at_once", names=", ".join(each.name for each in found.causes)))


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the figures."""
    aside, unit, earned = found.exposed.set_aside, found.about.unit, found.earned
    said = [changed] if (changed := found.overrides.said()) else []
    if not found.exposed.has_margin:
        said.append(say("caveats.no_margin"))
    if len(aside):
        customers, amount = style.counted(len(aside), "customer"), style.money(found.exposed.set_aside_amount, unit)
        said.append(say("caveats.set_aside", customers=customers, amount=amount, earned=earned))
    if found.lost_already:
        said.append(say("caveats.lost_already", names=listed(found.lost_already, _NAMED)))
    return [*said, *_about_chances(found), *found.about.warnings]


def _about_chances(found: "Found") -> Iterator[str]:
    judged = found.may_leave.told
    if judged is None:
        yield say("caveats.not_by_rhythm", reason=found.may_leave.reason)
    elif judged.reason:
        yield say("caveats.by_rhythm_alone", reason=judged.reason)
    year = found.bad_year
    if year is None:
        yield say("caveats.no_bad_year")
        return
    if year.exposure_left_out:
        amount = style.money(year.exposure_left_out, found.about.unit)
        yield say("caveats.left_out", amount=amount, earned=found.earned)
    rows = found.accounts
    floored = rows.loc[rows["by_causes"] > rows["estimate"], "account_name"]
    if len(floored):
        yield say("caveats.several_likelier", names=listed(floored, _NAMED))
    if found.may_go and "follow_rate" not in found.assumed:
        yield say("caveats.follow_unknown")
