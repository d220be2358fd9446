"""The texts inside drawings, and which of them are cut or cover each other."""

from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


@dataclass(frozen=True)
class Words:
    """One text inside a drawing: which chart's, what it says, its box and its drawing's."""

    chart: str
    text: str
    box: Box
    drawing: Box

    def __str__(self) -> str:
        return f"{self.chart[:40]}: {self.text!r}"


# Every text that plotly drew, here or when the page was published. Rotated ones too: the box is that of the screen.
WORDS = """
() => [...document.querySelectorAll('figure.chart')].flatMap(figure => {
  const box = each => { const r = each.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const drawing = figure.querySelector('.drawing');
  return [...drawing.querySelectorAll('.main-svg text, .drawn text')]
    .filter(text => text.textContent.trim() && text.getBoundingClientRect().width && getComputedStyle(text).opacity !== '0')
    .map(text => [figure.querySelector('figcaption').textContent, text.textContent, box(text), box(drawing)]);
})
"""


def as_words(found: Any) -> list[Words]:
    """What `WORDS` found: axis titles, tick labels, annotations and the texts of bars, of every chart."""
    return [Words(chart, text, tuple(box), tuple(drawing)) for chart, text, box, drawing in found]


def cut(words: list[Words]) -> list[str]:
    """The texts that reach out of their drawing by more than a pixel, and so are not seen whole."""
    return [
        str(each)
        for each in words
        if each.box[0] < each.drawing[0] - 1 or each.box[1] < each.drawing[1] - 1
        or each.box[2] > each.drawing[2] + 1 or each.box[3] > each.drawing[3] + 1
    ]  # fmt: skip


def overlapping(words: list[Words]) -> list[str]:
    """The pairs of texts of one chart that cover each other."""
    # A text's box has air above and below its letters; boxes may share that.
    air = 0.15
    inner = [
        (left + 1, top + air * (bottom - top), right - 1, bottom - air * (bottom - top))
        for left, top, right, bottom in (each.box for each in words)
    ]
    return [
        f"{words[a]} and {words[b].text!r}"
        for a in range(len(words))
        for b in range(a + 1, len(words))
        if words[a].chart == words[b].chart
        and inner[a][0] < inner[b][2] and inner[b][0] < inner[a][2]
        and inner[a][1] < inner[b][3] and inner[b][1] < inner[a][3]
    ]  # fmt: skip
