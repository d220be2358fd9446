"""What does each account's own rhythm say of its leaving, held against what became of the accounts since?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from kam_analysis.analysis.churn.alive import Leaving, leaving
from kam_analysis.analysis.churn.features import Values
from kam_analysis.analysis.churn.logistic import logistic
from kam_analysis.analysis.churn.rhythm import Rhythm, bought_by_days, fit_rhythm, purchases
from kam_analysis.analysis.churn.rules import DEFAULT_RULES, Rules, back, months_between
from kam_analysis.analysis.frames import takes_frames

# A rhythm shows from a year of purchases on, in which a seasonal buyer has bought.
LEAST_MONTHS = 12
# Of the past days the latest two: earlier ones had less data to tell from, and would correct what is no longer wrong.
PAST_DAYS = 2
# Prior of the correction, log odds of a leaver = shift + scale x log odds said: deviations of half and a quarter. On
# simulated companies the shift was 0.2 to 0.7 and the scale 0.75 to 0.95; without past days the range carries them.
_PRIOR_MEAN = np.array([0.0, 1.0])
_PRIOR_PRECISION = np.array([0.5, 0.25]) ** -2


@dataclass(frozen=True)
class OwnRhythm:
    """A company's rhythm, and how far its chances were off on past days.

    correction: shift and scale of the log odds of leaving, with their covariance; arrays are read-only. days: the past
    days it was learnt on, none where the data is too short (then it corrects nothing and widens the ranges). said, came:
    leavers expected on those days before the correction, and those that left (some of them only likely).
    """

    rhythm: Rhythm
    correction: Values
    covariance: Values
    days: tuple[pd.Timestamp, ...]
    said: float
    came: float

    def __post_init__(self) -> None:
        for name in ("correction", "covariance"):
            kept = np.array(getattr(self, name), dtype=np.float64)
            kept.setflags(write=False)
            object.__setattr__(self, name, kept)

    def leaving(self, accounts: pd.DataFrame, months: int = 12) -> Leaving:
        """The chances of a snapshot's accounts, all with purchase days, to leave within so many months."""
        raw = leaving(accounts, self.rhythm, months)
        shift, scale = self.correction
        odds = np.column_stack([np.ones(len(accounts)), raw.log_odds])
        slopes = np.column_stack([scale * raw.slopes, odds @ np.linalg.cholesky(self.covariance)])
        return Leaving(raw.alive, expit(shift + scale * raw.log_odds), slopes)

    @property
    def source(self) -> str:
        """What it rests on, in a sentence."""
        told = f"purchase days of {self.rhythm.accounts:,} accounts"
        if not self.days:
            return f"{told}; not yet tested on past days"
        days = " and ".join(f"{day:%Y-%m-%d}" for day in self.days)
        return f"{told}; corrected by {days}, when {self.said:.0f} were expected to leave and {self.came:.0f} left"


@takes_frames
def own_rhythm(snapshots: Sequence[pd.DataFrame], rules: Rules = DEFAULT_RULES) -> OwnRhythm | None:
    """How does this company's accounts' rhythm tell who leaves, and how far was it off before?

    `snapshots`: of `snapshot`, the last one in time being today; of the past days two are used that lie one and two
    horizons back, each with a year of purchases before it. On each the chances are told from what was known then,
    and held against what became of the accounts: kept where they bought after the horizon; else left with today's
    chance of being gone already, which is 1 for those that are lost. None below a year of purchases, below
    30 accounts, or where purchases have no days.
    """
    known = sorted((each for each in snapshots if len(each)), key=lambda each: each["day"].iloc[0])
    if not known or (today := _told(known[-1])) is None:
        return None
    by_day, at = {each["day"].iloc[0]: each for each in known}, known[-1]["day"].iloc[0]
    parts, days, end = [], [], at
    for step in range(1, PAST_DAYS + 1):
        day = pd.Timestamp(back(at.date(), step * rules.horizon_months))
        if day not in by_day or (then := _told(by_day[day])) is None:
            break
        parts.append(_held(by_day[day], then, known[-1], today, end, rules))
        days.append(day)
        end = day
    if not parts:
        return OwnRhythm(today, _PRIOR_MEAN, np.diag(1 / _PRIOR_PRECISION), (), 0.0, 0.0)
    said, came = (np.concatenate(each) for each in zip(*parts, strict=True))
    design = np.column_stack([np.ones(len(said)), said])
    found = logistic(design, came, np.ones(len(said)), _PRIOR_PRECISION, _PRIOR_MEAN)
    return OwnRhythm(today, *found, tuple(days[::-1]), float(expit(said).sum()), float(came.sum()))


def _told(snapshot: pd.DataFrame) -> Rhythm | None:
    """The rhythm of a day's accounts, the lost ones among them: how they left tells of the others."""
    bought = snapshot[bought_by_days(snapshot)]
    if not len(bought):
        return None
    if months_between(bought["first_day"].min().date(), bought["day"].iloc[0].date()) < LEAST_MONTHS:
        return None
    return fit_rhythm(purchases(bought))


def _held(
    then: pd.DataFrame, rhythm: Rhythm, today: pd.DataFrame, now: Rhythm, end: pd.Timestamp, rules: Rules
) -> tuple[Values, Values]:
    """The log odds told on a past day of the accounts not yet lost, and how likely each left before `end`."""
    there = then[bought_by_days(then) & ~then["lost"].to_numpy(dtype=bool)]
    since = today.set_index("account_id").reindex(there["account_id"]).reset_index()
    gone = np.where(since["lost"].to_numpy(dtype=bool), 1.0, 1 - leaving(since, now, 0).alive)
    came = np.where(since["last_day"].to_numpy() <= end, gone, 0.0)
    return leaving(there, rhythm, rules.horizon_months).log_odds, came
