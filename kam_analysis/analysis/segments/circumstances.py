"""What is known of each account, side by side: the one frame from which stages and kinds of work are told."""

from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.segments.joining import of_accounts
from kam_analysis.analysis.segments.power import price_and_margin

_KNOWN = ("satisfaction", "competitor", "bond", "left_on", "customer_since", "notice_by", "annual_spend")


@takes_frames
def circumstances(
    habits: pd.DataFrame,
    traits: pd.DataFrame,
    now: pd.DataFrame,
    before: pd.DataFrame | None = None,
    falls: pd.DataFrame | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """How does each account that ever bought stand today?

    `habits`: account_id, account_name, first_day, last_day, purchase_days, mean_gap, longest_gap, silence.
    `traits`: account_id and what there is of satisfaction, competitor, bond, left_on, customer_since,
    notice_by, annual_spend. `now` and `before`: account_id, revenue and, where there is a cost, margin, of
    twelve months and of the twelve before. `falls`: of `concentration.every_fall`; whom it does not hold is not
    assessed. `as_of`: the day from which days_to_notice counts; below zero it is too late for notice this time.

    Returns the columns that `lifecycle` and `kinds_of_work` read, a row per account of `habits`: amounts
    of a year without purchases are 0, what is not known is missing. growth_share is NaN without sales in
    the year before, headroom_share without a known spend.
    """
    ids = habits["account_id"]
    found = habits.reset_index(drop=True)
    there = of_accounts(traits[["account_id", *(name for name in _KNOWN if name in traits)]], ids)
    found[list(there.columns)] = there
    margins = of_accounts(now.assign(margin_change=price_and_margin(None, now, before)["margin_change"].array), ids)
    found["now"], found["before"] = _amounts(margins), np.nan if before is None else _amounts(of_accounts(before, ids))
    found["margin_change"] = margins["margin_change"]
    found["growth_share"] = found["now"] / found["before"].where(found["before"] > 0) - 1
    found["silence_times"] = found["silence"] / found["longest_gap"].where(found["longest_gap"] > 0)
    if "annual_spend" in found:
        spend = found["annual_spend"].where(found["annual_spend"] > 0)
        found["headroom_share"] = (1 - found["now"].clip(lower=0) / spend).clip(lower=0)
    if "notice_by" in found and as_of is not None:
        found["days_to_notice"] = (pd.to_datetime(found["notice_by"]) - pd.Timestamp(as_of)).dt.days
    if falls is None:
        return found
    told = of_accounts(falls[["account_id", "fell", "change_share", "compared_with"]], found["account_id"])
    return found.assign(
        fell=told["fell"].eq(True).array,
        change_share=told["change_share"].astype(np.float64).array,
        compared_with=told["compared_with"].fillna("").astype("str").array,
    )


def _amounts(frame: pd.DataFrame) -> np.ndarray:
    return frame["revenue"].fillna(0.0).to_numpy(dtype=np.float64)


@takes_frames
def dependence(
    book: Concentration, margin: pd.DataFrame | None, traits: pd.DataFrame, strength: pd.DataFrame
) -> pd.DataFrame:
    """What `balance` weighs: our share in each account, and its in us.

    `book`: sales. `margin`: account_id, margin, None where there is no cost. `traits`: account_id and,
    where known, annual_spend. `strength`: of `barriers`. Returns account_id, share (of all margin above
    zero, else of sales), wallet_share (our sales of its spend, 1 at most; NaN) and exit_barrier, a row per
    account of the book.
    """
    ids = book.accounts["account_id"]
    found = pd.DataFrame({"account_id": ids.to_numpy(), "share": book.accounts["share"].to_numpy()})
    if margin is not None:
        gains = margin.set_index("account_id")["margin"].clip(lower=0)
        found["share"] = (ids.map(gains).fillna(0.0) / gains.sum()).to_numpy() if gains.sum() > 0 else np.nan
    if "annual_spend" in traits:
        spend = ids.map(traits.set_index("account_id")["annual_spend"])
        found["wallet_share"] = (book.accounts["amount"] / spend.where(spend > 0)).clip(upper=1).to_numpy()
    found["exit_barrier"] = of_accounts(strength[["account_id", "strength"]], ids)["strength"].to_numpy()
    return found
