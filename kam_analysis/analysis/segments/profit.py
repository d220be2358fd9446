"""What is left of an account's margin after serving it, and after rebates that stand on no invoice?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_rows
from kam_analysis.analysis.segments.joining import of_accounts

# Where an account's hours come from.
RECORDED, PATTERN, COMPLEXITY = "on record", "as the least of its manager's", "as others as complex to serve"
_MONTHS = 12


@dataclass(frozen=True)
class Cost:
    """What one hour or one order costs, with its range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Profit:
    """Where the margin of twelve months goes: `service`, `rebates`, `profit`, and `not_assessed`, the margin of accounts
    whose hours nobody knows; the four add up to `margin` in minor units.

    `accounts`, the largest profit first, those not assessed last: account_id, account_name, revenue, margin, hours (in
    the twelve months), hours_from (missing where not assessed), service, rebates, profit, profit_low and profit_high
    (over the range of what hours and orders cost).
    """

    margin: float
    service: float
    rebates: float
    profit: float
    not_assessed: float
    accounts: pd.DataFrame

    @property
    def losing(self) -> pd.DataFrame:
        """The accounts on which money is lost, most of it first."""
        rows = self.accounts[self.accounts["profit"] < 0]
        return rows.sort_values(["profit", "account_id"], ignore_index=True)


@takes_frames
def profit_after_service(
    accounts: pd.DataFrame,
    hours: pd.DataFrame,
    per_hour: Cost,
    *,
    orders: pd.DataFrame | None = None,
    per_order: Cost | None = None,
    rebates: pd.Series | None = None,
    complexity: pd.Series | None = None,
    digits: int = 2,
) -> Profit:
    """On which accounts do we earn money once serving them is paid for?

    `accounts`: account_id (unique), account_name, revenue and margin of twelve months, to `digits` places. `hours`:
    account_id, hours a month (missing where nobody knows) and assumed, as `handover.today_hours` gives them; `per_hour`
    what one costs. `orders` (account_id, orders of the same months) cost `per_order` each, where that is known.
    `rebates` of these months by account_id, at or above zero, none where missing; None: not known, nothing is taken off.
    `complexity` (1-5, by account_id) stands in where hours are missing: the median hours of accounts of the same
    complexity; without those an account is not assessed.

    profit = margin - hours x cost per hour - orders x cost per order - rebates, the activity-based view of a customer's
    profit (Kaplan & Cooper, Cost & Effect, 1998) with the account managers' time as its driver. Costs that do not
    follow an account's hours or orders are in no account.

    Raises `ValueError` for a cost or a rebate below zero.

    Two hours a month at 50 are 1,200 a year:

    >>> sold = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [9000.0], "margin": [2000.0]})
    >>> spent = pd.DataFrame({"account_id": ["a"], "hours": [2.0], "assumed": [False]})
    >>> found = profit_after_service(sold, spent, Cost(50, 40, 60), rebates=pd.Series({"a": 900.0}))
    >>> found.accounts[["service", "profit", "profit_low", "profit_high"]].values.tolist()
    [[1200.0, -100.0, -340.0, 140.0]]
    """
    _check(per_hour, per_order, rebates)
    ids = accounts["account_id"].reset_index(drop=True)
    spent, source = _hours(hours, ids, complexity)
    number = (
        None if orders is None or per_order is None else of_accounts(orders, ids)["orders"].fillna(0).to_numpy(float)
    )
    unit = 10**digits
    margin = _units(accounts["margin"], unit)
    given = np.zeros(len(ids)) if rebates is None else ids.map(rebates).fillna(0.0).to_numpy(float)
    back, known = _units(given, unit), ~np.isnan(spent)
    service = {
        end: _units(np.nan_to_num(spent) * getattr(per_hour, end), unit)
        + (0 if number is None or per_order is None else _units(number * getattr(per_order, end), unit))
        for end in ("value", "low", "high")
    }
    left = {end: margin - back - each for end, each in service.items()}
    found = pd.DataFrame(
        {
            "account_id": ids,
            "account_name": accounts["account_name"].array,
            "revenue": accounts["revenue"].array,
            "margin": margin / unit,
            "hours": spent,
            "hours_from": source,
            "service": np.where(known, service["value"] / unit, np.nan),
            "rebates": np.where(known, back / unit, np.nan),
            "profit": np.where(known, left["value"] / unit, np.nan),
            "profit_low": np.where(known, left["high"] / unit, np.nan),
            "profit_high": np.where(known, left["low"] / unit, np.nan),
        }
    )
    return Profit(
        margin=int(margin.sum()) / unit,
        service=int(service["value"][known].sum()) / unit,
        rebates=int(back[known].sum()) / unit,
        profit=int(left["value"][known].sum()) / unit,
        not_assessed=int(margin[~known].sum()) / unit,
        accounts=found.sort_values(["profit", "account_id"], ascending=[False, True], ignore_index=True),
    )


def _hours(hours: pd.DataFrame, ids: pd.Series, complexity: pd.Series | None) -> tuple[np.ndarray, pd.Series]:
    """Hours in twelve months of each account, NaN where nobody knows, and where they come from."""
    told = of_accounts(hours, ids)
    spent = told["hours"].astype("float64") * _MONTHS
    assumed = told["assumed"].astype("boolean").fillna(False).to_numpy(bool)
    source = pd.Series(np.where(assumed, PATTERN, RECORDED), dtype="str").where(spent.notna())
    if complexity is not None:
        theirs = pd.to_numeric(ids.map(complexity)).round()
        usual = theirs.map(spent.groupby(theirs).median())
        source = source.mask(spent.isna() & usual.notna(), COMPLEXITY)
        spent = spent.fillna(usual)
    return spent.to_numpy(float), source


def _check(per_hour: Cost, per_order: Cost | None, rebates: pd.Series | None) -> None:
    for name, cost in (("an hour", per_hour), ("an order", per_order)):
        if cost is not None and not 0 <= cost.low <= cost.value <= cost.high:
            raise ValueError(
                f"cost of {name}: expected 0 <= low <= value <= high, got {cost.low}, {cost.value}, {cost.high}"
            )
    if rebates is not None:
        refuse_rows("rebates", "at or above 0", rebates.index.to_series(), rebates < 0)


def _units(money: pd.Series | np.ndarray, unit: int) -> np.ndarray:
    return np.rint(np.asarray(money, dtype=float) * unit).astype(np.int64)
