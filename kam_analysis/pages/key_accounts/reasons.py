"""Why an account is key, is not, or is robust: the words and figures that answer, tables and charts share."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import PRESENCE, largest_shares
from kam_analysis.pages import style
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.words import measure_name

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

_REASONS = 2
NAMED = 3  # so many customers are named in a sentence, and how many more there are
# Who reaches this part of the threshold is just below it, and is named: nobody should be missed for a few tenths of a point.
JUST_BELOW = 0.9


def just_below(found: "Found") -> pd.DataFrame:
    """The customers that are not key and reach nine tenths of the threshold: account_id, activity, share, the nearest first."""
    shares = found.shares
    near = shares[(shares["share"] >= JUST_BELOW * found.key_share) & ~shares["significant"]]
    near = near[~near["account_id"].isin(found.keys["account_id"]) & ~near["activity"].isin(found.common["activity"])]
    return largest_shares(near).sort_values(["share", "account_id"], ascending=[False, True], ignore_index=True)


def short_of(found: "Found", row: Mapping[Hashable, Any] | pd.Series) -> str:
    """How many points a share is short of the threshold."""
    points = 100 * (found.key_share - float(row["share"]))
    # A share that is written like the threshold itself would read as a mistake.
    activity = activity_name(str(row["activity"]))
    if points < 0.05:
        return say("reasons.hardly_short", share=style.share(row["share"], 2), activity=activity)
    share, short = style.share(row["share"], 1), style.decimal(points, 1)
    return say("reasons.short", share=share, activity=activity, points=short)


def reasons(found: "Found", account_id: str, *, most: int = _REASONS) -> str:
    """The activities that an account is key on, the largest share first: "41% of Skids, 12% of margin"."""
    rows = found.significant[found.significant["account_id"] == account_id]
    passed = rows.assign(apart=rows["activity"] == PRESENCE)
    passed = passed.sort_values(["apart", "share", "activity"], ascending=[True, False, True])
    said = [reason(row) for row in passed.head(most).to_dict("records")]
    more = len(passed) - len(said)
    return ", ".join(said) + (say("reasons.more", more=more) if more > 0 else "")


def briefly(why: str) -> str:
    """A reason where there is little room: "3 of 4 regions"."""
    return why.removeprefix(say("reasons.buys_in"))


def reason(row: Mapping[Hashable, Any]) -> str:
    """One activity in words."""
    share, activity = float(row["share"]), str(row["activity"])
    if activity == PRESENCE:
        served, regions = f"{row['amount']:.0f}", round(float(row["amount"]) / share)
        return say("reasons.buys_in") + say("reasons.presence", served=served, regions=regions)
    return say("reasons.share", share=style.share(share, 0), activity=activity_name(activity))


def activity_name(activity: str) -> str:
    """An activity as a sentence names it."""
    kind, _, name = activity.partition(":")
    return name or measure_name(kind)


def not_key(found: "Found", account_id: str) -> str:
    """Why an account is not key: "highest share 4.8% of Valves, margin -2.0%"."""
    rows = found.shares[(found.shares["account_id"] == account_id) & (found.shares["activity"] != PRESENCE)]
    best = rows.sort_values("share", ascending=False).head(1).to_dict("records")
    said = [
        say("reasons.highest", share=style.share(each["share"]), activity=activity_name(str(each["activity"])))
        for each in best
    ]
    margin = margin_share(found, account_id)
    return ", ".join(said + ([] if margin is None else [say("reasons.margin", share=style.share(margin))]))


def is_firm(found: "Found", account_id: str) -> bool:
    """Whether an account is among the best in at least nine tenths of weightings."""
    return bool(found.of(found.scores, account_id, "badge") == "firm")


def robust(found: "Found", account_id: str) -> str:
    """That in a word: "robust" or "borderline"."""
    if found.of(found.scores, account_id, "badge") is None:
        return style.NOT_ASSESSED
    return say("robust.robust" if is_firm(found, account_id) else "robust.borderline")


def share_of(found: "Found", account_id: str) -> float:
    """An account's share of the book (0-1)."""
    value = found.of(found.book.accounts, account_id, "share")
    return found.book.share_of(account_id) if value is None else float(value)


def margin_share(found: "Found", account_id: str) -> float | None:
    """An account's margin by its sales; None where it is not known."""
    value = found.of(found.invoices, account_id, "margin_share")
    return None if value is None or pd.isna(value) else float(value)
