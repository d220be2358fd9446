"""Why an account is key, is not, or is robust: the words and figures that answer, tables and charts share."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import PRESENCE, largest_shares
from kam_analysis.pages import style
from kam_analysis.pages.words import listed, measure_name, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

_REASONS = 2
NAMED = 3  # so many customers are named in a sentence, and how many more there are
# Who reaches this part of the threshold is just below it, and is named: nobody should be missed for a few tenths of a point.
JUST_BELOW = 0.9


def just_below(found: "Found") -> pd.DataFrame:
    """The customers that are not key and reach nine tenths of the threshold: account_id, activity, share, the nearest first."""
    shares = found.shares
    # Nine tenths of 10% is a little more than 9% to a computer.
    near = shares[(shares["share"] >= JUST_BELOW * found.key_share - 1e-12) & ~shares["significant"]]
    near = near[~near["account_id"].isin(found.keys["account_id"]) & ~near["activity"].isin(found.common["activity"])]
    return largest_shares(near).sort_values(["share", "account_id"], ascending=[False, True], ignore_index=True)


def short_of(found: "Found", row: Mapping[Hashable, Any] | pd.Series) -> str:
    """How many points a share is short of the threshold."""
    points = 100 * (found.key_share - float(row["share"]))
    # A share that is written like the threshold itself would read as a mistake.
    activity = activity_name(str(row["activity"]))
    if points < 0.05:
        return say("reasons.hardly_short", share=style.share(row["share"], 2), activity=activity)
    share, short = style.share(row["share"], 1), style.decimal(points, 1)
    return say("reasons.short", share=share, activity=activity, points=short)


def reasons(found: "Found", account_id: str, *, most: int = _REASONS) -> str:
    """The activities that an account is key on, the largest share first: "41% of Skids, 12% of margin"."""
    rows = found.significant[found.significant["account_id"] == account_id]
    passed = rows.assign(apart=rows["activity"] == PRESENCE)
    passed = passed.sort_values(["apart", "share", "activity"], ascending=[True, False, True])
    said = [reason(row) for row in passed.head(most).to_dict("records")]
    more = len(passed) - len(said)
    return ", ".join(said) + (say("reasons.more", more=more) if more > 0 else "")


def briefly(why: str) -> str:
    """A reason where there is little room: "3 of 4 regions"."""
    return why.removeprefix(say("reasons.buys_in"))


def reason(row: Mapping[Hashable, Any]) -> str:
    """One activity in words."""
    share, activity = float(row["share"]), str(row["activity"])
    if activity == PRESENCE:
        served, regions = f"{row['amount']:.0f}", round(float(row["amount"]) / share)
        return say("reasons.buys_in") + say("reasons.presence", served=served, regions=regions)
    return say("reasons.share", share=style.share(share, 0), activity=activity_name(activity))


def activity_name(activity: str) -> str:
    """An activity as a sentence names it."""
    kind, _, name = activity.partition(":")
    return name or measure_name(kind)


def not_key(found: "Found", account_id: str) -> str:
    """Why an account is not key: "highest share 4.8% of Valves, margin -2.0%"."""
    rows = found.shares[(found.shares["account_id"] == account_id) & (found.shares["activity"] != PRESENCE)]
    best = rows.sort_values("share", ascending=False).head(1).to_dict("records")
    said = [
        say("reasons.highest", share=style.share(each["share"]), activity=activity_name(str(each["activity"])))
        for each in best
    ]
    margin = margin_share(found, account_id)
    return ", ".join(said + ([] if margin is None else [say("reasons.margin", share=style.share(margin))]))


def is_firm(found: "Found", account_id: str) -> bool:
    """Whether an account is among the best in at least nine tenths of weightings."""
    return bool(found.of(found.scores, account_id, "badge") == "firm")


def robust(found: "Found", account_id: str) -> str:
    """That in a word: "robust" or "borderline"."""
    if found.of(found.scores, account_id, "badge") is None:
        return style.NOT_ASSESSED
    return say("robust.robust" if is_firm(found, account_id) else "robust.borderline")


def share_of(found: "Found", account_id: str) -> float:
    """An account's share of the book (0-1)."""
    value = found.of(found.book.accounts, account_id, "share")
    return found.book.share_of(account_id) if value is None else float(value)


def margin_share(found: "Found", account_id: str) -> float | None:
    """An account's margin by its sales; None where it is not known."""
    value = found.of(found.invoices, account_id, "margin_share")
    return None if value is None or pd.isna(value) else float(value)


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


def moved(found: "Found") -> tuple[Sequence[str], Sequence[str]]:
    """Who became key since the year before and who is no longer, as account_ids."""
    if found.keys_before is None:
        return [], []
    now, before = set(found.keys["account_id"]), set(found.keys_before["account_id"])
    return [each for each in found.ordered if each not in before], sorted(before - now)


def changed(found: "Found") -> tuple[Sequence[str], Sequence[str]]:
    """Who comes in and who goes out against the settings, the largest sales first; nobody where nothing else is asked."""
    if found.usual is None:
        return [], []
    return _largest_first(found, found.served - found.usual), _largest_first(found, found.usual - found.served)


def _largest_first(found: "Found", ids: frozenset[str]) -> Sequence[str]:
    return sorted(ids, key=lambda each: (-share_of(found, each), each))


def against_settings(found: "Found") -> str:
    """That in a sentence; empty where nothing else than the settings is asked for."""
    if found.usual is None:
        return ""
    came, went = changed(found)
    if not came and not went:
        return say("compared.same")
    way_in = say("compared.come" if len(came) > 1 else "compared.comes", who=_listed(found, came))
    way_out = say("compared.go" if len(went) > 1 else "compared.goes", who=_listed(found, went))
    return say("compared.changed", came=way_in, went=way_out)


def _listed(found: "Found", ids: Sequence[str]) -> str:
    return listed(map(found.name, ids), NAMED) or say("compared.nobody")


def where_it_stands(found: "Found") -> str:
    """The followed account's value, its place, and why it is key or is not; empty for no account."""
    if not found.customer:
        return ""
    who = found.name(found.customer)
    score = found.of(found.scores, found.customer, "score")
    if score is None:
        said = say("compared.no_value", who=who)
    else:
        known = found.scores["score"].dropna()
        place, all_of_them = style.count(int((known > score).sum()) + 1), style.count(len(known))
        said = say("compared.place", who=who, place=place, all=all_of_them, value=style.decimal(score, 2))
    if found.customer in set(found.keys["account_id"]):
        why = reasons(found, found.customer)
        if found.customer in found.served:
            return f"{said} {say('compared.key', why=why)}"
        return f"{said} {say('compared.not_served', why=why, limit=found.limit)}"
    why = not_key(found, found.customer)
    return f"{said} {say('compared.not_key', why=why) if why else say('compared.not_key_at_all')}"
