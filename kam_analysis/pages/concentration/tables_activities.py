"""Where the business hangs more on one customer than in total."""

from collections.abc import Mapping, Sequence

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.pages import style
from kam_analysis.pages.concentration.activities import activity_label, gains_and_losses
from kam_analysis.pages.html import Html, paragraph, table, together

KINDS = {"measure": "All", "product_line": "Product line", "region": "Region", "presence": "Presence"}


def activities_table(found: Sequence[Activity], whole: Concentration, units: Mapping[str, str]) -> Html:
    """A row per activity; bold where one customer's share is half as large again as in total.

    `units` gives each activity's unit. Losses are told below the table, never netted into a share.
    """
    if not found:
        return Html("")
    columns = {
        "kind": "|", "name": "Activity|", "amount": "Amount", "accounts": "Customers", "first": "Largest customer|",
        "share": "Its share", "total": "Its share of all", "equal": "Equal customers",
    }  # fmt: skip
    kinds = [KINDS.get(each.kind, each.kind) for each in found]
    rows = [
        _row(kind if kind not in kinds[:at] else "", each, units[each.activity])
        for at, (kind, each) in enumerate(zip(kinds, found, strict=True))
    ]
    worse = [at for at, each in enumerate(found) if each.kind != "presence" and each.largest.share > 1.5 * whole.top(1)]
    said = [paragraph(line, "note") for line in gains_and_losses(found, units)]
    return together(table(columns, rows, "Every significant activity", strong=worse), *said)


def _row(kind: str, each: Activity, unit: str) -> dict[str, str]:
    presence = each.kind == "presence"
    return {
        "kind": kind,
        "name": activity_label(each),
        "amount": f"{each.amount:.0f} regions" if presence else style.money(each.amount, unit),
        "accounts": style.count(each.accounts),
        "first": each.largest.account_name,
        "share": f"{each.largest.amount:.0f} of {each.amount:.0f}" if presence else style.share(each.largest.share),
        "total": style.share(each.largest.share_of_total),
        "equal": "" if presence else style.decimal(each.effective_accounts, 0),
    }
