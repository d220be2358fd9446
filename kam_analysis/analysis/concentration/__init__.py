"""How much of our business depends on how few accounts?

`indices` measures a list of amounts, `book` holds all customers by one measure, and the other files
ask one thing each of them: which classes, which groups, which activities, what moved.
"""

from .activities import (
    LEADS_FROM as LEADS_FROM,
    Activity as Activity,
    Hidden as Hidden,
    Leader as Leader,
    activities as activities,
    activity as activity,
    hidden as hidden,
    presence as presence,
)
from .book import Concentration as Concentration, concentrate as concentrate
from .classes import ABC_CUTS as ABC_CUTS, abc_classes as abc_classes, abc_limits as abc_limits
from .cohorts import Cohorts as Cohorts, cohorts as cohorts
from .falls import (
    YEAR_BEFORE as YEAR_BEFORE,
    Falls as Falls,
    every_fall as every_fall,
    falls as falls,
    with_carried as with_carried,
)
from .forecast import Forecast as Forecast, forecast as forecast
from .indices import (
    TheilSplit as TheilSplit,
    accounts_for as accounts_for,
    effective_number as effective_number,
    gini as gini,
    hall_tideman as hall_tideman,
    hannah_kay as hannah_kay,
    hhi as hhi,
    lorenz as lorenz,
    normalised_hhi as normalised_hhi,
    shares as shares,
    theil as theil,
    theil_decomposition as theil_decomposition,
    top_share as top_share,
)
from .joined import Group as Group, Joined as Joined, groups as groups, joined as joined
from .kinship import suggested_parents as suggested_parents
from .movement import (
    Bridge as Bridge,
    HhiChange as HhiChange,
    Mover as Mover,
    bridge as bridge,
    entered_and_left as entered_and_left,
    hhi_change as hhi_change,
    top_mover as top_mover,
)
from .price_volume_mix import PriceVolumeMix as PriceVolumeMix, price_volume_mix as price_volume_mix
from .steadiness import (
    XYZ_CUTS as XYZ_CUTS,
    Steadiness as Steadiness,
    steadiness as steadiness,
    xyz_classes as xyz_classes,
)
from .sureness import DRAWN_ONE_BY_ONE as DRAWN_ONE_BY_ONE, Sure as Sure, sureness as sureness
from .trend import share_over_time as share_over_time, trend as trend
from .uncertainty import Coverage as Coverage, Interval as Interval, coverage as coverage, interval as interval
from .what_if import what_if as what_if
