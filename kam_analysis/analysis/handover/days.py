"""On which day does each account change hands: early, and not in the weeks before its last day for notice?"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.frames import takes_frames

# A hand-over wants a fortnight's preparation, and is done within so many days where nobody's last day is known.
PREPARED_DAYS, WITHIN_DAYS = 14, 90
PROTECT_DAYS = 90
PER_WEEK = 3
IN_LAST_WEEKS = "in the weeks before the last day for notice; nothing else is possible"
UNPREPARED = "the manager's last day leaves no fortnight to prepare it"

Days = npt.NDArray[np.datetime64]


@takes_frames
def handover_days(
    handed: pd.DataFrame,
    as_of: date,
    last_day: date | None = None,
    protect_days: int = PROTECT_DAYS,
    per_week: int = PER_WEEK,
) -> pd.DataFrame:
    """On which day is each account handed over?

    `handed`: a row per account: to_id (NaN: nobody, no day), loss (money), account_id, and as available notice_by,
    the last day on which its contract can be given notice. `last_day`: the leaving manager's last one. Days are Mondays to Fridays from
    14 days after `as_of` up to `last_day`, or 90 days after `as_of` where none is known or it has passed; from
    the day after `as_of` where `last_day` leaves no fortnight.

    In the order of `handed`: day (NaT where nobody takes it), late_reason (NaN where there is none). The largest loss first, ties by
    account_id, each on the earliest day on which its successor has room (one a day, `per_week` a week, more only
    where they would not all fit), and never in the `protect_days` up to its last day for notice. Where that leaves no
    day with room, the earliest without; where it leaves no day at all, the earliest of all, and said. Raises
    `ValueError` for negative `protect_days` and `per_week` below 1.

    >>> handed = pd.DataFrame({"account_id": ["a", "b", "c"], "to_id": "M2", "loss": [1.0, 2.0, 3.0],
    ...                        "notice_by": pd.to_datetime([None, None, "2026-11-30"])})
    >>> handover_days(handed, pd.Timestamp(2026, 9, 18), pd.Timestamp(2026, 10, 30))["day"].astype(str).tolist()
    ['2026-10-06', '2026-10-05', '2026-10-02']
    """
    if protect_days < 0 or per_week < 1:
        raise ValueError(
            f"protect_days, per_week: expected at least 0 and at least 1, got {protect_days} and {per_week}"
        )
    days, unprepared = _window(pd.Timestamp(as_of), last_day)
    notice = pd.to_datetime(handed["notice_by"]) if "notice_by" in handed else pd.Series(pd.NaT, index=handed.index)
    day, late = _placed(handed, notice.to_numpy("datetime64[D]"), days, protect_days, per_week)
    told = np.where(late, IN_LAST_WEEKS, np.array(UNPREPARED if unprepared else None, dtype=object))
    told[np.isnat(day)] = None
    late_reason = pd.Series(told, index=handed.index, dtype="str")
    return pd.DataFrame({"day": day.astype("datetime64[s]"), "late_reason": late_reason}, index=handed.index)


def _window(as_of: pd.Timestamp, last_day: date | None) -> tuple[Days, bool]:
    """The days on which a hand-over can be, and whether they come too early for a fortnight's preparation."""
    today = np.datetime64(as_of.date(), "D")
    last = None if last_day is None or pd.isna(last_day) else np.datetime64(pd.Timestamp(last_day).date(), "D")
    begin, end = today + PREPARED_DAYS, today + WITHIN_DAYS
    if last is not None:
        begin, end = (begin, last) if last >= begin else (today + 1, last if last > today else end)
    days = np.arange(begin, end + 1)
    working = days[np.is_busday(days)]
    # A last day on a weekend, tomorrow: there is no other.
    return (working if working.size else days), bool(begin < today + PREPARED_DAYS)


def _placed(
    handed: pd.DataFrame, notice: Days, days: Days, protect_days: int, per_week: int
) -> tuple[Days, npt.NDArray[np.bool_]]:
    found = np.full(len(handed), np.datetime64("NaT", "D"))
    late = np.zeros(len(handed), dtype=bool)
    slots = _slots(days, per_week)
    who, people = pd.factorize(handed["to_id"])
    rounds = -(-np.bincount(who[who >= 0], minlength=len(people)) // max(slots.sum(), 1))
    room = slots[None, :] * rounds[:, None]
    order = np.lexsort((handed["account_id"].to_numpy(dtype=object), -handed["loss"].to_numpy(np.float64)))
    for row in order[who[order] >= 0]:
        away = (notice[row] - days).astype(np.int64) if not np.isnat(notice[row]) else np.full(days.size, -1)
        allowed = ~((away >= 0) & (away <= protect_days))
        late[row] = not allowed.any()
        allowed |= late[row]
        free = allowed & (room[who[row]] > 0) & ~late[row]
        at = int(np.argmax(free if free.any() else allowed))
        room[who[row], at] -= 1
        found[row] = days[at]
    return found, late


def _slots(days: Days, per_week: int) -> npt.NDArray[np.int64]:
    """1 for the first days of each week, as many as a successor takes accounts over in one."""
    # 1970 began on a Thursday.
    weeks = (days.astype(np.int64) + 3) // 7
    begins = np.searchsorted(weeks, weeks)
    return (np.arange(days.size) - begins < per_week).astype(np.int64)
