"""What do we do with this account: what it could still buy, where its goals stand, what is next?"""

from kam_analysis.analysis.plans.decision_ids import PROPOSED, ask_id, decision_id, is_answered
from kam_analysis.analysis.plans.goals import goals, is_done
from kam_analysis.analysis.plans.line_starts import LineStarts, line_starts
from kam_analysis.analysis.plans.look_alikes import look_alikes, sales_by_line
from kam_analysis.analysis.plans.next_actions import RULES, Action, Limits, next_actions, questions, who_and_when
from kam_analysis.analysis.plans.situation import Offer, Opening, Person, Situation, Task
from kam_analysis.analysis.plans.white_space import white_space

__all__ = [
    "PROPOSED",
    "RULES",
    "Action",
    "Limits",
    "LineStarts",
    "Offer",
    "Opening",
    "Person",
    "Situation",
    "Task",
    "ask_id",
    "decision_id",
    "goals",
    "is_answered",
    "is_done",
    "line_starts",
    "look_alikes",
    "next_actions",
    "questions",
    "sales_by_line",
    "white_space",
    "who_and_when",
]
