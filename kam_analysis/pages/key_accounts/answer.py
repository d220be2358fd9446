"""The first screen: which accounts are key, held against the company's own list, and what they need."""

import numpy as np

from kam_analysis.analysis.segments import PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.key_accounts.reasons import activity_name, listed, margin_share, reasons, share_of
from kam_analysis.pages.words import number_word

WORK_WORDS = {"rescue": "rescue", "assessment": "assessment", "pursuit": "win more", "review": "review"}


def answer(found: Evidence) -> str:
    """The finding in one sentence."""
    n = len(found.keys)
    if not n:
        return f"None of {style.counted(found.book.n, 'customer')} is key{_nearest(found)}."
    said = f"{style.count(n)} of {style.counted(found.book.n, 'customer')} {'is' if n == 1 else 'are'} key"
    if n > found.limit:
        said += f", more than the {found.limit} that can be served"
    clauses = [
        said + (_against_list(found) if found.listing else _first_names(found)),
        *_by_habit(found),
        *_rescues(found),
    ]
    return "; ".join(clauses) + "."


def _nearest(found: Evidence) -> str:
    shares = found.rows[found.rows["activity"] != PRESENCE].nlargest(1, "share")
    if shares.empty:
        return ""
    first = shares.iloc[0]
    who = found.name(str(first["account_id"]))
    return f"; {who} comes nearest with {style.share(first['share'])} of {activity_name(first['activity'])}"


def _against_list(found: Evidence) -> str:
    assert found.listing is not None
    agreed, missing = found.listing.agreed, [each for each in found.ordered if each in found.listing.missing]
    said = f": {_of_them(len(agreed), bool(missing))} on your list"
    if not missing:
        return said
    first = f"{found.name(missing[0])} ({reasons(found, missing[0], 1)})"
    return f"{said}; add {listed([first, *map(found.name, missing[1:])])}"


def _of_them(agreed: int, some_missing: bool) -> str:
    if not some_missing:
        return "all are" if agreed > 1 else "it is"
    return "none is" if not agreed else "1 is" if agreed == 1 else f"{style.count(agreed)} are"


def _first_names(found: Evidence) -> str:
    first = found.ordered[0]
    return f": {listed([f'{found.name(first)} ({reasons(found, first, 1)})', *map(found.name, found.ordered[1:])])}"


def _by_habit(found: Evidence) -> list[str]:
    if not found.listing or not found.listing.habit:
        return []
    habit = sorted(found.listing.habit, key=lambda each: -share_of(found, each))
    if len(habit) == 1:
        return [f"{found.name(habit[0])} is on it only by habit ({_why_not(found, habit[0])})"]
    return [f"{listed([found.name(each) for each in habit])} are on it only by habit"]


def _why_not(found: Evidence, account_id: str) -> str:
    margin = margin_share(found, account_id)
    if margin is not None and margin < 0:
        return f"{style.share(margin, 0)} margin"
    return f"{style.share(share_of(found, account_id))} of sales"


def _rescues(found: Evidence) -> list[str]:
    ids = [each for each in found.ordered if found.of(found.work, each, "work") == "rescue"]
    if not ids:
        return []
    verb = "needs" if len(ids) == 1 else "need"
    return [f"{number_word(len(ids))} {verb} rescue: {listed(list(map(found.name, ids)))}"]


def _resting(found: Evidence) -> str:
    """On how much of the weight the typical key account's score rests, where it is not all of it."""
    weights = [found.of(found.scores, each, "assessed_weight") for each in found.ordered]
    known = [float(each) for each in weights if each is not None]
    part = float(np.median(known)) if known else 1.0
    return "" if part > 0.995 else f"; rests on {style.share(part, 0)} of their weight"


def key_figures(found: Evidence, measure: str) -> list[KeyFigure]:
    """Four numbers: how many, what they make, how firm the list is, what needs doing."""
    n, ids = len(found.keys), found.ordered
    made = sum(share_of(found, each) for each in ids)
    firm = sum(found.of(found.scores, each, "badge") == "firm" for each in ids)
    kinds = [str(found.of(found.work, each, "work")) for each in ids]
    urgent = {words: kinds.count(kind) for kind, words in WORK_WORDS.items() if kind != "review"}
    listed = "" if found.listing is None else f"{len(found.listing.agreed)} of them on your list"
    single = sum(set(found.of(found.keys, each, "activities")) == {PRESENCE} for each in ids)
    return [
        KeyFigure("Key accounts", f"{n} of {found.book.n:,}", listed),
        KeyFigure(f"Their part of {measure}", style.share(made, 0), f"{single} key by presence alone" if single else ""),
        KeyFigure(
            "Firm", f"{firm} of {n}",
            f"among the best {found.limit} however you weigh the criteria{_resting(found)}",
        ),
        KeyFigure(
            "Need more than a review", style.count(sum(urgent.values())),
            ", ".join(f"{number} {words}" for words, number in urgent.items() if number),
        ),
    ]  # fmt: skip
