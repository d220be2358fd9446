"""The first screen: the finding in a sentence or two, four numbers, and how the total stands."""

from typing import TYPE_CHECKING

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import DISCLOSED, equal, headed, measure_name, named, number_of_equal, number_word

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

QUESTION = "How dependent are we on our largest customers?"
# A part of the business is worse than the whole from this factor on.
_WORSE = 1.2


def answer(found: "Found") -> str:
    """The finding in one sentence."""
    now = found.now
    clauses = [_largest(found)]
    if now.n > 5:
        clauses.append(f"five customers make {style.share(now.top(5), 0)}{_moved(found)}")
    if now.n > 1:
        clauses.append(f"{style.count(now.accounts_for(0.8))} of {style.count(now.n)} make 80%")
    return "; ".join(clauses) + "."


def _largest(found: "Found") -> str:
    now, measure = found.now, found.about.measure_words
    first = now.accounts.iloc[0]
    who = named(first["account_id"], first["account_name"])
    if now.n == 1:
        return f"All {measure} come from one customer: {who}"
    said = f"{who} is {style.share(float(first['share']), 0 if first['share'] > 0.1 else 1)} of {measure}"
    group = next((each for each in found.groups if each.account_id == first["account_id"]), None)
    if group and group.share >= DISCLOSED > group.largest_entity_share:
        return f"{said}, though none of its {number_word(group.entities)} companies reaches 10%"
    return said


def _moved(found: "Found") -> str:
    before, mover = found.before, found.mover
    if before is None or not before.n:
        return ""
    change = found.now.top(5) - before.top(5)
    if abs(change) < 0.005:
        return ", as a year before"
    through = f" through {named(mover.account_id, mover.account_name)}" if mover else ""
    points = round(abs(change) * 100)
    return f", {'up' if change > 0 else 'down'} {points} point{'' if points == 1 else 's'}{through}"


def key_figures(found: "Found") -> list[KeyFigure]:
    """The four numbers of the first screen, each with its change on the twelve months before."""
    now, before = found.now, found.before
    first = now.accounts.iloc[0]
    needed = now.accounts_for(0.8)
    one = five = fewer = then = ""
    if before is not None and before.n:
        year = "on the year before"
        one = f", {style.points(now.top(1) - before.share_of(str(first['account_id'])))} {year}"
        five = f"{style.points(now.top(5) - before.top(5))} {year}"
        fewer = f"{number_of_equal(before.effective_accounts)} a year before"
        then = f"{style.count(before.accounts_for(0.8))} of {style.count(before.n)} a year before"
    name = named(first["account_id"], first["account_name"])
    return [
        KeyFigure("Largest customer", style.share(now.top(1)), name + one),
        KeyFigure("Five largest together" if now.n >= 5 else "All customers together", style.share(now.top(5)), five),
        KeyFigure("As concentrated as", equal(now.effective_accounts), fewer),
        KeyFigure(
            f"Customers behind 80% of {found.about.measure_words}",
            f"{style.count(needed)} of {style.count(now.n)}",
            then,
        ),
    ]


def activity_label(each: Activity) -> str:
    """One activity as a heading: Sales, Seals, North, Regions served."""
    said = {"measure": measure_name(each.name), "presence": "regions served"}
    return headed(said.get(each.kind, each.name))


def worse_somewhere(found: "Found") -> str:
    """Where we depend more on one customer than in total, in a sentence; empty where no parts are told apart."""
    parts = [each for each in found.activities if each.kind in ("product_line", "region")]
    worst = max(parts, key=lambda each: each.largest.share, default=None)
    if worst is None:
        return ""
    total = found.now.top(1)
    if worst.largest.share < _WORSE * total:
        return "No product line or region depends much more on one customer than the total does."
    others = [each for each in parts if each.largest.share > 1.5 * total and each is not worst]
    second = max(others, key=lambda each: each.largest.share, default=None)
    more = f" Next is {_where(second)}." if second else ""
    return f"Highest in {_where(worst)}.{more} In total the largest customer is {style.share(total, 0)}."


def _where(activity: Activity) -> str:
    first = activity.largest
    share = style.share(first.share, 0)
    return f"{activity.name}: {named(first.account_id, first.account_name)} is {share} of it"


def largest_in_total(book: Concentration, each: Activity) -> bool:
    """Whether an activity depends on one customer half as much again as the total does."""
    return each.kind != "presence" and each.largest.share > 1.5 * book.top(1)


def where_it_stands(book: Concentration, before: Concentration | None, *, account_id: str, measure: str) -> str:
    """The highlighted account's place among all, in a sentence; empty for no account."""
    rows = book.accounts[book.accounts["account_id"] == account_id]
    if rows.empty:
        return ""
    row, rank = rows.iloc[0], int(rows.index[0]) + 1
    share = f"{style.share(row['share'])} of {measure}"
    said = f"{named(account_id, row['account_name'])} is number {rank:,} of {book.n:,} with {share}"
    if before is None or not before.n:
        return f"{said}."
    return f"{said}, {style.points(float(row['share']) - before.share_of(account_id))} on the year before."
