"""What 01's figures draw, read from their dictionaries."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from kam_analysis.analysis.concentration import concentrate
from kam_analysis.view.figures import concentration as figures
from kam_analysis.view.figures.frame import Source

SOURCE = Source("Test", "31 Dec 2025", "12 months to 31 Dec 2025")


def book(amounts, names=None):
    ids = [f"{i:07d}" for i in range(len(amounts))]
    return concentrate(pd.DataFrame({"account_id": ids, "account_name": names or ids, "revenue": amounts}), "revenue")


@pytest.mark.parametrize("n", [1, 2, 8, 300, 5_000])
def test_every_size_of_book_can_be_drawn(n):
    figure = figures.pareto(book(np.arange(n, 0, -1.0)), SOURCE, "EUR")
    bars, *below = figure.data
    assert len(bars.x) == min(n, figures.NAMED_BARS)
    assert bool(below) == (n >= figures.CURVE_FROM)
    if below:
        curve, marks = below
        assert len(curve.x) <= figures.CURVE_POINTS + 1
        assert (curve.x[0], curve.x[-1]) == (0, n)
        assert (curve.y[0], curve.y[-1]) == (0.0, pytest.approx(1.0))
        assert book(np.arange(n, 0, -1.0)).accounts_for(0.8) in marks.x
    assert isinstance(figures.lorenz_curve(book(np.arange(n, 0, -1.0)), SOURCE), go.Figure)


def test_the_drawn_curve_lies_on_the_whole_one():
    now = book(np.random.default_rng(1).lognormal(0, 1.5, 5_000))
    figure = figures.pareto(now, SOURCE, "EUR")
    curve = figure.data[1]
    reached = np.concatenate([[0.0], now.accounts["cumulative"]])
    np.testing.assert_allclose(curve.y, reached[np.asarray(curve.x)])


@pytest.mark.parametrize(
    "draw", [lambda now: figures.pareto(now, SOURCE, "EUR"), lambda now: figures.lorenz_curve(now, SOURCE)]
)
def test_every_figure_states_its_finding_source_and_table(draw):
    meta = draw(book([5.0, 3.0, 2.0])).layout.meta
    assert "customer" in meta["title"]
    assert meta["alt"].endswith(".")
    assert "as of 31 Dec 2025" in meta["source"]
    columns, rows = meta["table"]["columns"], meta["table"]["rows"]
    assert rows
    assert all(len(row) == len(columns) for row in rows)


def test_names_are_labels_and_never_markup():
    figure = figures.pareto(book([5.0, 3.0], ["<b>bold</b>", "a<br>b"]), SOURCE, "EUR")
    ticks = figure.layout.yaxis.ticktext
    assert ticks == ("&lt;b&gt;bold&lt;/b&gt;", "a&lt;br&gt;b")
    assert figure.data[0].hovertext[0] == "&lt;b&gt;bold&lt;/b&gt;"


def test_equal_names_keep_their_own_bars():
    figure = figures.pareto(book([5.0, 3.0], ["Same", "Same"]), SOURCE, "EUR")
    assert figure.data[0].y == (0, 1)
