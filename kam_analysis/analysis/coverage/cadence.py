"""When did we last speak to each account, who of ours was it, and has anybody from above been there?"""

from datetime import date

import pandas as pd

from kam_analysis.analysis.frames import takes_frames

# From the lowest: whoever speaks for more of the company stands later.
LEVELS = ("manager", "superior", "executive")
ABOVE = LEVELS[1:]
# What a customer brings to us; all other kinds are calls, letters, visits.
GRIEVANCES = ("complaint", "escalation")


@takes_frames
def last_touch(
    interactions: pd.DataFrame | None, managers: pd.DataFrame | None, accounts: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """When did people of each level last have to do with an account, and what went wrong since a call from above?

    `interactions`: account_id, date, staff_id and, where there is one, kind; a touch is any row up to `as_of`.
    `managers`: manager_id and, as there are, level, superior_id. `accounts`: account_id, account_name and, where
    there is one, account_manager_id: the traits do. Result, one row per account in the order given: account_id,
    account_name, by_manager, by_superior, by_executive (days, NaT where never), last (by anybody), days (since
    then, 0 up, NaN where never), unplaced (touches by staff whose level nobody tells: in `last`, in no level),
    complaints and escalations (rows of that kind after the day of the last call from above, in the whole record
    where there was none; NaN without kinds). Empty without interactions, for then nobody can tell.

    A person's level is the one in `managers`; else superior for whoever is a superior_id there; else manager for
    whoever looks after an account.

    >>> talks = pd.DataFrame({"account_id": ["a"] * 3, "staff_id": ["M", "S", "M"],
    ...                       "kind": ["complaint", "visit", "complaint"],
    ...                       "date": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])})
    >>> staff = pd.DataFrame({"manager_id": ["M", "S"], "level": ["manager", "superior"]})
    >>> book = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"]})
    >>> found = last_touch(talks, staff, book, date(2026, 3, 11))
    >>> found[["account_id", "days", "unplaced", "complaints", "escalations"]].values.tolist()
    [['a', 10.0, 0, 1, 0], ['b', nan, 0, 0, 0]]
    """
    rows = _touches(interactions, managers, accounts.get("account_manager_id"), as_of)
    found = accounts.loc[[not rows.empty] * len(accounts), ["account_id", "account_name"]].reset_index(drop=True)
    ids = found["account_id"]
    for level in LEVELS:
        found[f"by_{level}"] = _last(rows[rows["level"] == level], ids)
    found["last"] = _last(rows, ids)
    found["days"] = (pd.Timestamp(as_of) - found["last"]).dt.days
    found["unplaced"] = _number(rows[rows["level"].isna()], ids)
    called = _last(_from_above(rows), rows["account_id"])
    since = rows[called.isna() | (rows["date"] > called)]
    for kind in GRIEVANCES:
        told = rows["kind"].notna().any()
        found[f"{kind}s"] = _number(since[since["kind"] == kind], ids) if told else float("nan")
    return found


@takes_frames
def calls_from_above(
    interactions: pd.DataFrame | None, managers: pd.DataFrame | None, as_of: date, months: int = 12
) -> pd.DataFrame | None:
    """At which accounts has a superior or an executive been, and when last?

    `interactions` and `managers` as in `last_touch`. Result, one row per account that ever had one, by id:
    account_id, last (day of the last call, letter or visit up to `as_of`, begun by either side; complaints and
    escalations are none), by (staff_id; the highest level, then the first id, of those who were there that day),
    within (whether it was less than `months` ago: a call of 18 September is a year old on 18 September).

    None where nobody can tell: without interactions, or where no level of anybody above is known. So an empty
    result says that there was no such call. Raises `ValueError` for months below 1.

    >>> talks = pd.DataFrame({"account_id": ["a", "b"], "staff_id": ["S", "M"],
    ...                       "date": pd.to_datetime(["2025-02-01", "2026-03-01"])})
    >>> staff = pd.DataFrame({"manager_id": ["M", "S"], "level": ["manager", "superior"]})
    >>> calls_from_above(talks, staff, date(2026, 3, 11))[["account_id", "by", "within"]].values.tolist()
    [['a', 'S', False]]
    """
    if months < 1:
        raise ValueError(f"months: expected at least 1, got {months}")
    if interactions is None or interactions.empty or not levels(managers).isin(ABOVE).any():
        return None
    calls = _from_above(_touches(interactions, managers, None, as_of))
    calls = calls.assign(height=calls["level"].map(LEVELS.index))
    calls = calls.sort_values(["account_id", "date", "height", "staff_id"], ascending=[True, False, False, True])
    found = calls.drop_duplicates("account_id", ignore_index=True)
    found = found.rename(columns={"date": "last", "staff_id": "by"})[["account_id", "last", "by"]]
    return found.assign(within=found["last"] + pd.DateOffset(months=months) > pd.Timestamp(as_of))


@takes_frames
def levels(managers: pd.DataFrame | None, owners: pd.Series | None = None) -> pd.Series:
    """Which level is each of our people of, by id? As told in `last_touch`; whose level nobody tells is not in it."""
    staff = pd.DataFrame() if managers is None else managers
    staff = staff.reindex(columns=["manager_id", "level", "superior_id"])
    told = staff.dropna(subset="level").set_index("manager_id")["level"]
    # Whoever reports to himself is above nobody.
    named = staff.loc[staff["superior_id"] != staff["manager_id"], "superior_id"].dropna().unique()
    keepers = pd.Series(dtype="str") if owners is None else owners.dropna()
    found = dict.fromkeys(keepers, "manager") | dict.fromkeys(named, "superior") | told.to_dict()
    return pd.Series(found, dtype="str", name="level")


def _touches(
    interactions: pd.DataFrame | None, managers: pd.DataFrame | None, owners: pd.Series | None, as_of: date
) -> pd.DataFrame:
    """account_id, date, staff_id, kind and level of every row up to the day."""
    columns = ["account_id", "date", "staff_id", "kind"]
    rows = pd.DataFrame(columns=columns) if interactions is None else interactions.reindex(columns=columns)
    rows = rows.assign(date=pd.to_datetime(rows["date"]), kind=rows["kind"].astype("str").str.strip().str.lower())
    rows = rows[rows["date"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    return rows.assign(level=rows["staff_id"].map(levels(managers, owners)))


def _last(rows: pd.DataFrame, ids: pd.Series) -> pd.Series:
    return rows.groupby("account_id")["date"].max().reindex(ids).set_axis(ids.index)


def _number(rows: pd.DataFrame, ids: pd.Series) -> pd.Series:
    return rows["account_id"].value_counts().reindex(ids, fill_value=0).set_axis(ids.index)


def _from_above(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["level"].isin(ABOVE) & ~rows["kind"].isin(GRIEVANCES)]
