"""The customer master: names of accounts, and which of them belong together."""

from collections.abc import Iterable
from functools import cached_property

import pandas as pd


class Master:
    """Names and parents of legal entities; an account that it does not know is its own and unnamed.

    `accounts` is the typed accounts table, None where there is none.
    """

    def __init__(self, accounts: pd.DataFrame | None) -> None:
        self._accounts = accounts

    @cached_property
    def roots(self) -> pd.Series:
        """The account on top (values) of each account (index); empty without parents."""
        if self._accounts is None or "parent_id" not in self._accounts:
            return pd.Series(dtype=object)
        return roots(self._accounts)[0]

    @property
    def grouped(self) -> bool:
        """Whether any account has another one above it."""
        return bool((self.roots != self.roots.index).any())

    def parent_of(self, account_ids: pd.Series) -> pd.Series:
        """The account on top of each; an unknown account is its own."""
        if not len(self.roots):
            return account_ids
        found = account_ids.map(self.roots)
        return found.where(found.notna(), account_ids)

    def members(self, account_ids: Iterable[str]) -> list[str]:
        """The accounts themselves and every legal entity below them."""
        chosen = list(account_ids)
        return sorted({*chosen, *self.roots.index[self.roots.isin(chosen)]})

    def named(self, account_ids: pd.Series) -> pd.Series:
        """Names of accounts; the id where there is none."""
        if self._accounts is None or "account_name" not in self._accounts:
            return account_ids.astype(object)
        found = account_ids.map(self.attribute("account_name"))
        return found.where(found.notna(), account_ids).astype(object)

    def attribute(self, column: str) -> pd.Series:
        """One column of the master by account_id, where it is filled."""
        assert self._accounts is not None
        known = self._accounts.dropna(subset=["account_id", column]).drop_duplicates("account_id")
        return known.set_index("account_id")[column]


def roots(accounts: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """The account on top of each account (a Series indexed by account_id), and ids caught in a circle."""
    parents = accounts.dropna(subset=["account_id"]).drop_duplicates("account_id").set_index("account_id")["parent_id"]
    own = pd.Series(parents.index, index=parents.index, dtype=object)
    top = parents.astype(object).where(parents.notna(), own)
    # Each step climbs one floor for all accounts at once; no chain is longer than the table.
    for _ in range(len(top)):
        above = top.map(top)
        climbed = above.where(above.notna(), top)  # a parent that is no row of the table is a top
        if climbed.equals(top):
            return top, []
        if (climbed == own).where(top != own, False).any():
            break
        top = climbed
    moving = top.map(top)
    return top, sorted(top.index[(moving.notna()) & (moving != top)])
