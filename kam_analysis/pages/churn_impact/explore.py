"""Explore `03_churn_impact`: lose accounts of one's own choice, at other chances, causes and assumptions."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kam_analysis.analysis.losses import BadYear
from kam_analysis.analysis.recovery import ComingThrough
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, style, words
from kam_analysis.pages.churn_impact.answer import against, answer, bad_year_said
from kam_analysis.pages.churn_impact.coming_back import way_back
from kam_analysis.pages.churn_impact.found import Found
from kam_analysis.pages.churn_impact.likely_losses import bad_year, scaled
from kam_analysis.pages.churn_impact.overrides import ASSUMED, CHANGEABLE, Overrides, changed_parameters
from kam_analysis.pages.churn_impact.this_year import leaving_case, own_case
from kam_analysis.pages.churn_impact.ticked import REPORT, rows_to_tick
from kam_analysis.pages.words import said_in, words_in

say = said_in(__file__)

CHARTS = ("worst_cases", "bad_year", "recovery")
_HELP = words_in(__file__, "explorer_help")
_FACTORS = {float(factor): words for factor, words in words_in(__file__, "factors").items()}


def explorer(ledger: Ledger, found: Found) -> Explorer:
    """What we lose with accounts of one's own choice, how it is made up for, and what a bad year costs then.

    Starts at what was found; neither history nor chances are computed again.
    """
    return Explorer(ledger, REPORT, controls=_controls(found), charts=CHARTS, look=_Cases(ledger, found).look)


def _controls(start: Found) -> dict[str, controls.Control]:
    shown, asked = {}, start.overrides
    if start.worst:
        shown["lost_accounts"] = controls.ticked(
            say("explorer.lost"), _accounts(start), start=asked.lost_accounts, help=say("explorer.lost_help")
        )
    if start.worst and len(start.departing.managers):
        # Every manager alike: nobody's departure is predicted.
        shown["leaving_managers"] = controls.ticked(
            say("explorer.leaving"), _managers(start), start=list(asked.leaving), help=say("explorer.leaving_help")
        )
    if start.bad_year is not None:
        shown |= _likely(start)
    if start.pace.get("revenue") is not None:
        ahead = {months: say("explorer.months", months=months) for months in range(12, 37)}
        shown["plan_months"] = controls.steps(
            say("explorer.horizon"), ahead, start=asked.plan_months, help=say("explorer.horizon_help")
        )
    return shown | _assumptions(start)


def _accounts(start: Found) -> dict[str, str]:
    rows = rows_to_tick(start)
    columns = zip(rows["account_id"], rows["account_name"], rows["exposure"], strict=True)
    return {id_: f"{name}, {style.money(amount, start.about.unit)}" for id_, name, amount in columns}


def _managers(start: Found) -> dict[str, str]:
    """Every manager with accounts by id, as pages name them."""
    rows = start.departing.managers
    return dict(zip(rows["account_manager_id"].astype(str), rows["manager_name"].astype(str), strict=True))


def _likely(start: Found) -> dict[str, controls.Control]:
    factor, options = start.overrides.chance_factor, _slumps_and_departures(start)
    steps = sorted({*(at / 4 for at in range(1, 17)), factor})
    factors = {each: _FACTORS.get(each) or say("explorer.times", factor=f"{each:g}") for each in steps}
    help = say("explorer.risk_help")
    shown = {"chance_factor": controls.steps(say("explorer.risk"), factors, start=factor, help=help)}
    if options:
        counted, help = [key for key in options if key not in start.overrides.without], say("explorer.causes_help")
        shown["causes"] = controls.ticked(say("explorer.causes"), options, start=counted, help=help)
    return shown


def _slumps_and_departures(start: Found) -> dict[str, str]:
    """By key, as pages name them; managers of one name are told apart."""
    common = start.common
    options = {
        key: f"{words.headed(each.name)}, {style.share(each.probability, 0)}" for key, each in common.slumps.items()
    }
    names = [each.name for each in common.departures.values()]
    for key, each in common.departures.items():
        name = each.name if names.count(each.name) == 1 else f"{each.name} ({key})"
        options[key] = say("explorer.leaves", who=name, chance=style.share(each.probability, 0))
    return options


def _assumptions(start: Found) -> dict[str, controls.Control]:
    """A slider for each assumption that changes a chart, from its low to its high."""
    own, paced = start.departing.own, start.pace.get("revenue") is not None
    there = {"follow_rate": start.bad_year is not None and bool(start.common.departures) and own is not None}
    given = {name: start.assumed[name] for name in CHANGEABLE if there.get(name, paced)}
    if "follow_rate" in given and own is not None:
        # A report's own value moves the range along: the slider keeps that of the settings.
        given["follow_rate"] = replace(given["follow_rate"], low=own.low, high=own.high)
    return {
        name: controls.steps(words.headed(assumed.in_words(name)), _options(each), start=each.value, help=_HELP[name])
        for name, each in given.items()
        if each.low < each.high
    }


def _options(given: Assumption) -> dict[float, str]:
    """Its values in small steps, each as pages write it; the ends and the value itself are among them."""
    rate = given.name == "follow_rate"
    step = 0.01 if rate else 0.5
    between = [round(step * at, 6) for at in range(math.ceil(given.low / step), math.floor(given.high / step) + 1)]
    values = sorted({*between, given.low, given.value, given.high})
    return {value: f"{value * 100:g}%" if rate else say("explorer.months", months=f"{value:g}") for value in values}


class _Cases:
    """What 03 would find by what was asked for; what takes time is kept by what it depends on."""

    def __init__(self, ledger: Ledger, start: Found) -> None:
        self._ledger, self._start = ledger, start
        self._usual = assumed.assumptions(ledger, ASSUMED)
        self._kept = Kept(len(start.exposed.accounts))
        self._first = self._asked({})

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        asked = self._asked(values)
        found = self._found(asked)
        return View(lambda: self._said(found), self._charts(found), parameters=changed_parameters(self._ledger, asked))

    def _said(self, found: Found) -> str:
        said = [answer(found)]
        if found.overrides != self._first:
            said += [bad_year_said(found), against(found, self._start)]
        return " ".join(filter(None, said))

    def _asked(self, values: Mapping[str, Any]) -> Overrides:
        """The controls' values as the notebook takes them; what has no control is as at the start."""
        start, common = self._start.overrides, self._start.common
        without = set(start.without)
        if "causes" in values:
            without = (without - common.keys) | (common.keys - set(values["causes"]))
        known, lost = self._start.exposed.known["account_id"], values.get("lost_accounts", start.lost_accounts)
        going = values.get("leaving_managers", tuple(start.leaving))
        given = self._start.assumed
        usual = {name: each.value for name, each in self._usual.items()}
        assume = {name: float(values.get(name, given[name].value)) for name in CHANGEABLE if name in given}
        return Overrides(
            lost_accounts=tuple(known[known.isin(lost)]),
            horizon_months=start.horizon_months,
            plan_months=int(values.get("plan_months", start.plan_months)),
            chance_factor=float(values.get("chance_factor", start.chance_factor)),
            without={key: said for key, said in common.names.items() if key in without},
            assumptions={name: value for name, value in assume.items() if value != usual.get(name)},
            leaving={key: name for key, name in _managers(self._start).items() if key in going},
        )

    def _found(self, asked: Overrides) -> Found:
        """What the answer and the charts show is as `collect` would find it; all else is as at the start."""
        start = self._start
        named = own_case(start.exposed, start.departing, asked)
        rate = asked.assumptions.get("follow_rate")
        departing = self._kept.once(("departing", rate), lambda: start.departing.if_follow(rate))
        found = replace(
            start,
            overrides=asked,
            departing=departing,
            common=self._kept.once(("common", rate), lambda: start.common.at(departing)),
            assumed=asked.assumed(self._usual, departing),
            chances=self._kept.once(
                ("chances", asked.chance_factor), lambda: scaled(start.may_leave.chances, asked.chance_factor)
            ),
            leaving_case=self._kept.once(
                ("leaving_case", tuple(asked.without)),
                lambda: leaving_case(start.exposed, start.departing, start.worst, without=asked.without),
            ),
            named=named,
        )
        # Only one of the two ways is shown.
        way, named_way = (None if named else self._way(found)), (self._way(found) if named else None)
        joint, staying = (self._year(found, leaving=each) for each in (True, False))
        return replace(found, way=way, named_way=named_way, bad_year=joint, staying=staying)

    def _year(self, found: Found, *, leaving: bool) -> BadYear | None:
        """Kept by chances and causes: a ticked account, a plan or a pace does not change it."""
        if self._start.bad_year is None:
            return None
        follow = _follow(found) if leaving and found.may_go else "staying"
        depends_on = ("year", found.overrides.chance_factor, tuple(found.overrides.without), follow)
        return self._kept.once(depends_on, partial(bad_year, found, leaving=leaving))

    def _way(self, found: Found) -> ComingThrough | None:
        lost = (found.case.account_ids, tuple(found.overrides.leaving)) if found.case else ()
        depends_on = ("way", lost, found.overrides.plan_months, self._paced(found))
        return self._kept.once(depends_on, partial(way_back, found, found.case))

    def _paced(self, found: Found) -> tuple[float, ...]:
        return tuple(found.assumed[name].value for name in ("sales_cycle_months", "ramp_months"))

    def _charts(self, found: Found) -> dict[str, Drawing]:
        if not found.worst:
            return {}
        asked = found.overrides
        own = asked.lost_accounts, tuple(asked.leaving)
        likely = asked.chance_factor, tuple(asked.without), _follow(found)
        return {
            "worst_cases": Drawing((own, tuple(asked.without)), found.worst_cases_chart),
            "bad_year": Drawing(likely, found.bad_year_chart),
            "recovery": Drawing((own, asked.plan_months, self._paced(found)), found.recovery_chart),
        }


def _follow(found: Found) -> float | None:
    rate = found.assumed.get("follow_rate")
    return None if rate is None else rate.value
