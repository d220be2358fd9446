"""What did each account buy in each year of twelve months?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.engine.windows import Window
from kam_analysis.ledger.frames.levels import Customers, Level
from kam_analysis.ledger.settings.period import Period, twelve_months

# Of a company's years as many are told apart.
_MOST_YEARS = 10
# Who bought in a shorter first year says little of who was a customer before: it is part of the next one.
_SHORTEST = timedelta(days=183)


def years_to(last: date, first: date) -> list[Period]:
    """Years of twelve months to a day, the latest first; the earliest begins with the data, on `first`."""
    found = [twelve_months(last)]
    while found[-1].first > first and len(found) < _MOST_YEARS:
        found.append(found[-1].before())
    if len(found) > 1 and found[-1].last - first < _SHORTEST:
        found.pop()
    return [*found[:-1], replace(found[-1], first=min(first, found[-1].last))]


def by_year(
    sums: Sums, customers: Customers, years: Sequence[Period], *, level: Level | None, measure: str
) -> pd.DataFrame:
    """What `Ledger.by_account_year` says, from one pass over the transactions."""
    windows = [Window(each.first, each.last, (measure,)) for each in years]
    found = sums.by_account(windows) if windows else pd.DataFrame()
    parts = [
        pd.DataFrame({"account_id": pd.Series(dtype="str"), "year": pd.Series(dtype="datetime64[us]"), measure: []})
    ]
    for window in windows:
        bought = customers.kept(window.frame(found, ["account_id"], (measure,)))
        at_level = customers.at_level(bought, ["account_id"], [measure], level)
        parts.append(at_level.assign(year=pd.Timestamp(window.last).as_unit("us"))[["account_id", "year", measure]])
    whole = pd.concat(parts, ignore_index=True) if windows else parts[0]
    return whole.sort_values(["account_id", "year"], ignore_index=True)
