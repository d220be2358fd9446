"""What the charts with lines share: a band, a line with its name beside it, axes."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.pages import style

SMALL = {"size": 12, "color": style.MUTED}


def titled(words: str, **place: Any) -> dict[str, Any]:
    """An axis with its title; amounts beside it carry their unit themselves."""
    return {"title": {"text": words, "font": SMALL, **place}}


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
