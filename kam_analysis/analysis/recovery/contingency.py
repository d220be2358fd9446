"""What do we do if the worst case comes: which steps, by when, set off by what, and the budget with and without it?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.plans.situation import Person
from kam_analysis.analysis.recovery.budget import by_month
from kam_analysis.analysis.recovery.ranges import Range

Trigger = Literal["now", "known", "gone", "slow"]
AGREE_DAYS, KNOWN_DAYS, OFFER_DAYS, REVIEW_DAYS = 14, 14, 30, 182
LEAST_LINE = 0.2  # from this part of a product line on, its capacity has to be placed elsewhere
_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class WorstCase:
    """What is known of the case that is planned for.

    `known_by`: the last day on which the loss becomes known, the last day for notice; `gone_from`: the first day
    without their sales. `cash_low` (at or below zero) on `cash_low_on`: the deepest that cash so far falls. `missing`:
    money missing in the twelve months. `cut`: fixed costs that can be saved a year, `cut_months` until they are.
    `owed`: their receivables. `line`, `line_share` (0-1): the product line of which most goes. `quotes`: offers that
    replace the sales, money a year; `half_year`: new business that six months bring at today's pace. `next_largest`
    with `next_share` (0-1): who is the largest then. `manager` looks after the lost account, `next_manager` after the
    next largest, then `superior` and `lead`, an executive.
    """

    as_of: date
    known_by: date
    gone_from: date
    cash_low: float = 0.0
    cash_low_on: date | None = None
    missing: float = 0.0
    cut: Range | None = None
    cut_months: float = 0.0
    owed: float = 0.0
    line: str = ""
    line_share: float = 0.0
    quotes: Range | None = None
    half_year: float | None = None
    next_largest: str = ""
    next_share: float = 0.0
    manager: Person | None = None
    next_manager: Person | None = None
    superior: Person | None = None
    lead: Person | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `rule` is a key of `STEPS`, `trigger` what sets it off: "now" in any case, "known" once one of the
    signs of the loss shows, "gone" with the last order, "slow" where replacing it lags.

    `due` holds if the loss becomes known on `known_by`; it is sooner by as much as that is. `owner` None: nobody is
    known who is here then. `amount`: money that it is about, with its range where there is one.
    """

    rule: str
    trigger: Trigger
    due: date
    owner: Person | None
    amount: Range | None = None


def contingency(of: WorstCase) -> list[Step]:
    """The steps in the order of their days; those of the same day in the order of `STEPS`.

    No step falls before `as_of`, and no owner leaves before the day of their step: then it is the superior's, else the
    executive's, else nobody's name stands there.

    >>> boss = Person(person_id="E1", name="Eve")
    >>> of = WorstCase(as_of=date(2026, 9, 18), known_by=date(2026, 10, 20), gone_from=date(2027, 2, 1), missing=70.0,
    ...                cash_low=-30.0, cash_low_on=date(2027, 9, 30), lead=boss)
    >>> [(each.rule, each.trigger, each.due.isoformat(), each.owner.name) for each in contingency(of)][:3]
    [('agree', 'now', '2026-10-02', 'Eve'), ('budget', 'known', '2026-11-03', 'Eve'), ('cash', 'known', '2026-11-03', 'Eve')]
    """
    steps = [_placed(of, step) for rule in STEPS.values() for step in rule(of)]
    return sorted(steps, key=lambda step: step.due)


def _placed(of: WorstCase, step: Step) -> Step:
    """The step on a day that is to come, by somebody who is here then."""
    due = max(step.due, of.as_of)
    people = [step.owner, of.superior, of.lead]
    return replace(step, due=due, owner=next((each for each in people if each is not None and each.here_on(due)), None))


def _agree(of: WorstCase) -> Iterable[Step]:
    """The plan is agreed and somebody named who leads it, before anything has happened."""
    yield Step(rule="agree", trigger="now", due=of.as_of + timedelta(days=AGREE_DAYS), owner=of.lead or of.superior)


def _budget(of: WorstCase) -> Iterable[Step]:
    """The budget is restated as soon as the loss is known."""
    if of.missing > 0:
        amount = _sure(of.missing)
        yield Step(rule="budget", trigger="known", due=_after(of.known_by, KNOWN_DAYS), owner=of.lead, amount=amount)


def _cash(of: WorstCase) -> Iterable[Step]:
    """Where cash falls below today's course, a line for the deepest point of the year is agreed with the bank."""
    if of.cash_low < 0:
        amount = _sure(-of.cash_low)
        yield Step(rule="cash", trigger="known", due=_after(of.known_by, KNOWN_DAYS), owner=of.lead, amount=amount)


def _next_largest(of: WorstCase) -> Iterable[Step]:
    """Whoever is the largest then hears it from us first."""
    if of.next_largest:
        yield Step(rule="next", trigger="known", due=_after(of.known_by, KNOWN_DAYS), owner=of.next_manager)


def _replace(of: WorstCase) -> Iterable[Step]:
    """Offers for what has to be replaced are begun before the sales stop."""
    if of.quotes is not None:
        yield Step(
            rule="replace", trigger="known", due=_after(of.known_by, OFFER_DAYS), owner=of.superior, amount=of.quotes
        )


def _line(of: WorstCase) -> Iterable[Step]:
    """Where much of one line goes, its capacity is offered elsewhere, before the sales stop."""
    if of.line and of.line_share >= LEAST_LINE:
        yield Step(rule="line", trigger="known", due=_after(of.known_by, OFFER_DAYS), owner=of.superior)


def _cut(of: WorstCase) -> Iterable[Step]:
    """What is cut is decided by the day on which the sales stop: the saving begins `cut_months` after it."""
    if of.cut is not None and of.cut.value > 0:
        yield Step(rule="cut", trigger="known", due=of.gone_from, owner=of.lead, amount=of.cut)


def _collect(of: WorstCase) -> Iterable[Step]:
    """What they owe is collected when they stop buying."""
    if of.owed > 0:
        amount = _sure(of.owed)
        due = _after(of.gone_from, OFFER_DAYS)
        yield Step(rule="collect", trigger="gone", due=due, owner=of.manager, amount=amount)


def _review(of: WorstCase) -> Iterable[Step]:
    """Half a year after the sales have stopped, new business below today's pace calls for a second round."""
    if of.half_year is not None and of.half_year > 0:
        amount = _sure(of.half_year)
        due = _after(of.gone_from, REVIEW_DAYS)
        yield Step(rule="review", trigger="slow", due=due, owner=of.lead, amount=amount)


def _sure(amount: float) -> Range:
    return Range(amount, amount, amount)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


STEPS: dict[str, Callable[[WorstCase], Iterable[Step]]] = {
    "agree": _agree,
    "budget": _budget,
    "cash": _cash,
    "next": _next_largest,
    "replace": _replace,
    "line": _line,
    "cut": _cut,
    "collect": _collect,
    "review": _review,
}


@takes_frames
def planned_months(
    budget: pd.DataFrame | None, as_of: date, *, revenue: float, margin: float | None, months: int = _YEAR
) -> pd.DataFrame:
    """What is planned for each of the coming months: month (first day), basis, revenue and margin, money.

    `budget` as `budget_year` takes it; `revenue` and `margin` (None: not known) of the last twelve months. A month that
    is budgeted has the budget ("budget"), its margin at today's share of sales where only sales are budgeted; any other
    a twelfth of the last twelve months ("as sales run"), without the seasons.

    >>> rows = pd.DataFrame({"month": ["2026-10-01"], "revenue": [9.0]})
    >>> planned_months(rows, date(2026, 9, 18), revenue=120.0, margin=60.0, months=2)[["basis", "revenue", "margin"]].values.tolist()
    [['budget', 9.0, 4.5], ['as sales run', 10.0, 5.0]]
    """
    coming = pd.period_range(pd.Period(as_of, "M") + 1, periods=months, freq="M")
    empty = pd.DataFrame({"revenue": [], "margin": []}, dtype="float64")
    told = (empty if budget is None or budget.empty else by_month(budget)).reindex(coming)
    budgeted = told["revenue"].notna()
    sold = told["revenue"].where(budgeted, revenue / _YEAR)
    share = float("nan") if margin is None or not revenue > 0 else margin / revenue
    earned = told["margin"].where(budgeted).fillna(sold * share)
    basis = budgeted.map({True: "budget", False: "as sales run"})
    frame = {"month": coming.to_timestamp(), "basis": basis, "revenue": sold, "margin": earned}
    return pd.DataFrame(frame).reset_index(drop=True)
