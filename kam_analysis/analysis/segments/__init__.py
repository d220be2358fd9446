"""Which accounts are key, why, and what kind of work does each need?

`significance` finds them and `listing` holds them against the company's own list; the other files ask
one thing each: what an account is worth, how firm that is, how many can be served, where it stands.
"""

from kam_analysis.analysis.segments.acceptability import Acceptability, acceptability, changes_place, firm
from kam_analysis.analysis.segments.capacity import Cut, cut
from kam_analysis.analysis.segments.criteria import CRITERIA, Criterion, continuity, growth, raw_criteria
from kam_analysis.analysis.segments.listing import Listing, against_list
from kam_analysis.analysis.segments.matrix import ACTIONS, matrix, relative_strength
from kam_analysis.analysis.segments.significance import (
    PRESENCE,
    activity_rows,
    key_accounts,
    largest_shares,
    line_rows,
    presence,
    significance,
)
from kam_analysis.analysis.segments.value import not_assessed, scaled, value_scores

__all__ = [
    "ACTIONS",
    "CRITERIA",
    "PRESENCE",
    "Acceptability",
    "Criterion",
    "Cut",
    "Listing",
    "acceptability",
    "activity_rows",
    "against_list",
    "changes_place",
    "continuity",
    "cut",
    "firm",
    "growth",
    "key_accounts",
    "largest_shares",
    "line_rows",
    "matrix",
    "not_assessed",
    "presence",
    "raw_criteria",
    "relative_strength",
    "scaled",
    "significance",
    "value_scores",
]
