"""What moved between two periods, and through whom."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration


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
