"""Who holds the relationships, how often do we speak, and what do customers say?

`managers` answers who looks after what, `attention` whether they grow it, `voice` what customers say and what
became of them, `practice` what each key account still lacks. `relationships` answers whom we know at the accounts,
`one_contact` what depends on a single person there, `cadence` who of ours was there when, `due_calls` who calls next.
"""

from .attention import (
    Attended as Attended,
    attention as attention,
    by_manager as by_manager,
)
from .cadence import LEVELS as LEVELS, calls_from_above as calls_from_above, last_touch as last_touch, levels as levels
from .due_calls import REASONS as REASONS, due_calls as due_calls, spread as spread
from .managers import (
    OnFew as OnFew,
    manager_table as manager_table,
    on_few as on_few,
    unheld as unheld,
    without_deputy as without_deputy,
)
from .one_contact import (
    RENEWAL_DAYS as RENEWAL_DAYS,
    chance_of_no_contact as chance_of_no_contact,
    hanging as hanging,
    hangs_on_one as hangs_on_one,
    no_contact as no_contact,
)
from .open_questions import open_questions as open_questions
from .practice import Practice as Practice, practice as practice
from .relationships import (
    INFLUENCER as INFLUENCER,
    LIVE as LIVE,
    SECOND as SECOND,
    contact_map as contact_map,
    counts_by as counts_by,
    live_contacts as live_contacts,
    relationships as relationships,
    unknown_influencers as unknown_influencers,
)
from .voice import LOW as LOW, heard as heard, never_asked as never_asked, voices as voices
