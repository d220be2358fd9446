"""What if an account manager leaves, and who takes over? For each manager alike: nobody's departure is predicted.

`rates` are the published loss and its like, `departure` puts a departure into money, `resale` says which sales it
touches; `past_handovers` finds the changes of hands in the transactions, and `own_history` what they cost us.
`hours_today` and `hours` say where the hours go and where they would keep and win most; `response` what an hour brings.
"""

from kam_analysis.analysis.handover.departure import (
    RENEWAL_DAYS,
    Departure,
    departure,
    departures_of_each,
    largest,
    renewals_near,
)
from kam_analysis.analysis.handover.hours import ELASTICITY, MOST_CHANGE, Allocation, allocate_hours
from kam_analysis.analysis.handover.hours_today import to_win, today_hours
from kam_analysis.analysis.handover.own_history import LEAST_MONTHS, OwnTransition, own_transition
from kam_analysis.analysis.handover.past_handovers import handovers, unseen
from kam_analysis.analysis.handover.rates import TRANSITION, Amount, Rate
from kam_analysis.analysis.handover.resale import resale_and_new

__all__ = [
    "ELASTICITY",
    "LEAST_MONTHS",
    "MOST_CHANGE",
    "RENEWAL_DAYS",
    "TRANSITION",
    "Allocation",
    "Amount",
    "Departure",
    "OwnTransition",
    "Rate",
    "allocate_hours",
    "departure",
    "departures_of_each",
    "handovers",
    "largest",
    "own_transition",
    "renewals_near",
    "resale_and_new",
    "to_win",
    "today_hours",
    "unseen",
]
