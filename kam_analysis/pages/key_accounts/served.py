"""What serving each account costs, and what is left of its margin: everything on it that 02 asks the ledger."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from kam_analysis.analysis import handover, segments
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import LAST_12_MONTHS
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, style
from kam_analysis.pages.key_accounts.known import Known
from kam_analysis.pages.sentences import said_in, words_in

say = said_in(__file__)

COSTS = ("cost_per_hour", "cost_per_order")


class AfterService(NamedTuple):
    """The fields of `Found` on profit after cost to serve; `profit` is None where `profit_needs` says what is missing."""

    profit: segments.Profit | None
    profit_needs: str
    rebates_said: str
    costs: Mapping[str, Assumption]


def after_service(ledger: Ledger, known: Known, *, standing: pd.DataFrame) -> AfterService:
    """The last twelve months' margin less what serving and rebates cost; `standing` says who is lost already."""
    costs = assumed.assumptions(ledger, COSTS)
    needs = _needs(ledger, costs)
    if needs:
        return AfterService(None, needs, "", {})
    rebates, said = rebates_of(ledger, known)
    traits = known.traits.set_index("account_id")
    orders = ledger.habits(ledger.period_of(LAST_12_MONTHS)) if "cost_per_order" in costs else None
    profit = segments.profit_after_service(
        known.year,
        hours_of(ledger, known, standing=standing),
        _cost(costs["cost_per_hour"]),
        orders=orders if orders is not None and "orders" in orders else None,
        per_order=_cost(costs["cost_per_order"]) if "cost_per_order" in costs else None,
        rebates=rebates,
        complexity=traits.get("service_complexity"),
        digits=ledger.digits("margin"),
    )
    if profit.accounts["profit"].isna().all():
        return AfterService(None, say("needs.no_hours"), "", {})
    return AfterService(profit, "", said, costs)


def _needs(ledger: Ledger, costs: Mapping[str, Assumption]) -> str:
    """What the data or the settings lack for it, in words."""
    there = {
        "cost": "margin" in ledger.measures,
        "hours": ledger.has("interactions", "hours"),
        "cost_per_hour": "cost_per_hour" in costs,
    }
    return ", ".join(said for name, said in words_in(__file__, "needed").items() if not there[name])


def hours_of(ledger: Ledger, known: Known, *, standing: pd.DataFrame) -> pd.DataFrame:
    """Hours a month of each account, as the page of account managers has them: of all who bought and are not lost."""
    gone = standing.loc[standing["stage"] == "lost", "account_id"]
    customers = known.year[~known.year["account_id"].isin(gone)]
    talks = ledger.records("interactions")
    return handover.today_hours(talks, known.traits, ledger.staff(), customers, ledger.as_of)


def rebates_of(ledger: Ledger, known: Known) -> tuple[pd.Series | None, str]:
    """Rebates outside the invoices by account_id, and where they come from in a sentence; None where nothing says."""
    if "rebates" in known.traits:
        given = known.traits.set_index("account_id")["rebates"]
        total = style.money(float(given.sum()), ledger.currency)
        return given.dropna(), say("rebates.listed", amount=total)
    told = [each for each in ledger.controls() if each.measure == "revenue" and not each.partly]
    # Rebates are booked at a year's end: a fiscal year's own total has them for certain.
    whole = sorted(told, key=lambda each: not each.of_months)
    if not whole or whole[-1].difference <= 0 or ledger.line:
        return None, say("rebates.unknown")
    last = whole[-1]
    rate = last.difference / last.ledger
    sales = known.year.set_index("account_id")["revenue"].clip(lower=0)
    amount = style.money(last.difference, ledger.currency)
    said = say("rebates.from_total", year=last.year, amount=amount, share=style.share(rate))
    return sales * rate, said


def _cost(assumption: Assumption) -> segments.Cost:
    return segments.Cost(assumption.value, assumption.low, assumption.high)
