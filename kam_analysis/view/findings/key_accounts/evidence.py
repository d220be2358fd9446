"""What a page of `02_key_accounts` is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.segments import Cut, Listing


@dataclass(frozen=True)
class Evidence:
    """The results of one ledger; what the data cannot give is None or empty.

    `rows` are significance and presence, `keys` the key accounts with their activities, `keys_before` those
    of the year before. `scores` has account_id, score, assessed_weight, top, error and badge; `work` account_id,
    work, rule, figures; `invoices` and `balance` what `segments.power` tells; `names` all accounts by id.
    """

    book: Concentration
    rows: pd.DataFrame
    keys: pd.DataFrame
    names: pd.Series
    scores: pd.DataFrame
    cut: Cut
    work: pd.DataFrame
    stages: pd.DataFrame
    invoices: pd.DataFrame
    balance: pd.DataFrame
    limit: int
    draws: int = 0
    keys_before: pd.DataFrame | None = None
    listing: Listing | None = None
    matrix: pd.DataFrame | None = None
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    easy: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def ordered(self) -> Sequence[str]:
        """The key accounts as pages list them: largest sales first."""
        sales = self.book.accounts.set_index("account_id")["amount"]
        known = self.keys.assign(sales=self.keys["account_id"].map(sales).fillna(0.0))
        return known.sort_values(["sales", "account_id"], ascending=[False, True])["account_id"].tolist()

    def name(self, account_id: str) -> str:
        """How pages call an account."""
        return str(self.names.get(account_id, account_id))

    def of(self, frame: pd.DataFrame | None, account_id: str, column: str) -> Any:
        """One cell of a frame by account; None where it is not there or missing."""
        if frame is None or column not in frame:
            return None
        found = frame.loc[frame["account_id"] == account_id, column]
        return None if found.empty or pd.isna(found.iloc[0]) else found.iloc[0]
