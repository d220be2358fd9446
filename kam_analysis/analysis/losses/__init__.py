"""What do we lose if accounts leave, one by one or together, and when?

`distribution` answers how much and how likely; `causes` says what can take several at once, and `computed`,
`overlaps`, `leaves`, `generating` and `grid` work it out. `simulated` does so where that is not possible.
"""

from kam_analysis.analysis.losses.causes import CommonCause, OwnProbability, all_cause_probability, own_probability
from kam_analysis.analysis.losses.distribution import MOST_OVERLAPPING, LossDistribution, loss_distribution

__all__ = [
    "MOST_OVERLAPPING",
    "CommonCause",
    "LossDistribution",
    "OwnProbability",
    "all_cause_probability",
    "loss_distribution",
    "own_probability",
]
