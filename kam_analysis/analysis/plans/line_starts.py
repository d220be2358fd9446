"""How often did accounts start a line that others like them bought? Our own history, as evidence for white space."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from kam_analysis.analysis.plans.look_alikes import FEWEST, LEAST_SIMILARITY, MOST, alikeness

CUTS = (0.25, 0.5, 0.75)  # of accounts like it that buy the line
MOST_ACCOUNTS = 400  # the largest; a year of more is the same evidence and costs their square
LEAST_CASES = 20


@dataclass(frozen=True)
class LineStarts:
    """How often a line that was not bought in one year was bought in the next.

    `bands`: from_share, to_share (of accounts like it that buy the line, 0-1), cases, starts, rate (0-1) with low and
    high at 95%. `years`: how many past years were counted. `brier` and `brier_of_one_rate`: mean squared error (0-1)
    in the latest year of the rates that were learnt before it, and of one rate for all; None with one year.
    """

    bands: pd.DataFrame
    years: int
    brier: float | None = None
    brier_of_one_rate: float | None = None

    @property
    def helps(self) -> bool | None:
        """Whether being like buyers told in the latest year who would start; None where that was not tested."""
        if self.brier is None or self.brier_of_one_rate is None:
            return None
        return self.brier < self.brier_of_one_rate

    def chance(self, share: float) -> tuple[float, float, float] | None:
        """The rate of starting, with low and high, where this share of accounts like it buy the line.

        None where fewer than `LEAST_CASES` such cases were seen.
        """
        band = self.bands.iloc[int(np.searchsorted(CUTS, share, side="right"))]
        if band["cases"] < LEAST_CASES:
            return None
        return float(band["rate"]), float(band["low"]), float(band["high"])


def line_starts(years: Sequence[pd.DataFrame], *, industry: pd.Series | None = None) -> LineStarts:
    """Of the lines that accounts did not buy in one year, how many did they buy in the next?

    `years`: sales by account and line of consecutive years, the earliest first, as of `sales_by_line`. A case is an
    account that bought in both of two years and a line it did not buy in the first; it is counted under the share of
    accounts like it (`look_alikes`, in that first year) that bought the line. An account with fewer than `FEWEST`
    like it is no case. Rates are Jeffreys' (starts + 1/2) / (cases + 1) with Clopper and Pearson's interval. Who
    starts a line was not offered it at random: a rate is what happened, not what an offer would do.

    >>> before = pd.DataFrame({"Pumps": [10.0] * 6, "Seals": [0.0] + [1.0] * 5}, index=list("abcdef"))
    >>> found = line_starts([before, before.assign(Seals=1.0)])
    >>> found.bands[["from_share", "cases", "starts"]].values.tolist()[-1]  # all five like a bought seals, and a began to
    [0.75, 1.0, 1.0]
    """
    cases = [_cases(before, after, industry) for before, after in itertools.pairwise(years)]
    whole = _bands(pd.concat(cases)) if cases else _bands(_none())
    if len(cases) < 2 or cases[-1].empty or not sum(map(len, cases[:-1])):
        return LineStarts(whole, len(cases))
    learnt, latest = pd.concat(cases[:-1]), cases[-1]
    one = (learnt["started"].sum() + 0.5) / (len(learnt) + 1)
    bands = _bands(learnt)
    # A band of which nothing was learnt is told by the one rate.
    told = bands["rate"].where(bands["cases"] > 0, one).to_numpy()[latest["band"].to_numpy()]
    started = latest["started"].to_numpy(dtype=float)
    return LineStarts(whole, len(cases), float(((told - started) ** 2).mean()), float(((one - started) ** 2).mean()))


def _none() -> pd.DataFrame:
    return pd.DataFrame({"band": pd.Series(dtype=int), "started": pd.Series(dtype=bool)})


def _cases(before: pd.DataFrame, after: pd.DataFrame, industry: pd.Series | None) -> pd.DataFrame:
    """A row per account and line not bought: band (by share of accounts like it that buy it), started."""
    there = before.loc[before.sum(axis="columns").nlargest(MOST_ACCOUNTS).index.sort_values()]
    stayed = np.flatnonzero(there.index.isin(after.index)).tolist()
    similarity = alikeness(there, stayed, industry=industry)["similarity"]
    bought = there.to_numpy() > 0
    began = after.reindex(index=there.index, columns=there.columns, fill_value=0.0).to_numpy() > 0
    bands, started = [], []
    for place, alike in zip(stayed, similarity, strict=True):
        alike[place] = 0.0
        # As `look_alikes` has them; ties by account_id, for the rows are in its order.
        best = np.argsort(-alike, kind="stable")[:MOST]
        best = best[alike[best] >= LEAST_SIMILARITY]
        if len(best) >= FEWEST:
            open_lines = ~bought[place]
            bands.append(np.searchsorted(CUTS, bought[best][:, open_lines].mean(axis=0), side="right"))
            started.append(began[place, open_lines])
    if not bands:
        return _none()
    return pd.DataFrame({"band": np.concatenate(bands), "started": np.concatenate(started)})


def _bands(cases: pd.DataFrame) -> pd.DataFrame:
    edges = (0.0, *CUTS, 1.0)
    seen = [cases.loc[cases["band"] == place, "started"] for place in range(len(edges) - 1)]
    n = np.array([len(each) for each in seen], dtype=float)
    starts = np.array([int(each.sum()) for each in seen], dtype=float)
    low = np.where(starts > 0, betaincinv(np.maximum(starts, 1), n - starts + 1, 0.025), 0.0)
    high = np.where(starts < n, betaincinv(starts + 1, np.maximum(n - starts, 1), 0.975), 1.0)
    return pd.DataFrame(
        {"from_share": edges[:-1], "to_share": edges[1:], "cases": n, "starts": starts}
        | {"rate": (starts + 0.5) / (n + 1), "low": low, "high": high}
    )
