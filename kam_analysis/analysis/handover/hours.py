"""Where should each manager's hours go, so that most is kept and won?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.handover.hours_given import Given, complete, refuse
from kam_analysis.analysis.handover.response import Best, Bools, Integers, Response, best_hours
from kam_analysis.analysis.refused import refuse_rows

# Our own assumption, a little below the mean of 0.34 for personal selling, which is not corrected for bias (Albers,
# Mantrala & Sridhar, Journal of Marketing Research 47(5), 2010). That the chance of leaving follows it too is ours as well.
ELASTICITY = 0.31
# An elasticity holds near today's hours: beyond a half or the double nobody has measured it.
MOST_CHANGE = 2.0
# From this chance of leaving on, pages take no hours from an account.
KEPT_FROM = 0.25
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Allocation:
    """The hours that keep and win most, beside today's.

    `accounts`, by how much their hours change, ties by account_id: account_id, account_name, account_manager_id,
    is_key, what went in (at_stake, at least 0; probability; to_win), hours and hours_best a month, change
    (hours_best - hours), value and value_best (money a year, expected kept and won), worth_of_an_hour (today:
    money a year for one more hour a month on this account) and held_by: what stops the hours from moving
    further, "least", "most", "key minimum", "kept" (it is likely to leave) or "".

    `managers`, by account_manager_id: accounts, capacity (hours a month), hours, hours_best, unused (hours of the
    capacity that no account takes), short (hours by which the least hours are above the capacity; such a manager
    keeps today's hours), value, value_best, gain (a year), worth_of_an_hour (one more hour of the manager), gap
    (money a year by which no other hours can be better) and gap_share (of value_best, 0-1).

    Who is not assessed (no hours known, or no manager) has NaN in hours_best and what follows from it.
    """

    accounts: pd.DataFrame
    managers: pd.DataFrame
    elasticity: float
    key_hours: float
    most_change: float
    kept_from: float | None = None

    @property
    def assessed(self) -> bool:
        """Whether hours are known for anybody."""
        return bool(self.managers["value"].notna().any())

    @property
    def value(self) -> float:
        """Expected kept and won a year with today's hours, of those assessed."""
        return float(self.managers["value"].sum())

    @property
    def gain(self) -> float:
        """What the better hours bring a year; below zero where the minimum for key accounts costs more."""
        return float(self.managers["gain"].sum())

    @property
    def gap(self) -> float:
        """Money a year: no hours within the bounds bring more than these and the gap."""
        return float(self.managers["gap"].sum())

    @property
    def gap_share(self) -> float:
        """The gap as a share of the best value, 0-1; NaN where there is none."""
        best = float(self.managers["value_best"].sum())
        return self.gap / best if best else float("nan")

    @property
    def moved(self) -> float:
        """Hours a month that go to another account than today."""
        return float(self.accounts["change"].clip(lower=0).sum())

    def gain_if(self, elasticity: float, probability: pd.Series | None = None) -> float:
        """What these hours bring a year over today's if hours bring so much and accounts leave with such chances.

        `probability`: 0-1, by account_id; those that it does not name, or as missing, leave as was assumed.
        """
        known = self.accounts.dropna(subset="hours_best").sort_values("account_id", ignore_index=True)
        if probability is not None:
            given = known["account_id"].map(probability).astype("float64")
            known["probability"] = given.fillna(known["probability"])
        then = complete(known).response(elasticity)
        return float((then.value(known["hours_best"].to_numpy(float)) - then.value(then.hours)).sum())

    def sensitivity(self, *elasticities: float) -> pd.DataFrame:
        """What if hours bring less, or more, than assumed?

        One row per elasticity: elasticity, gain_of_these (what these hours bring a year over today's if that one
        is right) and gain (of the hours that would be best then).
        """
        known = self.accounts.dropna(subset="hours_best").sort_values("account_id")
        capacity = self.managers.set_index("account_manager_id")["capacity"]
        found = []
        for each in elasticities:
            other = allocate_hours(
                known, capacity, each, key_hours=self.key_hours, most_change=self.most_change, kept_from=self.kept_from
            )
            found.append({"elasticity": each, "gain_of_these": self.gain_if(each), "gain": other.gain})
        return pd.DataFrame(found, columns=["elasticity", "gain_of_these", "gain"])


@takes_frames
def allocate_hours(
    accounts: pd.DataFrame,
    capacity: pd.Series | None = None,
    elasticity: float = ELASTICITY,
    *,
    key_hours: float = 0.0,
    most_change: float = MOST_CHANGE,
    kept_from: float | None = None,
) -> Allocation:
    """Which hours of each manager on each of their accounts keep and win most?

    `accounts`: account_id (unique), account_name, account_manager_id, hours a month today (as `today_hours` gives
    them), at_stake (what we earn there a year; at or below zero there is nothing to keep), probability of leaving
    within a year (0-1), and, where there are some, to_win (expected from open opportunities, a year) and is_key.
    `capacity`: hours a month by account_manager_id; today's hours where none is given.

    An account's value is at_stake * (1 - probability * more**-elasticity) + to_win * more**elasticity, more being
    hours as a multiple of today's. Hours at most grow `most_change` fold and shrink as much, never so far that the
    chance of leaving passes 1; a key account gets at least `key_hours`, whatever today's are. From an account with
    something at stake that leaves with a chance of `kept_from` or more no hours are taken. A manager whose
    least hours are above their capacity keeps today's, and `short` says by how much. Managers share nothing.

    Raises `ValueError` for an account that stands twice, hours that are not above zero, amounts or probabilities
    that are missing or out of range, and for parameters out of range, naming up to five of the accounts.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "account_manager_id": ["M", "M"],
    ...                      "hours": [5.0, 5.0], "at_stake": [400.0, 100.0], "probability": [0.5, 0.5]})
    >>> found = allocate_hours(rows, elasticity=0.5, most_change=4.0)
    >>> found.accounts[["account_id", "hours_best", "held_by"]].round(2).values.tolist()
    [['a', 7.16, ''], ['b', 2.84, '']]
    >>> round(found.gain, 1), round(float(found.managers["worth_of_an_hour"][0]), 1), found.gap < 1e-9
    (16.5, 11.7, True)
    """
    given = complete(accounts)
    refuse(given.rows, elasticity, key_hours, most_change)
    response = given.response(elasticity)
    owner, owners = given.owner[given.at], len(given.managers)
    high = (response.probability >= (np.inf if kept_from is None else kept_from)) & (response.at_stake > 0)
    least, most = _bounds(response, given.key, key_hours, most_change, high)
    room = _capacity(capacity, given, response)
    short = _above(_sums(owner, least, owners), room)
    # Who is short keeps today's hours: for them both bounds are there.
    keeps = (short > 0)[owner]
    least, most = np.where(keeps, response.hours, least), np.where(keeps, response.hours, most)
    best = best_hours(response, least, most, owner, np.fmax(room, _sums(owner, least, owners)))
    held = _held(best.hours, least, most, given.key & (least == key_hours), high & (least == response.hours))
    held = np.where(keeps, "", held)
    found = _by_account(response, best, held)
    managers = _by_manager(given, found, room, short, best)
    return Allocation(_told(given, found), managers, elasticity, key_hours, most_change, kept_from)


def _bounds(response: Response, key: Bools, key_hours: float, most_change: float, high: Bools) -> tuple[Floats, Floats]:
    """The least and the most hours of each account."""
    surely_lost = response.probability ** (1 / response.elasticity)
    least = response.hours * np.maximum(1 / most_change, surely_lost)
    least = np.where(high, response.hours, least)
    least = np.where(key, np.maximum(least, key_hours), least)
    return least, np.maximum(least, response.hours * most_change)


def _capacity(capacity: pd.Series | None, given: Given, response: Response) -> Floats:
    """Hours of each manager: as given, else today's; NaN where neither is known."""
    own = _sums(given.owner[given.at], response.hours, len(given.managers))
    own = np.where(given.known, own, np.nan)
    if capacity is None:
        return own
    named = capacity.reindex(given.managers).to_numpy(np.float64, na_value=np.nan)
    refuse_rows("capacity", "hours of at least 0", pd.Series(given.managers), (named < 0) | np.isinf(named))
    return np.where(np.isnan(named), own, named)


def _sums(owner: Integers, values: Floats, owners: int) -> Floats:
    return np.bincount(owner, values, owners).astype(np.float64)


def _above(hours: Floats, others: Floats) -> Floats:
    """By how much `hours` are above the others, 0 where it is rounding or less."""
    return np.where(hours > others * (1 + _ROUNDING), hours - others, 0.0)


def _held(hours: Floats, least: Floats, most: Floats, at_minimum: Bools, kept: Bools) -> npt.NDArray[np.str_]:
    at_least, at_most = hours <= least * (1 + _ROUNDING), hours >= most * (1 - _ROUNDING)
    conditions = [at_least & at_minimum, at_least & kept, at_least, at_most]
    return np.select(conditions, ["key minimum", "kept", "least", "most"], "")


def _by_account(response: Response, best: Best, held: npt.NDArray[np.str_]) -> dict[str, np.ndarray]:
    return {
        "hours_best": best.hours,
        "change": best.hours - response.hours,
        "value": response.value(response.hours),
        "value_best": response.value(best.hours),
        "worth_of_an_hour": response.worth_of_an_hour(response.hours),
        "held_by": held,
    }


def _by_manager(given: Given, found: dict[str, np.ndarray], room: Floats, short: Floats, best: Best) -> pd.DataFrame:
    """One row per manager, NaN for those not assessed; no price and no gap where hours stay because they are short."""
    owner, owners, known = given.owner[given.at], len(given.managers), given.known
    sums = {name: _sums(owner, found[name], owners) for name in ("hours_best", "value", "value_best")}
    rows = {
        "hours": _sums(owner, given.floats("hours"), owners),
        "hours_best": sums["hours_best"],
        "unused": _above(room, sums["hours_best"]),
        "short": short,
        "value": sums["value"],
        "value_best": sums["value_best"],
        "gain": sums["value_best"] - sums["value"],
        "worth_of_an_hour": np.where(short > 0, np.nan, best.price),
        "gap": np.where(short > 0, np.nan, best.gap),
    }
    rows["gap_share"] = rows["gap"] / np.where(rows["value_best"] > 0, rows["value_best"], np.nan)
    rows = {name: np.where(known, values, np.nan) for name, values in rows.items()}
    number = np.bincount(given.owner[given.owner >= 0], minlength=owners)
    return pd.DataFrame({"account_manager_id": given.managers, "accounts": number, "capacity": room, **rows})


def _told(given: Given, found: dict[str, np.ndarray]) -> pd.DataFrame:
    """The accounts by how much their hours change; those not assessed at the end, by account_id."""
    n = len(given.rows)
    columns = {name: given.rows[name].array for name in given.rows}
    for name, values in found.items():
        whole = np.full(n, "" if name == "held_by" else np.nan, dtype=object if name == "held_by" else np.float64)
        whole[given.at] = values
        columns[name] = whole
    order = np.argsort(-np.nan_to_num(np.abs(columns["change"]), nan=-1.0), kind="stable")
    return pd.DataFrame(columns).take(order).reset_index(drop=True)
