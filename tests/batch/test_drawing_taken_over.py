"""What is taken over of a drawing, element by element, and a letter's chart put together to the pixel."""

from xml.etree import ElementTree

import pytest

from kam_analysis.batch import drawn_charts, letter_chart
from kam_analysis.batch.drawn_charts import Drawing, _fitted, _written
from kam_analysis.pages.style import ACCENT, FONT, INK, MUTED

SVG = "http://www.w3.org/2000/svg"
HEAD = (
    f'<svg xmlns="{SVG}" width="90" height="40" viewBox="0 0 90 40" font-family="{FONT.replace(chr(39), "&apos;")}" '
    'font-size="13" xml:space="preserve">'
)


def taken(inner: str) -> str:
    """What is kept of a drawing with this in it."""
    root = ElementTree.fromstring(f'<svg xmlns="{SVG}" width="1" height="2">{inner}</svg>')
    made = _written(root, 90, 40)
    assert made.startswith(HEAD)
    return made.removeprefix(HEAD).removesuffix("</svg>")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('<rect x="1.23456" y="-0.0004" width="7" onclick="x()" class="bg"/>', '<rect x="1.23" y="0" width="7" />'),
        ('<rect x="1e-7" y="2.50000" width="1234.567"/>', '<rect x="0" y="2.5" width="1234.57" />'),
        ('<path d="M0,1" style="fill: rgb(31, 95, 191); fill-opacity: 1; stroke: none"/>', '<path d="M0,1" fill="#1f5fbf" />'),
        ('<path d="M0,1" style="stroke: red; stroke-width: 0px; fill: blue"/>', '<path d="M0,1" fill="blue" />'),
        ('<path d="M0,1" style="stroke: red; stroke-width: 2px; stroke-opacity: 0"/>', '<path d="M0,1" />'),
        ('<path d="M0,1" style="stroke: red; stroke-width: 2px"/>', '<path d="M0,1" stroke="red" stroke-width="2" />'),
        ('<path d="M0,1" style="fill: red; fill-opacity: 0"/>', '<path d="M0,1" fill="none" />'),
        ('<path d=""/><path/>', ""),
        ('<text x="0" y="0" style="font-size: 13px">a</text>', "<text>a</text>"),
        ('<text x="0" y="1" style="font-size: 12px; font-weight: normal">a<tspan dx="3">b</tspan>c</text>', '<text y="1" font-size="12">a<tspan dx="3">b</tspan>c</text>'),
        ('<g transform="translate(0, 0)"><circle r="2" cx="1"/></g>', '<g><circle r="2" cx="1" /></g>'),
        ('<g transform="translate(0, 1)"><circle r="2"/></g>', '<g transform="translate(0, 1)"><circle r="2" /></g>'),
        ('<g class="trace bars"><line x1="1"/></g>', '<g class="marks"><line x1="1" /></g>'),
        ('<g class="traces"><line x1="1"/></g>', '<g><line x1="1" /></g>'),
        ('<g opacity="0"><line x1="1"/></g><line x1="2" style="display: none"/><line x1="3" style="visibility: hidden"/>', ""),
        ('<g style="opacity: 0"><line x1="1"/></g><title>t</title><g> </g><text> </text>', ""),
    ],
)  # fmt: skip
def test_an_element_is_kept_with_what_is_seen_of_it(given: str, kept: str) -> None:
    assert taken(given).replace(f' xmlns="{SVG}"', "") == kept


@pytest.mark.parametrize("given", ["<image/>", '<text>a<tspan style="opacity: 0">b</tspan>c</text>'])
def test_what_is_not_known_and_seen_is_not_drawn_here(given: str) -> None:
    with pytest.raises(drawn_charts._Unknown):
        taken(given)


def test_clip_paths_are_numbered_as_they_are_used_and_others_go() -> None:
    paths = "".join(
        f'<clipPath id="{name}"><rect width="1"/></clipPath>' for name in ("clipB", "clipA", "clipA", "clipC")
    )
    kept = taken(
        f'<defs>{paths}</defs><defs><clipPath id="clipD"/></defs><g clip-path="url(\'#clipA\')"><line x1="1"/></g>'
        '<path d="M0" clip-path="url(#clipB)"/>'
    )
    assert kept == (
        '<defs><clipPath id="clip-2"><rect width="1" /></clipPath><clipPath id="clip-1"><rect width="1" /></clipPath></defs>'
        '<g clip-path="url(\'#clip-1\')"><line x1="1" /></g><path d="M0" clip-path="url(#clip-2)" />'
    )


def test_a_drawing_in_a_page_has_its_own_ids_and_the_themes_colours() -> None:
    made = Drawing(
        90, 40, f'<svg a="1"><g id="clip-1" fill="{ACCENT.lower()}" clip-path="url(#clip-1)">#ffffff</g></svg>'
    )
    assert made.inline("wide", "chart-3-wide") == (
        '<svg class="drawn wide" viewBox="0 0 90 40" font-size="13"><g id="chart-3-wide-1" '
        f'fill="var(--kam-accent,{ACCENT.lower()})" clip-path="url(#chart-3-wide-1)">#ffffff</g></svg>'
    )
    assert (
        made.address
        == "data:image/svg+xml;base64,PHN2ZyBhPSIxIj48ZyBpZD0iY2xpcC0xIiBmaWxsPSIjMWY1ZmJmIiBjbGlwLXBhdGg9InVybCgjY2xpcC0xKSI+I2ZmZmZmZjwvZz48L3N2Zz4="
    )


@pytest.mark.parametrize(
    ("width", "text", "height", "visible"), [(904, "long", None, None), (840, "long", None, None), (839, "middle", None, None), (560, "middle", None, None), (559, "short", 500, False)]
)  # fmt: skip
def test_what_is_asked_for_below_a_width_is_changed_below_it(
    width: int, text: str, height: int | None, visible: bool | None
) -> None:
    less = {
        "annotations": [{"text": "short"}],
        "axes": {"xaxis": {"visible": False}},
        "layout": {"height": 500},
        "data": [{"x": [9]}],
    }
    words = [
        {"text": "long", "xanchor": "left"},
        {"text": "a<br>b", "xanchor": "right"},
        {"text": "c", "xanchor": "center"},
    ]
    layout = {"annotations": words, "meta": {"narrow": less, "medium": {"annotations": [{"text": "middle"}]}}}
    made = _fitted({"data": [{"x": [1]}, {"x": [2]}], "layout": layout}, width)["layout"]
    assert (made["width"], made["autosize"], made.get("height")) == (width, False, height)
    assert made.get("xaxis", {}).get("visible") is visible
    assert [(each["text"], each.get("align")) for each in made["annotations"]] == [
        (text, "left"),
        ("a<br>b", None),
        ("c", None),
    ]


def test_a_letters_chart_is_put_together_to_the_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_chart, "text_width", lambda text, size: len(text) * size / 2)
    monkeypatch.setattr(letter_chart, "can_draw", lambda: True)
    monkeypatch.setattr(letter_chart, "_png", lambda svg: b"png")
    title = " ".join(["Sales"] * 14)  # 83 signs of 9.54 pixels are more than 776, 77 are not
    page = (
        '<title>Works: 06</title><figure class="chart" role="group" aria-label="Bars &amp; more"><figcaption>'
        f'{title} &lt;b&gt;</figcaption><p class="source"> Invoices </p><svg class="drawn medium" viewBox="0 0 776 200" font-size="13">'
        '<path fill="var(--kam-accent,#1f5fbf)"/></svg></figure><footer class="page-footer">\n <p>Source: x</p></footer>'
    )
    found = letter_chart.drawn_letter_chart(page)
    assert found is not None
    alt, svg, png = found
    assert (alt, png) == ("Bars & more", b"png")
    lines = [" ".join(["Sales"] * 13), "Sales &lt;b&gt;"]
    assert svg == (
        f'<svg xmlns="{SVG}" width="776" height="299" viewBox="0 0 776 299" font-family="{FONT.replace(chr(39), "")}">'
        '<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text font-size="18" font-weight="700" fill="{INK}"><tspan x="0" y="18">{lines[0]}</tspan><tspan x="0" y="42">{lines[1]}</tspan></text>'
        f'<text font-size="13" font-weight="400" fill="{MUTED}"><tspan x="0" y="63">Invoices</tspan></text>'
        f'<text font-size="11" font-weight="400" fill="{MUTED}"><tspan x="0" y="295">Works: 06. Source: x</tspan></text>'
        '<g transform="translate(0,76)" font-size="13" xml:space="preserve"><path fill="#1f5fbf"/></g></svg>'
    )
    assert letter_chart.drawn_letter_chart("<p>no chart</p>") is None
    assert letter_chart.drawn_letter_chart(page.replace("drawn medium", "drawn wide")) is None
