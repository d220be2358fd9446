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
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)


def lines_table(found: "Found") -> Table:
    """Sales by product line, this year and the year before."""
    columns = [
        Column("product_line", "Product line"),
        Column("revenue", "Sales", "money"),
        Column("share", say("sold.share"), "share", 0),
        Column("before", say("sold.before"), "money"),
        Column("change", "Change", "share", 0),
    ]
    frame = rows([], columns) if found.lines is None else found.lines
    # Of what was taken back there is no share, and no change in per cent.
    sold = frame["revenue"].where(frame["revenue"] >= 0)
    frame = frame.assign(share=sold / sold.sum() if sold.sum() > 0 else float("nan"))
    if found.lines is not None and "before" in frame:
        frame["change"] = (sold / frame["before"].where(frame["before"] > 0)) - 1
    return Table(say("sold.lines"), columns, frame, unit=found.unit, shown=LINES, notes=more(frame, LINES, "line"))


def companies_table(found: "Found") -> Table:
    """The companies of the group; empty where it is one."""
    columns = [Column("account_name", "Company"), Column("account_id", "Number"), Column("revenue", "Sales", "money")]
    several = found.known.companies if len(found.known.companies) > 1 else found.known.companies.iloc[:0]
    notes = more(several, COMPANIES, "company", "companies")
    return Table(say("sold.companies"), columns, several, unit=found.unit, shown=COMPANIES, notes=notes)


def white_space_table(found: "Found") -> Table:
    """What accounts like it buy and it does not, with the range of what that could be."""
    columns = [
        Column("product_line", say("white_space.caption")),
        Column("share", say("white_space.buyers"), "share", 0, written=_buyers),
        Column("buyers", "Buyers", "count", on_page=False),
        Column("alike", say("white_space.alike"), "count", on_page=False),
        Column("potential", say("white_space.potential") + of(found.unit), "money", written=_potential),
        Column("potential_low", "Low", "money", on_page=False),
        Column("potential_high", "High", "money", on_page=False),
        Column("level", "Range holds", "share", 0, on_page=False),
        Column("chance", say("white_space.began"), "share", 0),
        Column("chance_low", "Low", "share", 0, on_page=False),
        Column("chance_high", "High", "share", 0, on_page=False),
    ]
    lines, caption = found.white_space, say("white_space.caption")
    notes, nothing = more(lines, OPEN_LINES, "line"), _nothing(found)
    return Table(caption, columns, lines, unit=found.unit, shown=OPEN_LINES, notes=notes, nothing=nothing)


def how_alike(found: "Found") -> Html:
    """Who is like it and what the range is, folded; nothing where no line is told."""
    if found.white_space.empty:
        return Html("")
    # Not by name: who is handed this plan need not look after those.
    said = [say("white_space.how_alike", accounts=style.counted(len(found.alike), "account")), say("white_space.how")]
    if found.white_space["chance"].isna().any():
        said.append(say("white_space.few_cases", least=LEAST_CASES))
    return folded(say("white_space.how_head"), *map(paragraph, said))


def _buyers(row: Mapping[str, Any]) -> str:
    return f"{row['buyers']} of {row['alike']}"


def _potential(row: Mapping[str, Any]) -> str:
    if pd.isna(row["potential"]):
        return ""
    ends = f"{style.money(row['potential_low'])} to {style.money(row['potential_high'])}"
    return f"{style.money(row['potential'])} ({ends})"


def _nothing(found: "Found") -> str:
    if found.company.lines is None:
        return say("white_space.no_lines")
    if len(found.alike) < FEWEST:
        return say("white_space.few_alike", least=FEWEST)
    return say("white_space.buys_all")


def how_often(found: "Found") -> Html:
    """The evidence behind the chances of beginning a line, folded."""
    return folded(say("white_space.starts"), starts_table(found).html())


def starts_table(found: "Found") -> Table:
    """How often accounts began a line, by how many accounts like them bought it: the evidence behind the chances."""
    columns = [
        Column("from_share", say("white_space.from_share"), "share", 0),
        Column("to_share", "to", "share", 0),
        Column("cases", "Cases", "count"),
        Column("starts", say("white_space.began"), "count"),
        Column("rate", "Rate", "share"),
        Column("low", "Low", "share"),
        Column("high", "High", "share"),
    ]
    starts = None if found.company.lines is None else found.company.lines.starts
    frame = rows([], columns) if starts is None else starts.bands.query("cases > 0").reset_index(drop=True)
    notes = []
    if starts is not None and starts.brier is not None and starts.brier_of_one_rate is not None:
        told = {"brier": f"{starts.brier:.3f}", "one_rate": f"{starts.brier_of_one_rate:.3f}"}
        notes.append(say("white_space.better" if starts.helps else "white_space.no_better", **told))
    return Table(say("white_space.starts"), columns, frame, notes=notes)
