"""Customers by the year in which they first bought, on `01_concentration`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Cohorts
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

# Years of sales beside each other on a page; the others are in tables.xlsx.
SHOWN = 3


def cohorts_table(found: "Found") -> Table | Html:
    """Per year in which customers first bought: how many, how many still buy, and what they bought since."""
    won = found.cohorts
    if won is None:
        return paragraph(
            "Customers by the year they first bought: that needs more than twelve months of sales.", "note"
        )
    years = won.years[-SHOWN:]
    sold = won.course.pivot_table(index="first_year", columns="year", values="amount", aggfunc="sum", dropna=False)
    frame = won.latest.assign(**{_name(year): won.latest["first_year"].map(sold[year]) for year in years})
    never = won.course[won.course["first_year"].isna()].set_index("year")["amount"]
    for year in years:
        frame.loc[frame["first_year"].isna(), _name(year)] = never.get(year)
    columns = [
        Column("first_year", "First bought in the year to", "date", written=_first(won)),
        Column("customers", "Customers", "count"),
        Column("buying", "Still buying", "count"),
        Column("customers_kept", "Customers kept", "share", 0),
        *(Column(_name(year), _heading(won, year), "money", written=_sold(year)) for year in years),
    ]
    totals = won.course.groupby("year")["amount"].sum()
    footer = {
        "first_year": "All of them",
        "customers": int(frame["customers"].sum()),
        "buying": int(frame["buying"].sum()),
    }
    footer |= {_name(year): float(totals[year]) for year in years}
    caption = f"Customers by the year they first bought ({found.about.unit or 'amounts'})"
    return Table(caption, columns, frame, footer=footer, notes=[_note(found, won)])


def cohorts_course(found: "Found") -> Table | None:
    """The same with every year, a row per cohort and year; for tables.xlsx."""
    if found.cohorts is None:
        return None
    columns = [
        Column("first_year", "First bought in the year to", "date"),
        Column("year", "Year to", "date"),
        Column("customers", "Customers", "count"),
        Column("buying", "Buying in that year", "count"),
        Column("customers_kept", "Customers kept", "share"),
        Column("amount", "Amount", "money"),
    ]
    return Table("Customers by the year they first bought", columns, found.cohorts.course, unit=found.about.unit)


def _name(year: pd.Timestamp) -> str:
    return f"to_{year:%Y_%m_%d}"


def _heading(won: Cohorts, year: pd.Timestamp) -> str:
    """The first year begins with the data, whenever that is."""
    return f"Sales {'up to' if year == won.years[0] else 'to'} {style.day(year.date())}"


def _first(won: Cohorts) -> Callable[[Mapping[str, Any]], str]:
    def written(row: Mapping[str, Any]) -> str:
        first = row["first_year"]
        if pd.isna(first):
            return "more returned than bought in every year"
        return style.day(first.date()) + (" or earlier" if first == won.years[0] else "")

    return written


def _sold(year: pd.Timestamp) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: "" if pd.isna(row[_name(year)]) else style.money(float(row[_name(year)]))


def _note(found: "Found", won: Cohorts) -> str:
    recent = won.latest[won.latest["first_year"] > won.years[0]]
    said = (
        f"{style.counted(int(recent['customers'].sum()), 'customer')} first bought after {style.day(won.years[0].date())} "
        f"and {'is' if recent['customers'].sum() == 1 else 'are'} {style.share(float(recent['share'].sum()))} of {found.about.measure_words} now. "
        if won.latest["share"].notna().any()
        else ""
    )
    since = "Where the customer list says since when, that counts if it is earlier. " if found.since_known else ""
    return f"{said}A year ends on the day in its heading; still buying is in the last one. {since}The first year on file holds whoever bought then or earlier."
