"""How much of our business hangs on how few accounts?

`indices` measures a list of amounts, `book` holds all customers by one measure, and the other files
ask one thing each of them: which classes, which groups, which activities, what moved.
"""

from kam_analysis.analysis.concentration.activities import (
    Activity,
    Hidden,
    Leader,
    activities,
    activity,
    hidden,
    presence,
)
from kam_analysis.analysis.concentration.book import Concentration, concentrate
from kam_analysis.analysis.concentration.classes import ABC_CUTS, abc_classes
from kam_analysis.analysis.concentration.groups import Group, groups
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
from kam_analysis.analysis.concentration.movement import (
    Bridge,
    HhiChange,
    Mover,
    bridge,
    entered_and_left,
    hhi_change,
    top_mover,
)

__all__ = [
    "ABC_CUTS",
    "Activity",
    "Bridge",
    "Concentration",
    "Group",
    "HhiChange",
    "Hidden",
    "Leader",
    "Mover",
    "TheilSplit",
    "abc_classes",
    "accounts_for",
    "activities",
    "activity",
    "bridge",
    "concentrate",
    "effective_number",
    "entered_and_left",
    "gini",
    "groups",
    "hall_tideman",
    "hannah_kay",
    "hhi",
    "hhi_change",
    "hidden",
    "lorenz",
    "normalised_hhi",
    "presence",
    "shares",
    "theil",
    "theil_decomposition",
    "top_mover",
    "top_share",
]
