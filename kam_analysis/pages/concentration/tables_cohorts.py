"""Customers by the year in which they first bought, on `01_concentration`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.concentration import Cohorts
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, columns_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say, declared = said_in(__file__), columns_in(__file__)

# Years of sales beside each other on a page; the others are in tables.xlsx.
SHOWN = 3


def cohorts_table(found: "Found") -> Table | Html:
    """Per year in which customers first bought: how many, how many still buy, and what they bought since."""
    won = found.cohorts
    if won is None:
        return paragraph(say("cohorts.unknown"), "note")
    years = {f"to_{year:%Y_%m_%d}": year for year in won.years[-SHOWN:]}
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
    columns = declared("cohorts_course")
    return Table(say("cohorts.caption"), columns, found.cohorts.course, unit=found.about.unit)


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
