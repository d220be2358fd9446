"""What would it cost if an account manager left: the change of hands, and customers who follow to a competitor?

The same question for each manager alike; nobody's departure is predicted.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.handover.rates import Amount, Rate
from kam_analysis.analysis.refused import refuse_missing, refuse_twice
from kam_analysis.errors import nearest

_ENDS = ("_low", "", "_high")
# What is known of an account besides money, where it is known.
_TOLD = {"account_manager_id": "str", "bond": "str", "ends_on": "datetime64[us]", "notice_by": "datetime64[us]"}
_COSTS = [f"{name}{end}" for name in ("transition", "further", "at_risk") for end in _ENDS]
_MARGIN_COSTS = [f"at_risk_margin{end}" for end in _ENDS]
_BONDS = ("company", "person")


@dataclass(frozen=True)
class Departure:
    """What one manager's departure would put at risk, account by account.

    `accounts`, largest at_risk first, ties by account_id: account_id, account_name, revenue, revenue_share (of all
    accounts above zero, 0-1), margin (where known), bond, ends_on, notice_by, resale and new_sale (where given); then money a
    year, each with _low and _high: transition, further (NaN without a follow assumption) and at_risk, both together;
    the rate follow, 0-1; and, where margin is known, transition_margin, further_margin and at_risk_margin, the last
    with _low and _high. An account without sales above zero has nothing at risk. `transition_rate` and `follow_rate`
    are what it rests on.
    """

    manager_id: str
    accounts: pd.DataFrame
    transition_rate: Rate
    follow_rate: Rate | None

    @property
    def revenue(self) -> float:
        """Sales of the accounts above zero."""
        return float(self.accounts["revenue"].clip(lower=0).sum())

    @property
    def revenue_share(self) -> float:
        """Their part of all sales above zero, 0-1."""
        return float(self.accounts["revenue_share"].sum())

    @property
    def transition(self) -> Amount:
        """What the change of hands alone costs, with all accounts at the same end of the range."""
        return self._amount("transition")

    @property
    def further(self) -> Amount | None:
        """What is lost beyond that if accounts follow; None without a follow assumption."""
        return None if self.follow_rate is None else self._amount("further")

    @property
    def at_risk(self) -> Amount:
        """Both together; the change of hands alone without a follow assumption."""
        return self._amount("at_risk")

    @property
    def at_risk_margin(self) -> Amount | None:
        """The same in margin; None where no margin is known."""
        if "margin" not in self.accounts:
            return None
        return self._amount("at_risk_margin")

    def _amount(self, name: str) -> Amount:
        return Amount(*(float(self.accounts[f"{name}{end}"].sum()) for end in ("", "_low", "_high")))


@takes_frames
def departure(
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    manager_id: str,
    transition: Rate,
    follow: Rate | None = None,
    sales: pd.DataFrame | None = None,
) -> Departure:
    """What would it cost if this manager left?

    `accounts`: account_id, account_name, revenue and, where there is a cost, margin, of the last twelve months;
    `traits`: account_id, account_manager_id and, where known, bond, ends_on and notice_by. `sales`: what `resale_and_new` says,
    to be shown beside it. Of an account's revenue R the change of hands costs R t. Of accounts that follow to a
    competitor all is lost, and the hand-over costs the rest: R (f + (1 - f) t) together, so R f (1 - t) further.

    `follow` is the company's own assumption: no rate is published. Bound to the company an account takes its low end,
    bound to the person its high end, else its value: no number is invented. Its range is low to value when bound to
    the company, value to high when bound to the person, else the whole. The ends of `further` come from those of
    `follow`, those of `at_risk` from both rates, so only the middle of the two adds up.

    Raises `ValueError` for a manager of no account that bought, a follow below 0, an account that stands twice or an
    amount that is missing.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 300.0]})
    >>> held = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"], "bond": ["person", None]})
    >>> found = departure(rows, held, "M1", Rate(0.2, 0.1, 0.3, "x"), Rate(0.25, 0.0, 0.5, "y"))
    >>> found.transition
    Amount(value=20.0, low=10.0, high=30.0)
    >>> found.further, found.at_risk, found.revenue_share
    (Amount(value=40.0, low=20.0, high=40.0), Amount(value=60.0, low=32.5, high=65.0), 0.25)
    """
    held = _held(accounts, traits)
    managers = held["account_manager_id"]
    chosen = (managers == manager_id).fillna(False).to_numpy(dtype=bool)
    if not chosen.any():
        known = nearest(manager_id, set(managers.dropna().astype(str)))
        raise ValueError(f'leaving manager: no account of "{manager_id}" bought in the twelve months; {known}')
    rows = _priced(held[chosen].drop(columns="account_manager_id"), transition, follow)
    if sales is not None:
        rows = _beside(rows, sales)
    rows = rows.sort_values(["at_risk", "account_id"], ascending=[False, True], ignore_index=True)
    return Departure(manager_id, rows, transition, follow)


@takes_frames
def departures_of_each(
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    transition: Rate,
    follow: Rate | None = None,
    as_of: date | None = None,
    days: int = RENEWAL_DAYS,
) -> pd.DataFrame:
    """What would it cost if each of them left, one at a time?

    Inputs as `departure`. One row per account_manager_id, the dearest transition first, ties by id: accounts,
    revenue (above zero), revenue_share (0-1), then transition, further and at_risk, each with _low and _high; where
    margin is known at_risk_margin, with _low and _high; of `further` the parts further_company, further_person and
    further_unknown, by what the accounts are bound to (NaN without a follow assumption); with `as_of`, and where
    traits tell last days for notice, notices_near: how many come within `days`. Accounts of nobody are in no row; no manager
    known, no rows.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 300.0]})
    >>> held = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"]})
    >>> found = departures_of_each(rows, held, Rate(0.2, 0.1, 0.3, "x"))
    >>> found[["account_manager_id", "accounts", "revenue_share", "transition", "further"]].values.tolist()
    [['M2', 1, 0.75, 60.0, nan], ['M1', 1, 0.25, 20.0, nan]]
    """
    rows = _priced(_held(accounts, traits), transition, follow)
    by = rows.assign(revenue=rows["revenue"].clip(lower=0)).groupby("account_manager_id")
    found = by.size().to_frame("accounts")
    amounts = ["revenue", "revenue_share", *_COSTS, *(_MARGIN_COSTS if "margin" in rows else [])]
    found[amounts] = by[amounts].sum(min_count=1)
    bound = rows["bond"].where(rows["bond"].isin(_BONDS), "unknown")
    parts = rows["further"].groupby([rows["account_manager_id"], bound]).sum(min_count=1).unstack().fillna(0.0)
    for each in (*_BONDS, "unknown"):
        found[f"further_{each}"] = parts.get(each, 0.0) if follow is not None else np.nan
    if as_of is not None and "notice_by" in traits:
        near = notices_near(accounts, traits, as_of, days)["account_manager_id"].value_counts()
        found["notices_near"] = near.reindex(found.index, fill_value=0).to_numpy("int64")
    found = found.reset_index().astype({"account_manager_id": "str"})
    return found.sort_values(["transition", "account_manager_id"], ascending=[False, True], ignore_index=True)


@takes_frames
def notices_near(accounts: pd.DataFrame, traits: pd.DataFrame, as_of: date, days: int = RENEWAL_DAYS) -> pd.DataFrame:
    """Whose contract can be given notice until a day that is near, while a hand-over would disturb the decision?

    Inputs as `departure`. account_id, account_name, revenue, account_manager_id, bond, ends_on, notice_by, days_left
    (to notice_by, 0 to `days`, both included) of accounts that bought, the nearest first, ties by account_id. A day
    before `as_of` is none: it is too late this time. No contracts, no rows. Raises `ValueError` for days below 0.
    """
    if days < 0:
        raise ValueError(f"days: expected at least 0, got {days}")
    held = _held(accounts, traits)
    left = (pd.to_datetime(held["notice_by"]).dt.normalize() - pd.Timestamp(as_of)).dt.days
    near = held.assign(days_left=left)[left.between(0, days).to_numpy()]
    near = near[
        ["account_id", "account_name", "revenue", "account_manager_id", "bond", "ends_on", "notice_by", "days_left"]
    ]
    near = near.sort_values(["days_left", "account_id"], ignore_index=True)
    return near.astype({"days_left": "int64"})


def _held(accounts: pd.DataFrame, traits: pd.DataFrame) -> pd.DataFrame:
    """The accounts with who looks after each, what binds it and until when its contract can be given notice, as far as that is known."""
    refuse_twice("accounts", accounts["account_id"])
    refuse_missing("accounts", accounts)
    above = accounts["revenue"].clip(lower=0)
    names = ["account_id", "account_name", "revenue", *(["margin"] if _has_margin(accounts) else [])]
    found = accounts[names].assign(revenue_share=above / total if (total := float(above.sum())) else 0.0)
    known = traits.reindex(columns=["account_id", *_TOLD]).set_index("account_id")
    for name in _TOLD:
        found[name] = found["account_id"].map(known[name])
    return found.astype(_TOLD).reset_index(drop=True)


def _has_margin(accounts: pd.DataFrame) -> bool:
    return "margin" in accounts and bool(accounts["margin"].notna().any())


def _priced(held: pd.DataFrame, transition: Rate, follow: Rate | None) -> pd.DataFrame:
    """What each account would cost; see `departure` for the formulas."""
    revenue = held["revenue"].clip(lower=0).to_numpy(np.float64)
    taken = {"_low": transition.low, "": transition.value, "_high": transition.high}
    gone = {end: np.full(revenue.size, np.nan) for end in _ENDS} if follow is None else _followed(held["bond"], follow)
    found = {f"transition{end}": revenue * taken[end] for end in _ENDS}
    found |= {f"follow{end}": gone[end] for end in _ENDS}
    found |= {f"further{end}": revenue * gone[end] * (1 - transition.value) for end in _ENDS}
    for end in _ENDS:
        leaves = np.nan_to_num(gone[end])
        found[f"at_risk{end}"] = revenue * (leaves + (1 - leaves) * taken[end])
    if "margin" in held:
        ratio = _margin_ratio(held).to_numpy()
        found |= {f"{name}_margin": found[name] * ratio for name in ("transition", "further")}
        found |= {f"at_risk_margin{end}": found[f"at_risk{end}"] * ratio for end in _ENDS}
    # All columns at once: one by one they would take most of the time.
    return pd.concat([held, pd.DataFrame(found, index=held.index)], axis=1)


def _followed(bond: pd.Series, follow: Rate) -> dict[str, np.ndarray]:
    """The part of each account's sales that follows, with its range."""
    if follow.low < 0:
        raise ValueError(f"follow: expected shares of 0 to 1, got {follow.low:g} to {follow.high:g}")
    company, person = ((bond == kind).fillna(False).to_numpy(dtype=bool) for kind in ("company", "person"))
    low = np.where(person, follow.value, follow.low)
    high = np.where(company, follow.value, follow.high)
    middle = np.select([company, person], [follow.low, follow.high], follow.value)
    return {"_low": low, "": middle, "_high": high}


def _margin_ratio(rows: pd.DataFrame) -> pd.Series:
    """Margin by revenue where both are above zero: losing sales at a loss costs no margin."""
    earning = (rows["revenue"] > 0) & (rows["margin"] > 0)
    return (rows["margin"] / rows["revenue"].where(earning)).where(earning, 0.0)


def _beside(rows: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    known = sales.set_index("account_id")
    place = list(rows.columns).index("notice_by") + 1
    for name in ("new_sale", "resale"):
        rows.insert(place, name, rows["account_id"].map(known[name]))
    return rows
