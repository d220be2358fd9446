"""The sentences of the next actions: what to do and why, by rule. Who writes better English changes them here."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kam_analysis.analysis.plans import Action
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import TASK, short
from kam_analysis.pages.words import number_word

QUESTIONS = {
    "contacts": "Who decides, who influences the decision, and who of us knows them?",
    "objectives": "What do they want to achieve this year, and in three years?",
    "annual_spend": "How much do they spend a year on what we sell, with us and with others?",
    "account_notes": "What is happening in their market, what matters to them now, and how do we mean to win?",
}
# What an action is called where no figure, date or person may stand.
NAMES = {
    "left_behind": "an open task taken over",
    "win_back": "win back or close the account",
    "rescue": "meet the person who decides",
    "renew": "the renewal offer",
    "hand_over": "introductions to every contact",
    "complaint": "answer a complaint",
    "overdue": "finish an overdue task",
    "promise": "deliver on one of their goals",
    "call": "the annual executive call",
    "second_contact": "win a further contact",
    "margin": "talk about prices or service",
    "offer": "get a decision on an open offer",
    "open_line": "offer a further line",
    "notes": "write the account's notes",
}
WORTH_OF = {
    "at_stake": "{earned} we earn there",
    "hand_over": "{earned} at risk in the hand-over",
    "margin": "margin lost a year",
    "offer": "offer times its chance",
    "opening": "potential sales times how often such a line was started",
}


def what(action: Action, unit: str) -> str:
    """The action as a sentence tells it."""
    return _WHAT[action.rule](action.about, unit)


def why(action: Action, unit: str) -> str:
    """The reason, with its figures."""
    return _WHY[action.rule](action.about, unit)


def _day(value: date | None) -> str:
    return "" if value is None else style.day(value)


def _left_behind(of: Mapping[str, Any], unit: str) -> str:
    due = f" (due {_day(of['due'])})" if of["due"] else ""
    return f"Take over from {of['from']}: {short(of['task'], TASK)}{due}"


def _renew(of: Mapping[str, Any], unit: str) -> str:
    what = "the end of the contract" if of["notice_on"] == of["ends_on"] else "the last day to give notice"
    return f"Have the renewal offer on their table before {_day(of['notice_on'])}, {what}"


def _hand_over(of: Mapping[str, Any], unit: str) -> str:
    who = of["to"] or "the successor, still to be named,"
    return f"Introduce {who} to every contact there"


def _second_contact(of: Mapping[str, Any], unit: str) -> str:
    if of["strangers"]:
        return f"Get to know the {of['strangers'][0][:1].lower()}{of['strangers'][0][1:]}"
    return "Win a second contact who counts"


def _second_contact_why(of: Mapping[str, Any], unit: str) -> str:
    if of["few"]:
        return f"We speak to {number_word(of['live'])} {'person' if of['live'] == 1 else 'people'} there."
    return f"{style.counted(len(of['strangers']), 'person', 'people')} who decide and whom none of us speaks to."


def _margin_why(of: Mapping[str, Any], unit: str) -> str:
    if of["loses"]:
        return f"We lose money there: the margin is {style.share(of['share'])} of sales."
    return f"The margin is {style.share(of['share'])} of sales, {style.decimal(-100 * of['points'])} points less than a year ago."


def _offer(of: Mapping[str, Any], unit: str) -> str:
    offer = of["offer"]
    line = f" for {offer.line}" if offer.line else ""
    return f"Get a decision on the offer{line} of {style.money(offer.amount, unit)} a year"


def _offer_why(of: Mapping[str, Any], unit: str) -> str:
    offer = of["offer"]
    stage = f"Stage: {offer.stage}. " if offer.stage else ""
    expected = f"It was expected by {_day(offer.expected)}." if of["late"] else f"Expected by {_day(offer.expected)}."
    more = f" {style.counted(of['more'], 'more offer is', 'more offers are')} due by then." if of["more"] else ""
    return stage + expected + more


def _open_line_why(of: Mapping[str, Any], unit: str) -> str:
    opening = of["opening"]
    size = f"{style.money(opening.low)} to {style.money(opening.high, unit)} a year"
    return f"Accounts like it buy it, for {size} at its size; {style.share(opening.chance, 0)} of such accounts began within a year."


_WHAT: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "left_behind": _left_behind,
    "win_back": lambda of, unit: "Ask why nothing is bought, and decide whether to win it back or to close the account",
    "rescue": lambda of, unit: "Meet the person who decides, and find out what would keep them",
    "renew": _renew,
    "hand_over": _hand_over,
    "complaint": lambda of, unit: f"Answer the complaint of {_day(of['on'])}",
    "overdue": lambda of, unit: f"Finish, or move to a new date: {short(of['task'], TASK)}",
    "promise": lambda of, unit: f"Deliver on their goal: {short(of['goal'], TASK)}",
    "call": lambda of, unit: "Make the annual executive call",
    "second_contact": _second_contact,
    "margin": lambda of, unit: "Agree on prices or on what we do for them, so that the margin comes back",
    "offer": _offer,
    "open_line": lambda of, unit: f"Offer {of['opening'].line}",
    "notes": lambda of, unit: "Write down their market, their priorities and our strategy",
}
_WHY: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "left_behind": lambda of, unit: (
        f"{of['from']} leaves on {_day(of['leaves'])}."
        + (f" {style.counted(of['more'], 'more task is', 'more tasks are')} left behind." if of["more"] else "")
    ),
    "win_back": lambda of, unit: f"It is {of['gone']}." if ":" in of["gone"] else f"It {of['gone']}.",
    "rescue": lambda of, unit: f"The account is in danger: {of['figures']}.",
    "renew": lambda of, unit: f"The contract ends on {_day(of['ends_on'])}.",
    "hand_over": lambda of, unit: (
        f"Their account manager {'left' if of['gone'] else 'leaves'} on {_day(of['leaves'])}."
    ),
    "complaint": lambda of, unit: "No reply from us is on file.",
    "overdue": lambda of, unit: (
        f"It was due on {_day(of['due'])}."
        + (f" {style.counted(of['more'], 'more task is', 'more tasks are')} overdue." if of["more"] else "")
    ),
    "promise": lambda of, unit: f"It {'was' if of['late'] else 'is'} due on {_day(of['due'])}.",
    "call": lambda of, unit: (
        "No call from above the account manager is on file for more than a year."
        if of["overdue"]
        else "A year has nearly passed since the last one."
    ),
    "second_contact": _second_contact_why,
    "margin": _margin_why,
    "offer": _offer_why,
    "open_line": _open_line_why,
    "notes": lambda of, unit: (
        f"The notes are of {_day(of['written'])}." if of["written"] else "There are none for this account."
    ),
}
