"""Curves over all customers: which points of a large book are drawn, and how unequal the customers are."""

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Concentration, lorenz
from kam_analysis.pages import style
from kam_analysis.pages.frame import Source, framed, percent_ticks

CURVE_POINTS = 400


def drawn_ranks(n: int) -> np.ndarray:
    """Which ranks a curve over n accounts is drawn through: all of a small book, a spread of a large one."""
    if n <= CURVE_POINTS:
        return np.arange(n + 1)
    spread = np.unique(np.geomspace(1, n, CURVE_POINTS).round().astype(int))
    return np.concatenate([[0], spread])


def lorenz_curve(now: Concentration, source: Source, measure: str = "sales") -> go.Figure:
    """How unequal the accounts are: the Lorenz curve against equality, with the Gini coefficient."""
    accounts, amounts = lorenz(now.amounts)
    drawn = now.n - drawn_ranks(now.n)[::-1]
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", line={"color": style.REST, "dash": "dot", "width": 1.5}, hoverinfo="skip"
        )
    )
    figure.add_trace(
        go.Scatter(
            x=accounts[drawn], y=amounts[drawn], mode="lines", line={"color": style.ACCENT, "width": 2.5},
            hovertemplate="the smallest %{x:.0%} make %{y:.1%}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_annotation(
        x=0.5,
        y=0.5,
        text="all equal",
        showarrow=False,
        textangle=0,
        xanchor="right",
        yanchor="bottom",
        xshift=-6,
        font={"color": style.MUTED},
    )
    figure.update_xaxes(
        title={"text": "share of customers, smallest first", "font": {"size": 12, "color": style.MUTED}},
        **percent_ticks(0, 0.2, 0.4, 0.6, 0.8, 1),
        range=[0, 1.02],
    )
    figure.update_yaxes(
        title={"text": f"share of {measure}", "font": {"size": 12, "color": style.MUTED}},
        **percent_ticks(0, 0.2, 0.4, 0.6, 0.8, 1),
        range=[0, 1.02],
    )
    half = float(np.interp(0.5, accounts, amounts))
    title = f"The smaller half of the customers makes {style.share(half)} of {measure}"
    alt = f"Lorenz curve of {measure} over {now.n:,} customers; Gini coefficient {now.gini:.2f}."
    steps = np.linspace(0, 1, 11)
    rows = [[f"{step * 100:.0f}{style.GAP}%", style.share(float(np.interp(step, accounts, amounts)))] for step in steps]
    return framed(figure, title, alt, source, ["Smallest customers", f"Share of {measure}"], rows, 360)
