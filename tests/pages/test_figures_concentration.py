"""What 01's figures draw, read from their dictionaries."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from concentration_for_tests import about, found, year
from words_for_tests import plain

from kam_analysis.analysis.concentration import Activity, Leader, concentrate, hidden
from kam_analysis.pages import style
from kam_analysis.pages.concentration.charts_activities import MOST_PANELS
from kam_analysis.pages.concentration.charts_largest import CURVE_FROM, CURVE_POINTS, NAMED_BARS


def book(amounts, names=None):
    ids = [f"{i:07d}" for i in range(len(amounts))]
    return concentrate(pd.DataFrame({"account_id": ids, "account_name": names or ids, "revenue": amounts}), "revenue")


@pytest.mark.parametrize("n", [1, 2, 8, 300, 5_000])
def test_every_size_of_book_can_be_drawn(n):
    figure = found(book(np.arange(n, 0, -1.0))).pareto()
    bars, *below = figure.data
    assert len(bars.x) == min(n, NAMED_BARS)
    assert bool(below) == (n >= CURVE_FROM)
    if below:
        curve, marks = below
        assert len(curve.x) <= CURVE_POINTS + 1
        assert (curve.x[0], curve.x[-1]) == (0, n)
        assert (curve.y[0], curve.y[-1]) == (0.0, pytest.approx(1.0))
        assert (f"of {n:,})" in figure.layout.xaxis2.title.text) == (n > CURVE_POINTS)
        assert book(np.arange(n, 0, -1.0)).accounts_for(0.8) in marks.x
    assert isinstance(found(book(np.arange(n, 0, -1.0))).lorenz_chart(), go.Figure)


def test_the_drawn_curve_lies_on_the_whole_one():
    now = book(np.random.default_rng(1).lognormal(0, 1.5, 5_000))
    figure = found(now).pareto()
    curve = figure.data[1]
    reached = np.concatenate([[0.0], now.accounts["cumulative"]])
    np.testing.assert_allclose(curve.y, reached[np.asarray(curve.x)])


@pytest.mark.parametrize("name", ["pareto", "lorenz_chart"])
def test_every_figure_states_its_finding_source_and_table(name):
    meta = getattr(found(book([5.0, 3.0, 2.0])), name)().layout.meta
    assert "customer" in meta["title"]
    assert meta["alt"].endswith(".")
    assert meta["source"] == "12 months to 31 Mar 2026"
    columns, rows = meta["table"]["columns"], meta["table"]["rows"]
    assert rows
    assert all(len(row) == len(columns) for row in rows)


def test_names_are_labels_and_never_markup():
    figure = found(book([5.0, 3.0], ["<b>bold</b>", "a<br>b"])).pareto()
    ticks = figure.layout.yaxis.ticktext
    assert ticks == ("&lt;b&gt;bold&lt;/b&gt;", "a&lt;br&gt;b")
    assert figure.data[0].hovertext[0] == "&lt;b&gt;bold&lt;/b&gt;"


def test_equal_names_keep_their_own_bars():
    figure = found(book([5.0, 3.0], ["Same", "Same"])).pareto()
    assert figure.data[0].y == (0, 1)


def test_the_bridge_leads_from_one_total_to_the_other():
    moved = year({"a": 13.0, "b": 5.0, "d": 2.5}, {"a": 10.0, "b": 6.0, "c": 4.0})
    figure = found(year=moved).bridge_chart()
    totals, *bars = figure.data
    assert list(totals.x) == [20.0, 20.5]
    # new +2.5, grown +3, shrunk -1, stopped -4: each bar begins where the one before ended.
    assert [(bar.base[0], bar.base[0] + bar.x[0]) for bar in bars] == [
        (20, 22.5),
        (22.5, 25.5),
        (24.5, 25.5),
        (20.5, 24.5),
    ]
    assert figure.layout.meta["title"].replace("\u00a0", " ") == (
        "Existing customers: 75% of last year's sales kept, 90% with their growth"
    )


def panel(name, leaders, kind="product_line"):
    largest = tuple(Leader(who, who.title(), part, part, of_all) for who, part, of_all in leaders)
    return Activity(f"{kind}:{name}", kind, name, 1.0, 0.0, 0, 0.1, 9, 3.0, largest)


def test_panels_mark_who_is_small_in_total_and_large_in_one():
    skids = panel("Skids", [("corvane", 0.41, 0.04), ("alder", 0.2, 0.3)])
    pumps = panel("Pumps", [("alder", 0.25, 0.3)])
    marked = hidden([skids, pumps], 0.1)
    figure = found(activities=[skids, pumps], hidden=marked).activities_chart()
    assert [list(bar.marker.color) for bar in figure.data] == [[style.ACCENT, style.REST], [style.REST]]
    assert plain(figure.layout.meta["title"]) == "Corvane is only 4% of sales but 41% of Skids"
    assert len({bar.xaxis for bar in figure.data}) == 2


@pytest.mark.parametrize("columns", ["wide", "medium", "narrow"])
def test_panels_do_not_overlap_on_a_screen_on_paper_or_on_a_phone(columns):
    many = [panel(f"Line {n}", [("a", 0.3, 0.2), ("b", 0.2, 0.1), ("c", 0.1, 0.1)]) for n in range(14)]
    figure = found(activities=many).activities_chart().to_dict()
    layout, others = figure["layout"], figure["layout"]["meta"]
    axes = {name: axis["domain"] for name, axis in layout.items() if name[1:5] == "axis"}
    if columns in others:
        assert set(others[columns]["axes"]) == set(axes)
        axes = {name: axis["domain"] for name, axis in others[columns]["axes"].items()}
    assert len(axes) == 2 * MOST_PANELS
    boxes = [(*axes[name], *axes["y" + name[1:]]) for name in axes if name[0] == "x"]
    assert all(0 <= edge <= 1 for box in boxes for edge in box)
    for at, (left, right, low, high) in enumerate(boxes):
        for other in boxes[:at]:
            assert right <= other[0] or other[1] <= left or high <= other[2] or other[3] <= low


@pytest.mark.parametrize(
    ("five", "said"),
    [
        ([0.36, 0.37, 0.38, 0.4, 0.41], "The five largest: 41% of sales, 36% 4 months ago"),
        ([0.42, 0.38, 0.39, 0.4, 0.41], "The five largest: 41% of sales, lowest 38% in Feb 2025"),
        ([0.36, 0.37, 0.45, 0.4, 0.37], "The five largest: 37% of sales, highest 45% in Mar 2025"),
        # What bends by less than a point is not spoken of, and what reads alike is no change.
        ([0.311, 0.318, 0.312, 0.309, 0.314], "The five largest: unchanged at 31% of sales for 4 months"),
    ],
)
def test_the_trend_says_where_it_stands_beside_where_it_was(five, said):
    months = pd.date_range("2025-01-01", periods=5, freq="MS")
    course = pd.DataFrame(
        {"month": months, "accounts": 9, "total": 1.0, "top_1_share": 0.2, "top_5_share": five,
         "top_10_share": 0.6, "hhi": 0.05, "effective_accounts": 20.0}
    )  # fmt: skip
    figure = found(trend=course).trend_chart()
    assert plain(figure.layout.meta["title"]) == said
    assert len(figure.data) == 4
    assert figure.data[0].x[-1] == np.datetime64("2025-05-31")


def test_of_five_customers_or_fewer_the_largest_alone_has_a_course():
    months = pd.date_range("2025-01-01", periods=5, freq="MS")
    course = pd.DataFrame(
        {"month": months, "accounts": 5, "total": 1.0, "top_1_share": [0.2, 0.2, 0.21, 0.22, 0.24], "top_5_share": 1.0,
         "top_10_share": 1.0, "hhi": 0.2, "effective_accounts": 4.0}
    )  # fmt: skip
    figure = found(trend=course).trend_chart()
    assert plain(figure.layout.meta["title"]) == "The largest customer: 24% of sales, 20% 4 months ago"
    assert [line.hovertemplate.partition(":")[0] for line in figure.data[:-1]] == ["largest"]


def test_what_if_tells_the_book_without_the_customer_and_with_twice_its_size():
    now = book([50.0, 20.0, 20.0, 10.0], ["Alder", "Birch", "Cedar", "Dogwood"])
    figure = found(now).what_if_chart()
    # Without it 20, 20, 10: 50^2 / 900 = 2.8; as it is 100^2 / 3,400 = 2.9; twice 100, 20, 20, 10: 150^2 / 10,900 = 2.1.
    assert figure.layout.meta["title"] == "Without Alder we would be like 2.8 equal customers, not 2.9"
    assert figure.layout.meta["alt"].endswith("where it is 2.8, to twice its size, where it is 2.1.")
    assert [row[0] for row in figure.layout.meta["table"]["rows"]] == ["0%", "50%", "today", "150%", "200%"]


def test_what_if_is_about_the_highlighted_customer_where_there_is_one():
    now = book([50.0, 20.0, 18.0, 12.0], ["Alder", "Birch", "Cedar", "Dogwood"])
    figure = found(now, customer="0000002").what_if_chart()
    assert figure.layout.meta["title"].startswith("Without Cedar we would be")
    assert figure.layout.meta["table"]["columns"][0] == "Cedar"
    assert figure.layout.meta["table"]["rows"][2][2] == "18.0%"


def test_where_key_begins_is_drawn_between_the_rows_and_through_no_label():
    now = book([30.0, 20.0, 10.0])
    [line] = found(now, about=about(key_share=0.4)).pareto().layout.shapes
    ends = [tuple(map(float, each[1:].split(","))) for each in line.path.split()]
    assert {share for share, _ in ends} == {0.4}
    # A label is half as high as a row, and stands in its middle, at a whole number.
    assert len(ends) == 2 * (now.n + 1)
    assert all(abs(place - round(place)) > 0.25 for _, place in ends)
    assert not found(now, about=about(key_share=0.9)).pareto().layout.shapes


def test_marks_of_the_curve_say_the_share_that_is_reached_there():
    now = book([50.0, 25.0, 15.0, 4.0, 3.0, 2.0, 1.0])
    # Three make 90: they are the first to reach 80; five make 97.
    assert [plain(each.text) for each in found(now).pareto().layout.annotations[-2:]] == [
        "Top 3: 80%",
        "Top 5: 97%",
    ]


def trended(**shares):
    months = pd.date_range("2025-01-01", periods=6, freq="MS")
    rest = {"accounts": 9, "total": 1.0, "hhi": 0.05, "effective_accounts": 20.0}
    return pd.DataFrame({"month": months, **rest} | {f"top_{n[1:]}_share": each for n, each in shares.items()})


@pytest.mark.parametrize(
    ("course", "below"),
    [
        ({"t1": 0.2, "t5": 0.5, "t10": 0.8}, []),  # far apart and level: each above its own
        ({"t1": 0.2, "t5": 0.74, "t10": 0.8}, ["five"]),  # close: the lower goes below
        ({"t1": 0.2, "t5": 0.8, "t10": 0.8}, []),  # the same place: neither gives way
        ({"t1": 0.66, "t5": 0.73, "t10": 0.8}, ["largest", "five"]),
        # One that falls would run through a label above its end ...
        ({"t1": 0.2, "t5": [0.6, 0.6, 0.6, 0.58, 0.56, 0.52], "t10": 0.8}, ["five"]),
        ({"t1": 0.2, "t5": [0.6, 0.58, 0.56, 0.53, 0.521, 0.52], "t10": 0.8}, []),  # fell earlier, and hardly now
        # ... but not into a line just below it, nor under the axis.
        ({"t1": 0.2, "t5": 0.48, "t10": [0.6, 0.6, 0.6, 0.58, 0.56, 0.52]}, ["five"]),
        ({"t1": [0.2, 0.2, 0.2, 0.15, 0.1, 0.05], "t5": 0.5, "t10": 0.8}, []),
    ],
)
def test_labels_at_the_ends_of_lines_stand_where_no_line_runs(course, below):
    labels = [each for each in found(trend=trended(**course)).trend_chart().layout.annotations if "est " in each.text]
    assert len(labels) == 3
    assert {each.text.split()[0] for each in labels if each.yanchor == "top"} == set(below)
