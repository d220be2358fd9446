"""How many key accounts can be served, who is just inside that number, who just outside, and why?"""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.segments.significance import largest_shares

# So many on either side of the cut are worth a discussion.
NEAR = 3


@dataclass(frozen=True)
class Cut:
    """The key accounts that can be served, and those nearest to the cut on either side.

    Each frame has rank (1 up, by score), account_id, key (whether it is significant somewhere), score
    (0-1, NaN where not assessed), largest_share and activity (the largest share that it reaches, 0-1,
    and of what; 0 and "" where that is not known) and lead: its score less that of the account across
    the cut (at least 0 for those inside, at most 0 for those outside; NaN where nobody is there).
    """

    inside: pd.DataFrame
    just_inside: pd.DataFrame
    just_outside: pd.DataFrame


def cut(
    keys: pd.DataFrame, scores: pd.DataFrame, limit: int, rows: pd.DataFrame | None = None, near: int = NEAR
) -> Cut:
    """With whom do we begin where only so many can be served?

    `keys`: account_id, largest_share, as `key_accounts` gives. `scores`: account_id, score, of all
    accounts. `rows`: the rows of `significance`, for the shares of accounts that are not key. `limit`:
    how many can be served; practice reports 15 to 35. `near`: how many to name on either side.

    Key accounts go by score; ties, and those without a score at the end, by largest share, then by
    account_id. Where there are fewer of them than `limit` all are inside, and just outside are the next
    best others, by score. Raises `ValueError` for a limit below 1.

    >>> keys = pd.DataFrame({"account_id": ["a", "b", "c"], "largest_share": [0.4, 0.2, 0.1]})
    >>> scores = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "score": [0.9, 0.3, 0.5, 0.7]})
    >>> found = cut(keys, scores, 2)
    >>> found.inside["account_id"].tolist(), found.just_outside["account_id"].tolist()
    (['a', 'c'], ['b'])
    >>> cut(keys, scores, 15).just_outside["account_id"].tolist()
    ['d']
    """
    if limit < 1:
        raise ValueError(f"limit: expected at least 1, got {limit}")
    ranked = _ranked(keys, scores, rows)
    inside = ranked[ranked["key"]].head(limit)
    rest = ranked.drop(inside.index)
    # Whoever is key comes first: a better score does not make an account key.
    outside = rest[rest["key"]] if rest["key"].any() else rest
    last, following = inside["score"].tail(1), outside["score"].head(1)
    inside = _placed(inside, 0, float(following.iloc[0]) if len(following) else float("nan"))
    outside = _placed(outside.head(near), len(inside), float(last.iloc[0]) if len(last) else float("nan"))
    return Cut(inside, inside.tail(near).reset_index(drop=True), outside)


def _ranked(keys: pd.DataFrame, scores: pd.DataFrame, rows: pd.DataFrame | None) -> pd.DataFrame:
    """All accounts by score with their largest share, what it is of, and whether they are key."""
    every = keys[["account_id", "largest_share"]].merge(scores[["account_id", "score"]], how="outer", on="account_id")
    every["key"] = every["account_id"].isin(keys["account_id"])
    every["activity"] = ""
    if rows is not None:
        best = largest_shares(rows).set_index("account_id")
        every["largest_share"] = every["account_id"].map(best["share"]).fillna(every["largest_share"])
        every["activity"] = every["account_id"].map(best["activity"]).fillna("")
    every["largest_share"] = every["largest_share"].fillna(0.0)
    order = ["score", "largest_share", "account_id"]
    return every.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _placed(rows: pd.DataFrame, before: int, across: float) -> pd.DataFrame:
    rows = rows.assign(rank=range(before + 1, before + 1 + len(rows)), lead=rows["score"] - across)
    names = ["rank", "account_id", "key", "score", "largest_share", "activity", "lead"]
    return rows[names].reset_index(drop=True)
