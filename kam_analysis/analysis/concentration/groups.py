"""Customers made of several legal entities: harmless company by company, large as one."""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration


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
