"""Values of small tables that can be read and cannot be meant: dates beyond time, ids that say "none"."""

import pandas as pd

from kam_analysis.errors import Problem, Severity
from kam_analysis.ledger.engine.odd_dates import RANGE, judged, told
from kam_analysis.ledger.engine.sources import Opened
from kam_analysis.ledger.engine.transaction_faults import ids_like_none, theirs
from kam_analysis.ledger.settings.ids import LIKE_NONE
from kam_analysis.ledger.settings.settings import TABLES, Table


def without_odd_dates(frame: pd.DataFrame, table: Table, opened: Opened) -> tuple[pd.DataFrame, list[Problem]]:
    """Dates that cannot be meant are errors, and stand-ins for "no date" are none where a date may lack."""
    problems: list[Problem] = []
    counting: dict[str, pd.Series] = {}
    for name in (each for each in opened.columns if table[each].kind in ("date", "month")):
        days, wrong, none = judged(frame[name], table[name])
        if not days.equals(pd.to_datetime(frame[name])):
            counting[name] = days
        remedy = "correct them, or leave the cells empty"
        if wrong.any():
            rule = f"{RANGE}, got {told(frame.loc[wrong, name])}"
            problems.append(_of_rows(frame, wrong, opened, name, rule, remedy, "error"))
        if none.any():
            rule = f"stands for no date, and is read as none: {told(frame.loc[none, name])}"
            problems.append(_of_rows(frame, none, opened, name, rule, remedy, "warning"))
    return frame.assign(**counting), problems


def odd_ids(frame: pd.DataFrame, table: Table, opened: Opened) -> list[Problem]:
    """Ids that may stand for none: a parent "NULL" would make one customer of all."""
    problems = []
    for name in (each for each in opened.columns if table[each].kind == "id"):
        ids = frame[name].dropna()
        if len(alike := ids[ids.str.lower().isin(LIKE_NONE)]):
            shown = tuple(sorted(alike.unique())[:5])
            problems.append(ids_like_none(opened, name, len(alike), shown))
    return problems


def _of_rows(
    frame: pd.DataFrame, rows: pd.Series, opened: Opened, name: str, rule: str, remedy: str, severity: Severity
) -> Problem:
    """A problem of some rows of a small table, with the first of their keys."""
    key = TABLES[opened.name].names[0]
    shown = tuple(frame.loc[rows, key].astype(str).head(5)) if key in frame and key != name else ()
    return Problem(opened.described, theirs(opened, name), rule, remedy, int(rows.sum()), shown, severity)
