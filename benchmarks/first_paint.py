"""A published page opened in a cold Chromium: until something is painted, until its first chart is drawn, until its last.

Each page is opened beside itself with the library as plain text before everything else, as a page without our packing
would carry it; with `KAM_BEFORE`, the folder of an older checkout, beside that one's page. In turn, each time in a
browser that was never started before.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kam_analysis.batch.page import library
from tests.batch.jupyterlab_for_tests import CHROMIUM

HERE = Path(__file__).parents[1]
RUNS = 7
PAGES = ("01_concentration", "03_churn_impact")
# Milliseconds since the page was asked for, of each chart's first drawing: the library's, or the one that is in the page.
WATCH = """
window.kamDrawn = [];
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const each of addedNodes)
    if (each.classList && each.matches(".main-svg, .drawn") && each.parentNode.querySelector(".main-svg, .drawn") === each)
      requestAnimationFrame(() => window.kamDrawn.push(performance.now()));
}).observe(document, { childList: true, subtree: true });
"""
QUIET = "() => window.kamDrawn.length && performance.now() - Math.max(...window.kamDrawn) > 1500"
FOUND = """
() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  first: Math.min(...window.kamDrawn), last: Math.max(...window.kamDrawn), charts: window.kamDrawn.length,
})
"""


def published(package: Path, out: Path) -> None:
    """The sample's pages as the checkout `package` makes them."""
    only = [part for name in PAGES for part in ("--only", name)]
    command = [sys.executable, "-m", "kam_analysis", "report", "--out", str(out), *only]
    environment = os.environ | {"PYTHONPATH": str(package)}
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=out.parent)


def unpacked(page: Path, out: Path) -> Path:
    """The page with its library as plain text in its head, and nothing left to unpack."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    text = text.replace("<head>", f"<head><script>{library()[0]}</script>", 1)
    # What waits for the unpacked source goes on at once.
    text = re.sub(r"unpacked\(document[^)]*\)\.textContent\)", 'Promise.resolve("")', text)
    text = re.sub(r'(<script type="application/gzip"[^>]*>)[^<]*', r"\1", text)
    changed = out / page.name
    changed.write_text(text, encoding="utf-8")
    return changed


def opened(page: Path) -> Mapping[str, Any]:
    """What a browser of its own took for the page, in milliseconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": 1440, "height": 900})
        window.add_init_script(WATCH)
        window.goto(page.as_uri())
        window.wait_for_function(QUIET, polling=200)
        found: Mapping[str, Any] = window.evaluate(FOUND)
        browser.close()
    return found


def main(runs: int = RUNS) -> None:
    before = os.environ.get("KAM_BEFORE")
    with tempfile.TemporaryDirectory() as folder:
        ours, plain, older = (Path(folder) / name for name in ("ours", "plain", "older"))
        published(HERE, ours)
        plain.mkdir()
        if before:
            published(Path(before), older)
        for name in PAGES:
            sides = {"page": ours / f"{name}.html"}
            sides["library as plain text"] = unpacked(sides["page"], plain)
            if before:
                sides["page before"] = older / f"{name}.html"
            measured: dict[str, list[Mapping[str, Any]]] = {side: [] for side in sides}
            for _ in range(runs):
                for side, page in sides.items():
                    measured[side].append(opened(page))
            show(name, sides, measured)


def show(name: str, sides: Mapping[str, Path], measured: Mapping[str, list[Mapping[str, Any]]]) -> None:
    print(f"{name}: milliseconds, median of {len(next(iter(measured.values())))} (least to most)", flush=True)
    for side, runs in measured.items():
        said = [f"{side:<22} {sides[side].stat().st_size / 1e6:5.2f} MB"]
        for what in ("paint", "first", "last"):
            each = sorted(run[what] for run in runs)
            said.append(f"{what} {statistics.median(each):5.0f} ({each[0]:.0f}-{each[-1]:.0f})")
        print("  ".join([*said, f"{runs[0]['charts']} charts"]), flush=True)


if __name__ == "__main__":
    main()
