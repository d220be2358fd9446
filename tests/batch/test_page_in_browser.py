"""The page as a reader meets it: in a real browser, offline, at the width of a desk and of a phone."""

import base64
import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import BREAKOUT, HOSTILE, code, figure, result, table, text, write
from pages_for_tests import BARS, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAME = HOSTILE + BREAKOUT
STYLED = code(
    "import pandas as pd\nfrom IPython.display import HTML, display\n"
    f"display(HTML('<script>document.title = 1</script><table><caption>{HOSTILE}</caption><tr><td>{HOSTILE}</td></tr></table>'))\n"
    f"display({{'text/markdown': '{HOSTILE} **bold**', 'text/plain': ''}}, raw=True)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose every name is hostile, and an index that lists it."""
    folder = tmp_path_factory.mktemp("site")
    hostile = result(answer=f"{NAME} makes 41%.", question=f"What of {NAME}?", tables={NAME: [{NAME: NAME}]})
    write(
        folder / "notebooks",
        "01_hostile",
        text("# Title of the notebook"),
        hostile,
        text("## Evidence\n\n# A second heading of the first level"),
        figure(NAME, NAME),
        figure("Seven make half", NAME),
        table(NAME),
        STYLED,
    )
    summary = reports_here(None, folder / "out", check=False, notebooks=folder / "notebooks")
    assert summary.failed == {}
    return folder / "out"


@pytest.mark.parametrize("width", [1440, 390])
def test_charts_are_drawn_nothing_is_loaded_and_the_page_does_not_scroll_sideways(
    browser: "Browser", site: Path, width: int
) -> None:
    page, troubles = visit(browser, site / "01_hostile.html", width)
    assert troubles == []
    assert page.locator("figure").count() == page.locator(f".drawing {BARS}").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".drawing svg:visible").first.bounding_box()["width"] <= width
    scroller = page.locator(".table-scroll").first
    assert scroller.evaluate("each => each.scrollWidth > each.clientWidth")
    page.close()


def test_the_page_is_in_order_for_a_screen_reader(browser: "Browser", site: Path) -> None:
    page, _ = visit(browser, site / "01_hostile.html", 1440)
    # Its answer is shown in a way of its own: the question stays the heading.
    assert page.locator("h1").all_inner_texts() == [f"What of {NAME}?"]
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("main").count() == 1
    assert page.locator("img, main script, iframe").count() == 0
    for position in range(2):
        shown = page.locator("figure").nth(position)
        assert shown.get_attribute("aria-label")
        assert shown.get_attribute("role") == "group"
        assert NAME in shown.locator("details table").inner_html().replace("&lt;", "<").replace("&gt;", ">").replace(
            "&amp;", "&"
        )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.close()


def test_the_index_opens_quietly_and_leads_to_the_page(browser: "Browser", site: Path) -> None:
    width = 390
    page, troubles = visit(browser, site / "index.html", width)
    assert troubles == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert NAME in page.locator("li.report").first.inner_text()
    page.locator("h2 a").first.click()
    page.wait_for_url("**/01_hostile.html")
    page.close()


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_same_is_seen_in_the_markup(site: Path) -> None:
    """Without a browser: one library, no address, no code, as many charts as the notebook has."""
    html = (site / "01_hostile.html").read_text(encoding="utf-8")
    elements = Elements(html).found
    tags = [tag for tag, _ in elements]
    # Two charts' data, the library, the page's script and the charts'; and what wakes that one where they are drawn already.
    scripts = 5 + ('id="waking"' in html)
    assert (tags.count("figure"), tags.count("script"), tags.count("h1")) == (2, scripts, 1)
    packed = re.findall(r'<script type="application/gzip" id="library">([A-Za-z0-9+/=]+)</script>', html)
    assert [gzip.decompress(base64.b64decode(each)).decode().count("* plotly.js v") for each in packed] == [1]
    assert not {"img", "iframe", "link", "object"} & set(tags)
    for tag, attributes in elements:
        assert not [name for name in attributes if name.startswith("on") or name == "src"], tag
        assert attributes.get("href", "#") in ("#", "#content", "index.html")
    policy = next(each["content"] or "" for _, each in elements if each.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.split("script-src")[1].split(";")[0]
    before_scripts = html[: html.index("<script")]
    for trace in ("import html", "display(", "Title of the notebook", "http:", "https:"):
        assert trace not in before_scripts
