"""The results document of `01_concentration`."""

from typing import TYPE_CHECKING

from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.concentration import tables, tables_change, tables_growth
from kam_analysis.pages.concentration.advice import caveats
from kam_analysis.pages.concentration.answer import QUESTION, answer, key_figures, where_it_stands
from kam_analysis.pages.html import Html
from kam_analysis.pages.results import Figure, Result
from kam_analysis.pages.table import Table
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)


def result(found: "Found") -> Result:
    """The results document of 01, with the first screen's answer and key figures."""
    about = found.about
    place = where_it_stands(found.now, found.before, account_id=found.customer, measure=about.measure_words)
    asked = {
        "line": about.line,
        "parents": "yes" if about.grouped else "no",
        "key_share": about.key_share,
        "customer": found.customer,
    }
    return Result(
        question=QUESTION,
        answer=answer(found),
        figures=_figures(found),
        tables=_tables(found),
        provenance=with_parameters(about, seed=found.seed, **asked),
        caveats=[*caveats(found), *tables.cut_short(found)],
        worth_collecting=[*about.worth_collecting, *([] if found.items_known else [say("growth.quantities")])],
        shown=key_figures(found),
        doubts=about.doubts,
        lead=" ".join(filter(None, [about.sold, place])),
    )


def _figures(found: "Found") -> dict[str, Figure]:
    now, parts, bridge = found.now, found.reconciliation, found.year.bridge if found.year else None
    unit = (found.about.currency or "amount") if found.about.measure in ("revenue", "margin") else "count"
    left_out = {"revenue_left_out": Figure(parts.left_out, unit)} if parts.reasons else {}
    customer = {"customer_share": Figure(now.share_of(found.customer), "share")} if found.customer else {}
    return {
        "revenue_total": Figure(parts.total, unit),
        "revenue_in_shares": Figure(parts.in_shares, unit),
        "revenue_without_account": Figure(parts.without_account, unit),
        "revenue_set_aside": Figure(parts.set_aside, unit),
        "revenue_excluded": Figure(parts.excluded, unit),
        **left_out,
        "accounts": Figure(now.n, "accounts"),
        "hhi": Figure(now.hhi, "share"),
        "hhi_legal_entity": Figure(found.companies.hhi, "share"),
        "effective_accounts": _with_range(found, "equal customers", value=now.effective_accounts, unit="accounts"),
        "gini": Figure(now.gini, "share"),
        "top_1_share": _with_range(found, "largest customer", value=now.top(1)),
        "top_5_share": _with_range(found, "five largest", value=now.top(5)),
        "top_10_share": _with_range(found, "ten largest", value=now.top(10)),
        "accounts_for_80_percent": Figure(now.accounts_for(0.8), "accounts"),
        "kept_share": Figure(bridge.kept if bridge else None, "share"),
        "kept_plus_grown_share": Figure(bridge.kept_plus_grown if bridge else None, "share"),
        **tables_growth.growth_figures(found),
        **_next_year(found),
        **customer,
    }


_NEXT = {
    "next_year_top_1_share": ("largest customer", "share"),
    "next_year_top_5_share": ("five largest", "share"),
    "next_year_effective_accounts": ("equal customers", "accounts"),
}


def _next_year(found: "Found") -> dict[str, Figure]:
    """The forecast's figures; null where it is not assessed, which the caveats say."""
    if found.forecast is None:
        return {name: Figure(None, unit) for name, (_, unit) in _NEXT.items()}
    rows, level = {each["name"]: each for each in found.forecast.figures.to_dict("records")}, found.forecast.level
    return {
        name: Figure(rows[said]["middle"], unit, low=rows[said]["low"], high=rows[said]["high"], level=level)
        for name, (said, unit) in _NEXT.items()
    }


def _with_range(found: "Found", name: str, *, value: float, unit: str = "share") -> Figure:
    """A figure with the range of its twelve complete months, where there is one."""
    each = next((each.interval for each in found.sureness if each.name == name), None)
    if each is None or not each.low <= value <= each.high:
        return Figure(value, unit)
    return Figure(value, unit, low=each.low, high=each.high, level=each.level)


def _tables(found: "Found") -> dict[str, Table]:
    every: dict[str, Table | Html | None] = {
        "accounts": tables.accounts(found),
        "activities": tables.activities(found),
        "small_but_large_in_one": tables.hidden(found),
        "disclosure_10_percent": tables.disclosed(found),
        "twelve_months_to": tables_change.trend(found),
        "parents_to_confirm": tables.suggested(found),
        "bridge": tables_change.bridge(found),
        "price_volume_mix": tables_growth.growth_steps(found),
        "price_volume_mix_customers": tables_growth.growth_table(found),
        "price_volume_mix_articles": tables_growth.growth_items(found),
        "by_first_year": tables_growth.cohorts_course(found),
        "fell_more_than_usual": tables_change.falls(found) if found.falls else None,
    }
    return {name: table for name, table in every.items() if isinstance(table, Table)}
