"""From legal entities to customers: who is left out, and which companies count as one."""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.ledger.engine.sums import digits
from kam_analysis.ledger.frames.master import Master
from kam_analysis.ledger.settings.settings import Settings

Level = Literal["parent", "legal_entity"]


class Customers:
    """The customers among the legal entities of one ledger, in pandas frames and in the engine alike."""

    def __init__(self, master: Master, settings: Settings) -> None:
        self.master, self._settings = master, settings

    @property
    def level(self) -> Level:
        """The level of figures unless asked otherwise."""
        return "parent" if self._settings.parents else "legal_entity"

    def grouped(self, level: Level | None) -> bool:
        """Whether some companies count as one at this level."""
        return (level or self.level) == "parent" and self.master.grouped

    def of_level(self, ids: pd.Series) -> pd.Series:
        """The account that each id counts for at the level of figures; where there is none, none."""
        return self.master.parent_of(ids) if self.grouped(None) else ids

    def is_excluded(self, ids: pd.Series) -> pd.Series:
        """Which accounts the settings exclude, themselves or through their parent."""
        listed = self._settings.excluded_accounts
        return ids.isin(listed) | self.master.parent_of(ids).isin(listed) if listed else pd.Series(False, ids.index)

    @cached_property
    def excluded(self) -> list[str]:
        """Every legal entity that the settings exclude, itself or through its parent."""
        listed = self._settings.excluded_accounts
        return self.master.members(listed) if listed else []

    def kept(self, sums: pd.DataFrame) -> pd.DataFrame:
        """The rows with an account that is not excluded."""
        ids = sums["account_id"]
        return sums[ids.notna() & ~self.is_excluded(ids)].copy()

    def at_level(
        self, frame: pd.DataFrame, keys: list[str], amounts: Sequence[str], level: Level | None
    ) -> pd.DataFrame:
        """Amounts of legal entities summed at a level, to the minor unit; sorted where there are several `keys`."""
        found = frame[[*keys, *amounts]]
        if self.grouped(level):
            # Of a million accounts few belong to a group; the others are what they are.
            several = self.master.in_group(found["account_id"])
            found = pd.concat([found[~several], self._summed(found[several], keys, amounts)], ignore_index=True)
        # One key is ranked by its caller; sorting a million texts first would be for nothing.
        return found.sort_values(keys, ignore_index=True) if len(keys) > 1 else found.reset_index(drop=True)

    def _summed(self, frame: pd.DataFrame, keys: list[str], amounts: Sequence[str]) -> pd.DataFrame:
        frame = frame.assign(account_id=self.master.parent_of(frame["account_id"]))
        grouped = frame.groupby(keys, as_index=False, dropna=False, sort=True)[list(amounts)].sum()
        for name in amounts:
            if name != "rows":
                grouped[name] = grouped[name].round(digits(self._settings, name)) + 0.0  # + 0.0: no minus zero
        return grouped

    def in_engine(self, rows: ir.Table) -> ir.Table:
        """The same in the engine: rows of accounts that are not excluded."""
        return rows.filter(rows.account_id.notin(self.excluded)) if self.excluded else rows

    def tops(self, rows: ir.Table, level: Level | None) -> ir.Table:
        """The same in the engine: `account_id` is the account on top of each; rows are not summed."""
        if not self.grouped(level):
            return rows
        known = rows.left_join(self._changed, rows.account_id == self._changed.entity_id)
        top = ibis.coalesce(known.top_id, known.account_id)
        return known.select(**{name: known[name] for name in rows.columns if name != "account_id"}, account_id=top)

    @cached_property
    def _changed(self) -> ir.Table:
        """Only those companies that have another one above them: few, even of a million accounts."""
        roots = self.master.roots
        frame = pd.DataFrame({"entity_id": roots.index, "top_id": roots.array})
        return ibis.memtable(frame, schema={"entity_id": "string", "top_id": "string"})


def ranked(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Largest first, ties by account_id, so that reruns agree; texts are compared only where amounts are equal."""
    found = frame.sort_values(measure, ascending=False, kind="stable", ignore_index=True)
    tied = found.loc[found[measure].duplicated(keep=False), [measure, "account_id"]]
    places = found.index.to_numpy(copy=True)
    places[tied.index] = tied.sort_values([measure, "account_id"], ascending=[False, True]).index
    return found.take(places).reset_index(drop=True)
