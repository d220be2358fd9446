"""How likely is each account to leave, what does that rest on, and how often were we right?

`snapshot` says what was known on a day; `rhythm` learns from the purchase days, `alive` and `own_rhythm` tell what it says
of each account, held against what `past_days` became of, `told` whether other signals tell better; `average` stands in for
what has no rhythm; `probabilities` gives each account the best figure there is, `backtest` holds the past against it.
"""

from .alive import Leaving as Leaving, leaving as leaving
from .average import Average as Average, average as average, rate as rate
from .backtest import (
    Backtest as Backtest,
    backtest as backtest,
    brier as brier,
    calibration as calibration,
    log_loss as log_loss,
)
from .features import FEATURES as FEATURES, Feature as Feature
from .history import LOOKED_AT as LOOKED_AT, History as History, history as history, observable as observable
from .leavers import Leavers as Leavers, leavers as leavers
from .own_rhythm import OwnRhythm as OwnRhythm, own_rhythm as own_rhythm, with_signals as with_signals
from .past_days import PastDays as PastDays, looked_at as looked_at, past_days as past_days
from .probabilities import probabilities as probabilities, within_a_year as within_a_year
from .renewal import Renewals as Renewals, renewals as renewals
from .rhythm import (
    Purchases as Purchases,
    Rhythm as Rhythm,
    bought_by_days as bought_by_days,
    fit_rhythm as fit_rhythm,
    purchases as purchases,
)
from .rules import Rules as Rules, definitions as definitions, rules_for as rules_for, snapshot_days as snapshot_days
from .signals import Signals as Signals
from .snapshot import snapshot as snapshot
from .told import Told as Told, told as told
