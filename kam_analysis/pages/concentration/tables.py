"""The tables of `01_concentration`: who the largest are, where dependence is greater, what changed, who belongs together."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.pages import style
from kam_analysis.pages.concentration.answer import activity_label, largest_in_total
from kam_analysis.pages.html import Html, paragraph, together
from kam_analysis.pages.table import Column, Table, rows
from kam_analysis.pages.words import DISCLOSED

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

# A spreadsheet and a reader end long before a million customers do.
LISTED_ACCOUNTS = 10_000
SHOWN, SUGGESTED, PUSHED, FALLEN, NAMED = 15, 10, 6, 10, 3
KINDS = {"measure": "All", "product_line": "Product line", "region": "Region", "presence": "Presence"}
_STEPS = ("opening", "new", "grown", "shrunk", "lost", "closing")
# Losses below this part of an activity's sales are the odd credit note; of a margin each one is a finding.
_WORTH_TELLING = 0.01


def accounts(found: "Found") -> Table:
    """The largest customers, with what they were a year before."""
    listed, before = found.accounts.head(LISTED_ACCOUNTS), found.before
    change = (
        [None] * len(listed)
        if before is None
        else [
            share - before.share_of(each)
            for each, share in zip(listed["account_id"].head(SHOWN), listed["share"], strict=False)
        ]
    )
    frame = listed.assign(
        rank=range(1, len(listed) + 1), change=pd.Series(change, dtype="float64").reindex(listed.index)
    )
    shown = min(SHOWN, len(listed))
    return Table(
        f"The {shown} largest customers" if shown > 1 else "The largest customer",
        [
            Column("rank", "Rank", "count"),
            Column("account_id", "Number", on_page=False),
            Column("account_name", "Customer"),
            Column("revenue", found.about.unit or "Amount", "money"),
            Column("share", "Share", "share"),
            Column("cumulative", "Cumulative", "share", published=False),
            Column("abc", "Class"),
            Column("change", "Change vs. last year", "number", written=_points("change"), published=False),
        ],
        frame.rename(columns={"amount": "revenue"}),
        shown=SHOWN,
    )


def cut_short(found: "Found") -> list[str]:
    """That the published table ends before the customers do."""
    now = found.now
    if now.n <= LISTED_ACCOUNTS:
        return []
    left = style.share(1 - now.top(LISTED_ACCOUNTS))
    return [
        f"the table of accounts ends after the {LISTED_ACCOUNTS:,} largest of {now.n:,}; the others are {left} together"
    ]


def activities(found: "Found") -> Table:
    """A row per activity; bold where one customer's share is half as large again as in total."""
    every = found.activities
    strong = [at for at, each in enumerate(every) if largest_in_total(found.now, each)]
    columns = [
        Column("activity", "Activity", on_page=False),
        Column("kind", "Kind", written=lambda row: KINDS.get(row["kind"], row["kind"])),
        Column("name", "Activity", written=lambda row: row["label"]),
        Column("amount", "Amount", "money", written=_activity_amount),
        Column("losses", "Below zero", "money", on_page=False),
        Column("loss_accounts", "Customers below zero", "count", on_page=False),
        Column("share_of_total", "Share of total", "share", on_page=False),
        Column("accounts", "Customers", "count"),
        Column("effective_accounts", "Effective number", "number", 1, written=_effective),
        Column("largest_account_id", "Largest customer's number", on_page=False),
        Column("largest_account_name", "Largest customer"),
        Column("largest_share", "Its share", "share", written=_largest_share),
        Column("largest_share_of_total", "Share of total sales", "share", published=False),
    ]
    frame = pd.DataFrame([_activity_row(each, found.units[each.activity]) for each in every])
    notes = [note for each in every if (note := gains_and_losses(each, found.units[each.activity]))]
    return Table("Largest customer by line and region", columns, frame, strong=strong, notes=notes)


def _activity_row(each: Activity, unit: str) -> dict[str, Any]:
    first = each.largest
    return {name: value for name, value in vars(each).items() if name != "leaders"} | {
        "label": activity_label(each),
        "unit": unit,
        "largest_account_id": first.account_id,
        "largest_account_name": first.account_name,
        "largest_share": first.share,
        "largest_share_of_total": first.share_of_total,
        "largest_amount": first.amount,
    }


def _activity_amount(row: Mapping[str, Any]) -> str:
    return f"{row['amount']:.0f} regions" if row["kind"] == "presence" else style.money(row["amount"], row["unit"])


def _largest_share(row: Mapping[str, Any]) -> str:
    presence = row["kind"] == "presence"
    return f"{row['largest_amount']:.0f} of {row['amount']:.0f}" if presence else style.share(row["largest_share"])


def _effective(row: Mapping[str, Any]) -> str:
    return "" if row["kind"] == "presence" else style.decimal(row["effective_accounts"], 0)


def gains_and_losses(each: Activity, unit: str) -> str:
    """Sums above and below zero, where an activity has both: a share of their difference would mean nothing."""
    if not each.loss_accounts or not (each.name == "margin" or -each.losses >= _WORTH_TELLING * each.amount):
        return ""
    earned, lost = style.money(each.amount, unit), style.money(-each.losses, unit)
    earning, losing = style.counted(each.accounts, "customer"), style.counted(each.loss_accounts, "other")
    label = activity_label(each)
    return f"{label}: shares are of the {earned} from {earning}. The {lost} lost on {losing} is left out."


def hidden(found: "Found") -> Table:
    """Customers that are small in total and large in one activity; for tables.xlsx."""
    columns = [
        Column("account_id", "Number"),
        Column("account_name", "Customer"),
        Column("activity", "Activity"),
        Column("name", "Name"),
        Column("share", "Share there", "share"),
        Column("share_of_total", "Share of total", "share"),
    ]
    return Table("Small in total, large in one", columns, rows([vars(each) for each in found.hidden], columns))


def disclosed(found: "Found") -> Table:
    """Customers at a tenth of all sales, entities under common control taken as one; for tables.xlsx."""
    columns = [
        Column("account_id", "Number"),
        Column("account_name", "Customer"),
        Column("companies", "Companies", "count"),
        Column("revenue", "Sales", "money"),
        Column("share_of_total", "Share of total", "share"),
    ]
    sold = found.reconciliation.sold if found.about.measure == "revenue" else 0.0
    large = found.accounts[found.accounts["amount"] >= DISCLOSED * sold] if sold > 0 else found.accounts.head(0)
    companies = {each.account_id: each.entities for each in found.groups}
    frame = large.assign(
        companies=[companies.get(each, 1) for each in large["account_id"]],
        revenue=large["amount"],
        share_of_total=large["amount"] / sold if sold > 0 else 0.0,
    )
    return Table("Customers at 10% of sales or more", columns, frame, unit=found.about.unit)


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
    growth = f"{style.change((now.total / before.total - 1) * 100, 1)}{style.GAP}%"
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


def _points(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if pd.isna(row[name]) else style.points(row[name])


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


def groups(found: "Found") -> Html:
    """The same sales by customer and by company, and whose companies make the difference."""
    if not found.about.groups_known:
        said = (
            "The customer list names no parents, so every company counts on its own. "
            "A group of companies would read as several small customers."
        )
        return paragraph(said, "note")
    return together(by_level(found).html(), of_several(found).html())


def by_level(found: "Found") -> Table:
    """The shares by customer and by legal entity, and the difference."""
    now, companies = found.now, found.companies
    both = [
        {"level": said, "n": book.n, "one": book.top(1), "five": book.top(5), "equal": book.effective_accounts}
        for said, book in (("customers", now), ("single companies", companies))
    ]
    columns = [
        Column("level", "Counted as"),
        Column("n", "Number", "count"),
        Column("one", "Largest", "share"),
        Column("five", "Five largest", "share"),
        Column("equal", "Effective number", "number", 1),
    ]
    difference = {
        "level": "difference",
        "n": style.change(now.n - companies.n),
        "one": style.points(now.top(1) - companies.top(1)),
        "five": style.points(now.top(5) - companies.top(5)),
        "equal": style.change(now.effective_accounts - companies.effective_accounts, 1),
    }
    return Table("The same sales at both levels", columns, pd.DataFrame(both), footer=difference)


def of_several(found: "Found") -> Table:
    """Customers made of several companies, as one and by their largest company alone."""
    columns = [
        Column("account_name", "Customer"),
        Column("entities", "Companies", "count"),
        Column("share", "As one customer", "share"),
        Column("largest_entity_share", "Largest company alone", "share"),
    ]
    frame = rows([vars(each) for each in found.groups[:10]], columns)
    return Table("Customers made of several companies", columns, frame)


def suggested(found: "Found") -> Table:
    """Which companies may be one customer: to be confirmed by the company, never applied by itself."""
    columns = [
        Column("account_id", "Number", on_page=False),
        Column("account_name", "Company"),
        Column("amount", "Sales", "money"),
        Column("parent_id", "Number of the other", on_page=False),
        Column("parent_name", "may be one with"),
        Column("parent_amount", "Sales there", "money"),
        Column("reason", "because"),
        Column("confirmed", "Confirmed", on_page=False),
    ]
    note = (
        'None of this is in the figures. To confirm, save the sheet "01 parents to confirm" of tables.xlsx as a file of '
        'its own, write yes or no behind each, and name the file in the settings: [tables.parents] file = "parents.xlsx".'
    )
    more = len(found.suggested) - SUGGESTED
    if more > 0:
        note = f"{style.counted(more, 'more suggestion')} in tables.xlsx. {note}"
    frame, caption = found.suggested.head(LISTED_ACCOUNTS), "Companies that may belong together"
    return Table(caption, columns, frame, unit=found.about.unit, shown=SUGGESTED, notes=[note])


def _right(headings: Mapping[str, str]) -> list[Column]:
    """Columns of numbers that are written already, aligned as numbers are."""
    return [Column(name, heading, "number", written=_as_it_is(name)) for name, heading in headings.items()]


def _as_it_is(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: str(row[name])
