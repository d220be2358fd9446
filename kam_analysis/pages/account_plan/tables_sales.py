"""The plan's tables of sales: by line, by company, and what the account does not buy from us yet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.plans.line_starts import LEAST_CASES
from kam_analysis.analysis.plans.look_alikes import FEWEST
from kam_analysis.pages import style
from kam_analysis.pages.account_plan.sheet_room import COMPANIES, LINES, OPEN_LINES, more
from kam_analysis.pages.cells import of
from kam_analysis.pages.html import Html, folded, paragraph
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found


def lines_table(found: "Found") -> Table:
    """Sales by product line, this year and the year before."""
    columns = [
        Column("product_line", "Product line"),
        Column("revenue", "Sales", "money"),
        Column("share", "Share of its sales", "share", 0),
        Column("before", "Year before", "money"),
        Column("change", "Change", "share", 0),
    ]
    frame = found.lines
    if frame is None:
        return Table("Sales by line", columns, pd.DataFrame(columns=[each.name for each in columns]), unit=found.unit)
    total = frame["revenue"].clip(lower=0).sum()
    frame = frame.assign(share=frame["revenue"] / total if total > 0 else float("nan"))
    if "before" in frame:
        frame["change"] = (frame["revenue"] / frame["before"].where(frame["before"] > 0)) - 1
    return Table("Sales by line", columns, frame, unit=found.unit, shown=LINES, notes=more(frame, LINES, "line"))


def companies_table(found: "Found") -> Table:
    """The companies of the group; empty where it is one."""
    columns = [Column("account_name", "Company"), Column("account_id", "Number"), Column("revenue", "Sales", "money")]
    rows = found.known.companies if len(found.known.companies) > 1 else found.known.companies.iloc[:0]
    notes = more(rows, COMPANIES, "company", "companies")
    return Table("Companies of the group", columns, rows, unit=found.unit, shown=COMPANIES, notes=notes)


def white_space_table(found: "Found") -> Table:
    """What accounts like it buy and it does not, with the range of what that could be."""
    columns = [
        Column("product_line", "Not yet bought from us"),
        Column("share", "Buyers like it", "share", 0, written=_buyers),
        Column("buyers", "Buyers", "count", on_page=False),
        Column("alike", "Accounts like it", "count", on_page=False),
        Column("potential", f"Potential a year{of(found.unit)}", "money", written=_potential),
        Column("potential_low", "Low", "money", on_page=False),
        Column("potential_high", "High", "money", on_page=False),
        Column("level", "Range holds", "share", 0, on_page=False),
        Column("chance", "Began within a year", "share", 0),
        Column("chance_low", "Low", "share", 0, on_page=False),
        Column("chance_high", "High", "share", 0, on_page=False),
    ]
    return Table(
        "Not yet bought from us",
        columns,
        found.white_space,
        unit=found.unit,
        nothing=_nothing(found),
        shown=OPEN_LINES,
        notes=more(found.white_space, OPEN_LINES, "line"),
    )


def how_alike(found: "Found") -> Html:
    """Who is like it and what the range is, folded; nothing where no line is told."""
    said = [paragraph(each) for each in _how(found)] if len(found.white_space) else []
    return folded("How this is told", *said)


def _buyers(row: Mapping[str, Any]) -> str:
    return f"{row['buyers']} of {row['alike']}"


def _potential(row: Mapping[str, Any]) -> str:
    if pd.isna(row["potential"]):
        return ""
    ends = f"{style.money(row['potential_low'])} to {style.money(row['potential_high'])}"
    return f"{style.money(row['potential'])} ({ends})"


def _nothing(found: "Found") -> str:
    if found.company.lines is None:
        return "The data tells no product lines apart, so what else the account could buy is not known."
    if len(found.alike) < FEWEST:
        return f"Fewer than {FEWEST} accounts are like this one in size, industry and what they buy: nothing to compare with."
    return "It buys every line that accounts like it buy."


def _how(found: "Found") -> list[str]:
    # Not by name: who is handed this plan need not look after those.
    said = [
        f"Like it are {style.counted(len(found.alike), 'account')} of similar size, industry and lines. "
        "The potential is the line's size at those who buy it, beside the rest of what they buy, at this account's size. "
        "The range holds the next such account's as often as stated."
    ]
    if found.white_space["chance"].isna().any():
        said.append(f"Where no share is given, fewer than {LEAST_CASES} such cases are in your history.")
    return said


def how_often(found: "Found") -> Html:
    """The evidence behind the chances of beginning a line, folded."""
    return folded("How often a line was begun in our own history", starts_table(found).html())


def starts_table(found: "Found") -> Table:
    """How often accounts began a line, by how many accounts like them bought it: the evidence behind the chances."""
    columns = [
        Column("from_share", "Bought by, from", "share", 0),
        Column("to_share", "to", "share", 0),
        Column("cases", "Cases", "count"),
        Column("starts", "Began within a year", "count"),
        Column("rate", "Rate", "share"),
        Column("low", "Low", "share"),
        Column("high", "High", "share"),
    ]
    lines = found.company.lines
    frame = (
        pd.DataFrame(columns=[each.name for each in columns])
        if lines is None
        else lines.starts.bands.query("cases > 0").reset_index(drop=True)
    )
    notes = []
    if lines is not None and lines.starts.brier is not None and lines.starts.brier_of_one_rate is not None:
        better = "better" if lines.starts.helps else "no better"
        notes.append(
            f"Tested on the last year: told {better} than one rate for all (Brier score "
            f"{lines.starts.brier:.3f} against {lines.starts.brier_of_one_rate:.3f}). What was offered to whom is not known."
        )
    return Table("How often a line was begun in our own history", columns, frame, notes=notes, nothing="")
