"""The sample's reports as they are printed: nothing cut at the right, no chart across two pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from chart_words_for_tests import WORDS, Words, as_words, cut, overlapping
from pages_for_tests import Opened

from kam_analysis.bundled import notebooks_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Plans lie in a folder of their own, one per account.
REPORTS = sorted(path.stem for path in notebooks_folder().glob("*.ipynb") if path.stem != "05_account_plan")
PAGES = ["index", *REPORTS]

# A link at either end of each chart: a PDF says on which of its pages a link is.
_MARK = """
document.querySelectorAll('figure.chart').forEach((figure, number) => {
  for (const [place, end] of [['afterbegin', 'first'], ['beforeend', 'last']]) {
    const mark = document.createElement('a');
    mark.href = `mark:${number}-${end}`;
    mark.textContent = ' ';
    mark.style.cssText = 'display: block; height: 1px';
    figure.insertAdjacentElement(place, mark);
  }
})
"""
# What is seen while the page is laid out for paper, which lasts only as long as it is printed. A chart is drawn smaller
# there, and says where it lies in its own pixels.
_WATCH = f"""
matchMedia('print').addEventListener('change', event => {{
  if (!event.matches) return;
  const paper = document.documentElement.clientWidth;
  window.paper = [paper, ({WORDS})(), [...document.querySelectorAll('figure, .main-svg, .drawn, table, pre, p, li, dl')]
    .filter(each => each.getBoundingClientRect().right * each.currentCSSZoom > paper + 1)
    .map(each => each.tagName + ' ' + each.textContent.slice(0, 60)),
    [...document.querySelectorAll('main table')].filter(table => table.clientWidth && [...table.tBodies[0].rows].some(row =>
      row.checkVisibility() && [...row.cells].reduce((all, cell) => all + (cell.clientWidth ? cell.colSpan : 0), 0) !== table.tHead.rows[0].cells.length))
    .map(table => table.textContent.slice(0, 60))];
}})
"""


@dataclass(frozen=True)
class Printed:
    """On which sheet each mark lies, and what the layout for paper was."""

    marks: dict[str, int]
    paper_width: float
    words: list[Words]
    too_wide: list[str]
    tables_with_gaps: list[str]


Print = Callable[[str], Printed]


def sheets_of(pdf: bytes) -> dict[str, int]:
    """The sheet of each mark. Chromium writes a PDF's objects as plain text; only drawings are compressed."""
    text = pdf.decode("latin-1")
    links = dict(re.findall(r"(\d+) 0 obj\n<</Type /Annot\n(?:(?!endobj).)*?/URI \(mark:([\w-]+)\)", text, re.DOTALL))
    sheets = re.findall(r"<</Type /Page\n(?:(?!endobj).)*", text, re.DOTALL)
    assert sheets
    return {
        links[number]: sheet
        for sheet, page in enumerate(sheets)
        for listed in re.findall(r"/Annots \[([^\]]*)\]", page)
        for number in re.findall(r"(\d+) 0 R", listed)
        if number in links
    }


def printed(page: "Page") -> Printed:
    """The page printed on A4."""
    page.evaluate(_MARK)
    page.evaluate(_WATCH)
    marks = sheets_of(page.pdf(prefer_css_page_size=True, format="A4"))
    page.evaluate("document.querySelectorAll('a[href^=\"mark:\"]').forEach(each => each.remove())")
    width, words, too_wide, gaps = page.evaluate("window.paper")
    return Printed(marks, width, as_words(words), too_wide, gaps)


@pytest.fixture(scope="module")
def paper(opened: Opened) -> Print:
    """Each page is printed once, from a desktop."""
    seen: dict[str, Printed] = {}

    def of(name: str) -> Printed:
        if name not in seen:
            seen[name] = printed(opened(name, 1440)[0])
        return seen[name]

    return of


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_paper(paper: Print, name: str) -> None:
    assert paper(name).paper_width < 700  # A4 at 96 pixels an inch, without its margins
    assert paper(name).too_wide == []


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_a_printed_table_has_a_cell_below_each_heading(paper: Print, name: str) -> None:
    """Cells that the paper's style hid once moved all others one heading to the left."""
    assert paper(name).tables_with_gaps == []


@pytest.mark.parametrize("name", REPORTS)
def test_no_chart_is_split_between_two_sheets(paper: Print, name: str) -> None:
    marks = paper(name).marks
    charts = {mark.split("-")[0] for mark in marks}
    assert len(marks) == 2 * len(charts) > 0
    assert [chart for chart in charts if marks[f"{chart}-first"] != marks[f"{chart}-last"]] == []


@pytest.mark.parametrize("name", REPORTS)
def test_printed_charts_have_their_words_whole_and_apart(paper: Print, name: str) -> None:
    assert paper(name).words
    assert cut(paper(name).words) == overlapping(paper(name).words) == []
