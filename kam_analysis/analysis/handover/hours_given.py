"""Are the accounts fit for sharing out hours, and whose hours are known?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.handover.response import Bools, Integers, Response
from kam_analysis.analysis.refused import refuse_rows, refuse_twice


@dataclass(frozen=True)
class Given:
    """Accounts by id, their managers numbered by id.

    `rows`: the columns that are used. `owner`: shape (n,), a position in `managers`, -1 where there is none.
    `at`: positions of the accounts whose manager's hours are known for all of their accounts: a part of them would
    not be today's.
    """

    rows: pd.DataFrame
    managers: npt.NDArray[np.object_]
    owner: Integers
    at: Integers

    def floats(self, column: str) -> Floats:
        """One column of the accounts that are assessed."""
        return self.rows[column].to_numpy(np.float64)[self.at]

    def response(self, elasticity: float) -> Response:
        """What the accounts that are assessed bring for the hours spent on them."""
        hours, at_stake = self.floats("hours"), self.floats("at_stake")
        return Response(hours, at_stake, self.floats("probability"), self.floats("to_win"), elasticity)

    @property
    def key(self) -> Bools:
        """Which of the accounts that are assessed are key."""
        return self.rows["is_key"].to_numpy(bool)[self.at]

    @property
    def known(self) -> Bools:
        """Which managers are assessed."""
        return np.bincount(self.owner[self.at], minlength=len(self.managers)) > 0


def complete(accounts: pd.DataFrame) -> Given:
    """What nobody promised is 0, who is not named key is not, a name that is missing is the id."""
    order = np.argsort(accounts["account_id"].to_numpy(dtype=object), kind="stable")
    to_win = _numbers(accounts, "to_win") if "to_win" in accounts else np.zeros(len(accounts))
    columns = {
        "account_id": accounts["account_id"].array,
        "account_name": accounts["account_name" if "account_name" in accounts else "account_id"].array,
        "account_manager_id": accounts["account_manager_id"].array,
        "is_key": _marked(accounts),
        "at_stake": np.maximum(_numbers(accounts, "at_stake"), 0.0),
        "probability": _numbers(accounts, "probability"),
        "to_win": np.where(np.isnan(to_win), 0.0, to_win),
        "hours": _numbers(accounts, "hours"),
    }
    rows = pd.DataFrame({name: values.take(order) for name, values in columns.items()})
    owner, managers = pd.factorize(rows["account_manager_id"].to_numpy(dtype=object), sort=True)
    unknown = np.isin(owner, owner[np.isnan(rows["hours"].to_numpy())]) | (owner < 0)
    return Given(rows, managers, owner, np.flatnonzero(~unknown))


def _numbers(accounts: pd.DataFrame, column: str) -> Floats:
    return accounts[column].to_numpy(np.float64, na_value=np.nan)


def _marked(accounts: pd.DataFrame) -> Bools:
    if "is_key" not in accounts:
        return np.zeros(len(accounts), dtype=bool)
    return accounts["is_key"].astype("boolean").to_numpy(bool, na_value=False)


def refuse(rows: pd.DataFrame, elasticity: float, key_hours: float, most_change: float) -> None:
    """One `ValueError` for a parameter, or for accounts, out of range."""
    for name, value, fits, range_ in (
        ("elasticity", elasticity, 0 < elasticity < 1, "between 0 and 1"),
        ("key_hours", key_hours, 0 <= key_hours < np.inf, "at least 0"),
        ("most_change", most_change, 1 <= most_change < np.inf, "at least 1"),
    ):
        if not fits:
            raise ValueError(f"{name}: expected {range_}, got {value:g}")
    hours, at_stake, probability, to_win = (
        rows[name].to_numpy() for name in ("hours", "at_stake", "probability", "to_win")
    )
    wrong = {
        ("hours", "above 0"): (hours <= 0) | np.isinf(hours),
        ("at_stake", "an amount"): ~np.isfinite(at_stake),
        ("probability", "0-1"): ~((probability >= 0) & (probability <= 1)),
        ("to_win", "at least 0"): ~((to_win >= 0) & (to_win < np.inf)),
    }
    refuse_twice("accounts, account_id", rows["account_id"])
    for (name, rule), where in wrong.items():
        refuse_rows(f"accounts, {name}", rule, rows["account_id"], where)
