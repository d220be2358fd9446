"""What changed on `01_concentration`: between two years, over the months, and for whom by more than is normal."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

PUSHED, FALLEN, NAMED = 6, 10, 3
_STEPS = ("opening", "new", "grown", "shrunk", "lost", "closing")


def trend(found: "Found") -> Table:
    """Shares of the largest over twelve months to each month; for tables.xlsx."""
    kinds = {"month": "date", "accounts": "count", "total": "money", "squares": "number"}
    columns = [_trend_column(str(name), kinds) for name in found.trend.columns]
    return Table("Twelve months to each month", columns, found.trend, unit=found.about.unit)


def _trend_column(name: str, kinds: Mapping[str, str]) -> Column:
    kind = kinds.get(name) or ("share" if name.endswith("share") else "number")
    places = 4 if name == "hhi" else None
    return Column(name, name.replace("_", " ").capitalize(), kind, places)  # type: ignore[arg-type]


def bridge(found: "Found") -> Table | None:
    """The steps from last year to this one; for tables.xlsx."""
    if found.year is None:
        return None
    steps = [{"step": step, "amount": getattr(found.year.bridge, step)} for step in _STEPS]
    columns = [Column("step", "Step"), Column("amount", "Amount", "money")]
    return Table("What changed", columns, pd.DataFrame(steps), unit=found.about.unit)


def year_so_far(found: "Found") -> Table | None:
    """Total, customers and the largest shares of the fiscal year so far, against the same days a year before."""
    if found.so_far is None:
        return None
    now, before = found.so_far
    growth = f"{style.change((now.total / before.total - 1) * 100, 1)}%"
    values = [_in_a_year(now, found.about.unit), _in_a_year(before, found.about.unit)]
    changes = [
        growth,
        style.change(now.n - before.n),
        style.points(now.top(1) - before.top(1)),
        style.points(now.top(5) - before.top(5)),
        style.change(now.effective_accounts - before.effective_accounts, 1),
    ]
    names = [
        found.about.measure_words,
        "customers",
        "largest customer",
        "five largest",
        "effective number of customers",
    ]
    frame = pd.DataFrame({"name": names, "now": values[0], "before": values[1], "change": changes})
    columns = [Column("name", ""), *_right({"now": "This year", "before": "Same days last year", "change": "Change"})]
    return Table(f"The year so far: {found.so_far_days}", columns, frame)


def _in_a_year(book: Concentration, unit: str) -> list[str]:
    shares = [style.share(book.top(1)), style.share(book.top(5))]
    return [style.money(book.total, unit), style.count(book.n), *shares, style.decimal(book.effective_accounts)]


def pushed(found: "Found") -> Table | None:
    """Through whom the book became more or less concentrated; the rows and the rest add up to the change."""
    if found.year is None:
        return None
    change = found.year.pushed
    moved = change.accounts[change.accounts["change"] != 0]
    others = moved.iloc[PUSHED:]
    rest = {"account_name": style.counted(len(others), "other customer"), "change": float(others["change"].sum())}
    columns = [
        Column("account_name", "Customer"),
        Column("share_before", "Share last year", "share", written=_share_or_none("share_before")),
        Column("share", "Share now", "share", written=_share_or_none("share")),
        Column("change", "Effect on HHI (0–10,000)", "number", written=_hhi_points),
    ]
    frame = pd.concat([moved.head(PUSHED), pd.DataFrame([rest] if len(others) else [])], ignore_index=True)
    total = {"account_name": "All customers", "change": change.now - change.before}
    return Table("Who made us more (+) or less (−) concentrated", columns, frame, footer=total)


def _share_or_none(name: str) -> Callable[[Mapping[str, Any]], str]:
    def written(row: Mapping[str, Any]) -> str:
        value = row.get(name)
        if value is None or pd.isna(value):
            return ""
        return style.share(value) if value > 0 else "none"

    return written


def _hhi_points(row: Mapping[str, Any]) -> str:
    return style.change(row["change"] * 10_000, 1)


def largest_line(found: "Found") -> Html:
    """Who came into the ten largest and who dropped out, in a sentence."""
    if found.year is None:
        return Html("")
    entered, left = found.year.entered_and_left
    if entered.empty and left.empty:
        return paragraph("The 10 largest are the same as the year before.")
    parts = [f"New among the 10 largest: {_listed(entered, 'rank_before')}"] if len(entered) else []
    parts += [f"No longer: {_listed(left, 'rank')}"] if len(left) else []
    return paragraph(". ".join(parts) + ".")


def _listed(frame: pd.DataFrame, other: str) -> str:
    """Names with the rank that they have, or had, in the other year; the first few."""
    said = [f"{row['account_name']} ({_rank(row[other], other)})" for row in frame.head(NAMED).to_dict("records")]
    more = f" and {len(frame) - NAMED} more" if len(frame) > NAMED else ""
    return ", ".join(said) + more


def _rank(rank: float, other: str) -> str:
    then = other == "rank_before"
    if pd.isna(rank):
        return "no sales then" if then else "no sales now"
    return f"{'was' if then else 'now'} {int(rank)}"


def falls(found: "Found") -> Table:
    """Who falls faster than is normal for them, most money first; a sentence where nobody does or can be judged."""
    seen = found.falls
    columns = [
        Column("account_id", "Number", on_page=False),
        Column("account_name", "Customer"),
        Column("recent", "Last six months", "money"),
        Column("year_before", "A year earlier", "money"),
        Column("change", "Change", "money"),
        Column("change_share", "in %", "share", 0),
        Column("usual", "Normal range", "money", written=lambda row: f"± {style.money(row['usual'])}"),
        Column("times_usual", "Times normal", "number", 1, on_page=False),
    ]
    frame = rows([], columns) if seen is None else seen.alerts
    caption = "Falling faster than normal for this customer"
    said = _about_falls(found)
    return Table(caption, columns, frame, unit=found.about.unit, shown=FALLEN, notes=[said], nothing=said)


def _about_falls(found: "Found") -> str:
    return f"{_against_the_year_before(found)}{_within_a_year(found)}"


def _within_a_year(found: "Found") -> str:
    """Who fell by a shorter comparison, of those without two years; the same judgement as on the page of key accounts."""
    fell = found.short_falls
    if fell.empty:
        return ""
    listed = [
        f"{row['account_name']}, {style.share(row['change_share'], 0)} on {row['compared_with']}"
        for row in fell.head(NAMED).to_dict("records")
    ]
    more = f" and {len(fell) - NAMED} more" if len(fell) > NAMED else ""
    return f" With less than two years, these fell by more than their own ups and downs: {'; '.join(listed)}{more}."


def _against_the_year_before(found: "Found") -> str:
    seen = found.falls
    if seen is None or not seen.assessed:
        return "A fall against the year before cannot be judged: that needs two years of complete months."
    judged = (
        f"{style.counted(seen.assessed, 'customer')} with enough history judged, {style.count(seen.not_assessed)} not."
    )
    if seen.alerts.empty:
        return f"Nobody is falling faster than normal in the last six complete months. {judged}"
    more = len(seen.alerts) - FALLEN
    rest = f" {more} more, smaller ones." if more > 0 else ""
    return (
        "Six complete months against the same months a year earlier. The worst month is ignored, so one empty month "
        f"does not raise an alarm. {judged}{rest}"
    )


def _right(headings: Mapping[str, str]) -> list[Column]:
    """Columns of numbers that are written already, aligned as numbers are."""
    return [Column(name, heading, "number", written=_as_it_is(name)) for name, heading in headings.items()]


def _as_it_is(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row[name])
