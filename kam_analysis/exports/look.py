"""An export as the ledger will read it, asked for what no single cell tells."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import mul
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from kam_analysis.errors import DataError
from kam_analysis.ledger.checks.status_values import status_columns
from kam_analysis.ledger.checks.statuses import StatusColumn
from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.engine.sources import Connection
from kam_analysis.ledger.settings.secrets import Secret
from kam_analysis.ledger.settings.settings import Settings, TableSource

# Rows that are held against each other: a rule that holds in all of them is one.
_HELD = 20_000
_MOST_LABELS = 12


class Look:
    """Opened with what is known of the file's reading; answers are empty where it cannot be read that way."""

    def __init__(self, path: Path, file: str, reading: Mapping[str, Any], date: str = "") -> None:
        columns_ = {"date": date} if date else {}
        self.source = TableSource("transactions", file=file, columns=columns_, **reading)
        folder = path.resolve().parent
        settings = Settings(path, folder, Secret("duckdb://"), {"transactions": self.source})
        try:
            self._connection = Connection(settings)
            self._raw = self._connection.source_rows("transactions").kept
            self._there = set(self._raw.columns)
        except DataError:
            self._there = set()

    def rows(self, texts: Sequence[str], amounts: Sequence[str]) -> pd.DataFrame:
        """The first rows: some columns as trimmed text (empty for nothing), others as numbers (NaN for nothing)."""
        if not {*texts, *amounts} <= self._there or not (texts or amounts):
            return pd.DataFrame(columns=[*texts, *amounts])
        told = {f"text_{at}": self._raw[name].cast("string").strip() for at, name in enumerate(texts)}
        told |= {f"amount_{at}": columns.number(self._raw[name], self.source) for at, name in enumerate(amounts)}
        try:
            found = self._connection.fetch(self._raw.select(**told).limit(_HELD), self.source.file)
        except DataError:
            return pd.DataFrame(columns=[*texts, *amounts])
        found.columns = pd.Index([*texts, *amounts])
        for name in texts:
            found[name] = found[name].fillna("").astype(str)
        return found

    def largest(self, amount: str, by: str, most: int) -> list[tuple[str, float]]:
        """The values of a column with the largest sums of an amount, over all rows."""
        if not {amount, by} <= self._there:
            return []
        label = columns.raw_id(self._raw[by]).strip().fill_null("")
        try:
            grouped = self._raw.group_by(label=label).aggregate(
                worth=columns.number(self._raw[amount], self.source).sum()
            )
            top = grouped.filter(grouped.worth.notnull(), grouped.label != "").order_by(ibis.desc("worth"), "label")
            found = self._connection.fetch(top.limit(most), self.source.file)
        except DataError:
            return []
        return list(zip(found["label"].astype(str), found["worth"].astype(float), strict=True))

    def totals(self, amounts: Sequence[str], by: str = "") -> dict[str, list[tuple[str, float]]]:
        """The sum of each column of amounts, over all rows; by the values of another column where one is given."""
        there = [name for name in amounts if name in self._there]
        if not there or (by and by not in self._there):
            return {}
        label = columns.raw_id(self._raw[by]).strip().fill_null("") if by else ibis.literal("")
        sums = {f"sum_{at}": columns.number(self._raw[name], self.source).sum() for at, name in enumerate(there)}
        try:
            grouped = self._raw.group_by(label=label).aggregate(**sums).order_by("label").limit(_MOST_LABELS)
            found = self._connection.fetch(grouped, self.source.file)
        except DataError:
            return {}
        labels = found["label"].astype(str)
        return {
            name: list(zip(labels, found[f"sum_{at}"].fillna(0).astype(float), strict=True))
            for at, name in enumerate(there)
        }

    def statuses(self, names: Sequence[str], worth: Mapping[str, str]) -> list[StatusColumn]:
        """The columns among `names` that say which rows are sales, with money.

        `worth` is what a row is worth: revenue, or quantity, price and discount (a share); empty where it is not known.
        """
        known = [name for name in names if name in self._there]
        if not known:
            return []
        factors = [
            1 - read.fill_null(0) if key == "discount" else read
            for key, name in worth.items()
            if name in self._there
            for read in (columns.number(self._raw[name], self.source),)
        ]
        money = reduce(mul, factors).cast(columns.MONEY) if factors and len(factors) == len(worth) else None
        try:
            return status_columns(self._connection, self._raw, self.source, known, money)
        except DataError:
            return []

    def undated(self, date: str, columns_: Sequence[StatusColumn]) -> int:
        """Rows without a date among those that are kept."""
        if date not in self._there:
            return 0
        rows = self._raw.filter(columns.is_blank(self._raw[date]))
        for each in columns_:
            text = columns.raw_id(rows[each.name]).strip().fill_null("")
            if each.keep:
                rows = rows.filter(text.isin(each.keep))
            elif each.drop:
                rows = rows.filter(~text.isin(each.drop))
        return int(self._connection.fetch(rows.count(), self.source.file))
