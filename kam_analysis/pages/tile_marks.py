"""The small drawings in tiles: how a figure came to be what it is, or how far it is from a limit.

Drawn as SVG in the text's own colours, so that they follow light and dark, print, and need no script. They repeat
what the tile's words say, and a screen reader passes them over.
"""

import math
from collections.abc import Iterable
from html import escape

_WIDE, _HIGH, _EDGE = 120, 28, 3
_WORDS_HIGH = 14  # what the limit's name takes below a bar


def sparkline(values: Iterable[float]) -> str:
    """A line through the figure's last values, the newest marked; nothing from fewer than three.

    Its height is that of the course, not of the figure, which the tile tells: only what has not moved by a hundredth of
    its size is a level line.
    """
    known = [float(each) for each in values if math.isfinite(each)]
    if len(known) < 3:
        return ""
    low, high = min(known), max(known)
    least = 0.01 * max(abs(low), abs(high))  # a course that nobody could tell from a level one is drawn as one
    middle, span = (low + high) / 2, max(high - low, least)
    step = (_WIDE - 2 * _EDGE) / (len(known) - 1)
    places = [
        (_EDGE + at * step, _HIGH / 2 - (value - middle) / (span or 1) * (_HIGH - 2 * _EDGE))
        for at, value in enumerate(known)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return _drawing(
        f'<polyline points="{line}" fill="none" stroke="var(--kam-rest)" stroke-width="1.5"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="var(--kam-accent)"/>'
    )


def bullet(
    value: float, limit: float, low: float | None = None, high: float | None = None, *, limit_name: str = ""
) -> str:
    """A bar from zero beside its limit, which bears its name, with its range as a thin line; red where it is beyond.

    Nothing where one of both is below zero or not known.
    """
    ends = [each for each in (low, high) if each is not None]
    whole = max(value, limit, *ends) if all(map(math.isfinite, (value, limit, *ends))) else 0
    if whole <= 0 or min(value, limit, *ends) < 0:
        return ""

    def at(amount: float) -> float:
        return _EDGE + amount / whole * (_WIDE - 2 * _EDGE)

    colour = "bad" if value > limit else "accent"
    parts = [
        f'<rect x="{_EDGE}" y="9" width="{at(value) - _EDGE:.1f}" height="10" fill="var(--kam-{colour})"/>',
        f'<rect x="{at(limit) - 1:.1f}" y="2" width="2" height="24" fill="var(--kam-ink)"/>',
    ]
    if len(ends) == 2:
        start, end = at(min(ends)), at(max(ends))
        parts.append(f'<rect x="{start:.1f}" y="22" width="{end - start:.1f}" height="2" fill="var(--kam-muted)"/>')
    if limit_name:
        # Away from the nearer edge, so that it is never cut.
        x, anchor = (at(limit) + 1, "end") if at(limit) > _WIDE / 2 else (at(limit) - 1, "start")
        parts.append(
            f'<text x="{x:.1f}" y="{_HIGH + 10}" font-size="11" text-anchor="{anchor}" fill="var(--kam-muted)">'
            f"{escape(limit_name)}</text>"
        )
    return _drawing("".join(parts), _HIGH + _WORDS_HIGH * bool(limit_name))


def _drawing(inside: str, high: int = _HIGH) -> str:
    size = f'viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}"'
    return f'<svg class="kam-mark" {size} aria-hidden="true" focusable="false">{inside}</svg>'
