"""What was decided: what is overdue, what falls due next, and what became of the rest since the last report."""

from datetime import date, timedelta

import pandas as pd

from kam_analysis.analysis.plans import is_answered
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style, words
from kam_analysis.pages.leadership_brief.people_kept import KeptBack

OVERDUE, DUE, DONE, OPEN = "overdue", "due soon", "done", "open"
_SOON_DAYS = 30
_COLUMNS = [
    "decision_id",
    "date",
    "kind",
    "what",
    "account_id",
    "account_name",
    "owner",
    "due",
    "status",
    "result",
    "state",
]


def decided(ledger: Ledger, *, since: date, kept: KeptBack) -> pd.DataFrame:
    """Overdue first, then what is due within 30 days, then what was decided or done since that day.

    decision_id, date, kind, what (the text; what may not be told stands as what it is and of which day), account_id,
    account_name, owner, due, status, result, state (overdue, due soon, open, done; declined is as good as done). Statuses are today's: when one was
    entered no table says. No rows without the table.
    """
    rows = words.records(ledger, "decisions")
    if rows is None or rows.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = rows.reindex(columns=[*_COLUMNS, "decision"]).assign(
        kind=rows["kind"].fillna("decision") if "kind" in rows else "decision"
    )
    today = pd.Timestamp(ledger.as_of)
    rows["state"] = [_state(row, today) for row in rows.to_dict("records")]
    rows["what"] = [_what(row, kept) for row in rows.to_dict("records")]
    rows["result"] = [each if kept.may_say(each) else None for each in rows["result"]]
    rows["account_name"] = ledger.master.named(rows["account_id"].fillna("").astype("str")).where(
        rows["account_id"].notna(), None
    )
    recent = (rows["date"] > pd.Timestamp(since)) | ((rows["state"] == DONE) & (rows["due"] > pd.Timestamp(since)))
    rows = rows[rows["state"].isin([OVERDUE, DUE]) | recent]
    order = rows["state"].map({OVERDUE: 0, DUE: 1, OPEN: 2, DONE: 3})
    rows = rows.assign(order=order).sort_values(["order", "due", "date"], kind="stable", ignore_index=True)
    return rows[_COLUMNS]


def _state(row: dict[object, object], today: pd.Timestamp) -> str:
    due = row["due"]
    if is_answered(row["status"]):
        return DONE
    if pd.isna(due):  # type: ignore[call-overload]
        return OPEN
    day = pd.Timestamp(due)  # type: ignore[arg-type]
    return OVERDUE if day < today else DUE if day <= today + timedelta(days=_SOON_DAYS) else OPEN


def _what(row: dict[object, object], kept: KeptBack) -> str:
    if kept.may_say(row["decision"]):
        return str(row["decision"])
    return f"{words.headed(str(row['kind']))} of {style.day(pd.Timestamp(row['date']).date())}"  # type: ignore[arg-type]
