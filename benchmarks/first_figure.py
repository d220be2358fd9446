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
from kam_analysis.ledger import open_ledger; import kam_analysis.ledger.ledger; step("import the ledger"
from kam_analysis.pages.concentration import charts_largest; step("import plotly (figures)")
from kam_analysis.pages.concentration.found import collect; step("import the findings")
ledger = open_ledger(); step("open and check the sample")
found = collect(ledger); step("everything that the page says")
figure = charts_largest.pareto(found); step("draw the Pareto figure")
figure.to_plotly_json(); step("figure to JSON")
print(f"{'all':<42} {time.perf_counter() - began:6.2f} s")
"""


def main() -> None:
    subprocess.run([sys.executable, "-c", STEPS], check=True)
