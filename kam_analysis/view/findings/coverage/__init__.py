"""`04_coverage` in words."""

from kam_analysis.view.findings.coverage.advice import next_steps
from kam_analysis.view.findings.coverage.answer import amounts, answer, key_figures
from kam_analysis.view.findings.coverage.document import QUESTION, caveats, last_day, money_unit, result
from kam_analysis.view.findings.coverage.evidence import Evidence, Leaving, Relations
from kam_analysis.view.findings.coverage.parts import (
    ASSUMED,
    assumed_transition,
    better_hours,
    both_years,
    check_parameters,
    heard,
    idle_without_manager,
    lines,
    names,
    own_loss,
    rates,
    side_by_side,
    spare,
    who_leaves,
    who_takes,
    whose_contacts,
)

__all__ = [
    "ASSUMED",
    "QUESTION",
    "Evidence",
    "Leaving",
    "Relations",
    "amounts",
    "answer",
    "assumed_transition",
    "better_hours",
    "both_years",
    "caveats",
    "check_parameters",
    "heard",
    "idle_without_manager",
    "key_figures",
    "last_day",
    "lines",
    "money_unit",
    "names",
    "next_steps",
    "own_loss",
    "rates",
    "result",
    "side_by_side",
    "spare",
    "who_leaves",
    "who_takes",
    "whose_contacts",
]
