"""How much of our business hangs on how few accounts?

`indices` measures a list of amounts, `book` holds all customers by one measure, and the other files
ask one thing each of them: which classes, which groups, which activities, what moved.
"""

from kam_analysis.analysis.concentration.activities import Activity, activities
from kam_analysis.analysis.concentration.book import Concentration, concentrate
from kam_analysis.analysis.concentration.classes import ABC_CUTS, abc_classes
from kam_analysis.analysis.concentration.groups import Group, groups
from kam_analysis.analysis.concentration.indices import (
    accounts_for,
    effective_number,
    gini,
    hhi,
    lorenz,
    shares,
    top_share,
)
from kam_analysis.analysis.concentration.movement import Mover, top_mover

__all__ = [
    "ABC_CUTS",
    "Activity",
    "Concentration",
    "Group",
    "Mover",
    "abc_classes",
    "accounts_for",
    "activities",
    "concentrate",
    "effective_number",
    "gini",
    "groups",
    "hhi",
    "lorenz",
    "shares",
    "top_mover",
    "top_share",
]
