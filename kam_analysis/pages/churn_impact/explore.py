"""Explore `03_churn_impact`: lose accounts of one's own choice, at other chances, causes and assumptions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kam_analysis.analysis import losses, recovery
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages import assumed, style, words
from kam_analysis.pages.churn_impact import charts as figures
from kam_analysis.pages.churn_impact import findings

REPORT = "03_churn_impact"
CHARTS = ("worst_cases", "bad_year", "recovery")
# As many of the largest as one looks through; further ones of the report's own case are among them.
TICKED = 25
_HELP = {
    "follow_rate": "Part of what a manager looks after that goes when the manager does.",
    "sales_cycle_months": "From looking for new business to its first order.",
    "ramp_months": "From the first order to a new customer's full size.",
}
_FACTORS = {0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 1.0: "as they are", 2.0: "twice", 3.0: "three times", 4.0: "four times"}  # fmt: skip


def explorer(ledger: Ledger, evidence: findings.Evidence, chances: pd.DataFrame, several: findings.Several) -> Explorer:
    """What we lose with accounts of one's own choice, how it is made up for, and what a bad year costs then.

    Starts at what the notebook found, `evidence`; `chances` are those before any factor, and `several` what could
    take several at once, both as the notebook has them: neither history nor chances are computed again.
    """
    cases = _Cases(ledger, evidence, chances, several)
    return Explorer(ledger, REPORT, _controls(evidence, several), CHARTS, cases.look)


def _controls(start: findings.Evidence, several: findings.Several) -> dict[str, controls.Control]:
    found = {}
    if start.cases:
        lost = start.named.account_ids if start.named else ()
        help = "Lost together, at once; none: the largest customers, one after the other."
        found["lost_accounts"] = controls.ticked("Customers to lose", _accounts(start, lost), lost, help)
    if start.year is not None:
        found |= _likely(start, several)
    if start.business.get("revenue") is not None:
        ahead = {months: f"{months} months" for months in range(12, 37)}
        help = "What takes longer is not replaced within it."
        found["plan_months"] = controls.steps("The plan looks ahead", ahead, start.plan_months, help)
    return found | _assumptions(start, several)


def _accounts(start: findings.Evidence, lost: Sequence[str]) -> dict[str, str]:
    known = start.exposed.known
    rows = known[(known.index < min(TICKED, len(start.exposed.accounts))) | known["account_id"].isin(lost)]
    columns = zip(rows["account_id"], rows["account_name"], rows["exposure"], strict=True)
    return {id_: f"{name}, {style.money(amount)}" for id_, name, amount in columns}


def _likely(start: findings.Evidence, several: findings.Several) -> dict[str, controls.Control]:
    factor = start.otherwise.chance_factor
    factors = {at / 4: f"times {at / 4:g}" for at in range(1, 17)} | {factor: f"times {factor:g}"} | _FACTORS
    help = f"All of them alike, none above 100{style.GAP}%."
    found = {"chance_factor": controls.steps("Chances of leaving", dict(sorted(factors.items())), factor, help)}
    slumps = {
        key: f"{words.headed(cause.name)}, {style.share(cause.probability, 0)}" for key, cause in several.slumps.items()
    }
    options = slumps | _departures(several)
    if options:
        counted = [key for key in options if key not in start.otherwise.without]
        help = "With its chance within a year; what is not ticked does not happen."
        found["causes"] = controls.ticked("What could take several at once", options, counted, help)
    return found


def _departures(several: findings.Several) -> dict[str, str]:
    """By manager_id, as pages name them; those of one name are told apart."""
    names = [cause.name for cause in several.departures.values()]
    return {
        key: f"{cause.name if names.count(cause.name) == 1 else f'{cause.name} ({key})'} leaves, {style.share(cause.probability, 0)}"
        for key, cause in several.departures.items()
    }


def _assumptions(start: findings.Evidence, several: findings.Several) -> dict[str, controls.Control]:
    """A slider for each assumption that changes a chart, from its low to its high."""
    there = {"follow_rate": start.year is not None and bool(several.departures)}
    paced = start.business.get("revenue") is not None
    given = {name: start.assumptions[name] for name in findings.CHANGEABLE if there.get(name, paced)}
    return {
        name: controls.steps(words.headed(assumed.in_words(name)), _options(each), each.value, _HELP[name])
        for name, each in given.items() if each.low < each.high
    }  # fmt: skip


def _options(given: Assumption) -> dict[float, str]:
    """Its values in small steps, each as pages write it; the ends and the value itself are among them."""
    step, unit = (0.01, "") if given.name == "follow_rate" else (0.5, " months")
    between = [round(step * at, 6) for at in range(math.ceil(given.low / step), math.floor(given.high / step) + 1)]
    found = sorted({*between, given.low, given.value, given.high})
    return {value: f"{value * 100:g}{style.GAP}%" if not unit else f"{value:g}{unit}" for value in found}


@dataclass(frozen=True)
class _Asked:
    """What the controls ask for: `lost` by exposure, `without` by key, `values` the assumptions by name."""

    lost: tuple[str, ...]
    factor: float
    without: tuple[str, ...]
    plan_months: int
    values: tuple[tuple[str, float], ...]

    def assumes(self, *names: str) -> tuple[float, ...]:
        """The values of these assumptions."""
        return tuple(value for name, value in self.values if name in names)


class _Cases:
    """The figures of 03 by what was asked for; each is kept by what it depends on."""

    def __init__(
        self, ledger: Ledger, start: findings.Evidence, chances: pd.DataFrame, several: findings.Several
    ) -> None:
        self._ledger, self._start, self._several = ledger, start, several
        self._chances = chances.set_index("account_id").reindex(start.exposed.accounts["account_id"]).reset_index()
        self._written = assumed.assumptions(ledger, findings.ASSUMED)
        self._names = findings.known_causes(ledger)
        self._unit = findings.money_unit(ledger, start)
        self._source = words.source(ledger, ledger.period_of("last_12_months"))
        self._kept = Kept(len(self._chances))
        self._first = self._asked({})

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        asked = self._asked(values)
        found = self._found(asked)
        return View(lambda: self._said(asked, found), self._charts(asked, found), self._parameters(asked))

    def _said(self, asked: _Asked, found: findings.Evidence) -> str:
        said = findings.answer(found, self._unit)
        return said if asked == self._first else f"{said} {findings.against(found, self._start, self._unit)}"

    def _asked(self, values: Mapping[str, Any]) -> _Asked:
        """The controls' values as the notebook takes them; what has no control is as at the start."""
        start, named, without = self._start, self._start.named, set(self._start.otherwise.without)
        lost = values.get("lost_accounts", named.account_ids if named else ())
        if "causes" in values:
            without = (without - self._several.all.keys()) | (self._several.all.keys() - set(values["causes"]))
        known = start.exposed.known["account_id"]
        return _Asked(
            tuple(known[known.isin(lost)]),
            float(values.get("chance_factor", start.otherwise.chance_factor)),
            tuple(key for key in self._names if key in without),
            int(values.get("plan_months", start.plan_months)),
            tuple((name, float(values.get(name, start.assumptions[name].value))) for name in findings.CHANGEABLE),
        )

    def _found(self, asked: _Asked) -> findings.Evidence:
        """What the notebook would find."""
        start, otherwise = self._start, self._otherwise(asked)
        assume = otherwise.assumed(self._written)
        causes, slumps = (
            self._several.causes(assume["follow_rate"].value, asked.without, leaving=each) for each in (True, False)
        )
        named = recovery.lose_named(start.exposed, asked.lost) if asked.lost else None
        return replace(
            start, assumptions=assume, plan_months=asked.plan_months, causes=causes, slumps=[each.name for each in slumps],
            year=self._year(asked, causes, leaving=True), staying=self._year(asked, slumps, leaving=False), named=named,
            # Only one of the two is shown.
            named_way=self._way(asked, named, assume), coming={} if named else {"revenue": self._way(asked, start.first, assume)},
            otherwise=otherwise,
        )  # fmt: skip

    def _otherwise(self, asked: _Asked) -> findings.Otherwise:
        changed = {name: value for name, value in asked.values if value != self._written[name].value}
        return findings.Otherwise(asked.factor, {key: self._names[key] for key in asked.without}, changed)

    def _year(self, asked: _Asked, causes: Sequence[losses.CommonCause], leaving: bool) -> losses.BadYear | None:
        """Kept by chances and causes: a ticked account, a plan or a pace does not change it."""
        if self._start.year is None:
            return None
        leaving = leaving and bool(self._several.departures.keys() - set(asked.without))
        depends_on = ("year", asked.factor, asked.without, asked.assumes("follow_rate") if leaving else "staying")

        def compute() -> losses.BadYear | None:
            chance = self._kept.once(
                ("chance", asked.factor),
                lambda: findings.scaled(self._chances, asked.factor)["probability"].to_numpy(),
            )
            return losses.bad_year(self._start.exposed.amounts, chance, causes)

        return self._kept.once(depends_on, compute)

    def _way(
        self, asked: _Asked, case: recovery.Loss | None, assume: Mapping[str, Assumption]
    ) -> recovery.ComingThrough | None:
        if case is None:
            return None
        cycle, ramp = (assume[name] for name in ("sales_cycle_months", "ramp_months"))
        depends_on = ("way", case.account_ids, asked.plan_months, cycle.value, ramp.value)
        business = self._start.business.get("revenue")
        return self._kept.once(
            depends_on, lambda: recovery.coming_through(case, business, cycle, ramp, asked.plan_months)
        )

    def _charts(self, asked: _Asked, found: findings.Evidence) -> dict[str, Drawing]:
        if not found.cases:
            return {}
        source, unit = self._source, self._unit
        pace = (asked.lost, asked.plan_months, asked.assumes("sales_cycle_months", "ramp_months"))
        likely = (asked.factor, asked.without, asked.assumes("follow_rate"))
        return {
            "worst_cases": Drawing(asked.lost, lambda: figures.worst_cases_figure(found, source, unit)),
            "bad_year": Drawing(likely, lambda: figures.exceedance_figure(found, source, unit)),
            "recovery": Drawing(pace, lambda: figures.recovery_figure(found, source)),
        }

    def _parameters(self, asked: _Asked) -> dict[str, object]:
        """What the report must be told: all that is otherwise than in the settings."""
        settings, otherwise = self._ledger.as_written, self._otherwise(asked)
        given = {
            "period": (self._ledger.period_as_written, settings.period),
            "measure": (self._ledger.measure, settings.measure),
            "horizon_months": (self._start.horizon_months, 12),
            "lost_accounts": (list(asked.lost), []),
            "plan_months": (asked.plan_months, 36),
            "chance_factor": (asked.factor, 1.0),
            "without_causes": (list(asked.without), []),
            "assumptions": (dict(otherwise.assumptions), {}),
        }
        return {name: value for name, (value, usual) in given.items() if value != usual}
