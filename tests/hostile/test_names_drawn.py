"""Hostile names in a chart that is drawn when the page is published: they are words, or the chart is left to the browser."""

from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from names_cases import BROWSERS, SCRIPTS, SHAPES, SPREADSHEETS

from kam_analysis.batch.drawn_charts import drawing
from kam_analysis.pages.style import escaped

pytest.importorskip("plotly_print", reason="the extra `static` is not installed (on Python 3.11 make setup-dev does)")
SVG = "{http://www.w3.org/2000/svg}"
MAY_STAND = {SVG + each for each in ("svg", "g", "defs", "clipPath", "path", "rect", "circle", "line", "text", "tspan")}
MAY_SAY = {
    "class", "clip-path", "d", "dx", "dy", "fill", "fill-opacity", "fill-rule", "font-family", "font-size", "font-style", "font-weight",
    "height", "id", "opacity", "stroke", "stroke-dasharray", "stroke-opacity", "stroke-width", "text-anchor", "transform", "viewBox",
    "width", "x", "y", "{http://www.w3.org/XML/1998/namespace}space",
}  # fmt: skip


@pytest.mark.parametrize("way", [escaped, str], ids=["escaped", "raw"])
@pytest.mark.parametrize("name", [*BROWSERS, *SPREADSHEETS, *SCRIPTS, *SHAPES])
def test_a_hostile_name_is_words_or_not_drawn(name: str, way: type[str]) -> None:
    shown = way(name)
    word = {"text": shown, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    figure = go.Figure(go.Bar(x=[2, 1], y=[shown, "B"], text=[shown, "b"], orientation="h"))
    figure.update_layout(template="none", annotations=[word], xaxis_title=shown)
    made = drawing(figure.to_plotly_json() | {"layout": figure.layout.to_plotly_json()}, 904)
    if made is None:
        assert way is str or not name.isprintable() or name.startswith("$")  # no mathematics without a browser
        return
    inline = made.inline("wide", "chart-1-wide").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    for svg in (made.svg, inline):
        root = ElementTree.fromstring(svg)
        assert {each.tag for each in root.iter()} <= MAY_STAND
        assert {key for each in root.iter() for key in each.attrib} <= MAY_SAY
    said = {"".join(each.itertext()) for each in root.iter(f"{SVG}text")}
    if way is escaped and name.isascii() and name.strip():
        assert " ".join(name.split()) in said
