"""`02_key_accounts` in words."""

from kam_analysis.view.findings.key_accounts.advice import next_steps
from kam_analysis.view.findings.key_accounts.answer import WORK_WORDS, answer, key_figures
from kam_analysis.view.findings.key_accounts.document import QUESTION, SEED, caveats, result
from kam_analysis.view.findings.key_accounts.evidence import Evidence
from kam_analysis.view.findings.key_accounts.parameters import check_parameters
from kam_analysis.view.findings.key_accounts.reasons import (
    activity_name,
    margin_share,
    moved,
    not_key,
    reasons,
    share_of,
)

__all__ = [
    "QUESTION",
    "SEED",
    "WORK_WORDS",
    "Evidence",
    "activity_name",
    "answer",
    "caveats",
    "check_parameters",
    "key_figures",
    "margin_share",
    "moved",
    "next_steps",
    "not_key",
    "reasons",
    "result",
    "share_of",
]
