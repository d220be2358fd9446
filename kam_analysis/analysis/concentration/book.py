"""All customers by one measure, largest first: the book that every other figure of the question starts from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.classes import abc_classes
from kam_analysis.analysis.concentration.indices import (
    Floats,
    accounts_for,
    effective_number,
    gini,
    hhi,
    shares,
    top_share,
)
from kam_analysis.analysis.frames import takes_frames


@dataclass(frozen=True)
class Concentration:
    """The accounts that have a share, largest first, and what the book looks like through them.

    `accounts` has account_id, account_name, amount, share, cumulative (0-1) and abc, by rank.
    """

    accounts: pd.DataFrame
    total: float

    @property
    def n(self) -> int:
        """Accounts with a share."""
        return len(self.accounts)

    @property
    def amounts(self) -> Floats:
        """The amounts, descending."""
        return self.accounts["amount"].to_numpy(dtype=np.float64)

    def top(self, n: int) -> float:
        """Share of the n largest, 0-1."""
        return top_share(self.amounts, n)

    def accounts_for(self, share: float) -> int:
        """How many of the largest make this share."""
        return accounts_for(self.amounts, share)

    @property
    def hhi(self) -> float:
        """Herfindahl-Hirschman index, 0-1."""
        return hhi(self.amounts)

    @property
    def effective_accounts(self) -> float:
        """As concentrated as this many equal customers."""
        return effective_number(self.amounts)

    @property
    def gini(self) -> float:
        """Gini coefficient, 0-1."""
        return gini(self.amounts)

    def share_of(self, account_id: str) -> float:
        """One account's share, 0 where it has none."""
        found = self.accounts.loc[self.accounts["account_id"] == account_id, "share"]
        return float(found.iloc[0]) if len(found) else 0.0


@takes_frames
def concentrate(frame: pd.DataFrame, measure: str) -> Concentration:
    """The concentration of one measure over accounts.

    `frame` has account_id, account_name and the measure (money or units), one row per account; rows
    at or below zero are set aside. Ties break by account_id, so that reruns agree.
    """
    rows = frame.loc[frame[measure] > 0, ["account_id", "account_name", measure]].rename(columns={measure: "amount"})
    rows = rows.sort_values(["amount", "account_id"], ascending=[False, True], ignore_index=True)
    found = shares(rows["amount"].to_numpy())
    rows = rows.assign(share=found, cumulative=np.cumsum(found), abc=abc_classes(rows["amount"].to_numpy()))
    return Concentration(rows, float(rows["amount"].sum()))
