"""Which customers say that they look at others' offers?"""

import re
from datetime import date, timedelta

import pandas as pd

from kam_analysis.analysis.frames import takes_frames

WITHIN_DAYS = 180
# Words of ours, English and German, met in real notes of visits; what is said in other words is not recognised.
LOOKS_ELSEWHERE = re.compile(
    r"both offers|other offers?|(?:goes|go|going|look|looking) elsewhere|(?:another|other|new) suppliers?|"
    r"out to tender|compar\w+ (?:offers?|prices?|suppliers?)|"
    r"andere[nrs]? (?:Anbieter|Angebot|Lieferant)|Ausschreibung|Angebote? (?:vergleich|einhol)",
    re.IGNORECASE,
)


@takes_frames
def looks_elsewhere(feedback: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    """The newest thing each customer said within half a year that tells of other offers: account_id, compares_on, said.

    `feedback`: account_id, date, said. Recognised by `LOOKS_ELSEWHERE`, words of our own. No rows without feedback.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "date": pd.to_datetime(["2026-09-03"] * 2),
    ...                      "said": ["We will look at both offers.", "Delivery was late."]})
    >>> looks_elsewhere(rows, date(2026, 9, 18))["account_id"].tolist()
    ['a']
    """
    if feedback is None or feedback.empty:
        return pd.DataFrame(columns=["account_id", "compares_on", "said"])
    recent = feedback[pd.to_datetime(feedback["date"]).between(*_window(as_of))]
    told = recent[recent["said"].astype("str").str.contains(LOOKS_ELSEWHERE)].dropna(subset="account_id")
    newest = told.sort_values(["date", "said"]).drop_duplicates("account_id", keep="last")
    return newest.rename(columns={"date": "compares_on"})[["account_id", "compares_on", "said"]].reset_index(drop=True)


def _window(as_of: date) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(as_of - timedelta(days=WITHIN_DAYS)), pd.Timestamp(as_of)
