"""What if one account buys more, less or nothing? The book's figures as one amount changes."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration

# From lost (0) to twice its size, by tenths.
FACTORS = tuple(step / 10 for step in range(21))


def what_if(book: Concentration, account_id: str, factors: Iterable[float] = FACTORS) -> pd.DataFrame:
    """How would dependence look if this account went from nothing to twice its size, all others unchanged?

    `factors` multiply its amount; 0 is its loss, 1 today. Returns one row per factor: factor, amount
    (the account's), total (the book's), share (the account's), top_1_share, top_5_share, hhi (all
    0-1) and effective_accounts. Where nothing is left, shares are NaN. Raises `ValueError` for an
    account without a share and for factors below zero.

    >>> from kam_analysis.analysis.concentration import concentrate
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [30.0, 10.0]})
    >>> what_if(concentrate(rows, "revenue"), "a", [0, 1, 2])["share"].round(3).tolist()
    [0.0, 0.75, 0.857]
    """
    chosen = (book.accounts["account_id"] == account_id).to_numpy(dtype=bool)
    steps = np.array(list(factors), dtype=np.float64)
    if not chosen.any():
        raise ValueError(f"account {account_id}: expected one with a share, and it has none in this book")
    if not (steps >= 0).all():
        raise ValueError(f"factors: expected 0 or more, got {', '.join(map(str, steps[~(steps >= 0)]))}")
    others, amount = book.amounts[~chosen], book.amounts[chosen][0] * steps
    total = others.sum() + amount
    whole = np.where(total > 0, total, np.nan)
    # The others' own squares, not the book's less this account's: a dominant account would drown them.
    index = (others @ others + amount**2) / whole**2
    # The n largest of the others (descending) and one account: it stands among them, or it does not.
    shares = {f"top_{n}_share": np.maximum(others[:n].sum(), others[: n - 1].sum() + amount) / whole for n in (1, 5)}
    return pd.DataFrame(
        {"factor": steps, "amount": amount, "total": total, "share": amount / whole}
        | shares
        | {"hhi": index, "effective_accounts": 1 / index}
    )
