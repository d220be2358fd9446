"""The first screen and the words behind it: who is key and why, against the company's own list and settings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kam_analysis.analysis.segments import CRITERIA, FIRM, PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.key_accounts.reasons import (
    NAMED,
    is_firm,
    margin_share,
    near_threshold,
    nearest,
    reasons,
    share_of,
    without_telling,
)
from kam_analysis.pages.tile_marks import bullet
from kam_analysis.pages.words import headed, listed, number_word, said_in, short_enough, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

# What is done with an account, by the kind of work that `segments.kinds_of_work` finds, the urgent first.
WORK_WORDS = words_in(__file__, "kinds_of_work")
# How urgent each is: the word stands in a pill of that tone.
WORK_TONES = dict(zip(WORK_WORDS.values(), ("bad", "warn", "accent", ""), strict=True))
# Every place that calls an account robust says what that means.
ROBUST = say("robust.means", share=style.share(FIRM, 0))
_NEARLY_ALL = 0.995


def answer(found: "Found") -> str:
    """The finding in one or two sentences: who must be rescued, how many are key, and how the company's list differs.

    As much of it as two dozen words hold; `first_words` says the rest below the tiles.
    """
    n, near = len(found.keys), near_threshold(found)
    if not n:
        said = say("answer.none", customers=_customers(found))
        return short_enough(_joined(said, nearest(found), near), _joined(said, nearest(found)), said)
    keys = _keys(found)
    short = say("answer.alone", keys=keys)
    ways = [*(say("answer.beside", keys=keys, said=each) for each in _beside(found)), short]
    rescues = _rescues(found)
    return short_enough(
        _joined(*rescues[:1], ways[0], near),
        *(_joined(*rescues[:1], each) for each in ways),
        *(_joined(*rescues[1:], each) for each in ways),
        short,
    )


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _customers(found: "Found") -> str:
    return style.counted(found.book.n, "customer")


def _keys(found: "Found") -> str:
    n, customers = len(found.keys), _customers(found)
    of = {"keys": style.count(n), "customers": customers}
    said = say("answer.one_key", customers=customers) if n == 1 else say("answer.keys", **of)
    return say("answer.too_many", keys=said, limit=found.limit) if n > found.limit else said


def served_or_why(found: "Found", account_id: str) -> str:
    """Whether a key account is among those served; where it is not, why."""
    if account_id in found.served:
        return say("served.yes")
    value = found.of(found.scores, account_id, "score")
    return say("served.no_value") if value is None else say("served.too_low", **_value_and_needed(found, value))


def _value_and_needed(found: "Found", value: float) -> dict[str, str]:
    needed = found.cut.inside["score"].iloc[-1]
    return {"value": style.decimal(value, 2), "needed": style.decimal(needed, 2)}


def largest_not_served(found: "Found") -> str:
    """Why the largest key account is not among those served; empty where it is."""
    if not found.ordered or found.ordered[0] in found.served:
        return ""
    first = found.ordered[0]
    value, of = found.of(found.scores, first, "score"), {"who": found.name(first), "limit": str(found.limit)}
    labels = {each.name: each.label.lower() for each in CRITERIA if each.name in found.criteria}
    points = {name: found.of(found.criteria, first, name) for name in labels}
    known = sorted((point, name) for name, point in points.items() if point is not None)
    weak = listed(
        say("served.weak", criterion=labels[name], value=style.decimal(point, 2)) for point, name in known[:2]
    )
    if value is None:
        said = say("served.largest_unknown", **of)
    else:
        said = say("served.largest", **of, **_value_and_needed(found, value))
    return _joined(said, say("served.weakest", criteria=weak) if weak else "")


def tooshort_of(found: "Found") -> Sequence[str]:
    """The key accounts of which a fall in sales cannot be told."""
    if "compared_with" not in found.standing:
        return []
    judged = found.standing.loc[found.standing["compared_with"] != "", "account_id"]
    known = set(judged[judged.isin(found.keys["account_id"])])
    return [each for each in found.ordered if each not in known]


def _rescues(found: "Found") -> list[str]:
    """Who needs a rescue plan, by name and, shorter, by number."""
    names = [found.name(each) for each in found.ordered if found.of(found.work, each, "work") == "rescue"]
    if len(names) < 2:
        return [say("answer.rescue_one", who=each) for each in names]
    number = headed(number_word(len(names)))
    return [say("answer.rescue_several", who=listed(names, NAMED)), say("answer.rescues", number=number)]


def _beside(found: "Found") -> list[str]:
    """What is said beside the number of key accounts, the longest way first."""
    if found.listing is None:
        return [_with_first_reason(found, found.ordered), listed(map(found.name, found.ordered), NAMED)]
    missing, habit = len(found.listing.missing), len(found.listing.habit)
    first = say("answer.one_listed" if len(found.keys) == 1 else "answer.all_listed")
    if missing:
        first = say("answer.one_missing") if missing == 1 else say("answer.missing", number=number_word(missing))
    if not habit:
        return [first]
    then = say("answer.one_unqualified") if habit == 1 else say("answer.unqualified", number=number_word(habit))
    return [say("answer.both", first=first, then=then), first]


def _with_first_reason(found: "Found", ids: Sequence[str]) -> str:
    first = say("answer.named", first=found.name(ids[0]), why=reasons(found, ids[0], most=1))
    return listed([first, *map(found.name, ids[1:])], NAMED)


def beside_the_list(found: "Found") -> str:
    """Who is missing from the company's list and who is on it without qualifying, by name; empty where nobody is."""
    if found.listing is None:
        return ""
    missing = [each for each in found.ordered if each in found.listing.missing]
    habit = sorted(found.listing.habit, key=lambda each: -share_of(found, each))
    said = [say("list.missing", who=_with_first_reason(found, missing))] if missing else []
    if habit:
        first = say("answer.named", first=found.name(habit[0]), why=_why_not(found, habit[0]))
        said.append(say("list.unqualified", who=listed([first, *map(found.name, habit[1:])], NAMED)))
    return " ".join(said)


def _why_not(found: "Found", account_id: str) -> str:
    margin = margin_share(found, account_id)
    if margin is not None and margin < 0:
        return say("list.margin", share=style.share(margin, 0))
    return say("list.sales", share=style.share(share_of(found, account_id)))


def first_words(found: "Found") -> str:
    """What stands below the tiles: what the answer had no room for."""
    near = near_threshold(found)
    return _joined(beside_the_list(found), "" if near in answer(found) else near, largest_not_served(found))


def key_figures(found: "Found") -> list[KeyFigure]:
    """Four numbers: how many, what they make, how robust the list is, what needs doing."""
    n, ids, limit = len(found.keys), found.ordered, found.limit
    kinds = [str(found.of(found.work, each, "work")) for each in ids]
    urgent = {words: kinds.count(kind) for kind, words in WORK_WORDS.items() if kind != "review"}
    capacity = say("tiles.keys_alone", limit=limit)
    if found.listing is not None:
        capacity = say("tiles.keys_note", listed=len(found.listing.agreed), limit=limit)
    share = style.share(sum(share_of(found, each) for each in ids), 0)
    firm = say("tiles.robust_of", robust=sum(is_firm(found, each) for each in ids), keys=n)
    todo = ", ".join(say("tiles.todo", number=number, action=words) for words, number in urgent.items() if number)
    return [
        KeyFigure(
            say("tiles.keys"),
            say("tiles.of_all", keys=n, all=style.count(found.book.n)),
            capacity,
            "bad" if n > limit else "",
            bullet(n, limit, limit_name=say("tiles.limit")),
        ),
        KeyFigure(say("tiles.share", measure=found.about.measure_words), share, _by_presence(found)),
        KeyFigure(say("tiles.robust"), firm, _robust_note(found)),
        KeyFigure(say("tiles.action"), style.count(sum(urgent.values())), todo, "bad" if urgent["rescue"] else ""),
    ]


def _by_presence(found: "Found") -> str:
    single = sum(set(found.of(found.keys, each, "activities")) == {PRESENCE} for each in found.ordered)
    if single == 1:
        return say("tiles.presence_one")
    return say("tiles.presence", number=single) if single else ""


def _robust_note(found: "Found") -> str:
    """What robust means, and on how much of the weight the typical key account's score rests, where not on all of it."""
    weights = [found.of(found.scores, each, "assessed_weight") for each in found.ordered]
    known = [float(each) for each in weights if each is not None]
    part = float(np.median(known)) if known else 1.0
    if part > _NEARLY_ALL:
        return say("tiles.robust_note", limit=found.limit, robust=ROBUST)
    return say("tiles.robust_resting", limit=found.limit, robust=ROBUST, part=style.share(part, 0))


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the list."""
    said, labels = [*without_telling(found)], {each.name: each.label for each in CRITERIA}
    unknown = tooshort_of(found)
    if unknown:
        keys, who = style.counted(len(found.keys), "key account"), listed(map(found.name, unknown), NAMED)
        said.append(say("caveats.short", number=len(unknown), keys=keys, who=who))
    if found.left_out:
        left_out = found.left_out.items()
        parts = ", ".join(
            say("caveats.left_out_one", criterion=labels[name].lower(), why=why) for name, why in left_out
        )
        said.append(say("caveats.left_out", criteria=parts))
    if found.keys_before is None:
        said.append(say("caveats.no_year_before", period=found.about.period.label))
    if len(found.keys) > found.limit:
        said.append(say("caveats.too_many", limit=found.limit))
    return [*said, *found.about.warnings]
