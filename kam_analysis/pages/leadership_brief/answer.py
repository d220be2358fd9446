"""The brief's first sentence: what is dated first, then what is overdue; at most two dozen words."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.leadership_brief.asks import announced
from kam_analysis.pages.leadership_brief.decided import OVERDUE
from kam_analysis.pages.words import headed, number_word

if TYPE_CHECKING:
    from kam_analysis.pages.leadership_brief.found import Found

WORDS = 24
_NEAR_DAYS = 90
_LONGEST_NAME = 30
_MONTHS_AHEAD = 300  # days: within them a day needs no year


def answer(found: "Found") -> str:
    """The facts that press, as many as two dozen words hold; else that nothing needs a decision, and how things stand."""
    said = ""
    for sentence in [*_pressing(found)] or ["Nothing on file needs a decision."]:
        longer = f"{said} {sentence}".strip()
        if len(longer.split()) <= WORDS:
            said = longer
    if said.startswith("Nothing"):
        longer = f"{said} {_state(found)}".strip()
        said = longer if len(longer.split()) <= WORDS else said
    return said


def _pressing(found: "Found") -> Iterator[str]:
    near = notices(found)
    names = [style.shortened(str(each), _LONGEST_NAME) for each in near["account_name"]]
    days = [said(each.date(), found.about.as_of) for each in near["notice_by"]]
    bare = [row["notice_by"] == row["ends_on"] for row in near.to_dict("records")]
    if names:
        first = f"{names[0]}'s contract ends on {days[0]}" if bare[0] else f"{names[0]} can give notice until {days[0]}"
        both = f"{first}, {names[1]} until {days[1]}." if len(names) > 1 and not any(bare[:2]) else f"{first}."
        yield both if len(both.split()) <= WORDS else f"{first}."
    yield from _leaver(found, near)
    overdue = int((found.decisions["state"] == OVERDUE).sum())
    if overdue:
        yield f"{headed(number_word(overdue))} {'decision is' if overdue == 1 else 'decisions are'} overdue."
    if not names:
        rescue = [
            each for each in found.asks if each.report == "03_churn_impact" and each.what.startswith("How we keep")
        ]
        if rescue:
            yield f"{rescue[0].what.removeprefix('How we keep ')} needs a rescue plan."


def _leaver(found: "Found", near: pd.DataFrame) -> Iterator[str]:
    """An announced departure, as a fact."""
    leaver, people = announced(found.now), found.now.people
    if leaver is None or people is None:
        return
    day = said(leaver.last_day, found.about.as_of)
    theirs = set(people.departing.of(leaver.manager_id).accounts["account_id"])
    named = [each in theirs for each in near["account_id"].head(2)]
    if named and all(named):
        yield f"{'Their' if len(named) > 1 else 'Its'} manager leaves on {day}."
    else:
        yield f"The manager of {style.share(leaver.revenue_share, 0)} of sales leaves on {day}."


def notices(found: "Found") -> pd.DataFrame:
    """Key accounts whose contract can be given notice within 90 days, the two that most goes with, by day.

    account_id, account_name, notice_by, ends_on.
    """
    losses, keys = found.now.losses, found.now.keys
    empty = pd.DataFrame(columns=["account_id", "account_name", "notice_by", "ends_on"])
    if losses is None or losses.contracted is None or keys is None:
        return empty
    rows = losses.contracted.contracts
    until = pd.Timestamp(found.about.as_of + timedelta(days=_NEAR_DAYS))
    rows = rows[(rows["when"] == "by") & (rows["notice_by"] <= until)]
    rows = rows[rows["account_id"].isin(keys.keys["account_id"])].drop_duplicates("account_id")
    return rows.nlargest(2, "exposure_bound").sort_values("notice_by")[list(empty)].reset_index(drop=True)


def said(day: date, as_of: date) -> str:
    """20 October; with its year where that is not the next one to come."""
    ahead = (day - as_of).days
    return f"{day.day} {day:%B}" if 0 <= ahead <= _MONTHS_AHEAD else f"{day.day} {day:%B %Y}"


def _state(found: "Found") -> str:
    known = {each.name: each for each in found.figures}
    sales, five = known.get("revenue_in_shares"), known.get("top_5_share")
    if sales is None or five is None:
        return ""
    what = sales.label if "," not in sales.label else f"{sales.label.split(',')[0]} of the period"
    return f"{what} are {sales.written}, {style.share(five.value, 0)} of them from the five largest customers."


def key_figures(found: "Found") -> list[KeyFigure]:
    """The five figures, each with its change and where it stands in its own range."""
    since = "" if found.before is None else f" since {style.day(found.since)}"
    tiles = []
    for each in found.figures:
        change = f"{each.change}{since}" if each.change else ""
        note = ", ".join(filter(None, [change, each.reading]))
        tiles.append(KeyFigure(each.label, each.written, note))
    return tiles


def lead(found: "Found") -> str:
    """What is open by contract, what else was not found, and how the total stands."""
    parts = [found.about.sold]
    if found.now.failed:
        pages = ", ".join(sorted(found.now.failed))
        parts.append(f"Not in this brief, because it failed: {pages}.")
    return " ".join(filter(None, parts))
