"""The first screen: the finding in a sentence or two, four numbers, and how the total stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.tile_marks import sparkline
from kam_analysis.pages.words import headed, measure_name, named, number_of_equal, number_word, said_in, short_enough

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

QUESTION = say("page.question")
# A part of the business is worse than the whole from this factor on.
_WORSE = 1.2
_FIVE = 5
_UNCHANGED = 0.0005  # as `style.points` writes it


def answer(found: "Found") -> str:
    """The finding: how much the largest customer is, and the five largest, each beside a year ago."""
    now, measure = found.now, found.about.measure_words
    first = now.accounts.iloc[0]
    who = named(first["account_id"], first["account_name"])
    if now.n == 1:
        return say("answer.alone", measure=measure, who=who)
    share = style.share(float(first["share"]), 0 if first["share"] > 0.1 else 1)
    said = say("answer.largest", who=who, share=share, measure=measure, moved=_moved(found, str(first["account_id"])))
    if now.n <= _FIVE:
        return short_enough(f"{said} {say('answer.few', customers=number_word(now.n))}", said)
    five = [say("answer.five", share=style.share(now.top(_FIVE), 0), before=each) for each in (_five_before(found), "")]
    return short_enough(*(f"{said} {each}" for each in five), said)


def _moved(found: "Found", account_id: str) -> str:
    """How the largest's share moved in a year; nothing where no year before is known."""
    if found.before is None or not found.before.n:
        return ""
    change = found.now.top(1) - found.before.share_of(account_id)
    moved = round(abs(change) * 100)
    if not moved:
        return say("answer.as_before")
    points = f"{number_word(moved)} point{'' if moved == 1 else 's'}"
    return say("answer.more" if change > 0 else "answer.less", points=points)


def _five_before(found: "Found") -> str:
    if found.before is None or not found.before.n:
        return ""
    now, then = (style.share(each.top(_FIVE), 0) for each in (found.now, found.before))
    return say("answer.as_before") if now == then else say("answer.five_before", share=then)


def key_figures(found: "Found") -> list[KeyFigure]:
    """The four numbers of the first screen, each with its change on the twelve months before and its course."""
    now, before = found.now, found.before
    first = now.accounts.iloc[0]
    one, five, fewer, then = named(first["account_id"], first["account_name"]), "", "", ""
    more_on_one = more_on_five = more_equal = 0.0
    needed = {"needed": style.count(now.accounts_for(0.8)), "all": style.count(now.n)}
    if before is not None and before.n:
        more_on_one = now.top(1) - before.share_of(str(first["account_id"]))
        more_on_five = now.top(_FIVE) - before.top(_FIVE)
        more_equal = now.effective_accounts - before.effective_accounts
        one = say("tiles.largest_note", who=one, change=style.points(more_on_one))
        five = _five_moved(found, style.points(more_on_five))
        fewer = say("tiles.effective_note", before=number_of_equal(before.effective_accounts))
        behind = {"needed": style.count(before.accounts_for(0.8)), "all": style.count(before.n)}
        then = say("tiles.behind_note", **behind)
    top_1, top_5, effective = (sparkline(each) for each in _courses(found))
    top_5 = top_5 if now.n > _FIVE else ""  # of so few it is always all of them
    together = say("tiles.five" if now.n >= _FIVE else "tiles.all")
    equal = number_of_equal(now.effective_accounts)
    return [
        KeyFigure(say("tiles.largest"), style.share(now.top(1)), one, _tone(more_on_one), top_1),
        KeyFigure(together, style.share(now.top(_FIVE)), five, _tone(more_on_five), top_5),
        KeyFigure(say("tiles.effective"), equal, fewer, _tone(-more_equal / now.n), effective),
        KeyFigure(say("tiles.behind", measure=found.about.measure_words), say("tiles.of_all", **needed), then),
    ]


def _courses(found: "Found") -> list[Sequence[float]]:
    """How each figure came to be what it is: of twelve months to each month's end, and then of the page's own twelve.

    Nothing where the page is of another length of time, whose figures these are not.
    """
    today = (found.now.top(1), found.now.top(_FIVE), found.now.effective_accounts)
    known = found.trend.reindex(columns=["top_1_share", "top_5_share", "effective_accounts"])
    return [[*known[name], last] if found.about.of_a_year else [] for name, last in zip(known, today, strict=True)]


def _tone(more: float) -> str:
    """More of the business with fewer customers is bad for us; what is told as unchanged is neither."""
    return "" if abs(more) < _UNCHANGED else "bad" if more > 0 else "good"


def _five_moved(found: "Found", change: str) -> str:
    if not found.mover:
        return say("tiles.five_note", change=change)
    return say("tiles.five_through", change=change, who=named(found.mover.account_id, found.mover.account_name))


def activity_label(each: Activity) -> str:
    """One activity as a heading: Sales, Seals, North, Regions served."""
    said = {"measure": measure_name(each.name), "presence": say("charts.presence")}
    return headed(said.get(each.kind, each.name))


def worse_somewhere(found: "Found") -> str:
    """Where we depend more on one customer than in total, in a sentence; empty where no parts are told apart."""
    parts = [each for each in found.activities if each.kind in ("product_line", "region")]
    worst = max(parts, key=lambda each: each.largest.share, default=None)
    if worst is None:
        return ""
    total = found.now.top(1)
    if worst.largest.share < _WORSE * total:
        return say("dependence.nowhere")
    others = [each for each in parts if each.largest.share > 1.5 * total and each is not worst]
    second = max(others, key=lambda each: each.largest.share, default=None)
    following = say("dependence.next", where=_where(second)) + " " if second else ""
    return say("dependence.highest", where=_where(worst), next=following, share=style.share(total, 0))


def _where(activity: Activity) -> str:
    first, share = activity.largest, style.share(activity.largest.share, 0)
    return say("dependence.where", activity=activity.name, who=named(first.account_id, first.account_name), share=share)


def largest_in_total(book: Concentration, each: Activity) -> bool:
    """Whether an activity depends on one customer half as much again as the total does."""
    return each.kind != "presence" and each.largest.share > 1.5 * book.top(1)


def where_it_stands(book: Concentration, before: Concentration | None, *, account_id: str, measure: str) -> str:
    """The highlighted account's place among all, in a sentence; empty for no account."""
    rows = book.accounts[book.accounts["account_id"] == account_id]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    of: dict[str, str] = {
        "who": named(account_id, row["account_name"]),
        "rank": style.count(int(rows.index[0]) + 1),
        "customers": style.count(book.n),
        "share": style.share(row["share"]),
        "measure": measure,
    }
    if before is None or not before.n:
        return say("standing.now", **of)
    return say("standing.since", change=style.points(float(row["share"]) - before.share_of(account_id)), **of)
