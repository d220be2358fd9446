"""`03_churn_impact` in words."""

from kam_analysis.pages.churn_impact.advice import next_steps
from kam_analysis.pages.churn_impact.answer import BAD, answer, fraction, key_figures, months_in_words
from kam_analysis.pages.churn_impact.assumed import (
    ASSUMED,
    CHANGEABLE,
    LEAST_FACTOR,
    MOST_FACTOR,
    Otherwise,
    check_parameters,
)
from kam_analysis.pages.churn_impact.chances import who_may_leave
from kam_analysis.pages.churn_impact.common_causes import Several, known_causes, what_could_take_several
from kam_analysis.pages.churn_impact.compared import against
from kam_analysis.pages.churn_impact.evidence import Evidence
from kam_analysis.pages.churn_impact.parts import (
    HANGS,
    SEED,
    by_group,
    earlier_years,
    hangs_on,
    names_of,
    paths,
    prevention,
    scaled,
)
from kam_analysis.pages.churn_impact.result import QUESTION, by_account, caveats, method, money_unit, result
from kam_analysis.pages.key_accounts.who_is_key import who_is_key

__all__ = [
    "ASSUMED",
    "BAD",
    "CHANGEABLE",
    "HANGS",
    "LEAST_FACTOR",
    "MOST_FACTOR",
    "QUESTION",
    "SEED",
    "Evidence",
    "Otherwise",
    "Several",
    "against",
    "answer",
    "by_account",
    "by_group",
    "caveats",
    "check_parameters",
    "earlier_years",
    "fraction",
    "hangs_on",
    "key_figures",
    "known_causes",
    "method",
    "money_unit",
    "months_in_words",
    "names_of",
    "next_steps",
    "paths",
    "prevention",
    "result",
    "scaled",
    "what_could_take_several",
    "who_is_key",
    "who_may_leave",
]
