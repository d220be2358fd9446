"""What if an account manager leaves, and who takes over? For each manager alike: nobody's departure is predicted.

`departure` puts a departure into money and `own_history` says what past hand-overs cost us.
`hours_today` and `hours` say where the hours go and where they would keep and win most; `response` what an hour brings.
"""

from kam_analysis.analysis.handover.hours import ELASTICITY, MOST_CHANGE, Allocation, allocate_hours
from kam_analysis.analysis.handover.hours_today import to_win, today_hours

__all__ = [
    "ELASTICITY",
    "MOST_CHANGE",
    "Allocation",
    "allocate_hours",
    "to_win",
    "today_hours",
]
