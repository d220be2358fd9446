"""Every significant activity: a customer that is small in total can carry one of them on its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration
from kam_analysis.analysis.concentration.indices import effective_number
from kam_analysis.analysis.frames import takes_frames

# An account below a hundredth of an activity leads nothing; the first five are named in any case.
LEADS_FROM = 0.01
FIRST_NAMED = 5
# So many accounts at most can hold a hundredth each.
MOST_LEADERS = 100


@dataclass(frozen=True)
class Leader:
    """One of the largest accounts of an activity: its share there and its share in the whole book, 0-1."""

    account_id: str
    account_name: str
    amount: float
    share: float
    share_of_total: float


@dataclass(frozen=True)
class Activity:
    """How concentrated one activity is.

    `kind` is measure, product_line, region or presence; `activity` is kind:name. `amount` is the sum
    over the accounts above zero (the gains), of which shares are taken; `losses` (at or below 0) is the
    sum over the `loss_accounts` below zero. `share_of_total` is what both together make of the whole
    book, NaN where the units differ. `accounts` have a share. `leaders`, largest first: everybody from
    1% of the activity on, at least five.
    """

    activity: str
    kind: str
    name: str
    amount: float
    losses: float
    loss_accounts: int
    share_of_total: float
    accounts: int
    effective_accounts: float
    leaders: tuple[Leader, ...]

    @property
    def largest(self) -> Leader:
        """The largest account."""
        return self.leaders[0]


@dataclass(frozen=True)
class Hidden:
    """An account that is large in one activity and small in total; both shares 0-1."""

    account_id: str
    account_name: str
    activity: str
    name: str
    share: float
    share_of_total: float


@takes_frames
def activity(frame: pd.DataFrame, kind: str, name: str, measure: str, whole: Concentration) -> Activity | None:
    """How much of this activity depends on how few accounts?

    `frame`: account_id, account_name and the measure, one row per account of the activity. Losses are
    told beside the gains: a share of their difference would pass 100% or change its sign. None where
    nobody is above zero. `share_of_total` is NaN for kind "measure", whose unit may be another one.

    >>> from kam_analysis.analysis.concentration import concentrate
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "margin": [30.0, -20.0]})
    >>> found = activity(rows, "measure", "margin", "margin", concentrate(rows, "margin"))
    >>> found.amount, found.losses, found.largest.share
    (30.0, -20.0, 1.0)
    """
    amounts = frame[measure]
    gains, losses = amounts[amounts > 0], amounts[amounts < 0]
    if gains.empty:
        return None
    amount, lost = float(gains.sum()), float(losses.sum())
    comparable = kind != "measure" and whole.total > 0
    return Activity(
        f"{kind}:{name}",
        kind,
        name,
        amount,
        lost,
        len(losses),
        (amount + lost) / whole.total if comparable else float("nan"),
        len(gains),
        effective_number(gains.to_numpy()),
        _leaders(
            frame.loc[gains.index, ["account_id", "account_name"]].assign(amount=gains), ["amount"], amount, whole
        ),
    )


@takes_frames
def activities(
    frame: pd.DataFrame | None,
    by: str,
    measure: str,
    from_share: float,
    whole: Concentration,
    always: Sequence[str] = (),
) -> list[Activity]:
    """Where is it worse? One activity per value of `by` that matters, the largest first.

    `frame`: account_id, account_name, `by` and the measure of `whole`, one row per account and value.
    A value matters from `from_share` (0-1) of the whole book on, or where `always` names it, as in
    "product_line:Seals". Rows without a value are in no activity.
    """
    if frame is None:  # the data tells none apart
        return []
    totals = frame.groupby(by)[measure].sum().sort_values(ascending=False, kind="stable")
    named = [f"{by}:{name}" in always for name in totals.index]
    # A hair's breadth of rounding must not drop a line of exactly the share asked for.
    large = (totals > 0) & (totals >= from_share * whole.total * (1 - 1e-12))
    wanted = totals.index[large.to_numpy() | named]
    found = (activity(frame[frame[by] == name], by, str(name), measure, whole) for name in wanted)
    return [each for each in found if each is not None]


@takes_frames
def presence(frame: pd.DataFrame | None, measure: str, whole: Concentration) -> Activity | None:
    """Who buys from us in most of our regions?

    `frame`: account_id, account_name, region and the measure, one row per account and region. An
    account is present where its amount is above zero, and a region is one of ours where anybody is.
    The activity's amount is the number of regions, a leader's amount those in which it buys, its share
    the one by the other; equals by amount, then by account_id; a hundred at most. None with fewer than
    two regions: everybody is everywhere.
    """
    if frame is None:
        return None
    bought = frame[(frame[measure] > 0) & frame["region"].notna()]
    regions = int(bought["region"].nunique())
    if regions < 2:
        return None
    each = bought.groupby("account_id", sort=False)
    rows = each.agg(account_name=("account_name", "first"), amount=("region", "nunique"), money=(measure, "sum"))
    leaders = _leaders(rows.reset_index(), ["amount", "money"], regions, whole)
    nan = float("nan")
    return Activity("presence:regions", "presence", "regions", float(regions), 0.0, 0, nan, len(rows), nan, leaders)


def hidden(activities: Iterable[Activity], threshold: float) -> list[Hidden]:
    """Who is small in total and large in one activity? Largest share first; ties by account_id.

    Accounts at or above `threshold` (0-1) of an activity and below it in the whole book. Presence is
    left out: buying in a third of our regions is no third of anything. Raises `ValueError` for a
    threshold below 0.01, under which activities name nobody.
    """
    if not LEADS_FROM <= threshold <= 1:
        raise ValueError(f"threshold: expected {LEADS_FROM} to 1, got {threshold}")
    found = [
        Hidden(each.account_id, each.account_name, where.activity, where.name, each.share, each.share_of_total)
        for where in activities
        for each in where.leaders
        if where.kind != "presence" and each.share_of_total < threshold <= each.share
    ]
    return sorted(found, key=lambda each: (-each.share, each.account_id, each.activity))


def _leaders(rows: pd.DataFrame, by: list[str], amount: float, whole: Concentration) -> tuple[Leader, ...]:
    """The largest rows as leaders; `by` ranks them, ties by account_id."""
    # A partition of a million rows, not a sort; texts are compared only among the few that are left.
    first = rows.nlargest(MOST_LEADERS, by, keep="all")
    first = first.sort_values([*by, "account_id"], ascending=[*([False] * len(by)), True]).head(MOST_LEADERS)
    parts = (first["amount"] / amount).to_numpy(dtype=float)
    first = first[(parts >= LEADS_FROM) | (pd.RangeIndex(len(first)) < FIRST_NAMED)]
    total = whole.accounts.loc[whole.accounts["account_id"].isin(list(first["account_id"]))]
    of_total = dict(zip(total["account_id"], total["share"], strict=True))
    return tuple(
        Leader(
            str(row["account_id"]),
            str(row["account_name"]),
            float(row["amount"]),
            float(row["amount"] / amount),
            float(of_total.get(row["account_id"], 0.0)),
        )
        for row in first.to_dict("records")
    )
