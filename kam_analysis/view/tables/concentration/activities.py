"""Where the business hangs more on one customer than in total."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, paragraph, section, table
from kam_analysis.view.findings.concentration import worse_somewhere

_KINDS = {"product_line": "Product line", "region": "Region"}


def activities_section(found: Sequence[Activity], whole: Concentration, unit_name: str) -> Html:
    """Where it is worse than in total; nothing where the data tells no activities apart."""
    why = "A customer that is small in total can carry a product line or a region on its own."
    shown = [paragraph(worse_somewhere(found, whole)), _activities(found, whole, unit_name)] if found else []
    return section("Where it is worse", why, *shown)


def _activities(found: Sequence[Activity], whole: Concentration, unit_name: str) -> Html:
    """A row per activity; bold where one customer's share is half as large again as in total."""
    columns = {
        "kind": "|",
        "name": "Activity|",
        "amount": unit_name or "Amount",
        "accounts": "Customers",
        "first": "Largest customer|",
        "share": "Its share",
        "equal": "Equal customers",
    }
    first = whole.accounts.iloc[0]
    total = {
        "kind": "All",
        "amount": style.money(whole.total),
        "accounts": style.count(whole.n),
        "first": first["account_name"],
        "share": style.share(float(first["share"])),
        "equal": style.decimal(whole.effective_accounts, 0),
    }
    kinds = [_KINDS.get(each.kind, each.kind) for each in found]
    rows = [
        {
            "kind": kind if kind not in kinds[:position] else "",
            "name": each.name,
            "amount": style.money(each.amount),
            "accounts": style.count(each.accounts),
            "first": each.largest_account_name,
            "share": style.share(each.largest_share),
            "equal": style.decimal(each.effective_accounts, 0),
        }
        for position, (kind, each) in enumerate(zip(kinds, found, strict=True))
    ]
    worse = [at for at, each in enumerate(found) if each.largest_share > 1.5 * whole.top(1)]
    return table(columns, rows, "Concentration by activity", footer=total, strong=worse)
