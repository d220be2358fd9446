"""How many key accounts can be served, who is just inside that number, who just outside, and why?"""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.segments.significance import PRESENCE, largest_shares

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
    account_id. Where there are fewer of them than `limit` all are inside, and just outside are those who
    come nearest to being key, by the largest share that they reach (by score where `rows` are not
    given); ties by account_id. Raises `ValueError` for a limit below 1.

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
    points = scores[["account_id", "score"]]
    known = keys[["account_id", "largest_share"]].merge(points, how="left", on="account_id").assign(key=True)
    known = known.sort_values(["score", "largest_share", "account_id"], ascending=[False, False, True])
    inside, outside = known.iloc[:limit], known.iloc[limit:]
    if outside.empty:
        others = points[~points["account_id"].isin(keys["account_id"])]
        outside = _nearest(others, keys["account_id"], rows, near).assign(key=False)
    last, following = (float(each.iloc[0]) if len(each) else float("nan")
                       for each in (inside["score"].tail(1), outside["score"].head(1)))  # fmt: skip
    inside = _placed(inside, 0, following, rows)
    outside = _placed(outside.head(near), len(inside), last, rows)
    return Cut(inside, inside.tail(near).reset_index(drop=True), outside)


def _nearest(others: pd.DataFrame, keys: pd.Series, rows: pd.DataFrame | None, near: int) -> pd.DataFrame:
    """Who is not key, nearest to it first."""
    if rows is None:
        best = others.nlargest(near, "score", keep="all")
        return best.sort_values(["score", "account_id"], ascending=[False, True])
    # A better score makes nobody key: a larger share does.
    shares = rows.loc[(rows["activity"] != PRESENCE) & (rows["share"] > 0), ["account_id", "share"]]
    shares = shares[~shares["account_id"].isin(keys)]
    # An account has a row per activity at most: so many rows hold the nearest ones, whatever the number of accounts.
    first = shares.nlargest(near * rows["activity"].nunique(), "share", keep="all")
    best = first.sort_values(["share", "account_id"], ascending=[False, True]).drop_duplicates("account_id")
    chosen = others[others["account_id"].isin(best["account_id"])]
    return best[["account_id"]].merge(chosen, on="account_id")


def _placed(accounts: pd.DataFrame, before: int, across: float, rows: pd.DataFrame | None) -> pd.DataFrame:
    """The columns of `Cut`, ranked from `before` on; `across` is the score on the other side of the cut."""
    found = accounts.assign(rank=range(before + 1, before + 1 + len(accounts)), lead=accounts["score"] - across)
    if "largest_share" not in found:
        found["largest_share"] = 0.0
    best = [] if rows is None else largest_shares(rows[rows["account_id"].isin(found["account_id"])]).to_dict("records")
    reached = {each["account_id"]: each for each in best}
    named = [reached.get(each, {}) for each in found["account_id"]]
    shares = [each.get("share", own) for each, own in zip(named, found["largest_share"], strict=True)]
    found = found.assign(largest_share=pd.Series(shares, found.index, dtype="float64"))
    found["activity"] = pd.Series([each.get("activity", "") for each in named], found.index, dtype="str")
    names = ["rank", "account_id", "key", "score", "largest_share", "activity", "lead"]
    return found[names].reset_index(drop=True)
