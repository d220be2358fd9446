"""Which accounts changed hands, as far as the transactions show it, and which would only show it by buying again?"""

from datetime import date

import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_rows

_KEYS = ["account_id", "account_manager_id"]
_KINDS = {
    "account_id": "str",
    "from_id": "str",
    "to_id": "str",
    "until": "datetime64[us]",
    "day": "datetime64[us]",
    "overlap": "int64",
}


@takes_frames
def handovers(held: pd.DataFrame) -> pd.DataFrame:
    """Which accounts changed hands, from whom to whom, and when?

    `held`: account_id, account_manager_id, first_day, last_day, revenue: a row for each who sold to an account, of
    legal entities: two companies of one customer with a manager each are no hand-over. Rows without days (credit notes
    alone) count for nobody.

    One row per change, by account_id and day: from_id, to_id; until (up to that day only the former one sold), day
    (from it on only the new one), overlap (days on which both may have sold). Without an overlap `until` is the former
    one's last sale and `day` the new one's first; else they are the new one's first sale and the day after the former
    one's last. Whose days all lie within those of another one stood in for them: so somebody who came back never left,
    and of equal days the one with the larger revenue, then the lower id, stays. An account can change hands more than
    once. Raises `ValueError` where a manager stands twice at an account.

    >>> days = pd.to_datetime(["2025-01-05", "2025-06-20", "2025-03-01", "2025-03-31"]).to_numpy().reshape(2, 2)
    >>> rows = pd.DataFrame(days.T, columns=["first_day", "last_day"])
    >>> rows = rows.assign(account_id="a", account_manager_id=["M1", "M2"], revenue=1.0)
    >>> rows.loc[1, "last_day"] = pd.Timestamp(2025, 12, 1)
    >>> handovers(rows)[["from_id", "to_id", "overlap"]].values.tolist()
    [['M1', 'M2', 0]]
    """
    refuse_rows("held", "one row per account and manager", held["account_id"], held.duplicated(_KEYS))
    sold = held.dropna(subset=["first_day", "last_day"])
    # Nearly all accounts have one manager: only the others are worth sorting.
    spans = _without_stand_ins(sold[sold["account_id"].duplicated(keep=False)])
    account = spans.groupby("account_id")
    found = spans.assign(
        from_id=account["account_manager_id"].shift(),
        to_id=spans["account_manager_id"],
        left=account["last_day"].shift(),
    )
    found = found[found["left"].notna()]
    a_day = pd.Timedelta(1, unit="D")
    apart = found["first_day"] > found["left"]
    found["until"] = found["left"].where(apart, found["first_day"])
    found["day"] = found["first_day"].where(apart, found["left"] + a_day)
    found["overlap"] = (pd.to_timedelta(found["left"] - found["first_day"]).dt.days + 1).clip(lower=0)
    return found[list(_KINDS)].astype(_KINDS).sort_values(["account_id", "day"], ignore_index=True)


@takes_frames
def unseen(held: pd.DataFrame, owners: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Which accounts belong to somebody else by now, but have not bought from them?

    If they never buy again no hand-over will show: the company's own transition loss is understated by them. `held` as
    for `handovers`, `owners`: account_id, account_manager_id as the master says today, of the same legal entities.

    One row per account whose owner is not who made its last sale, the longest silent first, ties by account_id:
    account_id, from_id (who sold last), to_id (the owner), last_day, silence (days to `as_of`). Short silence may
    be nothing but the account's rhythm. Of two who sold last on one day either may be the owner.
    """
    sold = held.dropna(subset=["last_day"])
    last = sold[sold["last_day"] == sold.groupby("account_id")["last_day"].transform("max")]
    owner = owners.dropna(subset=["account_manager_id"]).drop_duplicates("account_id").set_index("account_id")
    found = last.assign(to_id=last["account_id"].map(owner["account_manager_id"]))
    found = found.rename(columns={"account_manager_id": "from_id"}).dropna(subset=["to_id"])
    theirs = found.loc[found["from_id"] == found["to_id"], "account_id"]
    found = found[~found["account_id"].isin(theirs)].sort_values("from_id").drop_duplicates("account_id")
    found["silence"] = (pd.Timestamp(as_of) - found["last_day"]).dt.days
    found = found[["account_id", "from_id", "to_id", "last_day", "silence"]]
    found = found.astype({"account_id": "str", "from_id": "str", "to_id": "str", "silence": "int64"})
    return found.sort_values(["silence", "account_id"], ascending=[False, True], ignore_index=True)


def _without_stand_ins(sold: pd.DataFrame) -> pd.DataFrame:
    """Each account's managers in their order, without those whose days lie within another one's."""
    order = ["account_id", "first_day", "last_day", "revenue", "account_manager_id"]
    spans = sold.sort_values(order, ascending=[True, True, False, False, True])
    reached = spans.groupby("account_id")["last_day"].cummax()
    before = reached.groupby(spans["account_id"]).shift()
    return spans[~(spans["last_day"] <= before)]
