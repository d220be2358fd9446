"""From a cold Python to the first figure of the sample: how long, and where the time goes."""

import subprocess
import sys

STEPS = """
import time
began = last = time.perf_counter()
def step(name):
    global last
    now = time.perf_counter()
    print(f"{name:<42} {now - last:6.2f} s", flush=True)
    last = now
import pandas; step("import pandas")
import ibis, duckdb; step("import Ibis and DuckDB")
from kam_analysis.ledger import open_ledger; import kam_analysis.ledger.accounts; step("import the ledger")
import pandera.pandas; step("import pandera (checks)")
from kam_analysis.pages.concentration import charts as figures; step("import plotly (figures)"
from kam_analysis.pages.concentration import findings as findings; step("import the findings"
ledger = open_ledger(); step("open and check the sample")
from kam_analysis.analysis.concentration import concentrate
now = concentrate(ledger.by_account(), "revenue"); step("account totals and shares")
figure = figures.pareto(now, findings.source(ledger), "EUR"); step("draw the Pareto figure")
figure.to_plotly_json(); step("figure to JSON")
print(f"{'all':<42} {time.perf_counter() - began:6.2f} s")
"""


def main() -> None:
    subprocess.run([sys.executable, "-c", STEPS], check=True)
