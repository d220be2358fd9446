"""Opening a published page in a real browser, without a network."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
HEIGHT = 900
Opened = Callable[[str, int], "tuple[Page, list[str]]"]
PATIENCE_SECONDS = 600
BARS = ":is(.bars, .marks):visible"  # as a browser draws them, and as they were drawn when the page was published


@contextmanager
def started_browser() -> Iterator["Browser"]:
    """Chromium, headless; skips where there is none."""
    if not CHROMIUM:
        # CI installs one; there a missing browser must not pass for a skipped test.
        missing = pytest.fail if os.environ.get("KAM_REQUIRE_BROWSER") else pytest.skip
        missing("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def visit(browser: "Browser", path: Path, width: int) -> tuple["Page", list[str]]:
    """The page without a network, and everything that went wrong or went out while it opened."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, offline=True)
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: (troubles.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: None if request.url == path.as_uri() else troubles.append(request.url[:80]))
    page.goto(path.as_uri())
    page.evaluate(UNFOLD)
    redrawn(page)
    return page, troubles


# Playwright's own waiting evaluates text inside the page, which the page's policy rightly forbids.
_FITTING = """
[...document.querySelectorAll('.drawing')].every(each => {
  const drawn = [...each.querySelectorAll('.main-svg, .drawn')].find(each => each.checkVisibility());
  return drawn && Math.abs(drawn.getBoundingClientRect().width - each.clientWidth) < 1;
})
"""


def redrawn(page: "Page") -> None:
    """Wait until every chart is drawn for the window as it is; a chart that never fits fails here."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(_FITTING):
        assert time.monotonic() < until, "a chart is not as wide as its place on the page"
        page.wait_for_timeout(50)


# What is folded is part of the page, too; its charts are drawn when it opens.
UNFOLD = "document.querySelectorAll('details.fold').forEach(each => { each.open = true; })"

# Tables closed, the focus before the first link, the top in sight.
_ANEW = """
() => {
  document.querySelectorAll('details').forEach(each => { each.open = each.matches('.fold'); });
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  scrollTo(0, 0);
}
"""


def as_opened(page: "Page", width: int) -> None:
    """A page that other tests used, as it was when it opened, in a window of this width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(_ANEW)
    redrawn(page)
