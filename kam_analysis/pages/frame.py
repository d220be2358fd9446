"""What every figure carries: the house's template, a title that states the finding, its source, and the
table behind it for readers who cannot or do not want to see the picture."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

from kam_analysis.pages import style
from kam_analysis.pages.traces import fingerprint


@dataclass(frozen=True)
class Source:
    """Where a figure's numbers come from: the words of its footer."""

    company: str
    as_of: str
    period: str

    def __str__(self) -> str:
        return self.period  # whose figures they are, and as of when, stands above all of them


def framed(
    figure: go.Figure,
    title: str,
    *,
    alt: str,
    source: Source,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    height: int,
    narrow: Mapping[str, Any] | None = None,
    medium: Mapping[str, Any] | None = None,
) -> go.Figure:
    """The finished figure. `alt` is one sentence; `columns` and `rows` the table behind the chart, as text.

    `narrow` holds what changes on a phone, all of it optional: `data` and `annotations`, attributes for
    each of them in order, `axes`, attributes by axis, and `layout`; a page applies them where it is narrow.
    `medium` is the same for a tablet and for paper. `of` in its meta says which data all this was written for: whoever
    changes the data afterwards gets a table of what is drawn, not this one.
    """
    meta = {
        "title": title,
        "alt": alt,
        "source": str(source),
        "table": {"columns": list(columns), "rows": [list(row) for row in rows]},
        "of": fingerprint(json.loads(to_json_plotly(figure.to_dict()["data"]))),
    }
    # As a whole: to merge property by property takes plotly twice as long.
    figure.update_layout(
        overwrite=True,
        template=style.template(),
        height=height,
        title={"text": style.escaped(title), "subtitle": {"text": style.escaped(str(source))}},
        meta=meta | {name: dict(given) for name, given in (("narrow", narrow), ("medium", medium)) if given},
    )
    return figure


def percent_ticks(*values: float) -> dict[str, list[Any]]:
    """An axis that writes percentages as the text around it does."""
    return {"tickvals": list(values), "ticktext": [f"{value * 100:.0f}%" for value in values]}


def money_ticks(most: float, unit: str, least: float = 0.0, steps: int = 5) -> dict[str, list[Any]]:
    """An axis between two amounts in about so many round steps, written as the text around it writes money: €5m."""
    if not least < most < math.inf:
        return {}
    rough = (most - least) / steps
    size = 10.0 ** math.floor(math.log10(rough))
    step = min((each * size for each in (1, 2, 2.5, 5, 10)), key=lambda each: abs(math.log(each / rough)))
    values = [each * step for each in range(math.ceil(least / step), math.floor(most / step) + 1)]
    return {"tickvals": values, "ticktext": [style.on_axis(each, unit) for each in values]}


SMALL = {"size": 12, "color": style.MUTED}


def titled(words: str, **place: Any) -> dict[str, Any]:
    """An axis with its title; amounts beside it carry their unit themselves."""
    return {"title": {"text": words, "font": SMALL, **place}}


def word(x: Any, y: Any, text: str, **place: Any) -> dict[str, Any]:
    """Words at a place of the drawing; `place` says on which side of it they stand, and in which font."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": SMALL, **place}


def row_axis(names: Sequence[str], at: Sequence[int] | None = None, **more: Any) -> dict[str, Any]:
    """An axis with a name for each row, some way off the drawing."""
    rows = list(range(len(names))) if at is None else at
    return {"tickvals": rows, "ticktext": names, "showgrid": False, "ticklabelstandoff": 8, **more}


def upright(
    x: float, y0: float, y1: float, colour: str = style.MUTED, width: float = 1, **place: Any
) -> dict[str, Any]:
    """A dotted line that stands at one place of the axis."""
    line = {"color": colour, "dash": "dot", "width": width}
    return {"type": "line", "x0": x, "x1": x, "y0": y0, "y1": y1, "line": line, **place}


def column(x: float, at: Sequence[int], text: Sequence[str], font: Mapping[str, Any], **axis: Any) -> go.Scatter:
    """Words below each other, where no line crosses them."""
    form = {"mode": "text", "textposition": "middle right", "hoverinfo": "skip", "cliponaxis": False}
    return go.Scatter(x=[x] * len(text), y=at, text=text, textfont=font, **form, **axis)


# Amounts with their sign are wide: a title at their side keeps off them.
BESIDE_AMOUNTS = {"standoff": 10}


def band(months: pd.Series, low: pd.Series, high: pd.Series, colour: str) -> go.Scatter:
    """The range around a line, by month."""
    return go.Scatter(
        x=[*months, *months[::-1]],
        y=[*high, *low[::-1]],
        fill="toself",
        fillcolor=colour,
        line={"width": 0},
        hoverinfo="skip",
    )


def course(
    figure: go.Figure,
    months: Sequence[int] | pd.Series,
    values: pd.Series,
    *,
    label: str,
    above: bool,
    named: dict[str, Any],
    **hover: Any,
) -> None:
    """A line by month, dashed where it is the one `above`, and its name where `named` puts it."""
    colour, dash = (style.MUTED, "dash") if above else (style.ACCENT, "solid")
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_trace(go.Scatter(x=months, y=values, mode="lines", line=line, **hover))
    figure.add_annotation(text=label, showarrow=False, font={"color": colour, "size": 12}, **named)
