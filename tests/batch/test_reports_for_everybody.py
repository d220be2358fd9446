"""The sample's reports for whoever hears them or has no mouse: names, tables, axe-core's rules, the keyboard alone."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pages_for_tests import Opened

from kam_analysis.bundled import notebooks_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Plans lie in a folder of their own, one per account.
REPORTS = sorted(path.stem for path in notebooks_folder().glob("*.ipynb") if path.stem != "05_account_plan")
PAGES = ["index", *REPORTS]
PLAN, SHEET = "a plan", "a customer's sheet"

# What the focus must reach: whatever can be followed, opened or scrolled.
_REACHABLE = """
() => [...document.querySelectorAll('a[href], summary, button, input, .kam-table[tabindex], .table-scroll[tabindex]')]
  .filter(each => each.matches('.skip') || each.checkVisibility())
  .map(each => each.dataset.stop ??= String(++window.stops || (window.stops = 1)))
"""
_FOCUSED = """
() => {
  const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
  return {
    stop: each.dataset.stop ?? null, what: each.outerHTML.slice(0, 80), ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}
"""


# Of rows that repeat some say all, and drawings are hidden from readers (that nothing in them takes the focus is
# tested below): to judge each text's contrast is slow.
_SOME_ROWS = "tbody tr:nth-child(n + 6) { display: none }"
_WITHOUT_DRAWINGS = {"exclude": [[".drawing"]]}


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "light"), (1440, "dark")])
@pytest.mark.parametrize("name", [*PAGES, PLAN, SHEET])
def test_axe_finds_no_fault(
    opened: Opened, published: Path, name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, _ = opened(file_of(published, name), width)
    page.emulate_media(color_scheme=scheme)
    # Closed tables are part of the page, too.
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    shortened = page.add_style_tag(content=_SOME_ROWS)
    found: list[dict[str, Any]] = axe.run(page, context=_WITHOUT_DRAWINGS).response["violations"]
    shortened.evaluate("each => each.remove()")
    page.emulate_media(color_scheme="light")
    assert [(each["id"], each["impact"], [node["target"] for node in each["nodes"]][:5]) for each in found] == []


@pytest.mark.parametrize("name", REPORTS)
def test_each_chart_has_a_name_of_its_own_and_a_table(opened: Opened, name: str) -> None:
    page, _ = opened(name, 1440)
    charts = page.locator("figure.chart").all()
    names = [chart.get_attribute("aria-label") or "" for chart in charts]
    assert len(charts) == len(set(names)) > 0
    assert min(len(each) for each in names) > 20
    for chart in charts:
        rows = chart.locator("details table tbody tr")
        heads = chart.locator("details table thead :is(th, td)").count()
        assert rows.count() > 0
        assert heads > 1
        assert rows.first.locator("td, th").count() == heads


def file_of(published: Path, name: str) -> str:
    """A page's place among the reports; of plans and sheets the first account's."""
    if name not in (PLAN, SHEET):
        return name
    first = min((published / "plans").glob("*.customer.html")).name.removesuffix(".customer.html")
    return f"plans/{first}" if name == PLAN else f"plans/{first}.customer"


def stops(page: "Page") -> list[dict[str, Any]]:
    """Where Tab leads, from the page's beginning until it comes to its end."""
    from playwright.sync_api import TimeoutError as Late

    reached: list[dict[str, Any]] = []
    while True:
        page.evaluate("() => { window.kamLast = document.activeElement; }")
        page.keyboard.press("Tab")
        with suppress(Late):  # on a busy machine the focus comes later than the key
            page.wait_for_function("document.activeElement !== window.kamLast", timeout=10_000)
        focused = page.evaluate(_FOCUSED)
        if focused["stop"] is None or focused["stop"] in [each["stop"] for each in reached]:
            return reached
        reached.append(focused)


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(opened: Opened, name: str) -> None:
    page, _ = opened(name, 390)
    wanted = page.evaluate(_REACHABLE)
    reached = stops(page)
    assert [each["stop"] for each in reached] == wanted
    assert [each["what"] for each in reached if not each["ringed"] or not each["seen"]] == []


@pytest.mark.parametrize("name", REPORTS)
def test_enter_opens_a_charts_table_and_the_next_stop_is_that_table(opened: Opened, name: str) -> None:
    page, _ = opened(name, 390)
    for chart in page.locator("figure.chart").all():
        chart.locator("summary").focus()
        page.keyboard.press("Enter")
        assert chart.locator("details").get_attribute("open") is not None
        table = chart.locator(".kam-table")
        assert table.is_visible()
        if table.get_attribute("tabindex") is not None:  # only what scrolls is a stop
            page.keyboard.press("Tab")
            assert table.evaluate("each => each === document.activeElement")


def test_the_skip_link_leads_past_the_header(opened: Opened) -> None:
    page, _ = opened("01_concentration", 1440)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
