"""What a report may be asked for otherwise than the settings say, and whether it can be made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kam_analysis import given
from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, style
from kam_analysis.pages.churn_impact.common_causes import known_causes
from kam_analysis.pages.coverage.departures import Departures

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
        return replace(before, value=value, source=f"changed for this report from {was}; {before.source}")

    def said(self) -> str:
        """One clause on all that changes figures; empty for nothing."""
        parts = []
        if self.chance_factor != 1:
            parts.append(f"all chances of leaving × {style.decimal(self.chance_factor, 2)}, at most 100%")
        if self.without:
            parts.append(f"not counted among what could take several at once: {', '.join(self.without.values())}")
        for name, value in self.assumptions.items():
            words = assumed.in_words(name)
            parts.append(f"{words[:1].lower()}{words[1:]}: {assumed.written(name, value)}")
        return f"changed for this report: {'; '.join(parts)}" if parts else ""


def changed_parameters(ledger: Ledger, asked: Overrides) -> dict[str, object]:
    """What a report must be asked for to be like this one: all that is otherwise than in the settings."""
    settings, usual = ledger.as_written, Overrides().parameters()
    given = {"period": (ledger.period_as_written, settings.period), "measure": (ledger.measure, settings.measure)}
    given |= {name: (value, usual[name]) for name, value in asked.parameters().items()}
    return {name: value for name, (value, otherwise) in given.items() if value != otherwise}


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
        rule = f"expected {LEAST_FACTOR:g} to {MOST_FACTOR:g}, got {factor:g}"
        problems.append(_wrong("chance_factor", rule, remedy="1 leaves all chances of leaving as they are"))
    problems += [
        _unknown(each, known, "without_causes", "a section of [causes] or a manager who may leave")
        for each in causes
        if not _named(each, known)
    ]
    problems += [problem for name, value in values.items() if (problem := _outside(ledger, name, value=value))]
    expected = "a manager_id or a manager's name"
    problems += [_unknown(each, managers, "leaving_managers", expected) for each in going if not _named(each, managers)]
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
    rule = f"expected {least} to 36, got {months}"
    return [_wrong(name, rule, remedy="sales plans look one to three years ahead")]


def _meant(asked: Sequence[str], key: str, *, words: str) -> bool:
    return any(each.casefold() in (key.casefold(), words.casefold()) for each in asked)


def _named(asked: str, known: Mapping[str, str]) -> bool:
    return any(_meant([asked], key, words=words) for key, words in known.items())


def _unknown(asked: str, known: Mapping[str, str], parameter: str, expected: str) -> Problem:
    return _wrong(parameter, f'expected {expected}, got "{asked}"', remedy=nearest(asked, [*known, *known.values()]))


def _outside(ledger: Ledger, name: str, *, value: float) -> Problem | None:
    """What is wrong with a value for an assumption."""
    if name not in CHANGEABLE:
        rule = f'expected one of {", ".join(CHANGEABLE)}, got "{name}"'
        return _wrong("assumptions", rule, remedy="all others are changed in the settings")
    usual = ledger.settings.assumption(name)
    if usual is None:
        # Only how many customers follow has nothing that stands in.
        rule = f"expected a share 0-1, got {value:g}"
        return None if 0 <= value <= 1 else _wrong(f"assumptions.{name}", rule, remedy="take a share of all customers")
    if usual.low <= value <= usual.high:
        return None
    rule = f"expected {usual.low:g} to {usual.high:g}, its range, got {value:g}"
    remedy = f"take a value within it, or widen it in the settings' [assumptions.{name}]"
    return _wrong(f"assumptions.{name}", rule, remedy=remedy)


def _wrong(parameter: str, rule: str, *, remedy: str) -> Problem:
    return Problem(parameter, "", rule=rule, remedy=remedy)
