"""An explorer's controls stay in view beside the charts that follow them, its code is folded, work at hand is seen."""

import pytest
from jupyterlab_for_tests import Explored

NOTEBOOKS = ("01_concentration", "02_key_accounts", "03_churn_impact", "04_coverage")
on_each = pytest.mark.parametrize("explorer", NOTEBOOKS, indirect=True)
# Scrolled to the last chart: where the controls are then, and where the notebook's own window is.
_AT_THE_LAST = """
async () => {
  const charts = [...document.querySelectorAll(".kam-chart")].filter((each) => each.checkVisibility());
  charts.at(-1).scrollIntoView({ block: "end" });
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
  const place = (element) => { const at = element.getBoundingClientRect(); return [at.left, at.top, at.right, at.bottom]; };
  const reset = document.querySelector(".kam-reset");
  return { controls: place(document.querySelector(".kam-controls")), chart: place(charts.at(-1)),
           window: place(document.querySelector(".jp-WindowedPanel-outer")), scrolls: getComputedStyle(reset.closest(".kam-controls")).overflowY };
}
"""


@on_each
def test_controls_stay_in_view_beside_the_last_chart(explorer: Explored) -> None:
    seen = explorer.page.evaluate(_AT_THE_LAST)
    left, top, right, bottom = seen["controls"]
    assert right < seen["chart"][0], "beside the chart"
    assert seen["window"][1] - 1 <= top < bottom <= seen["window"][3] + 1
    assert seen["scrolls"] == "auto", "where there are more than fit"
    assert left >= seen["window"][0]


@on_each
def test_the_code_of_an_explorer_is_folded(explorer: Explored) -> None:
    cell = explorer.page.locator(".jp-CodeCell", has=explorer.page.locator(".kam-explorer"))
    assert not cell.locator(".jp-CodeMirrorEditor").is_visible()


@pytest.mark.parametrize("explorer", ["03_churn_impact"], indirect=True)
def test_work_that_takes_a_moment_is_seen_and_ends(explorer: Explored) -> None:
    busy = explorer.page.locator('.kam-explorer [aria-busy="true"]')
    assert busy.count() == 0
    with explorer.unheard():
        explorer.page.get_by_role("slider", name="Planning horizon").press("ArrowLeft")
        busy.wait_for()
    explorer.until_command("plan_months=35", anywhere=True)
    busy.wait_for(state="detached")
