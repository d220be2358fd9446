"""The customer master: names of accounts, and which of them belong together."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Four letters in a row, or two signs of Chinese or Japanese.
_READS_AS_NAME = r"[^\W\d_]{4}|[぀-ヿ㐀-鿿]{2}"


class Master:
    """Names and parents of legal entities; an account that it does not know is its own and unnamed.

    `accounts` is the typed accounts table, `confirmed` the typed table of parents that the company
    confirmed; None where there is none.
    """

    def __init__(self, accounts: pd.DataFrame | None, confirmed: pd.DataFrame | None = None) -> None:
        self._accounts, self._confirmed = accounts, confirmed

    @cached_property
    def roots(self) -> pd.Series:
        """The account on top (values) of each account that has another one above it (index)."""
        return roots(links(self._accounts, self._confirmed))[0]

    @property
    def grouped(self) -> bool:
        """Whether any account has another one above it."""
        return len(self.roots) > 0

    def parent_of(self, account_ids: pd.Series) -> pd.Series:
        """The account on top of each; an unknown account is its own."""
        return account_ids.map(self.roots).fillna(account_ids) if self.grouped else account_ids

    def in_group(self, account_ids: pd.Series) -> np.ndarray:
        """Which accounts have another one above or below them."""
        return np.asarray(pc.is_in(_texts(account_ids), value_set=self._in_groups).to_numpy(zero_copy_only=False))

    @cached_property
    def _in_groups(self) -> pa.Array:
        return _texts(pd.concat([self.roots.index.to_series(), self.roots]).drop_duplicates())

    def members(self, account_ids: Iterable[str]) -> list[str]:
        """The accounts themselves and every legal entity below them."""
        chosen = list(account_ids)
        return sorted({*chosen, *self.roots.index[self.roots.isin(chosen)]})

    def named(self, account_ids: pd.Series) -> pd.Series:
        """Names of accounts; the id where there is none."""
        if self._accounts is None or "account_name" not in self._accounts:
            return account_ids
        known, names = self._names
        # By Arrow's own look-up: pandas makes a Python text of each of a million ids first.
        ids = _texts(account_ids)
        found = pc.coalesce(names.take(pc.index_in(ids, value_set=known)), ids)
        return pd.Series(found.to_pandas().array, index=account_ids.index, dtype="str")

    @cached_property
    def _names(self) -> tuple[pa.Array, pa.Array]:
        named = self.attribute("account_name")
        return _texts(named.index.to_series()), _texts(named)

    def identities(self, seen: pd.Series) -> pd.DataFrame:
        """What tells companies apart: account_id, account_name, parent_id (in force), vat_number, email; text or missing.

        The accounts of the master, and those of `seen` that it does not know. An id that reads as a name stands for
        a name where there is none: many exports have nothing else.
        """
        known = self._accounts if self._accounts is not None else pd.DataFrame({"account_id": pd.Series(dtype="str")})
        new = seen.dropna()[lambda ids: ~ids.isin(known["account_id"])].drop_duplicates()
        rows = pd.concat([known, pd.DataFrame({"account_id": new})], ignore_index=True)
        rows = rows.reindex(columns=["account_id", "account_name", "parent_id", "vat_number", "email"])
        spoken = rows["account_id"].where(rows["account_id"].astype("str").str.contains(_READS_AS_NAME, regex=True))
        parents = rows["account_id"].map(links(self._accounts, self._confirmed))
        return rows.assign(account_name=rows["account_name"].astype("str").fillna(spoken), parent_id=parents)

    @property
    def refused(self) -> pd.DataFrame:
        """Pairs of which the company said that they do not belong together: account_id, parent_id."""
        if self._confirmed is None:
            return pd.DataFrame({"account_id": [], "parent_id": []}, dtype="str")
        return self._confirmed.loc[self._confirmed["confirmed"].eq(False).fillna(False), ["account_id", "parent_id"]]

    def attribute(self, column: str) -> pd.Series:
        """One column of the master by account_id, where it is filled."""
        assert self._accounts is not None
        known = self._accounts[["account_id", column]].dropna().drop_duplicates("account_id")
        return known.set_index("account_id")[column]


def _texts(values: pd.Series) -> pa.Array:
    """A column of texts as one Arrow array."""
    found = pa.array(values, from_pandas=True)
    whole = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return whole.cast(pa.large_string())


def links(accounts: pd.DataFrame | None, confirmed: pd.DataFrame | None) -> pd.Series:
    """The account directly above (values) each account (index): the master's own, else a confirmed one."""
    found = [_parents(frame) for frame in (accounts, _yes(confirmed)) if frame is not None and "parent_id" in frame]
    whole = pd.concat(found) if found else pd.Series(dtype="str")
    return whole[~whole.index.duplicated()]


def contradictions(accounts: pd.DataFrame | None, confirmed: pd.DataFrame | None) -> list[str]:
    """Accounts with a confirmed parent that is not the one in force: the master's own, or one confirmed before."""
    if confirmed is None:
        return []
    wanted = _parents(_yes(confirmed))
    in_force = links(accounts, confirmed).reindex(wanted.index)
    return sorted(set(wanted.index[wanted.array != in_force.array]))


def _yes(confirmed: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if confirmed is None else confirmed[confirmed["confirmed"].eq(True).fillna(False)]


def _parents(frame: pd.DataFrame | None) -> pd.Series:
    """Rows that name another account as the parent, in their order."""
    if frame is None:
        return pd.Series(dtype="str")
    named = frame[["account_id", "parent_id"]].dropna()
    return named[named["account_id"] != named["parent_id"]].set_index("account_id")["parent_id"]


def roots(parents: pd.Series) -> tuple[pd.Series, list[str]]:
    """The account on top of each account that has a parent, and ids caught in a circle.

    `parents` is a Series indexed by account_id, each id once.
    """
    codes, ids = pd.factorize(pd.concat([parents.index.to_series(), parents]))
    size = len(parents)
    above = np.arange(len(ids))
    above[codes[:size]] = codes[size:]
    top = above
    # Each step doubles how far all accounts look up at once; no chain is longer than there are accounts.
    for _ in range(len(ids).bit_length()):
        top = top[top]
    caught = above[top] != top
    found = pd.Series(ids[top[codes[:size]]], index=parents.index, dtype="str")
    return found, sorted(ids[caught])


def missing(ids: pd.Series, known: pd.Series) -> pd.Series:
    """The ids that are not among the known ones."""
    ids = ids.dropna()
    # Looked up in an index: `isin` takes ten seconds for a million texts.
    return ids[pd.Index(known.dropna().unique()).get_indexer(pd.Index(ids)) < 0]
