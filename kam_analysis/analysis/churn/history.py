"""What became of the accounts since: past days with the outcome that is known by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kam_analysis.analysis.churn.rules import DEFAULT_RULES, Rules
from kam_analysis.analysis.frames import takes_frames

# Of a snapshot as much as `history` looks at.
LOOKED_AT = (
    "account_id", "day", "first_day", "last_day", "purchase_days", "longest_gap", "silence", "left_on", "lost", "quiet",
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """Accounts on past days with their outcomes, a row per account and day.

    rows: the columns of the snapshots, and `lost` (see `history`). undecided: rows of accounts that have been silent since,
    and not for long enough to be called lost. unseen: accounts, on the latest past day, of which a loss could not show
    in time (`observable`). reason: why there are no rows, or empty.
    """

    rows: pd.DataFrame
    undecided: pd.DataFrame
    rules: Rules
    unseen: int
    reason: str

    @property
    def days(self) -> list[pd.Timestamp]:
        """The past days, earliest first."""
        return sorted(self.rows["day"].unique())

    @property
    def losses(self) -> int:
        """Accounts that were lost, each once."""
        return int(self.rows.loc[self.rows["lost"], "account_id"].nunique())

    @property
    def days_apart(self) -> list[pd.Timestamp]:
        """Past days a horizon or more apart, from the latest back: their outcomes do not overlap."""
        chosen: list[pd.Timestamp] = []
        for day in reversed(self.days):
            if not chosen or _month(chosen[-1]) - _month(day) >= self.rules.horizon_months:
                chosen.append(day)
        return chosen[::-1]


@takes_frames
def history(snapshots: Sequence[pd.DataFrame], rules: Rules = DEFAULT_RULES, known_on: date | None = None) -> History:
    """Who left, of those who were there? Each past day with the outcome a horizon later.

    `snapshots`: of `snapshot`, or those of its columns that `LOOKED_AT` names, one per day of `snapshot_days`, in any
    order. `known_on`: only what was known
    by that day (a backtest's past); by default the last of them.

    A day counts where there is a snapshot a horizon after it, and one `follow_months` after that, from
    which the outcome is told. In it are accounts that were not lost and of which a loss would show
    (`observable`). lost: the last purchase lies before the horizon's end, and by then or by the end of
    the wait it is confirmed as lost, or silent for `lost_times` its longest gap and `lost_days`. Rows whose account has
    been silent since within the horizon (without a wait: all through it), but not for long enough, are undecided.
    Raises `ValueError` without snapshots or for two in one month.
    """
    by_month = _by_month(snapshots, known_on)
    latest, parts, unseen = by_month[max(by_month)], [], 0
    for month, start in sorted(by_month.items()):
        end = by_month.get(month + rules.horizon_months)
        look = by_month.get(month + rules.horizon_months + rules.follow_months)
        if end is None or look is None:
            continue
        there = start[~start["lost"]]
        seen = there[observable(there, rules)]
        unseen = len(there) - len(seen)
        parts.append(_outcomes(seen, end, look, rules))
    found = pd.concat(parts, ignore_index=True) if parts else _none(latest)
    undecided = found.pop("undecided")
    rows = found[~undecided].reset_index(drop=True)
    reason = "" if len(rows) else _reason(by_month, rules)
    return History(rows, found[undecided].reset_index(drop=True), rules, unseen, reason)


@takes_frames
def observable(snapshot: pd.DataFrame, rules: Rules = DEFAULT_RULES) -> pd.Series:
    """Of which accounts would a loss show in time? A rhythm is known, and it is short enough.

    `snapshot`: purchase_days, first_day, last_day, longest_gap. It is decided by what was known on the day itself,
    so that those who stayed are no easier to see than those who left.
    """
    several = snapshot["purchase_days"] >= rules.rhythm_purchases
    long = (snapshot["last_day"] - snapshot["first_day"]).dt.days >= rules.rhythm_days
    return several & long & (snapshot["longest_gap"] <= rules.longest_gap)


def _by_month(snapshots: Sequence[pd.DataFrame], known_on: date | None) -> dict[int, pd.DataFrame]:
    found: dict[int, pd.DataFrame] = {}
    for each in snapshots:
        if not len(each) or (known_on is not None and each["day"].iloc[0] > pd.Timestamp(known_on)):
            continue
        month = _month(each["day"].iloc[0])
        if month in found:
            raise ValueError(f"snapshots: expected one a month, got two in {each['day'].iloc[0]:%Y-%m}")
        found[month] = each
    if not found:
        raise ValueError("snapshots: expected at least one with accounts, got none; see snapshot_days")
    return found


def _month(day: pd.Timestamp) -> int:
    return day.year * 12 + day.month


def _outcomes(start: pd.DataFrame, end: pd.DataFrame, look: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Accounts of a past day with lost and undecided."""
    found = start.reset_index(drop=True)
    ids, last = found["account_id"], end["day"].iloc[0]
    later = look.set_index("account_id").reindex(ids).reset_index(drop=True)
    known = later["lost"].eq(True)
    needed = (rules.lost_times * later["longest_gap"]).clip(lower=rules.lost_days)
    stopped = later["last_day"] <= last
    lost = (known & (stopped | (later["left_on"] <= last))) | (stopped & (later["silence"] >= needed))
    # Without a wait whoever is silent on the last day may have bought the day before: kept, as far as is known.
    silent = stopped if rules.sure else later["last_day"] <= found["day"]
    return found.assign(lost=lost, undecided=silent & ~lost)


def _none(latest: pd.DataFrame) -> pd.DataFrame:
    return latest.iloc[:0].assign(lost=pd.Series(dtype=bool), undecided=pd.Series(dtype=bool))


def _reason(by_month: dict[int, pd.DataFrame], rules: Rules) -> str:
    if len(by_month) > 1:
        return "no account with a known rhythm and an outcome"
    needed = max(rules.lookback_months + rules.horizon_months, 2 * rules.horizon_months)
    return f"the data is too short: to tell who left within {rules.horizon_months} months takes {needed} months of it"
