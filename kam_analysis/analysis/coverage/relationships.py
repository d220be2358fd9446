"""Whom do we know at our key accounts, how well, and which people who decide does nobody know?"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_twice

# On the scale 0 unknown, 1 no contact, 2 brief, 3 multiple, 4 in depth: from brief on somebody is spoken to.
LIVE = 2
# From two live contacts on an account does not depend on one.
SECOND = 2
# On the scale of influence on the decision, 1 to 5.
INFLUENCER = 4

_NUMBERS = ["influence", "strength", "strength_wanted"]
_TEXTS = ["contact_name", "role", "interests", "approach", "owner_id"]
_COUNTS = ["contacts", "live", "influencers", "influencers_known", "unknown_influencers", "counted", "below_wanted"]
_NEEDS = {
    "live": {"strength"}, "influencers": {"influence"}, "influencers_known": {"influence", "strength"},
    "unknown_influencers": {"influence", "strength"}, "below_wanted": {"strength", "strength_wanted"},
    "coverage": set(_NUMBERS), "counted": {"influence", "strength_wanted"},
}  # fmt: skip
_MAP = [
    "contact_id",
    "contact_name",
    "role",
    "influence",
    "strength",
    "strength_wanted",
    "gap",
    "interests",
    "approach",
]


@takes_frames
def live_contacts(contacts: pd.DataFrame | None) -> pd.Series:
    """How many people do we speak to at each account?

    `contacts`: contact_id, account_id and strength (0-4; missing is unknown, 0). Result: the number with a
    strength of `LIVE` or more by account_id, sorted, for every account with a contact row, so 0 where nobody is
    spoken to. Empty without contacts; and without the column strength, for then nobody can tell.

    >>> rows = pd.DataFrame({"contact_id": ["1", "2", "3"], "account_id": ["a", "a", "b"], "strength": [4, 2, 1]})
    >>> live_contacts(rows).to_dict()
    {'a': 2, 'b': 0}
    """
    rows = noted(contacts)
    if contacts is None or "strength" not in contacts:
        rows = rows.iloc[:0]
    return rows["live"].groupby(rows["account_id"]).sum().astype("int64").rename("live")


@takes_frames
def relationships(contacts: pd.DataFrame | None, accounts: pd.DataFrame, key_ids: Iterable[str]) -> pd.DataFrame:
    """How well do we know each key account, against how well we want to?

    `contacts`: contact_id, account_id and, where there are any, influence (1-5), strength (0-4, missing is
    unknown) and strength_wanted (the same scale). `accounts`: account_id, account_name, revenue. Result, one
    row per key account by revenue, then id: account_id, account_name (the id where `accounts` does not have it),
    revenue, contacts, live, influencers (influence of `INFLUENCER` or more), influencers_known (live ones),
    unknown_influencers (the others), coverage (0-1), counted (the contacts that it rests on), below_wanted
    (contacts weaker than wanted, of any influence).

    Coverage: sum of influence * min(strength, wanted) by sum of influence * wanted, over contacts with both an
    influence and a wanted strength of `LIVE` or more; a strength below `LIVE` counts nothing, for nobody is
    spoken to. Whoever has no wanted strength is left out, not guessed; NaN where nobody is left. An account
    without a contact row has zeros throughout. Missing columns give NaN where they are needed; no contacts at
    all give no rows.

    >>> people = pd.DataFrame({"contact_id": ["1", "2", "3"], "account_id": ["a"] * 3, "influence": [5, 4, 1],
    ...                        "strength": [3, 0, 4], "strength_wanted": [4, 3, 2]})
    >>> book = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> found = relationships(people, book, ["a", "b"])
    >>> found[["account_id", "contacts", "live", "influencers", "unknown_influencers", "below_wanted"]].values.tolist()
    [['b', 0, 0, 0, 0, 0], ['a', 3, 2, 2, 1, 2]]
    >>> found["coverage"].round(3).tolist()  # (5 * 3 + 4 * 0 + 1 * 2) / (5 * 4 + 4 * 3 + 1 * 2)
    [0.0, 0.5]
    """
    people = _weighed(noted(contacts))
    key = by_money(accounts, key_ids if len(people) else ())
    sums = people.groupby("account_id")[[*_COUNTS, "held", "wanted"]].sum()
    sums = sums.reindex(key["account_id"]).reset_index(drop=True)
    with np.errstate(invalid="ignore"):
        sums["coverage"] = np.where(sums["contacts"].isna(), 0.0, sums["held"] / sums["wanted"])
    counts = sums[_COUNTS].fillna(0).astype("int64")
    found = pd.concat([key, counts, sums[["coverage"]]], axis=1)
    untold = set(_NUMBERS) - set([] if contacts is None else contacts)
    for column, sources in _NEEDS.items():
        if sources & untold:
            found[column] = np.nan
    return found[[*key, *_COUNTS[:5], "coverage", *_COUNTS[5:]]]


@takes_frames
def counts_by(contacts: pd.DataFrame | None, ids: Iterable[str]) -> pd.DataFrame:
    """How many contacts at these accounts are there of each influence and strength?

    `contacts` as in `relationships`. Result: a grid of counts, influence 5 to 1 down, strength 0 to 4 across;
    a missing strength is 0 (unknown), contacts without an influence are left out, halves round to the even
    number. No rows without contacts or without one of the two columns.

    >>> rows = pd.DataFrame({"contact_id": ["1", "2"], "account_id": ["a", "a"], "influence": [5, 5],
    ...                      "strength": [4, 0]})
    >>> counts_by(rows, ["a"]).loc[5].tolist()
    [1, 0, 0, 0, 1]
    """
    told = contacts is not None and len(contacts) > 0 and {"influence", "strength"} <= set(contacts)
    rows = noted(contacts)
    rows = rows[rows["account_id"].isin(set(ids)) & rows["influence"].notna()]
    table = pd.crosstab(rows["influence"].round().astype(int), rows["strength"].round().astype(int))
    grid = table.reindex(index=range(5, 0, -1), columns=range(5), fill_value=0).astype("int64")
    grid.index.name, grid.columns.name = "influence", "strength"
    return grid if told else grid.iloc[:0]


@takes_frames
def unknown_influencers(contacts: pd.DataFrame | None, accounts: pd.DataFrame, key_ids: Iterable[str]) -> pd.DataFrame:
    """Who decides at our key accounts and is known to nobody here, and how may they be approached?

    Inputs as `relationships`; `contacts` may also have contact_name, role, interests, approach, owner_id (NaN
    where not). Rows of influence of `INFLUENCER` or more and a strength below `LIVE` (missing is unknown):
    account_id, account_name, contact_id, contact_name, role, influence, strength, interests, approach, owner_id;
    by the account's revenue, then influence, the most first; ties by id. Empty without influence or strength,
    for then nobody can tell.

    >>> people = pd.DataFrame({"contact_id": ["1", "2"], "account_id": ["a", "a"], "influence": [5, 4],
    ...                        "strength": [3, 1], "approach": ["", "Technical talk"]})
    >>> book = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [1.0]})
    >>> unknown_influencers(people, book, ["a"])[["contact_id", "strength", "approach"]].values.tolist()
    [['2', 1.0, 'Technical talk']]
    """
    key = by_money(accounts, key_ids).assign(place=lambda rows: range(len(rows)))
    rows = noted(contacts)
    if contacts is None or not {"influence", "strength"} <= set(contacts):
        rows = rows.iloc[:0]
    rows = rows[(rows["influence"] >= INFLUENCER) & ~rows["live"]].merge(key, on="account_id")
    rows = rows.sort_values(["place", "influence", "contact_id"], ascending=[True, False, True], ignore_index=True)
    order = ["account_id", "account_name", "contact_id", "contact_name", "role", "influence", "strength"]
    return rows[[*order, "interests", "approach", "owner_id"]]


@takes_frames
def contact_map(contacts: pd.DataFrame | None, account_id: str) -> pd.DataFrame:
    """Whom do we know at one account, in the order of a picture?

    `contacts` as in `unknown_influencers`. Rows of the account by influence, then strength, the most first (a
    missing one last), then name and id: contact_id, contact_name, role, influence, strength, strength_wanted,
    gap (steps from strength up to what is wanted, 0-4; NaN where nothing is wanted), interests, approach. A
    missing strength is 0 where there is the column. No rows for an account without contacts.

    >>> rows = pd.DataFrame({"contact_id": ["1", "2"], "account_id": ["a", "a"], "influence": [3, 5],
    ...                      "strength": [4, 2], "strength_wanted": [3, 4]})
    >>> contact_map(rows, "a")[["contact_id", "gap"]].values.tolist()
    [['2', 2.0], ['1', 0.0]]
    """
    rows = noted(contacts)
    rows = rows[rows["account_id"] == account_id]
    if contacts is not None and "strength" not in contacts:
        rows = rows.assign(strength=np.nan)
    rows = rows.assign(gap=(rows["strength_wanted"] - rows["strength"]).clip(lower=0))
    by = ["influence", "strength", "contact_name", "contact_id"]
    return rows.sort_values(by, ascending=[False, False, True, True], ignore_index=True)[_MAP]


def noted(contacts: pd.DataFrame | None) -> pd.DataFrame:
    """The contacts with every column that this folder asks for, NaN where there is none; a missing strength is 0.

    `live`: whether the strength is `LIVE` or more. Raises `ValueError` where a contact stands twice, for it
    would count twice.
    """
    columns = ["contact_id", "account_id", *_NUMBERS, *_TEXTS]
    rows = pd.DataFrame(columns=columns) if contacts is None else contacts.reindex(columns=columns)
    refuse_twice("contacts", rows["contact_id"])
    types = dict.fromkeys(["contact_id", "account_id"], "str") | dict.fromkeys(_NUMBERS, "float64")
    rows = rows.astype(types).reset_index(drop=True)
    rows["strength"] = rows["strength"].fillna(0.0)
    return rows.assign(live=rows["strength"] >= LIVE)


def by_money(accounts: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    """These accounts, each once, by revenue, then id: account_id, account_name, revenue.

    One that `accounts` does not have is called by its id, has no revenue (NaN) and stands last.
    """
    rows = pd.DataFrame({"account_id": sorted(set(ids))}, dtype=accounts["account_id"].dtype)
    rows = rows.merge(accounts.reindex(columns=["account_id", "account_name", "revenue"]), on="account_id", how="left")
    rows["account_name"] = rows["account_name"].fillna(rows["account_id"])
    return rows.sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)


def _weighed(rows: pd.DataFrame) -> pd.DataFrame:
    """What each contact adds to the counts and to both sums of the coverage."""
    influencer, asked = rows["influence"] >= INFLUENCER, rows["strength_wanted"] >= LIVE
    counted = asked & rows["influence"].notna()
    weight, wanted = rows["influence"].where(counted, 0.0), rows["strength_wanted"].where(counted, 0.0)
    held = np.minimum(rows["strength"].where(rows["live"], 0.0), wanted)
    return rows[["account_id", "live"]].assign(
        contacts=1,
        influencers=influencer,
        influencers_known=influencer & rows["live"],
        unknown_influencers=influencer & ~rows["live"],
        counted=counted,
        below_wanted=asked & (rows["strength"] < rows["strength_wanted"]),
        held=weight * held,
        wanted=weight * wanted,
    )
