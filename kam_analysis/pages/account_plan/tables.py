"""The plan's tables of what to do, where the account stands, and what was promised."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.plans import PROPOSED, Action
from kam_analysis.pages import style
from kam_analysis.pages.account_plan import words_actions
from kam_analysis.pages.account_plan.sheet_room import GOALS, NOTE, OFFERS, TASK, WORDS, cut, more, room, short
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.table import Table, columns_in, rows
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_FACTS, _NOTES = words_in(__file__, "standing"), words_in(__file__, "notes")


def actions_table(found: "Found") -> Table:
    """What to do, why, who, by when, and what is at stake; all of it, as it is published."""
    made = [_action(found, each) for each in found.actions_found]
    return _table(found, say("actions.all"), made, nothing=say("actions.none"))


def soon_and_later(found: "Found") -> list[Table]:
    """The actions of the next 90 days apart from those of the rest of the year; where there are none, that."""
    by_time = {say("actions.soon"): True, say("actions.later"): False}
    made = {
        name: [_action(found, each) for each in found.actions_found if each.soon == soon]
        for name, soon in by_time.items()
    }
    return [_table(found, name, each) for name, each in made.items() if each] or [actions_table(found)]


def _table(found: "Found", caption: str, made: list[dict[str, Any]], nothing: str = "") -> Table:
    columns = declared("actions", written={"owner": lambda row: row["owner"].replace(" ", style.GAP)})
    return Table(caption, columns, rows(made, columns), unit=found.unit, nothing=nothing)


def _action(found: "Found", each: Action) -> dict[str, Any]:
    of = words_actions.worth_of(each.worth_of, found.company.losses.earned)
    return {
        "what": words_actions.what(each, found.unit),
        "why": words_actions.why(each, found.unit) + _agreed(each),
        "owner": each.owner.name if each.owner else say("actions.nobody"),
        "due": pd.Timestamp(each.due),
        "worth": each.worth,
        "worth_of": of,
        "soon": each.soon,
        "rule": each.rule,
        "decision_id": each.decision_id,
        "status": "open" if each.agreed else PROPOSED,
        "called": words_actions.NAMES[each.rule],
        "account_name": found.account_name,
    }


def _agreed(each: Action) -> str:
    if each.was_due is not None:
        return " " + say("because.agreed_late", day=style.day(each.was_due))
    return f" {say('because.agreed')}" if each.agreed else ""


def standing_table(found: "Found") -> Table:
    """Where the account stands: a line a fact, with what it rests on."""
    columns = declared("standing")
    made = [
        {"fact": _FACTS[name], "is": is_, "rests_on": rests_on}
        for name, (is_, rests_on) in _facts(found).items()
        if is_
    ]
    return Table(say("actions.standing"), columns, rows(made, columns))


def _facts(found: "Found") -> dict[str, tuple[str, str]]:
    """By the name that words.toml has for it: where it stands, empty where nothing is known, and what that rests on."""
    keys, of = found.company.keys, found.situation
    power, keeps, traits = found.row(keys.power), found.row(keys.barriers), found.row(keys.traits)
    money, scores, place = found.row(found.company.losses.accounts), found.row(keys.scores), found.row(keys.matrix)
    losses = found.company.losses
    costs = {"money": style.money(of.at_stake, found.unit), "earned": losses.earned}
    powers = {"ours": _of_one(power.get("our_dependence")), "theirs": _of_one(power.get("their_dependence"))}
    basis = "" if of.chance is None else losses.rests_on(found.account_id)
    return {
        "key": (keys.why_key(found.account_id) if found.is_key else say("facts.no_key"), say("facts.of_activity")),
        "value": (_of_one(scores.get("score"), ""), place.get("quadrant", "")),
        "power": (power.get("reading", ""), say("facts.powers", **powers)),
        "keeps": (_of_one(keeps.get("strength"), ""), short(keeps.get("note"), TASK)),
        "chance": ("" if of.chance is None else style.share(of.chance, 0), basis),
        "costs": (say("facts.costs", **costs) if of.at_stake else "", _bad_year(money.get("contribution"))),
        "notice": ("" if of.notice_on is None else style.day(of.notice_on), _ends(found)),
        "competitor": (of.competitor, ""),
        "manager": (of.manager.name if of.manager else "", _leaves(found)),
        "sponsor": (of.sponsor.name if of.sponsor else "", ""),
        "satisfaction": (
            say("facts.of_ten", score=style.decimal(traits["satisfaction"])) if "satisfaction" in traits else "",
            "",
        ),
    }


def _of_one(score: float | None, unknown: str = style.NOT_ASSESSED) -> str:
    return unknown if score is None else say("facts.of_one", score=style.decimal(score, 2))


def _bad_year(part: float | None) -> str:
    return "" if part is None else say("facts.bad_year", share=style.share(part, 0))


def _ends(found: "Found") -> str:
    of = found.situation
    if of.ends_on is None:
        return ""
    return say("facts.ends_bare" if of.notice_on == of.ends_on else "facts.ends", day=style.day(of.ends_on))


def _leaves(found: "Found") -> str:
    manager, to = found.situation.manager, found.situation.successor
    if manager is None or manager.leaves is None or not manager.told:
        return ""
    here, told = manager.here_on(found.situation.as_of), {"day": style.day(manager.leaves)}
    if manager.joins:
        told["firm"] = manager.joins
        left = say("facts.leaves_for", **told) if here else say("facts.left_for", **told)
    else:
        left = say("facts.leaves", **told) if here else say("facts.left_us", **told)
    return f"{left} {say('facts.taken_over', who=to.name) if to else say('facts.nobody_takes_over')}"


def notes(found: "Found") -> Html:
    """Their market, their priorities and our strategy, in the account manager's own words."""
    kept = found.known.notes
    if kept is None or kept.empty:
        return Html("")
    newest = kept.sort_values("written").iloc[-1]
    said = [
        f"{head}: {short(newest[name], room(found, NOTE))}"
        for name, head in _NOTES.items()
        if name in kept and pd.notna(newest[name])
    ]
    return bullets([*said, say("goals.written", day=style.day(newest["written"].date()))])


def goals_table(found: "Found") -> Table:
    """Their goals and ours, each with where it stands."""
    length = room(found, WORDS)
    columns = declared(
        "goals",
        written={
            "objective": cut("objective", length),
            "target": _target,
            "our_contribution": cut("our_contribution", length),
            "delivered": cut("delivered", length),
        },
        tones={"state": {"overdue": "bad", "due soon": "warn", "done": "good"}},
    )
    notes = more(found.goals, GOALS, "goal")
    return Table("Goals", columns, found.goals, shown=GOALS, notes=notes, nothing=say("goals.none"))


def _target(row: Any) -> str:
    target, unit = row.get("target"), row.get("unit")
    if target is None or pd.isna(target):
        return ""
    number = f"{float(target):,.0f}" if float(target).is_integer() else f"{float(target):g}"
    return f"{number} {unit}" if isinstance(unit, str) else number


def offers_table(found: "Found") -> Table:
    """Open offers, the next to be decided first."""
    columns = declared("offers")
    frame = pd.DataFrame([vars(each) for each in found.situation.offers], columns=[each.name for each in columns])
    frame = frame.assign(expected=pd.to_datetime(frame["expected"])).sort_values("expected", ignore_index=True)
    caption, nothing = say("goals.offers"), say("goals.no_offers")
    notes = more(frame, OFFERS, "offer")
    return Table(caption, columns, frame, unit=found.unit, shown=OFFERS, notes=notes, nothing=nothing)
