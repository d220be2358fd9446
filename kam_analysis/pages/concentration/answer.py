"""The first screen: the finding in a sentence or two, four numbers, and how the total stands."""

from typing import TYPE_CHECKING

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import headed, measure_name, named, number_of_equal, number_word

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

QUESTION = "How dependent are we on our largest customers?"
# A part of the business is worse than the whole from this factor on.
_WORSE = 1.2
_FIVE = 5


def answer(found: "Found") -> str:
    """The finding: how much the largest customer is, and the five largest, each beside a year ago."""
    now, measure = found.now, found.about.measure_words
    first = now.accounts.iloc[0]
    who = named(first["account_id"], first["account_name"])
    if now.n == 1:
        return f"All {measure} come from one customer: {who}."
    share = style.share(float(first["share"]), 0 if first["share"] > 0.1 else 1)
    said = f"{who} is {share} of {measure}{_moved(found, str(first['account_id']))}."
    if now.n <= _FIVE:
        return f"{said} There are {number_word(now.n)} customers in all."
    return f"{said} The five largest are {style.share(now.top(_FIVE), 0)}{_five_before(found)}."


def _moved(found: "Found", account_id: str) -> str:
    """How the largest's share moved in a year; nothing where no year before is known."""
    if found.before is None or not found.before.n:
        return ""
    change = found.now.top(1) - found.before.share_of(account_id)
    points = round(abs(change) * 100)
    if not points:
        return ", as a year ago"
    return (
        f", {number_word(points)} point{'' if points == 1 else 's'} {'more' if change > 0 else 'less'} than a year ago"
    )


def _five_before(found: "Found") -> str:
    if found.before is None or not found.before.n:
        return ""
    now, then = (style.share(each.top(_FIVE), 0) for each in (found.now, found.before))
    return ", as a year ago" if now == then else f" ({then} a year ago)"


def key_figures(found: "Found") -> list[KeyFigure]:
    """The four numbers of the first screen, each with its change on the twelve months before."""
    now, before = found.now, found.before
    first = now.accounts.iloc[0]
    needed = now.accounts_for(0.8)
    one = five = fewer = then = ""
    if before is not None and before.n:
        year = "on the year before"
        one = f", {style.points(now.top(1) - before.share_of(str(first['account_id'])))} {year}"
        through = f", mainly through {named(found.mover.account_id, found.mover.account_name)}" if found.mover else ""
        five = f"{style.points(now.top(_FIVE) - before.top(_FIVE))} {year}{through}"
        fewer = f"{number_of_equal(before.effective_accounts)} a year before"
        then = f"{style.count(before.accounts_for(0.8))} of {style.count(before.n)} a year before"
    name = named(first["account_id"], first["account_name"])
    return [
        KeyFigure("Largest customer", style.share(now.top(1)), name + one),
        KeyFigure(_together(now.n), style.share(now.top(_FIVE)), five),
        KeyFigure("Effective number of customers", number_of_equal(now.effective_accounts), fewer),
        KeyFigure(
            f"Customers behind 80% of {found.about.measure_words}",
            f"{style.count(needed)} of {style.count(now.n)}",
            then,
        ),
    ]


def _together(customers: int) -> str:
    return "Five largest together" if customers >= _FIVE else "All customers together"


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
