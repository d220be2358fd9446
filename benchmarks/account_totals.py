"""Account totals from 20 million Parquet rows, against the same cast query by hand and against pandas.

Aim: at most 1.2 times the query by hand.
"""

import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.timing import alternate, show
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine.answers import Answers

ROWS, ACCOUNTS = 20_000_000, 200_000

BY_HAND = """
select account_id, count(*) as rows, cast(round(sum(cast(revenue as decimal(38, 6))), 2) as double) as revenue
from read_parquet('{file}') where date >= date '2024-01-01' and date <= date '2025-12-31' group by account_id
"""


def write(file: Path, amount: str) -> None:
    duckdb.sql("set enable_progress_bar = false")
    duckdb.sql(f"""
        copy (select 'A' || lpad(cast(hash(i) % {ACCOUNTS} as varchar), 7, '0') as account_id,
                     date '2024-01-01' + cast(hash(i + 1) % 730 as integer) as date,
                     cast((hash(i + 2) % 1000000) / 100.0 - 500 as {amount}) as revenue
              from range({ROWS}) t(i)) to '{file}' (format parquet)
    """)


def main(runs: int = 5) -> None:
    for amount in ("double", "decimal(18, 2)"):
        print(f"{ROWS:,} rows, {ACCOUNTS:,} accounts, amounts as {amount}")
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), amount, runs)


def compare(folder: Path, amount: str, runs: int) -> None:
    file = folder / "t.parquet"
    write(file, amount)
    (folder / "kam.toml").write_text('period = "all"\n[tables.transactions]\nfile = "t.parquet"\n')
    ledger, connection = open_ledger(folder / "kam.toml"), duckdb.connect()
    connection.sql("set enable_progress_bar = false")

    def ours() -> pd.DataFrame:
        # Otherwise only the first run would ask the engine.
        ledger.__dict__.pop("_kept", None)
        ledger._sums._answers = Answers()
        return ledger.by_account()

    def by_hand() -> pd.DataFrame:
        return connection.sql(BY_HAND.format(file=file)).df()

    def pandas() -> pd.Series:
        frame = pd.read_parquet(file)
        return frame.astype({"revenue": float}).groupby("account_id")["revenue"].sum().round(2)

    assert abs(ours()["revenue"].sum() - by_hand()["revenue"].sum()) < 0.01
    show(alternate({"Ledger.by_account": ours, "DuckDB by hand": by_hand}, runs))
    show(alternate({"Ledger.by_account": ours, "pandas": pandas}, 1, warm_up=0))
