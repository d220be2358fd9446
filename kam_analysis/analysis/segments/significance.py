"""Which accounts are key, and on what? An account may carry any activity that matters, not sales alone."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import Activity
from kam_analysis.analysis.frames import takes_frames

PRESENCE = "presence"
# A share of exactly the threshold passes, whatever its division left in the last digits.
TOLERANCE = 1e-12
# What more than this part of the customers meets tells none of them apart; the house's own choice.
MOST = 0.5
# Of fewer customers each is known by name, and a share says what it says.
FEW_CUSTOMERS = 10
_COLUMNS = ["account_id", "activity", "amount", "share", "met", "significant"]


@takes_frames
def activity_rows(frame: pd.DataFrame, activity: str, measure: str) -> pd.DataFrame:
    """One activity in the form that `significance` takes: account_id, activity, amount.

    `frame`: account_id and the measure (money or units), one row per account.
    """
    rows = frame[["account_id", measure]].rename(columns={measure: "amount"})
    rows.insert(1, "activity", activity)
    return rows.reset_index(drop=True)


@takes_frames
def line_rows(frame: pd.DataFrame, measure: str, lines: Iterable[Activity]) -> pd.DataFrame:
    """The accounts of the product lines that matter, in the form that `significance` takes.

    `frame`: account_id, the lines' column (product_line) and the measure. `lines` are the ones that
    `concentration.activities` found large enough or named, so that both questions know the same lines.
    """
    parts = [activity_rows(frame[frame[each.kind] == each.name], each.activity, measure) for each in lines]
    return pd.concat(parts or [activity_rows(frame.iloc[:0], "", measure)], ignore_index=True)


@takes_frames
def significance(activities: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Which account carries which activity?

    `activities`: account_id, activity, amount (any unit, one row per account and activity). Returns the
    same rows in the same order with `share` (0-1, of the activity's sum over the accounts above zero;
    0 for accounts at or below zero), `met` (share at or above `threshold`) and `significant` (met, and the
    activity tells accounts apart; see `tells_nobody_apart`).

    Raises `ValueError` for a threshold outside (0, 1], for amounts that are missing or infinite and for
    an account that is there twice in one activity.

    Five customers buy 100, Caro 2.5 of it; skids make 6, and 2.4 of them are Caro's:

    >>> total = pd.DataFrame({"account_id": ["Ada", "Bo", "Caro", "Dag", "Eve"], "revenue": [18, 1, 2.5, 40, 38.5]})
    >>> skids = pd.DataFrame({"account_id": ["Caro", "Dag"], "revenue": [2.4, 3.6]})
    >>> both = [activity_rows(total, "revenue", "revenue"), activity_rows(skids, "product_line:Skids", "revenue")]
    >>> found = significance(pd.concat(both), 0.10)
    >>> found["share"].round(3).tolist()
    [0.18, 0.01, 0.025, 0.4, 0.385, 0.4, 0.6]
    >>> found.loc[~found["significant"], "account_id"].tolist()
    ['Bo', 'Caro']
    >>> key_accounts(found)["activities"].tolist()
    [('product_line:Skids', 'revenue'), ('product_line:Skids',), ('revenue',), ('revenue',)]
    """
    _check_part("threshold", threshold)
    rows = activities[["account_id", "activity", "amount"]].reset_index(drop=True)
    wrong = int((~np.isfinite(rows["amount"].to_numpy(dtype=np.float64))).sum())
    if wrong:
        raise ValueError(f"amount: expected finite numbers, got {wrong} others")
    twice = _twice(rows)
    if twice.any():
        first = rows[twice].iloc[0]
        raise ValueError(
            f"activities: expected one row per account and activity, got {int(twice.sum())} more"
            f" (first: {first['account_id']} in {first['activity']})"
        )
    gains = rows["amount"].clip(lower=0).astype(np.float64)
    totals = gains.groupby(rows["activity"]).transform("sum")
    # Nobody above zero: nobody carries it.
    shares = gains / totals.where(totals > 0, 1.0)
    return _significant(rows.assign(share=shares, met=shares >= threshold * (1 - TOLERANCE)))


def _twice(rows: pd.DataFrame) -> np.ndarray:
    """Which rows have an account and activity that stood before: one activity at a time, for all of a million accounts at
    once are the height of their page."""
    codes, names = pd.factorize(rows["activity"], use_na_sentinel=False)
    found = np.zeros(len(rows), dtype=bool)
    for code in range(len(names)):
        theirs = np.flatnonzero(codes == code)
        found[theirs] = rows["account_id"].iloc[theirs].duplicated().to_numpy()
    return found


@takes_frames
def at_threshold(rows: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """The same rows from another share on: `met` and `significant` by `threshold`; presence keeps its own.

    `rows`: of `significance` and `presence`, in one frame. Raises `ValueError` for a threshold outside (0, 1].

    >>> rows = pd.DataFrame({"account_id": ["a", "a"], "activity": ["revenue", PRESENCE], "share": [0.08, 0.08],
    ...                      "met": [False, False], "significant": [False, False]})
    >>> at_threshold(rows, 0.05)["significant"].tolist()
    [True, False]
    """
    _check_part("threshold", threshold)
    reached = rows["share"] >= threshold * (1 - TOLERANCE)
    return _significant(rows.assign(met=rows["met"].where(rows["activity"] == PRESENCE, reached)))


@takes_frames
def tells_nobody_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Which activities do most customers meet, so that they tell none of them apart?

    `rows`: of `significance` and `presence`. Returns activity, met (how many accounts meet it) and customers
    (of how many), a row per activity that more than half of the customers meet, by activity. Presence is held
    against those that buy in any region, whatever their number; an activity against all that have a share of
    anything, from ten of them on: of fewer each is known by name.

    Forty customers who buy in one of two regions each are all "in half of them":

    >>> sold = pd.DataFrame({"account_id": range(40), "region": ["North", "South"] * 20, "revenue": 1.0})
    >>> tells_nobody_apart(presence(sold.astype({"account_id": str}), "revenue", 0.5)).values.tolist()
    [['presence', 40, 40]]
    """
    met = rows.loc[rows["met"]].groupby("activity")["account_id"].size()
    there = rows["share"] > 0
    present = there & (rows["activity"] == PRESENCE)
    of = {PRESENCE: int(present.sum())}
    # The largest activity holds as many of the customers as need be counted, mostly.
    known = there & ~present
    if (met.drop(PRESENCE, errors="ignore") > MOST * rows.loc[known, "activity"].value_counts().max()).any():
        customers = int(rows.loc[known, "account_id"].nunique())
        of |= dict.fromkeys(met.index.drop(PRESENCE, errors="ignore"), customers if customers >= FEW_CUSTOMERS else 0)
    held = [(str(name), int(n), of.get(str(name), 0)) for name, n in met.items()]
    found = [(name, n, customers) for name, n, customers in held if customers and n > MOST * customers]
    return pd.DataFrame(found, columns=["activity", "met", "customers"])


def _significant(rows: pd.DataFrame, apart: Iterable[str] | None = None) -> pd.DataFrame:
    """Who meets an activity that tells accounts apart; `apart` names those that do not, where that is known."""
    without = tells_nobody_apart(rows)["activity"] if apart is None else list(apart)
    return rows.assign(significant=rows["met"] & ~rows["activity"].isin(without))


@takes_frames
def without_activities(rows: pd.DataFrame, activities: Iterable[str]) -> pd.DataFrame:
    """The same rows, nobody significant on these activities, and on all others whoever meets them: for a year that is
    compared with another, in which these tell nobody apart."""
    return _significant(rows, activities)


@takes_frames
def presence(by_region: pd.DataFrame, measure: str, part: float) -> pd.DataFrame:
    """Who buys in most of our regions: a national account?

    `by_region`: account_id, region and the measure, one row per account and region. An account is
    present where its amount is above zero, and a region is one of ours where anybody is. Returns the
    columns of `significance`, a row per account that is anywhere: `activity` "presence", `amount` the
    number of its regions, `share` its part of all regions, `met` from `part` on, `significant` where no more
    than half of these accounts meet it. Empty with fewer than two regions: everybody is everywhere. Raises
    `ValueError` for a part outside (0, 1].

    >>> sold = pd.DataFrame({"account_id": ["a", "a", "b"], "region": ["North", "South", "South"], "revenue": 1.0})
    >>> presence(sold, "revenue", 0.6)[["amount", "share", "significant"]].values.tolist()
    [[2, 1.0, True], [1, 0.5, False]]
    >>> presence(sold, "revenue", 0.5)["significant"].tolist()
    [False, False]
    """
    _check_part("part", part)
    bought = by_region[(by_region[measure] > 0) & by_region["region"].notna()]
    regions = int(bought["region"].nunique())
    counted = bought.groupby("account_id")["region"].nunique().rename("amount").reset_index()
    rows = counted.assign(activity=PRESENCE, share=counted["amount"] / max(regions, 1))
    rows = _significant(rows.assign(met=rows["share"] >= part * (1 - TOLERANCE)))[_COLUMNS]
    return rows if regions > 1 else rows.iloc[:0]


@takes_frames
def every_activity(
    measures: pd.DataFrame,
    lines: pd.DataFrame | None,
    by_region: pd.DataFrame | None,
    found_lines: Iterable[Activity],
    measure: str,
    share: float,
    part: float,
) -> pd.DataFrame:
    """The rows of `significance` and `presence` for everything that matters to one company.

    `measures`: account_id, account_name and a column per measure (revenue, margin, units, own measures).
    `lines` and `by_region` as in `line_rows` and `presence`, None where the data tells none apart; `measure`
    is their column. `share` and `part` are the thresholds of activities and of presence.
    """
    names = [name for name in measures.columns if name not in ("account_id", "account_name", "rows")]
    parts = [activity_rows(measures, name, name) for name in names]
    if lines is not None:
        parts.append(line_rows(lines, measure, found_lines))
    rows = significance(pd.concat(parts, ignore_index=True), share)
    if by_region is None:
        return rows
    return pd.concat([rows, presence(by_region, measure, part)], ignore_index=True)


@takes_frames
def largest_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """What is the largest share that each account reaches, and of what?

    `rows`: one or more frames of `significance` under each other. Returns account_id, activity, share
    (0-1), a row per account with a share above zero, by account_id; ties by activity. Presence is left
    out: buying in a third of our regions is no third of anything.
    """
    shares = rows.loc[(rows["activity"] != PRESENCE) & (rows["share"] > 0), ["account_id", "activity", "share"]]
    # Texts are compared only among the rows that are left.
    best = shares[shares["share"] == shares.groupby("account_id", sort=False)["share"].transform("max")]
    return best.sort_values(["account_id", "activity"]).drop_duplicates("account_id", ignore_index=True)


@takes_frames
def key_accounts(rows: pd.DataFrame) -> pd.DataFrame:
    """Which accounts are key, and why?

    `rows`: one or more frames of `significance` and `presence` under each other. Returns account_id,
    activities (the names of those that it is significant on, the largest share first, presence last)
    and largest_share (0-1, the largest that it reaches on anything but presence; 0 where it has none),
    for accounts that are significant somewhere, by largest share, ties by account_id.
    """
    passed = rows[rows["significant"]].assign(apart=lambda each: each["activity"] == PRESENCE)
    passed = passed.sort_values(["apart", "share", "activity"], ascending=[True, False, True])
    found = passed.groupby("account_id")["activity"].agg(tuple).rename("activities").reset_index()
    largest = largest_shares(rows[rows["account_id"].isin(found["account_id"])]).set_index("account_id")["share"]
    found = found.assign(largest_share=found["account_id"].map(largest).fillna(0.0).astype(np.float64))
    return found.sort_values(["largest_share", "account_id"], ascending=[False, True], ignore_index=True)


@takes_frames
def by_threshold(
    rows: pd.DataFrame, threshold: float, times: Iterable[float] = (0.5, 0.75, 1.0, 1.25, 1.5)
) -> pd.DataFrame:
    """How does the list change with the threshold, and whom does presence alone add?

    `rows`: of `significance` and `presence`, in one frame. Returns, for each of `times` the threshold that is at
    most 1: times, threshold, keys (how many are key), entered and left (account_ids against `threshold` itself, the
    largest share first), by_presence (those that are key by presence alone) and left_out (activities that tell
    nobody apart there).

    >>> sales = pd.DataFrame({"account_id": ["a", "b", "c"], "revenue": [85.0, 9.0, 6.0]})
    >>> found = by_threshold(significance(activity_rows(sales, "revenue", "revenue"), 0.10), 0.10)
    >>> found[["threshold", "keys", "entered"]].values.tolist()[:2]
    [[0.05, 3, ('b', 'c')], [0.075, 2, ('b',)]]
    """
    usual = key_accounts(at_threshold(rows, threshold))["account_id"].tolist()
    shares, known = largest_shares(rows).set_index("account_id")["share"], set(usual)
    found = []
    for each in times:
        # 0.1 x 1.5 is 0.15, whatever a float leaves.
        share = round(threshold * each, 12)
        if share > 1:
            continue
        there = at_threshold(rows, share)
        keys = key_accounts(there)
        ids = keys["account_id"].tolist()
        apart = keys.loc[[each == (PRESENCE,) for each in keys["activities"]], "account_id"]
        left = sorted(known.difference(ids), key=lambda id_: (-shares.get(id_, 0.0), id_))
        entered, nobody = tuple(id_ for id_ in ids if id_ not in known), tells_nobody_apart(there)["activity"]
        found.append((float(each), share, len(ids), entered, tuple(left), tuple(apart), tuple(nobody)))
    return pd.DataFrame(found, columns=["times", "threshold", "keys", "entered", "left", "by_presence", "left_out"])


def _check_part(name: str, part: float) -> None:
    if not 0 < part <= 1:
        raise ValueError(f"{name}: expected above 0 and at most 1, got {part}")
