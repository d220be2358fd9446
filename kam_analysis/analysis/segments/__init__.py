"""Which accounts are key, why, and what kind of work does each need?

`significance` finds them and `listing` holds them against the company's own list; the other files ask
one thing each: what an account is worth, how firm that is, how many can be served, where it stands.
"""

from kam_analysis.analysis.segments.listing import Listing, against_list
from kam_analysis.analysis.segments.significance import (
    PRESENCE,
    activity_rows,
    key_accounts,
    largest_shares,
    line_rows,
    presence,
    significance,
)

__all__ = [
    "PRESENCE",
    "Listing",
    "activity_rows",
    "against_list",
    "key_accounts",
    "largest_shares",
    "line_rows",
    "presence",
    "significance",
]
