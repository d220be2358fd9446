"""Three risks, three opportunities and the loss against the plan, all in the other pages' money; one customer's voice."""

from datetime import timedelta

import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.pages import words
from kam_analysis.pages.leadership_brief.other_pages import PEOPLE, Pages, plan_of
from kam_analysis.pages.leadership_brief.people_kept import KeptBack
from kam_analysis.pages.words import said_in

say = said_in(__file__)

_MOST = 3
_VOICE_DAYS = 365
_RISK = ["account_id", "account_name", "exposure", "probability", "contribution", "basis", "notice_by"]
_LOSS = ["label", "exposure", "revenue_of_budget", "margin_of_budget"]
_LOSS += ["result_after", "result_after_low", "result_after_high"]
_WIN = ["account_id", "account_name", "what", "amount", "amount_of", "report"]


def risks(now: Pages) -> pd.DataFrame:
    """The customers that carry most of a bad year, as 03 has them; by what we earn there where no chance is known.

    account_id, account_name, exposure (money a year), probability (0-1), contribution (part of the bad-year loss, 0-1), basis,
    notice_by.
    """
    if now.losses is None or not len(now.losses.accounts):
        return pd.DataFrame(columns=_RISK)
    by = "contribution" if now.losses.accounts["contribution"].notna().any() else "exposure"
    rows = now.losses.accounts.nlargest(_MOST, by)
    if now.keys is not None and "notice_by" in now.keys.traits:
        rows = rows.merge(now.keys.traits[["account_id", "notice_by"]], on="account_id", how="left")
    return rows.reindex(columns=_RISK).reset_index(drop=True)


def opportunities(ledger: Ledger, now: Pages) -> pd.DataFrame:
    """What could be won most: at key accounts what they buy from others, as their plans have it, and 04's better hours.

    account_id, account_name, what, amount (money a year), amount_of (sales or margin), report. Accounts that 02 says to
    grow come first. No rows where nothing of it is known.
    """
    found = [*_from_others(ledger, now), *_hours(now)]
    return pd.DataFrame(found[:_MOST], columns=_WIN)


def _from_others(ledger: Ledger, now: Pages) -> list[list[object]]:
    keys = now.keys
    if keys is None or "annual_spend" not in keys.traits:
        return []
    work = keys.work.set_index("account_id")["work"]
    ids = [each for each in keys.ordered if work.get(each) == "pursuit"]
    plans = [plan_of(ledger, each) for each in ids[: _MOST - len(_hours(now))]]
    said, report = say("stake.from_others"), "05_account_plan"
    return [
        [plan.account_id, plan.account_name, said, headroom, "sales", report]
        for plan in plans
        if plan is not None and (headroom := plan.headroom)
    ]


def _hours(now: Pages) -> list[list[object]]:
    people = now.people
    best = None if people is None else people.allocation
    if people is None or best is None or not best.assessed or not best.gain > 0:
        return []
    return [[None, say("stake.hours_head"), say("stake.hours"), best.gain, people.earned, PEOPLE]]


def against_plan(now: Pages) -> pd.DataFrame:
    """03's first worst cases: label, exposure, margin_of_budget, revenue_of_budget, result_after with its range."""
    cases = pd.DataFrame() if now.losses is None else now.losses.cases.head(_MOST)
    return cases.reindex(columns=_LOSS)


def voice(ledger: Ledger, now: Pages, *, kept: KeptBack) -> pd.DataFrame:
    """One customer's own words: the newest of a year from whom we earn most with, the lowest score first.

    account_name, date, said, score; empty without feedback, and where names are not shown in full: words name people.
    """
    heard = words.records(ledger, "feedback")
    if heard is None or heard.empty or now.losses is None:
        return pd.DataFrame(columns=["account_name", "date", "said", "score"])
    heard = heard[heard["date"] > pd.Timestamp(ledger.as_of - timedelta(days=_VOICE_DAYS))]
    heard = heard[[kept.may_say(each) for each in heard["said"]]]
    known = now.losses.accounts[["account_id", "account_name", "exposure"]]
    rows = heard.reindex(columns=["account_id", "date", "said", "score"]).merge(known, on="account_id")
    rows = rows[rows["account_id"].isin(known.nlargest(10, "exposure")["account_id"])]
    low = pd.to_numeric(rows["score"], errors="coerce").fillna(10.0)
    rows = rows.assign(low=low <= 6).sort_values(["low", "exposure", "date"], ascending=False)
    return rows.head(1)[["account_name", "date", "said", "score"]].reset_index(drop=True)
