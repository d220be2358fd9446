"""The tables of `01_concentration`: who the largest are, where dependence is greater, who belongs together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.pages import style
from kam_analysis.pages.concentration.answer import activity_label, largest_in_total
from kam_analysis.pages.html import Html, paragraph, together
from kam_analysis.pages.table import Table, columns_in, rows
from kam_analysis.pages.words import DISCLOSED, headed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say, declared = said_in(__file__), columns_in(__file__)

# A spreadsheet and a reader end long before a million customers do.
LISTED_ACCOUNTS = 10_000
SHOWN, SUGGESTED, _OF_SEVERAL = 15, 10, 10
# Losses below this part of an activity's sales are the odd credit note; of a margin each one is a finding.
_WORTH_TELLING = 0.01


def accounts(found: "Found") -> Table:
    """The largest customers, with what they were a year before."""
    listed, before = found.accounts.head(LISTED_ACCOUNTS), found.before
    then = None if before is None else before.accounts.set_index("account_id")["share"]
    frame = listed.rename(columns={"amount": "revenue"}).assign(
        rank=range(1, len(listed) + 1),
        change=None if then is None else listed["share"] - listed["account_id"].map(then).fillna(0.0),
    )
    columns = declared("accounts", of={"measure": headed(found.about.measure_words)}, written={"change": _change})
    shown = min(SHOWN, len(listed))
    caption = say("accounts.largest", shown=shown) if shown > 1 else say("accounts.one")
    return Table(caption, columns, frame, unit=found.about.unit, shown=SHOWN)


def _change(row: Mapping[str, Any]) -> str:
    return "" if pd.isna(row["change"]) else style.points(row["change"])


def cut_short(found: "Found") -> list[str]:
    """That the published table ends before the customers do."""
    now = found.now
    if now.n <= LISTED_ACCOUNTS:
        return []
    left = style.share(1 - now.top(LISTED_ACCOUNTS))
    return [say("accounts.cut_short", listed=style.count(LISTED_ACCOUNTS), all=style.count(now.n), left=left)]


def activities(found: "Found") -> Table:
    """A row per activity; bold where one customer's share is half as large again as in total."""
    every, kinds = found.activities, words_in(__file__, "kinds")
    columns = declared(
        "activities",
        of={"measure": found.about.measure_words},
        written={
            "kind": lambda row: kinds[row["kind"]],
            "name": lambda row: row["label"],
            "amount": _activity_amount,
            "effective_accounts": _effective,
            "largest_share": _largest_share,
        },
    )
    frame = pd.DataFrame([_activity_row(each, found.units[each.activity]) for each in every])
    strong = [at for at, each in enumerate(every) if largest_in_total(found.now, each)]
    notes = [note for each in every if (note := gains_and_losses(each, found.units[each.activity]))]
    return Table(say("activities.caption"), columns, frame, strong=strong, notes=notes)


def _activity_row(each: Activity, unit: str) -> dict[str, Any]:
    largest = {f"largest_{name}": value for name, value in vars(each.largest).items()}
    return vars(each) | largest | {"label": activity_label(each), "unit": unit}


def _activity_amount(row: Mapping[str, Any]) -> str:
    if row["kind"] == "presence":
        return say("activities.regions", regions=f"{row['amount']:.0f}")
    return style.money(row["amount"], row["unit"])


def _largest_share(row: Mapping[str, Any]) -> str:
    if row["kind"] == "presence":
        return say("activities.regions_of", served=f"{row['largest_amount']:.0f}", regions=f"{row['amount']:.0f}")
    return style.share(row["largest_share"])


def _effective(row: Mapping[str, Any]) -> str:
    return "" if row["kind"] == "presence" else style.decimal(row["effective_accounts"], 0)


def gains_and_losses(each: Activity, unit: str) -> str:
    """Sums above and below zero, where an activity has both: a share of their difference would mean nothing."""
    if not each.loss_accounts or not (each.name == "margin" or -each.losses >= _WORTH_TELLING * each.amount):
        return ""
    return say(
        "activities.losses",
        activity=activity_label(each),
        earned=style.money(each.amount, unit),
        earning=style.counted(each.accounts, "customer"),
        lost=style.money(-each.losses, unit),
        losing=style.counted(each.loss_accounts, "other"),
    )


def hidden(found: "Found") -> Table:
    """Customers that are small in total and large in one activity; for tables.xlsx."""
    columns = declared("hidden")
    return Table(say("hidden.caption"), columns, rows([vars(each) for each in found.hidden], columns))


def disclosed(found: "Found") -> Table:
    """Customers at a tenth of all sales, entities under common control taken as one; for tables.xlsx."""
    sold = found.reconciliation.sold if found.about.measure == "revenue" else 0.0
    large = found.accounts[found.accounts["amount"] >= DISCLOSED * sold] if sold > 0 else found.accounts.head(0)
    companies = {each.account_id: each.entities for each in found.groups}
    frame = large.rename(columns={"amount": "revenue"}).assign(
        companies=[companies.get(each, 1) for each in large["account_id"]],
        share_of_total=large["amount"] / (sold or 1.0),
    )
    return Table(say("disclosed.caption"), declared("disclosed"), frame, unit=found.about.unit)


def groups(found: "Found") -> Html:
    """The same sales by customer and by company, and whose companies make the difference."""
    if not found.about.groups_known:
        return paragraph(say("groups.unknown"), "note")
    return together(by_level(found).html(), of_several(found).html())


def by_level(found: "Found") -> Table:
    """The shares by customer and by legal entity, and the difference."""
    levels = zip(words_in(__file__, "levels").values(), (found.now, found.companies), strict=True)
    records = [
        {"level": level, "n": book.n, "top_1": book.top(1), "top_5": book.top(5), "equal": book.effective_accounts}
        for level, book in levels
    ]
    footer = {"level": say("groups.difference")} | moved(found.now, found.companies)
    return Table(say("groups.levels"), declared("by_level"), pd.DataFrame(records), footer=footer)


def moved(now: Concentration, other: Concentration) -> dict[str, str]:
    """By how much a book differs from another: customers, the largest shares, the effective number."""
    return {
        "n": style.change(now.n - other.n),
        "top_1": style.points(now.top(1) - other.top(1)),
        "top_5": style.points(now.top(5) - other.top(5)),
        "equal": style.change(now.effective_accounts - other.effective_accounts, 1),
    }


def of_several(found: "Found") -> Table:
    """Customers made of several companies, as one and by their largest company alone."""
    columns = declared("of_several")
    return Table(say("groups.several"), columns, rows([vars(each) for each in found.groups[:_OF_SEVERAL]], columns))


def suggested(found: "Found") -> Table:
    """Which companies may be one customer: to be confirmed by the company, never applied by itself."""
    columns = declared("suggested")
    more = len(found.suggested) - SUGGESTED
    left = say("suggested.more", number=style.counted(more, "more suggestion")) + " " if more > 0 else ""
    notes, frame = [left + say("suggested.note")], found.suggested.head(LISTED_ACCOUNTS)
    return Table(say("suggested.caption"), columns, frame, unit=found.about.unit, shown=SUGGESTED, notes=notes)
