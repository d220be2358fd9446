"""How much of our business depends on how few accounts?

`indices` measures a list of amounts, `book` holds all customers by one measure, and the other files
ask one thing each of them: which classes, which groups, which activities, what moved.
"""

from kam_analysis.analysis.concentration.activities import (
    LEADS_FROM,
    Activity,
    Hidden,
    Leader,
    activities,
    activity,
    hidden,
    presence,
)
from kam_analysis.analysis.concentration.book import Concentration, concentrate
from kam_analysis.analysis.concentration.classes import ABC_CUTS, abc_classes, abc_limits
from kam_analysis.analysis.concentration.cohorts import Cohorts, cohorts
from kam_analysis.analysis.concentration.falls import (
    YEAR_BEFORE,
    Falls,
    every_fall,
    falls,
    with_carried,
)
from kam_analysis.analysis.concentration.forecast import Forecast, forecast
from kam_analysis.analysis.concentration.indices import (
    TheilSplit,
    accounts_for,
    effective_number,
    gini,
    hall_tideman,
    hannah_kay,
    hhi,
    lorenz,
    normalised_hhi,
    shares,
    theil,
    theil_decomposition,
    top_share,
)
from kam_analysis.analysis.concentration.joined import Group, Joined, groups, joined
from kam_analysis.analysis.concentration.kinship import suggested_parents
from kam_analysis.analysis.concentration.movement import (
    Bridge,
    HhiChange,
    Mover,
    bridge,
    entered_and_left,
    hhi_change,
    top_mover,
)
from kam_analysis.analysis.concentration.price_volume_mix import EFFECTS, PriceVolumeMix, price_volume_mix
from kam_analysis.analysis.concentration.steadiness import (
    XYZ_CUTS,
    Steadiness,
    steadiness,
    xyz_classes,
)
from kam_analysis.analysis.concentration.sureness import DRAWN_ONE_BY_ONE, Sure, sureness
from kam_analysis.analysis.concentration.trend import share_over_time, trend
from kam_analysis.analysis.concentration.uncertainty import Coverage, Interval, coverage, interval
from kam_analysis.analysis.concentration.what_if import what_if

__all__ = [
    "ABC_CUTS",
    "DRAWN_ONE_BY_ONE",
    "EFFECTS",
    "LEADS_FROM",
    "XYZ_CUTS",
    "YEAR_BEFORE",
    "Activity",
    "Bridge",
    "Cohorts",
    "Concentration",
    "Coverage",
    "Falls",
    "Forecast",
    "Group",
    "HhiChange",
    "Hidden",
    "Interval",
    "Joined",
    "Leader",
    "Mover",
    "PriceVolumeMix",
    "Steadiness",
    "Sure",
    "TheilSplit",
    "abc_classes",
    "abc_limits",
    "accounts_for",
    "activities",
    "activity",
    "bridge",
    "cohorts",
    "concentrate",
    "coverage",
    "effective_number",
    "entered_and_left",
    "every_fall",
    "falls",
    "forecast",
    "gini",
    "groups",
    "hall_tideman",
    "hannah_kay",
    "hhi",
    "hhi_change",
    "hidden",
    "interval",
    "joined",
    "lorenz",
    "normalised_hhi",
    "presence",
    "price_volume_mix",
    "share_over_time",
    "shares",
    "steadiness",
    "suggested_parents",
    "sureness",
    "theil",
    "theil_decomposition",
    "top_mover",
    "top_share",
    "trend",
    "what_if",
    "with_carried",
    "xyz_classes",
]
