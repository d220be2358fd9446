"""What if an account manager leaves, and who takes over? For each manager alike: nobody's departure is predicted.

`rates` are the published loss and its like, `departure` puts a departure into money, `resale` says which sales it
touches; `past_handovers` finds the changes of hands in the transactions, and `own_history` what they cost us.
`hours_today` and `hours` say where the hours go and where they would keep and win most; `response` what an hour brings.
`calls` lists who calls whom at once, `successors` who takes which account over (by `fits` and `assignment`) and on
which of the `days`; `moving` says whose manager can be moved.
"""

from kam_analysis.analysis.handover.calls import PER_DAY, call_list
from kam_analysis.analysis.handover.candidates import may_take
from kam_analysis.analysis.handover.days import IN_LAST_WEEKS, PROTECT_DAYS, handover_days
from kam_analysis.analysis.handover.departure import (
    Departure,
    departure,
    departures_of_each,
    notices_near,
)
from kam_analysis.analysis.handover.fits import SERVED_SHARE, fit
from kam_analysis.analysis.handover.hours import ELASTICITY, KEPT_FROM, MOST_CHANGE, Allocation, allocate_hours
from kam_analysis.analysis.handover.hours_today import to_win, today_hours
from kam_analysis.analysis.handover.moving import movable
from kam_analysis.analysis.handover.own_history import LEAST_MONTHS, OwnTransition, own_transition
from kam_analysis.analysis.handover.past_handovers import handovers, unseen
from kam_analysis.analysis.handover.rates import TRANSITION, Amount, Rate
from kam_analysis.analysis.handover.resale import resale_and_new
from kam_analysis.analysis.handover.successor_tables import REASONS
from kam_analysis.analysis.handover.successors import SAVED_SHARE, Handover, hand_over

__all__ = [
    "ELASTICITY",
    "IN_LAST_WEEKS",
    "KEPT_FROM",
    "LEAST_MONTHS",
    "MOST_CHANGE",
    "PER_DAY",
    "PROTECT_DAYS",
    "REASONS",
    "SAVED_SHARE",
    "SERVED_SHARE",
    "TRANSITION",
    "Allocation",
    "Amount",
    "Departure",
    "Handover",
    "OwnTransition",
    "Rate",
    "allocate_hours",
    "call_list",
    "departure",
    "departures_of_each",
    "fit",
    "hand_over",
    "handover_days",
    "handovers",
    "may_take",
    "movable",
    "notices_near",
    "own_transition",
    "resale_and_new",
    "to_win",
    "today_hours",
    "unseen",
]
