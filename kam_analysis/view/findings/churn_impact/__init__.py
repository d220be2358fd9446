"""`03_churn_impact` in words."""

from kam_analysis.view.findings.churn_impact.advice import next_steps
from kam_analysis.view.findings.churn_impact.answer import BAD, answer, fraction, key_figures, months_in_words
from kam_analysis.view.findings.churn_impact.assumed import (
    ASSUMED,
    check_parameters,
    common_causes,
    spoken,
)
from kam_analysis.view.findings.churn_impact.document import QUESTION, by_account, caveats, method, money_unit, result
from kam_analysis.view.findings.churn_impact.evidence import Evidence
from kam_analysis.view.findings.churn_impact.parts import (
    HANGS,
    SEED,
    by_group,
    earlier_years,
    hangs_on,
    names_of,
    paths,
    prevention,
)

__all__ = [
    "ASSUMED",
    "BAD",
    "HANGS",
    "QUESTION",
    "SEED",
    "Evidence",
    "answer",
    "by_account",
    "by_group",
    "caveats",
    "check_parameters",
    "common_causes",
    "earlier_years",
    "fraction",
    "hangs_on",
    "key_figures",
    "method",
    "money_unit",
    "months_in_words",
    "names_of",
    "next_steps",
    "paths",
    "prevention",
    "result",
    "spoken",
]
