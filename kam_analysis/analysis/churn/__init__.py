"""How likely is each account to leave, what does that rest on, and how often were we right?

`snapshot` says what was known on a day; `rhythm` learns from the purchase days, `alive` and `own_rhythm` tell what it says
of each account, held against what `past_days` became of, `told` whether other signals tell better; `average` stands in for
what has no rhythm; `probabilities` gives each account the best figure there is, `backtest` holds the past against it.
"""

from kam_analysis.analysis.churn.alive import Leaving, leaving
from kam_analysis.analysis.churn.average import Average, average, rate
from kam_analysis.analysis.churn.backtest import Backtest, backtest, brier, calibration, log_loss
from kam_analysis.analysis.churn.features import FEATURES, Feature
from kam_analysis.analysis.churn.history import History, history, observable
from kam_analysis.analysis.churn.leavers import Leavers, leavers
from kam_analysis.analysis.churn.own_rhythm import OwnRhythm, own_rhythm, with_signals
from kam_analysis.analysis.churn.past_days import PastDays, past_days
from kam_analysis.analysis.churn.probabilities import BASES, probabilities, within_a_year
from kam_analysis.analysis.churn.renewal import Renewals, renewals
from kam_analysis.analysis.churn.rhythm import Purchases, Rhythm, bought_by_days, fit_rhythm, purchases
from kam_analysis.analysis.churn.rules import Rules, definitions, rules_for, snapshot_days
from kam_analysis.analysis.churn.signals import Signals
from kam_analysis.analysis.churn.snapshot import snapshot
from kam_analysis.analysis.churn.told import Told, told

__all__ = [
    "BASES",
    "FEATURES",
    "Average",
    "Backtest",
    "Feature",
    "History",
    "Leavers",
    "Leaving",
    "OwnRhythm",
    "PastDays",
    "Purchases",
    "Renewals",
    "Rhythm",
    "Rules",
    "Signals",
    "Told",
    "average",
    "backtest",
    "bought_by_days",
    "brier",
    "calibration",
    "definitions",
    "fit_rhythm",
    "history",
    "leavers",
    "leaving",
    "log_loss",
    "observable",
    "own_rhythm",
    "past_days",
    "probabilities",
    "purchases",
    "rate",
    "renewals",
    "rules_for",
    "snapshot",
    "snapshot_days",
    "told",
    "with_signals",
    "within_a_year",
]
