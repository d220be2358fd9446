"""What all explorers have in common, seen at 01's in JupyterLab: keys, names, copying, running again, saving."""

import json

from jupyterlab_for_tests import LOOK_MILLISECONDS, Explored

NAME = "01_concentration"
LABELS = ("Measure", "Period", "Product line", "Companies of a group", "Key from a share of", "Highlight a customer")
SMALL_BYTES = 600_000  # the charts and tables of the notebook itself; the explorer's library alone has five million


def test_a_customer_is_highlighted_and_an_unknown_one_is_told(explorer: Explored) -> None:
    before = explorer.chart("what_if")
    explorer.enter("Highlight a customer", "tressel")
    explorer.until_changed("what_if", before)
    explorer.until_settled()
    assert "Tressel Chemicals GmbH is number 2" in explorer.answer
    explorer.enter("Highlight a customer", "zzz")
    explorer.page.locator(".kam-trouble:visible").wait_for()
    assert 'no customer matches "zzz"' in explorer.trouble


def test_keys_alone_reach_everything_and_jupyterlab_takes_none(explorer: Explored) -> None:
    page = explorer.page
    cells = page.locator(".jp-Cell").count()
    page.get_by_label(LABELS[0], exact=True).focus()
    page.keyboard.press("d")
    page.keyboard.press("d")
    reached = []
    for _ in range(14):
        reached.append(
            page.evaluate(
                "document.activeElement.labels?.[0]?.textContent || document.activeElement.getAttribute('role') || document.activeElement.textContent"
            )
        )
        page.keyboard.press("Tab")
    assert [each for each in reached if each in LABELS] == [each for each in LABELS if each != "Key from a share of"]
    assert {"slider", "Reset", "Copy as a report"} <= set(reached)
    assert page.locator(".jp-Cell").count() == cells


def test_a_slider_says_its_name_and_its_value(explorer: Explored) -> None:
    slider = explorer.page.get_by_role("slider", name="Key from a share of")
    slider.press("ArrowRight")
    explorer.until_command("key_share=0.11")
    assert slider.get_attribute("aria-valuetext") == "11%"


def test_a_chart_that_fails_takes_no_other_with_it_and_is_drawn_by_the_next_move(explorer: Explored) -> None:
    page, before = explorer.page, {name: explorer.chart(name) for name in ("largest", "what_if")}
    page.evaluate(
        "() => { const library = globalThis[Symbol.for('kam.plotly')], own = library.react;"
        " library.react = () => { library.react = own; throw new Error('broken'); }; }"
    )
    explorer.press("Measure", "ArrowDown")
    explorer.until_changed("what_if", before["what_if"])
    assert explorer.chart("largest") == before["largest"]
    assert "could not be drawn" in page.locator('.kam-chart[data-chart="largest"] figcaption').inner_text()
    explorer.press("Measure", "ArrowDown")
    explorer.until_changed("largest", before["largest"])
    explorer.until_settled()


def test_the_command_can_be_copied_or_is_selected(explorer: Explored) -> None:
    explorer.page.get_by_role("button", name="Copy as a report").press("Enter")
    said = explorer.page.locator(".kam-said")
    said.filter(has_text="opied").or_(said.filter(has_text="selected")).wait_for()


def test_running_the_cell_again_gives_one_explorer_that_follows(explorer: Explored) -> None:
    page = explorer.page
    first = explorer.root.element_handle()
    page.locator(".kam-finding").click()  # the code is folded: a click anywhere in the cell makes it the one that runs
    page.keyboard.press("Control+Enter")
    page.wait_for_function("first => !first.isConnected", arg=first, polling=LOOK_MILLISECONDS)
    page.locator(".kam-chart:visible").nth(3).wait_for()
    explorer.until_settled()
    assert explorer.root.count() == 1
    before = explorer.chart("largest")
    explorer.press("Measure", "ArrowDown")
    explorer.until_changed("largest", before)
    explorer.until_command("measure=margin")
    assert "of margin" in explorer.answer


def test_the_saved_notebook_holds_nothing_of_the_explorer(explorer: Explored) -> None:
    """What is not small in it are the pictures that JupyterLab's own plotly renderer adds to the notebook's charts."""
    stamp = explorer.notebook.stat().st_mtime_ns
    explorer.page.keyboard.press("Control+s")
    explorer.page.locator("text=Saving completed").first.wait_for()
    assert explorer.notebook.stat().st_mtime_ns != stamp
    saved = json.loads(explorer.notebook.read_text(encoding="utf-8"))
    assert "widgets" not in saved["metadata"]
    [cell] = [each for each in saved["cells"] if "explorer(ledger, found)" in "".join(each["source"])]
    assert len(json.dumps(cell["outputs"])) < 1_000
    for each in saved["cells"]:
        for output in each.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    assert len(json.dumps(saved)) < SMALL_BYTES
