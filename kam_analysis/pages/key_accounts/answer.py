"""The first screen and the words behind it: who is key and why, against the company's own list and settings."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kam_analysis.analysis.segments import CRITERIA, FIRM, PRESENCE, largest_shares
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import measure_name, number_word

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

# What is done with an account, by the kind of work that `segments.kinds_of_work` finds, the urgent first.
WORK_WORDS = {"rescue": "rescue", "assessment": "investigate", "pursuit": "grow", "review": "maintain"}
_REASONS, _NAMED = 2, 3
# Who reaches this part of the threshold is just below it, and is named: nobody should be missed for a few tenths of a point.
JUST_BELOW = 0.9
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
    shares = found.shares[found.shares["activity"] != PRESENCE].nlargest(1, "share")
    if shares.empty:
        return ""
    first = shares.iloc[0]
    who = found.name(str(first["account_id"]))
    return f" {who} comes nearest with {style.share(first['share'])} of {activity_name(first['activity'])}."


def _just_below(found: "Found") -> str:
    """Who misses the threshold by little, the nearest by name."""
    near = just_below(found)
    if near.empty:
        return ""
    first = near.iloc[0]
    more = f", and {style.counted(len(near) - 1, 'more customer')} nearly as close" if len(near) > 1 else ""
    return f" {_called(found, str(first['account_id']))} is just below the threshold ({_short(found, first)}){more}."


def just_below(found: "Found") -> pd.DataFrame:
    """The customers that are not key and reach nine tenths of the threshold: account_id, activity, share, the nearest first."""
    shares = found.shares
    near = shares[(shares["share"] >= JUST_BELOW * found.key_share) & ~shares["significant"]]
    near = near[~near["account_id"].isin(found.keys["account_id"]) & ~near["activity"].isin(found.common["activity"])]
    return largest_shares(near).sort_values(["share", "account_id"], ascending=[False, True], ignore_index=True)


def _short(found: "Found", row: Mapping[Hashable, Any] | pd.Series) -> str:
    points = 100 * (found.key_share - float(row["share"]))
    # A share that is written like the threshold itself would read as a mistake.
    short, places = (f"{style.decimal(points, 1)} points", 1) if points >= 0.05 else ("less than 0.1 points", 2)
    return f"{style.share(row['share'], places)} of {activity_name(str(row['activity']))}, {short} short"


def _called(found: "Found", account_id: str) -> str:
    largest = str(found.book.accounts["account_id"].iloc[0])
    return found.name(account_id) + (", the largest customer," if account_id == largest else "")


def _largest(found: "Found") -> str:
    """That the largest customer is not key, where nothing else has named it."""
    if not found.book.n:
        return ""
    account_id = str(found.book.accounts["account_id"].iloc[0])
    named = {*found.keys["account_id"], *just_below(found)["account_id"].head(1)}
    if account_id in named or (not len(found.keys) and _comes_nearest(found) == account_id):
        return ""
    needed = style.share(found.key_share, 0)
    said = f" The largest customer, {found.name(account_id)}, is not key"
    return f"{said}: it has {style.share(share_of(found, account_id))} of {found.about.measure_words}, and {needed} is needed."


def _comes_nearest(found: "Found") -> str:
    shares = found.shares[found.shares["activity"] != PRESENCE].nlargest(1, "share")
    return "" if shares.empty else str(shares.iloc[0]["account_id"])


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


def too_short(found: "Found") -> Sequence[str]:
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
    unknown = too_short(found)
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


def reasons(found: "Found", account_id: str, *, most: int = _REASONS) -> str:
    """The activities that an account is key on, the largest share first: "41 % of Skids, 12 % of margin"."""
    rows = found.significant[found.significant["account_id"] == account_id]
    passed = rows.assign(apart=rows["activity"] == PRESENCE)
    passed = passed.sort_values(["apart", "share", "activity"], ascending=[True, False, True])
    said = [reason(row) for row in passed.head(most).to_dict("records")]
    more = len(passed) - len(said)
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def reason(row: Mapping[Hashable, Any]) -> str:
    """One activity in words."""
    share, activity = float(row["share"]), str(row["activity"])
    if activity == PRESENCE:
        regions = round(float(row["amount"]) / share)
        return f"buys in {row['amount']:.0f} of {regions} regions"
    return f"{style.share(share, 0)} of {activity_name(activity)}"


def activity_name(activity: str) -> str:
    """An activity as a sentence names it."""
    kind, _, name = activity.partition(":")
    return name or measure_name(kind)


def not_key(found: "Found", account_id: str) -> str:
    """Why an account is not key: "highest share 4.8 % of Valves, margin -2.0 %"."""
    rows = found.shares[(found.shares["account_id"] == account_id) & (found.shares["activity"] != PRESENCE)]
    best = rows.sort_values("share", ascending=False).head(1).to_dict("records")
    said = [f"highest share {style.share(each['share'])} of {activity_name(str(each['activity']))}" for each in best]
    margin = margin_share(found, account_id)
    return ", ".join(said + ([] if margin is None else [f"margin {style.share(margin)}"]))


def is_firm(found: "Found", account_id: str) -> bool:
    """Whether an account is among the best in at least nine tenths of weightings."""
    return bool(found.of(found.scores, account_id, "badge") == "firm")


def robust(found: "Found", account_id: str) -> str:
    """That in a word: "robust" or "borderline"."""
    if found.of(found.scores, account_id, "badge") is None:
        return style.NOT_ASSESSED
    return "robust" if is_firm(found, account_id) else "borderline"


def share_of(found: "Found", account_id: str) -> float:
    """An account's share of the book (0-1)."""
    value = found.of(found.book.accounts, account_id, "share")
    return found.book.share_of(account_id) if value is None else float(value)


def margin_share(found: "Found", account_id: str) -> float | None:
    """An account's margin by its sales; None where it is not known."""
    value = found.of(found.invoices, account_id, "margin_share")
    return None if value is None or pd.isna(value) else float(value)


def listed(names: Sequence[str]) -> str:
    """At most three names and how many more: A, B and C."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


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
        return "The same customers are served as with your settings."
    return f"Compared with your settings, {_told(found, came, way='in')} and {_told(found, went, way='out')}."


def _told(found: "Found", ids: Sequence[str], *, way: str) -> str:
    if not ids:
        return f"nobody {'comes' if way == 'in' else 'goes'} {way}"
    verb = {"in": ("comes", "come"), "out": ("goes", "go")}[way][len(ids) > 1]
    return f"{listed([found.name(each) for each in ids])} {verb} {way}"


def where_it_stands(found: "Found") -> str:
    """The followed account's value, its place, and why it is key or is not; empty for no account."""
    if not found.customer:
        return ""
    said = f"{found.name(found.customer)} is {_place(found)}"
    if found.customer not in set(found.keys["account_id"]):
        why = not_key(found, found.customer)
        return f"{said}. It is not key{f' ({why})' if why else ''}."
    served = "" if found.customer in found.served else f", but not among the {found.limit} served"
    return f"{said}. It is key ({reasons(found, found.customer)}){served}."


def _place(found: "Found") -> str:
    score = found.of(found.scores, found.customer, "score")
    if score is None:
        return "not assessed by value"
    known = found.scores["score"].dropna()
    place = int((known > score).sum()) + 1
    return f"number {place:,} of {len(known):,} by value ({style.decimal(score, 2)} of 1)"
