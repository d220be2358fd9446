"""How much of what we earn is under contract, how much at will, and what can be given notice when?"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames

# What a customer's money is under: contracts with a value, contracts of which none is on file, or nothing.
PARTS = ("under_contract", "without_value", "at_will")
# When a part can be given notice: on any day, up to a day that is still to come, or not before the next time.
WHEN = ("any day", "by", "too late")


@dataclass(frozen=True)
class Contracted:
    """What customers buy under contract and at will, and by when which of it can be given notice.

    `accounts`, as they came: account_id, account_name, contracts (running ones), contract_value (a year, NaN where none
    has one), capped (whether that exceeds its sales); then sales and earnings by part: revenue_under_contract,
    revenue_without_value, revenue_at_will and the same of exposure. Each three add up to the account's own.

    `contracts`, by notice_by: a row per running contract: account_id, account_name, contract_id, ends_on, notice_by,
    annual_value, when (one of `WHEN`), revenue_bound and exposure_bound (what goes with it).

    `months`: when, month (first day; NaT unless "by"), contracts (number), exposure, cumulative (what can be given notice
    by the end of that month at the latest, from the first row on) and share of it in all (0-1). The last row, "too late",
    makes all of it.
    """

    accounts: pd.DataFrame
    contracts: pd.DataFrame
    months: pd.DataFrame

    def total(self, part: str, of: str = "exposure") -> float:
        """One of `PARTS` over all accounts: of the exposure, or of revenue."""
        return float(self.accounts[f"{of}_{part}"].sum())


@takes_frames
def contracted(accounts: pd.DataFrame, contracts: pd.DataFrame, as_of: date, digits: int = 2) -> Contracted:
    """How much of what we earn do contracts bind, and what can be given notice when?

    `accounts`: account_id (unique), account_name, revenue and exposure (what we earn there, above zero), money of twelve
    months. `contracts`: account_id, ends_on, notice_by (NaT: on any day) and, where known, starts_on, annual_value,
    contract_id; those that have not begun or have ended by `as_of` do not count. `digits` of the money's minor unit.

    The values of an account's contracts add up; what they say beyond its sales is cut (`capped`). The rest of its sales is
    at will, or "without a value" where one of its contracts has none: how much that one binds is on no file. Earnings
    follow the account's sales in proportion: that what is under contract earns as well as the rest is our assumption.
    Money without a value goes with the first of those contracts that can be given notice. Money at will can go on any day,
    and so can a contract without an end.

    >>> book = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 50.0],
    ...                      "exposure": [30.0, 20.0]})
    >>> signed = pd.DataFrame({"account_id": ["a"], "ends_on": pd.to_datetime(["2026-12-31"]),
    ...                        "notice_by": pd.to_datetime(["2026-11-01"]), "annual_value": [60.0]})
    >>> found = contracted(book, signed, date(2026, 9, 18))
    >>> found.total("under_contract"), found.total("at_will"), found.total("under_contract", "revenue")
    (18.0, 32.0, 60.0)
    >>> found.months[["when", "exposure", "cumulative"]].values.tolist()
    [['any day', 32.0, 32.0], ['by', 18.0, 50.0]]
    """
    day = pd.Timestamp(as_of)
    running = _running(contracts, accounts, day)
    by_account = _by_account(accounts, running, digits)
    rows = _by_contract(running, by_account, digits)
    return Contracted(by_account.drop(columns=["revenue", "exposure"]), rows, _months(by_account, rows))


def _running(contracts: pd.DataFrame, accounts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The contracts of these accounts in force on the day after, the one that can be given notice first before others."""
    rows = contracts.reindex(columns=["account_id", "contract_id", "starts_on", "ends_on", "notice_by", "annual_value"])
    rows = rows[rows["account_id"].isin(accounts["account_id"]) & (pd.to_datetime(rows["ends_on"]) > day)]
    rows = rows[~(pd.to_datetime(rows["starts_on"]) > day + pd.Timedelta(days=1))]
    notice = pd.to_datetime(rows["notice_by"])
    late = (notice < day).to_numpy()
    when = np.where(notice.isna(), WHEN[0], np.where(late, WHEN[2], WHEN[1]))
    rows = rows.assign(when=when, order=np.select([notice.isna(), late], [0, 2], 1), notice_by=notice)
    rows = rows.assign(annual_value=pd.to_numeric(rows["annual_value"]).astype("float64"))
    return rows.sort_values(["order", "notice_by", "account_id", "contract_id"], ignore_index=True)


def _by_account(accounts: pd.DataFrame, running: pd.DataFrame, digits: int) -> pd.DataFrame:
    """Sales and earnings of each account by part."""
    found = accounts[["account_id", "account_name", "revenue", "exposure"]].reset_index(drop=True)
    ids, by = found["account_id"], running.groupby("account_id")["annual_value"]
    value = ids.map(by.sum(min_count=1)).astype("float64")
    unknown = ids.map(running["annual_value"].isna().groupby(running["account_id"]).any()).eq(True).to_numpy()
    revenue, exposure = (found[name].to_numpy(np.float64) for name in ("revenue", "exposure"))
    bound = np.minimum(value.fillna(0.0).to_numpy(), np.maximum(revenue, 0.0))
    share = np.divide(bound, revenue, out=np.zeros(len(found)), where=revenue > 0)
    earned = np.round(exposure * share, digits)
    found = found.assign(contracts=ids.map(by.size()).fillna(0).astype("int64"), contract_value=value)
    found["capped"] = (value > np.maximum(revenue, 0.0)).to_numpy()
    for name, whole, part in (("revenue", revenue, np.round(bound, digits)), ("exposure", exposure, earned)):
        rest = np.round(whole - part, digits)
        found[f"{name}_under_contract"] = part
        found[f"{name}_without_value"] = np.where(unknown, rest, 0.0)
        found[f"{name}_at_will"] = np.where(unknown, 0.0, rest)
    return found


def _by_contract(running: pd.DataFrame, accounts: pd.DataFrame, digits: int) -> pd.DataFrame:
    """What goes with each contract: its part of what is bound, and of the rest the first one without a value."""
    known = accounts.set_index("account_id")
    ids = running["account_id"]
    rows = running.assign(account_name=ids.map(known["account_name"]))
    unvalued = running["annual_value"].isna()
    first = unvalued & ~running.assign(unvalued=unvalued).duplicated(["account_id", "unvalued"])
    for name in ("revenue", "exposure"):
        part = _shared_out(ids.map(known[f"{name}_under_contract"]).astype("float64"), running, digits)
        rest = ids.map(known[f"{name}_without_value"]).astype("float64").where(first, 0.0)
        rows[f"{name}_bound"] = part + rest.to_numpy(np.float64)
    named = ["account_id", "account_name", "contract_id", "ends_on", "notice_by", "annual_value", "when"]
    return rows[[*named, "revenue_bound", "exposure_bound"]]


def _shared_out(amount: pd.Series, running: pd.DataFrame, digits: int) -> Floats:
    """An account's amount by the values of its contracts; rounded so that the parts add up to it."""
    values = running["annual_value"].fillna(0.0)
    by = values.groupby(running["account_id"])
    whole = by.transform("sum")
    until = (amount * by.cumsum() / whole.where(whole > 0)).fillna(0.0).round(digits)
    before = until.groupby(running["account_id"]).shift(fill_value=0.0)
    return np.round((until - before).to_numpy(np.float64), digits)


def _months(accounts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    month = rows["notice_by"].where(rows["when"] == WHEN[1]).dt.to_period("M").dt.to_timestamp()
    place = rows["when"].map(dict(zip(WHEN, range(len(WHEN)), strict=True)))
    told = rows.assign(month=month, place=place).groupby(["place", "month"], dropna=False)["exposure_bound"]
    found = told.agg(contracts="size", exposure="sum").reset_index()
    free = pd.DataFrame(
        {"place": [0], "month": [pd.NaT], "contracts": [0], "exposure": [accounts["exposure_at_will"].sum()]}
    )
    found = pd.concat([free.astype({"month": month.dtype}), found.astype({"month": month.dtype})], ignore_index=True)
    found = found.groupby(["place", "month"], dropna=False, as_index=False)[["contracts", "exposure"]].sum()
    found["cumulative"] = found["exposure"].cumsum()
    found["share"] = found["cumulative"] / total if (total := float(found["exposure"].sum())) else 0.0
    found.insert(0, "when", pd.Series([WHEN[at] for at in found["place"]], dtype="str"))
    return found.drop(columns="place")
