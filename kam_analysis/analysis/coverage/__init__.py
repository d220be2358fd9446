"""Who holds the relationships, how often do we speak, and what do customers say?

`managers` answers who looks after what, `attention` whether they grow it, `voice` what customers say and what
became of them, `practice` what each key account still lacks. `relationships` answers whom we know at the accounts,
`one_contact` what hangs on a single person there, `cadence` who of ours was there when, `due_calls` who calls next.
"""

from kam_analysis.analysis.coverage.cadence import LEVELS, calls_from_above, last_touch, levels
from kam_analysis.analysis.coverage.due_calls import REASONS, due_calls, spread
from kam_analysis.analysis.coverage.one_contact import chance_of_no_contact, hanging, hangs_on_one, no_contact
from kam_analysis.analysis.coverage.relationships import (
    INFLUENCER,
    LIVE,
    contact_map,
    counts_by,
    live_contacts,
    relationships,
    unknown_influencers,
)

__all__ = [
    "INFLUENCER",
    "LEVELS",
    "LIVE",
    "REASONS",
    "calls_from_above",
    "chance_of_no_contact",
    "contact_map",
    "counts_by",
    "due_calls",
    "hanging",
    "hangs_on_one",
    "last_touch",
    "levels",
    "live_contacts",
    "no_contact",
    "relationships",
    "spread",
    "unknown_influencers",
]
