"""How dependence moved, month by month, and how it would move with one customer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from kam_analysis.ledger.period import spoken
from kam_analysis.view import style
from kam_analysis.view.figures.frame import Source, framed
from kam_analysis.view.words import equal, headed

# Fewer points are a table, not a course.
TREND_FROM = 4
_SHARES = {"top_10_share": "ten largest", "top_5_share": "five largest", "top_1_share": "largest"}
_TOP, _BELOW, _SPACE = 210, 130, 46  # pixels


def trend_figure(
    trend: pd.DataFrame, source: Source, measure: str = "sales", followed: pd.Series | None = None
) -> go.Figure:
    """Shares of the largest customers and the number of equal customers, each over twelve months to a month's end.

    `trend` is the analysis' frame by month; incomplete months are not in it. `followed` is one account's share
    in each of its rows, under its name; its line then stands out instead of the five largest's.
    """
    ends = pd.to_datetime(trend["month"]) + pd.offsets.MonthEnd(0)
    figure = _two_panels()
    lines = {name: trend[column] for column, name in _SHARES.items()}
    strong = "five largest"
    if followed is not None:
        strong = style.escaped(style.shortened(str(followed.name), 20))
        lines = {name: values for name, values in lines.items() if name != "largest"} | {strong: followed}
    _lines(figure, ends, lines, strong)
    _below(figure, ends, trend["effective_accounts"])
    figure.update_xaxes(showgrid=False, tickformat="%b %Y", nticks=6)
    first, last = trend.iloc[0], trend.iloc[-1]
    rows = [
        [spoken(end.date()), style.share(row["top_1_share"]), style.share(row["top_5_share"]),
         style.share(row["top_10_share"]), style.decimal(row["effective_accounts"]), style.count(row["accounts"])]
        for end, row in zip(ends, trend.to_dict("records"), strict=True)
    ]  # fmt: skip
    columns = ["12 months to", "Largest", "Five largest", "Ten largest", "Equal customers", "Customers"]
    alt = (
        f"Lines of the largest customers' shares of {measure} and of equal customers, "
        f"{len(trend)} twelve-month windows."
    )
    return framed(figure, _course(first, last, len(trend), measure), alt, source, columns, rows, _height())


def _course(first: pd.Series, last: pd.Series, windows: int, measure: str) -> str:
    change = float(last["top_5_share"] - first["top_5_share"])
    span = f"{windows - 1} months"
    if abs(change) < 0.005:
        return f"The five largest have held {style.share(float(last['top_5_share']), 0)} of {measure} for {span}"
    return (
        f"The five largest went from {style.share(float(first['top_5_share']), 0)} to "
        f"{style.share(float(last['top_5_share']), 0)} of {measure} in {span}"
    )


def what_if_figure(changed: pd.DataFrame, name: str, source: Source, measure: str = "sales") -> go.Figure:
    """The book as one customer goes from nothing to twice its size; `changed` is the analysis' frame by factor."""
    figure = _two_panels()
    size = changed["factor"]
    _lines(figure, size, {"five largest": changed["top_5_share"], "this customer": changed["share"]}, "five largest")
    _below(figure, size, changed["effective_accounts"])
    for row in (1, 2):
        figure.add_vline(x=1, line={"color": style.REST, "dash": "dot", "width": 1}, row=row, col=1)
    words = {0: "gone", 0.5: "half", 1: "as today", 1.5: "half as much again", 2: "twice"}
    figure.update_xaxes(
        tickvals=list(words), ticktext=list(words.values()), range=[-0.06, 2.06], showgrid=False, zeroline=False
    )
    named = changed[np.isclose(changed["factor"].to_numpy()[:, None], list(words)).any(axis=1)]
    gone, twice = changed.iloc[0], changed.iloc[-1]
    title = (
        f"Without {name} the rest is as concentrated as {equal(gone['effective_accounts'])}; "
        f"were it twice its size, as {equal(twice['effective_accounts'])}"
    )
    rows = [
        [words[round(row["factor"], 2)], style.money(row["amount"]), style.share(row["share"]),
         style.share(row["top_5_share"]), style.decimal(row["effective_accounts"])]
        for row in named.to_dict("records")
    ]  # fmt: skip
    columns = [name, headed(measure), "Its share", "Five largest", "Equal customers"]
    alt = f"Lines of shares and equal customers while {name} goes from nothing to twice its size."
    few = {"tickvals": [0, 1, 2], "ticktext": [words[0], words[1], words[2]]}
    narrow = {"axes": {"xaxis": few, "xaxis2": few}}
    return framed(figure, title, alt, source, columns, rows, _height(), narrow)


_SMALL: Mapping[str, Any] = {"size": 12, "color": style.MUTED}


def _two_panels() -> go.Figure:
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[_TOP, _BELOW],
        vertical_spacing=_SPACE / (_TOP + _BELOW + _SPACE),
    )  # fmt: skip
    for row, words in ((1, "share of the whole"), (2, "as concentrated as so many equal customers")):
        figure.add_annotation(
            text=words, showarrow=False, font=_SMALL, xref="x domain", yref="y domain", x=0, xanchor="left", y=1,
            yanchor="top", row=row, col=1,
        )  # fmt: skip
    return figure


def _height() -> int:
    return _TOP + _BELOW + _SPACE + 130


def _lines(figure: go.Figure, x: pd.Series, lines: Mapping[str, pd.Series], strong: str) -> None:
    top = max(float(values.max()) for values in lines.values())
    for name, values in lines.items():
        emphasised = name == strong
        # Lines that end close together get their labels on either side.
        below = any(0 < float(other.iloc[-1] - values.iloc[-1]) < 0.12 * top for other in lines.values())
        figure.add_trace(
            go.Scatter(
                x=x, y=values, mode="lines", line={"color": style.ACCENT if emphasised else style.MUTED, "width": 2.5 if emphasised else 1.5},
                hovertemplate=f"{name}: %{{y:.1%}}<extra></extra>",
            ),
            row=1, col=1,
        )  # fmt: skip
        _end_label(figure, x, values, f"{name} {style.share(float(values.iloc[-1]), 0)}", 1, emphasised, below)
    steps = _round_steps(top)
    figure.update_yaxes(
        range=[0, top * 1.3], tickvals=steps, ticktext=[style.share(step, 0) for step in steps], row=1, col=1
    )


def _below(figure: go.Figure, x: pd.Series, values: pd.Series) -> None:
    figure.add_trace(
        go.Scatter(
            x=x, y=values, mode="lines", line={"color": style.INK, "width": 2},
            hovertemplate="as %{y:.1f} equal customers<extra></extra>",
        ),
        row=2, col=1,
    )  # fmt: skip
    last = float(values.iloc[-1])
    _end_label(figure, x, values, style.decimal(last, 0 if last >= 10 else 1), 2, True)
    figure.update_yaxes(range=[0, float(values.max()) * 1.45], nticks=4, tickformat=",.0f", row=2, col=1)


def _end_label(
    figure: go.Figure, x: pd.Series, values: pd.Series, text: str, row: int, strong: bool, below: bool = False
) -> None:
    figure.add_annotation(
        x=x.iloc[-1], y=float(values.iloc[-1]), text=text, showarrow=False, xanchor="right", yanchor="top" if below else "bottom", yshift=-3 if below else 3,
        font={"color": style.ACCENT if strong and row == 1 else style.MUTED if not strong else style.INK},
        row=row, col=1,
    )  # fmt: skip


def _round_steps(top: float) -> Sequence[float]:
    """At most five round percentages from zero."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25):
        if top / step <= 5:
            return [step * at for at in range(int(top / step + 1e-9) + 1)]
    return [0.0, 0.25, 0.5, 0.75, 1.0]
