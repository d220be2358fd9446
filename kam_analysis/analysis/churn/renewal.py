"""Contracts: which end within the horizon, and how many that ended before were followed by more business."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kam_analysis.analysis.churn.average import Average, rate
from kam_analysis.analysis.churn.rules import DEFAULT_RULES, Rules, back
from kam_analysis.analysis.frames import takes_frames

# Who buys later than a quarter after the end has bought on; final deliveries come before.
ON_DAYS = 90
# Ends of the last half-year are not counted: who bought on is seen at once, who left only later.
TOLD_DAYS = 180
# Below so many ends a rate of renewal would rest on single cases.
LEAST_ENDS = 10


@dataclass(frozen=True)
class Renewals:
    """Contracts of the past and of the horizon.

    ending: account_id, ends_on (the last end of an account whose contracts all end within the horizon), notice_by (the
    last day for notice of that contract). too_late: the same, where that day has passed: such a contract runs on.
    average: the share that left after an end, None below ten ends that can be told. ended, left, undecided: ends of
    the past, at most one a day and account; those without more business of an account that is lost, or not.
    """

    ending: pd.DataFrame
    average: Average | None
    ended: int
    left: int
    undecided: int
    too_late: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"account_id": [], "ends_on": []}))


@takes_frames
def renewals(
    contracts: pd.DataFrame,
    today: pd.DataFrame,
    day: date,
    parents: pd.Series | None = None,
    rules: Rules = DEFAULT_RULES,
    least: int = LEAST_ENDS,
) -> Renewals:
    """Which accounts come to the end of their contracts, and how did earlier ends turn out?

    `contracts`: account_id, ends_on and, where known, starts_on and notice_by (else the end itself). `today`: of
    `snapshot` on `day`. `parents`: the account on top (values) of a company (index). An end is followed by more
    business where another contract of the account ends later, or
    where it bought more than a quarter afterwards. Without either it left where it is lost, else it is
    undecided. What begins after `day` was not known on it. Contracts that a system deletes when an account leaves make
    the rate too good.
    """
    if "starts_on" in contracts:
        contracts = contracts[~(pd.to_datetime(contracts["starts_on"]) > pd.Timestamp(day))]
    found = pd.DataFrame({"account_id": contracts["account_id"], "ends_on": pd.to_datetime(contracts["ends_on"])})
    if parents is not None:
        found["account_id"] = (
            found["account_id"].map(parents).astype(found["account_id"].dtype).fillna(found["account_id"])
        )
    found["notice_by"] = pd.to_datetime(contracts["notice_by"]) if "notice_by" in contracts else found["ends_on"]
    found = found.dropna(subset=["account_id", "ends_on"]).astype({"ends_on": "datetime64[us]"})
    # Of several with one end the one that can be given notice last.
    found = found.sort_values(["account_id", "ends_on", "notice_by"])
    found = found.drop_duplicates(["account_id", "ends_on"], keep="last")
    last = found.drop_duplicates("account_id", keep="last")
    horizon = pd.Timestamp(back(day, -rules.horizon_months))
    ending = last[(last["ends_on"] > pd.Timestamp(day)) & (last["ends_on"] <= horizon)]
    late = ending["notice_by"] < pd.Timestamp(day)
    ending, too_late = ending[~late].reset_index(drop=True), ending[late].reset_index(drop=True)
    last, found = last.drop(columns="notice_by"), found.drop(columns="notice_by")
    past = found[found["ends_on"] <= pd.Timestamp(day) - pd.Timedelta(days=TOLD_DAYS)]
    known = past.merge(today[["account_id", "last_day", "lost"]], on="account_id")
    known = known.merge(last.set_axis(["account_id", "latest"], axis="columns"), on="account_id")
    later = known["latest"] > known["ends_on"]
    on = later | (known["last_day"] > known["ends_on"] + pd.Timedelta(days=ON_DAYS))
    left, undecided = int((~on & known["lost"]).sum()), int((~on & ~known["lost"]).sum())
    return Renewals(ending, _share(len(known), left, undecided, least), len(known), left, undecided, too_late)


def _share(ended: int, left: int, undecided: int, least: int) -> Average | None:
    decided = ended - undecided
    if decided < least:
        return None
    source = f"{left} of {decided} contracts that ended were not followed by more business"
    return Average(*rate(left, decided, undecided), source, left, decided)
