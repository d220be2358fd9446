"""Which accounts are key, why, and what kind of work does each need?

`significance` finds them and `listing` holds them against the company's own list; the other files ask
one thing each: what an account is worth, how firm that is, how many can be served, where it stands.
"""

from kam_analysis.analysis.segments.acceptability import (
    FIRM,
    Acceptability,
    Places,
    acceptability,
    changes_place,
    firm,
    places,
)
from kam_analysis.analysis.segments.capacity import Cut, cut
from kam_analysis.analysis.segments.circumstances import circumstances, dependence
from kam_analysis.analysis.segments.criteria import CRITERIA, Criterion, continuity, growth, raw_criteria
from kam_analysis.analysis.segments.faring import Faring, faring
from kam_analysis.analysis.segments.joining import of_accounts
from kam_analysis.analysis.segments.lifecycle import STAGES, Cuts, lifecycle, stages_in_words
from kam_analysis.analysis.segments.listing import Listing, against_list
from kam_analysis.analysis.segments.matrix import ACTIONS, matrix, relative_strength
from kam_analysis.analysis.segments.power import balance, barriers, easy_to_leave, price_and_margin
from kam_analysis.analysis.segments.profit import COMPLEXITY, PATTERN, RECORDED, Cost, Profit, profit_after_service
from kam_analysis.analysis.segments.said import looks_elsewhere
from kam_analysis.analysis.segments.significance import (
    PRESENCE,
    activity_rows,
    at_threshold,
    by_threshold,
    every_activity,
    key_accounts,
    largest_shares,
    line_rows,
    presence,
    significance,
    tells_nobody_apart,
    without_activities,
)
from kam_analysis.analysis.segments.value import not_assessed, scaled, value_scores
from kam_analysis.analysis.segments.work import NOT_ASSESSED, WORK, Rules, kinds_of_work, rules_in_words

__all__ = [
    "ACTIONS",
    "COMPLEXITY",
    "CRITERIA",
    "FIRM",
    "NOT_ASSESSED",
    "PATTERN",
    "PRESENCE",
    "RECORDED",
    "STAGES",
    "WORK",
    "Acceptability",
    "Cost",
    "Criterion",
    "Cut",
    "Cuts",
    "Faring",
    "Listing",
    "Places",
    "Profit",
    "Rules",
    "acceptability",
    "activity_rows",
    "against_list",
    "at_threshold",
    "balance",
    "barriers",
    "by_threshold",
    "changes_place",
    "circumstances",
    "continuity",
    "cut",
    "dependence",
    "easy_to_leave",
    "every_activity",
    "faring",
    "firm",
    "growth",
    "key_accounts",
    "kinds_of_work",
    "largest_shares",
    "lifecycle",
    "line_rows",
    "looks_elsewhere",
    "matrix",
    "not_assessed",
    "of_accounts",
    "places",
    "presence",
    "price_and_margin",
    "profit_after_service",
    "raw_criteria",
    "relative_strength",
    "rules_in_words",
    "scaled",
    "significance",
    "stages_in_words",
    "tells_nobody_apart",
    "value_scores",
    "without_activities",
]
