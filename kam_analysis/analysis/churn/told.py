"""What is told of who leaves on one day: by each account's own rhythm, with other signals where these won on past days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.churn.features import FEATURES, Feature, Values
from kam_analysis.analysis.churn.own_rhythm import PAST_DAYS, OwnRhythm, own_rhythm, with_signals
from kam_analysis.analysis.churn.past_days import PastDays
from kam_analysis.analysis.churn.signals import known


@dataclass(frozen=True)
class Told:
    """own: what is told, with signals where they won. reason: why there are none, or empty.

    tests: past days on which both were held against what came. unknown: signals, by column, that the data does not tell
    of most accounts, today or on the past days: they were never tried.
    """

    own: OwnRhythm
    reason: str
    tests: int
    unknown: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """What the chances rest on, as pages name it."""
        return "from your history" if self.own.signals.features else "from its own rhythm"


def told(past: PastDays, features: tuple[Feature, ...] = FEATURES) -> Told | None:
    """Do other signals tell who leaves better than its rhythm alone, in this company?

    `past`: of `past_days`; `features`: the signals. On each earlier day both are learnt from what was known then, and held against what has
    come since. The signals count where their log loss is lower by more than one standard error of the difference;
    where there is no such day, the rhythm stands. None where no day can be told.
    """
    plain = own_rhythm(past)
    if plain is None:
        return None
    told_on = [each.there for each in past.days[-1 - PAST_DAYS :]]
    then = pd.concat(told_on[:-1] or told_on, ignore_index=True)
    unknown = tuple(each.column for each in features if not (known(then, each) and known(told_on[-1], each)))
    rival, reason = with_signals(past, features)
    if rival is None:
        return Told(plain, reason, 0, unknown)
    gains = [gain for at in range(1, len(past.days) - 1) if len(gain := _gain(past, at, features))]
    if not gains:
        return Told(plain, "too short a history to test other signals on past days", 0, unknown)
    gain = np.concatenate(gains)
    if gain.mean() <= gain.std() / np.sqrt(len(gain)):
        return Told(plain, f"other signals told no better in {_tests(len(gains))} on past days", len(gains), unknown)
    return Told(rival, "", len(gains), unknown)


def _tests(number: int) -> str:
    return "one test" if number == 1 else f"{number} tests"


def _gain(past: PastDays, at: int, features: tuple[Feature, ...]) -> Values:
    """By how much signals lowered each account's log loss on a past day; empty where they could not be learnt then."""
    before = past.until(at)
    rival, _ = with_signals(before, features)
    plain = own_rhythm(before)
    if rival is None or plain is None:
        return np.empty(0)
    there, came = past.days[at].there, past.outcomes[at]
    return _losses(plain, there, came, past) - _losses(rival, there, came, past)


def _losses(own: OwnRhythm, there: pd.DataFrame, came: Values, past: PastDays) -> Values:
    chance = own.leaving(there, past.rules.horizon_months).leave
    return np.asarray(-(came * np.log(chance) + (1 - came) * np.log1p(-chance)))
