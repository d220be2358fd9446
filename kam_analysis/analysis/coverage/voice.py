"""What do customers say, and what became of those who said it?"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.coverage.last_months import in_last_months, recorded
from kam_analysis.analysis.coverage.over_the_year import fates
from kam_analysis.analysis.frames import takes_frames

# "How likely are you to recommend us?", 0 to 10: up to 6 are detractors (Reichheld, HBR 81(12), 2003).
LOW = 6
# Our own choice: sales that are down by a tenth are more than a customer's usual ups and downs.
FALL = 0.1
ROWS = 10
MONTHS = 24

_VOICES = {
    "theme": "object", "said": "int64", "customers": "int64", "scored": "int64", "score": "float64", "low": "float64",
    "of_former": "Int64", "fell": "float64", "fell_of": "int64", "all_fell": "float64", "all_fell_of": "int64",
    "last": "datetime64[s]",
}  # fmt: skip
_HEARD = ["reason", "account_id", "account_name", "date", "by", "theme", "score", "said", "revenue", "change", "left"]


@takes_frames
def voices(
    feedback: pd.DataFrame | None,
    accounts: pd.DataFrame,
    before: pd.DataFrame | None,
    traits: pd.DataFrame,
    as_of: date,
) -> pd.DataFrame:
    """Which themes do customers raise, and do those who raise them buy less since? The most often named first.

    `feedback`: account_id, date, said, and where known theme, score (0-10). `accounts`, `before`: account_id,
    account_name, revenue of the twelve months and of those before. `traits`: account_id, and where known left_on.

    One row per theme (missing for what has none), ties by theme: said (voices), customers (who raised it), scored
    (voices with a score), score (their mean, 0-10), low (the share of scores up to `LOW`, 0-1), of_former (voices
    of customers that left, or bought before and nothing now; NA where neither is known), last (date). fell: of
    the customers who raised it and bought the year before (fell_of, a number) the share that left or whose sales
    fell by a tenth or more over the year; all_fell: the same share of all customers (all_fell_of) to hold it
    against. Shares are NaN where there is nobody to count.

    That customers who speak of prices fell more often does not say that prices made them: with few of them the
    difference may be chance, so every share has its number beside it. Voices after `as_of` are not heard. Raises
    `ValueError` where an account stands twice.

    >>> sold = pd.DataFrame({"account_id": list("abcd"), "account_name": list("ABCD"), "revenue": [5.0, 9, 9, 0]})
    >>> told = pd.DataFrame({"account_id": ["a", "b", "a"], "date": pd.to_datetime(["2026-01-01"] * 3),
    ...                      "said": ["Late."] * 3, "theme": ["delivery"] * 3, "score": [3, 8, None]})
    >>> found = voices(told, sold, sold.assign(revenue=9.0), sold[["account_id"]], date(2026, 9, 18))
    >>> found[["said", "customers", "score", "low", "fell", "fell_of", "all_fell"]].iloc[0].tolist()
    [3.0, 2.0, 5.5, 0.5, 0.5, 2.0, 0.5]
    """
    known = fates(accounts, before, traits, as_of, FALL)
    rows = _heard(feedback, known, as_of)
    everyone = known["fell"].dropna()
    found = [_theme(theme, voiced, known) for theme, voiced in rows.groupby("theme", dropna=False, sort=True)]
    table = pd.DataFrame(found, columns=[*_VOICES])
    table = table.assign(all_fell=_share(everyone), all_fell_of=len(everyone)).astype(_VOICES)
    # Stable, and the themes come by name.
    return table.sort_values("said", ascending=False, kind="stable", ignore_index=True)


@takes_frames
def never_asked(
    feedback: pd.DataFrame | None,
    accounts: pd.DataFrame,
    key_ids: Iterable[str],
    as_of: date,
    months: int = MONTHS,
) -> pd.DataFrame:
    """Which key accounts have told us nothing in the last months? The largest first, ties by account_id.

    `feedback`: account_id, date. `accounts`: account_id, account_name, revenue. Result: account_id, account_name
    (the id where it is not in `accounts`), revenue (0 where it bought nothing), last (the day of an older voice;
    NaT where there is none at all). Empty without any feedback: then nobody is known to have been passed over.
    Raises `ValueError` for `months` below 1.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> told = pd.DataFrame({"account_id": ["a", "b"], "date": pd.to_datetime(["2026-05-01", "2022-01-31"])})
    >>> never_asked(told, sold, ["a", "b"], date(2026, 9, 18))[["account_name", "last"]].astype(str).values.tolist()
    [['B', '2022-01-31']]
    """
    if months < 1:
        raise ValueError(f"months: expected at least 1, got {months}")
    rows = pd.DataFrame({"account_id": pd.Series(list(dict.fromkeys(key_ids)), dtype="object")})
    rows = rows.merge(accounts[["account_id", "account_name", "revenue"]], "left", "account_id", validate="1:1")
    rows["account_name"] = rows["account_name"].fillna(rows["account_id"])
    rows["revenue"] = rows["revenue"].fillna(0.0).astype("float64")
    if not recorded(feedback):
        return rows.assign(last=pd.Series(dtype="datetime64[s]")).iloc[:0]
    days = pd.to_datetime(feedback["date"])
    days = days[days <= pd.Timestamp(as_of)]
    last = days.groupby(feedback["account_id"]).max().reindex(rows["account_id"])
    rows["last"] = last.astype("datetime64[s]").to_numpy()
    silent = rows[~in_last_months(rows["last"], as_of, months)]
    return silent.sort_values(["revenue", "account_id"], ascending=[False, True], ignore_index=True)


@takes_frames
def heard(
    feedback: pd.DataFrame | None,
    accounts: pd.DataFrame,
    before: pd.DataFrame | None,
    traits: pd.DataFrame,
    key_ids: Iterable[str],
    as_of: date,
    most: int = ROWS,
    months: int = MONTHS,
) -> pd.DataFrame:
    """What did key accounts say last, who scored us lowest, and what became of them? At most `most` rows.

    Frames as in `voices`, `feedback` where known with by. Of the last `months` each account speaks once: a key
    account with its latest words (reason "key account", the latest first), any other with its lowest score up to
    `LOW` (reason "low score", the lowest first, then the latest). Each kind gets half of the rows, and what the
    other leaves. reason, account_id, account_name, date, by, theme, score (missing where not kept), said,
    revenue (money of the twelve months), change (of its sales over the year, not since that day; -1 up, NaN where
    it bought nothing before), left (boolean, NA where not known). Ties by account_id. Raises `ValueError` for
    `most` or `months` below 1.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [5.0, 9.0]})
    >>> told = pd.DataFrame({"account_id": ["a", "b"], "date": pd.to_datetime(["2026-01-01"] * 2),
    ...                      "said": ["Late.", "Fine."], "score": [3, 9]})
    >>> found = heard(told, sold, sold.assign(revenue=10.0), sold[["account_id"]], ["b"], date(2026, 9, 18))
    >>> found[["reason", "account_name", "said", "change"]].round(6).values.tolist()
    [['key account', 'B', 'Fine.', -0.1], ['low score', 'A', 'Late.', -0.5]]
    """
    for name, value in {"most": most, "months": months}.items():
        if value < 1:
            raise ValueError(f"{name}: expected at least 1, got {value}")
    rows = _heard(feedback, fates(accounts, before, traits, as_of, FALL), as_of)
    rows = rows[in_last_months(rows["date"], as_of, months)]
    rows = rows.sort_values(["date", "account_id"], ascending=[False, True], kind="stable")
    is_key = rows["account_id"].isin(set(key_ids))
    latest = rows[is_key].drop_duplicates("account_id")
    lowest = rows[~is_key & (rows["score"] <= LOW)].sort_values("score", kind="stable").drop_duplicates("account_id")
    half = most - most // 2
    latest = latest.head(max(half, most - len(lowest)))
    parts = [latest.assign(reason="key account"), lowest.head(most - len(latest)).assign(reason="low score")]
    return pd.concat(parts, ignore_index=True)[_HEARD]


def _heard(feedback: pd.DataFrame | None, known: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Every voice up to the day, with what became of its account; columns that are not kept are missing."""
    columns = ["account_id", "date", "said", "by", "theme", "score"]
    rows = pd.DataFrame(columns=columns) if feedback is None else feedback.reindex(columns=columns)
    rows = rows.assign(date=pd.to_datetime(rows["date"]).astype("datetime64[s]"), score=pd.to_numeric(rows["score"]))
    rows = rows[rows["date"] <= pd.Timestamp(as_of)].astype({"account_id": known["account_id"].dtype})
    rows = rows.merge(known, "left", "account_id", validate="m:1")
    return rows.assign(account_name=rows["account_name"].fillna(rows["account_id"]))


def _theme(theme: object, voiced: pd.DataFrame, known: pd.DataFrame) -> dict[str, object]:
    scores = voiced["score"].dropna()
    fell = voiced.drop_duplicates("account_id")["fell"].dropna()
    return {
        "theme": theme,
        "said": len(voiced),
        "customers": voiced["account_id"].nunique(),
        "scored": len(scores),
        "score": float(scores.mean()) if len(scores) else np.nan,
        "low": _share(scores <= LOW),
        "of_former": voiced["former"].sum() if known["former"].notna().any() else pd.NA,
        "fell": _share(fell),
        "fell_of": len(fell),
        "last": voiced["date"].max(),
    }


def _share(answers: pd.Series) -> float:
    return float(answers.astype(bool).mean()) if len(answers) else float("nan")
