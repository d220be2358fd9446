"""How much business do we win a year, and how much of it only makes up for what we lose anyway?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import bridge
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.ranges import Range

# Eight years in ten.
LEVEL = 0.8
Pair = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class NewBusiness:
    """What accounts did between two years of twelve months, and the paces of winning business that this shows.

    `moves`: account_id, account_name, before, now, change, kind, where kind is one of the bridge's, or
    "returned" for one that bought nothing in the year before but earlier. `other_moves`: account_id, change and kind
    of other pairs of years. `measure` is "revenue" or "margin"; money a year. `level` is that of the bands.

    Three paces, each a `Range`:
    `new_customers`: what customers brought in their first year. It holds where the growth of those that stay
    pays for usual losses (`growth_covers_losses`), and it is careful: their first year is seldom a whole one.
    `gross`: new, returned and grown accounts. Part of it only makes up for usual losses.
    `net`: gross less usual losses, shrunk and lost accounts. What is left to make up for one more; it can be
    below zero, and then nothing is.

    A band holds the value, the pace of the other pairs of years (which overlap, so they are no independent
    years), and what chance alone does to a sum of so few accounts: value +- z times the root of the summed squares
    of the changes (a compound Poisson: each account's change is an event that happens as often as it did).
    """

    moves: pd.DataFrame
    other_moves: tuple[pd.DataFrame, ...]
    measure: str
    level: float

    def without(self, account_ids: Collection[str]) -> "NewBusiness":
        """The same as if these accounts had never been; of what may be lost, growth cannot replace it."""
        kept = [moves[~moves["account_id"].isin(account_ids)] for moves in (self.moves, *self.other_moves)]
        return NewBusiness(kept[0], tuple(kept[1:]), self.measure, self.level)

    @cached_property
    def new_customers(self) -> Range:
        """Won a year from new customers, at least 0."""
        return self._pace("new")

    @cached_property
    def gross(self) -> Range:
        """Won a year from new, returned and grown accounts, at least 0."""
        return self._pace("new", "returned", "grown")

    @cached_property
    def net(self) -> Range:
        """Won a year after usual losses; below zero where these are larger."""
        return self._pace("new", "returned", "grown", "shrunk", "lost")

    @property
    def usual_losses(self) -> float:
        """What shrunk and lost accounts took away in the year, at or below zero."""
        return self.amount("shrunk") + self.amount("lost")

    @property
    def growth_covers_losses(self) -> bool:
        """Whether grown and returned accounts made up for those that shrank or were lost."""
        return self.amount("grown") + self.amount("returned") + self.usual_losses >= 0

    @property
    def average_new(self) -> float:
        """What a new customer brought in its first year; NaN without one."""
        count = self.count("new")
        return self.amount("new") / count if count else float("nan")

    def amount(self, kind: str) -> float:
        """The money that new, returned, grown, shrunk or lost accounts brought or took (signed)."""
        return _sum(self.moves, (kind,))

    def count(self, kind: str) -> int:
        """How many accounts are new, returned, grown, shrunk or lost."""
        return int((self.moves["kind"] == kind).sum())

    def _pace(self, *kinds: str) -> Range:
        value = _sum(self.moves, kinds)
        changes = self.moves["change"].to_numpy(np.float64)[self.moves["kind"].isin(kinds).to_numpy()]
        spread = NormalDist().inv_cdf((1 + self.level) / 2) * float(np.sqrt(changes @ changes))
        ends = [value - spread, value + spread, *(_sum(moves, kinds) for moves in self.other_moves)]
        if "lost" not in kinds:
            ends = [max(end, 0.0) for end in ends]
        return Range.spanning(value, *ends)


@takes_frames
def new_business(
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    measure: str = "revenue",
    earlier: Iterable[str] = (),
    others: Iterable[Pair] = (),
    level: float = LEVEL,
) -> NewBusiness | None:
    """How much new business does the ledger show in a year?

    `now` and `before`: account_id (unique), account_name and the measure (money), of the trailing twelve months
    and of the twelve before; None before gives None: without two years there is no pace. `earlier`: accounts that had
    bought before both, who are not new when they come
    back (an account that orders every 14 months is "lost" in one year and "returned" in the next). `others`:
    further such pairs that ended within the last year, say one, two and three quarters ago, for the band; looked at one
    after the other. `level`: of the chance in it, 0-1.

    Accounts at or below zero count as nothing, as in `concentration.bridge`. One that is only quiet counts as lost
    here, for it bought nothing: `without` takes quiet ones out, where they are known. Raises `ValueError` for a level
    outside (0, 1) and where a frame has no such measure.

    >>> year = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [10.0, 5.0]})
    >>> next_year = pd.DataFrame({"account_id": ["a", "c"], "account_name": ["A", "C"], "revenue": [14.0, 3.0]})
    >>> found = new_business(next_year, year)
    >>> found.new_customers.value, found.gross.value, found.net.value, found.usual_losses
    (3.0, 7.0, 2.0, -5.0)
    >>> found.growth_covers_losses, found.without(["b"]).net.value
    (False, 7.0)
    """
    if not 0 < level < 1:
        raise ValueError(f"level: expected above 0 and below 1, got {level:g}")
    if before is None:
        return None
    known = set(earlier)
    other_moves = (_moves(*pair, measure, known)[["account_id", "change", "kind"]] for pair in others)
    return NewBusiness(_moves(now, before, measure, known), tuple(other_moves), measure, level)


def _moves(now: pd.DataFrame, before: pd.DataFrame, measure: str, earlier: set[str]) -> pd.DataFrame:
    if any(measure not in frame for frame in (now, before)):
        raise ValueError(f"{measure}: not in every year's accounts, so no pace of it")
    moves = bridge(now, before, measure).accounts
    back = (moves["kind"] == "new") & moves["account_id"].isin(earlier)
    return moves.assign(kind=moves["kind"].astype(object).where(~back, "returned"))


def _sum(moves: pd.DataFrame, kinds: Collection[str]) -> float:
    return float(moves["change"].to_numpy(np.float64)[moves["kind"].isin(list(kinds)).to_numpy()].sum())
