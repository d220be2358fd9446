"""How well does a successor fit an account: industry, region, and whether they are known there?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.handover.candidates import trait_of_manager

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

# From this share of what a candidate sells they are at home in an industry or region: each manager has some account
# in nearly every one, so that one account would tell nobody apart.
SERVED_SHARE = 0.2
TOUCHED_MONTHS = 24
PARTS = ("industry_fit", "region_fit", "contact_fit")
# How a candidate is known at an account.
WAYS = ("deputy", "owns_contact", "touched")


@dataclass(frozen=True)
class Fits:
    """Fits of accounts (rows) with candidates (columns), each of shape (accounts, candidates).

    `parts`: by the names of `PARTS`, 0 or 1, NaN where not known. `ways`: by those of `WAYS`, how the
    candidate is known at the account. `fit`: the mean of the known parts, 0-1, NaN where none is.
    """

    account_ids: list[str]
    candidate_ids: list[str]
    parts: dict[str, Floats]
    ways: dict[str, Bools]
    fit: Floats


@takes_frames
def fit(
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    managers: pd.DataFrame,
    candidates: Sequence[str],
    interactions: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
    as_of: date | None = None,
    served_share: float = SERVED_SHARE,
) -> pd.DataFrame:
    """How well does each candidate fit each account?

    `accounts`: account_id (unique), revenue (money, twelve months). `traits`: account_id (unique), and as
    available account_manager_id, deputy_id, industry, region. `managers`: manager_id, and as available industry
    and region. `interactions`: account_id, date, staff_id; those of the last 24 months before `as_of` count
    (all where it is not given). `contacts`: account_id, owner_id.

    A row per account and candidate, in the order given: account_id, candidate_id; industry_fit and region_fit, 1
    where it is the candidate's own by `managers` or at least `served_share` of what they sell, else 0, NaN where
    the account's or the candidate's is not known; contact_fit, 1 where they are the deputy, owns a contact or was in
    touch, else 0, NaN where nothing of the three is kept; deputy, owns_contact, touched (bool); fit, the mean of
    the known ones, 0-1, NaN where none is. Existing representatives with similar industry experience lose less
    than others, and new hires the most (Shi, Sridhar, Grewal & Lilien, Journal of Marketing 81(2), 2017); that region
    and contacts weigh the same is our own assumption.

    >>> accounts = pd.DataFrame({"account_id": ["a", "b"], "revenue": [5.0, 9.0]})
    >>> traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"], "industry": "Water"})
    >>> managers = pd.DataFrame({"manager_id": ["M1", "M2", "M3"], "region": ["N", "S", None]})
    >>> found = fit(accounts, traits.assign(region="N", deputy_id="M3"), managers, ["M2", "M3"])
    >>> found[["account_id", "candidate_id", *PARTS, "fit"]].head(2).round(2).values.tolist()
    [['a', 'M2', 1.0, 1.0, 0.0, 0.67], ['a', 'M3', nan, nan, 1.0, 1.0]]
    """
    ids = accounts["account_id"].tolist()
    found = fits(ids, accounts, traits, managers, candidates, interactions, contacts, as_of, served_share)
    columns = {**found.parts, **found.ways, "fit": found.fit}
    frame = pd.DataFrame(
        {
            "account_id": np.repeat(np.array(found.account_ids, dtype=object), len(found.candidate_ids)),
            "candidate_id": np.tile(np.array(found.candidate_ids, dtype=object), len(found.account_ids)),
        },
        dtype="str",
    )
    return frame.assign(**{name: values.ravel() for name, values in columns.items()})


@takes_frames
def fits(
    account_ids: Sequence[str],
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    managers: pd.DataFrame,
    candidates: Sequence[str],
    interactions: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
    as_of: date | None = None,
    served_share: float = SERVED_SHARE,
) -> Fits:
    """As `fit`, as matrices and for `account_ids` alone; `accounts` tells what the candidates serve."""
    known = pd.Index(traits["account_id"])
    bought, wanted = known.get_indexer(pd.Index(accounts["account_id"])), known.get_indexer(pd.Index(account_ids))
    held = _places(candidates, traits.get("account_manager_id"), bought)
    sold = accounts["revenue"].to_numpy(np.float64).clip(min=0)
    parts = {}
    for column in ("industry", "region"):
        codes, values = pd.factorize(traits[column]) if column in traits else (np.full(len(traits), -1), pd.Index([]))
        codes = np.append(codes, -1)
        served = _served(held, codes[bought], sold, (len(candidates), len(values)))
        own = trait_of_manager(managers, column).reindex(list(candidates))
        parts[f"{column}_fit"] = _at_home(codes[wanted], pd.Index(values), own, served, served_share)
    ways = _ways(account_ids, candidates, traits, contacts, interactions, as_of)
    # Where neither deputies nor contacts nor talks are kept, nobody is known there and nobody unknown.
    kept = any(
        has(table, name) for table, name in ((traits, "deputy_id"), (contacts, "owner_id"), (interactions, "staff_id"))
    )
    touching = np.logical_or.reduce(list(ways.values())).astype(np.float64)
    parts["contact_fit"] = touching if kept else np.full_like(touching, np.nan)
    return Fits(list(account_ids), list(candidates), parts, ways, _mean_of_known(list(parts.values())))


def has(table: pd.DataFrame | None, column: str) -> bool:
    """Whether a column is there with anything in it."""
    return table is not None and column in table and bool(table[column].notna().any())


def _mean_of_known(parts: Sequence[Floats]) -> Floats:
    stacked = np.stack(parts)
    there = np.isfinite(stacked)
    number = there.sum(axis=0)
    return np.divide(
        np.where(there, stacked, 0).sum(axis=0), number, out=np.full(number.shape, np.nan), where=number > 0
    )


def _places(candidates: Sequence[str], managers: pd.Series | None, rows: Integers) -> Integers:
    """The place among the candidates of the manager in each of these rows (-1 and not there: -1)."""
    if managers is None:
        return np.full(rows.size, -1)
    return np.append(pd.Index(candidates).get_indexer(pd.Index(managers)), -1)[rows]


def _served(held: Integers, codes: Integers, sold: Floats, shape: tuple[int, int]) -> Floats:
    """What each candidate (rows) sells in each industry or region (columns)."""
    found, both = np.zeros(shape), (held >= 0) & (codes >= 0)
    np.add.at(found, (held[both], codes[both]), sold[both])
    return found


def _at_home(codes: Integers, values: pd.Index, own: pd.Series, served: Floats, served_share: float) -> Floats:
    """Whether each account's industry or region (`codes` of `values`, -1: not known) is one of the candidate's."""
    in_all = served.sum(axis=1, keepdims=True)
    home = np.divide(served, in_all, out=np.zeros_like(served), where=in_all > 0)
    home = ((home >= served_share) & (home > 0)).astype(np.float64)
    named = values.get_indexer(pd.Index(own))
    home[np.flatnonzero(named >= 0), named[named >= 0]] = 1
    home[own.isna().to_numpy() & (in_all[:, 0] <= 0)] = np.nan
    # A last column for accounts that do not say.
    return np.hstack([home, np.full((len(home), 1), np.nan)])[:, codes].T


def _ways(
    account_ids: Sequence[str],
    candidates: Sequence[str],
    traits: pd.DataFrame,
    contacts: pd.DataFrame | None,
    interactions: pd.DataFrame | None,
    as_of: date | None,
) -> dict[str, Bools]:
    """How each candidate is known at each account."""
    where, who = pd.Index(account_ids), pd.Index(candidates)

    def met(accounts: Iterable[str], people: Iterable[str]) -> Bools:
        found = np.zeros((len(where), len(who)), dtype=bool)
        rows, columns = where.get_indexer(pd.Index(accounts)), who.get_indexer(pd.Index(people))
        both = (rows >= 0) & (columns >= 0)
        found[rows[both], columns[both]] = True
        return found

    found = {name: np.zeros((len(where), len(who)), dtype=bool) for name in WAYS}
    if has(traits, "deputy_id"):
        found["deputy"] = met(traits["account_id"], traits["deputy_id"])
    if contacts is not None and has(contacts, "owner_id"):
        found["owns_contact"] = met(contacts["account_id"], contacts["owner_id"])
    if interactions is not None and has(interactions, "staff_id"):
        late = _lately(interactions, as_of)
        found["touched"] = met(interactions["account_id"][late], interactions["staff_id"][late])
    return found


def _lately(interactions: pd.DataFrame, as_of: date | None) -> Bools:
    days = pd.to_datetime(interactions["date"])
    if as_of is None:
        return np.ones(len(days), dtype=bool)
    end = pd.Timestamp(as_of)
    return ((days <= end) & (days > end - pd.DateOffset(months=TOUCHED_MONTHS))).to_numpy()
