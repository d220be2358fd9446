"""What if the companies that may be one customer are one: would the largest customers be others?"""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration, concentrate
from kam_analysis.analysis.frames import takes_frames

LARGEST = 5


@dataclass(frozen=True)
class Joined:
    """A customer among the largest if suggested parents are right: how many accounts of the book, and what they make.

    `share` (0-1) and `rank` (from 1) are those after joining.
    """

    account_id: str
    account_name: str
    accounts: int
    amount: float
    share: float
    rank: int


@takes_frames
def joined(book: Concentration, suggested: pd.DataFrame, largest: int = LARGEST) -> list[Joined]:
    """Which customers among the largest would be larger, or new there, if what is suggested were confirmed?

    `suggested` as `suggested_parents` gives it (account_id, parent_id, parent_name). Largest first; none where the
    largest stay as they are.

    >>> frame = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": "", "revenue": [4.0, 3.0, 5.0]})
    >>> pairs = pd.DataFrame({"account_id": ["b"], "parent_id": ["a"], "parent_name": ["Acme"]})
    >>> [(each.account_id, each.accounts, each.rank) for each in joined(concentrate(frame, "revenue"), pairs)]
    [('a', 2, 1)]
    """
    rows = book.accounts
    if suggested.empty:
        return []
    above = suggested.drop_duplicates("account_id").set_index("account_id")["parent_id"]
    one = rows["account_id"].map(above).fillna(rows["account_id"])
    whole = rows.assign(account_id=one).groupby("account_id", sort=False)
    frame = whole.agg(amount=("amount", "sum"), account_name=("account_name", "first"), n=("amount", "size"))
    after = concentrate(frame.reset_index(), "amount").accounts.head(largest)
    names = suggested.drop_duplicates("parent_id").set_index("parent_id")["parent_name"]
    return [
        Joined(each, str(names.get(each) or name), int(frame.loc[each, "n"]), amount, share, rank)
        for rank, (each, name, amount, share) in enumerate(
            after[["account_id", "account_name", "amount", "share"]].itertuples(index=False), 1
        )
        if frame.loc[each, "n"] > 1
    ]


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
    own = entities.accounts["account_id"]
    parent = own.map(parent_of).astype("str").fillna(own)
    # Grouped by number: a million accounts have hundreds of thousands of parents.
    codes, names = pd.factorize(parent)
    members = entities.accounts["share"].groupby(codes).agg(["size", "max"]).set_axis(pd.Index(names))
    members = members[members["size"] > 1]
    joint = parents.accounts[["account_id", "account_name", "share"]].merge(
        members, left_on="account_id", right_index=True
    )
    return [
        Group(*row)
        for row in joint.sort_values(["share", "account_id"], ascending=[False, True])[
            ["account_id", "account_name", "size", "share", "max"]
        ].itertuples(index=False, name=None)
    ]
