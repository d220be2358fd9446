"""What was known of each account on one day, from which the chance of leaving can be told."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.churn.rules import DEFAULT_RULES, MONTH_DAYS, Rules, back
from kam_analysis.analysis.frames import takes_frames

TROUBLE = ("complaint", "escalation")
# A score of 6 or less out of 10 is a detractor's in the customary reading.
UNHAPPY = 6
YEAR_DAYS = 365.25


@takes_frames
def snapshot(
    day: date,
    standing: pd.DataFrame,
    stages: pd.DataFrame,
    months: pd.DataFrame,
    now: pd.DataFrame,
    contracts: pd.DataFrame | None = None,
    talks: Sequence[pd.DataFrame] = (),
    parents: pd.Series | None = None,
    rules: Rules = DEFAULT_RULES,
) -> pd.DataFrame:
    """How did each account stand on a day, by what was known then?

    Frames as of `day`, from `Ledger.at(day)`. `standing`: habits of the last twelve months (first_day, last_day,
    purchase_days, longest_gap, silence, sold, credited; typical_gap, products or product_lines where known) with left_on and
    customer_since where known, as `segments.circumstances` joins them; nothing else in it is read, for what
    the master says today was not known then. `months` of `month_statistics` (its default half-year); `now`:
    account_id, revenue and, where there is a cost, margin, of the twelve months to the day. `stages`:
    account_id and stage of `segments.lifecycle`. Dated facts may come as of today, later ones are left
    out: `contracts` (account_id, starts_on, ends_on), `talks` (tables interactions and feedback: account_id,
    date, kind or score). `parents`: the account on top (values) of a company (index).

    Returns a row per account of `standing`: account_id, day; first_day, last_day, purchase_days, longest_gap,
    silence, typical_gap; left_on, lost and quiet (stages of that day); revenue, margin
    (NaN where there is none); and the features
    silence_times (of its longest gap), half_change ((later - earlier)/(later + earlier) half-year, -1 to 1),
    tenure_years, products (else product lines), credit_share (0-1), complaints (in twelve months; NaN where
    no table reaches back so far), contract_share (of the horizon under a contract that has begun; NaN
    without such a table). Missing is NaN.
    """
    standing = standing.reset_index(drop=True)
    ids, found = standing["account_id"], standing[["account_id"]].assign(day=pd.Timestamp(day))
    for name in ("first_day", "last_day", "purchase_days", "longest_gap", "silence"):
        found[name] = standing[name]
    found["typical_gap"] = _numbers(standing, "typical_gap", ids)
    found["left_on"] = _days(standing, "left_on")
    stage = _of(stages, "stage", ids)
    found = found.assign(lost=stage == "lost", quiet=stage == "quiet")
    found["revenue"] = _numbers(now, "revenue", ids).fillna(0.0)
    found["margin"] = _numbers(now, "margin", ids)
    found = _with_features(found, standing, months)
    found["complaints"] = _complaints(talks, ids, day, parents)
    found["contract_share"] = _under_contract(contracts, ids, day, parents, rules)
    return found


def _of(frame: pd.DataFrame, name: str, ids: pd.Series) -> pd.Series:
    """A column by account, missing where the frame has none."""
    if name not in frame:
        return pd.Series(np.nan, index=range(len(ids)))
    return frame.set_index("account_id")[name].reindex(ids).reset_index(drop=True)


def _days(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return pd.to_datetime(frame[name]).astype("datetime64[us]")


def _numbers(frame: pd.DataFrame, name: str, ids: pd.Series) -> pd.Series:
    return pd.to_numeric(_of(frame, name, ids)).astype("float64")


def _with_features(found: pd.DataFrame, standing: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    found["silence_times"] = found["silence"] / found["longest_gap"].where(found["longest_gap"] > 0)
    statistics = months.set_index("account_id").reindex(found["account_id"])
    later = statistics["recent"].clip(lower=0)
    earlier = (statistics["amount"] - statistics["recent"]).clip(lower=0)
    change = (later - earlier) / (later + earlier).where(later + earlier > 0)
    found["half_change"] = change.where(statistics["months"] >= 12).to_numpy()
    since = _days(standing, "customer_since")
    since = since.where(since <= found["first_day"], found["first_day"])
    found["tenure_years"] = (found["day"] - since).dt.days / YEAR_DAYS
    breadth = next((name for name in ("products", "product_lines") if name in standing), None)
    found["products"] = np.nan if breadth is None else standing[breadth].to_numpy(np.float64)
    sold = standing["sold"].where(standing["sold"] > 0)
    found["credit_share"] = (-standing["credited"] / sold).clip(0, 1).to_numpy()
    return found


def _complaints(talks: Sequence[pd.DataFrame], ids: pd.Series, day: date, parents: pd.Series | None) -> np.ndarray:
    """How often each account complained in the year before; unknown where no table tells of the whole year."""
    start, end = pd.Timestamp(back(day, 12)), pd.Timestamp(day)
    counts, told = np.zeros(len(ids)), False
    for talk in talks:
        dates = pd.to_datetime(talk["date"])
        if not len(talk) or dates.min() > start + pd.Timedelta(days=31):
            continue
        told, inside = True, (dates > start) & (dates <= end)
        kind = talk["kind"].isin(TROUBLE) if "kind" in talk else pd.Series(False, talk.index)
        low = pd.to_numeric(talk["score"]) <= UNHAPPY if "score" in talk else pd.Series(False, talk.index)
        bad = _tops(talk.loc[inside & (kind | low), "account_id"], parents)
        counts += ids.map(bad.value_counts()).fillna(0).to_numpy(np.float64)
    return counts if told else np.full(len(ids), np.nan)


def _under_contract(
    contracts: pd.DataFrame | None, ids: pd.Series, day: date, parents: pd.Series | None, rules: Rules
) -> np.ndarray:
    """The part of the horizon for which a contract that has begun binds each account."""
    if contracts is None or "starts_on" not in contracts or not contracts["starts_on"].notna().any():
        return np.full(len(ids), np.nan)
    # One without a first day may have been signed later: it was not known then.
    begun = contracts[pd.to_datetime(contracts["starts_on"]) <= pd.Timestamp(day)]
    left = (pd.to_datetime(begun["ends_on"]) - pd.Timestamp(day)).dt.days / (rules.horizon_months * MONTH_DAYS)
    longest = left.clip(0, 1).groupby(_tops(begun["account_id"], parents)).max()
    return ids.map(longest).fillna(0.0).to_numpy(np.float64)


def _tops(ids: pd.Series, parents: pd.Series | None) -> pd.Series:
    """Accounts at parent level."""
    # Without any group the map has no text to be of.
    return ids if parents is None else ids.map(parents).astype(ids.dtype).fillna(ids)
