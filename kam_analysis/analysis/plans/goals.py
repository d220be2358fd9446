"""Where does each goal at an account stand, theirs and ours?"""

from datetime import date

import pandas as pd

from kam_analysis.analysis.coverage.practice import DONE
from kam_analysis.analysis.frames import takes_frames

SOON_DAYS = 90
STATES = ("overdue", "due soon", "open", "no date", "done")
_COLUMNS = [
    "horizon", "objective", "whose", "target", "unit", "our_contribution", "delivered", "due", "status", "state",
]  # fmt: skip


@takes_frames
def goals(objectives: pd.DataFrame | None, account_id: str, as_of: date) -> pd.DataFrame:
    """The goals at one account, theirs first, what is late before what is due.

    `objectives`: account_id, objective and, as there are, horizon, whose (theirs where not said), target, unit,
    our_contribution, delivered, due, status. Returned without account_id, with `state`, one of `STATES`: done by a word
    of `coverage.practice.DONE` in status; overdue from the day after `due`; due soon within `SOON_DAYS`. Empty without
    goals.

    >>> rows = pd.DataFrame({"account_id": ["a", "a"], "objective": ["Fewer stops", "Grow"], "whose": [None, "ours"],
    ...                      "due": pd.to_datetime(["2026-09-01", "2026-10-01"])})
    >>> goals(rows, "a", date(2026, 9, 18))[["objective", "whose", "state"]].values.tolist()
    [['Fewer stops', 'theirs', 'overdue'], ['Grow', 'ours', 'due soon']]
    """
    if objectives is None:
        return pd.DataFrame(columns=_COLUMNS)
    rows = objectives[objectives["account_id"] == account_id].reindex(columns=_COLUMNS[:-1])
    rows["whose"] = rows["whose"].astype("object").where(rows["whose"].notna(), "theirs").astype("str")
    rows["due"] = pd.to_datetime(rows["due"])
    rows["state"] = [_state(due, status, as_of) for due, status in zip(rows["due"], rows["status"], strict=True)]
    order = rows.assign(own=rows["whose"] == "ours", late=rows["state"].map(STATES.index))
    return rows.loc[order.sort_values(["own", "late", "due"], kind="stable").index].reset_index(drop=True)


def is_done(status: object) -> bool:
    """Whether a status says that nothing is left to do.

    >>> is_done("Done "), is_done("on the way"), is_done(None)
    (True, False, False)
    """
    return not pd.isna(status) and str(status).strip().casefold() in DONE  # type: ignore[call-overload]


def _state(due: pd.Timestamp, status: object, as_of: date) -> str:
    if is_done(status):
        return "done"
    if pd.isna(due):
        return "no date"
    days = (due.date() - as_of).days
    return "overdue" if days < 0 else "due soon" if days <= SOON_DAYS else "open"
