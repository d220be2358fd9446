"""Charts drawn when the page is published, where the extra `static` is installed: plotly.js without a browser.

What that gives is taken apart and written anew from the few elements and attributes that a chart needs, so that the same
figure gives the same bytes and nothing else of it can reach a page. A chart that needs more than these is not drawn here:
the reader's browser draws it, as it draws all of them without the extra.
"""

import base64
import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any
from xml.etree import ElementTree

from kam_analysis.batch.page import template_text
from kam_analysis.pages.style import FONT

WIDTHS = {"wide": 904, "medium": 776, "narrow": 358}  # pixels of a desktop's, of paper's and a tablet's, of a phone's
SAMPLE = "Key accounts 0123456789 €m % Sales"  # as wide for a reader as where it was drawn, or the drawing does not fit
_LESS_BELOW = (("narrow", 560), ("medium", 840))  # as charts.js has it
_MOST_SIGNS = 100_000  # of a figure's data: without a browser's compiler more take too long
_KINDS = {"scatter", "bar", "histogram", "box", "pie"}  # others are drawn with pixels, or were never compared
_SIZE = 13  # pixels of most of a chart's words
_PAD = 3  # pixels between the end of a bar and its text, as plotly has it
_SVG = "http://www.w3.org/2000/svg"
_KEPT = {
    "svg": {"width", "height", "viewBox"},
    "g": {"transform", "clip-path"},
    "defs": set(),
    "clipPath": {"id"},
    "path": {"d", "transform", "clip-path", "fill-rule"},
    "rect": {"x", "y", "width", "height", "transform", "clip-path", "rx", "ry"},
    "circle": {"cx", "cy", "r", "transform"},
    "line": {"x1", "x2", "y1", "y2"},
    "text": {"x", "y", "dx", "dy", "transform", "text-anchor"},
    "tspan": {"x", "y", "dx", "dy", "text-anchor"},
}
_UNSEEN = {"title", "desc", "metadata", "style"}
# What a style says beside what it would be without.
_STYLES = {
    "fill": "", "fill-opacity": "1", "stroke": "none", "stroke-opacity": "1", "stroke-width": "", "stroke-dasharray": "none",
    "stroke-linejoin": "", "stroke-linecap": "", "opacity": "1", "font-size": "", "font-weight": "normal", "font-style": "normal", "font-family": FONT,
}  # fmt: skip
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?|-?\d+(?:\.\d+)?e-?\d+")
_RGB = re.compile(r"rgb\((\d+), ?(\d+), ?(\d+)\)")
_REFERENCE = re.compile(r"url\(['\"]?#([\w-]+)['\"]?\)")
_COLOUR = re.compile(r"--kam-(\w+): (#[0-9a-f]{6});")
_HEX, _TAG = re.compile('"(#[0-9a-f]{6})"'), re.compile("<[^>]+>")
_OURS = re.compile(r"var\(--kam-\w+,(#[0-9a-f]{6})\)")
_PLACE = re.compile(r"translate\((-?[\d.]+), ?(-?[\d.]+)\)")
_BOX = re.compile(r"M(-?[\d.]+),(-?[\d.]+)V(-?[\d.]+)H(-?[\d.]+)V(-?[\d.]+)Z")


@dataclass(frozen=True)
class Drawing:
    """One chart at one width, in the light page's colours: `svg` stands alone, with its own size and font."""

    width: int
    height: int
    svg: str

    @property
    def address(self) -> str:
        """The whole drawing as an address of a picture."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()

    def inline(self, kind: str, name: str) -> str:
        """The same as a part of a page: as wide as its place, in the colours of the theme, of a `kind` that drawn.css knows,
        its ids beginning with `name`."""

        def placed(tag: re.Match[str]) -> str:
            colours = _house_colours()
            themed = _HEX.sub(
                lambda each: f'"var(--kam-{colours[each[1]]},{each[1]})"' if each[1] in colours else each[0], tag[0]
            )
            return themed.replace('id="clip-', f'id="{name}-').replace("url(#clip-", f"url(#{name}-")

        rest = _TAG.sub(placed, self.svg.split(">", 1)[1])  # in words ">" is written otherwise
        return f'<svg class="drawn {kind}" viewBox="0 0 {self.width} {self.height}" font-size="{_SIZE}">{rest}'


# plotly.js keeps the width of a text under the text and its style attribute, which the engine's elements do not tell: a small
# "18%" would be as wide as a large one, and a drawing depend on what was drawn before.
_STYLES_KNOWN = """
(function () {
  var plain = Element.prototype.getAttribute;
  if (plain.stylesKnown) return;
  Element.prototype.getAttribute = function (name) {
    return (name === "style" && this.style && this.style.cssText && this.style.cssText()) || plain.call(this, name);
  };
  Element.prototype.getAttribute.stylesKnown = true;
})();
"""


class _Unknown(Exception):
    """A drawing has something that is not known here."""


def can_draw() -> bool:
    """Whether the extra is installed."""
    return find_spec("plotly_print") is not None


def start() -> None:
    """Start the engine, once in a process and what is forked from it; nothing without the extra."""
    if can_draw():
        from plotly_print.engine import get_engine

        get_engine().context.eval(_STYLES_KNOWN)


def light(svg: str) -> str:
    """A drawing of a page in the colours that it has on paper."""
    return _OURS.sub(r"\1", svg)


def drawing(figure: Mapping[str, Any], width: int) -> Drawing | None:
    """A figure as the page draws it, `width` pixels wide.

    `figure` has `data` and `layout` as plotly stores them, with what changes at less width in the layout's `meta` (`narrow`,
    `medium`). None where the extra is not installed, the figure has what cannot be drawn so, or drawing it fails.
    """
    if not can_draw() or not _can_be_drawn(figure):
        return None
    return _drawn(json.dumps(figure, sort_keys=True, default=str), width)


def measured() -> float:
    """How wide `SAMPLE` is where charts are drawn, in pixels; 0.0 without the extra."""
    return round(text_width(SAMPLE, _SIZE), 1) if can_draw() else 0.0


@lru_cache(maxsize=256)  # the page and the executed notebook have the same
def _drawn(figure: str, width: int) -> Drawing | None:
    from plotly_print import to_svg

    try:
        start()
        fitted = _fitted(json.loads(figure), width)
        height = int(fitted["layout"].get("height") or 450)
        svg = to_svg(fitted, width=width, height=height)
        return Drawing(width, height, _written(ElementTree.fromstring(svg), width, height))
    except Exception:  # a young library in an engine of its own: whatever fails there, the reader's browser can draw it
        return None


def _can_be_drawn(figure: Mapping[str, Any]) -> bool:
    layout = figure.get("layout", {})
    moving = any(layout.get(each) for each in ("updatemenus", "sliders", "images", "mapbox", "map", "geo", "scene"))
    kinds = {str(trace.get("type") or "scatter") for trace in figure.get("data", [])}
    return not moving and kinds <= _KINDS and len(json.dumps(figure.get("data", []), default=str)) < _MOST_SIGNS


def _fitted(figure: dict[str, Any], width: int) -> dict[str, Any]:
    """The figure with what it asks to have changed where there is less room; see `fitted` in charts.js."""
    layout = figure["layout"]
    meta = layout.get("meta") or {}
    less = next((meta.get(name) or {} for name, below in _LESS_BELOW if width < below), {})
    words = layout.get("annotations") or []
    for changed, changes in ((figure["data"], less.get("data")), (words, less.get("annotations"))):
        for one, change in zip(changed, changes or [], strict=False):
            one.update(change)
    for axis, change in (less.get("axes") or {}).items():
        layout.setdefault(axis, {}).update(change)
    layout.update(copy.deepcopy(less.get("layout") or {}), width=width, autosize=False)
    for each in layout.get("annotations") or []:
        # One line stands where its box is held: so it begins there in whatever font it is read.
        if each.get("xanchor") in ("left", "right") and "<br" not in str(each.get("text")):
            each.setdefault("align", each["xanchor"])
    return figure


def _written(root: ElementTree.Element, width: int, height: int) -> str:
    """The drawing of kept elements and attributes. Raises `_Unknown` where it has others that are seen."""
    for parent in root.iter():
        _anchor_bar_text(parent)
    kept = _clean(root)
    assert kept is not None
    used = [found for each in kept.iter() for found in _REFERENCE.findall(each.get("clip-path", ""))]
    names = {name: f"clip-{number}" for number, name in enumerate(dict.fromkeys(used), start=1)}
    seen: set[str] = set()
    _without_unused(kept, names, seen)
    for each in kept.iter():
        for key in ("id", "clip-path"):
            if key in each.attrib:
                each.set(key, re.sub(r"[\w-]*clip[\w-]+", lambda found: names[found[0]], each.get(key, "")))
    for key in ("width", "height"):
        kept.attrib.pop(key, None)
    inner = "".join(ElementTree.tostring(each, encoding="unicode") for each in kept)
    head = f'xmlns="{_SVG}" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    font = FONT.replace("'", "&apos;")
    return f'<svg {head} font-family="{font}" font-size="{_SIZE}" xml:space="preserve">{inner}</svg>'


def _clean(element: ElementTree.Element) -> ElementTree.Element | None:
    """The element as it may stand in a page, None where nothing of it is seen."""
    tag = element.tag.removeprefix(f"{{{_SVG}}}")
    styles = dict(_pairs(element.get("style", "")))
    unseen = "0" in (styles.get("opacity"), element.get("opacity")) or styles.get("display") == "none"
    if tag in _UNSEEN or unseen or styles.get("visibility") == "hidden":
        return None
    if tag not in _KEPT:
        raise _Unknown(tag)
    given = {key: value for key, value in element.attrib.items() if key in _KEPT[tag] | set(_STYLES)}
    given |= {key: value for key, value in styles.items() if key in _STYLES}
    made = ElementTree.Element(tag, _short(given, tag))
    if tag == "g" and "trace" in element.get("class", "").split():
        made.set("class", "marks")  # not plotly's own names: it would take what stands there for its own
    made.text = element.text if tag in ("text", "tspan") else None
    for child in element:
        cleaned = _clean(child)
        if cleaned is not None:
            cleaned.tail = child.tail if tag in ("text", "tspan") else None
            made.append(cleaned)
        elif tag in ("text", "tspan") and child.tail:
            raise _Unknown("words after something hidden")
    if tag in ("g", "defs", "text", "tspan") and not len(made) and not (made.text or "").strip():
        return None
    return None if tag == "path" and not made.get("d") else made


def _short(given: Mapping[str, str], tag: str) -> dict[str, str]:
    """Attributes with colours as the page writes them, two places of each number, and without what would be so anyway."""
    made = {key: _RGB.sub(_hex, _NUMBER.sub(_rounded, value)).removesuffix("px") for key, value in given.items()}
    made = {key: value for key, value in made.items() if value != _STYLES.get(key)}
    if made.get("stroke-width") == "0" or made.get("stroke-opacity") == "0":
        made = {key: value for key, value in made.items() if not key.startswith("stroke")}
    if made.get("fill-opacity") == "0":
        made = {key: value for key, value in made.items() if key != "fill-opacity"} | {"fill": "none"}
    if tag == "text":
        usual = {("x", "0"), ("y", "0"), ("font-size", str(_SIZE))}
        made = {key: value for key, value in made.items() if (key, value) not in usual}
    if "transform" in made and re.fullmatch(r"translate\(0, ?0\)", made["transform"]):
        del made["transform"]
    return made


def _without_unused(element: ElementTree.Element, used: Mapping[str, str], seen: set[str]) -> None:
    """Take out clip paths that nothing refers to, or a second one of a name, and groups that are empty then."""
    for child in list(element):
        _without_unused(child, used, seen)
        name = child.get("id", "")
        unused = child.tag == "clipPath" and (name not in used or name in seen)
        if unused or (child.tag in ("g", "defs") and not len(child)):
            element.remove(child)
        elif child.tag == "clipPath":
            seen.add(name)


def _anchor_bar_text(parent: ElementTree.Element) -> None:
    """Let the text at the end of a bar begin or end there, not lie around where the middle of another font's would be."""
    for path, text in zip(list(parent), list(parent)[1:], strict=False):
        place, box = _PLACE.fullmatch(text.get("transform", "")), _BOX.fullmatch(path.get("d", ""))
        if not ("bartext" in text.get("class", "") and place and box) or len(text):
            continue
        x, left, right = float(place[1]), *sorted((float(box[1]), float(box[4])))
        size = float(dict(_pairs(text.get("style", ""))).get("font-size", f"{_SIZE}px").removesuffix("px"))
        half = text_width(text.text or "", size) / 2
        for edge in (left, right):
            for anchor, beside in (("start", edge + _PAD), ("end", edge - _PAD)):
                if abs((x - half if anchor == "start" else x + half) - beside) < 1:
                    text.set("text-anchor", anchor)
                    text.set("transform", f"translate({beside},{place[2]})")


def text_width(text: str, size: float) -> float:
    """The width of a text in pixels, as the drawings count with it; only where the extra is installed."""
    from plotly_print.fonts import get_default_font_manager

    return float(get_default_font_manager().measure(text, FONT, size)[0])


def _pairs(style: str) -> Iterator[tuple[str, str]]:
    for each in re.split(r";(?=\s*[\w-]+:|\s*$)", style):
        key, _, value = each.partition(":")
        if value:
            yield key.strip(), value.strip()


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _hex(found: re.Match[str]) -> str:
    return "#" + "".join(f"{int(each):02x}" for each in found.groups())


@cache
def _house_colours() -> dict[str, str]:
    """The light page's colours by what tokens.css calls them."""
    light = template_text("tokens.css").split("@media", 1)[0]
    return {colour: name for name, colour in _COLOUR.findall(light)}
