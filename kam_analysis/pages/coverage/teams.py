"""Whose growth and hours are told: each manager's where `[people] individuals` says so, else a team's or the company's."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis import coverage

# Of two, each can tell the other's figure from their own; the least number is ours, an agreement may ask for more.
LEAST_IN_A_TEAM = 3
_COMPANY = "all account managers"
_OF_PERSONS = (
    "hours_per_month",
    "hours_recorded",
    "grown",
    "protected",
    "neither",
    "new",
    "kept_share",
    "kept_and_grown",
)
_SUMS = ("hours_recorded", "hours_per_month")


@dataclass(frozen=True, kw_only=True)
class Rated:
    """`of`: who each account manager counts as, by manager_id: as themselves, or as a team by its name.

    `rows`, a row each: `rated_as`, the counts, money and shares of `coverage.by_manager` with hours_recorded and
    hours_per_month a month. `individuals`: whether that is each person; `word` what one of them is called in a heading.
    """

    of: pd.Series
    rows: pd.DataFrame
    individuals: bool

    @property
    def word(self) -> str:
        """What stands over the column that names them."""
        return "Account manager" if self.individuals else "Team"

    def names(self, manager_ids: pd.Series) -> pd.Series:
        """Who these count as; empty for nobody."""
        return manager_ids.map(self.of).astype("object").where(manager_ids.notna(), "")


def rated(
    managers: pd.DataFrame,
    attended: pd.DataFrame,
    *,
    staff: pd.DataFrame,
    named: Callable[[object], str],
    individuals: bool,
) -> Rated:
    """Who grew, held or slipped, and how many hours that took.

    `managers`: account_manager_id, hours_recorded and hours_per_month of each who looks after accounts; `attended` as of
    `coverage.attention`. A team is who reports to one superior. Where one of them has fewer than three account managers
    all count together: what is told of the others would tell of these.
    """
    ids = pd.concat([managers["account_manager_id"], attended["account_manager_id"]]).dropna().drop_duplicates()
    of = ids.map(named).set_axis(ids) if individuals else _teams(ids, staff, named)
    told = coverage.by_manager(attended.assign(account_manager_id=attended["account_manager_id"].map(of)))
    told = told.dropna(subset="account_manager_id").rename(columns={"account_manager_id": "rated_as"})
    hours = managers[list(_SUMS)].groupby(managers["account_manager_id"].map(of)).sum(min_count=1)
    return Rated(of=of, rows=told.merge(hours, "left", left_on="rated_as", right_index=True), individuals=individuals)


def without_ratings(managers: pd.DataFrame) -> pd.DataFrame:
    """The managers side by side without what rates a person."""
    money = [name for name in map(str, managers) if name.startswith("money_")]
    return managers.drop(columns=[*_OF_PERSONS, *money], errors="ignore")


def _teams(ids: pd.Series, staff: pd.DataFrame, named: Callable[[object], str]) -> pd.Series:
    above = staff.set_index("manager_id")["superior_id"] if "superior_id" in staff else pd.Series(dtype="object")
    superiors = ids.map(above)
    sizes = superiors.value_counts(dropna=False)
    if superiors.isna().all() or (sizes < LEAST_IN_A_TEAM).any():
        return pd.Series(_COMPANY, index=pd.Index(ids))
    return pd.Series([_team(each, named) for each in superiors], index=pd.Index(ids))


def _team(superior_id: object, named: Callable[[object], str]) -> str:
    return "no superior on file" if pd.isna(superior_id) else f"Team of {named(superior_id)}"  # type: ignore[call-overload]
