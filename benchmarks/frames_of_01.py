"""The frames behind `01_concentration`, against the same numbers from DuckDB queries written by hand.

Aim: at most 1.3 times the sum of the queries. 10 million rows of 100,000 accounts, or those of a
sample that is there, such as one of `kam sample FOLDER --accounts 1000000 --transactions 100000000`:
`python -m benchmarks.frames_of_01 FOLDER`.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
from pandas.testing import assert_frame_equal

from benchmarks.frames_by_hand import ByHand
from benchmarks.timing import show
from kam_analysis.ledger.checks.inspection import inspect
from kam_analysis.ledger.ledger import Ledger
from kam_analysis.ledger.opening import ledger_of
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.sample import write_sample

ROWS, ACCOUNTS = 10_000_000, 100_000
Steps = dict[str, Callable[[], pd.DataFrame]]


def main(folder: str = "", runs: int = 3) -> None:
    if folder:
        return compare(Path(folder), runs)
    with tempfile.TemporaryDirectory() as made:
        write_sample(made, ACCOUNTS, ROWS, seed=1)
        compare(Path(made), runs)
    return None


def compare(folder: Path, runs: int) -> None:
    """Every frame of both sides in turn, in the notebook's order, each round from a fresh connection."""
    seconds: dict[str, tuple[list[float], list[float]]] = {}
    for round_ in range(1 + runs):
        here, there = ours(folder), by_hand(folder)
        for name in here:
            (mine, taken), (theirs, needed) = _timed(here[name]), _timed(there[name])
            if round_ == 0:  # also warms up
                _same(mine, theirs, name)
                continue
            for times, each in zip(seconds.setdefault(name, ([], [])), (taken, needed), strict=True):
                times.append(each)
    for name, (own, hand) in seconds.items():
        print(f"{name:<42} {statistics.median(own):7.2f} s {statistics.median(hand):7.2f} s by hand", flush=True)
    whole = [[sum(times) for times in zip(*side, strict=True)] for side in zip(*seconds.values(), strict=True)]
    show({"all frames": whole[0], "all queries by hand": whole[1]})


def ours(folder: Path) -> Steps:
    """What the notebook asks the ledger for."""
    found = inspect(load_settings(folder / "kam.toml"), date.today(), ())
    ledger: list[Ledger] = []

    def scan() -> pd.DataFrame:
        found.load("transactions")
        seen = found.overview
        assert seen is not None
        return pd.DataFrame(
            [{"rows": seen.rows, "first": str(seen.first), "last": str(seen.last), "later": seen.after_today}]
        )

    def accounts() -> pd.DataFrame:
        found.load("accounts")
        return found.tables["accounts"]

    def opened() -> pd.DataFrame:
        ledger.append(ledger_of(found))
        return pd.DataFrame(
            [{"warned": sum(problem.rows or 0 for problem in ledger[0].warnings if "not in" in problem.rule)}]
        )

    def reconciled() -> pd.DataFrame:
        parts = ledger[0].reconciliation()
        totals = [parts.total, *(control.ledger for control in ledger[0].controls())]
        return pd.DataFrame({"total": totals}).assign(without_account=parts.without_account, excluded=parts.excluded)

    return {
        "scan of the transactions": scan,
        "accounts table": accounts,
        "accounts that the master lacks": opened,
        "by_account": lambda: ledger[0].by_account(),
        "by_account, year before": lambda: ledger[0].by_account(ledger[0].year_before()),
        "by_account, legal entities": lambda: ledger[0].by_account(level="legal_entity"),
        "by_account, margin": lambda: ledger[0].by_account(measures=["margin"]),
        "by_account, quantity": lambda: ledger[0].by_account(measures=["quantity"]),
        "by_account_line": lambda: ledger[0].by_account_line(),
        "by_account_region": lambda: ledger[0].by_account_region(),
        "month_statistics": lambda: ledger[0].month_statistics(),
        "rolling": lambda: ledger[0].rolling(),
        "by_account, year to date": lambda: ledger[0].by_account(ledger[0].year_to_date()),
        "by_account, last year to date": lambda: ledger[0].by_account(ledger[0].year_before(ledger[0].year_to_date())),
        "by_account_month of 1,000": lambda: ledger[0].by_account_month(_largest(ledger[0].by_account())),
        "by_month": lambda: ledger[0].by_month(),
        "reconciliation and controls": reconciled,
    }


def by_hand(folder: Path) -> Steps:
    """The same from DuckDB; its month sums are made when they are first needed, as the ledger's are."""
    hand = ByHand(folder.as_posix())
    now = ("2025-09-19", "2026-09-18")
    largest: list[pd.Series] = []

    def by_account() -> pd.DataFrame:
        frame = hand.by_account(now)
        largest.append(_largest(frame))
        return frame

    def parts() -> pd.DataFrame:
        periods = (now, ("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-12-31"))
        found = pd.concat([hand.parts(days) for days in periods], ignore_index=True)
        return found.assign(without_account=found["without_account"].iloc[0], excluded=found["excluded"].iloc[0])

    return {
        "scan of the transactions": hand.scan,
        "accounts table": hand.accounts,
        "accounts that the master lacks": lambda: pd.DataFrame([{"warned": hand.unknown()["rows"].sum()}]),
        "by_account": by_account,
        "by_account, year before": lambda: hand.by_account(("2024-09-19", "2025-09-18")),
        "by_account, legal entities": lambda: hand.by_account(now, customers=False),
        "by_account, margin": lambda: hand.by_account(now, "margin"),
        "by_account, quantity": lambda: hand.by_account(now, "quantity"),
        "by_account_line": lambda: hand.by_account_and("product_line", now),
        "by_account_region": lambda: hand.by_account_and("region", now),
        "month_statistics": hand.statistics,
        "rolling": hand.rolling,
        "by_account, year to date": lambda: hand.by_account(("2026-01-01", "2026-09-18")),
        "by_account, last year to date": lambda: hand.by_account(("2025-01-01", "2025-09-18")),
        "by_account_month of 1,000": lambda: hand.by_account_month(largest[-1]),
        "by_month": hand.by_month,
        "reconciliation and controls": parts,
    }


def _largest(frame: pd.DataFrame) -> pd.Series:
    return frame["account_id"].head(1_000)


def _timed(step: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, float]:
    began = time.perf_counter()
    frame = step()
    return frame, time.perf_counter() - began


def _same(mine: pd.DataFrame, theirs: pd.DataFrame, name: str) -> None:
    """Every column that both have, row by row in the order that the ledger promises."""
    shared = [column for column in theirs.columns if column in mine.columns]
    assert shared, name
    assert len(mine) == len(theirs), f"{name}: {len(mine):,} rows, by hand {len(theirs):,}"
    if name == "accounts table":
        return
    here, there = (frame[shared].reset_index(drop=True) for frame in (mine, theirs))
    assert_frame_equal(here, there, check_dtype=False, rtol=1e-9, atol=1e-6, obj=name)


if __name__ == "__main__":
    main("".join(sys.argv[1:2]))
