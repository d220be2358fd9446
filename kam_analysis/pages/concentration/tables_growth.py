"""Price, volume and mix on `01_concentration`: in all, by customer and by article."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.concentration import PriceVolumeMix
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.results import Figure
from kam_analysis.pages.sentences import said_in, words_in
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import called

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say, declared = said_in(__file__), columns_in(__file__)

SHOWN, PUBLISHED = 10, 10_000
EFFECT_WORDS = words_in(__file__, "effects")
_PRICES = ("price", "volume", "mix")


def growth_figures(found: "Found") -> dict[str, Figure]:
    """The three effects, for other programs; none where they cannot be told apart."""
    unit = found.about.currency or "amount"
    return {f"{name}_effect": Figure(getattr(found.growth, name) if found.growth else None, unit) for name in _PRICES}


def growth_steps(found: "Found") -> Table | None:
    """Every effect from last year's sales to this year's; for tables.xlsx."""
    growth = found.growth
    if growth is None:
        return None
    frame = pd.DataFrame(
        [{"step": step, "amount": getattr(growth, step)} for step in ("opening", *EFFECT_WORDS, "closing")]
    )
    frame["part_of_opening"] = frame["amount"] / growth.opening if growth.opening else float("nan")
    columns = declared("growth_steps")
    return Table(say("growth.steps"), columns, frame, unit=found.about.unit)


def growth_table(found: "Found") -> Table | Html:
    """Whose prices, quantities and mix changed, the largest change first; a sentence where that cannot be told."""
    growth = found.growth
    if growth is None:
        return paragraph(_not_told(found), "note")
    one_year = growth.accounts["kind"].isin(["new", "lost"])
    frame = called(
        pd.concat([growth.accounts[~one_year], growth.accounts[one_year]], ignore_index=True).head(PUBLISHED)
    )
    columns = declared("growth")
    return Table(
        say("growth.customers"),
        columns,
        frame.assign(other_items=frame["new_items"] + frame["lost_items"]),
        unit=found.about.unit,
        shown=min(SHOWN, int((~one_year).sum())),
        footer=_all(growth),
        notes=_notes(growth),
    )


def growth_items(found: "Found") -> Table | None:
    """The same by article, new customers and those without orders included; for tables.xlsx."""
    if found.growth is None:
        return None
    frame = found.growth.items.head(PUBLISHED)
    columns = [each for each in declared("growth_items") if each.name in frame]
    return Table(say("growth.articles"), columns, frame, unit=found.about.unit)


def _all(growth: PriceVolumeMix) -> dict[str, object]:
    other = growth.new_items + growth.lost_items
    change = growth.closing - growth.opening - growth.new - growth.lost
    return {"account_name": say("growth.all"), "change": change, "other_items": other} | {
        name: getattr(growth, name) for name in (*_PRICES, "not_split")
    }


def _not_told(found: "Found") -> str:
    if found.about.measure != "revenue":
        return say("growth.sales_alone")
    if not found.items_known:
        return say("growth.no_items", needed=say("growth.quantities"))
    return say("growth.no_year" if found.year is None else "growth.too_many")


def _notes(growth: PriceVolumeMix) -> list[str]:
    item = say("items_by.product" if "product" in growth.items else "items_by.product_line").lower()
    notes = [say("growth.note", item=item, share=style.share(growth.split, 0))]
    return [*notes, say("growth.not_split")] if growth.not_split else notes
