"""What did each account's rhythm say on past days, and what has become of the account since?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kam_analysis.analysis.churn.alive import Leaving, leaving
from kam_analysis.analysis.churn.features import Values
from kam_analysis.analysis.churn.rhythm import (
    LEAST_ACCOUNTS,
    LEAST_REPEATERS,
    MOST_ACCOUNTS,
    Rhythm,
    bought_by_days,
    evenly,
    fit_rhythm,
    purchases,
)
from kam_analysis.analysis.churn.rules import DEFAULT_RULES, Rules, back, months_between
from kam_analysis.analysis.frames import takes_frames

# A rhythm shows from a year of purchases on, in which a seasonal buyer has bought.
LEAST_MONTHS = 12
# So many past days at most: what was true six years ago says little of today, and each takes a fit.
MOST_DAYS = 5


@dataclass(frozen=True, eq=False)
class Day:
    """A day's accounts with purchase days, the lost ones among them: how they left tells of the others.

    months: over which horizon is told.
    """

    snapshot: pd.DataFrame
    rhythm: Rhythm
    months: int = 12

    @property
    def day(self) -> pd.Timestamp:
        """The day itself."""
        return pd.Timestamp(self.snapshot["day"].iloc[0])

    @cached_property
    def there(self) -> pd.DataFrame:
        """The accounts that are not lost."""
        return self.snapshot[~self.snapshot["lost"].to_numpy(dtype=bool)].reset_index(drop=True)

    @cached_property
    def said(self) -> Leaving:
        """What the day's rhythm says of those, uncorrected."""
        return leaving(self.there, self.rhythm, self.months)


@dataclass(frozen=True, eq=False)
class PastDays:
    """Days a horizon apart, earliest first; the last one is the day on which is told. reason: why there is none, or empty."""

    days: tuple[Day, ...]
    rules: Rules
    reason: str = ""

    def until(self, position: int) -> "PastDays":
        """What was known on one of these days."""
        return PastDays(self.days[: position + 1], self.rules)

    @cached_property
    def outcomes(self) -> tuple[Values, ...]:
        """Of each day but the last: how likely each of its `there` had made its last purchase by the next day (0-1).

        0 where it bought after that, as is known on the last day; 1 where it is lost by then; else its chance of
        being gone by then, so that nobody needs to be called lost first.
        """
        now = self.days[-1] if self.days else None
        pairs = zip(self.days[:-1], self.days[1:], strict=True)
        return tuple(_became(then.there, end.day, now) for then, end in pairs) if now is not None else ()


def _became(there: pd.DataFrame, end: pd.Timestamp, now: Day) -> Values:
    since = now.snapshot.set_index("account_id").reindex(there["account_id"]).reset_index()
    gone = np.where(since["lost"].to_numpy(dtype=bool), 1.0, 1 - leaving(since, now.rhythm, 0, ranges=False).alive)
    return np.where(since["last_day"].to_numpy() <= end, gone, 0.0)


@takes_frames
def past_days(snapshots: Sequence[pd.DataFrame], rules: Rules = DEFAULT_RULES) -> PastDays:
    """On which days can each account's own rhythm tell who leaves?

    `snapshots`: of `snapshot`, the last one in time being today; the others that lie whole horizons back are used, at most
    five; of more than `MOST_ACCOUNTS` accounts those of `looked_at`, the same on all of them. Each needs a
    year of purchases before it, 30 accounts, and ten of them that bought again.
    """
    known = {each["day"].iloc[0]: each for each in snapshots if len(each)}
    if not known:
        return PastDays((), rules, "no customer bought")
    today, found = max(known), list[Day]()
    some = looked_at(known[today])
    for step in range(MOST_DAYS + 1):
        day = pd.Timestamp(back(today.date(), step * rules.horizon_months))
        told, reason = _told(known[day], rules, some) if day in known else (None, "")
        if told is None:
            break
        found.append(told)
    return PastDays(tuple(found[::-1]), rules, "" if found else reason)


@takes_frames
def looked_at(today: pd.DataFrame) -> pd.Series | None:
    """Of which accounts of today's snapshot do past days tell? None: of all, unless more than `MOST_ACCOUNTS` ever bought.

    Then of so many, evenly over the order of those that bought: the account_ids.
    """
    bought = today.loc[bought_by_days(today), "account_id"]
    return bought.iloc[evenly(len(bought), MOST_ACCOUNTS)] if len(bought) > MOST_ACCOUNTS else None


def _told(snapshot: pd.DataFrame, rules: Rules, some: pd.Series | None) -> tuple[Day | None, str]:
    bought = snapshot[bought_by_days(snapshot)]
    bought = (bought if some is None else bought[bought["account_id"].isin(some)]).reset_index(drop=True)
    if not len(bought):
        return None, "no days of purchase are known"
    months = months_between(bought["first_day"].min().date(), bought["day"].iloc[0].date())
    if months < LEAST_MONTHS:
        return None, f"the first purchase on file is {months} months old, and it takes {LEAST_MONTHS}"
    rhythm = fit_rhythm(purchases(bought))
    if rhythm is None:
        again = int((bought["purchase_days"] > 1).sum())
        few = f"{len(bought)} customers of whom {again} bought again; it takes {LEAST_ACCOUNTS} and {LEAST_REPEATERS}"
        return None, few
    return Day(bought, rhythm, rules.horizon_months), ""
