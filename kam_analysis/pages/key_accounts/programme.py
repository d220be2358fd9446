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
from kam_analysis.pages.table import Table, columns_in, rows
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = said_in(__file__), columns_in(__file__)


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
    accounts = pd.DataFrame(sold).fillna(0.0).rename_axis("account_id").reset_index()
    if "industry" in traits:
        accounts["industry"] = accounts["account_id"].map(traits["industry"])
    covered: dict[str, list[str]] = {}
    if "is_key" in traits:
        covered["list"] = traits.index[traits["is_key"].fillna(False).astype(bool)].astype("str").tolist()
    if ledger.has("decisions", "account_id"):
        tasks = ledger.records("decisions").dropna(subset="account_id")
        old = pd.to_datetime(tasks["date"]) < pd.Timestamp(year.first)
        covered["actions"] = tasks.loc[old, "account_id"].astype("str").unique().tolist()
    found = {name: segments.faring(accounts, ids) for name, ids in covered.items()}
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
    columns = declared("faring", written={"difference": _with_range})
    names = words_in(__file__, "covered_by")
    frame = rows([{"covered_by": names[name]} | vars(each) for name, each in found.faring.items()], columns)
    return Table(say("faring.caption"), columns, frame, notes=[say("faring.note")] if found.faring else ())


def faring_shown(found: "Found") -> Html:
    """The same, folded; nothing where it cannot be told."""
    if not found.faring:
        return Html("")
    said = " ".join(_short(name, each) for name, each in found.faring.items())
    return folded(say("faring.folded", said=said), faring_table(found).html())


def _short(name: str, each: segments.Faring) -> str:
    covered = words_in(__file__, "covered")[name]
    if not each.tells:
        return say("faring.same", covered=covered)
    return say("faring.better" if each.difference > 0 else "faring.worse", covered=covered)


def _with_range(row: Mapping[str, float]) -> str:
    value, low, high = (style.points(row[name]) for name in ("difference", "low", "high"))
    return say("faring.range", value=value, low=low, high=high)
