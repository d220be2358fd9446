"""Each account's chance of leaving, from the ledger: one computation for every page that shows one."""

from dataclasses import dataclass, replace

import pandas as pd

from kam_analysis.analysis import churn, segments
from kam_analysis.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class MayLeave:
    """`chances`: of every account within a year, as `churn.probabilities`; the rest is what they rest on.

    `past`: the accounts as they were known on past days, the last one today; `rules` say what counts as lost,
    `history` what became of them, `fitted` what was learnt from it, `average` the company's own or the assumed one.
    """

    chances: pd.DataFrame
    past: list[pd.DataFrame]
    rules: churn.Rules
    history: churn.History
    fitted: churn.Fit
    average: churn.Average | None

    @property
    def gone(self) -> pd.Series:
        """The accounts that are lost already."""
        return self.chances[self.chances["basis"] == "lost"]["account_id"]


def who_may_leave(ledger: Ledger, horizon_months: int = 12) -> MayLeave:
    """The chances of leaving within a year, told over the horizon by the company's own history where it can."""
    today = ledger.as_of
    first = ledger.overview.first if ledger.told_by_month else today
    rules = churn.rules_for(first, today, horizon_months)
    contracts = ledger.contracts() if ledger.has("contracts") else None
    parents = ledger.master.roots if ledger.level == "parent" else None
    talks = [ledger.table(name) for name in ("interactions", "feedback") if ledger.has(name)]
    past = [
        _known(ledger.at(day, "last_12_months"), contracts, talks=talks, parents=parents, rules=rules)
        for day in churn.snapshot_days(first, today, rules=rules)
    ]
    history = churn.history(past, rules)
    if not ledger.told_by_month:
        history = replace(history, reason=f"totals by {ledger.spans.word} do not show when an account stopped buying")
    average, quiet = churn.average(history, quiet=False) or _assumed(ledger), churn.average(history, quiet=True)
    ending = None
    if contracts is not None:
        ending = churn.renewals(contracts, past[-1], day=today, parents=parents, rules=rules)
    fitted = churn.fit(history)
    chances = churn.probabilities(
        past[-1], ledger.traits(), contracts=ending, model=fitted.model, average=average, quiet=quiet
    )
    within = churn.within_a_year(chances, horizon_months)
    return MayLeave(chances=within, past=past, rules=rules, history=history, fitted=fitted, average=average)


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
    standing = segments.circumstances(then.habits(), then.traits(), now=amounts)
    return churn.snapshot(
        then.as_of,
        standing,
        stages=segments.lifecycle(standing),
        months=then.month_statistics(measure="revenue"),
        now=amounts,
        contracts=contracts,
        talks=talks,
        parents=parents,
        rules=rules,
    )


def _assumed(ledger: Ledger) -> churn.Average | None:
    """The chance of leaving that the settings give, for where history cannot tell."""
    given = ledger.settings.assumption("churn_probability")
    return None if given is None else churn.Average(given.value, low=given.low, high=given.high, source=given.source)
