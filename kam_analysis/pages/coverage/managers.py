"""What each manager looks after, side by side with what their departure costs, and where their hours would do most."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis import coverage, handover
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.coverage.known import Known

_TOLD = ("account_manager_id", "bond", "ends_on", "notice_by")
_COSTS = ("transition", "further", "at_risk")


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """Who is looked after by whom: `few` managers beside few customers, `unheld` accounts of nobody.

    `unheld_idle`: how many more without a manager bought nothing, 0 where no table names managers; `without_deputy`:
    accounts with a manager and nobody who stands in.
    """

    few: coverage.OnFew
    unheld: pd.DataFrame
    unheld_idle: int
    without_deputy: pd.DataFrame


def ownership_of(accounts: pd.DataFrame, known: Known) -> Ownership:
    """`Ownership` of the accounts that count; those lost already miss no manager."""
    idle = 0
    if "account_manager_id" in known.traits:
        nobody = known.traits[known.traits["account_manager_id"].isna()]
        idle = int((~nobody["account_id"].isin(known.sold["account_id"])).sum())
    return Ownership(
        few=coverage.on_few(accounts, known.traits),
        unheld=coverage.unheld(accounts, known.traits),
        unheld_idle=idle,
        without_deputy=coverage.without_deputy(accounts, known.traits),
    )


def managers_of(departing: Departures, *, known: Known, attended: pd.DataFrame) -> pd.DataFrame:
    """One row per manager: what is looked after, whether it grew, what their departure would cost."""
    found = coverage.manager_table(
        departing.customers, known.traits, known.staff, known.interactions, known.as_of
    ).set_index("account_manager_id")
    for other in (coverage.by_manager(attended), departing.managers):
        held = other.dropna(subset="account_manager_id").set_index("account_manager_id")
        found = found.join(held[held.columns.difference(found.columns, sort=False)])
    return found.reset_index()


def at_other_rates(managers: pd.DataFrame, departing: Departures) -> pd.DataFrame:
    """The managers side by side with what a departure costs by the rates of `departing`."""
    costs = departing.managers.set_index("account_manager_id")
    names = [name for name in map(str, costs) if name.startswith(_COSTS)]
    return managers.assign(**{name: managers["account_manager_id"].map(costs[name]) for name in names})


def by_account(departing: Departures, keys: pd.DataFrame, *, known: Known, chances: pd.DataFrame) -> pd.DataFrame:
    """The accounts that count: manager, bond, contract's end and last day for notice, whether key, chance of leaving, hours a month today.

    `keys`: account_id of the key accounts, `chances`: account_id, probability for whatever reason with low and high, and estimate.
    """
    customers = departing.customers
    ids = customers["account_id"]
    today = handover.today_hours(known.interactions, known.traits, known.staff, customers, known.as_of)
    told = known.traits.reindex(columns=["account_id", *_TOLD]).set_index("account_id")
    return customers.assign(
        **{name: ids.map(told[name]) for name in _TOLD},
        is_key=ids.isin(keys["account_id"]),
        **{name: ids.map(chances.set_index("account_id")[name]) for name in ("probability", "estimate", "low", "high")},
        hours=today["hours"].to_numpy(),
    )


def attended_by(known: Known) -> pd.DataFrame:
    """`coverage.attention` of all who bought in either year: those who left were somebody's too."""
    return coverage.attention(
        known.sold, known.before, known.traits, known.lines, known.lines_before, known.offers, known.as_of
    )


def moves_among(accounts: pd.DataFrame, known: Known) -> pd.DataFrame:
    """`handover.movable` of the key accounts: whose manager could change while no decision on the contract is near?"""
    key_ids = accounts.loc[accounts["is_key"], "account_id"]
    return handover.movable(accounts, known.traits, known.contacts, known.as_of, key_ids)


def practised_at(accounts: pd.DataFrame, *, known: Known, called: pd.DataFrame | None) -> coverage.Practice:
    """`coverage.practice` of the key accounts; `called` as of `calls_from_above`."""
    keys, live = accounts[accounts["is_key"]], coverage.live_contacts(known.contacts)
    return coverage.practice(keys, known.objectives, live, called, known.offers, known.traits, as_of=known.as_of)


def better_hours(
    accounts: pd.DataFrame, *, known: Known, assumptions: Mapping[str, Assumption]
) -> handover.Allocation | None:
    """`handover.allocate_hours` of the accounts of `by_account`; None where no hours are on record.

    Where nobody knows a chance of leaving it is taken for none: hours then go where something is to be won.
    """
    if not accounts["hours"].notna().any():
        return None
    earned = "margin" if "margin" in accounts else "revenue"
    rows = accounts[["account_id", "account_name", "account_manager_id", "hours", "is_key"]].assign(
        at_stake=accounts[earned].fillna(0.0),
        probability=accounts["probability"].fillna(0.0).clip(0, 1),
        to_win=accounts["account_id"].map(handover.to_win(known.offers, accounts)).fillna(0.0),
    )
    capacity = known.staff.set_index("manager_id")["hours_per_month"] if "hours_per_month" in known.staff else None
    # Hours on record are a part of all hours: a minimum in real hours is no measure for them.
    least = 0.0 if capacity is None else assumptions["key_account_hours"].value
    return handover.allocate_hours(
        rows, capacity, assumptions["hours_elasticity"].value, key_hours=least, kept_from=handover.KEPT_FROM
    )


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
