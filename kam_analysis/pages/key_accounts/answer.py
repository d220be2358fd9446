"""The first screen and the words behind it: who is key and why, against the company's own list and settings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kam_analysis.analysis.segments import CRITERIA, FIRM, PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.key_accounts.reasons import (
    activity_name,
    is_firm,
    just_below,
    listed,
    margin_share,
    reasons,
    share_of,
    short_of,
)
from kam_analysis.pages.words import number_word

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

# What is done with an account, by the kind of work that `segments.kinds_of_work` finds, the urgent first.
WORK_WORDS = {"rescue": "rescue", "assessment": "investigate", "pursuit": "grow", "review": "maintain"}
# How urgent each is: the word stands in a pill of that tone.
WORK_TONES = {"rescue": "bad", "investigate": "warn", "grow": "accent", "maintain": ""}
# Every place that calls an account robust says what that means.
ROBUST = f"in at least {style.share(FIRM, 0)} of weightings"


def answer(found: "Found") -> str:
    """The finding in one or two sentences: who must be rescued, how many are key, and how the company's list differs."""
    n = len(found.keys)
    if not n:
        return f"None of {style.counted(found.book.n, 'customer')} is key.{_nearest(found)}{_largest(found)}"
    said = f"{style.count(n)} of {style.counted(found.book.n, 'customer')} {'is' if n == 1 else 'are'} key"
    if n > found.limit:
        said += f", more than the {found.limit} that can be served"
    said = f"{_rescues(found)}{said}{_against_list(found) if found.listing else _first_names(found)}."
    return f"{said}{_just_below(found)}{_largest(found)}"


def _nearest(found: "Found") -> str:
    first = _nearest_share(found)
    if first is None:
        return ""
    who = found.name(str(first["account_id"]))
    return f" {who} comes nearest with {style.share(first['share'])} of {activity_name(first['activity'])}."


def _just_below(found: "Found") -> str:
    """Who misses the threshold by little, the nearest by name."""
    near = just_below(found)
    if near.empty:
        return ""
    first = near.iloc[0]
    more = f", and {style.counted(len(near) - 1, 'more customer')} nearly as close" if len(near) > 1 else ""
    return f" {_called(found, str(first['account_id']))} is just below the threshold ({short_of(found, first)}){more}."


def _called(found: "Found", account_id: str) -> str:
    largest = str(found.book.accounts["account_id"].iloc[0])
    return found.name(account_id) + (", the largest customer," if account_id == largest else "")


def _largest(found: "Found") -> str:
    """That the largest customer is not key, where nothing else has named it."""
    if not found.book.n:
        return ""
    account_id = str(found.book.accounts["account_id"].iloc[0])
    named = {*found.keys["account_id"], *just_below(found)["account_id"].head(1)}
    nearest = None if len(found.keys) else _nearest_share(found)
    if account_id in named or (nearest is not None and nearest["account_id"] == account_id):
        return ""
    needed = style.share(found.key_share, 0)
    said = f" The largest customer, {found.name(account_id)}, is not key"
    return f"{said}: it has {style.share(share_of(found, account_id))} of {found.about.measure_words}, and {needed} is needed."


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
        met = f"{style.count(each['met'])} of {style.counted(each['customers'], 'customer')}"
        if each["activity"] == PRESENCE:
            what = f"{met} buy in {_regions_needed(found)}"
            said.append(f"Presence in regions makes nobody key here: {what}, so it does not tell them apart.")
        else:
            what = f"{met} carry {style.share(found.key_share, 0)} of it or more"
            name = activity_name(each["activity"])
            said.append(f"A share of {name} makes nobody key here: {what}, so it does not tell them apart.")
    return said


def _regions_needed(found: "Found") -> str:
    """In how many of our regions presence begins: the fewest of those that meet it."""
    rows = found.shares[found.shares["activity"] == PRESENCE]
    regions = round(float(rows["amount"].iloc[0]) / float(rows["share"].iloc[0]))
    fewest = int(rows.loc[rows["met"], "amount"].min())
    return f"at least {fewest} of our {regions} regions"


def served_or_why(found: "Found", account_id: str) -> str:
    """Whether a key account is among those served; where it is not, why."""
    if account_id in found.served:
        return "yes"
    value = found.of(found.scores, account_id, "score")
    if value is None:
        return "no: value not assessed"
    return f"no: value {style.decimal(value, 2)}, {style.decimal(found.cut.inside['score'].iloc[-1], 2)} needed"


def largest_not_served(found: "Found") -> str:
    """Why the largest key account is not among those served; empty where it is."""
    if not found.ordered or found.ordered[0] in found.served:
        return ""
    first = found.ordered[0]
    labels = {each.name: each.label.lower() for each in CRITERIA if each.name in found.criteria}
    points = {name: found.of(found.criteria, first, name) for name in labels}
    known = sorted((value, name) for name, value in points.items() if value is not None)
    weak = " and ".join(f"{labels[name]} ({style.decimal(value, 2)} of 1)" for value, name in known[:2])
    why = served_or_why(found, first).removeprefix("no: ")
    said = f"{found.name(first)} has the largest sales of the key accounts and is not among the {found.limit} served: {why}"
    return f"{said}; it is weakest on {weak}." if weak else f"{said}."


def tooshort_of(found: "Found") -> Sequence[str]:
    """The key accounts of which a fall in sales cannot be told."""
    if "compared_with" not in found.standing:
        return []
    judged = found.standing.loc[found.standing["compared_with"] != "", "account_id"]
    known = set(judged[judged.isin(found.keys["account_id"])])
    return [each for each in found.ordered if each not in known]


def _rescues(found: "Found") -> str:
    names = [found.name(each) for each in found.ordered if found.of(found.work, each, "work") == "rescue"]
    if not names:
        return ""
    return f"{listed(names)} {'needs a rescue plan' if len(names) == 1 else 'need rescue plans'}. "


def _against_list(found: "Found") -> str:
    assert found.listing is not None
    missing, habit = len(found.listing.missing), len(found.listing.habit)
    without = f"{number_word(habit)} on it {'does' if habit == 1 else 'do'} not qualify" if habit else ""
    if missing:
        said = f": {number_word(missing)} {'is' if missing == 1 else 'are'} missing from your list"
        return said + (f", {without}" if habit else "")
    same = "it is on your list" if len(found.keys) == 1 else "all are on your list"
    return f": {same}" + (f", {without}" if habit else "")


def _first_names(found: "Found") -> str:
    return f": {_with_first_reason(found, found.ordered)}"


def _with_first_reason(found: "Found", ids: Sequence[str]) -> str:
    first = f"{found.name(ids[0])} ({reasons(found, ids[0], most=1)})"
    return listed([first, *map(found.name, ids[1:])])


def beside_the_list(found: "Found") -> str:
    """Who is missing from the company's list and who is on it without qualifying, by name; empty where nobody is."""
    if found.listing is None:
        return ""
    missing = [each for each in found.ordered if each in found.listing.missing]
    habit = sorted(found.listing.habit, key=lambda each: -share_of(found, each))
    said = [f"Missing from your list: {_with_first_reason(found, missing)}."] if missing else []
    if habit:
        names = [f"{found.name(habit[0])} ({_why_not(found, habit[0])})", *map(found.name, habit[1:])]
        said.append(f"On it without qualifying: {listed(names)}.")
    return " ".join(said)


def _why_not(found: "Found", account_id: str) -> str:
    margin = margin_share(found, account_id)
    if margin is not None and margin < 0:
        return f"{style.share(margin, 0)} margin"
    return f"{style.share(share_of(found, account_id))} of sales"


def key_figures(found: "Found") -> list[KeyFigure]:
    """Four numbers: how many, what they make, how robust the list is, what needs doing."""
    n, ids = len(found.keys), found.ordered
    single = sum(set(found.of(found.keys, each, "activities")) == {PRESENCE} for each in ids)
    kinds = [str(found.of(found.work, each, "work")) for each in ids]
    urgent = {words: kinds.count(kind) for kind, words in WORK_WORDS.items() if kind != "review"}
    presence = f"{single} {'qualifies' if single == 1 else 'qualify'} only by buying in most regions" if single else ""
    return [
        KeyFigure(
            "Key accounts",
            f"{n} of {found.book.n:,}",
            "" if found.listing is None else f"{len(found.listing.agreed)} on your list",
        ),
        KeyFigure(
            f"Share of {found.about.measure_words}",
            style.share(sum(share_of(found, each) for each in ids), 0),
            presence,
        ),
        KeyFigure(
            "Robust",
            f"{sum(is_firm(found, each) for each in ids)} of {n}",
            f"in the top {found.limit} {ROBUST}{_resting(found)}",
        ),
        KeyFigure(
            "Need action now",
            style.count(sum(urgent.values())),
            ", ".join(f"{number} {words}" for words, number in urgent.items() if number),
        ),
    ]


def _resting(found: "Found") -> str:
    """On how much of the weight the typical key account's score rests, where it is not all of it."""
    weights = [found.of(found.scores, each, "assessed_weight") for each in found.ordered]
    known = [float(each) for each in weights if each is not None]
    part = float(np.median(known)) if known else 1.0
    return "" if part > 0.995 else f", on {style.share(part, 0)} of the criteria's weight"


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the list."""
    said, labels = [*without_telling(found)], {each.name: each.label for each in CRITERIA}
    unknown = tooshort_of(found)
    if unknown:
        who = (
            f"{len(unknown)} of {style.counted(len(found.keys), 'key account')} ({listed([*map(found.name, unknown)])})"
        )
        said.append(f"Whether sales fell is not assessed for {who}: there are too few months of purchases.")
    if found.left_out:
        parts = "; ".join(f"{labels[name].lower()} ({why})" for name, why in found.left_out.items())
        said.append(f"The value score leaves out {parts}.")
    if found.keys_before is None:
        said.append(
            "Who became key and who no longer is cannot be said: the data holds no year before the period "
            f"({found.about.period.label})."
        )
    if len(found.keys) > found.limit:
        said.append(f"More accounts are key than the {found.limit} that can be served, so the list is cut by value.")
    return [*said, *found.about.warnings]
