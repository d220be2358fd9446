"""A query that would run for an hour ends with the clock, in the database too, and the next one is answered."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kam_analysis.errors import RunError
from kam_analysis.ledger.engine.sources import Connection
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.stopping import EndedBySignal, ended_by_signals, limited

# PySpark leaves sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket")
PATIENCE_SECONDS = 600
SLEEPS = "select 'A' as account_id, date '2025-01-31' as date, 1.0 as revenue from (select pg_sleep(3600)) as slept"
COUNTS = "select 'A' as account_id, date '2025-01-31' as date, count(*) as revenue from range(1000000000000) where id % 7 = 3"
QUICK = "select 'A' as account_id, 'Acme' as account_name"


def opened(folder: Path, query: str) -> Connection:
    path = folder / "kam.toml"
    tables = f'[tables.transactions]\nquery = "{query}"\n[tables.accounts]\nquery = "{QUICK}"\n'
    path.write_text(f'[connection]\nurl = "env:KAM_TEST_URL"\n{tables}', encoding="utf-8")
    return Connection(load_settings(path))


def run(connection: Connection, table: str) -> Any:
    return connection.fetch(connection.open(table).table, table)


def still_usable(connection: Connection) -> bool:
    return bool(run(connection, "accounts")["account_name"].tolist() == ["Acme"])


def at_work(url: str) -> list[tuple[str, ...]]:
    """What the server still does for somebody; a cancelled query needs a moment."""
    import psycopg

    with psycopg.connect(url) as other:
        for _ in range(3000):
            found = other.execute(
                "select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() "
                "and query like '%pg_sleep%'"
            ).fetchall()
            if not found:
                return []
            time.sleep(0.1)
    return found


def test_the_clock_cancels_a_query_in_postgresql(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    connection = opened(tmp_path, SLEEPS)
    with pytest.raises(RunError, match="the check took longer than 1 s"), limited(1, "the check"):
        run(connection, "transactions")
    assert at_work(postgres_url) == []
    assert still_usable(connection)


@contextmanager
def signal_soon() -> Iterator[None]:
    """To this process, once it is at work: entered last, so that somebody waits for it."""
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    yield


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_signal_cancels_a_query_in_postgresql(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's handler leaves the driver's waiting before the thread has cancelled anything: it is cancelled all the same."""
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    connection = opened(tmp_path, SLEEPS)
    with pytest.raises(EndedBySignal), ended_by_signals(), signal_soon():
        run(connection, "transactions")
    assert at_work(postgres_url) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_query_in_postgresql_ends_with_a_process_that_is_killed(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a report is that takes too long or too much memory: it can cancel nothing any more."""
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    opened(tmp_path, SLEEPS)
    code = "from kam_analysis.ledger import open_ledger; open_ledger('kam.toml')"
    killed = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while not asleep(postgres_url):
            assert killed.poll() is None
            assert time.monotonic() < until, "the query did not begin"
            time.sleep(0.2)
    finally:
        killed.kill()
        killed.wait()
    until = time.monotonic() + PATIENCE_SECONDS
    while asleep(postgres_url) and time.monotonic() < until:
        time.sleep(0.2)
    assert not asleep(postgres_url)


def asleep(url: str) -> int:
    """How many questions wait in pg_sleep; of a long one the server does not show the end."""
    import psycopg

    with psycopg.connect(url) as other:
        found = other.execute("select count(*) from pg_stat_activity where wait_event = 'PgSleep'").fetchone()
    assert found
    return int(found[0])


def test_the_clock_cancels_a_job_of_spark(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAM_TEST_URL", "pyspark://local")
    connection = opened(tmp_path, COUNTS)
    with pytest.raises(RunError, match="the check took longer than 2 s"), limited(2, "the check"):
        run(connection, "transactions")
    until = time.monotonic() + PATIENCE_SECONDS  # the tracker hears of an end when its turn comes
    while spark.sparkContext.statusTracker().getActiveStageIds() and time.monotonic() < until:
        time.sleep(0.1)
    assert spark.sparkContext.statusTracker().getActiveStageIds() == []
    assert still_usable(connection)
