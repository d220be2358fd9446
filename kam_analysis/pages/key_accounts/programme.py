"""Do the accounts on the company's list, or those that an action covered, fare better than comparable ones?"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis import segments
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period, months_back
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, folded
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

_NAMES = {"list": "on your list today", "actions": "with an action of more than a year ago"}


def faring_of(ledger: Ledger) -> Mapping[str, segments.Faring]:
    """By "list" (is_key today) and "actions" (decided for before the last twelve months began); what cannot be told is
    not in it: it takes two years of sales, and enough accounts on both sides."""
    year = ledger.period_of("last_12_months")
    before = ledger.year_before(year)
    if before is None or not ledger.told_by_month:
        return {}
    years = {"now": year, "before": before} | _trend(ledger, before)
    traits = ledger.traits().set_index("account_id")
    sold = {
        name: ledger.by_account(days, measures=["revenue"]).set_index("account_id")["revenue"]
        for name, days in years.items()
    }
    rows = pd.DataFrame(sold).fillna(0.0).rename_axis("account_id").reset_index()
    if "industry" in traits:
        rows["industry"] = rows["account_id"].map(traits["industry"])
    covered: dict[str, list[str]] = {}
    if "is_key" in traits:
        covered["list"] = traits.index[traits["is_key"].fillna(False).astype(bool)].astype("str").tolist()
    if ledger.has("decisions", "account_id"):
        tasks = ledger.records("decisions").dropna(subset="account_id")
        old = pd.to_datetime(tasks["date"]) < pd.Timestamp(year.first)
        covered["actions"] = tasks.loc[old, "account_id"].astype("str").unique().tolist()
    found = {name: segments.faring(rows, ids) for name, ids in covered.items()}
    return {name: each for name, each in found.items() if each is not None}


def _trend(ledger: Ledger, before: Period) -> dict[str, Period]:
    """The earlier year, for the trend that the accounts had; without one the halves of the year before."""
    earlier = ledger.year_before(before)
    if earlier is not None:
        return {"earlier": earlier}
    middle = months_back(before.last, 6)
    return {"earlier": Period(before.first, middle, ""), "recent": Period(middle + timedelta(days=1), before.last, "")}


def faring_table(found: "Found") -> Table:
    """How covered accounts changed beside comparable ones, with the range of the difference."""
    columns = [
        Column("covered_by", "Accounts"),
        Column("covered", "How many", "count"),
        Column("change_covered", "Their change in a year", "share"),
        Column("comparable", "Comparable ones", "count"),
        Column("change_comparable", "Their change", "share"),
        Column("difference", "Difference at like size, industry and trend", "share", written=_with_range),
        Column("low", "Low", "share", on_page=False),
        Column("high", "High", "share", on_page=False),
        Column("level", "Range holds", "share", 0, on_page=False),
    ]
    rows = [{"covered_by": _NAMES[name]} | vars(each) for name, each in found.faring.items()]
    frame = pd.DataFrame(rows, columns=[each.name for each in columns])
    said = (
        "Change of sales by the mean of both years: a customer that stops counts -200%. Nobody was assigned at random: "
        "whoever grew may be on the list for that, and nobody knows on which day the list was made. A difference is no "
        "proof of what the programme does, and a range with zero in it tells neither for it nor against it."
    )
    return Table("Do covered accounts fare better?", columns, frame, notes=[said] if rows else ())


def faring_shown(found: "Found") -> Html:
    """The same, folded; nothing where it cannot be told."""
    if not found.faring:
        return Html("")
    said = "; ".join(_short(name, each) for name, each in found.faring.items())
    return folded(f"Do listed accounts fare better? {said}", faring_table(found).html())


def _short(name: str, each: segments.Faring) -> str:
    verdict = "no difference that the data can tell"
    if each.tells:
        verdict = f"they did {'better' if each.difference > 0 else 'worse'} than comparable ones"
    return f"{'The list' if name == 'list' else 'Actions'}: {verdict}"


def _with_range(row: Mapping[str, float]) -> str:
    value, low, high = (style.points(row[name]) for name in ("difference", "low", "high"))
    return f"{value} ({low} to {high})"
