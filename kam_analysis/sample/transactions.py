"""The transactions table as bytes: one CSV file, or Parquet parts where it is large."""

import os
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from kam_analysis.ledger.settings.settings import TABLES
from kam_analysis.sample import lines
from kam_analysis.sample.chance import Integers
from kam_analysis.sample.company import DUPLICATES, Company
from kam_analysis.sample.files import write_rows
from kam_analysis.sample.lines import Rows
from kam_analysis.sample.products import ARTICLES
from kam_analysis.sample.profiles import MANAGERS
from kam_analysis.sample.settings_file import ZLOTY
from kam_analysis.sample.story import IBERIA, MISTYPED, PRODUCT_LINES, REGIONS

MOST_CSV_ROWS = 200_000
_FIRST_ORDER = 700_001
_MISTYPED_DAYS = ((date(2026, 3, 12), date(2026, 3, 19)), (date(2024, 6, 5), date(2024, 6, 12)))
COLUMNS = tuple(name for name in TABLES["transactions"].names if name != "margin")  # cost is given instead


def table_rows(company: Company) -> Iterator[Rows]:
    """The transactions in chunks, mess and all, amounts in cents of the row's own currency."""
    known = len(company.totals.account_ids)
    polish = np.append(company.who.in_zloty, [False] * len(MISTYPED))
    mistyped = tuple((*days, known + turn) for turn, days in enumerate(_MISTYPED_DAYS))
    chunks = lines.invoice_rows(company.cells, company.who, company.size.seed, lines.ROWS_PER_CHUNK)
    for turn, chunk in enumerate(chunks):
        whole = lines.with_mess(chunk, mistyped, DUPLICATES, ~polish, company.size.seed) if turn == 0 else chunk
        yield _in_own_currency(whole, polish)


def _in_own_currency(rows: Rows, polish: np.ndarray) -> Rows:
    foreign = polish[rows.entity]
    for cents in (rows.revenue, rows.cost):
        cents[foreign] = np.rint(cents[foreign] / float(ZLOTY)).astype(np.int64)
    return rows


def write_csv(company: Company, path: Path) -> Path:
    """Every row into one CSV file."""
    names = _Names(company)
    return write_rows(
        path, COLUMNS, (row for rows in table_rows(company) for row in zip(*names.texts(rows), strict=True))
    )


def write_parquet(company: Company, folder: Path) -> list[Path]:
    """One Parquet file per chunk, so that a hundred million rows never stand in memory together."""
    import pyarrow.parquet as parquet

    folder.mkdir(parents=True, exist_ok=True)
    names = _Names(company)
    paths = []
    for part, rows in enumerate(table_rows(company)):
        path = folder / f"part-{part:04d}.parquet"
        unfinished = path.with_suffix(".unfinished")
        # Order ids and amounts hardly repeat: a dictionary of them is built only to be thrown away.
        try:
            parquet.write_table(names.arrow(rows), unfinished, compression="zstd", use_dictionary=names.repeated)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        paths.append(path)
    return paths


class _Names:
    """Turns the numbers in `Rows` into what the table's columns say."""

    def __init__(self, company: Company) -> None:
        accounts = (*company.totals.account_ids, *MISTYPED)
        polish = np.append(company.who.in_zloty, [False] * len(MISTYPED))
        self._currency = np.where(polish, 1, 0)
        # Lindmark Iberia sits in none of our sales regions.
        self._regionless = np.array([account == IBERIA for account in accounts])
        self._labels: dict[str, tuple[str, ...]] = {
            "account_id": accounts,
            "product": ARTICLES,
            "product_line": PRODUCT_LINES,
            "region": (*REGIONS, ""),
            "currency": ("EUR", "PLN"),
            "account_manager_id": MANAGERS,
        }

    @property
    def repeated(self) -> list[str]:
        """The columns in which the same few values come again and again."""
        return ["date", *self._labels]

    def _codes(self, rows: Rows) -> dict[str, Integers]:
        """The text columns as numbers of their labels."""
        return {
            "account_id": rows.entity,
            "product": rows.article,
            "product_line": rows.line,
            "region": np.where(self._regionless[rows.entity], len(REGIONS), rows.region),
            "currency": self._currency[rows.entity],
            "account_manager_id": rows.manager,
        }

    def texts(self, rows: Rows) -> list[list[str]]:
        """The columns as text, in the table's order."""
        coded = ((name, self._labels[name], codes.tolist()) for name, codes in self._codes(rows).items())
        found = {name: [labels[code] for code in codes] for name, labels, codes in coded}
        found["date"] = rows.day.astype(str).tolist()
        found["revenue"], found["cost"] = _decimals(rows.revenue), _decimals(rows.cost)
        found["quantity"] = [str(number) for number in rows.quantity.tolist()]
        found["order_id"] = [str(_FIRST_ORDER + number) for number in rows.order.tolist()]
        return [found[name] for name in COLUMNS]

    @cached_property
    def _arrow_labels(self):  # type: ignore[no-untyped-def]  # pyarrow carries no types
        """The labels as Arrow holds them; empty text is a missing value."""
        import pyarrow as pa

        return {name: pa.array([label or None for label in labels]) for name, labels in self._labels.items()}

    def arrow(self, rows: Rows):  # type: ignore[no-untyped-def]  # pyarrow carries no types
        import pyarrow as pa

        found = {name: self._arrow_labels[name].take(codes) for name, codes in self._codes(rows).items()}
        found["date"] = pa.array(rows.day)
        found["quantity"] = pa.array(rows.quantity)
        found["order_id"] = pa.array(rows.order + _FIRST_ORDER).cast(pa.string())
        for name in ("revenue", "cost"):
            cents = getattr(rows, name)
            wide = np.column_stack([cents, cents >> 63])  # 128 bits: the amount, then its sign
            found[name] = pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(wide)])
        return pa.table({name: found[name] for name in COLUMNS})


def _decimals(cents: Integers) -> list[str]:
    return [f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}" for value in cents.tolist()]
