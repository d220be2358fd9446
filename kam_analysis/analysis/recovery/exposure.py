"""What do we earn with each account, so what is there to lose?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_missing, refuse_twice

COLUMNS = ["account_id", "account_name", "exposure", "share", "revenue"]


@dataclass(frozen=True)
class Exposures:
    """What each account brings in twelve months, largest first, and what is set aside.

    `accounts`: account_id, account_name, exposure (above zero), share (of their sum, 0-1) and revenue, ties
    by account_id. `set_aside`: the same columns, share 0, of those at or below zero: losing them costs nothing.
    `measure` says what the exposure is: "margin", or "revenue" where there is no cost. `revenue` sums the
    accounts with revenue above zero, those set aside for their margin among them. `earned` is the measure of
    all accounts, those below zero too: the company's own figure.
    """

    accounts: pd.DataFrame
    set_aside: pd.DataFrame
    measure: str
    revenue: float
    earned: float

    @property
    def total(self) -> float:
        """The sum of all exposures: what there is to lose."""
        return float(self.accounts["exposure"].sum())

    @property
    def amounts(self) -> Floats:
        """The exposures, descending."""
        return self.accounts["exposure"].to_numpy(np.float64)

    @property
    def has_margin(self) -> bool:
        """Whether money lost is margin; else it is sales, and nothing is known of costs."""
        return self.measure == "margin"

    @property
    def set_aside_amount(self) -> float:
        """What those set aside bring, at or below zero."""
        return float(self.set_aside["exposure"].sum())

    @property
    def known(self) -> pd.DataFrame:
        """Every account that bought: those above zero, largest first, then those set aside."""
        return pd.concat([self.accounts, self.set_aside], ignore_index=True)


@takes_frames
def exposures(frame: pd.DataFrame) -> Exposures:
    """What is there to lose with each account?

    `frame`: one row per account at parent level over the trailing twelve months: account_id, account_name,
    revenue and, where there is a cost, margin (money). Exposure is the margin, revenue less the cost of the
    goods: what varies with sales has been taken off already, so all of it is missing when the account is.
    Without a margin column, or with nothing in it, exposure is revenue.

    Accounts at or below zero are set aside. Raises `ValueError` where an account stands twice or an amount
    is missing or not finite, naming up to five of the accounts.

    >>> rows = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                      "revenue": [100.0, 60.0, 40.0], "margin": [20.0, 30.0, -1.0]})
    >>> found = exposures(rows)
    >>> found.accounts[["account_id", "exposure", "share"]].values.tolist()
    [['b', 30.0, 0.6], ['a', 20.0, 0.4]]
    >>> found.measure, found.total, found.set_aside_amount, found.revenue, found.earned
    ('margin', 50.0, -1.0, 200.0, 49.0)
    """
    measure = "margin" if "margin" in frame and frame["margin"].notna().any() else "revenue"
    refuse_twice("accounts", frame["account_id"])
    refuse_missing("accounts", frame)
    refuse_missing("accounts", frame, measure)
    rows = frame[["account_id", "account_name", "revenue"]].assign(exposure=frame[measure].to_numpy(np.float64))
    rows = rows.sort_values(["exposure", "account_id"], ascending=[False, True], ignore_index=True)
    above = (rows["exposure"] > 0).to_numpy()
    total = float(rows.loc[above, "exposure"].sum())
    rows["share"] = np.where(above, rows["exposure"] / total if total else 0.0, 0.0)
    accounts, aside = (rows.loc[which, COLUMNS].reset_index(drop=True) for which in (above, ~above))
    revenue = frame["revenue"].to_numpy(np.float64)
    return Exposures(accounts, aside, measure, float(revenue[revenue > 0].sum()), float(rows["exposure"].sum()))
