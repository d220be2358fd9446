"""The next actions in words, by rule: what to do and why. The sentences themselves stand in words.toml."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kam_analysis.analysis.plans import Action
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import TASK, short
from kam_analysis.pages.words import number_word, said_in, words_in

say = said_in(__file__)

QUESTIONS = words_in(__file__, "questions")
# What an action is called where no figure, date or person may stand.
NAMES = words_in(__file__, "in_short")
_DO = words_in(__file__, "do_always")  # what is the same whatever is known
_WORTH = words_in(__file__, "worth")


def worth_of(kind: str, earned: str) -> str:
    """What an action's worth is; empty for a kind that has none. `earned`: margin or sales."""
    if kind in ("at_stake", "hand_over"):
        return say("at_stake.at_stake" if kind == "at_stake" else "at_stake.hand_over", earned=earned)
    return _WORTH.get(kind, "")


def what(action: Action, unit: str) -> str:
    """The action as a sentence tells it."""
    return _DO.get(action.rule) or _WHAT[action.rule](action.about, unit)


def why(action: Action, unit: str) -> str:
    """The reason, with its figures."""
    return _WHY[action.rule](action.about, unit)


def _day(value: date | None) -> str:
    return "" if value is None else style.day(value)


def _left_behind(of: Mapping[str, Any], unit: str) -> str:
    told = {"who": of["from"], "task": short(of["task"], TASK)}
    return say("do.left_behind_due", **told, day=_day(of["due"])) if of["due"] else say("do.left_behind", **told)


def _left_behind_why(of: Mapping[str, Any], unit: str) -> str:
    said = say("because.left_behind", who=of["from"], day=_day(of["leaves"]))
    return f"{said} {say('because.left_behind_more', tasks=_more(of, 'task'))}" if of["more"] else said


def _more(of: Mapping[str, Any], noun: str) -> str:
    return style.counted(of["more"], f"more {noun} is", f"more {noun}s are")


def _renew(of: Mapping[str, Any], unit: str) -> str:
    return say("do.renew_by_end" if of["notice_on"] == of["ends_on"] else "do.renew", day=_day(of["notice_on"]))


def _hand_over(of: Mapping[str, Any], unit: str) -> str:
    return say("do.hand_over", who=of["to"]) if of["to"] else say("do.hand_over_to_nobody")


def _second_contact(of: Mapping[str, Any], unit: str) -> str:
    if of["strangers"]:
        return say("do.get_to_know", role=of["strangers"][0][:1].lower() + of["strangers"][0][1:])
    return say("do.second_contact")


def _second_contact_why(of: Mapping[str, Any], unit: str) -> str:
    if of["few"]:
        return say("because.few", number=f"{number_word(of['live'])} {'person' if of['live'] == 1 else 'people'}")
    return say("because.strangers", people=style.counted(len(of["strangers"]), "person", "people"))


def _overdue_why(of: Mapping[str, Any], unit: str) -> str:
    said = say("because.overdue", day=_day(of["due"]))
    return f"{said} {say('because.overdue_more', tasks=_more(of, 'task'))}" if of["more"] else said


def _margin_why(of: Mapping[str, Any], unit: str) -> str:
    if of["loses"]:
        return say("because.loses", share=style.share(of["share"]))
    return say("because.margin", share=style.share(of["share"]), points=style.decimal(-100 * of["points"]))


def _offer(of: Mapping[str, Any], unit: str) -> str:
    offer, money = of["offer"], style.money(of["offer"].amount, unit)
    return say("do.offer_line", line=offer.line, money=money) if offer.line else say("do.offer", money=money)


def _offer_why(of: Mapping[str, Any], unit: str) -> str:
    offer = of["offer"]
    said = [say("because.stage", stage=offer.stage)] if offer.stage else []
    said.append(say("because.offer_late" if of["late"] else "because.offer", day=_day(offer.expected)))
    if of["more"]:
        said.append(say("because.offers_more", offers=_more(of, "offer")))
    return " ".join(said)


def _open_line_why(of: Mapping[str, Any], unit: str) -> str:
    opening = of["opening"]
    size, chance = style.amounts(opening.low, opening.high, unit), style.share(opening.chance, 0)
    return say("because.open_line", size=size, chance=chance)


def _notes_why(of: Mapping[str, Any], unit: str) -> str:
    return say("because.notes", day=_day(of["written"])) if of["written"] else say("because.no_notes")


_WHAT: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "left_behind": _left_behind,
    "renew": _renew,
    "hand_over": _hand_over,
    "complaint": lambda of, unit: say("do.complaint", day=_day(of["on"])),
    "overdue": lambda of, unit: say("do.overdue", task=short(of["task"], TASK)),
    "promise": lambda of, unit: say("do.promise", goal=short(of["goal"], TASK)),
    "second_contact": _second_contact,
    "offer": _offer,
    "open_line": lambda of, unit: say("do.open_line", line=of["opening"].line),
}
_WHY: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "left_behind": _left_behind_why,
    "win_back": lambda of, unit: say(
        "because.win_back_stage" if ":" in of["gone"] else "because.win_back", gone=of["gone"]
    ),
    "rescue": lambda of, unit: say("because.rescue", figures=of["figures"].replace("; ", ", ")),
    "renew": lambda of, unit: say("because.renew", day=_day(of["ends_on"])),
    "hand_over": lambda of, unit: say(
        "because.manager_left" if of["gone"] else "because.manager_leaves", day=_day(of["leaves"])
    ),
    "complaint": lambda of, unit: say("because.complaint"),
    "overdue": _overdue_why,
    "promise": lambda of, unit: say("because.promise_late" if of["late"] else "because.promise", day=_day(of["due"])),
    "call": lambda of, unit: say("because.call_overdue" if of["overdue"] else "because.call_due"),
    "second_contact": _second_contact_why,
    "margin": _margin_why,
    "offer": _offer_why,
    "open_line": _open_line_why,
    "notes": _notes_why,
}
