"""Who is just inside the list, who just outside, and why."""

from collections.abc import Hashable, Mapping
from typing import Any

from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together
from kam_analysis.pages.key_accounts.findings import Evidence, activity_name, reasons


def line_table(found: Evidence) -> Html:
    """Both sides of the line, with what puts each there."""
    full = len(found.keys) > found.limit
    rows = [_inside(found, row, full) for row in found.cut.just_inside.to_dict("records")]
    rows += [_outside(found, row) for row in found.cut.just_outside.to_dict("records")]
    if not rows:
        return Html("")
    columns = {"name": "Customer|", "side": "Now|", "why": "Why|", "score": "Value (0-1)"}
    return together(paragraph(_room(found)), table(columns, rows, "On either side of the line"), *_most_valuable(found))


def _room(found: Evidence) -> str:
    limit, room = found.limit, found.limit - len(found.keys)
    if room < 0:
        return f"{limit} can be served: the {limit} most valuable of {len(found.keys)} key accounts."
    left = f"there is room for {room} more" if room else "the list is full"
    return f"{limit} can be served: {left}. To be key, {style.share(found.threshold, 0)} of something that matters is needed."


def _inside(found: Evidence, row: Mapping[Hashable, Any], full: bool) -> dict[str, str]:
    why = reasons(found, str(row["account_id"]))
    ahead = (
        f"; {style.decimal(row['lead'], 2)} of value ahead of the first outside" if full and _told(row["lead"]) else ""
    )
    return _line(found, row, "inside", why + ahead)


def _outside(found: Evidence, row: Mapping[Hashable, Any]) -> dict[str, str]:
    if row["key"]:
        behind = f", {style.decimal(-row['lead'], 2)} of value behind the last inside" if _told(row["lead"]) else ""
        return _line(found, row, "key, not served", f"{reasons(found, str(row['account_id']))}{behind}")
    short = style.points(found.threshold - row["largest_share"]).lstrip("+")
    most = (
        f"{style.share(row['largest_share'])} of {activity_name(row['activity'])} is the most it reaches: {short} short"
    )
    return _line(found, row, "outside", most if row["activity"] else "")


def _line(found: Evidence, row: Mapping[Hashable, Any], side: str, why: str) -> dict[str, str]:
    account_id = str(row["account_id"])
    score = style.decimal(row["score"], 2) if _told(row["score"]) else style.NOT_ASSESSED
    return {"name": found.name(account_id), "side": side, "why": why, "score": score}


def _most_valuable(found: Evidence) -> list[Html]:
    """Whoever scores best without being key: a reader who sees the scores will ask."""
    others = found.scores[~found.scores["account_id"].isin(found.keys["account_id"])].nlargest(1, "score")
    if others.empty or not len(found.keys):
        return []
    best = others.iloc[0]
    who = found.name(str(best["account_id"]))
    said = f"The most valuable of all who are not key is {who} ({style.decimal(best['score'], 2)}): value alone makes nobody key."
    return [paragraph(said, "note")]


def borders(found: Evidence) -> Html:
    """How to read the matrix, and which key accounts are so near a border that a small change moves them across."""
    assert found.matrix is not None
    near = found.matrix.loc[found.matrix["borderline"], "account_id"]
    names = [found.name(each) for each in found.ordered if each in set(near)]
    near_it = f" Orange with a dark rim, near a border: {', '.join(names)}." if names else ""
    return paragraph(f"Up: more valuable. Right: our position is stronger. Area: sales.{near_it}")


def _told(number: float) -> bool:
    return number == number
