"""What is known of each account beside its purchases: the customer master, contracts, contacts and distances."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis.ledger.frames.contracts import next_notice, with_notice
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.frames.master import missing

# A table as the data has it, None where the settings name none.
Tables = Callable[[str], pd.DataFrame | None]

_TEXTS = ("industry", "country", "region", "account_manager_id", "deputy_id", "bond", "competitor", "barrier_note")
_SUMS = ("annual_spend", "receivables", "rebates")
_MEANS = ("satisfaction", "barrier_procedural", "barrier_financial", "barrier_relational")
_ORDER: tuple[str, ...] = ("companies", "is_key", *_TEXTS, "customer_since", "left_on", "left_reason", *_SUMS, *_MEANS)
_ORDER += ("service_complexity", "churn_probability", "latitude", "longitude", "ends_on", "notice_by", "contract_value")
_ORDER += ("contacts", "nearest_site", "distance_km")
# From here a contact is one: brief, multiple or in depth.
_BRIEF = 2
# Mean radius, IUGG.
_EARTH_KM = 6371.0088


def traits(
    tables: Tables,
    customers: Customers,
    level: Level | None,
    bought: pd.Series,
    as_of: date,
    only: Sequence[str] = (),
) -> pd.DataFrame:
    """What `Ledger.traits` says, without names; with `only` those columns of the accounts table alone.

    `bought` is revenue of the last twelve months by legal entity (index), zero where an entity bought before.
    """
    day, master = pd.Timestamp(as_of), tables("accounts")
    if only and master is not None:
        master = master[[name for name in master if name == "account_id" or name in only]]
    companies = _Companies(master, customers, level, bought)
    found = {} if only else {"companies": companies.number}
    found |= _of_master(companies, day)
    if only:
        return _framed(companies, found)
    if (contracts := tables("contracts")) is not None:
        found |= _of_contracts(companies, contracts, day)
    contacts = tables("contacts")
    if contacts is not None and "strength" in contacts:
        strong = companies.under(contacts[contacts["strength"] >= _BRIEF])
        found["contacts"] = companies.every(strong["code"].value_counts(), 0).astype("int64")
    sites = tables("sites")
    if sites is not None and "latitude" in found:
        found |= _nearest(found["latitude"], found["longitude"], sites)
    return _framed(companies, found)


def _framed(companies: "_Companies", found: dict[str, pd.Series]) -> pd.DataFrame:
    frame = pd.DataFrame({name: found[name] for name in _ORDER if name in found})
    frame.insert(0, "account_id", companies.accounts)
    return frame


class _Companies:
    """Legal entities under the accounts that they belong to, in the order in which they are asked.

    Accounts are numbered by `account_id`; results are Series with that number as index.
    """

    def __init__(self, master: pd.DataFrame | None, customers: Customers, level: Level | None, bought: pd.Series):
        self.master = pd.DataFrame({"account_id": pd.Series(dtype="str")}) if master is None else master
        known = self.master["account_id"]
        ids = pd.concat([known, missing(bought.index.to_series(), known)], ignore_index=True).astype("str")
        ids = ids[~customers.is_excluded(ids)]
        self._top = customers.master.parent_of if customers.grouped(level) else lambda ids: ids
        tops = self._top(ids)
        codes, accounts = pd.factorize(tops, sort=True)
        self.accounts = pd.Index(accounts, dtype="str")
        self.number = self.every(pd.Series(codes).value_counts(), 0).astype("int64")
        self._code = pd.Series(codes, index=ids.index)
        revenue, alphabet = -ids.map(bought).fillna(0.0).to_numpy(), pd.factorize(ids, sort=True)[0]
        # By account: the entity on top before the others, the largest first, equals by id; and without the first rule.
        self._own = ids.index.to_numpy()[np.lexsort((alphabet, revenue, ids.ne(tops), codes))]
        self._largest = ids.index.to_numpy()[np.lexsort((alphabet, revenue, codes))]

    def first(self, values: pd.Series, largest: bool = False) -> pd.Series:
        """The account's own value, else that of its largest entity that has one; or of the largest at once."""
        places = self._largest if largest else self._own
        places = places[places < len(values)]
        places = places[values.notna().to_numpy()[places]]
        codes = self._code[places].to_numpy()
        begins = np.flatnonzero(np.diff(codes, prepend=-1))
        taken = np.full(len(self.accounts), -1)
        taken[codes[begins]] = places[begins]
        return pd.Series(values.array.take(taken, allow_fill=True))

    def grouped(self, values: pd.Series) -> Any:
        """Values of the master's rows by account."""
        codes = self._code[self._code.index < len(values)]
        return values.loc[codes.index].groupby(codes)

    def every(self, values: pd.Series, fill: Any = np.nan) -> pd.Series:
        """A value for each account, those of `values` by number."""
        return values.reindex(range(len(self.accounts)), fill_value=fill)

    def under(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of a table that belong to an account, with its number as `code`."""
        codes = self.accounts.get_indexer(pd.Index(self._top(table["account_id"]).astype("str")))
        return table.assign(code=codes)[codes >= 0]


def _of_master(companies: _Companies, as_of: pd.Timestamp) -> dict[str, pd.Series]:
    """The master's columns, those of them that are there."""
    master = companies.master.reset_index(drop=True)
    found = {name: companies.first(master[name].astype("str")) for name in (*_TEXTS, "left_reason") if name in master}
    if "is_key" in master:
        found["is_key"] = companies.every(companies.grouped(master["is_key"].astype("boolean")).max(), pd.NA)
    if "customer_since" in master:
        found["customer_since"] = companies.every(companies.grouped(_days(master["customer_since"])).min(), pd.NaT)
    if "left_on" in master:
        found |= _left(companies, _days(master["left_on"]), as_of, found)
    for name in (name for name in _SUMS if name in master):
        found[name] = companies.every(companies.grouped(master[name]).sum(min_count=1))
    for name in (name for name in _MEANS if name in master):
        found[name] = companies.every(companies.grouped(master[name]).mean())
    if "service_complexity" in master:
        found["service_complexity"] = companies.every(companies.grouped(master["service_complexity"]).max())
    if "churn_probability" in master:
        found["churn_probability"] = companies.first(master["churn_probability"])
    if {"latitude", "longitude"} <= set(master):
        # Half a place is none.
        placed = master[["latitude", "longitude"]].where(master["latitude"].notna() & master["longitude"].notna())
        found |= {name: companies.first(placed[name], largest=True) for name in ("latitude", "longitude")}
    return found


def _left(
    companies: _Companies, left: pd.Series, as_of: pd.Timestamp, found: dict[str, pd.Series]
) -> dict[str, pd.Series]:
    """The day on which the last company of an account left, where all did, and why."""
    gone = companies.grouped(left.where(left <= as_of))
    days = companies.every(gone.max(), pd.NaT).where(companies.every(gone.count(), 0) == companies.number)
    reason = {"left_reason": found["left_reason"].where(days.notna())} if "left_reason" in found else {}
    return {"left_on": days, **reason}


def _of_contracts(companies: _Companies, contracts: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, pd.Series]:
    """The contract on which something is decided next, and what those in force are worth a year."""
    # In force on the day after: the as-of day is part of what was.
    tomorrow = as_of + pd.Timedelta(days=1)
    running = companies.under(with_notice(contracts).query("ends_on >= @tomorrow"))
    decided = next_notice(running, as_of)
    found = {name: companies.every(decided[name], pd.NaT) for name in ("ends_on", "notice_by")}
    if "annual_value" in running:
        # One that follows on another is not counted before it begins.
        running = running[~(running["starts_on"] > tomorrow)]
        found["contract_value"] = companies.every(running.groupby("code")["annual_value"].sum(min_count=1))
    return found


def _nearest(latitude: pd.Series, longitude: pd.Series, sites: pd.DataFrame) -> dict[str, pd.Series]:
    """The nearest of our sites and its distance along the great circle (haversine formula)."""
    north, east = np.radians(latitude.to_numpy("float64")), np.radians(longitude.to_numpy("float64"))
    nearest, least = np.full(len(north), -1), np.full(len(north), np.inf)
    ordered = sites.sort_values("site", ignore_index=True)
    for at, there in enumerate(np.radians(ordered[["latitude", "longitude"]].to_numpy("float64"))):
        chord = np.sin((north - there[0]) / 2) ** 2
        chord += np.cos(north) * np.cos(there[0]) * np.sin((east - there[1]) / 2) ** 2
        away = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
        closer = away < least
        nearest[closer], least[closer] = at, away[closer]
    names = ordered["site"].astype("str").array.take(nearest, allow_fill=True)
    return {"nearest_site": pd.Series(names), "distance_km": pd.Series(np.where(nearest < 0, np.nan, least))}


def _days(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values).astype("datetime64[us]")
