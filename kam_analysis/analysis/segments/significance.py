"""Which accounts are key, and on what? An account may carry any activity that matters, not sales alone."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import Activity
from kam_analysis.analysis.frames import takes_frames

PRESENCE = "presence"
# A share of exactly the threshold passes, whatever its division left in the last digits.
TOLERANCE = 1e-12
_COLUMNS = ["account_id", "activity", "amount", "share", "significant"]


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
    0 for accounts at or below zero) and `significant` (share at or above `threshold`).

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
    twice = rows.duplicated(["account_id", "activity"])
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
    return rows.assign(share=shares, significant=shares >= threshold * (1 - TOLERANCE))


@takes_frames
def at_threshold(rows: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """The same rows from another share on: `significant` by `threshold`; presence keeps its own.

    `rows`: of `significance` and `presence`, in one frame. Raises `ValueError` for a threshold outside (0, 1].

    >>> rows = pd.DataFrame({"activity": ["revenue", PRESENCE], "share": [0.08, 0.08], "significant": [False, False]})
    >>> at_threshold(rows, 0.05)["significant"].tolist()
    [True, False]
    """
    _check_part("threshold", threshold)
    reached = rows["share"] >= threshold * (1 - TOLERANCE)
    return rows.assign(significant=rows["significant"].where(rows["activity"] == PRESENCE, reached))


@takes_frames
def presence(by_region: pd.DataFrame, measure: str, part: float) -> pd.DataFrame:
    """Who buys in most of our regions: a national account?

    `by_region`: account_id, region and the measure, one row per account and region. An account is
    present where its amount is above zero, and a region is one of ours where anybody is. Returns the
    columns of `significance`, a row per account that is anywhere: `activity` "presence", `amount` the
    number of its regions, `share` its part of all regions, `significant` from `part` on. Empty with
    fewer than two regions: everybody is everywhere. Raises `ValueError` for a part outside (0, 1].

    >>> sold = pd.DataFrame({"account_id": ["a", "a", "b"], "region": ["North", "South", "South"], "revenue": 1.0})
    >>> presence(sold, "revenue", 0.6)[["amount", "share", "significant"]].values.tolist()
    [[2, 1.0, True], [1, 0.5, False]]
    """
    _check_part("part", part)
    bought = by_region[(by_region[measure] > 0) & by_region["region"].notna()]
    regions = int(bought["region"].nunique())
    counted = bought.groupby("account_id")["region"].nunique().rename("amount").reset_index()
    rows = counted.assign(activity=PRESENCE, share=counted["amount"] / max(regions, 1))
    rows = rows.assign(significant=rows["share"] >= part * (1 - TOLERANCE))[_COLUMNS]
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


def _check_part(name: str, part: float) -> None:
    if not 0 < part <= 1:
        raise ValueError(f"{name}: expected above 0 and at most 1, got {part}")
