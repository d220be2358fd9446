"""What the page takes for given, and what a report may take otherwise than the settings say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages import assumed, style
from kam_analysis.pages.churn_impact.common_causes import known_causes

# What this page takes for given, by the settings' names.
ASSUMED = (
    "follow_rate",
    "sales_cycle_months",
    "ramp_months",
    "churn_probability",
    "fixed_cost_share",
    "keeping_cost",
    "cost_per_order",
)
# Those that a report may take otherwise: each stands in figures of this page alone, and is sure to be there.
CHANGEABLE = ASSUMED[:3]
LEAST_FACTOR, MOST_FACTOR = 0.25, 4.0


@dataclass(frozen=True)
class Otherwise:
    """What this report takes otherwise than the settings say; without anything, nothing.

    `chance_factor`: all chances of leaving times this, at most to 1. `without`: what could take several at once and
    does not count, in the page's words by key. `assumptions`: values by name; ranges stay.
    """

    chance_factor: float = 1.0
    without: Mapping[str, str] = field(default_factory=dict)
    assumptions: Mapping[str, float] = field(default_factory=dict)

    def assumed(self, found: Mapping[str, Assumption]) -> dict[str, Assumption]:
        """The page's assumptions with those that are changed; their source says so."""
        return {name: self._changed(each) for name, each in found.items()}

    def _changed(self, given: Assumption) -> Assumption:
        value = self.assumptions.get(given.name, given.value)
        if value == given.value:
            return given
        return replace(given, value=value, source=f"changed for this report from {assumed.written(given.name, given.value)}; {given.source}")  # fmt: skip

    def said(self, found: Mapping[str, Assumption]) -> str:
        """One clause on all that is changed; `found` are the assumptions as `assumed` gives them. Empty for nothing."""
        parts = []
        if self.chance_factor != 1:
            parts.append(f"all chances of leaving × {style.decimal(self.chance_factor, 2)}, at most 100{style.GAP}%")
        if self.without:
            parts.append(f"not counted among what could take several at once: {', '.join(self.without.values())}")
        for name, value in self.assumptions.items():
            words = assumed.in_words(name)
            parts.append(f"{words[:1].lower()}{words[1:]}: {assumed.written(name, found[name].value if name in found else value)}")  # fmt: skip
        return f"changed for this report: {'; '.join(parts)}" if parts else ""


def check_parameters(
    ledger: Ledger,
    horizon_months: int = 12,
    plan_months: int = 36,
    chance_factor: float = 1.0,
    without_causes: Sequence[str] = (),
    assumptions: Mapping[str, float] | None = None,
) -> Otherwise:
    """Can this report be made? What it takes otherwise than the settings.

    `without_causes` by the settings' keys, manager_ids or the names that pages use. `assumptions`: of `CHANGEABLE`, each
    within its range. Raises `DataError` with all that is wrong.
    """
    problems = []
    for name, months, least in (("horizon_months", horizon_months, 1), ("plan_months", plan_months, 12)):
        if not least <= months <= 36:
            rule = f"expected {least} to 36, got {months}"
            problems.append(Problem(name, "", rule, "sales plans look one to three years ahead"))
    if not LEAST_FACTOR <= chance_factor <= MOST_FACTOR:
        rule = f"expected {LEAST_FACTOR:g} to {MOST_FACTOR:g}, got {chance_factor:g}"
        problems.append(Problem("chance_factor", "", rule, "1 leaves all chances of leaving as they are"))
    known, given = known_causes(ledger), dict(assumptions or {})
    without = {key: words for key, words in known.items() if _asks_for(without_causes, key, words)}
    problems += [_unknown(each, known) for each in without_causes if not any(_asks_for([each], *one) for one in known.items())]  # fmt: skip
    problems += [problem for name, value in given.items() if (problem := _outside(ledger, name, value))]
    if problems:
        raise DataError(problems=problems)
    return Otherwise(float(chance_factor), without, {name: float(value) for name, value in given.items()})


def _asks_for(asked: Sequence[str], key: str, words: str) -> bool:
    return any(str(each).casefold() in (key.casefold(), words.casefold()) for each in asked)


def _unknown(asked: str, known: Mapping[str, str]) -> Problem:
    rule = f'expected a section of [causes] or a manager with a departure_probability, got "{asked}"'
    return Problem("without_causes", "", rule, nearest(str(asked), [*known, *known.values()]))


def _outside(ledger: Ledger, name: str, value: object) -> Problem | None:
    """What is wrong with a value for an assumption."""
    if name not in CHANGEABLE:
        rule = f'expected one of {", ".join(CHANGEABLE)}, got "{name}"'
        return Problem("assumptions", "", rule, "all others are changed in the settings")
    given = ledger.settings.assumption(name)
    assert given is not None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and given.low <= float(value) <= given.high:  # type: ignore[arg-type]
        return None
    rule = f"expected {given.low:g} to {given.high:g}, its range, got {value}"
    return Problem(f"assumptions.{name}", "", rule, f"take a value within it, or widen it in the settings' [assumptions.{name}]")  # fmt: skip
