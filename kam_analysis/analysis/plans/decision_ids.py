"""Under which number does a recommendation leave and come back? The same one in each run, as long as it is the same."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kam_analysis.analysis.coverage.practice import DONE

PROPOSED = "proposed"  # the status under which a recommendation leaves
DECLINED = (
    "declined",
    "rejected",
    "refused",
    "no",
    "not done",
    "abgelehnt",
    "refusé",
    "rechazado",
    "rifiutato",
    "odrzucone",
)

# By rule, what makes it another recommendation. No day that moves with the run, and no figure that changes with every row.
_SAME: dict[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {
    "left_behind": lambda of: (of["task"], of["leaves"]),
    "win_back": lambda of: (),
    "rescue": lambda of: (of["notice_on"],),
    "renew": lambda of: (of["ends_on"],),
    "hand_over": lambda of: (of["leaves"],),
    "complaint": lambda of: (of["on"],),
    "overdue": lambda of: (of["task"], of["due"]),
    "promise": lambda of: (of["goal"], of["due"]),
    "call": lambda of: (of["year"],),
    "second_contact": lambda of: (of["live"], *of["strangers"]),
    "margin": lambda of: (round(100 * (of["points"] or of["share"] or 0)),),
    "offer": lambda of: (of["offer"].line, of["offer"].amount),
    "open_line": lambda of: (of["opening"].line,),
    "notes": lambda of: (of["written"],),
}


def decision_id(account_id: str, rule: str, about: Mapping[str, Any]) -> str:
    """The number of a recommendation: "act", account, rule, and a fingerprint of the facts that make it this one.

    The same facts give the same number on every day; another contract, goal or complaint another one. A margin is
    another one with every whole point. Raises `KeyError` for an unknown rule.

    >>> decision_id("A-1", "win_back", {"gone": "quiet"}), decision_id("A-1", "win_back", {"gone": "quiet for longer"})
    ('act.A-1.win_back.4f53cd', 'act.A-1.win_back.4f53cd')
    """
    return f"act.{account_id}.{rule}.{_fingerprint(_SAME[rule](about))}"


def ask_id(rule: str, about: Iterable[object]) -> str:
    """The number of a decision that leadership is asked for: "ask", rule, and a fingerprint of what it is `about`.

    >>> ask_id("departure", ["M1", "2026-12-31"])
    'ask.departure.84e9d9'
    """
    return f"ask.{rule}.{_fingerprint(about)}"


def _fingerprint(facts: Iterable[object]) -> str:
    text = json.dumps([str(each) for each in facts], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def is_answered(status: object) -> bool:
    """Whether a status says that nothing is left to do, or that it is not to be done.

    >>> is_answered("Declined"), is_answered("done"), is_answered("open"), is_answered(None)
    (True, True, False, False)
    """
    return isinstance(status, str) and status.strip().casefold() in (*DONE, *DECLINED)
