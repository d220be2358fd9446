"""What if an account manager leaves, and who takes over? For each manager alike: nobody's departure is predicted.

`rates` are the published loss and its like, `departure` puts a departure into money, `resale` says which sales it
touches; `past_handovers` finds the changes of hands in the transactions, and `own_history` what they cost us.
`hours_today` and `hours` say where the hours go and where they would keep and win most; `response` what an hour brings.
`calls` lists who calls whom at once, `successors` who takes which account over (by `fits` and `assignment`) and on
which of the `days`; `moving` says whose manager can be moved.
"""

from .calls import call_list as call_list
from .candidates import may_take as may_take
from .days import PROTECT_DAYS as PROTECT_DAYS, handover_days as handover_days
from .departure import (
    Departure as Departure,
    departure as departure,
    departures_of_each as departures_of_each,
    notices_near as notices_near,
)
from .fits import SERVED_SHARE as SERVED_SHARE, fit as fit
from .hours import (
    KEPT_FROM as KEPT_FROM,
    MOST_CHANGE as MOST_CHANGE,
    Allocation as Allocation,
    allocate_hours as allocate_hours,
)
from .hours_today import to_win as to_win, today_hours as today_hours
from .moving import movable as movable
from .own_history import LEAST_MONTHS as LEAST_MONTHS, OwnTransition as OwnTransition, own_transition as own_transition
from .past_handovers import handovers as handovers, unseen as unseen
from .rates import TRANSITION as TRANSITION, Amount as Amount, Rate as Rate
from .resale import resale_and_new as resale_and_new
from .successor_tables import REASONS as REASONS
from .successors import SAVED_SHARE as SAVED_SHARE, Handover as Handover, hand_over as hand_over
