"""Where names stand beside the points of a figure, so that they meet neither each other nor another point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kam_analysis.pages import style

# Left, low, right, high, in pixels.
Box = tuple[float, float, float, float]
# Pixels of a character.
_CHARACTER = 6.9
# Where a name may stand: beside, above and below its point, then at its corners.
_PLACES = ((0, 1), (0, -1), (1, 0), (-1, 0), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8))
# How much farther away, in pixels, where there is no room beside a point.
_AWAY = (0.0, 18.0, 36.0, 60.0, 90.0)


@dataclass(frozen=True)
class Field:
    """A drawing's axes and its size in pixels; at least `wide`, so that names have more room on a wider one."""

    across: tuple[float, float]
    up: tuple[float, float]
    wide: float
    high: float

    def pixels(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values as pixels from the corner below left."""
        return (
            (x - self.across[0]) / (self.across[1] - self.across[0]) * self.wide,
            (y - self.up[0]) / (self.up[1] - self.up[0]) * self.high,
        )

    def values(self, a: float, b: float) -> tuple[float, float]:
        """Pixels from the corner below left as values."""
        return (
            self.across[0] + a / self.wide * (self.across[1] - self.across[0]),
            self.up[0] + b / self.high * (self.up[1] - self.up[0]),
        )


def placed(
    names: Sequence[str], x: np.ndarray, y: np.ndarray, radii: np.ndarray, field: Field, longest: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Annotations and the lines that lead to some of them: names where there is room, the first ones first.

    Names are cut to `longest` characters; `radii` are in pixels. A name without any room is left to hovering
    and the table.
    """
    left, low = field.pixels(x, y)
    points = [(a - r, b - r, a + r, b + r) for a, b, r in zip(left, low, radii, strict=True)]
    taken: list[Box] = []
    annotations: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for name, a, b, r, own in zip(names, left, low, radii, points, strict=True):
        shown = style.shortened(name, longest)
        boxes = _boxes(a, b, r, _CHARACTER * len(shown))
        found = next((each for each in boxes if _fits(each, own, points, taken, field)), None)
        if found is None:
            continue
        away, box = found
        taken.append(box)
        if away:
            lines.append(_line(field.values(a, b), field.values(*_end(box, (a, b)))))
        middle = field.values((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        annotations.append(
            {"x": middle[0], "y": middle[1], "text": style.escaped(shown), "showarrow": False, "font": {"size": 12}}
        )
    return annotations, lines


def _line(start: tuple[float, float], end: tuple[float, float]) -> dict[str, Any]:
    line = {"color": style.MUTED, "width": 1}
    return {"type": "line", "x0": start[0], "y0": start[1], "x1": end[0], "y1": end[1], "line": line, "layer": "below"}


def _boxes(a: float, b: float, r: float, wide: float) -> Iterator[tuple[float, Box]]:
    for away in _AWAY:
        for right, above in _PLACES:
            middle, height = a + right * (r + 5 + away + wide / 2), b + above * (r + 9 + away)
            yield away, (middle - wide / 2, height - 8, middle + wide / 2, height + 8)


def _fits(place: tuple[float, Box], own: Box, points: Sequence[Box], names: Sequence[Box], field: Field) -> bool:
    """Whether a name meets nothing there, and its line no other name and no point but those that touch its own."""
    away, box = place
    if not _free(box, (*points, *names), field):
        return False
    at = (own[0] + own[2]) / 2, (own[1] + own[3]) / 2
    end = _end(box, at)
    steps = [(at[0] + part * (end[0] - at[0]), at[1] + part * (end[1] - at[1])) for part in np.linspace(0, 1, 25)]
    others = [*names, *(each for each in points if not _meet(each, own))]
    return not away or not any(
        left <= x <= right and low <= y <= high for x, y in steps for left, low, right, high in others
    )


def _end(box: Box, at: tuple[float, float]) -> tuple[float, float]:
    """Where a line from a point meets a name."""
    return min(max(at[0], box[0]), box[2]), min(max(at[1], box[1]), box[3])


def _free(box: Box, taken: Sequence[Box], field: Field) -> bool:
    inside = box[0] >= 0 and box[2] <= field.wide and box[1] >= 18 and box[3] <= field.high - 18
    return inside and not any(_meet(box, other) for other in taken)


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
