"""The small drawings in tiles say by their places what the figures say."""

import math
import re

import pytest

from kam_analysis.pages.html import KeyFigure, key_figures
from kam_analysis.pages.tile_marks import bullet, sparkline


def points(svg: str) -> list[tuple[float, float]]:
    (line,) = re.findall(r'points="([^"]+)"', svg)
    return [(float(x), float(y)) for x, y in (each.split(",") for each in line.split())]


def bars(svg: str) -> list[tuple[float, float, str]]:
    found = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="\d+" fill="var\(--kam-(\w+)\)"', svg)
    return [(float(x), float(x) + float(width), colour) for x, width, colour in found]


def test_a_course_rises_where_its_values_rise() -> None:
    drawn = points(sparkline([0.10, 0.12, 0.11, 0.14]))
    assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
    heights = [-y for _, y in drawn]
    assert heights[0] == min(heights)
    assert heights[3] == max(heights)
    assert heights[1] - heights[0] == pytest.approx((heights[3] - heights[0]) / 2, abs=0.1)


def test_what_does_not_move_is_level_and_too_little_is_nothing() -> None:
    assert len({y for _, y in points(sparkline([5.0, 5.0, 5.0]))}) == 1
    assert len({y for _, y in points(sparkline([0.0, 0.0, 0.0]))}) == 1
    steps = points(sparkline([100.0, 100.01, 100.0]))
    assert max(y for _, y in steps) - min(y for _, y in steps) < 1
    assert sparkline([1.0, math.nan, 2.0]) == ""


def test_what_is_beyond_its_limit_is_red_and_ends_behind_it() -> None:
    within, (limit, _, _) = bars(bullet(2.0, 4.0))
    assert within[2] == "accent"
    assert within[1] == pytest.approx(3 + 114 / 2, abs=0.1)
    assert limit > within[1]
    beyond, (limit, _, _), reach = bars(bullet(4.0, 3.0, 2.0, 5.0))
    assert beyond[2] == "bad"
    assert limit < beyond[1] < reach[1]


def test_a_limit_bears_its_name_within_the_drawing() -> None:
    right = bullet(2.0, 4.0, limit_name="break-even")
    left = bullet(4.0, 1.0, limit_name="<capacity>")
    assert re.search(r'text-anchor="end"[^>]*>break-even</text>', right)
    assert re.search(r'text-anchor="start"[^>]*>&lt;capacity&gt;</text>', left)
    assert "<text" not in bullet(2.0, 4.0)


@pytest.mark.parametrize("given", [(-1.0, 2.0), (1.0, math.nan), (0.0, 0.0)])
def test_what_cannot_be_drawn_from_zero_is_not_drawn(given: tuple[float, float]) -> None:
    assert bullet(*given) == ""


def test_a_tile_carries_its_drawing_which_is_passed_over_when_read_out() -> None:
    shown = key_figures([KeyFigure("Largest", "18%", mark=sparkline([1, 2, 3])), KeyFigure("Five", "41%")]).html
    assert shown.count("<svg") == shown.count('aria-hidden="true"') == 1


def test_parts_of_one_have_a_bar_and_what_is_below_zero_has_none():
    assert all(bullet(*each) for each in ((0.5, 0.2), (0.0, 0.3), (0.3, 0.0), (0.4, 0.6, 0.0, 0.9)))
    assert {bullet(*each) for each in ((-0.01, 0.3), (0.3, -0.01), (0.4, 0.6, -0.01, 0.9), (0.0, 0.0))} == {""}
