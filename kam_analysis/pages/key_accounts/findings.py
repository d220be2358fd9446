"""`02_key_accounts` in words."""

from kam_analysis.pages.concentration.followed import followed
from kam_analysis.pages.key_accounts.advice import next_steps
from kam_analysis.pages.key_accounts.answer import WORK_WORDS, answer, key_figures
from kam_analysis.pages.key_accounts.compared import (
    against_settings,
    as_settings_say,
    changed,
    usually_served,
    where_it_stands,
)
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.key_accounts.lines import Line, lines
from kam_analysis.pages.key_accounts.parameters import DRAWS, LIMIT, check_parameters, weighed
from kam_analysis.pages.key_accounts.reasons import (
    activity_name,
    listed,
    margin_share,
    moved,
    not_key,
    reasons,
    share_of,
)
from kam_analysis.pages.key_accounts.result import QUESTION, SEED, caveats, result

__all__ = [
    "DRAWS",
    "LIMIT",
    "QUESTION",
    "SEED",
    "WORK_WORDS",
    "Evidence",
    "Line",
    "activity_name",
    "against_settings",
    "answer",
    "as_settings_say",
    "caveats",
    "changed",
    "check_parameters",
    "followed",
    "key_figures",
    "lines",
    "listed",
    "margin_share",
    "moved",
    "next_steps",
    "not_key",
    "reasons",
    "result",
    "share_of",
    "usually_served",
    "weighed",
    "where_it_stands",
]
