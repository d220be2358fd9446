"""The transactions, read and scanned: in a run by the first who opens them, and taken over by all others."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kam_analysis.errors import Problem
from kam_analysis.ledger.checks.status_values import unused_statuses
from kam_analysis.ledger.engine.opened_once import kept_file, once
from kam_analysis.ledger.engine.sources import Connection, Opened
from kam_analysis.ledger.engine.transaction_faults import scan
from kam_analysis.ledger.engine.transactions import Overview, Transactions, kept_transactions, read_transactions
from kam_analysis.ledger.settings.settings import Settings


@dataclass(frozen=True)
class Scanned:
    """The transactions, what they cover (None where nothing can be used), and every problem of theirs."""

    transactions: Transactions
    overview: Overview | None
    problems: list[Problem]


@dataclass(frozen=True)
class _Kept:
    """The same for another process: `opened` without its rows, which lie in a file of their own; None where they do not."""

    opened: Opened | None
    overview: Overview | None
    problems: list[Problem]


def transactions_of(connection: Connection, settings: Settings, today: date) -> Scanned:
    """Read and scan the transactions, or take what another process of the run has read. Raises `DataError`."""
    rows = kept_file(settings, "transactions", today, ".parquet")
    ours: list[Scanned] = []

    def first() -> _Kept:
        opened = connection.open("transactions")
        found = read_transactions(connection, opened, settings, rows)
        overview, problems = scan(connection, found, settings, today)
        problems += unused_statuses(connection, opened)
        ours.append(Scanned(found, overview, [*opened.told.problems, *problems]))
        return _without_rows(ours[0], rows)

    kept = once(settings, "transactions", today, first)
    if ours:
        return ours[0]
    taken = kept_transactions(connection, kept.opened, rows) if kept.opened is not None and rows is not None else None
    if taken is None:  # they stay where they are, or what was kept of them cannot be read
        taken = read_transactions(connection, connection.open("transactions"), settings)
    return Scanned(taken, kept.overview, list(kept.problems))


def _without_rows(found: Scanned, rows: Path | None) -> _Kept:
    bare = None
    if rows is not None and rows.exists():
        bare = replace(found.transactions.opened, table=None, left_out=None, located=None, raw=None)
    return _Kept(bare, found.overview, found.problems)
