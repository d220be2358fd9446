"""Charts that were drawn when the page was published, beside what the browser draws of the same figures."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import plotly.io as pio
import pytest
from pages_for_tests import PATIENCE_SECONDS, UNFOLD, visit
from test_drawn_charts import page_of, stored
from test_page_tools_in_browser import downloaded

from kam_analysis.batch.letter_chart import drawn_letter_chart
from kam_analysis.bundled import notebooks_folder
from kam_analysis.pages import style

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("plotly_print", reason="the extra `static` is not installed (on Python 3.11 make setup-dev does)")
REPORTS = sorted(path.stem for path in notebooks_folder().glob("*.ipynb") if path.stem != "05_account_plan")
BRIEF = "06_leadership_brief"
MARKS, WORDS = 3, 5  # pixels that a mark's edge, and a text's, may lie elsewhere
ASLEEP = "typeof Plotly === 'undefined'"
# Of each chart: who drew it, the boxes of its marks and of its words, from its own corner.
_LOOK = """
() => [...document.querySelectorAll('.drawing')].map(place => {
  const home = place.getBoundingClientRect(), awake = !!place.querySelector('.plot-container');
  const box = each => { const r = each.getBoundingClientRect(); return [r.left - home.left, r.top - home.top, r.right - home.left, r.bottom - home.top]; };
  const seen = each => { const r = each.getBoundingClientRect(); return (r.width || r.height) && each.checkVisibility() && getComputedStyle(each).opacity !== '0'; };
  const all = (drawn, here) => [...place.querySelectorAll(awake ? here : drawn)].filter(seen);
  return {
    awake, height: place.clientHeight, marks: all('.drawn .marks :is(path, circle)', '.main-svg .trace :is(path, circle)').map(box),
    words: all('.drawn text', '.main-svg text').filter(each => each.textContent.trim()).map(each => [each.textContent, ...box(each)]),
  };
})
"""


def woken(page: "Page") -> None:
    """Wait until the library has drawn every chart."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(
        "[...document.querySelectorAll('.drawing')].every(each => each.querySelector('.main-svg text'))"
    ):
        assert time.monotonic() < until, "not every chart is drawn"
        page.wait_for_timeout(50)
    page.wait_for_timeout(200)


def farthest(boxes: list[list[float]], others: list[list[float]]) -> float:
    """How far the edges of a box lie from those of the other that is nearest to it, at most."""
    near = [
        min((max(abs(a - b) for a, b in zip(one, other, strict=True)) for other in others), default=1e9)
        for one in boxes
    ]
    return max(near, default=0.0)


@pytest.mark.parametrize(
    ("name", "width"), [*((each, 1440) for each in REPORTS if each != BRIEF), ("04_coverage", 390)]
)
def test_marks_and_words_stand_where_the_browser_draws_them(
    browser: "Browser", published: Path, name: str, width: int
) -> None:
    compared(browser, published / f"{name}.html", width)


def compared(browser: "Browser", path: Path, width: int) -> None:
    """The charts of a page as they were drawn when it was published and as the library draws them."""
    page, troubles = visit(browser, path, width)
    assert page.evaluate(ASLEEP)
    before = page.evaluate(_LOOK)
    assert not any(each["awake"] for each in before)
    page.locator(".drawing").last.click() if width == 390 else page.locator(".drawing").last.hover()
    woken(page)
    after = page.evaluate(_LOOK)
    assert all(each["awake"] for each in after)
    assert len(before) == len(after) > 2
    for drawn, here in zip(before, after, strict=True):
        assert drawn["height"] == here["height"]
        assert len(drawn["marks"]) == len(here["marks"]) > 0
        assert farthest(drawn["marks"], here["marks"]) < MARKS
        assert farthest(here["marks"], drawn["marks"]) < MARKS
        assert sorted(each[0] for each in drawn["words"]) == sorted(each[0] for each in here["words"])
        for text, *box in drawn["words"]:
            assert farthest([box], [rest for other, *rest in here["words"] if other == text]) < WORDS, text
    assert troubles == []
    page.close()


def own_charts() -> list[go.Figure]:
    """What users draw beside what the workbook draws: one of each kind that is drawn without a browser."""
    months = pd.date_range("2025-01-01", periods=12, freq="MS")
    sold = [5.0, 7, 6, 9, 8, 12, 11, 10, 14, 13, 15, 16]
    names = [f"Customer {number}" for number in range(1, 13)]
    frame = pd.DataFrame({"month": months, "sold": sold, "who": names, "line": ["Pumps", "Valves", "Seals"] * 4})
    rising = go.Scatter(
        x=months, y=sold, fill="tozeroy", mode="lines+markers", error_y={"type": "percent", "value": 10}
    )
    return [
        px.bar(frame, x="month", y="sold", color="line", title="Stacked, with a legend"),
        px.bar(frame, x="who", y="sold", color="line", barmode="group", title="Side by side, names slanted"),
        px.histogram(frame, x="sold", nbins=6, title="How often"),
        px.box(frame, x="line", y="sold", points="all", title="How wide"),
        px.pie(frame, names="line", values="sold", title="Parts"),
        px.scatter(frame, x="sold", y="sold", size="sold", color="line", text="who", log_x=True, title="Bubbles"),
        px.line(frame, x="month", y="sold", facet_col="line", title="Panels"),
        go.Figure(rising, layout={"title": "With errors"}),
    ]


def test_a_users_own_charts_stand_so_too(browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pio.templates, "default", "plotly")
    style.by_default()
    page = page_of(*(stored(each) for each in own_charts()))
    assert page.count('class="drawn wide"') == len(own_charts())
    (tmp_path / "own.html").write_text(page, encoding="utf-8")
    compared(browser, tmp_path / "own.html", 952)  # its place is as wide as a drawing then


@pytest.mark.parametrize(("width", "kind"), [(1440, "wide"), (768, "medium"), (390, "narrow")])
def test_a_page_opens_with_its_charts_and_without_the_library(
    browser: "Browser", published: Path, width: int, kind: str
) -> None:
    page, troubles = visit(browser, published / "01_concentration.html", width)
    shown = page.locator(".drawn:visible").evaluate_all("all => all.map(each => each.classList[1])")
    assert shown == [kind] * page.locator(".drawing").count()
    assert page.evaluate(ASLEEP)
    assert troubles == []
    page.close()


def test_without_scripts_the_charts_are_there_too(browser: "Browser", published: Path) -> None:
    window = browser.new_context(java_script_enabled=False, offline=True, viewport={"width": 390, "height": 900})
    page = window.new_page()
    page.goto((published / "01_concentration.html").as_uri())
    assert page.locator(".drawn.narrow:visible").count() >= 4
    window.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda page: re.sub(r'<svg class="drawn .*?</svg>', "", page, count=3),
        lambda page: re.sub(r'(id="waking" [^>]* data-width=)"[^"]*"', r'\1"150"', page),
    ],
    ids=["a chart that was not drawn", "wider letters than where it was drawn"],
)
def test_where_a_drawing_does_not_serve_the_library_wakes_at_once(
    browser: "Browser", published: Path, tmp_path: Path, change: Callable[[str], str]
) -> None:
    page = (published / "03_churn_impact.html").read_text(encoding="utf-8")
    changed = tmp_path / "changed.html"
    changed.write_text(change(page), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != page
    opened = browser.new_page(viewport={"width": 1440, "height": 900}, offline=True)
    opened.goto(changed.as_uri())
    opened.evaluate(UNFOLD)
    woken(opened)
    assert opened.locator(".drawn:visible").count() == 0
    opened.close()


def test_the_brief_and_a_plan_need_no_library(browser: "Browser", published: Path) -> None:
    plan = min(each for each in (published / "plans").glob("*.html") if ".customer" not in each.name)
    for path in (published / f"{BRIEF}.html", plan):
        assert path.stat().st_size < 150_000
        for width in (1440, 768, 390):
            page, troubles = visit(browser, path, width)
            look: list[dict[str, Any]] = page.evaluate(_LOOK)
            assert len(look) == 1
            assert look[0]["marks"]
            assert len(look[0]["words"]) > 3
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.locator(".drawing").click()
            page.wait_for_timeout(300)
            assert page.evaluate(ASLEEP)
            assert troubles == []
            page.close()


def test_what_is_taken_away_in_the_dark_is_light_and_its_menu_stands_once(browser: "Browser", published: Path) -> None:
    page, _ = visit(browser, published / "02_key_accounts.html", 1440)
    page.emulate_media(color_scheme="dark")
    chart = page.locator("figure.chart").first
    for asleep in (True, False):
        assert page.evaluate(ASLEEP) is asleep
        files = chart.get_by_role("button", name="of the chart")
        assert files.all_inner_texts() == ["PNG", "SVG", "CSV"]
        _, content = downloaded(page, chart.get_by_role("button", name="SVG of the chart"))
        assert b"var(" not in content
        assert b"#14213d" in content
        assert b'width="904"' in content
        if asleep:
            chart.locator(".drawing").hover()
            woken(page)
    page.close()


def test_a_pages_first_chart_is_the_mails_where_no_browser_is(published: Path) -> None:
    page = (published / f"{BRIEF}.html").read_text(encoding="utf-8")
    found = drawn_letter_chart(page)
    assert found is not None
    assert 5_000 < len(found[2]) <= 60_000
    mail = (published / "mail.eml").read_bytes()
    assert b"image/png" in mail
    assert len(mail) < 100_000
