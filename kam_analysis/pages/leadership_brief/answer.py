"""The brief's first sentence: what is dated first, then what is overdue; at most two dozen words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.leadership_brief.asks import announced
from kam_analysis.pages.leadership_brief.decided import OVERDUE
from kam_analysis.pages.leadership_brief.five_figures import WITHIN, tone
from kam_analysis.pages.leadership_brief.other_pages import DEPENDENCE
from kam_analysis.pages.tile_marks import sparkline
from kam_analysis.pages.words import coming_day, headed, number_word, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.leadership_brief.found import Found

say = said_in(__file__)

WORDS = 24
_NEAR_DAYS = 90
_LONGEST_NAME = 30


def answer(found: "Found") -> str:
    """The facts that press, as many as two dozen words hold; else that nothing needs a decision, and how things stand."""
    said = ""
    for sentence in [*_pressing(found)] or [say("answer.nothing"), _state(found)]:
        longer = f"{said} {sentence}".strip()
        if len(longer.split()) <= WORDS:
            said = longer
    return said


def _pressing(found: "Found") -> Iterator[str]:
    near = notices(found)
    names = [style.shortened(str(each), _LONGEST_NAME) for each in near["account_name"]]
    days = [coming_day(each.date(), found.about.as_of) for each in near["notice_by"]]
    bare = [row["notice_by"] == row["ends_on"] for row in near.to_dict("records")]
    if names:
        first = {"who": names[0], "day": days[0]}
        one = say("answer.contract_ends" if bare[0] else "answer.notice", **first)
        two = len(names) > 1 and not any(bare[:2])
        both = say("answer.two_notices", **first, other=names[1], other_day=days[1]) if two else one
        yield both if len(both.split()) <= WORDS else one
    yield from _leaver(found, near)
    overdue = int((found.decisions["state"] == OVERDUE).sum())
    if overdue > 1:
        yield say("answer.overdue", number=headed(number_word(overdue)))
    elif overdue:
        yield say("answer.one_overdue")
    rescue = [each for each in found.asks if each.rescues]
    if rescue and not names:
        yield say("answer.rescue", who=rescue[0].rescues)


def _leaver(found: "Found", near: pd.DataFrame) -> Iterator[str]:
    """An announced departure, as a fact."""
    leaver, people = announced(found.now), found.now.people
    if leaver is None or people is None:
        return
    day = coming_day(leaver.last_day, found.about.as_of)
    theirs = set(people.departing.of(leaver.manager_id).accounts["account_id"])
    named = [each in theirs for each in near["account_id"].head(2)]
    if named and all(named):
        yield say("answer.their_manager" if len(named) > 1 else "answer.its_manager", day=day)
    else:
        yield say("answer.manager", share=style.share(leaver.revenue_share, 0), day=day)


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


def _state(found: "Found") -> str:
    known = {each.name: each for each in found.figures}
    sales, five = known.get("revenue_in_shares"), known.get("top_5_share")
    if sales is None:
        return ""
    what = sales.label if "," not in sales.label else say("answer.of_the_period", what=sales.label.split(",")[0])
    if five is not None:
        return say("answer.state", what=what, sales=sales.written, share=style.share(five.value, 0))
    customers = found.now.figure(DEPENDENCE, "accounts")
    if customers is None or customers.value is None:
        return ""
    return say(
        "answer.state_few", what=what, sales=sales.written, customers=style.counted(int(customers.value), "customer")
    )


def key_figures(found: "Found") -> list[KeyFigure]:
    """The five figures, each with its change, where it stands in its own range, and its course."""
    tiles = []
    for each in found.figures:
        note = ", ".join(filter(None, [each.change, each.reading]))
        news = "" if each.reading == WITHIN else tone(each)
        tiles.append(KeyFigure(each.label, each.written, note, tone=news, mark=sparkline(each.course)))
    return tiles


def lead(found: "Found") -> str:
    """How the total stands, since when the figures changed, and what else was not found."""
    parts = [found.about.sold]
    if any(each.change for each in found.figures):
        parts.append(say("answer.changes_since", day=coming_day(found.since, found.about.as_of)))
    if found.now.failed:
        parts.append(say("answer.failed", pages=", ".join(sorted(found.now.failed))))
    return " ".join(filter(None, parts))
