"""`02_key_accounts` in words."""

from kam_analysis.view.findings.key_accounts.advice import next_steps
from kam_analysis.view.findings.key_accounts.answer import WORK_WORDS, answer, key_figures
from kam_analysis.view.findings.key_accounts.document import QUESTION, SEED, caveats, result
from kam_analysis.view.findings.key_accounts.evidence import Evidence
from kam_analysis.view.findings.key_accounts.reasons import activity_name, margin_share, moved, reasons, share_of

__all__ = [
    "QUESTION",
    "SEED",
    "WORK_WORDS",
    "Evidence",
    "activity_name",
    "answer",
    "caveats",
    "key_figures",
    "margin_share",
    "moved",
    "next_steps",
    "reasons",
    "result",
    "share_of",
]
