"""Every significant activity: an account that is small in total can carry one of them on its own."""

from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.concentration.book import concentrate


@dataclass(frozen=True)
class Activity:
    """How concentrated one activity is: its amount, its largest account and that account's share."""

    activity: str
    kind: str
    name: str
    amount: float
    share_of_total: float
    accounts: int
    largest_account_id: str
    largest_account_name: str
    largest_share: float
    effective_accounts: float


def activities(frame: pd.DataFrame, by: str, measure: str, from_share: float) -> list[Activity]:
    """Where is it worse? One entry per value of `by` that makes at least `from_share` of the positive total.

    `frame` has account_id, account_name, `by` and the measure. Largest activity first.
    """
    totals = frame.groupby(by)[measure].sum()
    whole = totals[totals > 0].sum()
    found = []
    for name, total in totals.sort_values(ascending=False, kind="stable").items():
        book = concentrate(frame[frame[by] == name], measure)
        if total <= 0 or total < from_share * whole or not book.n:
            continue
        first = book.accounts.iloc[0]
        found.append(
            Activity(
                f"{by}:{name}",
                by,
                str(name), float(total), float(total / whole), book.n, str(first["account_id"]),
                str(first["account_name"]), float(first["share"]), book.effective_accounts,
            )
        )  # fmt: skip
    return found
