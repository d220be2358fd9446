"""The design's colours: one set of names on pages, in charts and in JupyterLab, and every pair can be read."""

import re
from itertools import product
from pathlib import Path

import pytest

import kam_analysis
from kam_analysis.pages import style

TEMPLATES = Path(kam_analysis.__file__).parent / "pages" / "templates"
TEXT = ("ink", "muted", "accent", "good", "warn", "bad")
GROUNDS = ("paper", "wash")


def tokens(css: str) -> dict[str, str]:
    return {name: value.lower() for name, value in re.findall(r"--kam-(\w+): (#[0-9a-f]{6});", css)}


def sheets() -> dict[str, dict[str, str]]:
    light, dark = (TEMPLATES / "tokens.css").read_text(encoding="utf-8").split("@media")
    return {"light": tokens(light), "dark": tokens(dark)}


def light_of(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light_of(one), light_of(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*product(TEXT, GROUNDS)])
def test_every_text_can_be_read_on_every_ground(theme: str, text: str, ground: str) -> None:
    assert contrast(sheets()[theme][text], sheets()[theme][ground]) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mark", ["rest", "accent", "bad"])
def test_marks_stand_out_from_the_paper(theme: str, mark: str) -> None:
    assert contrast(sheets()[theme][mark], sheets()[theme]["paper"]) >= 3  # 1.4.11, graphics


def test_both_themes_have_the_same_names() -> None:
    assert set(sheets()["light"]) == set(sheets()["dark"]) == {*TEXT, *GROUNDS, "line", "rest"}


def test_charts_take_the_light_pages_colours() -> None:
    light = sheets()["light"]
    ours = {"ink": style.INK, "muted": style.MUTED, "accent": style.ACCENT, "rest": style.REST, "line": style.LINE, "paper": style.PAPER, "bad": style.WARNING}  # fmt: skip
    assert {name: colour.lower() for name, colour in ours.items()} == {name: light[name] for name in ours}


def test_the_script_that_draws_in_the_dark_knows_every_colour_by_its_name() -> None:
    script = (TEMPLATES / "charts.js").read_text(encoding="utf-8")
    known = dict(re.findall(r'"(#[0-9a-f]{6})": "(\w+)"', script))
    assert {name: colour for colour, name in known.items()} == sheets()["light"]


def test_jupyterlab_has_the_same_states() -> None:
    light, dark = (TEMPLATES / "lab.css").read_text(encoding="utf-8").split('[data-jp-theme-light="false"]')
    for theme, css in (("light", light), ("dark", dark)):
        for name, colour in tokens(css).items():
            assert colour == sheets()[theme][name], name


@pytest.mark.parametrize("file", ["page.css", "blocks.css"])
def test_no_other_style_names_a_colour(file: str) -> None:
    css = (TEMPLATES / file).read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) <= {"#000"}  # the mask of an edge that fades has no colour
