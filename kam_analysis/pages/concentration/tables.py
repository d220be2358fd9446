"""The tables of `01_concentration`: who the largest are, where dependence is greater, who belongs together."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Activity
from kam_analysis.pages import style
from kam_analysis.pages.concentration.answer import activity_label, largest_in_total
from kam_analysis.pages.html import Html, paragraph, together
from kam_analysis.pages.table import Column, Table, rows
from kam_analysis.pages.words import DISCLOSED, headed

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

# A spreadsheet and a reader end long before a million customers do.
LISTED_ACCOUNTS = 10_000
SHOWN, SUGGESTED = 15, 10
KINDS = {"measure": "All", "product_line": "Product line", "region": "Region", "presence": "Presence"}
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
            Column("revenue", headed(found.about.measure_words), "money"),
            Column("share", "Share", "share", bar=True),
            Column("cumulative", "Cumulative", "share", published=False),
            Column("abc", "Class"),
            Column("change", "Change vs. last year", "number", written=_points("change"), published=False),
        ],
        frame.rename(columns={"amount": "revenue"}),
        unit=found.about.unit,
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


def _points(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if pd.isna(row[name]) else style.points(row[name])


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
