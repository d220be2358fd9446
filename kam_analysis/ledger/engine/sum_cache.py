"""Sums by account that are asked for again and again: what pages usually ask, and the latest of what else was."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import pandas as pd

from kam_analysis.ledger.engine.sums import Sums
from kam_analysis.ledger.engine.windows import Window
from kam_analysis.ledger.settings.period import Period

# Frames of account sums that are kept for the next question.
KEPT = 3


class KeptSums:
    """One ledger's sums by account, up to its as-of date `last_day`.

    `own` is its period, of which every measure is usual; `everything` all its data; `others` periods of which
    revenue and the ledger's `measure`, one of its `measures`, are.
    """

    def __init__(
        self,
        sums: Sums,
        last_day: date,
        own: Period,
        everything: Period,
        others: Sequence[Period],
        measure: str,
        measures: Sequence[str],
    ) -> None:
        self._sums, self._last_day, self._own, self._measure = sums, last_day, own, measure
        of = {"revenue": None, measure: None}
        self._wanted = [(own, (*of, *measures)), (everything, ("revenue",)), *((each, tuple(of)) for each in others)]
        self._latest: dict[tuple[object, ...], pd.DataFrame] = {}

    def by_account(self, period: Period, measures: tuple[str, ...], rest: bool = False) -> pd.DataFrame:
        """Sums by account; with `rest` also what excluded products made and what rounding took."""
        first, last = self._days(period)
        for window in self.windows:
            if window.covers(first, last, measures, rest):
                return window.frame(self.usual, ["account_id"], measures)
        key = (first, last, measures)
        if key not in self._latest:
            # The latest are kept: of a million accounts each takes 50 MB.
            latest = list(self._latest.items())[1 - KEPT :]
            found = self._sums.by({"account_id": "account_id"}, measures, first, last)
            self._latest = dict(latest) | {key: found}
        return self._latest[key]

    @cached_property
    def usual(self) -> pd.DataFrame:
        """What pages usually ask, from one pass: a hundred million rows are read once and not for every question."""
        return self._sums.by_account(self.windows)

    @cached_property
    def windows(self) -> list[Window]:
        """The windows of what is usual, the ledger's own period first; no days twice."""
        found: dict[tuple[date, date], dict[str, None]] = {}
        for each, measures in self._wanted:
            found.setdefault(self._days(each), {}).update(dict.fromkeys(measures))
        own = self._days(self._own)
        return [Window(*days, tuple(each), self._measure if days == own else "") for days, each in found.items()]

    def _days(self, period: Period) -> tuple[date, date]:
        return period.first, min(period.last, self._last_day)
