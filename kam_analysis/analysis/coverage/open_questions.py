"""What is not on file of the accounts that matter most, as questions to whoever looks after them."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from kam_analysis.analysis.coverage.relationships import INFLUENCER
from kam_analysis.analysis.frames import takes_frames

PER_ACCOUNT, PER_LIST = 3, 10
YEAR_DAYS = 365


@takes_frames
def open_questions(
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    *,
    contacts: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
    interactions: pd.DataFrame | None = None,
    objectives: pd.DataFrame | None = None,
    notes: pd.DataFrame | None = None,
    as_of: date,
) -> pd.DataFrame:
    """What should be asked of each account? The account with the most sales first, at most three questions each.

    `accounts`: account_id, account_name, revenue. `traits`: account_id and, where known, annual_spend and satisfaction.
    The others as the contract of tables has them, None where there is no such table: then nothing is on file. In this
    order: decides (nobody of influence 4 or 5 among the contacts), contract (none that ends after `as_of`), visit
    (no call or visit in the last year), goal (none of theirs), priorities (no note of the last year), spend, satisfaction.
    The order and the limits are ours.

    account_id, account_name, revenue, question; ties by account_id. Accounts without sales above zero are asked nothing.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> found = open_questions(sold, pd.DataFrame({"account_id": ["a", "b"]}), as_of=date(2026, 9, 18))
    >>> found[["account_id", "question"]].head(4).values.tolist()
    [['b', 'decides'], ['b', 'contract'], ['b', 'visit'], ['a', 'decides']]
    """
    day, since = pd.Timestamp(as_of), pd.Timestamp(as_of) - pd.Timedelta(days=YEAR_DAYS)
    known = {
        "decides": _with(contacts, "influence", lambda values: values >= INFLUENCER),
        "contract": _with(contracts, "ends_on", lambda values: pd.to_datetime(values) > day),
        "visit": _with(interactions, "date", lambda values: pd.to_datetime(values) > since),
        "goal": _of_theirs(objectives),
        "priorities": _with(notes, "written", lambda values: pd.to_datetime(values) > since),
        "spend": _with(traits, "annual_spend", pd.Series.notna),
        "satisfaction": _with(traits, "satisfaction", pd.Series.notna),
    }
    order = accounts[accounts["revenue"] > 0].sort_values(["revenue", "account_id"], ascending=[False, True])
    rows = [
        (row["account_id"], row["account_name"], row["revenue"], question)
        for row in order.to_dict("records")
        for question in [each for each, on_file in known.items() if row["account_id"] not in on_file][:PER_ACCOUNT]
    ]
    return pd.DataFrame(rows, columns=["account_id", "account_name", "revenue", "question"])


def _with(table: pd.DataFrame | None, column: str, rule: Callable[[pd.Series], pd.Series]) -> set[str]:
    """The accounts with a row that the rule holds for."""
    if table is None or column not in table:
        return set()
    return set(table.loc[rule(table[column]).fillna(False).astype(bool), "account_id"])


def _of_theirs(objectives: pd.DataFrame | None) -> set[str]:
    if objectives is None:
        return set()
    whose = objectives["whose"] if "whose" in objectives else pd.Series(pd.NA, objectives.index)
    return set(objectives.loc[whose.isna() | (whose == "theirs"), "account_id"])
