"""Has the book come to depend on fewer accounts? Twelve months at a time."""

import pandas as pd

from kam_analysis.analysis.frames import takes_frames

TOPS = (1, 5, 10)


@takes_frames
def trend(rolling: pd.DataFrame) -> pd.DataFrame:
    """How did dependence on the largest accounts move?

    `rolling`: one row per complete month with month, accounts (above zero), total and squares (of
    their sums over the twelve months ending there) and top_1, top_5, top_10 (amounts). Returns month,
    accounts, total, top_1_share, top_5_share, top_10_share, hhi (all 0-1) and effective_accounts, in the
    order given; NaN where nothing is above zero. Twelve months at a time leave no season in the course;
    neighbouring rows share eleven of them, so that one step says little.

    >>> rows = pd.DataFrame({"month": [pd.Timestamp("2026-01-01")], "accounts": [2], "total": [10.0],
    ...     "squares": [68.0], "top_1": [8.0], "top_5": [10.0], "top_10": [10.0]})
    >>> trend(rows)[["top_1_share", "top_5_share", "hhi"]].to_numpy().tolist()
    [[0.8, 1.0, 0.68]]
    """
    total = rolling["total"]
    index = rolling["squares"] / total**2
    shares = {f"top_{n}_share": rolling[f"top_{n}"] / total for n in TOPS}
    found = rolling[["month", "accounts", "total"]].assign(**shares, hhi=index, effective_accounts=1 / index)
    return found.reset_index(drop=True)


@takes_frames
def share_over_time(trend: pd.DataFrame, months: pd.DataFrame, measure: str) -> pd.Series:
    """How did one account's own share move?

    `trend` is `trend`'s frame, `months` the account's amounts by calendar month with month (first day) and the
    measure, zero or missing where it did not buy. Returns its share (0-1) in the twelve months of each row of
    `trend`, in that order; 0 where it bought nothing or less, NaN where nobody did.

    >>> twelve = pd.DataFrame({"month": pd.date_range("2025-01-01", periods=12, freq="MS"), "revenue": 1.0})
    >>> of = pd.DataFrame({"month": [pd.Timestamp("2025-12-01")], "total": [48.0]})
    >>> share_over_time(of, twelve, "revenue").tolist()
    [0.25]
    """
    amounts = months.groupby("month")[measure].sum()
    ends = pd.DatetimeIndex(trend["month"])
    bought = [
        float(amounts[(amounts.index > end - pd.DateOffset(months=12)) & (amounts.index <= end)].sum()) for end in ends
    ]
    return pd.Series(bought, index=trend.index).clip(lower=0) / trend["total"]
