"""What does each account's own rhythm say of its leaving, held against what became of the accounts since?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from kam_analysis.analysis.churn.alive import Leaving, leaving
from kam_analysis.analysis.churn.features import FEATURES, Feature, Values
from kam_analysis.analysis.churn.logistic import logistic
from kam_analysis.analysis.churn.past_days import Day, PastDays
from kam_analysis.analysis.churn.rhythm import Rhythm
from kam_analysis.analysis.churn.signals import Signals, signals, tells
from kam_analysis.analysis.fixed import keep_fixed

# Of the past days the latest two: earlier ones had less data to tell from, and would correct what is no longer wrong.
PAST_DAYS = 2
# Prior of the correction, log odds of a leaver = shift + scale x log odds said: deviations of half and a quarter. On
# simulated companies the shift was 0.2 to 0.7 and the scale 0.75 to 0.95; without past days the range carries them.
_PRIOR_MEAN, _PRIOR_DEVIATION = (0.0, 1.0), (0.5, 0.25)
# Coefficients of standardised signals are held like a prior of one around zero.
_STRENGTH = 1.0


@dataclass(frozen=True)
class OwnRhythm:
    """A company's rhythm, how far its chances were off on past days, and what else raised or lowered them.

    coefficients: shift and scale of the log odds of leaving, then one for each of the standardised `signals`, with their
    covariance; arrays are read-only. days: the past days it was learnt on, none where the data is too short (then it
    corrects nothing and widens the ranges). said, came: leavers expected on those days before the correction, and those
    that left (some of them only likely).
    """

    rhythm: Rhythm
    coefficients: Values
    covariance: Values
    days: tuple[pd.Timestamp, ...]
    said: float
    came: float
    signals: Signals = field(default_factory=Signals)

    def __post_init__(self) -> None:
        keep_fixed(self, "coefficients", "covariance")

    def leaving(self, accounts: pd.DataFrame, months: int = 12) -> Leaving:
        """The chances of a snapshot's accounts, all with purchase days, to leave within so many months."""
        raw = leaving(accounts, self.rhythm, months)
        design = _design(raw.log_odds, self.signals.values(accounts))
        slopes = np.column_stack([self.coefficients[1] * raw.slopes, design @ np.linalg.cholesky(self.covariance)])
        return Leaving(raw.alive, expit(design @ self.coefficients), slopes)

    def reasons(self, accounts: pd.DataFrame) -> list[str]:
        """Why each account's chance is what it is, in words: its silence beside its rhythm, then what else tells."""
        beside = self.signals.drivers(accounts, self.coefficients[2:])
        rows = zip(accounts[["purchase_days", "silence", "longest_gap"]].to_numpy(np.float64), beside, strict=True)
        return ["; ".join([_silence(*(float(each) for each in row)), *more]) for row, more in rows]

    @property
    def source(self) -> str:
        """What it rests on, in a sentence."""
        told = f"purchase days of {self.rhythm.accounts:,} accounts"
        if not self.days:
            return f"{told}; not yet tested on past days"
        days = " and ".join(f"{day:%Y-%m-%d}" for day in self.days)
        return f"{told}; corrected by {days}, when {self.said:.0f} were expected to leave and {self.came:.0f} left"


def _silence(purchases: float, silence: float, longest_gap: float) -> str:
    """Its silence in words, beside the longest one that it came back from."""
    if purchases < 2:
        return f"bought once, {_ago(silence)}"
    since = f"silent for {silence:,.0f} days" if silence > longest_gap else f"last bought {_ago(silence)}"
    if purchases < 3:
        return f"{since}; bought twice, {longest_gap:,.0f} days apart"
    return f"{since}; its longest gap was {longest_gap:,.0f}"


def _ago(days: float) -> str:
    return {0: "today", 1: "a day ago"}.get(round(days), f"{days:,.0f} days ago")


def own_rhythm(past: PastDays) -> OwnRhythm | None:
    """How does this company's accounts' rhythm tell who leaves, and how far was it off before?

    `past`: of `past_days`. The latest two of its earlier days correct the chances by what became of the accounts
    (`PastDays.outcomes`). None where no day can be told.
    """
    return _learnt(past, ()) if past.days else None


def with_signals(past: PastDays, features: tuple[Feature, ...] = FEATURES) -> tuple[OwnRhythm | None, str]:
    """The same with what else tells of leaving; None with the reason where the past does not show it.

    Signals are taken in their order, one for every `losses_per_feature` that left; those unknown of half of the accounts
    then or now, or alike in all, are left out, and one whose coefficient comes out against sense is dropped.
    """
    rules, (rows, came) = past.rules, _latest(past)
    if came.sum() < rules.least_losses:
        return None, f"{came.sum():.0f} customers left on the past days, fewer than {rules.least_losses}"
    usable = tuple(each for each in features if tells(rows, each) and tells(past.days[-1].there, each))
    chosen = usable[: int(came.sum() // rules.losses_per_feature)]
    while chosen:
        found = _learnt(past, chosen)
        against = found.coefficients[2:] * [each.sign for each in chosen]
        if against.min() >= 0:
            return found, ""
        chosen = tuple(each for at, each in enumerate(chosen) if at != against.argmin())
    return None, "no other signal told of leaving as sense demands"


def _learnt(past: PastDays, features: tuple[Feature, ...]) -> OwnRhythm:
    (rows, came), days = _latest(past), past.days[:-1][-PAST_DAYS:]
    scales = signals(rows, features)
    centre = np.array([*_PRIOR_MEAN, *(0.0 for _ in features)])
    precision = np.array([*_PRIOR_DEVIATION, *(_STRENGTH for _ in features)]) ** -2
    found, said = (centre, np.diag(1 / precision)), 0.0
    if days:
        design = _design(np.concatenate([each.said.log_odds for each in days]), scales.values(rows))
        found = logistic(design, came, np.ones(len(came)), precision, centre)
        found = found[0], found[1] + _of_the_days(days, design, found[0], precision)
        said = float(sum(each.said.leave.sum() for each in days))
    named = tuple(each.day for each in days)
    return OwnRhythm(past.days[-1].rhythm, *found, named, said, float(came.sum()), scales)


def _of_the_days(days: Sequence[Day], design: Values, found: Values, precision: Values) -> Values:
    """The coefficients' covariance by what each past day's rhythm was off: its own error was corrected, today's is another.

    To first order: said log odds that are all too high by d move the coefficients as outcomes too rare by p (1 - p) d.
    """
    chance = expit(design @ found)
    weight = chance * (1 - chance)
    held = (design * weight[:, None]).T @ design + np.diag(precision)
    moved, start = np.zeros((len(found), len(found))), 0
    for each in days:
        some = slice(start, start := start + len(each.there))
        by = np.linalg.solve(held, design[some].T @ (weight[some, None] * found[1] * each.said.slopes))
        moved += by @ by.T
    return moved


def _design(odds: Values, values: Values) -> Values:
    return np.column_stack([np.ones(len(odds)), odds, values])


def _latest(past: PastDays) -> tuple[pd.DataFrame, Values]:
    """Accounts of the latest past days that were not lost then, and how likely each left."""
    days, came = past.days[:-1][-PAST_DAYS:], past.outcomes[-PAST_DAYS:]
    if not days:
        return pd.DataFrame(), np.empty(0)
    return pd.concat([each.there for each in days], ignore_index=True), np.concatenate(came)
