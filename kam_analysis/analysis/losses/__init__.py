"""What do we lose if accounts leave, one by one or together, and when?

`bad_year` puts a year together: who leaves, and what those that stay buy less (`buying_less`, added by `both_parts`).
`distribution` answers how much and how likely; `causes` says what can take several at once, and `computed`,
`overlaps`, `partly`, `leaves`, `generating` and `grid` work it out. `simulated` does so where that is not possible.
`time_paths` answers when: month by month, with `leavers` drawing who goes and `under_contract` saying who is bound until
when. `contracted` says how much of the margin that is.
"""

from kam_analysis.analysis.losses.bad_year import BadYear, bad_year
from kam_analysis.analysis.losses.both_parts import leaving_and_buying_less, with_buying_less
from kam_analysis.analysis.losses.buying_less import BuyingLess, Falls, buying_less, falls
from kam_analysis.analysis.losses.causes import (
    CommonCause,
    OwnProbability,
    all_cause_probability,
    kept_by_causes,
    own_probability,
)
from kam_analysis.analysis.losses.contracted import Contracted, contracted
from kam_analysis.analysis.losses.distribution import MOST_OVERLAPPING, LossDistribution, loss_distribution, of_draws
from kam_analysis.analysis.losses.members import common_cause
from kam_analysis.analysis.losses.simulated import SEED
from kam_analysis.analysis.losses.time_paths import TimePaths, time_paths
from kam_analysis.analysis.losses.under_contract import under_contract

__all__ = [
    "MOST_OVERLAPPING",
    "SEED",
    "BadYear",
    "BuyingLess",
    "CommonCause",
    "Contracted",
    "Falls",
    "LossDistribution",
    "OwnProbability",
    "TimePaths",
    "all_cause_probability",
    "bad_year",
    "buying_less",
    "common_cause",
    "contracted",
    "falls",
    "kept_by_causes",
    "leaving_and_buying_less",
    "loss_distribution",
    "of_draws",
    "own_probability",
    "time_paths",
    "under_contract",
    "with_buying_less",
]
