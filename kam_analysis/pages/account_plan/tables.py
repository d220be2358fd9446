"""The plan's tables of what to do, where the account stands, and what was promised."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.plans import PROPOSED, Action
from kam_analysis.pages import style
from kam_analysis.pages.account_plan import words_actions
from kam_analysis.pages.account_plan.sheet_room import GOALS, NOTE, OFFERS, TASK, WORDS, more, room, short
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

_TO_BE_NAMED = "to be named"


def actions_table(found: "Found") -> Table:
    """What to do, why, who, by when, and what is at stake; all of it, as it is published."""
    made = [_action(found, each) for each in found.actions_found]
    return _table(found, "Next actions", made, nothing="Nothing on file calls for action.")


def soon_and_later(found: "Found") -> list[Table]:
    """The actions of the next 90 days apart from those of the rest of the year; where there are none, that."""
    by_time = {"The next 90 days": True, "Later this year": False}
    made = {
        name: [_action(found, each) for each in found.actions_found if each.soon == soon]
        for name, soon in by_time.items()
    }
    return [_table(found, name, each) for name, each in made.items() if each] or [actions_table(found)]


def _table(found: "Found", caption: str, made: list[dict[str, Any]], nothing: str = "") -> Table:
    columns = [
        Column("due", "By", "date"),
        Column("what", "What to do"),
        Column("why", "Why"),
        Column("owner", "Who", written=lambda row: row["owner"].replace(" ", style.GAP)),
        Column("worth", "At stake", "money"),
        Column("worth_of", "At stake is", on_page=False),
        Column("soon", "Within 90 days", "flag", on_page=False),
        Column("rule", "Rule", on_page=False),
        Column("decision_id", "Number", on_page=False),
        Column("status", "Status", on_page=False),
        Column("called", "In short", on_page=False),
        Column("account_name", "Account", on_page=False),
    ]
    return Table(caption, columns, rows(made, columns), unit=found.unit, nothing=nothing)


def _action(found: "Found", each: Action) -> dict[str, Any]:
    of = words_actions.worth_of(each.worth_of, found.company.losses.earned)
    return {
        "what": words_actions.what(each, found.unit),
        "why": words_actions.why(each, found.unit) + _agreed(each),
        "owner": each.owner.name if each.owner else _TO_BE_NAMED,
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
    columns = [Column("fact", "Fact"), Column("is", "Where it stands"), Column("rests_on", "Rests on")]
    made = [dict(zip(("fact", "is", "rests_on"), each, strict=True)) for each in _facts(found) if each[1]]
    return Table("Where the account stands", columns, rows(made, columns))


def _facts(found: "Found") -> list[tuple[str, str, str]]:
    keys, of = found.company.keys, found.situation
    power, keeps, traits = found.row(keys.power), found.row(keys.barriers), found.row(keys.traits)
    money, scores, place = found.row(found.company.losses.accounts), found.row(keys.scores), found.row(keys.matrix)
    bare = ", no notice period on file" if of.notice_on == of.ends_on else ""
    rests_on = found.company.losses.rests_on(found.account_id)
    is_key = (keys.keys["account_id"] == found.account_id).any()
    return [
        ("Why it is key", keys.why_key(found.account_id) if is_key else "not key", "share of each activity"),
        (
            "Value to us",
            f"{style.decimal(scores['score'], 2)} of 1" if "score" in scores else "",
            str(place.get("quadrant", "")),
        ),
        (
            "Balance of power",
            str(power.get("reading", "")),
            f"our dependence {_of_one(power, 'our_dependence')}, theirs {_of_one(power, 'their_dependence')}",
        ),
        (
            "What keeps it with us",
            f"{style.decimal(keeps['strength'], 2)} of 1" if "strength" in keeps else "",
            str(short(keeps.get("note", ""), TASK)),
        ),
        (
            "Chance that it leaves",
            "" if of.chance is None else style.share(of.chance, 0),
            ": ".join(filter(None, rests_on)),
        ),
        (
            "What losing it costs",
            f"{style.money(of.at_stake, found.unit)} of {found.company.losses.earned} a year" if of.at_stake else "",
            f"{style.share(money['contribution'], 0)} of a bad year's loss" if "contribution" in money else "",
        ),
        (
            "Last day to give notice",
            "" if of.notice_on is None else style.day(of.notice_on),
            "" if of.ends_on is None else f"contract ends {style.day(of.ends_on)}{bare}",
        ),
        ("Competitor there", of.competitor, ""),
        ("Account manager", of.manager.name if of.manager else "", _leaves(found)),
        ("Executive sponsor", of.sponsor.name if of.sponsor else "", ""),
        ("Satisfaction", f"{style.decimal(traits['satisfaction'])} of 10" if "satisfaction" in traits else "", ""),
    ]


def _of_one(row: dict[str, Any], name: str) -> str:
    return f"{style.decimal(row[name], 2)} of 1" if name in row else style.NOT_ASSESSED


def _leaves(found: "Found") -> str:
    manager, to = found.situation.manager, found.situation.successor
    if manager is None or manager.leaves is None or not manager.told:
        return ""
    where = f" for {manager.joins}" if manager.joins else ""
    takes = f"; {to.name} takes over by the succession plan" if to else "; nobody is named to take over"
    verb = "leaves" if manager.here_on(found.situation.as_of) else "left"
    return f"{verb} on {style.day(manager.leaves)}{where}{takes}"


def notes(found: "Found") -> Html:
    """Their market, their priorities and our strategy, in the account manager's own words."""
    kept = found.known.notes
    if kept is None or kept.empty:
        return Html("")
    newest = kept.sort_values("written").iloc[-1]
    heads = {"market": "Their market", "priorities": "Their priorities", "our_strategy": "Our strategy"}
    said = [
        f"{head}: {short(newest[name], room(found, NOTE))}"
        for name, head in heads.items()
        if name in kept and pd.notna(newest[name])
    ]
    return bullets([*said, f"Written on {style.day(newest['written'].date())}."])


def goals_table(found: "Found") -> Table:
    """Their goals and ours, each with where it stands."""
    columns = [
        Column("whose", "Whose"),
        Column("objective", "Goal", written=lambda row: _short(row, "objective", room(found, WORDS))),
        Column("target", "Target", "number", 0, written=_target),
        Column("unit", "Unit", on_page=False),
        Column(
            "our_contribution",
            "What we do for it",
            written=lambda row: _short(row, "our_contribution", room(found, WORDS)),
        ),
        Column("delivered", "Delivered so far", written=lambda row: _short(row, "delivered", room(found, WORDS))),
        Column("due", "Due", "date"),
        Column("state", "State"),
    ]
    return Table(
        "Goals",
        columns,
        found.goals,
        shown=GOALS,
        notes=more(found.goals, GOALS, "goal"),
        nothing="No goals are on file: ask for them at the next visit.",
    )


def _short(row: Any, name: str, length: int) -> str:
    value = row.get(name)
    return str(short(value, length)) if isinstance(value, str) else ""


def _target(row: Any) -> str:
    target, unit = row.get("target"), row.get("unit")
    if target is None or pd.isna(target):
        return ""
    number = f"{float(target):,.0f}" if float(target).is_integer() else f"{float(target):g}"
    return f"{number} {unit}" if isinstance(unit, str) else number


def offers_table(found: "Found") -> Table:
    """Open offers, the next to be decided first."""
    columns = [
        Column("line", "Line"),
        Column("amount", "Sales a year", "money"),
        Column("stage", "Stage"),
        Column("chance", "Chance", "share", 0),
        Column("expected", "Expected", "date"),
    ]
    frame = pd.DataFrame([vars(each) for each in found.situation.offers], columns=[each.name for each in columns])
    frame = frame.assign(expected=pd.to_datetime(frame["expected"])).sort_values("expected", ignore_index=True)
    return Table(
        "Open offers",
        columns,
        frame,
        unit=found.unit,
        shown=OFFERS,
        notes=more(frame, OFFERS, "offer"),
        nothing="No open offers.",
    )
