"""Every explorer as a user meets it: JupyterLab for real, the notebook run from top to bottom, keys alone."""

from collections.abc import Callable
from typing import Literal

import pytest
from jupyterlab_for_tests import Explored

from kam_analysis.typed import typed

NOTEBOOKS = ("01_concentration", "02_key_accounts", "03_churn_impact", "04_coverage")
CHARTS = {"01_concentration": 4, "02_key_accounts": 3, "03_churn_impact": 3, "04_coverage": 3}
ERRORS = ".jp-OutputArea-output[data-mime-type*='error'], .jp-RenderedText[data-mime-type*='stderr']"
# Of a control by its name: the key, the charts that follow it, and what the copied line then says.
SLIDERS = [
    ("01_concentration", "Key from a share of", "ArrowLeft", ["largest"], "key_share=0.09"),
    ("02_key_accounts", "Volume (%)", "ArrowRight", ["served", "matrix"], "weights={ volume = 13.0, "),
    ("02_key_accounts", "Key from a share of", "ArrowLeft", ["served"], "key_share=0.09"),
    ("02_key_accounts", "Key accounts that can be served", "ArrowLeft", ["firmness"], "limit=24"),
    ("03_churn_impact", "Churn risk", "ArrowRight", ["bad_year"], "chance_factor=1.25"),
    (
        "03_churn_impact",
        "Customers who follow a manager who leaves",
        "ArrowRight",
        ["bad_year"],
        "{ follow_rate = 0.31 }",
    ),
    ("03_churn_impact", "Planning horizon", "ArrowLeft", ["recovery"], "plan_months=35"),
    ("03_churn_impact", "Months to a first order", "ArrowRight", ["recovery"], "{ sales_cycle_months = 6.0 }"),
    ("03_churn_impact", "Months from there to full size", "ArrowRight", ["recovery"], "{ ramp_months = 6.5 }"),
    ("04_coverage", "Customers who follow", "ArrowRight", ["departures"], "follow_rate=0.35"),
    ("04_coverage", "Successors' spare hours", "ArrowRight", ["successors"], "spare_hours=1.0"),
]
CHOICES = [
    ("01_concentration", "Measure", "ArrowDown", ["largest", "moved", "what_if"], "measure=margin"),
    ("01_concentration", "Product line", "s", ["largest", "moved", "what_if"], "line=Seals"),
    ("01_concentration", "Companies of a group", "ArrowDown", ["largest", "what_if"], "parents=no"),
    ("04_coverage", "If this manager left", "ArrowDown", ["departures", "successors"], "leaving="),
]
BOXES = [
    ("03_churn_impact", "Customers to lose", 1, ["worst_cases", "recovery"], 'lost_accounts=["0010200"]'),
    ("03_churn_impact", "What could take several at once", 0, ["bad_year"], "without_causes="),
]
NAMES = [
    ("02_key_accounts", "Highlight a customer", "bexley", ["served", "matrix", "firmness"], "customer=0010700"),
    ("04_coverage", "See the contacts at", "hollin", ["contacts"], "contacts_of=0010500"),
    ("05_account_plan", "Account", "hollin", ["sales", "white_space", "contacts"], "account_id=0010500"),
]
on_each = pytest.mark.parametrize("explorer", NOTEBOOKS, indirect=True)


def follows(explorer: Explored, charts: list[str], said: str, move: Callable[[], None]) -> None:
    """The charts are drawn otherwise, the line that is copied says how, and nothing went wrong."""
    before = {name: explorer.chart(name) for name in charts}
    move()
    for name, drawn in before.items():
        explorer.until_changed(name, drawn)
    explorer.until_command(said, anywhere=True)
    explorer.until_settled()
    assert explorer.trouble == ""


@on_each
def test_the_notebook_runs_and_its_explorer_is_drawn(explorer: Explored) -> None:
    assert explorer.page.locator(ERRORS).count() == 0
    assert explorer.page.locator(".kam-chart:visible").count() == CHARTS[explorer.notebook.stem]
    assert len(explorer.answer) > 40
    folder = str(explorer.notebook.parent)
    assert explorer.command == typed(["kam", "report", "--notebooks", folder, "--only", explorer.notebook.stem])
    assert explorer.troubles == []


@on_each
def test_every_chart_has_a_name_and_a_table(explorer: Explored) -> None:
    for chart in explorer.page.locator(".kam-chart:visible").all():
        assert chart.get_attribute("aria-label")
        chart.locator("summary").press("Enter")
        chart.locator("tbody tr").nth(1).wait_for()
        chart.locator("summary").press("Enter")


@on_each
def test_every_chart_has_its_room_at_once(explorer: Explored) -> None:
    """Where the chart library has to make room for labels, it draws all of a chart a second time."""
    drawings = explorer.page.locator(".kam-chart:visible .kam-drawing")
    room = drawings.evaluate_all("(all) => all.map((each) => [each.layout.margin, each._fullLayout._size])")
    assert len(room) == CHARTS[explorer.notebook.stem]
    for asked, drawn in room:
        assert {side: drawn[side] for side in "ltb"} == {side: asked[side] for side in "ltb"}


@pytest.mark.parametrize(("explorer", "control", "key", "charts", "said"), SLIDERS, indirect=["explorer"])
def test_a_slider_is_moved_by_key(explorer: Explored, control: str, key: str, charts: list[str], said: str) -> None:
    slider = explorer.page.get_by_role("slider", name=control)
    follows(explorer, charts, said, lambda: slider.press(key))


@pytest.mark.parametrize(("explorer", "control", "key", "charts", "said"), CHOICES, indirect=["explorer"])
def test_another_choice_is_made_by_key(
    explorer: Explored, control: str, key: str, charts: list[str], said: str
) -> None:
    follows(explorer, charts, said, lambda: explorer.press(control, key))


@pytest.mark.parametrize(("explorer", "control", "at", "charts", "said"), BOXES, indirect=["explorer"])
def test_a_box_is_ticked_by_key(explorer: Explored, control: str, at: int, charts: list[str], said: str) -> None:
    box = explorer.page.get_by_role("group", name=control).get_by_role("checkbox").nth(at)
    follows(explorer, charts, said, lambda: box.press("Space"))


@pytest.mark.parametrize(("explorer", "control", "text", "charts", "said"), NAMES, indirect=["explorer"])
def test_a_customer_is_named(explorer: Explored, control: str, text: str, charts: list[str], said: str) -> None:
    follows(explorer, charts, said, lambda: explorer.enter(control, text))


# How long the kernel is waited for to tell the browser what the next moves lead to.
TOLD_SECONDS = 8
DRAWN_SECONDS = 5
# What the first chart follows, one of each kind of control.
AHEAD = [
    ("01_concentration", "slider", "Key from a share of", "ArrowRight"),
    ("01_concentration", "combobox", "Measure", "ArrowDown"),
    ("02_key_accounts", "slider", "Volume (%)", "ArrowRight"),
    ("03_churn_impact", "checkbox", "Hollin Energy", "Space"),
    ("04_coverage", "combobox", "If this manager left", "ArrowDown"),
]


@pytest.mark.parametrize(("explorer", "role", "control", "key"), AHEAD, indirect=["explorer"])
def test_a_move_is_drawn_before_the_kernel_has_heard_of_it(
    explorer: Explored, role: Literal["slider", "combobox", "checkbox"], control: str, key: str
) -> None:
    moved = explorer.page.get_by_role(role, name=control)
    first = explorer.page.locator(".kam-chart").first.get_attribute("data-chart") or ""
    ahead = before = ""
    # A busy machine does little ahead: it gets more time, and once more.
    for patience in (1, 4, 8):
        seconds = patience * TOLD_SECONDS
        if role == "checkbox":
            # What comes next of a control in hand is told first; a box would only go back to what was drawn.
            explorer.until_all_is_told(seconds)
        else:
            told = explorer.told
            moved.press(key)
            explorer.until_settled()
            explorer.until_told(told, seconds)
        before, said = explorer.chart(first), explorer.command
        with explorer.unheard():
            moved.press(key)
            ahead = explorer.until_drawn_ahead(first, before, patience * DRAWN_SECONDS)
        explorer.until_other_command(said)  # a box ticked again says what was said at first
        if ahead != before:
            break
    assert ahead != before
    explorer.until_settled()
    assert explorer.chart(first) == ahead


@pytest.mark.parametrize("explorer", ["02_key_accounts"], indirect=True)
def test_weights_on_their_way_back_are_drawn_once_and_right(explorer: Explored) -> None:
    """The same sliders can stand for other weights: the others follow the one that was moved, in proportion."""
    volume = explorer.page.get_by_role("slider", name="Volume (%)")
    for _ in range(8):
        told, said = explorer.told, explorer.command
        volume.press("ArrowRight")
        explorer.until_other_command(said)
    right = []
    for _ in range(5):
        explorer.until_told(told, TOLD_SECONDS / 4)  # on the way back little is told that was not told before
        explorer.until_settled()  # a busy machine may still draw the move before
        before, served, said = explorer.chart("matrix"), explorer.chart("served"), explorer.command
        with explorer.drawings() as drawn:
            told = explorer.told
            with explorer.unheard():
                volume.press("ArrowLeft")
                ahead = explorer.until_drawn_ahead("served", served, DRAWN_SECONDS)
            explorer.until_other_command(said)
            explorer.until_changed("matrix", before)
            explorer.until_settled()
        assert drawn == ["served", "matrix"]
        if ahead == served:
            # A busy machine has not told this step yet: the kernel drew it. After three long steps it rests for a minute.
            explorer.until_all_is_told(TOLD_SECONDS if right else 8 * TOLD_SECONDS)
        else:
            right.append(explorer.chart("served") == ahead)
    assert right
    assert all(right)


@pytest.mark.parametrize("explorer", ["01_concentration"], indirect=True)
def test_a_hand_that_goes_on_sees_no_step_back(explorer: Explored) -> None:
    """What the kernel says of a move before the last comes when the last is drawn already."""
    explorer.page.get_by_role("slider", name="Key from a share of").press("ArrowRight")
    explorer.until_command("key_share=0.11")
    explorer.until_all_is_told(8 * TOLD_SECONDS)
    with explorer.drawings() as drawn, explorer.patient():
        for _ in range(4):
            explorer.page.keyboard.press("ArrowRight")
            explorer.page.wait_for_timeout(20)
        explorer.until_command("key_share=0.15")
        explorer.until_settled()
    assert set(drawn) == {"largest"}
    assert len(drawn) <= 4


@pytest.mark.parametrize("explorer", ["02_key_accounts"], indirect=True)
def test_each_key_press_is_one_more(explorer: Explored) -> None:
    slider = explorer.page.get_by_role("slider", name="Key accounts that can be served")
    for number in range(26, 34):
        slider.press("ArrowRight")
        explorer.until_command(f"limit={number}")


@on_each
def test_axe_finds_no_serious_fault(explorer: Explored) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(explorer.page, context={"include": [[".kam-explorer"]]}).response["violations"]
    said = [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")
    ]
    assert said == []


@on_each
def test_nothing_is_cut_and_nothing_scrolls_sideways(explorer: Explored) -> None:
    beyond = "(each) => each.getBoundingClientRect().right - each.closest('.kam-drawing').getBoundingClientRect().right"
    for width in (1600, 1280, 900):
        explorer.page.set_viewport_size({"width": width, "height": 900})
        explorer.until_settled()
        assert explorer.root.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 1
        for chart in explorer.page.locator(".kam-drawing:visible").all():
            wide = chart.evaluate("(each) => each.querySelector('.main-svg').clientWidth - each.clientWidth")
            assert abs(wide) <= 1
            for text in chart.locator(".annotation-text").all():
                assert text.evaluate(beyond) <= 1, text.text_content()
    explorer.page.set_viewport_size({"width": 1280, "height": 900})
