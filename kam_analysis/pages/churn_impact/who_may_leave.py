"""Each account's chance of leaving, from the ledger: one computation for every page that shows one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis import churn, segments
from kam_analysis.ledger import Ledger
from kam_analysis.pages.shelf import shelved
from kam_analysis.pages.words import said_in

say = said_in(__file__)

SEED = 3
_DATED = ("customer_since", "left_on")  # what was known of an account on a past day: no more of its master has a date


@dataclass(frozen=True, kw_only=True)
class MayLeave:
    """`chances`: of every account within a year, as `churn.probabilities`; the rest is what they rest on.

    `today`: account_id, first_day and last_day of purchases of the accounts as they are known today; `best_year` their
    sales of the best of the years before the days looked at. `rules` say what counts as lost. `days`: what each account's
    rhythm said on past days, `told` what it says today, None where purchases do not show it (`reason`).
    `leavers`: how many are expected to leave within a year. `contracts` of the company, `average` of its accounts
    without a rhythm, or the assumed one.
    """

    chances: pd.DataFrame
    today: pd.DataFrame
    best_year: pd.Series
    rules: churn.Rules
    days: churn.PastDays
    told: churn.Told | None
    average: churn.Average | None
    leavers: churn.Leavers
    contracts: pd.DataFrame | None = None
    parents: pd.Series | None = None

    @property
    def gone(self) -> pd.Series:
        """The accounts that are lost already."""
        return self.chances[self.chances["basis"] == "lost"]["account_id"]

    @property
    def perhaps_gone(self) -> pd.DataFrame:
        """Accounts that are not called lost and are likelier gone than not, those that bought most first.

        account_id, last_day, best_year (sales of the best of the years looked at), alive, probability and why.
        """
        gone = self.chances[(self.chances["basis"] != "lost") & (self.chances["alive"] < 0.5)]
        best = self.today.assign(best_year=self.best_year.array).drop(columns="first_day")
        found = gone.merge(best, on="account_id")
        found = found[found["best_year"] > 0]
        columns = ["account_id", "last_day", "best_year", "alive", "probability", "why"]
        return found.sort_values("best_year", ascending=False, kind="stable", ignore_index=True)[columns]

    @property
    def reason(self) -> str:
        """Why no account's own rhythm tells, or empty."""
        return "" if self.told is not None else self.days.reason


@shelved
def who_may_leave(ledger: Ledger, horizon_months: int = 12) -> MayLeave:
    """The chances of leaving within a year: by what the company says of an account, else by its own rhythm."""
    today = ledger.as_of
    first = ledger.overview.first if ledger.told_by_month else today
    rules = churn.rules_for(first, today, horizon_months)
    contracts = ledger.contracts() if ledger.has("contracts") else None
    parents = ledger.master.roots if ledger.level == "parent" else None
    talks = [ledger.table(name) for name in ("interactions", "feedback") if ledger.has(name)]
    seen = _Seen()
    # Today first: the months of earlier days are those of a later one without its last.
    for day in reversed(churn.snapshot_days(first, today, rules=rules)):
        seen.add(_known(ledger.at(day, "last_12_months"), contracts, talks=talks, parents=parents, rules=rules))
    if ledger.told_by_month:
        days = churn.past_days(seen.days, rules)
    else:
        days = churn.PastDays((), rules, say("wrong.no_days", spans=ledger.spans.word))
    told, ending, now = churn.told(days), None, seen.days[0]
    average, quiet = _averages(seen.outcomes, ledger, rules=rules)
    if contracts is not None:
        ending = churn.renewals(contracts, now, day=today, parents=parents, rules=rules)
    odds = own_odds(ledger)
    chances = churn.probabilities(now, ledger.traits(), ending, told, average, quiet, own_odds=odds)
    within = churn.within_a_year(chances, horizon_months)
    averages = {"company average": average, "contract": ending.average if ending is not None else None}
    # What was learnt over another horizon has no such range of one year: it is taken as it is.
    ranged = {basis: each for basis, each in averages.items() if each and each.accounts and horizon_months == 12}
    leavers = churn.leavers(within, now, np.random.default_rng(SEED), told, ranged, own_odds=odds)
    return MayLeave(
        chances=within,
        today=now[["account_id", "first_day", "last_day"]],
        best_year=seen.best_year,
        rules=rules,
        days=days,
        told=told,
        average=average,
        leavers=leavers,
        contracts=contracts,
        parents=parents,
    )


class _Seen:
    """What is kept of the snapshots, today's first: of a million accounts all of each day would fill the memory.

    `days`: today, and of earlier days the accounts of `churn.looked_at`. `outcomes`: of all accounts what
    `churn.history` reads. `best_year`: the most that each account of today bought in a year before one of the days.
    """

    def __init__(self) -> None:
        self.days: list[pd.DataFrame] = []
        self.outcomes: list[pd.DataFrame] = []
        self.best_year = pd.Series(dtype="float64")

    def add(self, there: pd.DataFrame) -> None:
        """Keep of one more day what is looked at."""
        sold = there["revenue"].to_numpy(np.float64)
        if not self.days:
            self._ids, self._some, self.best_year = (
                pd.Index(there["account_id"]),
                churn.looked_at(there),
                pd.Series(sold),
            )
            self.days.append(there)
        else:
            places = self._ids.get_indexer(pd.Index(there["account_id"]))
            best = self.best_year.to_numpy(copy=True)
            np.maximum.at(best, places[places >= 0], sold[places >= 0])
            self.best_year = pd.Series(best)
            self.days.append(there if self._some is None else there[there["account_id"].isin(self._some)])
        self.outcomes.append(there[list(churn.LOOKED_AT)])


def own_odds(ledger: Ledger) -> tuple[float, float, float]:
    """By what the odds of the company's own figures may be off: value, low and high."""
    given = ledger.settings.assumption("own_estimate_odds")
    return (1.0, 1.0, 1.0) if given is None else (given.value, given.low, given.high)


def _averages(
    outcomes: list[pd.DataFrame], ledger: Ledger, *, rules: churn.Rules
) -> tuple[churn.Average | None, churn.Average | None]:
    """For accounts without a rhythm: the company's average, or the settings' assumption; and that of quiet ones."""
    history = churn.history(outcomes, rules)
    given = ledger.settings.assumption("churn_probability")
    assumed = None
    if given is not None:
        assumed = churn.Average(given.value, low=given.low, high=given.high, source=given.source)
    return churn.average(history, quiet=False) or assumed, churn.average(history, quiet=True)


def _known(
    then: Ledger,
    contracts: pd.DataFrame | None,
    *,
    talks: list[pd.DataFrame],
    parents: pd.Series | None,
    rules: churn.Rules,
) -> pd.DataFrame:
    """The accounts as they were known on a past day."""
    money = [each for each in ("revenue", "margin") if each in then.measures]
    amounts = then.by_account(measures=money)
    standing = segments.circumstances(then.habits(orders=False), then.traits(only=_DATED), now=amounts)
    return churn.snapshot(
        then.as_of,
        standing,
        stages=segments.lifecycle(standing, reasons=False),
        months=then.month_statistics(measure="revenue"),
        now=amounts,
        contracts=contracts,
        talks=talks,
        parents=parents,
        rules=rules,
    )
