"""Where each account stands today, what should be done with it, and who depends on whom."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kam_analysis.analysis import concentration, handover, segments
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import LAST_12_MONTHS
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, style
from kam_analysis.pages.key_accounts.known import Known
from kam_analysis.pages.key_accounts.parameters import LIMIT, SEED, Asked, weighed
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)


class Standing(NamedTuple):
    """The fields of `Found` that say where each account stands."""

    standing: pd.DataFrame
    work: pd.DataFrame
    strength: pd.Series | None
    matrix: pd.DataFrame


def where_each_stands(ledger: Ledger, known: Known, *, keys: pd.DataFrame, scores: pd.DataFrame) -> Standing:
    """Of all accounts that ever bought: how they buy today, in which stage they are, what the key ones need."""
    falls = concentration.every_fall(known.months, known.quarter)
    standing = segments.circumstances(
        known.habits, known.traits, now=known.year, before=known.year_before, falls=falls, as_of=ledger.as_of
    )
    stages = segments.lifecycle(standing)
    standing = standing.assign(stage=stages["stage"], why=stages["why"], **_who_may_turn_away(ledger, known, standing))
    strength = segments.relative_strength(known.traits, known.prices, book=known.book)
    work, matrix = work_of(standing, keys, as_of=ledger.as_of), matrix_of(scores, strength)
    return Standing(standing=standing, work=work, strength=strength, matrix=matrix)


def _who_may_turn_away(ledger: Ledger, known: Known, standing: pd.DataFrame) -> dict[str, pd.Series]:
    """When each said that it looks at other offers, and where its account manager goes, once that is announced."""
    ids = standing["account_id"]
    said = segments.looks_elsewhere(ledger.records("feedback") if ledger.has("feedback") else None, ledger.as_of)
    found = {} if said.empty else {"compares_on": ids.map(said.set_index("account_id")["compares_on"])}
    if ledger.has("managers", "joins") and "account_manager_id" in known.traits:
        staff = ledger.table("managers").dropna(subset="announced_on")
        told = staff[staff["announced_on"] <= pd.Timestamp(ledger.as_of)].set_index("manager_id")["joins"]
        managers = known.traits.set_index("account_id")["account_manager_id"]
        found["manager_joins"] = ids.map(managers).map(told)
    return found


def work_of(standing: pd.DataFrame, keys: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """What should be done with each of these accounts, by which rule and figures."""
    theirs = standing[standing["account_id"].isin(keys["account_id"])]
    work = segments.kinds_of_work(theirs, as_of=as_of)
    work.insert(1, "account_name", theirs["account_name"].array)
    return work


def matrix_of(scores: pd.DataFrame, strength: pd.Series | None) -> pd.DataFrame:
    """Value against our position; no rows where the data says too little of the latter."""
    known = pd.Series(dtype="float64") if strength is None else strength.dropna()
    return segments.matrix(scores.set_index("account_id")["score"].dropna(), known)


class Power(NamedTuple):
    """The fields of `Found` that say who depends on whom."""

    power: pd.DataFrame
    invoices: pd.DataFrame
    barriers: pd.DataFrame
    easy: pd.DataFrame


def who_depends_on_whom(known: Known, *, lines: pd.DataFrame | None) -> Power:
    """The balance with each account, what invoices say of it, and what keeps an account from leaving."""
    barriers = segments.barriers(known.traits)
    sides = segments.dependence(known.book, known.margin, traits=known.traits, strength=barriers)
    sides.insert(1, "account_name", known.book.accounts["account_name"].array)
    invoices = segments.price_and_margin(known.prices, known.year, before=known.year_before, lines=lines)
    easy = segments.easy_to_leave(barriers, known.book)
    power = sides.merge(segments.balance(sides), on="account_id")
    return Power(power=power, invoices=invoices, barriers=barriers, easy=easy)


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


class Worth(NamedTuple):
    """The fields of `Found` that say what each account is worth."""

    criteria: pd.DataFrame
    left_out: Mapping[str, str]
    scores: pd.DataFrame
    changes: pd.DataFrame


def worth(ledger: Ledger, known: Known, *, shares: pd.DataFrame, asked: Asked) -> Worth:
    """Every account with sales by every criterion that the data gives, and by all of them together."""
    raw = segments.raw_criteria(
        known.book,
        margin=known.margin,
        served=shares[shares["activity"] == segments.PRESENCE],
        habits=known.habits,
        statistics=known.months,
        traits=known.traits,
        as_of=ledger.as_of,
        cost_per_order=ledger.settings.assumed("cost_per_order"),
    )
    criteria, weights = segments.scaled(raw), weighed(ledger.as_written.criteria, asked.weights)
    scores = scores_by(criteria, weights, names=known.book.accounts["account_name"])
    rng = np.random.default_rng(SEED)
    matter = segments.acceptability(points(criteria), asked.limit, draws=asked.draws, rng=rng)
    scores = with_firmness(scores, matter)
    changes = segments.changes_place(criteria, weights, k=asked.limit)
    left_out = segments.not_assessed(raw)
    return Worth(criteria=criteria, left_out=left_out, scores=scores, changes=changes)


def points(criteria: pd.DataFrame) -> np.ndarray:
    """The criteria alone, accounts by criteria, as `segments.acceptability` takes them."""
    return criteria.drop(columns="account_id").to_numpy(float)


def scores_by(criteria: pd.DataFrame, weights: Mapping[str, float], *, names: pd.Series) -> pd.DataFrame:
    """What each account is worth by these weights; `names` in the order of `criteria`."""
    scores = segments.value_scores(criteria, weights)
    scores.insert(1, "account_name", names.array)
    return scores


def with_firmness(scores: pd.DataFrame, matter: segments.Acceptability) -> pd.DataFrame:
    """The scores with how often each account is among the best, whatever the weights; both in the order of `criteria`."""
    return scores.assign(top=matter.top, error=matter.error, badge=segments.firm(matter))


def usually_served(found: "Found") -> frozenset[str]:
    """The accounts that are served by the threshold and weights of the settings, as many as usual."""
    keys = segments.key_accounts(segments.at_threshold(found.shares, found.written_share))
    scores = segments.value_scores(found.criteria, found.written_weights)
    return frozenset(segments.cut(keys, scores, limit=LIMIT).inside["account_id"])
