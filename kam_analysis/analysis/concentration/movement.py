"""What moved between two periods, and through whom: the bridge, the index and the list of the largest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration
from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames

Ints = npt.NDArray[np.int64]
BRIDGE_KINDS = ("new", "grown", "shrunk", "lost", "same")
HHI_KINDS = ("entry", "growth", "shrinkage", "exit", "same")


@dataclass(frozen=True)
class Mover:
    """The account that changed a share most: its name, and by how much (0-1, signed)."""

    account_id: str
    account_name: str
    change: float


@dataclass(frozen=True)
class Bridge:
    """From the earlier period's amount to the later one's, by what the accounts did.

    `opening` and `closing` are the sums over accounts above zero in each period, `new` and `grown` are
    at or above zero, `lost` and `shrunk` at or below. In minor units opening + new + grown + shrunk +
    lost is exactly closing. `accounts`: account_id, account_name, before, now, change, kind, one row per
    account above zero in either period, the largest change first.
    """

    opening: float
    new: float
    grown: float
    shrunk: float
    lost: float
    closing: float
    accounts: pd.DataFrame

    @property
    def kept(self) -> float:
        """What the opening accounts kept without counting growth, 0-1 (GRR); NaN without an opening."""
        return (self.opening + self.lost + self.shrunk) / self.opening if self.opening else float("nan")

    @property
    def kept_plus_grown(self) -> float:
        """What the opening accounts bring now, growth counted, from 0 up (NRR); NaN without an opening."""
        if not self.opening:
            return float("nan")
        return (self.opening + self.lost + self.shrunk + self.grown) / self.opening

    def count(self, kind: str) -> int:
        """How many accounts are new, grown, shrunk, lost or the same."""
        return _count(self.accounts, kind, BRIDGE_KINDS)


@dataclass(frozen=True)
class HhiChange:
    """The change in HHI, by account: `entry`, `exit`, `growth` and `shrinkage` add up to `now` - `before`.

    Growth and shrinkage are of an account's share, not of its amount. `accounts`: account_id,
    account_name, kind, share_before, share, change (of the index), the largest change first.
    """

    before: float
    now: float
    entry: float
    exit: float
    growth: float
    shrinkage: float
    accounts: pd.DataFrame

    def count(self, kind: str) -> int:
        """How many accounts entered, left, grew or shrank in share (entry, exit, growth, shrinkage, same)."""
        return _count(self.accounts, kind, HHI_KINDS)


def top_mover(now: Concentration, before: Concentration, n: int = 5) -> Mover | None:
    """Through whom did the share of the n largest change?

    The account among the n largest of either period whose share moved furthest in the direction in
    which their joint share moved; None where there is nothing to compare or nothing moved.
    """
    if not now.n or not before.n:
        return None
    direction = np.sign(now.top(n) - before.top(n))
    rows = pd.concat([now.accounts.head(n), before.accounts.head(n)]).drop_duplicates("account_id")
    changes = [now.share_of(each) - before.share_of(each) for each in rows["account_id"]]
    moved = np.array(changes) * direction
    if not direction or moved.max() <= 0:
        return None
    best = int(moved.argmax())
    return Mover(rows["account_id"].iloc[best], rows["account_name"].iloc[best], changes[best])


@takes_frames
def bridge(now: pd.DataFrame, before: pd.DataFrame, measure: str, digits: int = 2) -> Bridge:
    """Where did the change in sales come from: new customers, growth, shrinkage, or customers that stopped?

    `now` and `before`: account_id (unique), account_name and the measure, one row per account, to
    `digits` decimal places (2 for cents). An account at or below zero counts as nothing, in `before`,
    `now` and `change` too; an account of neither period is not in the bridge. "lost" says only that
    an account did not buy, net, in the later period: one that orders every 14 months is lost here and
    back a year later. Retention figures as in domain notes: GRR and NRR over the opening accounts.

    >>> year = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [10.0, 5.0]})
    >>> next_year = pd.DataFrame({"account_id": ["a", "c"], "account_name": ["A", "C"], "revenue": [8.0, 4.0]})
    >>> found = bridge(next_year, year, "revenue")
    >>> found.opening, found.new, found.grown, found.shrunk, found.lost, found.closing
    (15.0, 4.0, 0.0, -2.0, -5.0, 12.0)
    >>> round(found.kept, 3)
    0.533
    """
    above = [frame.loc[frame[measure] > 0, ["account_id", "account_name", measure]] for frame in (now, before)]
    pairs = _paired(above[0], above[1], measure)
    # Whole minor units, so that the parts add up without a float's residue.
    unit = 10**digits
    later, earlier = (np.rint(pairs[name].to_numpy() * unit).astype(np.int64) for name in ("now", "before"))
    kinds, change = _kinds(later, earlier, BRIDGE_KINDS), later - earlier
    parts = {kind: int(change[kinds == kind].sum()) / unit for kind in BRIDGE_KINDS[:4]}
    moved = pairs.assign(before=earlier / unit, now=later / unit, change=change / unit, kind=kinds)
    moved = _largest_first(moved[["account_id", "account_name", "before", "now", "change", "kind"]])
    return Bridge(int(earlier.sum()) / unit, **parts, closing=int(later.sum()) / unit, accounts=moved)


def hhi_change(now: Concentration, before: Concentration) -> HhiChange:
    """Which accounts made the book more, or less, concentrated?

    An account adds the square of its share now less the square of its share before: entries raise the
    index by their own square and lower it through everybody else's smaller share, which is told as
    shrinkage. The parts add up to the change; all are NaN where a period has nothing above zero.
    """
    pairs = _paired(now.accounts, before.accounts, "share")
    after, earlier = pairs["now"].to_numpy(), pairs["before"].to_numpy()
    kinds, change = _kinds(after, earlier, HHI_KINDS), after**2 - earlier**2
    known = bool(now.n and before.n)
    parts = {kind: float(change[kinds == kind].sum()) if known else float("nan") for kind in HHI_KINDS[:4]}
    rows = pairs.rename(columns={"now": "share", "before": "share_before"}).assign(kind=kinds, change=change)
    rows = rows[["account_id", "account_name", "kind", "share_before", "share", "change"]]
    return HhiChange(before.hhi, now.hhi, **parts, accounts=_largest_first(rows))


def entered_and_left(now: Concentration, before: Concentration, n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who is new among the n largest, and who is no longer?

    Two frames, entered (by rank) and left (by former rank): account_id, account_name, rank,
    rank_before (missing where the account has no share then), amount, amount_before (0 there).
    Raises `ValueError` for n below 1.
    """
    if n < 1:
        raise ValueError(f"n: expected at least 1, got {n}")
    first, first_before = now.accounts.head(n), before.accounts.head(n)
    entered = first[~first["account_id"].isin(first_before["account_id"])]
    left = first_before[~first_before["account_id"].isin(first["account_id"])]
    return _ranks(entered, now, before), _ranks(left, now, before)


def _ranks(chosen: pd.DataFrame, now: Concentration, before: Concentration) -> pd.DataFrame:
    frame = chosen[["account_id", "account_name"]].reset_index(drop=True)
    for name, book in (("", now), ("_before", before)):
        # A book's accounts stand in order of rank.
        found = book.accounts.reset_index(names="rank")[lambda rows: rows["account_id"].isin(frame["account_id"])]
        found = found.set_index("account_id")
        frame["rank" + name] = frame["account_id"].map(found["rank"] + 1).astype("Int64")
        frame["amount" + name] = frame["account_id"].map(found["amount"]).fillna(0.0).astype(np.float64)
    return frame[["account_id", "account_name", "rank", "rank_before", "amount", "amount_before"]]


def _paired(now: pd.DataFrame, before: pd.DataFrame, column: str) -> pd.DataFrame:
    """Both periods side by side: account_id, account_name (the later one), before and now, 0 where absent."""
    rows = pd.concat([now, before])[["account_id", "account_name", column]]
    # One hash of all ids takes a fifth of an outer merge, which would sort a million texts.
    codes = pd.factorize(rows["account_id"])[0]
    first = np.unique(codes, return_index=True)[1]
    amounts, later, earlier = rows[column].to_numpy(), np.zeros(first.size), np.zeros(first.size)
    later[codes[: len(now)]] = amounts[: len(now)]
    earlier[codes[len(now) :]] = amounts[len(now) :]
    named = rows[["account_id", "account_name"]].iloc[first].reset_index(drop=True)
    return named.assign(before=earlier, now=later)


def _kinds(now: Floats | Ints, before: Floats | Ints, names: tuple[str, ...]) -> npt.NDArray[np.str_]:
    """Per account one of `names`: came, went up, went down, is gone, or stayed as it was."""
    came, up, down, gone, same = names
    return np.select(
        [(before == 0) & (now > 0), (before > 0) & (now == 0), now > before, now < before], [came, gone, up, down], same
    )


def _largest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """By the size of `change`; ties by account_id, so that reruns agree."""
    size = -frame["change"].abs().to_numpy()
    tied = pd.Series(size).duplicated(keep=False).to_numpy()
    place = np.zeros(len(frame), dtype=np.int64)
    # Texts are compared only where sizes are equal.
    place[tied] = np.argsort(np.argsort(frame.loc[tied, "account_id"].to_numpy(dtype=object), kind="stable"))
    return frame.iloc[np.lexsort((place, size))].reset_index(drop=True)


def _count(accounts: pd.DataFrame, kind: str, kinds: tuple[str, ...]) -> int:
    if kind not in kinds:
        raise ValueError(f"kind: expected one of {', '.join(kinds)}, got {kind}")
    return int((accounts["kind"] == kind).sum())
