"""Windows of days: which sums belong to which, where one pass over the transactions makes several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd


@dataclass(frozen=True)
class Window:
    """Some days, both ends included, and the measures that are added up over them.

    `rest`: the measure of which is told too what rounding took and what excluded products made; "" for none.
    In a frame of several windows a column is named by what it adds up and by its window:
    "revenue|2025-01-01/2025-12-31".
    """

    first: date
    last: date
    measures: tuple[str, ...]
    rest: str = ""

    @property
    def ends(self) -> tuple[date, date]:
        """Its first day, and the first day after it."""
        return self.first, self.last + timedelta(days=1)

    @property
    def sums(self) -> tuple[str, ...]:
        """What is added up over it; excluded products where the settings name any."""
        return ("rows", *self.measures, *([f"excluded {self.rest}"] if self.rest else []))

    @property
    def residue(self) -> str:
        """The column of what rounding took."""
        return self.column(f"residue {self.rest}")

    def column(self, name: str) -> str:
        """The column of one sum."""
        return f"{name}|{self.first}/{self.last}"

    def holds(self, span: ir.IntegerValue, ends: Sequence[date]) -> ir.BooleanValue:
        """Whether a span of days lies in the window; span n begins on day n of `ends`."""
        first, after = (ends.index(day) for day in self.ends)
        return span.between(first, after - 1)

    def covers(self, first: date, last: date, measures: Sequence[str], rest: bool) -> bool:
        """Whether a question about some days and measures, and the first one's rest, is answered by these sums."""
        told = (self.first, self.last) == (first, last) and set(measures) <= set(self.measures)
        return told and (not rest or self.rest == measures[0])

    def frame(self, sums: pd.DataFrame, keys: list[str], measures: Sequence[str]) -> pd.DataFrame:
        """The window's own rows of a frame of several: keys, rows, measures; excluded and residue with its rest."""
        bought = sums[self.column("rows")].to_numpy() > 0
        ours = sums if bought.all() else sums[bought]
        found = {key: ours[key] for key in keys} | {"rows": ours[self.column("rows")].astype("int64")}
        if self.rest:
            excluded = self.column(f"excluded {self.rest}")
            found["excluded"] = ours[excluded] if excluded in ours else pd.Series(0.0, ours.index)
            found["residue"] = ours[self.residue]
        return pd.DataFrame(found | {name: ours[self.column(name)] for name in measures}).reset_index(drop=True)
