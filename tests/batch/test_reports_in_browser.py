"""The sample's reports and their index as a reader meets them: opened from disk, offline, at three widths."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from chart_words_for_tests import WORDS, Words, as_words, cut, overlapping
from pages_for_tests import Opened, visit

from kam_analysis.batch.page_charts import PLOTLY_MIME
from kam_analysis.bundled import notebooks_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Plans lie in a folder of their own, one per account.
REPORTS = sorted(path.stem for path in notebooks_folder().glob("*.ipynb") if path.stem != "05_account_plan")
PAGES = ["index", *REPORTS]
WIDTHS = [390, 768, 1440]


@dataclass(frozen=True)
class Seen:
    """What a page showed at one width."""

    troubles: list[str]
    charts: int
    whole_width: float
    words: list[Words]
    links: list[str]
    ids: list[str]


Look = Callable[[str, int], Seen]


# The drawings that hold lines, bars or points.
_DRAWN = "all => all.filter(each => each.querySelector('.main-svg .trace path, .drawn .marks path')).length"


@pytest.fixture(scope="module")
def look(opened: Opened) -> Look:
    """Each page is looked at once at each width."""
    seen: dict[tuple[str, int], Seen] = {}

    def at(name: str, width: int) -> Seen:
        if (name, width) not in seen:
            page, troubles = opened(name, width)
            seen[name, width] = Seen(
                list(troubles),
                page.locator(".drawing").evaluate_all(_DRAWN),
                page.evaluate("document.documentElement.scrollWidth"),
                as_words(page.evaluate(WORDS)),
                page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))"),
                page.locator("[id]").evaluate_all("all => all.map(each => each.id)"),
            )
        return seen[name, width]

    return at


def charts_of(notebook: Path) -> int:
    """How many charts an executed notebook displayed."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return sum(PLOTLY_MIME in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_opens_quietly_and_asks_for_nothing_but_itself(look: Look, name: str, width: int) -> None:
    assert look(name, width).troubles == []


@pytest.mark.parametrize("width", [*WIDTHS, 1024, 1920])
@pytest.mark.parametrize("name", PAGES)
def test_does_not_scroll_sideways(look: Look, name: str, width: int) -> None:
    assert look(name, width).whole_width <= width


def test_columns_stand_closer_on_a_phone(opened: Opened) -> None:
    def between(width: int) -> float:
        column = opened("02_key_accounts", width)[0].locator(".kam-table thead th").nth(1)
        return float(column.evaluate("(each) => parseFloat(getComputedStyle(each).paddingLeft)"))

    assert between(390) < between(1440)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_draws_as_many_charts_as_its_notebook_made(look: Look, published: Path, name: str, width: int) -> None:
    made = charts_of(published / "notebooks" / f"{name}.ipynb")
    assert look(name, width).charts == made > 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_no_text_of_a_chart_is_cut(look: Look, name: str, width: int) -> None:
    assert look(name, width).words
    assert cut(look(name, width).words) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_no_text_of_a_chart_covers_another(look: Look, name: str, width: int) -> None:
    assert overlapping(look(name, width).words) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(look: Look, published: Path, name: str) -> None:
    here = (published / f"{name}.html").as_uri()
    seen = look(name, WIDTHS[-1])
    assert seen.links
    for href in seen.links:
        target, anchor = urldefrag(urljoin(here, href))
        path = Path(unquote(urlparse(target).path))
        assert path.is_file(), href
        assert published in path.parents, href
        assert not anchor or (path.stem == name and anchor in seen.ids), href


def test_the_index_leads_to_every_report_and_back_and_to_the_files(
    look: Look, browser: "Browser", published: Path
) -> None:
    links = look("index", 390).links
    assert {*(f"{name}.html" for name in REPORTS), "tables.xlsx", "calls.ics"} <= set(links)
    page, troubles = visit(browser, published / "index.html", 390)
    page.locator("li.report h2 a").first.click()
    page.wait_for_url(f"**/{REPORTS[0]}.html")
    page.locator("a.home").click()
    page.wait_for_url("**/index.html")
    # The page gone to, nothing else; addresses are noted as far as 80 characters.
    assert troubles == [(published / f"{REPORTS[0]}.html").as_uri()[:80]]
    page.close()


def test_a_window_drawn_wider_shows_what_a_wide_one_opens_with(browser: "Browser", published: Path, look: Look) -> None:
    page, _ = visit(browser, published / "04_coverage.html", 1440)
    assert {str(each) for each in as_words(page.evaluate(WORDS))} == {
        str(each) for each in look("04_coverage", 1440).words
    }
    page.close()
