"""Parent and legal entity side by side, and which customers may belong together."""

from collections.abc import Sequence

import pandas as pd

from kam_analysis.analysis.concentration import Concentration, Group
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph, table, together

SUGGESTED = 10


def groups_finding(now: Concentration, entities: Concentration, found: Sequence[Group], grouped: bool) -> Html:
    """Parent and legal entity side by side, and whose fault the difference is."""
    if not grouped:
        return paragraph(
            "The customer master names no parents, so every company counts on its own. A group of companies would read as several small customers.",
            "note",
        )
    return together(_side_by_side(now, entities), _groups(found))


def _side_by_side(now: Concentration, entities: Concentration) -> Html:
    columns = {
        "level": "Counted as|",
        "n": "Number",
        "one": "Largest",
        "five": "Five largest",
        "equal": "Equal customers",
    }
    rows = [
        {
            "level": words,
            "n": style.count(each.n),
            "one": style.share(each.top(1)),
            "five": style.share(each.top(5)),
            "equal": style.decimal(each.effective_accounts),
        }
        for words, each in (("customers", now), ("single companies", entities))
    ]
    difference = {
        "level": "difference",
        "n": style.change(now.n - entities.n),
        "one": style.points(now.top(1) - entities.top(1)),
        "five": style.points(now.top(5) - entities.top(5)),
        "equal": style.change(now.effective_accounts - entities.effective_accounts, 1),
    }
    return table(columns, rows, "The same sales at both levels", footer=difference)


def _groups(found: Sequence[Group]) -> Html:
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
    return (
        table(columns, rows, "Customers made of several companies: where the difference comes from")
        if rows
        else Html("")
    )


def suggested_table(suggested: pd.DataFrame, unit: str) -> Html:
    """Which companies may be one customer: to be confirmed by the company, never applied by itself."""
    if suggested.empty:
        return Html("")
    in_unit = f", {unit}" if unit else ""
    columns = {
        "name": "Company|", "amount": f"Sales{in_unit}", "parent": "may be one with|", "parent_amount": f"Sales there{in_unit}",
        "reason": "because|",
    }  # fmt: skip
    rows = [
        {
            "name": row["account_name"],
            "amount": style.money(row["amount"]),
            "parent": row["parent_name"],
            "parent_amount": style.money(row["parent_amount"]),
            "reason": row["reason"],
        }
        for row in suggested.head(SUGGESTED).to_dict("records")
    ]
    more = len(suggested) - len(rows)
    note = (
        'Nothing of this is in the figures. To confirm, save the sheet "01 parents to confirm" of tables.xlsx as a file of '
        'its own, write yes or no behind each, and name the file in the settings: [tables.parents] file = "parents.xlsx".'
    )
    if more > 0:
        note = f"{style.counted(more, 'more suggestion')} in tables.xlsx. " + note
    return together(table(columns, rows, "Companies that may belong together"), paragraph(note, "note"))
