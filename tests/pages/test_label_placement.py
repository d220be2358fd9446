"""Where names stand in a figure of 200 by 200 pixels whose values are pixels: boxes worked out by hand."""

import numpy as np
import pytest

from kam_analysis.pages import style
from kam_analysis.pages.label_placement import Field, _end, _fits, _meet, placed

SQUARE = Field(across=(0.0, 200.0), up=(0.0, 200.0), wide=200.0, high=200.0)
# A name of ten letters is 69 pixels wide and 16 high.
TEN = "Ash Mills "[:9] + "x"


def names(*points, field=SQUARE, longest=26, radius=4.0):
    """Where each named point's words have their middle, and the lines: points are (name, x, y)."""
    words, x, y = zip(*points, strict=True)
    found, lines = placed(words, np.array(x), np.array(y), np.full(len(x), radius), field, longest)
    return {each["text"]: (round(each["x"], 1), round(each["y"], 1)) for each in found}, lines


def test_pixels_and_values_are_each_other_s_way_back():
    field = Field(across=(10.0, 30.0), up=(-1.0, 1.0), wide=400.0, high=100.0)
    x, y = field.pixels(np.array([10.0, 25.0]), np.array([-1.0, 0.5]))
    assert (x.tolist(), y.tolist()) == ([0.0, 300.0], [0.0, 75.0])
    assert [field.values(a, b) for a, b in zip(x, y, strict=True)] == [(10.0, -1.0), (25.0, 0.5)]


@pytest.mark.parametrize(
    ("point", "middle"),
    [
        # Above its point: by its radius and nine pixels more.
        ((100.0, 100.0), (100.0, 113.0)),
        # No room above, so below.
        ((100.0, 165.0), (100.0, 152.0)),
        # Neither above nor below, for 34.5 pixels to the left are not there: to the right, half a name and nine pixels away.
        ((30.0, 100.0), (73.5, 100.0)),
        ((170.0, 100.0), (126.5, 100.0)),
    ],
)
def test_a_name_stands_above_below_or_beside_its_point(point, middle):
    found, lines = names((TEN, *point))
    assert found == {TEN: pytest.approx(middle, abs=0.06)}
    assert lines == []


def test_in_a_corner_a_name_stands_aslant_and_so_far_away_that_it_does_not_cover_its_point():
    found, lines = names((TEN, 30.0, 18.0))
    assert found == {TEN: pytest.approx((30.0 + 0.8 * (43.5 + 18), 18.0 + 0.8 * (13 + 18)), abs=0.06)}
    assert [(line["x0"], line["y0"], round(line["x1"], 1), round(line["y1"], 1)) for line in lines] == [
        (30.0, 18.0, 44.7, 34.8)
    ]


def test_the_next_place_is_taken_where_another_point_or_name_is_in_the_way():
    found, _ = names((TEN, 100.0, 100.0), ("B", 100.0, 115.0))
    assert found[TEN] == (100.0, 87.0)
    assert found["B"] == (100.0, 128.0)
    # A point that only touches the name's box is not in its way.
    beside, _ = names((TEN, 100.0, 100.0), ("B", 100.0 + 34.5 + 4.0, 113.0))
    assert beside[TEN] == (100.0, 113.0)
    over, _ = names((TEN, 100.0, 100.0), ("B", 100.0 + 34.5 + 3.9, 113.0))
    assert over[TEN] == (100.0, 87.0)


def test_a_line_leads_to_a_name_that_stands_farther_away():
    near = [("", x, y) for x in (70.0, 100.0, 130.0) for y in (84.0, 100.0, 116.0) if (x, y) != (100.0, 100.0)]
    small = [(each[0], each[1], each[2]) for each in near]
    found, lines = names((TEN, 100.0, 100.0), *small, radius=3.0)
    assert (TEN in found, len(lines)) == (True, 1)
    x, y = found[TEN]
    [line] = lines
    assert (line["x0"], line["y0"], line["type"], line["layer"]) == (100.0, 100.0, "line", "below")
    assert line["line"] == {"color": style.MUTED, "width": 1}
    # It ends at the name's edge, not at its middle.
    assert abs(line["y1"] - y) == pytest.approx(8.0, abs=0.06) or abs(line["x1"] - x) == pytest.approx(34.5, abs=0.06)


def test_a_name_without_room_is_left_out_and_a_long_one_is_cut():
    narrow = Field(across=(0.0, 60.0), up=(0.0, 200.0), wide=60.0, high=200.0)
    assert names((TEN, 30.0, 100.0), field=narrow) == ({}, [])
    assert list(names((TEN, 30.0, 100.0), field=narrow, longest=5)[0]) == [style.shortened(TEN, 5)]
    assert list(names(("A & B", 100.0, 100.0))[0]) == ["A &amp; B"]


def test_names_keep_eighteen_pixels_from_the_upper_and_lower_edge():
    flat = Field(across=(0.0, 200.0), up=(0.0, 52.0), wide=200.0, high=52.0)
    # The middle of 16 pixels between 18 and 34 is 26: beside the point at just that height, and nowhere else.
    assert list(names((TEN, 100.0, 26.0), field=flat)[0].values()) == [(143.5, 26.0)]
    assert names((TEN, 100.0, 27.0), field=flat)[0] == {}


def test_boxes_that_touch_do_not_meet():
    box = (0.0, 0.0, 10.0, 10.0)
    touching = [(10.0, 0.0, 20.0, 10.0), (-5.0, 0.0, 0.0, 10.0), (0.0, 10.0, 10.0, 12.0), (0.0, -3.0, 10.0, 0.0)]
    assert not any(_meet(box, each) or _meet(each, box) for each in touching)
    assert all(_meet(box, each) for each in [(9.9, 9.9, 20.0, 20.0), (-5.0, -5.0, 0.1, 0.1), (2.0, 2.0, 3.0, 3.0)])


def test_a_line_ends_where_the_name_is_nearest():
    box = (10.0, 10.0, 30.0, 20.0)
    assert [_end(box, at) for at in ((0.0, 0.0), (20.0, 0.0), (40.0, 15.0), (20.0, 99.0))] == [
        (10.0, 10.0),
        (20.0, 10.0),
        (30.0, 15.0),
        (20.0, 20.0),
    ]


def test_a_line_may_not_cross_another_name_nor_another_point_but_one_that_touches_its_own():
    own, name = (96.0, 96.0, 104.0, 104.0), (60.0, 150.0, 140.0, 166.0)
    crossed, touching = (95.0, 120.0, 105.0, 130.0), (100.0, 102.0, 108.0, 110.0)
    assert _fits((18.0, name), own, [own], [], SQUARE)
    assert not _fits((18.0, name), own, [own, crossed], [], SQUARE)
    assert not _fits((18.0, name), own, [own], [crossed], SQUARE)
    assert _fits((18.0, name), own, [own, touching], [], SQUARE)
    # A name right beside its point has no line.
    assert _fits((0.0, name), own, [own, crossed], [], SQUARE)


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ((40.0, 95.0, 60.0, 105.0), [(20.0, 100.0, 30.0, 110.0), (20.0, 90.0, 30.0, 100.0)]),
        ((5.0, 140.0, 15.0, 150.0), [(10.0, 110.0, 20.0, 120.0), (0.0, 110.0, 10.0, 120.0)]),
    ],
)
def test_a_line_that_touches_another_names_edge_crosses_it(name, beside):
    own = (8.0, 98.0, 12.0, 102.0)
    for other, apart in zip(beside, (0.1, -0.1), strict=True):
        assert not _fits((18.0, name), own, [own], [other], SQUARE)
        assert _fits((18.0, name), own, [own], [tuple(each + apart for each in other)], SQUARE)
