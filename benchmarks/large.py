"""What each page takes of memory, computing and disk in a large company. Aim: under 4 GB at 1,000,000 accounts and 100,000,000 rows.

`KAM_LARGE_ACCOUNTS` (20,000) and `KAM_LARGE_ROWS` (2,000,000) say how large; `KAM_LARGE_FOLDER` keeps the data between
runs. Each page is a `kam report` of its own, check of the data included, on the sample's company with as many more
managers and contracts as it has more accounts. Memory is the largest of the run's processes at its height; seconds
are those of computing, so that other programs on the machine hardly count.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import duckdb
import pandas as pd
import psutil

from benchmarks.whole_run import HERE
from kam_analysis.batch.processes import GB, memory_of
from kam_analysis.sample import write_sample

PAGES = ("01_concentration", "02_key_accounts", "03_churn_impact", "04_coverage", "05_account_plan")
ACCOUNTS, ROWS = (
    int(os.environ.get(f"KAM_LARGE_{name}", usual)) for name, usual in (("ACCOUNTS", 20_000), ("ROWS", 2_000_000))
)
EACH_MANAGES = 250  # accounts; the sample's managers look after about 50
_DAYS = "date '2026-09-18' + cast(hash(account_id, 2) % 900 as integer)"


def company(folder: Path) -> Path:
    """The settings of a company of that size; written where it is not there yet."""
    done = folder / f"{ACCOUNTS}-{ROWS}"
    if not done.exists():
        write_sample(folder, ACCOUNTS, ROWS, seed=1)
        in_proportion(folder)
        done.touch()
    return folder / "kam.toml"


def in_proportion(folder: Path) -> None:
    """More managers, each with the region and industry of one of the sample's, and more contracts."""
    engine = duckdb.connect()
    engine.sql("set enable_progress_bar = false")
    each = max(1, ACCOUNTS // (5 * EACH_MANAGES))

    def one_of_many(name: str) -> str:
        at = f"hash(account_id) % {each}"
        return f"case when {name} like 'M0_' and {at} > 0 then {name} || '-' || ({at}) else {name} end as {name}"

    def again(name: str, query: str) -> None:
        # Told, not guessed: among a million names the first one with a comma comes after all that DuckDB looks at.
        told = "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"'"
        engine.sql(f"create or replace temp table seen as from read_csv('{folder / name}.csv', {told})")
        engine.sql(f"copy ({query}) to '{folder / name}.csv' (header)")

    names = one_of_many("account_manager_id"), one_of_many("deputy_id")
    again("accounts", f"select * replace ({names[0]}, {names[1]}) from seen")
    engine.sql("create temp table ids as select account_id from seen")
    again("contacts", f"select * replace ({one_of_many('owner_id')}) from seen")
    again("interactions", f"select * replace ({one_of_many('staff_id')}) from seen")
    again("managers", f"""from seen union all by name select * replace (manager_id || '-' || nth as manager_id,
        manager_name || ' ' || nth as manager_name, null as leaving_on, null as announced_on, null as departure_probability)
        from seen, range(1, {each}) as several(nth) where level = 'manager'""")  # fmt: skip
    again("contracts", f"""from seen union all by name select account_id, ({_DAYS})::varchar as ends_on, 'C-' || account_id as contract_id,
        '90' as notice_days from ids where hash(account_id, 1) % 12 = 0""")  # fmt: skip
    for file in sorted((folder / "transactions").glob("part-*.parquet")):
        told, whole = file.with_suffix(".told"), f"select * replace ({names[0]}) from read_parquet('{file}')"
        engine.sql(f"copy ({whole}) to '{told}' (format parquet, compression zstd)")
        told.replace(file)


def run(settings: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """GB of the largest process and of all together at their height (what they share counted once), seconds of computing."""
    command = [sys.executable, "-m", "kam_analysis", "report", str(settings), "--out", str(out), "--quiet"]
    command += ["--time-limit", "86400", "--memory-limit", "64", *options]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=out.parent)
    ended, together = threading.Event(), [0.0]
    watch = threading.Thread(target=_watch, args=(psutil.Process(process.pid), ended, together))
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    ended.set()
    watch.join()
    assert os.waitstatus_to_exitcode(status) == 0
    return used.ru_maxrss * 1024 / GB, together[0], used.ru_utime + used.ru_stime


def _watch(root: psutil.Process, ended: threading.Event, most: list[float]) -> None:
    while not ended.wait(0.5):
        try:
            family = [root, *root.children(recursive=True)]
        except psutil.Error:
            continue
        most[0] = max(most[0], memory_of(family, exactly=True) / GB)


def line(name: str, largest: float, together: float, computed: float, page: Path | None = None) -> None:
    size = f"{page.stat().st_size / 1e6:9.1f} MB" if page else " " * 12
    print(f"{name:<22} {largest:8.2f} GB {together:8.2f} GB {computed:8.0f} s {size}", flush=True)


def main(*chosen: str) -> None:
    kept = os.environ.get("KAM_LARGE_FOLDER")
    folder = Path(kept or tempfile.mkdtemp())
    try:
        print(f"{'':<22} {'largest':>11} {'together':>11} {'computing':>10} {'page':>12}")
        with tempfile.TemporaryDirectory() as name:
            largest, together, computed = run(HERE / "data" / "sample" / "kam.toml", Path(name) / "sample")
            line("the sample, all pages", largest, together, computed)
            settings = company(folder)
            print(f"{ACCOUNTS:,} accounts, {ROWS:,} rows, {len(pd.read_csv(folder / 'managers.csv')):,} people of ours")
            for page in chosen or PAGES:
                out, plans = Path(name) / page, ("1" if page.startswith("05") else "0")
                figures = run(settings, out, "--only", page, "--plans", plans)
                line(page, *figures, max(out.rglob("*.html"), key=lambda file: file.stat().st_size))
    finally:
        if not kept:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
