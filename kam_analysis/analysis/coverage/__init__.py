"""Who holds the relationships, how often do we speak, and what do customers say?

`managers` answers who looks after what, `attention` whether they grow it, `voice` what customers say and what
became of them, `practice` what each key account still lacks. `relationships` answers whom we know at the accounts,
`one_contact` what depends on a single person there, `cadence` who of ours was there when, `due_calls` who calls next.
"""

from kam_analysis.analysis.coverage.attention import ATTENDED, VERDICTS, Attended, attention, by_manager
from kam_analysis.analysis.coverage.cadence import LEVELS, calls_from_above, last_touch, levels
from kam_analysis.analysis.coverage.due_calls import REASONS, due_calls, spread
from kam_analysis.analysis.coverage.managers import OnFew, manager_table, on_few, unheld, without_deputy
from kam_analysis.analysis.coverage.one_contact import (
    RENEWAL_DAYS,
    chance_of_no_contact,
    hanging,
    hangs_on_one,
    no_contact,
)
from kam_analysis.analysis.coverage.open_questions import open_questions
from kam_analysis.analysis.coverage.practice import ITEMS, Practice, practice
from kam_analysis.analysis.coverage.relationships import (
    INFLUENCER,
    LIVE,
    SECOND,
    contact_map,
    counts_by,
    live_contacts,
    relationships,
    unknown_influencers,
)
from kam_analysis.analysis.coverage.voice import LOW, heard, never_asked, voices

__all__ = [
    "ATTENDED",
    "INFLUENCER",
    "ITEMS",
    "LEVELS",
    "LIVE",
    "LOW",
    "REASONS",
    "RENEWAL_DAYS",
    "SECOND",
    "VERDICTS",
    "Attended",
    "OnFew",
    "Practice",
    "attention",
    "by_manager",
    "calls_from_above",
    "chance_of_no_contact",
    "contact_map",
    "counts_by",
    "due_calls",
    "hanging",
    "hangs_on_one",
    "heard",
    "last_touch",
    "levels",
    "live_contacts",
    "manager_table",
    "never_asked",
    "no_contact",
    "on_few",
    "open_questions",
    "practice",
    "relationships",
    "spread",
    "unheld",
    "unknown_influencers",
    "voices",
    "without_deputy",
]
