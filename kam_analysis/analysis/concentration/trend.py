"""Has the book come to hang on fewer accounts? Twelve months at a time."""

import pandas as pd

TOPS = (1, 5, 10)


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
