"""From a key pressed on a control to the changed charts: every explorer, in JupyterLab and Chromium for real.

Aims at the 95th percentile: the first chart within 100 ms on the sample and within 250 ms with 10,000 accounts. Beside
it: all charts, what the kernel took of that, and what the analysis alone took of that.
`python -m benchmarks.explorers 02_key_accounts` measures that notebook's explorer alone.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kam_analysis.sample import write_sample
from tests.batch.jupyterlab_for_tests import CHROMIUM, Lab, run_all, started

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[1]
MOVES = 40
# Before the first move: the kernel computes ahead in it. Whoever moves a control at once waits for first visits.
READING_SECONDS = 20
SLIDER, CHOICE, BOXES = "slider", "choice", "boxes"
# A few of each kind: what a control leads to differs more than how it is moved.
CONTROLS = {
    "01_concentration": {"Key from a share of": SLIDER, "Measure": CHOICE, "Period": CHOICE, "Product line": CHOICE},
    "02_key_accounts": {"Volume (%)": SLIDER, "Key from a share of": SLIDER, "Key accounts that can be served": SLIDER},
    "03_churn_impact": {"Customers to lose": BOXES, "Churn risk": SLIDER, "What could take several at once": BOXES, "Months to a first order": SLIDER},
    "04_coverage": {"If this manager left": CHOICE, "Customers who follow": SLIDER, "Successors' spare hours": SLIDER},
}  # fmt: skip
# Put in the place of the cell that shows the explorer.
WATCHED = """
import sys
sys.path.insert(0, {root!r})
from benchmarks.kernel_time import watched
watched(found, "kernel.json")
"""
# Of every chart that changed since the last key: milliseconds from the key to the frame that shows the change.
WATCH = """
() => {
  window.kam = { pressed: 0, drawn: {} };
  window.addEventListener("keydown", () => { window.kam = { pressed: performance.now(), drawn: {} }; }, true);
  for (const chart of document.querySelectorAll(".kam-chart")) {
    const painted = () => requestAnimationFrame(() => { window.kam.drawn[chart.dataset.chart] = performance.now() - window.kam.pressed; });
    new MutationObserver(painted)
      .observe(chart.querySelector(".kam-drawing"), { childList: true, subtree: true, attributes: true, characterData: true });
  }
}
"""
# Nothing changes any more: for half a second after a change, for three where there was none.
QUIET = """
() => {
  const drawn = Object.values(window.kam.drawn), since = performance.now() - window.kam.pressed;
  return drawn.length ? since - Math.max(...drawn) > 500 : since > 3000;
}
"""


@dataclass(frozen=True)
class Moves:
    """Milliseconds of each move of a control: to the first chart and to the last, in the kernel, in the analysis."""

    first: list[float]
    last: list[float]
    kernel: list[float]
    analysis: list[float]


def main(chosen: Sequence[str] = ()) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        print("the sample: aim 100 ms to the first chart", flush=True)
        company(None, Path(made) / "sample", chosen)
        print("\n10,000 customers: aim 250 ms", flush=True)
        write_sample(Path(made) / "large", 10_000, 250_000, seed=1)
        company(Path(made) / "large" / "kam.toml", Path(made) / "of_large", chosen)


def company(settings: Path | None, folder: Path, chosen: Sequence[str]) -> None:
    """Every explorer of one company, moved by keys."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with started(folder / "notebooks", browser, settings) as lab:
            for name in chosen or CONTROLS:
                page = opened(lab, name)
                for at, (label, kind) in enumerate(CONTROLS[name].items()):
                    if at:
                        page.wait_for_timeout(5_000)
                    show(f"{name}, {label}", moved(page, lab, label, kind))
                page.close()
        browser.close()


def opened(lab: Lab, name: str) -> "Page":
    """The notebook, run from top to bottom, its explorer in sight and watched."""
    path = lab.folder / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    [cell] = [each for each in notebook["cells"] if "explorer(ledger, found)" in "".join(each["source"])]
    shown = re.sub(r"(?:explore\.)?explorer\(ledger, found\)", r"found = \g<0>", "".join(cell["source"]), count=1)
    cell["source"] = f"{shown}\n{WATCHED.format(root=str(ROOT))}\nfound"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    page = lab.open(path.name)
    run_all(page)
    page.locator(".kam-explorer").scroll_into_view_if_needed()
    page.locator(".kam-chart:not([hidden]) .main-svg").first.wait_for(state="attached")
    page.wait_for_timeout(1000 * READING_SECONDS)
    page.evaluate(WATCH)
    return page


def moved(page: "Page", lab: Lab, label: str, kind: str) -> Moves:
    """A control moved to and fro by keys."""
    found, focused = Moves([], [], [], []), None
    for control, key in keys(page, label, kind):
        # Once for a control: to look for it anew makes work for the browser, which a hand on the keys does not.
        if control is not focused:
            control.focus()
            focused = control
        page.keyboard.press(key)
        page.wait_for_function(QUIET, polling=50)
        drawn = page.evaluate("window.kam.drawn")
        kernel, analysis = json.loads((lab.folder / "kernel.json").read_text(encoding="utf-8"))
        if not drawn:
            continue
        # The most important of those that follow this control.
        names = page.evaluate("[...document.querySelectorAll('.kam-chart')].map((each) => each.dataset.chart)")
        found.first.append(next(drawn[each] for each in names if each in drawn))
        found.last.append(max(drawn.values()))
        found.kernel.append(1000 * kernel)
        found.analysis.append(1000 * analysis)
    return found


def keys(page: "Page", label: str, kind: str) -> Iterator[tuple["Locator", str]]:
    """What is pressed where: a slider eight steps and back, a choice through all it offers and back, boxes in turn."""
    if kind == BOXES:
        boxes = page.get_by_role("group", name=label).get_by_role("checkbox")
        for at in range(MOVES):
            yield boxes.nth(at // 2 % min(boxes.count(), 8)), "Space"
        return
    control = page.get_by_role("slider", name=label) if kind == SLIDER else page.get_by_label(label, exact=True)
    steps = 8 if kind == SLIDER else min(control.locator("option").count() - 1, 12)
    start = 0 if kind == SLIDER else control.evaluate("(each) => each.selectedIndex")
    forth, back = ("ArrowRight", "ArrowLeft") if kind == SLIDER else ("ArrowDown", "ArrowUp")
    if start + steps >= (control.locator("option").count() if kind == CHOICE else MOVES):
        forth, back = back, forth
    for at in range(MOVES):
        yield control, forth if at // steps % 2 == 0 else back


def show(what: str, found: Moves) -> None:
    """A line for each part of the way: median, 95th percentile, most."""
    print(f"\n{what}: {len(found.first)} moves, ms: median, 95th percentile, most")
    parts = {"key to first chart": found.first, "key to last chart": found.last, "of it kernel": found.kernel, "of it analysis": found.analysis}  # fmt: skip
    for words, each in parts.items():
        if each:
            print(f"  {words:<20} " + "".join(f"{np.percentile(each, at):7.0f}" for at in (50, 95, 100)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
