"""Which accounts are like this one: of about its size, in its industry, buying what it buys?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames

SIZE_FACTOR = 10.0  # beyond it two accounts are not alike in size at all; key accounts have few of their size
LEAST_SIMILARITY = 0.4
MOST = 20
FEWEST = 5  # fewer say nothing about a fifth of them


@takes_frames
def sales_by_line(lines: pd.DataFrame, measure: str = "revenue") -> pd.DataFrame:
    """A row per account, a column per product line, from `lines` (account_id, product_line, the measure).

    What is at or below zero counts as not bought; accounts with nothing above zero are left out.

    >>> sold = pd.DataFrame({"account_id": ["a", "a", "b"], "product_line": ["Pumps", "Seals", "Pumps"],
    ...                      "revenue": [3.0, -1.0, 2.0]})
    >>> sales_by_line(sold).to_dict("index")
    {'a': {'Pumps': 3.0, 'Seals': 0.0}, 'b': {'Pumps': 2.0, 'Seals': 0.0}}
    """
    told = lines.dropna(subset=["account_id", "product_line"])
    wide = told.pivot_table(index="account_id", columns="product_line", values=measure, aggfunc="sum", fill_value=0.0)
    wide = wide.clip(lower=0.0)
    wide.index.name = wide.columns.name = None
    return wide[wide.sum(axis="columns") > 0]


def look_alikes(
    by_line: pd.DataFrame, account_id: str, *, industry: pd.Series | None = None, most: int = MOST
) -> pd.DataFrame:
    """Who is like this account, the most alike first: account_id, size, same_industry, mix, similarity (each 0-1).

    `by_line` as of `sales_by_line`; `industry` by account_id, missing where not known. `size` is 1 for equal sales and
    0 from a factor of `SIZE_FACTOR` on; `mix` is the cosine between the two accounts' sales in the lines that this
    account buys, so that what it does not buy cannot make others alike or unlike; `similarity` is the mean of what
    is known of the three. Accounts of no similar size, and those below `LEAST_SIMILARITY`, are none. No frame, no
    account there: no rows. Raises `KeyError` for an account without sales by line.

    These three, and their equal weight, are our own choice; how often accounts alike by them did start a line is
    counted in `line_starts`.

    >>> sold = pd.DataFrame({"Pumps": [10.0, 10.0, 20.0, 90.0], "Seals": [0.0, 5.0, 0.0, 0.0]}, index=list("abcd"))
    >>> look_alikes(sold, "a")[["account_id", "size", "mix"]].round(2).values.tolist()
    [['b', 0.82, 1.0], ['c', 0.7, 1.0], ['d', 0.05, 1.0]]
    """
    if account_id not in by_line.index:
        raise KeyError(account_id)
    place = int(np.flatnonzero(by_line.index == account_id)[0])
    parts = {name: found[0] for name, found in alikeness(by_line, [place], industry=industry).items()}
    rows = pd.DataFrame({"account_id": by_line.index, **parts}).drop(index=place)
    alike = rows[rows["similarity"] >= LEAST_SIMILARITY]
    return alike.sort_values(["similarity", "account_id"], ascending=[False, True]).head(most).reset_index(drop=True)


def alikeness(
    by_line: pd.DataFrame, places: Sequence[int], *, industry: pd.Series | None = None
) -> dict[str, np.ndarray]:
    """How alike are the accounts at these places of `by_line` to each of its accounts? See `look_alikes`.

    size, same_industry, mix and similarity, each an array of len(places) x len(by_line), 0-1; same_industry is NaN
    where it is not known of one of the two, similarity 0 where they are of no similar size.
    """
    sales = by_line.to_numpy(dtype=float)
    own, totals = sales[list(places)], sales.sum(axis=1)
    size = (1 - np.abs(np.log(totals[None, :] / own.sum(axis=1)[:, None])) / np.log(SIZE_FACTOR)).clip(min=0.0)
    # The others' sales in the lines that each account buys, and in no other.
    lengths = np.sqrt((own**2).sum(axis=1))[:, None] * np.sqrt((own > 0).astype(float) @ (sales**2).T)
    mix = np.divide(own @ sales.T, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    same = np.full_like(mix, np.nan)
    if industry is not None:
        codes = pd.factorize(industry.reindex(by_line.index))[0]
        known = (codes[list(places)] >= 0)[:, None] & (codes >= 0)[None, :]
        same = np.where(known, codes[list(places)][:, None] == codes[None, :], np.nan)
    similarity = np.where(np.isnan(same), (size + mix) / 2, (size + mix + np.nan_to_num(same)) / 3)
    return {"size": size, "same_industry": same, "mix": mix, "similarity": np.where(size > 0, similarity, 0.0)}
