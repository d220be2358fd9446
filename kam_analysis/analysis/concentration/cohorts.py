"""Do customers stay once they are won? By the year in which they first bought."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames


@dataclass(frozen=True)
class Cohorts:
    """Customers by the year in which they first bought; the years are named by their last day.

    `course`: first_year, year, customers (of the cohort), buying (those of them above zero in that year), customers_kept
    (buying / customers, 0-1), amount; a row per cohort and year from its first on, by both. The first year on file
    holds whoever bought then or earlier. Accounts that are above zero in no year are a cohort without a first year
    (NaT), of no customers. The amounts of a year add up to all that was sold in it, to the minor unit.
    """

    course: pd.DataFrame

    @property
    def years(self) -> list[pd.Timestamp]:
        """The years, the earliest first."""
        return sorted(self.course["year"].unique())

    @property
    def latest(self) -> pd.DataFrame:
        """Each cohort in the last year: first_year, customers, buying, customers_kept, amount, share (0-1 of all its sales)."""
        last = self.course[self.course["year"] == max(self.years)] if self.years else self.course
        total = last["amount"].sum()
        share = last["amount"] / total if total > 0 else np.nan
        return last.drop(columns="year").assign(share=share).reset_index(drop=True)


@takes_frames
def cohorts(sales: pd.DataFrame, measure: str, since: pd.Series | None = None, digits: int = 2) -> Cohorts:
    """Of the customers that we won in a year, how many still buy, and what have they brought since?

    `sales`: account_id, year (its last day) and the measure, one row per account and year in which it bought, to
    `digits` places. An account's first year is the first in which it is above zero; `since` (first day as a customer
    by account_id, missing where not known) puts it into an earlier one where it was a customer before.

    Two customers of the first year, one of which stays, and one won in the second:

    >>> sales = pd.DataFrame({"account_id": ["a", "a", "b", "c"], "revenue": [5.0, 4.0, 3.0, 2.0],
    ...     "year": pd.to_datetime(["2024-12-31", "2025-12-31", "2024-12-31", "2025-12-31"])})
    >>> found = cohorts(sales, "revenue").latest
    >>> found[["customers", "buying", "customers_kept", "amount"]].to_numpy().tolist()
    [[2.0, 1.0, 0.5, 4.0], [1.0, 1.0, 1.0, 2.0]]
    """
    years = np.sort(sales["year"].unique())
    place = np.searchsorted(years, sales["year"].to_numpy())
    units = np.rint(sales[measure].to_numpy(dtype=float) * 10**digits).astype(np.int64)
    codes, accounts = pd.factorize(sales["account_id"])
    never = len(years)
    began = np.full(len(accounts), never)
    above = units > 0
    np.minimum.at(began, codes[above], place[above])
    if since is not None and never:
        known = pd.to_datetime(pd.Series(accounts).map(since)).to_numpy()
        # A day lies in the first year that ends on it or later; who never bought net is no customer of any year.
        said = np.where(pd.isna(known), never, np.searchsorted(years, known))
        began = np.where(began < never, np.minimum(began, said), never)
    sizes = np.bincount(began, minlength=never + 1)
    shape = (never + 1, never)
    buying, amount = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(buying, (began[codes][above], place[above]), 1)
    np.add.at(amount, (began[codes], place), units)
    rows = [
        {
            "first_year": years[first] if first < never else pd.NaT,
            "year": years[year],
            "customers": int(sizes[first]) if first < never else 0,
            "buying": int(buying[first, year]),
            "customers_kept": buying[first, year] / sizes[first] if first < never and sizes[first] else float("nan"),
            "amount": int(amount[first, year]) / 10**digits,
        }
        for first in range(never + 1)
        for year in range(never)
        if (sizes[first] and year >= first) or amount[first, year]
    ]
    columns = ["first_year", "year", "customers", "buying", "customers_kept", "amount"]
    return Cohorts(pd.DataFrame(rows, columns=columns))
