"""Everything that the question of losing key accounts found, computed once, and all that is shown of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from kam_analysis.analysis.churn import Backtest
from kam_analysis.analysis.concentration import Bridge, bridge, concentrate
from kam_analysis.analysis.losses import BadYear, CommonCause, Contracted, Falls, LossDistribution, TimePaths
from kam_analysis.analysis.recovery import (
    Absorbable,
    BudgetYear,
    ComingThrough,
    Exposures,
    Loss,
    Range,
    Selling,
    absorbable,
    budget_year,
    case_table,
    fixed_costs,
    selling,
    worst_cases,
)
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed
from kam_analysis.pages.about import About, about, wanted_in
from kam_analysis.pages.churn_impact import coming_back, likely_losses, this_year, what_goes
from kam_analysis.pages.churn_impact.answer import BAD, called
from kam_analysis.pages.churn_impact.common_causes import CommonCauses, common_causes
from kam_analysis.pages.churn_impact.contingency import Contingency, contingency_of
from kam_analysis.pages.churn_impact.overrides import ASSUMED, Overrides, overrides
from kam_analysis.pages.churn_impact.shown import Shown
from kam_analysis.pages.churn_impact.ticked import ReportLine, report_line_of
from kam_analysis.pages.churn_impact.what_goes import owners
from kam_analysis.pages.churn_impact.who_may_leave import MayLeave, who_may_leave
from kam_analysis.pages.coverage.departures import Departures, departures
from kam_analysis.pages.key_accounts.who_is_key import who_is_key
from kam_analysis.pages.shelf import shelved
from kam_analysis.pages.words import said_in

say = said_in(__file__)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Found(Shown):
    """What losing key accounts would cost, over the last twelve months; what the data cannot give is None or empty.

    `exposed`: what we earn with each customer that is still one. `worst`: losing the largest one to five, `named`
    the reader's own case; `cases` is a frame of both, a row each. `chances`: of every account, `may_leave` what they
    rest on before `overrides`, `backtest` how often such were right. `bad_year`: the losses of a
    year at the annual rate, with `common` causes and what those that stay buy less by `past_falls`; `staying` the same if
    no manager leaves; `this_year`: what of it is lost within the next twelve months, as contracts hold (`held`).
    `last_year`: what the customers did from the year before to now. `departing`: what each departure does,
    `leaving_case` the one on file as a worst case. `cash`: a frame of the first worst case by month. `pace`: new business by measure, `way` and
    `named_way` how the largest loss and the reader's own are made up for in sales, `recovery` a frame of every case.
    `contracted`: what contracts bind and what can be given notice when, None without a contract that runs.
    `keeping`: a frame of the key accounts and what keeping them may cost, `renewals` what giving way on price at their
    renewals costs. `managers`, `industries`: frames of what
    goes with each. `power`: who would depend on whom once the largest is gone. `sensitivity`: what the bad-year loss
    depends on. `lost_already`: customers that are gone. `perhaps_gone`: a frame of those that are
    not called lost and are likelier gone than not. `contingency`: what is done if the first worst case happens. `owners`: by account_id, who is
    named for what is to be done there. `lines`: sales by account and product line, None without lines. `report_line`:
    the command of a report on other lost accounts.
    """

    about: About
    overrides: Overrides = field(default_factory=Overrides)
    assumed: Mapping[str, Assumption]
    exposed: Exposures
    chances: pd.DataFrame
    may_leave: MayLeave
    backtest: Backtest
    common: CommonCauses
    departing: Departures
    held: pd.DataFrame
    past_falls: Falls | None = None
    last_year: Bridge | None = None
    worst: Sequence[Loss] = ()
    leaving_case: this_year.LeavingCase | None = None
    named: Loss | None = None
    cases: pd.DataFrame = field(default_factory=pd.DataFrame)
    budget: BudgetYear | None = None
    fixed: Range | None = None
    power: pd.DataFrame = field(default_factory=pd.DataFrame)
    bad_year: BadYear | None = None
    staying: BadYear | None = None
    this_year: LossDistribution | None = None
    margin_by_month: TimePaths | None = None
    sensitivity: pd.DataFrame = field(default_factory=pd.DataFrame)
    pace: coming_back.Paces = field(default_factory=dict)
    way: ComingThrough | None = None
    named_way: ComingThrough | None = None
    recovery: pd.DataFrame = field(default_factory=pd.DataFrame)
    selling: Selling | None = None
    keeping: pd.DataFrame = field(default_factory=pd.DataFrame)
    cash: pd.DataFrame = field(default_factory=pd.DataFrame)
    renewals: pd.DataFrame = field(default_factory=pd.DataFrame)
    managers: pd.DataFrame = field(default_factory=pd.DataFrame)
    industries: pd.DataFrame = field(default_factory=pd.DataFrame)
    lost_already: Sequence[str] = ()
    perhaps_gone: pd.DataFrame = field(default_factory=pd.DataFrame)
    contracted: Contracted | None = None
    contingency: Contingency | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    lines: pd.DataFrame | None = None
    report_line: ReportLine | None = None

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """Every customer that is still one, the largest first.

        account_id, account_name, exposure (money a year), share (of all, 0-1), revenue, probability (of leaving within
        a year for whatever reason, 0-1) with low and high, basis and why (what it rests on), estimate (that chance
        before what could take several at once), by_causes (what that brings alone, 0-1), contribution (part of the
        bad-year loss, 0-1).
        """
        frame = self.exposed.accounts.merge(likely_losses.raised(self), on="account_id", how="left")
        part = np.full(len(frame), np.nan) if self.bad_year is None else self.bad_year.contributions(BAD)
        return frame.assign(contribution=part)

    @property
    def year(self) -> LossDistribution | None:
        """What a year may cost: `year.quantile(0.95)`, `year.expected_shortfall(0.95)`, `year.mean`."""
        return self.bad_year.joint if self.bad_year is not None else None

    @property
    def causes(self) -> list[CommonCause]:
        """What could take several at once, as far as it counts."""
        return self.common.counted(without=self.overrides.without)

    @property
    def may_go(self) -> list[str]:
        """The managers among them, who may leave; those of whom it is not announced without their names."""
        gone = self.common.departures
        return [each.name for key, each in gone.items() if key not in self.overrides.without]

    @property
    def absorbable(self) -> Absorbable | None:
        """How much can be lost before break-even, and how likely more goes at the annual rate.

        None where fixed costs are not known.
        """
        return absorbable(self.exposed, self.fixed, distribution=self.year)

    @property
    def below_break_even(self) -> Mapping[str, Range]:
        """How likely break-even is passed: by what is lost within the next twelve months, by the annual rate after it.

        "this_year" is held against today's margin, "annual" against that of next year's budget where there is one. Empty
        where fixed costs are not known.
        """
        plan = replace(self.exposed, earned=self.budget.margin) if self.budget and self.planned else self.exposed
        rooms = {
            "this_year": absorbable(self.exposed, self.fixed, distribution=self.this_year),
            "annual": absorbable(plan, self.fixed, distribution=self.year),
        }
        return {name: room.probability for name, room in rooms.items() if room is not None and room.probability}

    @property
    def planned(self) -> bool:
        """Whether next year's margin is budgeted, so that the annual rate is held against that plan."""
        return self.budget is not None and self.budget.coming and not math.isnan(self.budget.margin)

    @property
    def earned(self) -> str:
        """What there is to lose, as pages name it."""
        return "margin" if self.exposed.has_margin else "sales"

    @property
    def first_case(self) -> Loss | None:
        """The worst case that stands first: the reader's own, else a departure that is on file, else the largest."""
        return self.case if self.named or self.leaving_case is None else self.leaving_case.loss

    @property
    def case(self) -> Loss | None:
        """The loss that the answer is about: the reader's own, else that of the largest customer."""
        return self.named or (self.worst[0] if self.worst else None)

    @property
    def case_named(self) -> str:
        """The worst case that stands first, by its names."""
        case = self.first_case
        if case is None or case.kind == "departure":
            return case.label if case else ""
        return say("called.losing", who=called(self, case))

    def every_case(self, largest: int | None = None) -> list[Loss]:
        """A departure that is on file, so many of the largest (all by default), the reader's own: as tables have them."""
        return _cases(self.leaving_case, self.worst[:largest], self.named)

    @property
    def case_way(self) -> ComingThrough | None:
        """How that loss is made up for, in sales."""
        return self.named_way if self.named else self.way


@shelved
def collect(
    ledger: Ledger,
    *,
    lost_accounts: Sequence[str] = (),
    horizon_months: int = 12,
    plan_months: int = 36,
    chance_factor: float = 1.0,
    without_causes: Sequence[str] = (),
    assumptions: Mapping[str, float] | None = None,
    leaving_managers: Sequence[str] = (),
) -> Found:
    """What would losing a key account cost us, and how long would recovery take?

    Always of the last twelve months. `lost_accounts`: account_ids of a worst case of your own. `leaving_managers`: ids
    or names of managers who leave in that case: the lost accounts go along, of their others the hand-over takes its
    part. `horizon_months`: over
    how many months history tells who left. `plan_months`: how far the sales plan looks. `chance_factor`, 0.25 to 4:
    all chances of leaving times this. `without_causes`: sections of [causes] and managers that are not counted.
    `assumptions`: other values for follow_rate, sales_cycle_months, ramp_months; without an own follow_rate in the
    settings nobody follows a manager who leaves, and the hand-over alone counts. Raises `DataError` or `SettingsError`
    for parameters that cannot be, `ValueError` for a lost account that never bought.
    """
    asked = overrides(
        ledger,
        lost_accounts=lost_accounts,
        horizon_months=horizon_months,
        plan_months=plan_months,
        chance_factor=chance_factor,
        without_causes=without_causes,
        assumptions=assumptions,
        leaving_managers=leaving_managers,
    )
    found = from_ledger(ledger, asked)
    found = replace(
        found,
        bad_year=likely_losses.bad_year(found),
        staying=likely_losses.bad_year(found, leaving=False),
        way=coming_back.way_back(found, found.worst[0] if found.worst else None),
        named_way=coming_back.way_back(found, found.named),
    )
    key_ids = who_is_key(ledger)["account_id"]
    found = replace(found, cash=this_year.cash(found, ledger.traits()), report_line=report_line_of(found, ledger))
    return replace(
        found,
        contingency=contingency_of(found, ledger),
        this_year=this_year.lost_this_year(found),
        renewals=coming_back.renewals(found, ledger, key_ids),
        margin_by_month=likely_losses.margin_by_month(found),
        sensitivity=likely_losses.sensitivity(found),
        recovery=coming_back.every_way(found),
        keeping=coming_back.keeping(found, key_ids),
    )


def from_ledger(ledger: Ledger, asked: Overrides) -> Found:
    """What the data itself tells: what there is to lose, who may leave, what goes with whom, our pace of selling."""
    year, may_leave = ledger.period_of("last_12_months"), who_may_leave(ledger, asked.horizon_months)
    departing = departures(ledger, follow_rate=asked.assumptions.get("follow_rate"), lost=may_leave.gone)
    assume, traits = asked.assumed(assumed.assumptions(ledger, ASSUMED), departing), ledger.traits()
    now = what_goes.earned(ledger, year)
    exposed = what_goes.exposures(now, may_leave)
    worst = worst_cases(exposed) if len(exposed.accounts) else ()
    named = this_year.own_case(exposed, departing, asked)
    budget = budget_year(ledger.table("budget"), ledger.as_of) if ledger.has("budget") else None
    fixed = fixed_costs(exposed, assume.get("fixed_cost_share"))
    lines = ledger.by_account_line(year, measure="revenue", named=False) if ledger.lines else None
    gone = this_year.leaving_case(exposed, departing, worst, without=asked.without)
    cases = _cases(gone, worst, named)
    days, last = ledger.year_before(year), exposed.measure
    return Found(
        about=about(ledger, concentrate(now, "revenue"), period=year, measure="revenue", wanted=wanted_in(__file__)),
        overrides=replace(asked, lost_accounts=named.account_ids if named else ()),
        assumed=assume,
        exposed=exposed,
        chances=likely_losses.scaled(may_leave.chances, asked.chance_factor),
        may_leave=may_leave,
        backtest=likely_losses.backtest(may_leave),
        common=common_causes(ledger, exposed.accounts["account_id"].tolist(), traits=traits, departing=departing),
        departing=departing,
        held=this_year.held_until(ledger, exposed.accounts["account_id"]),
        past_falls=this_year.past_falls(ledger, days=year, measure=last, gone=may_leave.gone),
        last_year=None if days is None else bridge(now, what_goes.earned(ledger, days), last),
        worst=worst,
        leaving_case=gone,
        named=named,
        cases=case_table(exposed, cases, traits=traits, lines=lines, budget=budget, fixed=fixed),
        budget=budget,
        fixed=fixed,
        power=what_goes.power_after(exposed, worst[0] if worst else None, now=now, traits=traits),
        pace=coming_back.new_business(ledger, now, days=year, may_leave=may_leave, worst=worst),
        selling=selling(ledger.table("opportunities"), "new") if ledger.has("opportunities") else None,
        managers=what_goes.departures_by_manager(departing),
        industries=what_goes.by_trait(exposed, traits, column="industry"),
        lost_already=what_goes.names_of(ledger, may_leave.gone),
        perhaps_gone=what_goes.with_names(ledger, may_leave.perhaps_gone),
        contracted=what_goes.under_contract(ledger, exposed),
        owners=owners(ledger, departing),
        lines=lines,
    )


def _cases(gone: this_year.LeavingCase | None, worst: Sequence[Loss], named: Loss | None) -> list[Loss]:
    return [*([gone.loss] if gone else []), *worst, *([named] if named else [])]
