"""When can an account be gone? Not before its contract ends, or its notice has run."""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames

_DAYS_PER_MONTH = 365.25 / 12
_YEAR = 12


@takes_frames
def under_contract(
    contracts: pd.DataFrame | None, account_ids: pd.Series, day: date, parents: pd.Series | None = None
) -> pd.DataFrame:
    """How long does each account still bring its margin if it leaves within the coming year?

    `contracts`: account_id, ends_on and, where there are any, notice_days. `account_ids`: whose. `parents`: the account
    on top (values) of a company (index). An account's contracts that run on `day` count, and the last end of them.

    Where that end lies within twelve months, the account that leaves does so then: `ends_in`, whole months to it, at
    least 1. Where it lies later, whoever leaves all the same is taken to keep its notice: `notice_months`. Without a
    contract both are 0: it can be gone at once. Returns account_id, ends_on (NaT without a contract), ends_in and
    notice_months, in the order of `account_ids`.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "ends_on": ["2026-12-31", "2028-06-30"], "notice_days": [60, 90]})
    >>> found = under_contract(rows, pd.Series(["a", "b", "c"]), date(2026, 9, 18))
    >>> found[["ends_in", "notice_months"]].values.tolist()
    [[3, 0], [0, 3], [0, 0]]
    """
    ids = pd.Series(account_ids, dtype="str").reset_index(drop=True)
    last = _last(contracts, day, parents).reindex(ids).reset_index(drop=True)
    ends, notice = pd.to_datetime(last["ends_on"]), last["notice_days"].fillna(0.0)
    months = (ends - pd.Timestamp(day)).dt.days / _DAYS_PER_MONTH
    within = ends <= pd.Timestamp(day) + pd.DateOffset(months=_YEAR)
    return pd.DataFrame(
        {
            "account_id": ids,
            "ends_on": ends,
            "ends_in": np.where(within, months.round().clip(1, _YEAR).fillna(0), 0).astype(np.int64),
            "notice_months": np.where(within, 0, (notice / _DAYS_PER_MONTH).round()).astype(np.int64),
        }
    )


def _last(contracts: pd.DataFrame | None, day: date, parents: pd.Series | None) -> pd.DataFrame:
    """The last contract of each account that runs on the day: ends_on and notice_days by account_id."""
    if contracts is None or contracts.empty:
        return pd.DataFrame({"ends_on": pd.Series(dtype="datetime64[us]"), "notice_days": pd.Series(dtype="float64")})
    rows = pd.DataFrame(
        {
            "account_id": contracts["account_id"].astype("str"),
            "ends_on": pd.to_datetime(contracts["ends_on"]).astype("datetime64[us]"),
            "notice_days": (
                pd.to_numeric(contracts["notice_days"]).astype("float64") if "notice_days" in contracts else np.nan
            ),
        }
    )
    if parents is not None:
        rows["account_id"] = rows["account_id"].map(parents).fillna(rows["account_id"]).astype("str")
    rows = rows[rows["ends_on"] > pd.Timestamp(day)].sort_values(["ends_on", "notice_days"])
    return rows.drop_duplicates("account_id", keep="last").set_index("account_id")
