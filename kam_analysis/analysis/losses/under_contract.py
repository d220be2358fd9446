"""When can an account be gone? Not before its contract ends, or its notice has run."""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames

_DAYS_PER_MONTH = 365.25 / 12
_YEAR = 12


@takes_frames
def under_contract(contracts: pd.DataFrame | None, account_ids: pd.Series, day: date) -> pd.DataFrame:
    """How long does each account still bring its margin if it leaves within the coming year?

    `contracts`: account_id, ends_on and notice_by, the last day for notice (NaT: on any day). `account_ids`: whose. Of an
    account's contracts that run on `day` the one that ends last counts, as if it held all that the account buys.

    Where that end lies within twelve months, the account that leaves does so then: `ends_in`, whole months to it, at
    least 1. Where it lies later, whoever leaves all the same is taken to keep its notice: `notice_months`. Without a
    contract both are 0: it can be gone at once. Returns account_id, ends_on (NaT without a contract), ends_in and
    notice_months, in the order of `account_ids`.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "ends_on": pd.to_datetime(["2026-12-31", "2028-06-30"]),
    ...                      "notice_by": pd.to_datetime(["2026-11-01", "2028-04-01"])})
    >>> found = under_contract(rows, pd.Series(["a", "b", "c"]), date(2026, 9, 18))
    >>> found[["ends_in", "notice_months"]].values.tolist()
    [[3, 0], [0, 3], [0, 0]]
    """
    ids, today = pd.Series(account_ids, dtype="str").reset_index(drop=True), pd.Timestamp(day)
    last = _last(contracts, today).reindex(ids).reset_index(drop=True)
    ends, notice = last["ends_on"], (last["ends_on"] - last["notice_by"]).dt.days
    months = (ends - today).dt.days / _DAYS_PER_MONTH
    within = ends <= today + pd.DateOffset(months=_YEAR)
    return pd.DataFrame(
        {
            "account_id": ids,
            "ends_on": ends,
            "ends_in": np.where(within, months.round().clip(1, _YEAR).fillna(0), 0).astype(np.int64),
            "notice_months": np.where(within, 0, (notice.fillna(0) / _DAYS_PER_MONTH).round()).astype(np.int64),
        }
    )


def _last(contracts: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    """The last contract of each account that runs today: ends_on and notice_by by account_id."""
    if contracts is None or contracts.empty:
        none = pd.Series(dtype="datetime64[us]")
        return pd.DataFrame({"ends_on": none, "notice_by": none})
    rows = contracts[contracts["ends_on"] > today].sort_values(["ends_on", "notice_by"])
    return rows.drop_duplicates("account_id", keep="last").set_index("account_id")[["ends_on", "notice_by"]]
