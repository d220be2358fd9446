"""Parent and legal entity side by side."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Concentration, Group
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, paragraph, table, together


def groups_finding(now: Concentration, entities: Concentration, found: Sequence[Group], grouped: bool) -> Html:
    """Parent and legal entity side by side, and whose fault the difference is."""
    if not grouped:
        return paragraph(
            "The customer master names no parents, so every company counts on its own. A group of companies would read as several small customers.",
            "note",
        )
    said = (
        f"Counted as customers: as concentrated as {now.effective_accounts:,.1f} equal ones. "
        f"Counted as single companies: {entities.effective_accounts:,.1f} equal ones."
    )
    columns = {
        "name": "Customer|",
        "entities": "Companies",
        "share": "As one customer",
        "alone": "Largest company alone",
    }
    rows = [
        {
            "name": each.account_name,
            "entities": each.entities,
            "share": style.share(each.share),
            "alone": style.share(each.largest_entity_share),
        }
        for each in found[:10]
    ]
    shown = table(columns, rows, "Customers made of several companies") if rows else Html("")
    return together(paragraph(said), shown)
