"""How much of a business hangs on how few accounts.

Every measure takes a 1-d array of amounts, one per account, in any unit and order. An account at or
below zero has no share: it is set aside, the same way in every measure, so that n never differs
between two of them. Where nothing is above zero a measure is NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Amounts = npt.ArrayLike
Floats = npt.NDArray[np.float64]

# The customary ABC cuts (Juran's "vital few"): A to 80 % of the sum, B to 95 %. A parameter everywhere.
ABC_CUTS = (0.80, 0.95)


def shares(values: Amounts) -> Floats:
    """What part of the whole is each account?

    `values`: amounts, shape (n,). Returns the shares of the positive ones, descending, summing to 1.
    Empty where nothing is above zero. Raises `ValueError` for NaN, infinity or more than one dimension.

    >>> shares([1, 3, 0, -2]).tolist()
    [0.75, 0.25]
    """
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.ndim != 1:
        raise ValueError(f"amounts: expected one dimension, got {amounts.ndim}")
    if not np.isfinite(amounts).all():
        raise ValueError(f"amounts: expected finite numbers, got {int((~np.isfinite(amounts)).sum())} others")
    positive = np.sort(amounts[amounts > 0])[::-1]
    if not positive.size:
        return positive
    # Scaling first keeps sums of very large or very small currencies inside the floating range.
    scaled = positive / positive[0]
    return scaled / scaled.sum()


def top_share(values: Amounts, n: int) -> float:
    """What share do the n largest accounts make? 0-1; all accounts where there are fewer than n.

    Raises `ValueError` for n below 1. The concentration ratio CR_n.

    >>> top_share([4, 3, 2, 1], 2)
    0.7
    """
    if n < 1:
        raise ValueError(f"n: expected at least 1, got {n}")
    found = shares(values)
    return float(found[:n].sum()) if found.size else float("nan")


def hhi(values: Amounts) -> float:
    """How concentrated is the whole book? The sum of squared shares over all accounts, 1/n to 1.

    Herfindahl-Hirschman index on the 0-1 scale. For a picture in words use `effective_number`.

    >>> hhi([5, 5, 5, 5])
    0.25
    """
    found = shares(values)
    return float(found @ found) if found.size else float("nan")


def effective_number(values: Amounts) -> float:
    """As concentrated as how many equal customers? 1/HHI, 1 to n (Adelman's numbers equivalent).

    >>> effective_number([5, 5, 5, 5])
    4.0
    """
    return 1.0 / hhi(values)


def gini(values: Amounts) -> float:
    """How unequal are the accounts? 0 (all equal) to 1 - 1/n, without the small-sample factor.

    1 + (1 - 2 sum i s_i)/n with i the rank from the largest; twice the area between the Lorenz curve
    and the diagonal.

    >>> gini([1, 1, 1, 1])
    0.0
    """
    found = shares(values)
    n = found.size
    if not n:
        return float("nan")
    return float(1 + (1 - 2 * (np.arange(1, n + 1) @ found)) / n)


def lorenz(values: Amounts) -> tuple[Floats, Floats]:
    """What share do the smallest accounts make together?

    Returns the cumulative share of accounts and of the amount, from the smallest, both of shape
    (n + 1,) and from 0 to 1.

    >>> [a.tolist() for a in lorenz([1, 3])]
    [[0.0, 0.5, 1.0], [0.0, 0.25, 1.0]]
    """
    found = shares(values)[::-1]
    if not found.size:
        return np.zeros(1), np.zeros(1)
    amounts = np.concatenate([[0.0], np.cumsum(found)])
    amounts[-1] = 1.0
    return np.linspace(0.0, 1.0, found.size + 1), amounts


def accounts_for(values: Amounts, share: float) -> int:
    """How many of the largest accounts make at least this share? 0 where nothing is above zero.

    Raises `ValueError` for a share outside 0-1.

    >>> accounts_for([4, 3, 2, 1], 0.7)
    2
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: expected above 0 and at most 1, got {share}")
    reached = np.cumsum(shares(values))
    # A hair's breadth of rounding must not ask for one account more.
    return min(int(np.searchsorted(reached, share - 1e-12)) + 1, reached.size) if reached.size else 0


def abc_classes(values: Amounts, cuts: Sequence[float] = ABC_CUTS) -> npt.NDArray[np.str_]:
    """Which accounts are A, B and C? Shape and order of `values`; "" for an account at or below zero.

    An account is A while the accounts before it make less than the first cut, so that the account
    which crosses a cut still belongs above it. Ties keep the order given; pass accounts sorted by
    account_id and reruns agree. Raises `ValueError` for cuts that do not rise within 0-1.

    >>> abc_classes([80, 15, 5]).tolist()
    ['A', 'B', 'C']
    """
    first, second = cuts
    if not 0 < first < second <= 1:
        raise ValueError(f"cuts: expected 0 < first < second <= 1, got {first} and {second}")
    amounts = np.asarray(values, dtype=np.float64)
    classes = np.full(amounts.shape, "", dtype="<U1")
    found = shares(amounts)
    order = np.argsort(-amounts, kind="stable")[: found.size]
    before = np.concatenate([[0.0], np.cumsum(found)[:-1]])[: found.size]
    classes[order] = np.select([before < first - 1e-12, before < second - 1e-12], ["A", "B"], "C")
    return classes


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


@dataclass(frozen=True)
class Mover:
    """The account that changed a share most: its name, and by how much (0-1, signed)."""

    account_id: str
    account_name: str
    change: float


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


@dataclass(frozen=True)
class Group:
    """One customer made of several legal entities: joint share and the largest entity's own, 0-1."""

    account_id: str
    account_name: str
    entities: int
    share: float
    largest_entity_share: float


def groups(parents: Concentration, entities: Concentration, parent_of: pd.Series) -> list[Group]:
    """Which customers are more than their largest company shows?

    `parent_of` maps an entity's account_id (index) to its parent's. Groups of at least two entities
    that have a share themselves, largest first.
    """
    rows = entities.accounts.assign(parent=lambda frame: frame["account_id"].map(parent_of).fillna(frame["account_id"]))
    found = []
    for parent, members in rows.groupby("parent", sort=False):
        if len(members) > 1 and (share := parents.share_of(str(parent))) > 0:
            name = parents.accounts.loc[parents.accounts["account_id"] == parent, "account_name"].iloc[0]
            found.append(Group(str(parent), str(name), len(members), share, float(members["share"].max())))
    return sorted(found, key=lambda group: (-group.share, group.account_id))


@dataclass(frozen=True)
class Activity:
    """How concentrated one activity is: its amount, its largest account and that account's share."""

    activity: str
    kind: str
    name: str
    amount: float
    share_of_total: float
    accounts: int
    largest_account_id: str
    largest_account_name: str
    largest_share: float
    effective_accounts: float


def activities(frame: pd.DataFrame, by: str, measure: str, from_share: float) -> list[Activity]:
    """Where is it worse? One entry per value of `by` that makes at least `from_share` of the positive total.

    `frame` has account_id, account_name, `by` and the measure. Largest activity first.
    """
    totals = frame.groupby(by)[measure].sum()
    whole = totals[totals > 0].sum()
    found = []
    for name, total in totals.sort_values(ascending=False, kind="stable").items():
        book = concentrate(frame[frame[by] == name], measure)
        if total <= 0 or total < from_share * whole or not book.n:
            continue
        first = book.accounts.iloc[0]
        found.append(
            Activity(
                f"{by}:{name}",
                by,
                str(name), float(total), float(total / whole), book.n, str(first["account_id"]),
                str(first["account_name"]), float(first["share"]), book.effective_accounts,
            )
        )  # fmt: skip
    return found
