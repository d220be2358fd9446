"""What a page of `01_concentration` is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from kam_analysis.analysis.concentration import (
    Activity,
    Bridge,
    Concentration,
    Falls,
    Group,
    HhiChange,
    Hidden,
    Mover,
    Steadiness,
    Sure,
)


@dataclass(frozen=True)
class Evidence:
    """The results of one ledger and measure; what the data cannot give is None or empty.

    `now` and `before` are at the ledger's level, `companies` by legal entity. `activities` are totals,
    product lines, regions and presence; `hidden` those customers that are small in total and large in one;
    `customer` the account_id that is followed through the charts.
    """

    now: Concentration
    companies: Concentration
    before: Concentration | None = None
    groups: Sequence[Group] = ()
    mover: Mover | None = None
    activities: Sequence[Activity] = ()
    hidden: Sequence[Hidden] = ()
    bridge: Bridge | None = None
    pushed: HhiChange | None = None
    trend: pd.DataFrame = field(default_factory=pd.DataFrame)
    falls: Falls | None = None
    steadiness: Steadiness | None = None
    sureness: Sequence[Sure] = ()
    suggested: pd.DataFrame = field(default_factory=pd.DataFrame)
    customer: str = ""
