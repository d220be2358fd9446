"""Which sales does a change of manager touch: what an account buys again, or what it buys for the first time?"""

import pandas as pd

from kam_analysis.analysis.frames import takes_frames


@takes_frames
def resale_and_new(lines: pd.DataFrame, lines_before: pd.DataFrame | None) -> pd.DataFrame:
    """How much of each account's revenue is of product lines that it bought the year before?

    After a change of manager resale falls, while new sale can rise, and the total with it (Schmitz and others, Journal
    of Marketing 84(1), 2020): what is lost in a transition is resale first. `lines`: account_id, product_line, revenue of the last twelve
    months; `lines_before`: the same of the twelve before. One row per account by account_id: resale (lines with
    revenue above zero the year before), new_sale (all other lines; everything of a new account) and of_no_line
    (revenue that names no line), adding up to its revenue. Without the year before, resale and new_sale are NaN.

    >>> now = pd.DataFrame({"account_id": ["a", "a"], "product_line": ["Pumps", "Seals"], "revenue": [70.0, 30.0]})
    >>> resale_and_new(now, now.head(1)).to_numpy().tolist()
    [['a', 70.0, 30.0, 0.0]]
    """
    keys = ["account_id", "product_line"]
    named = lines["product_line"].notna()
    revenue = lines["revenue"].astype("float64")
    if lines_before is None or lines_before.empty:
        again = pd.Series(float("nan"), lines.index)
    else:
        bought = lines_before[(lines_before["revenue"] > 0) & lines_before["product_line"].notna()]
        again = pd.Series(
            pd.MultiIndex.from_frame(lines[keys]).isin(pd.MultiIndex.from_frame(bought[keys])), lines.index
        )
        again = again.astype("float64")
    parts = {
        "resale": (revenue * again).where(named, again * 0),
        "new_sale": (revenue * (1 - again)).where(named, again * 0),
        "of_no_line": revenue.where(~named, 0.0),
    }
    found = lines[["account_id"]].assign(**parts).groupby("account_id", as_index=False)
    return found[list(parts)].sum(min_count=1)
