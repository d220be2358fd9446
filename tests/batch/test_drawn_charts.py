"""Charts drawn when the page is published: what is taken over of a drawing, and what is not."""

import base64
import io
import json
import re
import threading
from email import message_from_bytes
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import plotly.graph_objects as go
import pytest
from notebooks_for_tests import by_nbconvert
from published_for_tests import document

from kam_analysis.batch import drawn_charts
from kam_analysis.batch.drawn_charts import WIDTHS, Drawing, drawing, light
from kam_analysis.batch.export import render_page
from kam_analysis.batch.letter_chart import drawn_letter_chart
from kam_analysis.batch.mail import MOST_BYTES, as_mail, run_letter, with_picture
from kam_analysis.batch.page import library, template_text
from kam_analysis.batch.page_charts import PLOTLY_MIME, chart, with_fallbacks
from kam_analysis.batch.papers import letter_picture
from kam_analysis.pages.frame import Source, framed
from kam_analysis.pages.style import ACCENT, FONT, INK

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("plotly_print", reason="the extra `static` is not installed (on Python 3.11 make setup-dev does)")
SVG = "{http://www.w3.org/2000/svg}"
MAY_STAND = {SVG + each for each in ("svg", "g", "defs", "clipPath", "path", "rect", "circle", "line", "text", "tspan")}


def stored(figure: go.Figure) -> dict[str, Any]:
    """A figure as an executed notebook has it."""
    made: dict[str, Any] = json.loads(figure.to_json())
    return made


def bars(*names: str, **layout: Any) -> dict[str, Any]:
    values = [18.1, 7.4, 2.75][: len(names)]
    figure = go.Figure(go.Bar(x=values, y=list(names), orientation="h", text=[f"{each}%" for each in values]))
    figure.update_traces(textposition="outside", marker_color=ACCENT)
    return stored(figure.update_layout({"template": "none", "height": 300, "font": {"family": FONT}, **layout}))


def drawn(figure: dict[str, Any], width: int = WIDTHS["wide"]) -> Drawing:
    made = drawing(figure, width)
    assert made is not None
    return made


def words(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_drawing_has_the_words_the_bars_and_its_own_size() -> None:
    made = drawn(bars("Aldermoor", "Tressel", "Oakhurst"))
    root = ElementTree.fromstring(made.svg)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("904", "300", "0 0 904 300")
    assert {"Aldermoor", "Tressel", "Oakhurst", "18.1%", "7.4%", "2.75%"} <= set(words(made.svg))
    found = [re.fullmatch(r"M0,[\d.]+V[\d.]+H([\d.]+)V[\d.]+Z", each.get("d", "")) for each in root.iter(f"{SVG}path")]
    ends = [float(each[1]) for each in found if each]
    assert [round(each / ends[0], 3) for each in ends] == [round(each / 18.1, 3) for each in (18.1, 7.4, 2.75)]


def test_the_same_figure_gives_the_same_bytes_of_few_kinds_of_element_and_short_numbers() -> None:
    figure = bars("A", "B", "C")
    first = drawn(figure).svg
    drawn_charts._drawn.cache_clear()
    assert drawn(figure).svg == first
    assert {each.tag for each in ElementTree.fromstring(first).iter()} <= MAY_STAND
    assert re.findall(r"\d\.\d{3,}", first) == []
    assert "font-family" not in first.split(">", 1)[1]
    assert 'font-family="Georgia"' in drawn(bars("A", font={"family": "Georgia"})).svg  # a user's choice stays


def test_a_drawing_is_the_same_whatever_was_drawn_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of "18.1%" in small print is not that of the same words in large print."""
    made = []
    for sizes in ((20,), (9, 20)):
        monkeypatch.setattr("plotly_print.engine._ENGINE_THREAD_LOCAL", threading.local())  # a new engine
        drawn_charts._drawn.cache_clear()
        made.append([drawn(bars("A", "B", font={"family": FONT, "size": size})).svg for size in sizes][-1])
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(go.Heatmap(z=[[1, 2], [3, 4]])),
        go.Figure(go.Scattergl(x=[1, 2], y=[1, 2])),
        go.Figure(go.Scatter(x=[1], y=[1], mode="text", text=['<a href="https://example.org">there</a>'])),
        go.Figure(go.Bar(x=[1], y=[1]), layout={"images": [{"source": "data:image/png;base64,AAAA"}]}),
        go.Figure(go.Bar(x=[1], y=[1]), layout={"sliders": [{"steps": [{"method": "skip", "label": "a"}]}]}),
        go.Figure(go.Bar(x=list(range(30_000)), y=list(range(30_000)))),
    ],
    ids=["heatmap", "gl", "link", "image", "slider", "large"],
)  # fmt: skip
def test_what_a_drawing_cannot_hold_is_left_to_the_browser(figure: go.Figure) -> None:
    given = stored(figure)
    assert drawing(given, 904) is None
    made = chart(given, 1)
    assert not made.drawn
    assert 'style="min-height:450px"></div>' in made.html


def test_a_fault_of_the_library_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object, **more: object) -> str:
        raise RuntimeError("young")

    drawn_charts._drawn.cache_clear()
    monkeypatch.setattr("plotly_print.to_svg", broken)
    assert drawing(bars("A"), 904) is None
    drawn_charts._drawn.cache_clear()


def test_colours_of_the_house_follow_the_theme_in_a_page_and_only_those() -> None:
    figure = bars("A", "#1f5fbf", font={"color": INK, "family": FONT}, paper_bgcolor="#123456")
    made = drawn(figure)
    inline = made.inline("wide", "c")
    assert f"var(--kam-accent,{ACCENT.lower()})" in inline
    assert f"var(--kam-ink,{INK.lower()})" in inline
    assert 'fill="#123456"' in inline
    assert ">#1f5fbf<" in inline  # words stay
    assert light(inline).count(ACCENT.lower()) == made.svg.count(ACCENT.lower())
    assert "var(" not in made.svg


def test_a_pages_drawings_share_no_id_and_refer_to_their_own() -> None:
    pages = "".join(chart(bars("A", "B"), number).html for number in (1, 2))
    ids = re.findall(r' id="([^"]+)"', pages)
    assert len(ids) == len(set(ids)) > 6
    used = set(re.findall(r"url\(#([^)]+)\)", pages))
    assert used
    assert used == {each for each in ids if re.fullmatch(r"chart-[12]-(wide|medium|narrow)-\d+", each)}


def test_each_width_has_what_the_figure_asks_for_there() -> None:
    less = {"annotations": [{"text": "short"}], "axes": {"xaxis": {"visible": False}}, "layout": {"height": 500}}
    word = {"text": "a long word", "x": 1, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    figure = bars("A", "B", annotations=[word], meta={"narrow": less, "medium": {"annotations": [{"text": "middle"}]}})
    wide, medium, narrow = (drawn(figure, width) for width in WIDTHS.values())
    assert [("a long word" in words(each.svg), each.height) for each in (wide, medium, narrow)] == [
        (True, 300), (False, 300), (False, 500)
    ]  # fmt: skip
    assert "middle" in words(medium.svg)
    assert "short" in words(narrow.svg)
    assert "10" in words(wide.svg)
    assert "10" not in words(narrow.svg)


def test_words_stand_where_they_are_held_in_whatever_font_they_are_read() -> None:
    word = {
        "text": "from here on",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
    }
    root = ElementTree.fromstring(drawn(bars("A", "B", annotations=[word])).svg)
    anchors = {"".join(each.itertext()): each.get("text-anchor") for each in root.iter(f"{SVG}text")}
    assert anchors["18.1%"] == anchors["7.4%"] == anchors["from here on"] == "start"
    ends = [
        float(found[1])
        for found in re.finditer(r'd="M0,[\d.]+V[\d.]+H([\d.]+)V', ElementTree.tostring(root, "unicode"))
    ]
    begin = [
        float(re.findall(r"translate\(([\d.]+)", each.get("transform", ""))[0])
        for each in root.iter(f"{SVG}text")
        if "%" in (each.text or "")
    ]
    assert begin == pytest.approx([each + 3 for each in ends], abs=0.02)


# In a page


def page_of(*figures: dict[str, Any]) -> str:
    outputs = [nbformat.v4.new_output("display_data", data={PLOTLY_MIME: each}) for each in figures]
    cells = [nbformat.v4.new_code_cell("x", outputs=[each]) for each in outputs]
    return render_page(nbformat.v4.new_notebook(cells=cells), document("Two lead."))


def ours(title: str = "Two lead") -> dict[str, Any]:
    source = Source("Lindmark", "31 May 2025", "12 months to 31 May 2025")
    figure = go.Figure(go.Bar(x=[2, 1], y=["A", "B"], orientation="h", marker_color=ACCENT))
    return stored(
        framed(figure, title, alt="Bars of two.", source=source, columns=["Who"], rows=[["A"], ["B"]], height=200)
    )


def test_one_chart_whose_table_tells_all_of_it_needs_no_library() -> None:
    page = page_of(ours())
    assert len(page) < 100_000
    assert 'id="library"' not in page
    assert "<script data-chart" not in page.replace('type="application/json" ', "")
    assert [page.count(f'class="drawn {kind}"') for kind in WIDTHS] == [1, 1, 1]
    # A table that is made of what is drawn tells less than pointing does.
    assert 'id="library"' in page_of(bars("A", "B"))


def test_a_page_of_several_has_the_library_and_the_script_that_waits_for_it() -> None:
    page = page_of(ours(), ours("One follows"))
    assert library()[1] in page
    assert page.count("data-chart=") == 2 + template_text("charts.js").count("data-chart=")
    assert f">{template_text('charts.js')}</script>" in page
    assert re.search(r'<script type="text/plain" id="waking" data-sample="[^"]+" data-width="\d+\.\d">', page)


def test_without_the_extra_the_browser_draws_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_charts, "can_draw", lambda: False)
    page = page_of(ours())
    assert f"<script>{template_text('charts.js')}</script>" in page
    assert library()[1] in page
    for each in ('id="waking"', 'class="drawn', "container-type", "kam-accent,", template_text("drawn.js")):
        assert each not in page
    assert drawn_letter_chart(page) is None


# Elsewhere


def test_whatever_knows_no_plotly_shows_the_drawing(tmp_path: Path) -> None:
    """Read by nbconvert's own command, as GitHub and nbviewer read a notebook."""
    output = nbformat.v4.new_output("display_data", data={PLOTLY_MIME: ours()})
    notebook = with_fallbacks(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))
    svg = notebook.cells[0].outputs[0].data["image/svg+xml"]
    assert "A" in words(svg)
    assert "var(" not in svg
    shown = by_nbconvert(notebook, tmp_path)
    found = re.findall(r'<img alt="Bars of two." src="data:image/svg\+xml;base64,([^"]+)"', shown)
    assert [base64.b64decode(each).decode() for each in found] == [svg]
    assert "Two lead" in shown


def test_a_letter_has_the_chart_of_its_page_without_a_browser() -> None:
    page = page_of(ours("Two lead & <b>one</b> follows, " * 4))
    found = drawn_letter_chart(page)
    assert found is not None
    alt, svg, png = found
    assert alt == "Bars of two."
    said = words(svg)
    assert "".join(said[0].split()) == "".join(("Two lead & <b>one</b> follows, " * 4).split())
    assert {"12 months to 31 May 2025", "A", "B"} <= set(said)
    assert png.startswith(b"\x89PNG")
    assert len(png) <= 60_000
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.width == 2 * WIDTHS["medium"]
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or []}
    assert tuple(bytes.fromhex(ACCENT[1:])) in colours


def test_a_font_that_writes_nothing_makes_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no font is installed a chart would have no words."""
    monkeypatch.setattr("plotly_print.raster.svg_to_png", lambda svg, **more: b"\x89PNG the same")
    assert drawn_letter_chart(page_of(ours())) is None


def test_the_mail_of_a_run_without_chromium_has_a_chart(tmp_path: Path) -> None:
    class Made:
        page, folder = "06.html", tmp_path

    (tmp_path / "page.html").write_text(page_of(ours()), encoding="utf-8")
    letter = run_letter({}, {}, {"company": "Lindmark"})
    content = as_mail(with_picture(letter, letter_picture([Made()], None)))  # type: ignore[list-item]
    images = [part for part in message_from_bytes(content).walk() if part.get_content_type() == "image/png"]
    assert len(images) == 1
    assert len(content) < MOST_BYTES
