"""A notebook's first screen in a real JupyterLab, light and dark: places and colours as the browser computed them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from jupyterlab_for_tests import Explored, choose

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ["01_concentration", "02_key_accounts", "03_churn_impact", "04_coverage", "05_account_plan"]
WITH_CHOICES = {"01_concentration", "04_coverage"}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
LEAST_CONTRAST, LEAST_OF_MARKS = 4.5, 3  # WCAG 2.2, 1.4.3, text; 1.4.11, what is no text
TEXTS = ".kam-answer, .kam-label, .kam-value, .kam-beside, .kam-lead, .kam-list li, .kam-table th, .kam-table td"
CONTROLS = ".kam-control .widget-label, .kam-control select, .kam-control input, .kam-help, .kam-finding, .kam-report *"
_CONTRASTS = """
([selector, arrows]) => {
  const number = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = number(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const front = (element) => {
    if (!arrows) return number(getComputedStyle(element).color);
    const drawn = getComputedStyle(element).backgroundImage.match(/stroke='%23(..)(..)(..)'/);
    return drawn ? drawn.slice(1).map((each) => parseInt(each, 16)) : behind(element);
  };
  return [...document.querySelectorAll(selector)]
    .filter((each) => each.checkVisibility() && (each.value || each.textContent.trim()))
    .map((each) => {
      const [one, other] = [light(front(each)), light(behind(each))];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return [`${each.tagName}.${each.className}: ${(each.value || each.textContent).trim().slice(0, 30)}`, contrast];
    });
}
"""
_TILES = """
() => [...document.querySelectorAll(".kam-figure")].map((tile) => ({
  top: Math.round(tile.getBoundingClientRect().top), width: tile.getBoundingClientRect().width,
  struck: [...tile.querySelectorAll("*")].some((each) => getComputedStyle(each).textDecorationLine !== "none"),
  size: parseFloat(getComputedStyle(tile.querySelector(".kam-value")).fontSize),
}))
"""


@pytest.fixture(scope="module", params=[(name, theme) for name in NAMES for theme in THEMES], ids="-".join)
def screen(request: pytest.FixtureRequest, explorers: Callable[[str], Explored]) -> Iterator[Explored]:
    name, theme = request.param
    found = explorers(name)
    _choose(found.page, theme)
    yield found
    _choose(found.page, "light")


def _choose(page: "Page", theme: str) -> None:
    """The theme, from the palette, and wait until it is there."""
    choose(page, THEMES[theme], "apputils:change-theme")
    light = "true" if theme == "light" else "false"
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)


def test_tiles_stand_side_by_side_and_nothing_is_struck_through(screen: Explored) -> None:
    tiles: list[dict[str, Any]] = screen.page.evaluate(_TILES)
    assert len(tiles) == 4
    assert len({tile["top"] for tile in tiles}) == 1
    assert all(tile["width"] > 120 and tile["size"] > 18 and not tile["struck"] for tile in tiles)


@pytest.mark.parametrize("selector", [TEXTS, CONTROLS])
def test_text_stands_out_from_what_is_behind_it(screen: Explored, selector: str) -> None:
    found: list[tuple[str, float]] = screen.page.evaluate(_CONTRASTS, [selector, False])
    assert len(found) > 5
    assert [each for each in found if each[1] < LEAST_CONTRAST] == []


def test_a_choice_has_an_arrow_that_is_seen(screen: Explored) -> None:
    arrows: list[tuple[str, float]] = screen.page.evaluate(_CONTRASTS, [".kam-control select", True])
    assert [each for each in arrows if each[1] < LEAST_OF_MARKS] == []
    assert bool(arrows) == (screen.notebook.stem in WITH_CHOICES)


def test_charts_stand_on_the_page_s_own_ground(screen: Explored) -> None:
    """White charts in a dark JupyterLab dazzle: they are turned over, and only there."""
    grounds: list[str] = screen.page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot .svg-container')].map((each) => getComputedStyle(each).filter)"
    )
    dark = screen.page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert grounds
    assert {each != "none" for each in grounds} == {dark}
