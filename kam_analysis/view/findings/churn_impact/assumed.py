"""What the page takes for given, and what could take several customers at once, from settings and tables."""

from collections.abc import Sequence

import pandas as pd

from kam_analysis.analysis.losses import CommonCause, common_cause, departures
from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger import Ledger
from kam_analysis.view.words import managers

# What this page takes for given, by the settings' names.
ASSUMED = (
    "follow_rate",
    "sales_cycle_months",
    "ramp_months",
    "churn_probability",
    "fixed_cost_share",
    "keeping_cost",
    "cost_per_order",
)


def common_causes(
    ledger: Ledger, account_ids: Sequence[str], traits: pd.DataFrame, follow: float | None = None, leaving: bool = True
) -> list[CommonCause]:
    """The settings' causes and the departures with a probability; members by position in `account_ids`.

    `follow`: the part lost when a manager leaves, 0-1; by default the assumption's. `leaving`: with the
    departures. Raises `DataError` where a cause asks for a column that the accounts do not have.
    """
    try:
        given = [
            common_cause(account_ids, traits, cause.where, cause.probability, cause.loss_probability, spoken(name))
            for name, cause in ledger.settings.causes.items()
        ]
    except ValueError as error:
        remedy = "correct `where` in its section [causes], or name the column in [tables.accounts]"
        raise DataError(problems=[Problem("causes", "", str(error), remedy)]) from None
    if follow is None:
        given_rate = ledger.settings.assumption("follow_rate")
        assert given_rate is not None
        follow = given_rate.value
    gone = departures(account_ids, traits, managers(ledger), follow) if leaving else ()
    return [*(each for each in given if each is not None), *gone]


def spoken(name: str) -> str:
    """A key of the settings as a page names it: marine_downturn is a marine downturn."""
    return name.replace("_", " ")


def check_parameters(horizon_months: int, plan_months: int) -> None:
    """Can these months be looked ahead? Raises `DataError` with all that is wrong.

    >>> check_parameters(12, 0)
    Traceback (most recent call last):
    kam_analysis.errors.DataError: plan_months: expected 12 to 36, got 0; sales plans look one to three years ahead
    """
    problems = []
    for name, months, least in (("horizon_months", horizon_months, 1), ("plan_months", plan_months, 12)):
        if not least <= months <= 36:
            rule = f"expected {least} to 36, got {months}"
            problems.append(Problem(name, "", rule, "sales plans look one to three years ahead"))
    if problems:
        raise DataError(problems=problems)
