"""What a page gains where scripts run: tables that sort, can be searched and taken away, charts too, the dark."""

import csv
import io
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pages_for_tests import BARS, PATIENCE_SECONDS, Opened, visit

from kam_analysis.pages import style

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NAME, CAPTION = "01_concentration", "The 15 largest customers"


@pytest.fixture
def page(opened: Opened) -> "Page":
    return opened(NAME, 1440)[0]


def the_table(page: "Page") -> "Locator":
    return page.locator(f'.kam-table[aria-label="{CAPTION}"]')


def column(page: "Page", at: int) -> list[str]:
    return the_table(page).locator(f"tbody tr:not([hidden]) > :nth-child({at})").all_inner_texts()


def results_of(folder: Path) -> list[dict[str, object]]:
    document = json.loads((folder / "results" / f"{NAME}.json").read_text(encoding="utf-8"))
    return list(document["tables"]["accounts"][:15])


def test_a_table_sorts_by_what_lies_behind_its_cells(browser: "Browser", published: Path) -> None:
    page, _ = visit(browser, published / f"{NAME}.html", 1440)
    first, names = column(page, 1), column(page, 2)
    change = the_table(page).get_by_role("button", name="Change vs. last year")
    change.click()
    head = change.locator("xpath=..")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, 1) != first
    assert column(page, 7)[0].startswith("+4.0")
    change.click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, 7)[0].startswith("\u2212")
    the_table(page).get_by_role("button", name="Customer").click()
    assert column(page, 2) == sorted(names, key=str.casefold)
    assert the_table(page).locator("th[aria-sort]").count() == 1
    the_table(page).get_by_role("button", name="Rank").click()
    the_table(page).get_by_role("button", name="Rank").click()
    assert column(page, 1) == first
    page.close()


def test_a_long_table_can_be_searched_and_says_how_many_rows_are_left(browser: "Browser", published: Path) -> None:
    page, _ = visit(browser, published / f"{NAME}.html", 1440)
    page.get_by_label(f"Find in the table: {CAPTION}").fill("gMBh")
    found = column(page, 2)
    assert found
    assert all("GmbH" in each for each in found)
    assert page.locator(".tools .found:not(:empty)").inner_text() == f"{len(found)} of 15 rows"
    page.get_by_label(f"Find in the table: {CAPTION}").fill("")
    assert len(column(page, 2)) == 15
    page.close()


def downloaded(page: "Page", button: "Locator") -> tuple[str, bytes]:
    with page.expect_download() as started:
        button.click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def test_a_tables_csv_has_the_values_that_are_published(page: "Page", published: Path) -> None:
    name, content = downloaded(page, page.get_by_role("button", name=f"CSV of the table: {CAPTION}"))
    assert name == "The-15-largest-customers.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    wanted = results_of(published)
    assert [row["Customer"] for row in rows] == [each["account_name"] for each in wanted]
    for row, each in zip(rows, wanted, strict=True):
        assert (float(row["Sales (€)"]), float(row["Share"])) == (each["revenue"], each["share"])


def test_a_chart_can_be_taken_away_as_picture_drawing_and_data(page: "Page") -> None:
    chart = page.locator("figure.chart").first
    names = {}
    for kind in ("PNG", "SVG", "CSV"):
        name, content = downloaded(page, chart.get_by_role("button", name=f"{kind} of the chart"))
        names[kind] = name
        begins = {"PNG": b"\x89PNG", "SVG": b"<svg", "CSV": b"\xef\xbb\xbf"}[kind]
        assert content.startswith(begins)
        assert len(content) > 200
    assert len({name.rsplit(".", 1)[0] for name in names.values()}) == 1


def test_the_contents_mark_where_the_reader_is_and_open_what_is_folded(browser: "Browser", published: Path) -> None:
    page, _ = visit(browser, published / f"{NAME}.html", 1440)
    page.evaluate("document.querySelectorAll('details.fold').forEach(each => { each.open = false; })")
    marked = page.locator(".contents a[aria-current]")
    page.locator(".contents a", has_text="What changed since last year").click()
    marked.filter(has_text="What changed since last year").wait_for()
    assert marked.all_inner_texts() == ["What changed since last year"]
    page.locator(".contents a", has_text="Reconciliation").click()
    page.locator("details.fold[open]").wait_for()
    assert page.locator("details.fold[open] h2").all_inner_texts() == ["Reconciliation to the source data"]
    page.close()


def test_a_charts_colours_follow_the_dark_and_paper_stays_white(browser: "Browser", published: Path) -> None:
    window = browser.new_context(color_scheme="dark", offline=True, viewport={"width": 1440, "height": 900})
    page = window.new_page()
    page.goto((published / f"{NAME}.html").as_uri())
    page.locator(f".drawing {BARS}").first.wait_for()
    grounds = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(grounds) == "rgb(15, 23, 34)"
    bars = "[...document.querySelector('.drawing').querySelectorAll(':is(.bars, .marks) path')]"
    fills = f"{bars}.filter(each => each.checkVisibility() && getComputedStyle(each).fill !== 'none').map(each => getComputedStyle(each).fill)"
    assert set(page.evaluate(fills)) == {"rgb(111, 168, 255)", "rgb(95, 118, 144)"}
    page.emulate_media(media="print")
    light = {
        f"rgb({int(each[1:3], 16)}, {int(each[3:5], 16)}, {int(each[5:], 16)})" for each in (style.ACCENT, style.REST)
    }
    until = time.monotonic() + PATIENCE_SECONDS
    while set(page.evaluate(fills)) != light:
        assert time.monotonic() < until, page.evaluate(fills)
        page.wait_for_timeout(50)
    assert page.evaluate(grounds) == "rgb(255, 255, 255)"
    window.close()


def test_a_share_with_a_bar_stands_in_its_column_on_paper_too(browser: "Browser", published: Path) -> None:
    """A class of the page's own frame that is hidden on paper must not be that of a cell."""
    page, _ = visit(browser, published / f"{NAME}.html", 1440)
    bars = the_table(page).locator("td.bar")
    on_screen = bars.all_inner_texts()
    page.emulate_media(media="print")
    shown = [each.evaluate("each => getComputedStyle(each).display") for each in bars.all()]
    assert shown == ["table-cell"] * len(on_screen)
    assert on_screen[0] == "18.1%"
    page.close()


def test_what_neighbouring_tiles_say_stands_level(page: "Page") -> None:
    """However many lines a tile's name takes."""
    for part in (".kam-label", ".kam-value:not(.long, .longer)", ".kam-beside"):
        tops = page.evaluate(
            "part => [...document.querySelectorAll(part)].map((each) => each.getBoundingClientRect().top)", part
        )
        assert len(tops) > 1, part
        assert max(tops) - min(tops) < 1, part


def test_the_first_screen_holds_answer_tiles_and_the_first_action(page: "Page") -> None:
    page.evaluate("scrollTo(0, 0)")
    for each in ("h1.kam-answer", ".kam-figures", ".kam-list li"):
        box = page.locator(each).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900, each


def test_without_scripts_a_page_is_whole(browser: "Browser", published: Path) -> None:
    window = browser.new_context(java_script_enabled=False, offline=True, viewport={"width": 1440, "height": 900})
    page = window.new_page()
    page.goto((published / f"{NAME}.html").as_uri())
    assert page.locator("button, input").count() == 0
    assert the_table(page).locator("tbody tr").count() == 15
    assert page.locator("nav.tabs a[aria-current]").inner_text() == "Concentration"
    window.close()


def test_the_bar_of_a_phone_shows_the_report_that_is_read(browser: "Browser", published: Path) -> None:
    page, _ = visit(browser, published / "06_leadership_brief.html", 390)
    tabs, here = page.locator(".tabs").bounding_box(), page.locator(".tabs [aria-current]").bounding_box()
    assert tabs
    assert here
    assert tabs["x"] <= here["x"]
    assert here["x"] + here["width"] <= tabs["x"] + tabs["width"] + 1
    page.close()
