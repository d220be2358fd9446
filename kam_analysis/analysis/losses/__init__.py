"""What do we lose if accounts leave, one by one or together, and when?

`distribution` answers how much and how likely; `causes` says what can take several at once, and `computed`,
`overlaps`, `partly`, `leaves`, `generating` and `grid` work it out. `simulated` does so where that is not possible.
`time_paths` answers when: month by month, with `leavers` drawing who goes. `contracted` says what is bound, and until when.
"""

from kam_analysis.analysis.losses.bad_year import BadYear, bad_year
from kam_analysis.analysis.losses.causes import (
    CommonCause,
    OwnProbability,
    all_cause_probability,
    kept_by_causes,
    own_probability,
)
from kam_analysis.analysis.losses.contracted import Contracted, contracted
from kam_analysis.analysis.losses.distribution import MOST_OVERLAPPING, LossDistribution, loss_distribution
from kam_analysis.analysis.losses.members import common_cause
from kam_analysis.analysis.losses.simulated import SEED
from kam_analysis.analysis.losses.time_paths import TimePaths, time_paths

__all__ = [
    "MOST_OVERLAPPING",
    "SEED",
    "BadYear",
    "CommonCause",
    "Contracted",
    "LossDistribution",
    "OwnProbability",
    "TimePaths",
    "all_cause_probability",
    "bad_year",
    "common_cause",
    "contracted",
    "kept_by_causes",
    "loss_distribution",
    "own_probability",
    "time_paths",
]
