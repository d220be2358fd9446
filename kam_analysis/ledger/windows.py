"""Windows of days: which sums belong to which, where one pass over the transactions makes several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd


@dataclass(frozen=True)
class Window:
    """Some days, both ends included, and the measures that are added up over them.

    In a frame of several windows a column is named by what it adds up and by its window:
    "revenue|2025-01-01/2025-12-31".
    """

    first: date
    last: date
    measures: tuple[str, ...]

    @property
    def ends(self) -> tuple[date, date]:
        """Its first day, and the first day after it."""
        return self.first, self.last + timedelta(days=1)

    @property
    def sums(self) -> tuple[str, ...]:
        """What is added up over it; excluded products where the settings name any."""
        return ("rows", *self.measures, *(f"excluded {name}" for name in self.measures))

    def column(self, name: str) -> str:
        """The column of one sum."""
        return f"{name}|{self.first}/{self.last}"

    def holds(self, span: ir.IntegerValue, ends: Sequence[date]) -> ir.BooleanValue:
        """Whether a span of days lies in the window; span n begins on day n of `ends`."""
        first, after = (ends.index(day) for day in self.ends)
        return span.between(first, after - 1)

    def covers(self, first: date, last: date, measures: Sequence[str]) -> bool:
        """Whether a question about some days and measures is answered by this window's sums."""
        return (self.first, self.last) == (first, last) and set(measures) <= set(self.measures)

    def frame(self, sums: pd.DataFrame, keys: list[str], measures: Sequence[str]) -> pd.DataFrame:
        """The window's own rows of a frame of several: keys, rows, excluded and residue (of the first measure), measures."""
        bought = sums[self.column("rows")].to_numpy() > 0
        ours = sums if bought.all() else sums[bought]
        first = measures[0]
        return pd.DataFrame(
            {
                **{key: ours[key] for key in keys},
                "rows": ours[self.column("rows")],
                "excluded": ours.get(self.column(f"excluded {first}"), 0.0),
                "residue": ours[self.column(f"residue {first}")],
                **{name: ours[self.column(name)] for name in measures},
            }
        ).reset_index(drop=True)
