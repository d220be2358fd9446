"""Why an account is key, in words."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from kam_analysis.analysis.segments import PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.words import measure_name

SHOWN = 2
_NAMED = 3


def reasons(found: Evidence, account_id: str, most: int = SHOWN) -> str:
    """The activities that an account is key on, the largest share first: "41 % of Skids, 12 % of margin"."""
    rows = found.significant[found.significant["account_id"] == account_id]
    passed = rows.assign(apart=rows["activity"] == PRESENCE)
    passed = passed.sort_values(["apart", "share", "activity"], ascending=[True, False, True])
    said = [reason(found, row) for row in passed.head(most).to_dict("records")]
    more = len(passed) - len(said)
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def reason(found: Evidence, row: Mapping[Hashable, Any]) -> str:
    """One activity in words."""
    share, activity = float(row["share"]), str(row["activity"])
    if activity == PRESENCE:
        regions = round(float(row["amount"]) / share)
        return f"buys in {row['amount']:.0f} of {regions} regions"
    return f"{style.share(share, 0)} of {activity_name(activity)}"


def activity_name(activity: str) -> str:
    """An activity as a sentence names it."""
    kind, _, name = activity.partition(":")
    return name or measure_name(kind)


def not_key(found: Evidence, account_id: str) -> str:
    """Why an account is not key: "4.8 % of Valves is the most it reaches; its margin is -2.0 %"."""
    rows = found.rows[(found.rows["account_id"] == account_id) & (found.rows["activity"] != PRESENCE)]
    best = rows.sort_values("share", ascending=False).head(1).to_dict("records")
    reached = [
        f"{style.share(each['share'])} of {activity_name(str(each['activity']))} is the most it reaches"
        for each in best
    ]
    margin = margin_share(found, account_id)
    return "; ".join(reached + ([] if margin is None else [f"its margin is {style.share(margin)}"]))


def moved(found: Evidence) -> tuple[list[str], list[str]]:
    """Who became key since the year before and who is no longer, as account_ids."""
    if found.keys_before is None:
        return [], []
    now, before = set(found.keys["account_id"]), set(found.keys_before["account_id"])
    ordered = [each for each in found.ordered if each not in before]
    return ordered, sorted(before - now)


def share_of(found: Evidence, account_id: str) -> float:
    """An account's share of the book."""
    value = found.of(found.book.accounts, account_id, "share")
    return found.book.share_of(account_id) if value is None else float(value)


def margin_share(found: Evidence, account_id: str) -> float | None:
    """An account's margin by its sales; None where it is not known."""
    value = found.of(found.invoices, account_id, "margin_share")
    return None if value is None or pd.isna(value) else float(value)


def listed(names: Sequence[str]) -> str:
    """At most three names and how many more: A, B and C."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
