"""What a page of `02_key_accounts` is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.segments import Cut, Listing
from kam_analysis.pages.words import named


@dataclass(frozen=True)
class Evidence:
    """The results of one ledger; what the data cannot give is None or empty.

    `rows` are significance and presence, `keys` the key accounts with their activities, `keys_before` those
    of the year before. `scores` has account_id, score, assessed_weight, top, error and badge; `work` account_id,
    work, rule, figures; `invoices` and `balance` what `segments.power` tells; `names` all accounts by id;
    `threshold` the share from which an account is key; `criteria` the scaled ones; `weights` those that were
    asked for, in per cent, empty for the settings' own. `usual` are the accounts that the settings alone would serve,
    where something else is asked for; `customer` is the account_id that is followed through the charts.
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
    threshold: float = 0.10
    barriers: pd.DataFrame | None = None
    criteria: pd.DataFrame | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    usual: frozenset[str] | None = None
    customer: str = ""

    @cached_property
    def significant(self) -> pd.DataFrame:
        """The rows on which somebody is key: few, whatever the number of accounts."""
        return self.rows[self.rows["significant"]]

    @cached_property
    def served(self) -> frozenset[str]:
        """The key accounts within the number that can be served."""
        return frozenset(self.cut.inside["account_id"])

    @cached_property
    def ordered(self) -> Sequence[str]:
        """The key accounts as pages list them: largest sales first."""
        ids = self.keys["account_id"].tolist()
        sales = {each: self.of(self.book.accounts, each, "amount") or 0.0 for each in ids}
        return sorted(ids, key=lambda each: (-sales[each], each))

    def name(self, account_id: str) -> str:
        """How pages call an account; where only its id is known, as a customer's number."""
        return named(account_id, self.names.get(account_id, account_id))

    def of(self, frame: pd.DataFrame | None, account_id: str, column: str) -> Any:
        """One cell of a frame by account; None where it is not there or missing."""
        if frame is None or column not in frame:
            return None
        place = self._places(frame).get(account_id)
        value = None if place is None else frame[column].iloc[place]
        return None if pd.isna(value) else value

    @cached_property
    def _shown(self) -> set[str]:
        habit = self.listing.habit if self.listing else ()
        near = self.cut.just_outside["account_id"]
        return {*self.keys["account_id"], *habit, *near, *(self.usual or ()), self.customer}

    @cached_property
    def _known_places(self) -> dict[int, tuple[pd.DataFrame, dict[str, int]]]:
        return {}

    def _places(self, frame: pd.DataFrame) -> dict[str, int]:
        """Where the accounts that the page names stand in a frame: a million rows are searched once."""
        if id(frame) not in self._known_places:
            rows = np.flatnonzero(frame["account_id"].isin(self._shown))
            places = dict(zip(frame["account_id"].iloc[rows], rows.tolist(), strict=True))
            # The frame is kept: another one could get the number of one that is gone.
            self._known_places[id(frame)] = frame, places
        return self._known_places[id(frame)][1]
