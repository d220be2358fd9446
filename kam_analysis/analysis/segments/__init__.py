"""Which accounts are key, why, and what kind of work does each need?

`significance` finds them and `listing` holds them against the company's own list; the other files ask
one thing each: what an account is worth, how firm that is, how many can be served, where it stands.
"""

from .acceptability import (
    FIRM as FIRM,
    Acceptability as Acceptability,
    Places as Places,
    acceptability as acceptability,
    changes_place as changes_place,
    firm as firm,
    places as places,
)
from .capacity import Cut as Cut, cut as cut
from .circumstances import circumstances as circumstances, dependence as dependence
from .criteria import (
    CRITERIA as CRITERIA,
    Criterion as Criterion,
    continuity as continuity,
    growth as growth,
    raw_criteria as raw_criteria,
)
from .faring import Faring as Faring, faring as faring
from .joining import of_accounts as of_accounts
from .lifecycle import STAGES as STAGES, Cuts as Cuts, lifecycle as lifecycle, stages_in_words as stages_in_words
from .listing import Listing as Listing, against_list as against_list
from .matrix import ACTIONS as ACTIONS, matrix as matrix, relative_strength as relative_strength
from .power import (
    balance as balance,
    barriers as barriers,
    easy_to_leave as easy_to_leave,
    price_and_margin as price_and_margin,
)
from .profit import (
    COMPLEXITY as COMPLEXITY,
    Cost as Cost,
    Profit as Profit,
    profit_after_service as profit_after_service,
)
from .said import looks_elsewhere as looks_elsewhere
from .significance import (
    PRESENCE as PRESENCE,
    activity_rows as activity_rows,
    at_threshold as at_threshold,
    by_threshold as by_threshold,
    every_activity as every_activity,
    key_accounts as key_accounts,
    largest_shares as largest_shares,
    line_rows as line_rows,
    presence as presence,
    significance as significance,
    tells_nobody_apart as tells_nobody_apart,
    without_activities as without_activities,
)
from .value import not_assessed as not_assessed, scaled as scaled, value_scores as value_scores
from .work import (
    NOT_ASSESSED as NOT_ASSESSED,
    Rules as Rules,
    kinds_of_work as kinds_of_work,
    rules_in_words as rules_in_words,
)
