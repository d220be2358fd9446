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
    rows = entities.accounts.assign(parent=lambda frame: frame["account_id"].map(parent_of).fillna(frame["account_id"]))
    found = []
    for parent, members in rows.groupby("parent", sort=False):
        if len(members) > 1 and (share := parents.share_of(str(parent))) > 0:
            name = parents.accounts.loc[parents.accounts["account_id"] == parent, "account_name"].iloc[0]
            found.append(Group(str(parent), str(name), len(members), share, float(members["share"].max())))
    return sorted(found, key=lambda group: (-group.share, group.account_id))
