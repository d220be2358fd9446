"""What do we lose if accounts leave, one by one or together, and when?

`bad_year` puts a year together: who leaves, and what those that stay buy less (`buying_less`, added by `both_parts`).
`distribution` answers how much and how likely; `causes` says what can take several at once, and `computed`,
`overlaps`, `partly`, `leaves`, `generating` and `grid` work it out. `simulated` does so where that is not possible.
`time_paths` answers when: month by month, with `leavers` drawing who goes and `under_contract` saying who is bound until
when. `contracted` says how much of the margin that is.
"""

from .bad_year import BadYear as BadYear, bad_year as bad_year
from .both_parts import leaving_and_buying_less as leaving_and_buying_less, with_buying_less as with_buying_less
from .buying_less import BuyingLess as BuyingLess, Falls as Falls, buying_less as buying_less, falls as falls
from .causes import (
    CommonCause as CommonCause,
    OwnProbability as OwnProbability,
    all_cause_probability as all_cause_probability,
    kept_by_causes as kept_by_causes,
    own_probability as own_probability,
)
from .contracted import Contracted as Contracted, contracted as contracted
from .distribution import (
    LossDistribution as LossDistribution,
    loss_distribution as loss_distribution,
    of_draws as of_draws,
)
from .members import common_cause as common_cause
from .simulated import SEED as SEED
from .time_paths import TimePaths as TimePaths, time_paths as time_paths
from .under_contract import under_contract as under_contract
