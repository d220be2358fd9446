"""How likely is each account to leave, what does that rest on, and how often were we right?

`snapshot` says what was known on a day, `history` what became of it; `average` and `model` learn from that, `rhythm`
from the purchase days alone, `alive` and `own_rhythm` tell what it says of each account; `probabilities` gives each
account the best figure there is, `backtest` holds the past against it.
"""

from kam_analysis.analysis.churn.alive import Leaving, leaving
from kam_analysis.analysis.churn.average import Average, average, rate
from kam_analysis.analysis.churn.backtest import Backtest, backtest, brier, calibration, log_loss
from kam_analysis.analysis.churn.features import FEATURES, Feature
from kam_analysis.analysis.churn.history import History, history, observable
from kam_analysis.analysis.churn.model import Fit, Model, fit
from kam_analysis.analysis.churn.own_rhythm import OwnRhythm, own_rhythm
from kam_analysis.analysis.churn.probabilities import BASES, probabilities, within_a_year
from kam_analysis.analysis.churn.renewal import Renewals, renewals
from kam_analysis.analysis.churn.rhythm import Purchases, Rhythm, bought_by_days, fit_rhythm, purchases
from kam_analysis.analysis.churn.rules import Rules, definitions, rules_for, rules_for_test, snapshot_days
from kam_analysis.analysis.churn.snapshot import snapshot

__all__ = [
    "BASES",
    "FEATURES",
    "Average",
    "Backtest",
    "Feature",
    "Fit",
    "History",
    "Leaving",
    "Model",
    "OwnRhythm",
    "Purchases",
    "Renewals",
    "Rhythm",
    "Rules",
    "average",
    "backtest",
    "bought_by_days",
    "brier",
    "calibration",
    "definitions",
    "fit",
    "fit_rhythm",
    "history",
    "leaving",
    "log_loss",
    "observable",
    "own_rhythm",
    "probabilities",
    "purchases",
    "rate",
    "renewals",
    "rules_for",
    "rules_for_test",
    "snapshot",
    "snapshot_days",
    "within_a_year",
]
