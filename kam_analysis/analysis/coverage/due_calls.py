"""Which key account is due for its yearly call or letter from above, who makes it, and in which month?"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.coverage.cadence import levels
from kam_analysis.analysis.coverage.relationships import by_money
from kam_analysis.analysis.frames import takes_frames

Integers = npt.NDArray[np.int64]

# Why a call is in its month; where two set the same month, the earlier one here is said.
REASONS = ("overdue", "notice", "complaint", "yearly")
_ORDER = ["account_id", "account_name", "revenue", "account_manager_id", "caller_id", "last", "due", "overdue"]
_ORDER += ["before", "month", "reason"]


@takes_frames
def due_calls(
    accounts: pd.DataFrame,
    key_ids: Iterable[str],
    calls: pd.DataFrame | None,
    traits: pd.DataFrame,
    managers: pd.DataFrame | None,
    as_of: date,
    months: int = 12,
    lead: int = 2,
    soon: int = 3,
    touches: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who calls which key account in which month, so that each has its yearly call from above?

    `accounts`: account_id, account_name, revenue. `calls`: from `calls_from_above`. `traits`: account_id and, as
    there are, account_manager_id, notice_by. `managers`: manager_id and, as there are, superior_id, level,
    leaving_on. `months` between two calls, and the span of the plan: from the month after `as_of` on; `lead`:
    months that a call should be ahead of the last day for notice; `soon`: in how many months what is overdue is made
    good. `touches`: from `last_touch`, for complaints and escalations since the last call.

    Result, one row per key account by month, then revenue: account_id, account_name, revenue,
    account_manager_id, caller_id, last (NaT: never), due (last + `months`; never called: `as_of`), overdue (due
    by `as_of`), before (first day of the latest sensible month, where the last day for notice comes within `months`;
    else NaT), month (first day), reason (what sets the latest month: one of `REASONS`).

    The caller is the superior of the account's manager; where there is none who is still here, of all superiors
    the one with the fewest of these calls, the first id of equals; NaN where there is no superior. Each caller's
    calls are spread by `spread`: a complaint since the last call has it made within `soon` months as well. Where
    the latest month is over already, the first month stands.

    Empty where `calls` is None. Raises `ValueError` for months or soon below 1, or a lead below 0.

    >>> book = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> calls = pd.DataFrame({"account_id": ["a"], "last": pd.to_datetime(["2026-03-05"])})
    >>> care = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M", "M"]})
    >>> staff = pd.DataFrame({"manager_id": ["M"], "superior_id": ["S"]})
    >>> found = due_calls(book, ["a", "b"], calls, care, staff, date(2026, 9, 18))
    >>> found[["account_id", "caller_id", "overdue", "reason"]].values.tolist()
    [['b', 'S', True, 'overdue'], ['a', 'S', False, 'yearly']]
    >>> found["month"].dt.strftime("%Y-%m").tolist()
    ['2026-10', '2027-03']
    """
    for name, value, least in (("months", months, 1), ("soon", soon, 1), ("lead", lead, 0)):
        if value < least:
            raise ValueError(f"{name}: expected at least {least}, got {value}")
    day = pd.Timestamp(as_of)
    rows = by_money(accounts, key_ids if calls is not None else ())
    rows = rows.merge(traits.reindex(columns=["account_id", "account_manager_id", "notice_by"]), "left", "account_id")
    rows["caller_id"] = _callers(rows["account_manager_id"], managers, day)
    rows = _due(rows, calls, day, months, lead)
    latest, rows["reason"] = _latest(rows, _upset(rows["account_id"], touches), day, months, soon)
    month = np.zeros(len(rows), dtype=np.int64)
    for at in rows.groupby("caller_id", dropna=False).indices.values():
        month[at] = spread(latest[at], rows["reason"].isin(["overdue", "complaint"]).to_numpy()[at])
    first = day.to_period("M") + 1
    rows["month"] = pd.Series([(first + int(at)).to_timestamp() for at in month], dtype="datetime64[s]")
    by = ["month", "revenue", "account_id"]
    return rows.sort_values(by, ascending=[True, False, True], ignore_index=True)[_ORDER]


def spread(latest: npt.ArrayLike, soon: npt.ArrayLike) -> Integers:
    """In which month is each of a caller's calls, so that none is late and no month is fuller than need be?

    `latest`: the last month of each call, 0 up, in order of what matters most; `soon`: whether it is better
    early. Result: months, shape (n,), none after its `latest`. The fullest month holds as few calls as any plan
    without a late one can have: the most, over the months, of the calls due by then by the months until then,
    rounded up. With so many a month, earliest deadline first (Jackson 1955), `soon` ones first and then in the
    order given, meets all; `soon` calls stay there, each other one goes into the emptiest month up to its
    latest, the last of equals.

    >>> spread([2, 2, 2, 2, 11, 11], [True] * 4 + [False] * 2).tolist()
    [0, 0, 1, 1, 11, 10]
    """
    last, early = np.asarray(latest, dtype=np.int64), np.asarray(soon, dtype=bool)
    if not last.size:
        return last
    by_then = np.bincount(last).cumsum()
    most = int(np.max(-(-by_then // np.arange(1, by_then.size + 1))))
    order = np.lexsort((~early, last))
    month = np.empty_like(last)
    month[order] = np.arange(last.size) // most
    load = np.bincount(month[early], minlength=by_then.size)
    for at in order[~early[order]]:
        month[at] = last[at] - np.argmin(load[last[at] :: -1])
        load[month[at]] += 1
    return month


def _due(rows: pd.DataFrame, calls: pd.DataFrame | None, day: pd.Timestamp, months: int, lead: int) -> pd.DataFrame:
    known = pd.DataFrame(columns=["account_id", "last"]) if calls is None else calls
    # No look-up by `map`: pandas makes numbers of an empty column of days.
    last = pd.to_datetime(known.set_index("account_id")["last"]).reindex(rows["account_id"]).reset_index(drop=True)
    due = (last + pd.DateOffset(months=months)).fillna(day)
    notice = pd.to_datetime(rows["notice_by"])
    near = (notice >= day) & (notice <= day + pd.DateOffset(months=months))
    before = notice.where(near).dt.to_period("M").dt.to_timestamp() - pd.DateOffset(months=lead)
    first = (day.to_period("M") + 1).to_timestamp()
    return rows.assign(last=last, due=due, overdue=due <= day, before=before.clip(lower=first))


def _latest(
    rows: pd.DataFrame, upset: npt.NDArray[np.bool_], day: pd.Timestamp, months: int, soon: int
) -> tuple[Integers, npt.NDArray[np.str_]]:
    """The last month of each call, 0 being the one after `day`, and what sets it."""

    def within(dates: pd.Series) -> npt.NDArray[np.float64]:
        at = (dates.dt.year - day.year) * 12 + dates.dt.month - day.month - 1
        return at.clip(0, months - 1).to_numpy(np.float64, na_value=np.inf)

    overdue, least = rows["overdue"].to_numpy(), min(soon, months) - 1
    limits = [np.where(overdue, least, np.inf), within(rows["before"])]
    limits += [np.where(upset, least, np.inf), np.where(overdue, np.inf, within(rows["due"]))]
    table = np.column_stack(limits)
    which = np.where(overdue, 0, table.argmin(axis=1))
    return table.min(axis=1).astype(np.int64), np.array(REASONS)[which]


def _upset(ids: pd.Series, touches: pd.DataFrame | None) -> npt.NDArray[np.bool_]:
    if touches is None:
        return np.zeros(len(ids), dtype=bool)
    wrong = touches.set_index("account_id")[["complaints", "escalations"]].sum(axis=1)
    return (ids.map(wrong).fillna(0) > 0).to_numpy(bool)


def _callers(keepers: pd.Series, managers: pd.DataFrame | None, day: pd.Timestamp) -> pd.Series:
    staff = pd.DataFrame() if managers is None else managers
    staff = staff.reindex(columns=["manager_id", "superior_id", "leaving_on"])
    gone = set(staff.loc[pd.to_datetime(staff["leaving_on"]) <= day, "manager_id"])
    reports = staff[(staff["superior_id"] != staff["manager_id"]) & ~staff["superior_id"].isin(gone)]
    found = keepers.map(reports.set_index("manager_id")["superior_id"]).tolist()
    level = levels(managers)
    load = {each: found.count(each) for each in sorted(level[level == "superior"].index) if each not in gone}
    for at, keeper in enumerate(keepers):
        # The manager is not the call from above.
        others = [each for each in load if each != keeper]
        if pd.isna(found[at]) and others:
            found[at] = min(others, key=load.__getitem__)
            load[found[at]] += 1
    return pd.Series(found, dtype="str")
