"""What do we do with this account: what it could still buy, where its goals stand, what is next?"""

from .decision_ids import PROPOSED as PROPOSED, ask_id as ask_id, decision_id as decision_id, is_answered as is_answered
from .goals import goals as goals, is_done as is_done
from .line_starts import LineStarts as LineStarts, line_starts as line_starts
from .look_alikes import look_alikes as look_alikes, sales_by_line as sales_by_line
from .next_actions import (
    RULES as RULES,
    Action as Action,
    Limits as Limits,
    next_actions as next_actions,
    questions as questions,
    who_and_when as who_and_when,
)
from .situation import Offer as Offer, Opening as Opening, Person as Person, Situation as Situation, Task as Task
from .white_space import white_space as white_space
