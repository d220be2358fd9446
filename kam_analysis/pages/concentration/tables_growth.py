"""Price, volume and mix on `01_concentration`: in all, by customer and by article."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.concentration import PriceVolumeMix
from kam_analysis.pages import style
from kam_analysis.pages.concentration.charts_movement import STEPS
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.results import Figure
from kam_analysis.pages.table import Column, Table
from kam_analysis.pages.words import called

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

SHOWN, PUBLISHED = 10, 10_000
QUANTITIES = "quantities, with the product or the product line"
EFFECT_WORDS = {
    "new": f"{STEPS['new']} customers",
    "lost": STEPS["lost"],
    "price": "Price",
    "volume": "Volume",
    "mix": "Mix",
    "new_items": "Articles newly bought",
    "lost_items": "Articles no longer bought",
    "not_split": "Not split",
}
_ITEMS = {"product": "Article", "product_line": "Product line"}


def growth_figures(found: "Found") -> dict[str, Figure]:
    """The three effects, for other programs; none where they cannot be told apart."""
    unit = found.about.currency or "amount"
    return {
        f"{name}_effect": Figure(getattr(found.growth, name) if found.growth else None, unit)
        for name in ("price", "volume", "mix")
    }


def growth_steps(found: "Found") -> Table | None:
    """Every effect from last year's sales to this year's; for tables.xlsx."""
    growth = found.growth
    if growth is None:
        return None
    steps = [{"step": step, "amount": getattr(growth, step)} for step in ("opening", *EFFECT_WORDS, "closing")]
    frame = pd.DataFrame(steps)
    frame["part_of_opening"] = frame["amount"] / growth.opening if growth.opening else float("nan")
    columns = [
        Column("step", "Step"),
        Column("amount", "Amount", "money"),
        Column("part_of_opening", "Part of last year's sales", "share"),
    ]
    return Table("Price, volume and mix", columns, frame, unit=found.about.unit)


def growth_table(found: "Found") -> Table | Html:
    """Whose prices, quantities and mix changed, the largest change first; a sentence where that cannot be told."""
    growth = found.growth
    if growth is None:
        return paragraph(_not_told(found), "note")
    one_year = growth.accounts["kind"].isin(["new", "lost"])
    frame = called(
        pd.concat([growth.accounts[~one_year], growth.accounts[one_year]], ignore_index=True).head(PUBLISHED)
    )
    frame = frame.assign(other_items=frame["new_items"] + frame["lost_items"])
    columns = [
        Column("account_id", "Number", on_page=False),
        Column("account_name", "Customer"),
        Column("kind", "Kind", on_page=False),
        Column("before", "Last year", "money", on_page=False),
        Column("now", "This year", "money", on_page=False),
        Column("change", "Change", "money"),
        *(Column(name, EFFECT_WORDS[name], "money", on_page=False) for name in ("new", "lost")),
        *(Column(name, EFFECT_WORDS[name], "money") for name in ("price", "volume", "mix")),
        *(Column(name, EFFECT_WORDS[name], "money", on_page=False) for name in ("new_items", "lost_items")),
        Column("other_items", "Other articles", "money", published=False),
        Column("not_split", EFFECT_WORDS["not_split"], "money"),
    ]
    caption = "Price, volume and mix, by customer of both years"
    return Table(
        caption,
        columns,
        frame,
        unit=found.about.unit,
        shown=min(SHOWN, int((~one_year).sum())),
        footer=_all(growth),
        notes=_notes(found, growth),
    )


def growth_items(found: "Found") -> Table | None:
    """The same by article, new customers and those without orders included; for tables.xlsx."""
    if found.growth is None:
        return None
    frame = found.growth.items.head(PUBLISHED)
    amounts = {"before": "Last year", "now": "This year", "change": "Change"} | EFFECT_WORDS
    columns = [
        *(Column(name, words) for name, words in _ITEMS.items() if name in frame),
        *(Column(name, words, "money") for name, words in amounts.items()),
    ]
    return Table("Price, volume and mix by article", columns, frame, unit=found.about.unit)


def _all(growth: PriceVolumeMix) -> dict[str, object]:
    names = ("price", "volume", "mix", "not_split")
    other = growth.new_items + growth.lost_items
    change = growth.closing - growth.opening - growth.new - growth.lost
    return {"account_name": "All of them", "change": change, "other_items": other} | {
        name: getattr(growth, name) for name in names
    }


def _not_told(found: "Found") -> str:
    if found.about.measure != "revenue":
        return "Price and volume are told apart for sales alone."
    if not found.items_known:
        return f"Price and volume cannot be told apart: that needs {QUANTITIES}."
    if found.year is None:
        return "Price and volume need a year before to compare with."
    return (
        "Price and volume cannot be told apart: there are too many pairs of customer and article, and no product lines."
    )


def _notes(found: "Found", growth: PriceVolumeMix) -> list[str]:
    item = _ITEMS["product" if "product" in growth.items else "product_line"].lower()
    notes = [
        f"Price: what this year's quantities bring more or less than at last year's price of the same customer and {item}. "
        "Volume: more or fewer pieces of a product line, at what the customer paid on average. "
        "Mix: a shift within the line to dearer or cheaper ones. "
        f"They rest on {style.share(growth.split, 0)} of last year's sales to these customers: what was bought in both years. "
        "Prices are in the reporting currency, at one rate for both years."
    ]
    if growth.not_split:
        notes.append(
            "Not split: what has no quantity or no name, returns of what was bought earlier, and prices that are not above zero."
        )
    return notes
