"""What a report may be asked for otherwise than the settings say, and whether it can be made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kam_analysis import given
from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.explorer.report_line import changed
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, style
from kam_analysis.pages.churn_impact.common_causes import known_causes
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.words import said_in

say = said_in(__file__)

# What this page takes for given, by the settings' names.
ASSUMED = (
    "follow_rate",
    "sales_cycle_months",
    "ramp_months",
    "churn_probability",
    "own_estimate_odds",
    "fixed_cost_share",
    "fixed_cost_cut",
    "fixed_cost_cut_months",
    "renewal_concession",
    "keeping_cost",
    "cost_per_order",
)
# Those that a report may take otherwise.
CHANGEABLE = ASSUMED[:3]
LEAST_FACTOR, MOST_FACTOR = 0.25, 4.0


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """This report's own parameters; without any, it is as the settings say.

    `lost_accounts`: the reader's own worst case, `leaving`: the managers who leave in it, by manager_id as pages name
    them. `horizon_months`: over which history is looked at, `plan_months`: how
    far the sales plan looks. `chance_factor`: all chances of leaving times this, at most to 1. `without`: what could
    take several at once and does not count, in the page's words by key. `assumptions`: values by name; ranges stay.
    """

    lost_accounts: Sequence[str] = ()
    horizon_months: int = 12
    plan_months: int = 36
    chance_factor: float = 1.0
    without: Mapping[str, str] = field(default_factory=dict)
    assumptions: Mapping[str, float] = field(default_factory=dict)
    leaving: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, Any]:
        """As the notebook takes them."""
        return {
            "horizon_months": self.horizon_months,
            "lost_accounts": list(self.lost_accounts),
            "leaving_managers": list(self.leaving),
            "plan_months": self.plan_months,
            "chance_factor": self.chance_factor,
            "without_causes": list(self.without),
            "assumptions": dict(self.assumptions),
        }

    def assumed(self, found: Mapping[str, Assumption], departing: Departures) -> dict[str, Assumption]:
        """The page's assumptions with those that are changed, and what a departure rests on; their source says so."""
        known = {name: self._changed(each) for name, each in found.items()}
        rates = {
            name: replace(each, source=known[name].source) if name in known else each
            for name, each in departing.assumptions.items()
        }
        return known | rates

    def _changed(self, before: Assumption) -> Assumption:
        value = self.assumptions.get(before.name, before.value)
        if value == before.value:
            return before
        was = assumed.written(before.name, before.value)
        return replace(before, value=value, source=say("changed.source", before=was, source=before.source))

    def said(self) -> str:
        """One clause on all that changes figures; empty for nothing."""
        parts = []
        if self.chance_factor != 1:
            parts.append(say("changed.chances", factor=style.decimal(self.chance_factor, 2)))
        if self.without:
            parts.append(say("changed.without", names=", ".join(self.without.values())))
        for name, value in self.assumptions.items():
            words = assumed.in_words(name)
            parts.append(f"{words[:1].lower()}{words[1:]}: {assumed.written(name, value)}")
        return say("changed.clause", what="; ".join(parts)) if parts else ""


def changed_parameters(ledger: Ledger, asked: Overrides) -> dict[str, object]:
    """What a report must be asked for to be like this one: all that is otherwise than in the settings."""
    usual = Overrides().parameters()
    return changed(ledger, **{name: (value, usual[name]) for name, value in asked.parameters().items()})


def overrides(
    ledger: Ledger,
    *,
    lost_accounts: Any = (),
    horizon_months: Any = 12,
    plan_months: Any = 36,
    chance_factor: Any = 1.0,
    without_causes: Any = (),
    assumptions: Any = None,
    leaving_managers: Any = (),
) -> Overrides:
    """A report's parameters, as they come; can it be made?

    `without_causes` by the settings' keys, manager_ids or the names that pages use, `leaving_managers` by their ids or
    names. `assumptions`: of `CHANGEABLE`,
    each within its range. Raises `DataError` with all that is wrong, `SettingsError` for what is no number or no text.
    """
    factor = given.number("chance_factor", chance_factor)
    horizon, plan = given.whole("horizon_months", horizon_months), given.whole("plan_months", plan_months)
    causes, values = given.texts("without_causes", without_causes), given.numbers("assumptions", assumptions)
    known, going = known_causes(ledger), given.texts("leaving_managers", leaving_managers)
    causes, going = ([ledger.people.known(each) for each in ids] for ids in (causes, going))
    managers = _managers(ledger) if going else {}
    problems = [*_months("horizon_months", horizon, least=1), *_months("plan_months", plan, least=12)]
    if not LEAST_FACTOR <= factor <= MOST_FACTOR:
        rule = say("wrong.factor", least=f"{LEAST_FACTOR:g}", most=f"{MOST_FACTOR:g}", factor=f"{factor:g}")
        problems.append(Problem("chance_factor", "", rule, say("wrong.factor_remedy")))
    problems += _unknown(causes, known, "without_causes", say("wrong.cause"))
    problems += [problem for name, value in values.items() if (problem := _outside(ledger, name, value=value))]
    problems += _unknown(going, managers, "leaving_managers", say("wrong.manager"))
    if problems:
        raise DataError(problems=problems)
    return Overrides(
        lost_accounts=tuple(given.texts("lost_accounts", lost_accounts)),
        horizon_months=horizon,
        plan_months=plan,
        chance_factor=factor,
        without={key: words for key, words in known.items() if _meant(causes, key, words=words)},
        assumptions=values,
        leaving={key: words for key, words in managers.items() if _meant(going, key, words=words)},
    )


def _managers(ledger: Ledger) -> dict[str, str]:
    """Every manager by id, as pages name them."""
    rows = ledger.staff()
    names = rows["manager_name"].astype("object").fillna(rows["manager_id"])
    return dict(zip(rows["manager_id"].astype(str), names.astype(str), strict=True))


def _months(name: str, months: int, *, least: int) -> list[Problem]:
    if least <= months <= 36:
        return []
    return [Problem(name, "", say("wrong.months", least=least, months=months), say("wrong.months_remedy"))]


def _meant(asked: Sequence[str], key: str, *, words: str) -> bool:
    return any(each.casefold() in (key.casefold(), words.casefold()) for each in asked)


def _unknown(asked: Sequence[str], known: Mapping[str, str], parameter: str, expected: str) -> list[Problem]:
    """What of that is neither a key nor a name among the `known`."""
    return [
        Problem(
            parameter, "", say("wrong.unknown", expected=expected, got=each), nearest(each, [*known, *known.values()])
        )
        for each in asked
        if not any(_meant([each], key, words=words) for key, words in known.items())
    ]


def _outside(ledger: Ledger, name: str, *, value: float) -> Problem | None:
    """What is wrong with a value for an assumption."""
    if name not in CHANGEABLE:
        rule = say("wrong.assumption", names=", ".join(CHANGEABLE), got=name)
        return Problem("assumptions", "", rule, say("wrong.assumption_remedy"))
    usual, where = ledger.settings.assumption(name), f"assumptions.{name}"
    if usual is None:
        # Only how many customers follow has nothing that stands in.
        wrong = Problem(where, "", say("wrong.share", value=f"{value:g}"), say("wrong.share_remedy"))
        return None if 0 <= value <= 1 else wrong
    if usual.low <= value <= usual.high:
        return None
    rule = say("wrong.range", low=f"{usual.low:g}", high=f"{usual.high:g}", value=f"{value:g}")
    return Problem(where, "", rule, say("wrong.range_remedy", name=name))
