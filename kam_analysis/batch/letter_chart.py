"""The chart of a letter where no browser makes it: from what is drawn in its page, with title and source around it."""

import re
from collections.abc import Sequence
from html import escape, unescape

from kam_analysis.batch.drawn_charts import can_draw, light, text_width
from kam_analysis.pages.style import FONT, INK, MUTED

_WIDTH, _MOST_BYTES, _FINENESSES = 776, 60_000, (2, 1.5, 1)  # as figures.js has them for letters
_TITLE, _SOURCE, _SMALL = (18, 24, 700), (13, 18, 400), (11, 15, 400)  # pixels of type, of a line; weight
_FIGURE = re.compile(r'<figure class="chart"[^>]*aria-label="([^"]*)">(.*?)</figure>', re.DOTALL)
_DRAWN = re.compile(r'<svg class="drawn medium" viewBox="0 0 (\d+) (\d+)"([^>]*)>(.*?)</svg>', re.DOTALL)
_PARTS = {
    "title": re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL),
    "source": re.compile(r'<p class="source">(.*?)</p>', re.DOTALL),
    "page": re.compile(r"<title>(.*?)</title>", re.DOTALL),
    "from": re.compile(r'<footer class="page-footer">\s*<p>(.*?)</p>', re.DOTALL),
}
_TEXTS = re.compile(r"<text[ >].*?</text>", re.DOTALL)


def drawn_letter_chart(page: str) -> tuple[str, str, bytes] | None:
    """The first chart of a page: its text alternative, and it as SVG and as PNG, of at most 60,000 bytes.

    None where it has none that was drawn when the page was made, or nothing here can write its words.
    """
    found = _FIGURE.search(page)
    drawn = found and _DRAWN.search(found[2])
    if not found or not drawn or not can_draw():
        return None
    svg = _whole(drawn, _said("title", found[2]), _said("source", found[2]), _foot(page))
    png = _png(svg)
    return (unescape(found[1]), svg, png) if png else None


def _said(part: str, html: str) -> str:
    found = _PARTS[part].search(html)
    return unescape(found[1]).strip() if found else ""


def _foot(page: str) -> str:
    """Whose figures these are: a plan's title says it, and where they come from."""
    return ". ".join(filter(None, (_said("page", page), _said("from", page))))


def _whole(drawn: re.Match[str], title: str, source: str, foot: str) -> str:
    width, height = int(drawn[1]), int(drawn[2])
    above, first = _block(title, _TITLE, INK, 0)
    below_it, second = _block(source, _SOURCE, MUTED, first + 2)
    below, end = _block(foot, _SMALL, MUTED, second + 8 + height + 8)
    size = f'xmlns="http://www.w3.org/2000/svg" width="{width}" height="{end}" viewBox="0 0 {width} {end}"'
    font = escape(FONT.replace("'", ""))
    return (
        f'<svg {size} font-family="{font}"><rect width="100%" height="100%" fill="#ffffff"/>{above}{below_it}{below}'
        f'<g transform="translate(0,{second + 8})"{drawn[3]} xml:space="preserve">{light(drawn[4])}</g></svg>'
    )


def _block(text: str, style: tuple[int, int, int], colour: str, top: int) -> tuple[str, int]:
    """Lines of a text from `top` on, and where they end."""
    size, line, weight = style
    words = _lines(text, size * (1.06 if weight > 400 else 1))
    spans = "".join(
        f'<tspan x="0" y="{top + at * line + size}">{escape(each)}</tspan>' for at, each in enumerate(words)
    )
    said = f'<text font-size="{size}" font-weight="{weight}" fill="{colour}">{spans}</text>' if spans else ""
    return said, top + len(words) * line


def _lines(text: str, size: float) -> Sequence[str]:
    made: list[str] = []
    for word in text.split():
        longer = f"{made[-1]} {word}" if made else word
        if made and text_width(longer, size) <= _WIDTH:
            made[-1] = longer
        else:
            made.append(word)
    return made


def _png(svg: str) -> bytes:
    """As fine as the bytes allow. Empty where words leave no trace: no font that is found here has them."""
    from plotly_print.raster import svg_to_png

    if svg_to_png(svg) == svg_to_png(_TEXTS.sub("", svg)):
        return b""
    made = (svg_to_png(svg, scale=fineness) for fineness in _FINENESSES)
    return next((png for png in made if len(png) <= _MOST_BYTES), b"")
