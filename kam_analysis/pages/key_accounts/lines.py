"""The key accounts and those nearest to them as lines, the most valuable first, with what a picture tells of each."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kam_analysis.analysis.segments import PRESENCE, largest_shares
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.compared import changed
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.key_accounts.reasons import activity_name, reason

Place = Literal["served", "not served", "not key"]


@dataclass(frozen=True)
class Line:
    """One account: `score` its value (0-1, NaN where not assessed), `share` the largest that it reaches (0-1), `why`
    in words; `place` says whether it is served, key without being served, or not key, `moved` "in" or "out"
    against the settings, or neither, `followed` whether it is the one that is looked at."""

    account_id: str
    name: str
    score: float
    share: float
    why: str
    place: Place
    moved: Literal["", "in", "out"]
    followed: bool


def lines(found: Evidence) -> Sequence[Line]:
    """Who is served, then who is key and is not, then who is not key: the nearest, who went out, and who is followed."""
    came, went = map(set, changed(found))
    keys = dict(zip(found.keys["account_id"], found.keys["largest_share"], strict=True))
    why, reached = _first_reasons(found), _reached(found, {*went, found.customer} - set(keys) - {""})
    moved: dict[str, Literal["in", "out"]] = {**dict.fromkeys(came, "in"), **dict.fromkeys(went, "out")}

    def line(account_id: str, place: Place) -> Line:
        share, activity = reached.get(account_id, (keys.get(account_id, 0.0), ""))
        said = why.get(account_id) or (f"{_told(share)} of {activity_name(activity)}" if activity else "")
        score = found.of(found.scores, account_id, "score")
        name, value = found.name(account_id), math.nan if score is None else float(score)
        return Line(
            account_id, name, value, share, said, place, moved.get(account_id, ""), account_id == found.customer
        )

    inside = [line(each, "served") for each in found.cut.inside["account_id"]]
    others = _outside(found, {*went, found.customer} - found.served - {""})
    apart = [line(each, "not served" if each in keys else "not key") for each in others]
    return [*inside, *sorted(apart, key=_order)]


def _told(share: float) -> str:
    """Near the threshold a tenth of a point may matter."""
    return style.share(share, 1 if share < 0.1 else 0)


def _outside(found: Evidence, named: set[str]) -> Iterator[str]:
    near = found.cut.just_outside["account_id"].tolist()
    yield from near
    yield from sorted(named.difference(near))


def _order(line: Line) -> tuple[bool, float, str]:
    """Key accounts by value, the others by how near they come."""
    value = line.score if line.place == "not served" else line.share
    return line.place == "not key", -value if value == value else 1.0, line.account_id


def _first_reasons(found: Evidence) -> dict[str, str]:
    """The activity of the largest share by account, in words; presence where there is none."""
    said: dict[str, str] = {}
    rows = found.significant.to_dict("records")
    for row in sorted(rows, key=lambda each: (each["activity"] == PRESENCE, -each["share"], each["activity"])):
        if str(row["account_id"]) not in said:
            said[str(row["account_id"])] = reason(found, row)
    return said


def _reached(found: Evidence, others: set[str]) -> dict[str, tuple[float, str]]:
    """The largest share, and of what, of those who are not key."""
    near = found.cut.just_outside
    reached = {
        str(id_): (float(share), str(activity))
        for id_, share, activity, key in zip(
            near["account_id"], near["largest_share"], near["activity"], near["key"], strict=True
        )
        if not key
    }
    unknown = others.difference(reached)
    if unknown:
        best = largest_shares(found.rows[found.rows["account_id"].isin(unknown)])
        reached |= {str(each["account_id"]): (each["share"], each["activity"]) for each in best.to_dict("records")}
    return reached
