"""How many key accounts can be served, who is just inside that number, who just outside, and why?"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.segments.significance import PRESENCE

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


@takes_frames
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
    known = sorted(_known(keys["account_id"], keys["largest_share"], scores), key=_first_served)
    inside, outside = known[:limit], known[limit : limit + near]
    if not outside:
        outside = _nearest(scores, keys["account_id"], rows, near)
    last, following = (at[end].score if at else math.nan for at, end in ((inside, -1), (outside, 0)))
    reached = _reached(rows, [each.account_id for each in (*inside, *outside)])
    first = _placed(inside, 0, following, reached)
    return Cut(first, first.tail(near).reset_index(drop=True), _placed(outside, len(inside), last, reached))


class _Account(NamedTuple):
    account_id: str
    key: bool
    score: float
    share: float


# Few accounts are near the cut: they are handled one by one, frames of a million in whole columns.
def _known(ids: pd.Series, shares: Iterable[float], scores: pd.DataFrame, key: bool = True) -> list[_Account]:
    """Accounts with their scores, missing where `scores` has none."""
    there = scores[scores["account_id"].isin(ids)]
    score = dict(zip(there["account_id"], there["score"], strict=True))
    return [_Account(id_, key, float(score.get(id_, math.nan)), share) for id_, share in zip(ids, shares, strict=True)]


def _first_served(account: _Account) -> tuple[bool, float, float, str]:
    unknown = math.isnan(account.score)
    return unknown, 0.0 if unknown else -account.score, -account.share, account.account_id


def _nearest(scores: pd.DataFrame, keys: pd.Series, rows: pd.DataFrame | None, near: int) -> list[_Account]:
    """Who is not key, nearest to it first."""
    if rows is None:
        best = scores[~scores["account_id"].isin(keys)].nlargest(near, "score", keep="all")
        best = best.sort_values(["score", "account_id"], ascending=[False, True]).head(near)
        return _known(best["account_id"], [0.0] * len(best), best, key=False)
    # A better score makes nobody key: a larger share does.
    at = np.flatnonzero((rows["activity"] != PRESENCE).to_numpy() & (rows["share"] > 0).to_numpy())
    shares = rows["share"].to_numpy()[at]
    # An account has a row per activity at most: so many rows hold the nearest ones, whatever the number of accounts.
    enough = (near + len(keys)) * rows["activity"].nunique()
    if len(at) > enough:
        at = at[shares >= np.partition(shares, -enough)[-enough]]
    first = rows[["account_id", "share"]].iloc[at]
    apart: set[str] = set(keys)
    reached: dict[str, float] = {}
    for share, id_ in sorted(zip(-first["share"], first["account_id"], strict=True)):
        if id_ not in apart:
            reached.setdefault(id_, -share)
    there = scores[scores["account_id"].isin(list(reached))]
    apart.update(set(reached).difference(there["account_id"]))
    ids = [id_ for id_ in reached if id_ not in apart][:near]
    return _known(pd.Series(ids, dtype="str"), [reached[id_] for id_ in ids], there, key=False)


def _reached(rows: pd.DataFrame | None, ids: Sequence[str]) -> dict[str, tuple[float, str]]:
    """The largest share of a few accounts, and of what; ties by activity."""
    found: dict[str, tuple[float, str]] = {}
    if rows is None:
        return found
    theirs = rows[rows["account_id"].isin(ids)]
    for id_, activity, share in zip(theirs["account_id"], theirs["activity"], theirs["share"], strict=True):
        best, named = found.get(id_, (0.0, ""))
        if activity != PRESENCE and (share > best or (share == best > 0 and activity < named)):
            found[id_] = share, activity
    return found


def _placed(
    accounts: Sequence[_Account], before: int, across: float, reached: Mapping[str, tuple[float, str]]
) -> pd.DataFrame:
    """The columns of `Cut`, ranked from `before` on; `across` is the score on the other side of the cut."""
    best = [reached.get(each.account_id, (each.share, "")) for each in accounts]
    score = pd.Series([each.score for each in accounts], dtype="float64")
    found = {
        "rank": np.arange(before + 1, before + 1 + len(accounts)),
        "account_id": pd.Series([each.account_id for each in accounts], dtype="str"),
        "key": pd.Series([each.key for each in accounts], dtype="bool"),
        "score": score,
        "largest_share": pd.Series([share for share, _ in best], dtype="float64"),
        "activity": pd.Series([activity for _, activity in best], dtype="str"),
        "lead": score - across,
    }
    return pd.DataFrame(found)
