"""Price, volume and mix on `01_concentration`: in all, by customer and by article."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Cohorts, PriceVolumeMix
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.results import Figure
from kam_analysis.pages.table import Column, Table, columns_in
from kam_analysis.pages.words import called, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say, declared = (said_in(__file__), columns_in(__file__))

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
    return Table(say("growth.steps"), declared("growth_steps"), frame, unit=found.about.unit)


def growth_table(found: "Found") -> Table | Html:
    """Whose prices, quantities and mix changed, the largest change first; a sentence where that cannot be told."""
    growth = found.growth
    if growth is None:
        return paragraph(_not_told(found), "note")
    one_year = growth.accounts["kind"].isin(["new", "lost"])
    frame = called(
        pd.concat([growth.accounts[~one_year], growth.accounts[one_year]], ignore_index=True).head(PUBLISHED)
    )
    item = say("items_by.product" if "product" in growth.items else "items_by.product_line").lower()
    notes = [say("growth.note", item=item, share=style.share(growth.split, 0))]
    return Table(
        say("growth.customers"),
        declared("growth"),
        frame.assign(other_items=frame["new_items"] + frame["lost_items"]),
        unit=found.about.unit,
        shown=min(SHOWN, int((~one_year).sum())),
        footer=_all(growth),
        notes=[*notes, say("growth.not_split")] if growth.not_split else notes,
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


# Years of sales beside each other on a page; the others are in tables.xlsx.
_YEARS_SHOWN = 3


def cohorts_table(found: "Found") -> Table | Html:
    """Per year in which customers first bought: how many, how many still buy, and what they bought since."""
    won = found.cohorts
    if won is None:
        return paragraph(say("cohorts.unknown"), "note")
    years = {f"to_{year:%Y_%m_%d}": year for year in won.years[-_YEARS_SHOWN:]}
    # Whoever returned more than was bought in every year has no first one, and is a row as well.
    sold = won.course.set_index(["first_year", "year"])["amount"].unstack("year")
    frame = won.latest.join(
        sold.rename(columns={year: name for name, year in years.items()})[[*years]], on="first_year"
    )
    columns = declared(
        "cohorts",
        made={
            "years": (Column(name, _heading(won, year), "money", written=_sold(name)) for name, year in years.items())
        },
        written={"first_year": _first(won)},
    )
    totals = won.course.groupby("year")["amount"].sum()
    footer = {
        "first_year": say("cohorts.all"),
        "customers": int(frame["customers"].sum()),
        "buying": int(frame["buying"].sum()),
    } | {name: float(totals[year]) for name, year in years.items()}
    caption = say("cohorts.in_units", unit=found.about.unit) if found.about.unit else say("cohorts.caption")
    return Table(caption, columns, frame, footer=footer, notes=[_note(found, won)])


def cohorts_course(found: "Found") -> Table | None:
    """The same with every year, a row per cohort and year; for tables.xlsx."""
    if found.cohorts is None:
        return None
    return Table(say("cohorts.caption"), declared("cohorts_course"), found.cohorts.course, unit=found.about.unit)


def _heading(won: Cohorts, year: pd.Timestamp) -> str:
    """The first year begins with the data, whenever that is."""
    return say("cohorts.up_to" if year == won.years[0] else "cohorts.to", day=style.day(year.date()))


def _first(won: Cohorts) -> Callable[[Mapping[str, Any]], str]:
    def written(row: Mapping[str, Any]) -> str:
        first = row["first_year"]
        if pd.isna(first):
            return say("cohorts.returned")
        day = style.day(first.date())
        return say("cohorts.or_earlier", day=day) if first == won.years[0] else day

    return written


def _sold(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if pd.isna(row[name]) else style.money(float(row[name]))


def _note(found: "Found", won: Cohorts) -> str:
    said, recent = [], won.latest[won.latest["first_year"] > won.years[0]]
    number, share = int(recent["customers"].sum()), float(recent["share"].sum())
    if won.latest["share"].notna().any():
        of = {"day": style.day(won.years[0].date()), "share": style.share(share), "measure": found.about.measure_words}
        many = {"customers": style.count(number)} | of
        said.append(say("cohorts.recent_one", **of) if number == 1 else say("cohorts.recent", **many))
    since = [say("cohorts.since")] if found.since_known else []
    return " ".join([*said, say("cohorts.note"), *since, say("cohorts.first")])
