"""What changed on `01_concentration`: between two years, over the months, and for whom by more than is normal."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.pages import style
from kam_analysis.pages.concentration.tables import moved
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table, columns_in, rows
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say, declared = said_in(__file__), columns_in(__file__)

PUSHED, FALLEN, NAMED = 6, 10, 3
_STEPS = ("opening", "new", "grown", "shrunk", "lost", "closing")


def trend(found: "Found") -> Table:
    """Shares of the largest over twelve months to each month; for tables.xlsx."""
    kinds = {"month": "date", "accounts": "count", "total": "money", "squares": "number"}
    columns = [_trend_column(str(name), kinds) for name in found.trend.columns]
    return Table(say("trend.caption"), columns, found.trend, unit=found.about.unit)


def _trend_column(name: str, kinds: Mapping[str, str]) -> Column:
    kind = kinds.get(name) or ("share" if name.endswith("share") else "number")
    places = 4 if name == "hhi" else None
    return Column(name, name.replace("_", " ").capitalize(), kind, places)  # type: ignore[arg-type]


def bridge(found: "Found") -> Table | None:
    """The steps from last year to this one; for tables.xlsx."""
    if found.year is None:
        return None
    steps = [{"step": step, "amount": getattr(found.year.bridge, step)} for step in _STEPS]
    return Table(say("trend.bridge"), declared("bridge"), pd.DataFrame(steps), unit=found.about.unit)


def year_so_far(found: "Found") -> Table | None:
    """Total, customers and the largest shares of the fiscal year so far, against the same days a year before."""
    if found.so_far is None:
        return None
    now, before = found.so_far
    names = {"total": found.about.measure_words} | words_in(__file__, "so_far_rows")
    change = {"total": f"{style.change((now.total / before.total - 1) * 100, 1)}%"} | moved(now, before)
    written = [_in_a_year(book, found.about.unit) for book in (now, before)]
    records = [[names[each], written[0][each], written[1][each], change[each]] for each in change]
    columns = declared("year_so_far")
    frame = pd.DataFrame(records, columns=[each.name for each in columns])
    return Table(say("so_far.caption", days=found.so_far_days), columns, frame)


def _in_a_year(book: Concentration, unit: str) -> dict[str, str]:
    return {
        "total": style.money(book.total, unit),
        "n": style.count(book.n),
        "top_1": style.share(book.top(1)),
        "top_5": style.share(book.top(5)),
        "equal": style.decimal(book.effective_accounts),
    }


def pushed(found: "Found") -> Table | None:
    """Through whom the book became more or less concentrated; the rows and the rest add up to the change."""
    if found.year is None:
        return None
    change = found.year.pushed
    moves = change.accounts[change.accounts["change"] != 0]
    others = moves.iloc[PUSHED:]
    rest = {"account_name": style.counted(len(others), "other customer"), "change": float(others["change"].sum())}
    columns = declared(
        "pushed",
        written={
            "share_before": _share_or_none("share_before"),
            "share": _share_or_none("share"),
            "change": lambda row: style.change(row["change"] * 10_000, 1),
        },
    )
    frame = pd.concat([moves.head(PUSHED), pd.DataFrame([rest] if len(others) else [])], ignore_index=True)
    total = {"account_name": say("pushed.all"), "change": change.now - change.before}
    return Table(say("pushed.caption"), columns, frame, footer=total)


def _share_or_none(name: str) -> Callable[[Mapping[str, Any]], str]:
    def written(row: Mapping[str, Any]) -> str:
        value = row.get(name)
        if value is None or pd.isna(value):
            return ""
        return style.share(value) if value > 0 else say("pushed.none")

    return written


def largest_line(found: "Found") -> Html:
    """Who came into the ten largest and who dropped out, in a sentence."""
    if found.year is None:
        return Html("")
    entered, left = found.year.entered_and_left
    came = [_ranked(row, "rank_before", then=True) for row in entered.to_dict("records")]
    went = [_ranked(row, "rank", then=False) for row in left.to_dict("records")]
    said = [say("ten.entered", who=_listed(came))] if came else []
    said += [say("ten.left", who=_listed(went))] if went else []
    return paragraph(" ".join(said) or say("ten.same"))


def _ranked(row: Mapping[Any, Any], other: str, *, then: bool) -> str:
    """A name with the rank that it had, or has, in the other year."""
    who, rank = row["account_name"], row[other]
    if pd.isna(rank):
        return say("ten.no_sales_then" if then else "ten.no_sales_now", who=who)
    return say("ten.was" if then else "ten.now", who=who, rank=int(rank))


def _listed(said: list[str], between: str = ", ") -> str:
    """The first few, and how many more."""
    more = len(said) - NAMED
    return between.join(said[:NAMED]) + (say("ten.more", more=more) if more > 0 else "")


def falls(found: "Found") -> Table:
    """Who falls faster than is normal for them, most money first; a sentence where nobody does or can be judged."""
    columns = declared("falls", written={"usual": lambda row: f"± {style.money(row['usual'])}"})
    frame = rows([], columns) if found.falls is None else found.falls.alerts
    said = " ".join([*_against_the_year_before(found), *_within_a_year(found)])
    return Table(say("falls.caption"), columns, frame, unit=found.about.unit, shown=FALLEN, notes=[said], nothing=said)


def _within_a_year(found: "Found") -> list[str]:
    """Who fell by a shorter comparison, of those without two years; the same judgement as on the page of key accounts."""
    fell = [
        say(
            "falls.short_one",
            who=row["account_name"],
            fall=style.share(-row["change_share"], 0),
            compared=row["compared_with"],
        )
        for row in found.short_falls.to_dict("records")
    ]
    return [say("falls.short", who=_listed(fell))] if fell else []


def _against_the_year_before(found: "Found") -> list[str]:
    seen = found.falls
    if seen is None or not seen.assessed:
        return [say("falls.unknown")]
    of = {"judged": style.counted(seen.assessed, "customer"), "others": style.count(seen.not_assessed)}
    judged = say("falls.judged", **of)
    if seen.alerts.empty:
        return [say("falls.nobody"), judged]
    more = len(seen.alerts) - FALLEN
    return [say("falls.note"), judged, *([say("falls.more", more=more)] if more > 0 else [])]
