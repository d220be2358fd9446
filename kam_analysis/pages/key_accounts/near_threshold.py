"""The threshold from which a customer is key: who is just below it, who comes nearest, and what tells nobody apart."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.segments import PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.reasons import activity_name, just_below, share_of, short_of
from kam_analysis.pages.sentences import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)


def near_threshold(found: "Found") -> str:
    """Who misses the threshold by little, the nearest by name; and the largest customer, where it is not key."""
    return " ".join(filter(None, [_just_below(found) if len(found.keys) else "", _largest(found)]))


def _just_below(found: "Found") -> str:
    near = just_below(found)
    if near.empty:
        return ""
    first, more = near.iloc[0], len(near) - 1
    who, short = _called(found, str(first["account_id"])), short_of(found, first)
    if more > 1:
        return say("answer.below_and_more", who=who, short=short, more=style.count(more))
    return say("answer.below_and_one" if more else "answer.below", who=who, short=short)


def _called(found: "Found", account_id: str) -> str:
    largest, who = str(found.book.accounts["account_id"].iloc[0]), found.name(account_id)
    return say("answer.the_largest", who=who) if account_id == largest else who


def _largest(found: "Found") -> str:
    """That the largest customer is not key, where nothing else has named it."""
    if not found.book.n:
        return ""
    account_id = str(found.book.accounts["account_id"].iloc[0])
    named = {*found.keys["account_id"], *just_below(found)["account_id"].head(1)}
    nearest = None if len(found.keys) else _nearest_share(found)
    if account_id in named or (nearest is not None and nearest["account_id"] == account_id):
        return ""
    return say(
        "answer.largest",
        who=found.name(account_id),
        share=style.share(share_of(found, account_id)),
        measure=found.about.measure_words,
        needed=style.share(found.key_share, 0),
    )


def nearest(found: "Found") -> str:
    """Who comes nearest to being key, where nobody is."""
    first = _nearest_share(found)
    if first is None:
        return ""
    who, share = found.name(str(first["account_id"])), style.share(first["share"])
    return say("answer.nearest", who=who, share=share, activity=activity_name(first["activity"]))


def _nearest_share(found: "Found") -> pd.Series | None:
    """The largest share that anybody has of anything but presence."""
    shares = found.shares[(found.shares["activity"] != PRESENCE) & found.shares["share"].notna()]
    return None if shares.empty else shares.iloc[int(shares["share"].argmax())]


def most_carry(found: "Found") -> bool:
    """Whether most customers carry so much of an activity that it makes nobody key."""
    return bool((found.common["activity"] != PRESENCE).any())


def without_telling(found: "Found") -> list[str]:
    """What makes nobody key because most customers meet it, in sentences."""
    said = []
    for each in found.common.to_dict("records"):
        of = {"met": style.count(each["met"]), "customers": style.counted(each["customers"], "customer")}
        if each["activity"] == PRESENCE:
            fewest, regions = _regions_needed(found)
            said.append(say("caveats.presence", fewest=fewest, regions=regions, **of))
        else:
            share, name = style.share(found.key_share, 0), activity_name(each["activity"])
            said.append(say("caveats.common", activity=name, share=share, **of))
    return said


def _regions_needed(found: "Found") -> tuple[int, int]:
    """In how many of our regions presence begins: the fewest of those that meet it, and all of ours."""
    rows = found.shares[found.shares["activity"] == PRESENCE]
    regions = round(float(rows["amount"].iloc[0]) / float(rows["share"].iloc[0]))
    return int(rows.loc[rows["met"], "amount"].min()), regions
