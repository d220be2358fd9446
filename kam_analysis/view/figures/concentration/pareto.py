"""The largest customers by name, and how quickly the whole book adds up."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.view import style
from kam_analysis.view.figures.concentration.curves import drawn_ranks
from kam_analysis.view.figures.frame import Source, framed, percent_ticks
from kam_analysis.view.words import headed

NAMED_BARS = 10
# A curve over fewer customers says nothing that their bars do not.
CURVE_FROM = 6
_BETWEEN = 50  # pixels


def pareto(
    now: Concentration,
    source: Source,
    unit: str,
    measure: str = "sales",
    key_share: float = 0.0,
    followed: str = "",
) -> go.Figure:
    """The largest accounts by name, and how quickly the whole book adds up.

    Above: a bar per named account with its share and amount (`unit`: the currency or the measure's
    unit), and a line where a customer is key from `key_share` (0-1) on. Below: the cumulative share over all
    accounts, with the point where 80 % is reached. `followed` is the account_id that stands out, the largest
    by default; outside the named ones it gets a bar of its own. A large book's curve is drawn through at
    most 400 of its accounts; the table names the drawn bars.
    """
    named = _named(now, followed)
    bars, curve = 30 * len(named), 170 if now.n >= CURVE_FROM else 0
    figure = _panels(bars, curve)
    _bars(figure, named, followed, unit)
    _threshold(figure, key_share, float(named["share"].max()))
    if curve:
        _curve(figure, now, measure)
        _place(figure, named, followed)
    needed = now.accounts_for(0.8)
    title = f"{style.count(needed)} of {style.counted(now.n, 'customer')} make 80{style.GAP}% of {measure}"
    if now.n == 1:
        title = f"One customer makes all {measure}"
    alt = (
        f"Bars of the largest customers' shares of {measure} ({len(named)} of {now.n:,} customers); "
        f"counted from the largest, {needed:,} reach 80 percent."
    )
    rows = [
        [str(row["rank"]), row["account_name"], style.money(row["amount"], unit), style.share(row["share"]),
         style.share(row["cumulative"])]
        for row in named.to_dict("records")
    ]  # fmt: skip
    columns = ["Rank", "Customer", headed(measure), "Share", "Together"]
    return framed(figure, title, alt, source, columns, rows, _height(bars, curve), _on_a_phone(named))


def _panels(bars: int, curve: int) -> go.Figure:
    """Room for bars and, where there is one, a curve below; heights in pixels."""
    if not curve:
        return make_subplots(rows=1, cols=1)
    return make_subplots(
        rows=2, cols=1, row_heights=[bars, curve], vertical_spacing=_BETWEEN / (bars + curve + _BETWEEN)
    )


def _height(bars: int, curve: int) -> int:
    """Of the whole figure: the panels, what is between them, and room for title and axis."""
    return bars + (curve + _BETWEEN if curve else 0) + 120


def _named(now: Concentration, followed: str) -> pd.DataFrame:
    """The accounts that get a bar, with their rank."""
    ranked = now.accounts.assign(rank=np.arange(1, now.n + 1))
    shown = (ranked["rank"] <= NAMED_BARS) | (ranked["account_id"] == followed)
    return ranked[shown].reset_index(drop=True)


def _bars(figure: go.Figure, named: pd.DataFrame, followed: str, unit: str) -> None:
    # Names may repeat; positions do not.
    positions, names, parts = list(range(len(named))), named["account_name"].tolist(), named["share"].to_numpy()
    strong = named["account_id"] == followed if followed else named["rank"] == 1
    figure.add_trace(
        go.Bar(
            x=parts, y=positions, orientation="h", text=[_label(row, unit) for row in named.to_dict("records")],
            textposition="outside", cliponaxis=False, width=0.68,
            marker={"color": [style.ACCENT if each else style.REST for each in strong]},
            hovertext=[style.escaped(name) for name in names], hovertemplate="%{hovertext}<br>%{text}<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    ticks = [style.escaped(style.shortened(name)) for name in names]
    figure.update_yaxes(
        tickvals=positions, ticktext=ticks, autorange="reversed", showgrid=False, ticklabelstandoff=8, row=1, col=1
    )
    # Room for the longest label outside the longest bar.
    figure.update_xaxes(range=[0, float(parts.max()) * 1.55], visible=False, row=1, col=1)


def _label(row: dict[Hashable, Any], unit: str) -> str:
    """Beside a bar; whoever stands below the largest has the rank said."""
    said = f"{style.share(row['share'])}  {style.money(row['amount'], unit)}"
    return said + (f", number {row['rank']:,}" if row["rank"] > NAMED_BARS else "")


def _threshold(figure: go.Figure, key_share: float, largest: float) -> None:
    """Where a customer begins to be key; nothing where no bar comes near it."""
    if not 0 < key_share < largest * 1.3:
        return
    line = {"color": style.MUTED, "dash": "dot", "width": 1}
    figure.add_vline(x=key_share, line=line, layer="below", row=1, col=1)
    figure.add_annotation(
        x=key_share, y=1, yref="y domain", yanchor="bottom", text=f"key from {style.share(key_share, 0)}",
        showarrow=False, font={"size": 12, "color": style.MUTED}, row=1, col=1,
    )  # fmt: skip


def _place(figure: go.Figure, named: pd.DataFrame, followed: str) -> None:
    """Where on the curve the followed account stands."""
    for row in named[named["account_id"] == followed].to_dict("records"):
        mark = {"color": style.PAPER, "size": 9, "line": {"color": style.ACCENT, "width": 2}}
        said = f"{style.escaped(row['account_name'])} is number {row['rank']:,}<extra></extra>"
        figure.add_trace(
            go.Scatter(x=[row["rank"]], y=[row["cumulative"]], mode="markers", marker=mark, hovertemplate=said),
            row=2, col=1,
        )  # fmt: skip


def _on_a_phone(named: pd.DataFrame) -> dict[str, Any]:
    """Shorter names and shares alone leave the bars some room."""
    names = [style.escaped(style.shortened(name, 18)) for name in named["account_name"]]
    return {"data": [{"text": [style.share(part) for part in named["share"]]}], "axes": {"yaxis": {"ticktext": names}}}


def _drawn(n: int) -> str:
    """What the curve's axis counts; a large book's curve is a summary, and says so."""
    drawn = len(drawn_ranks(n)) - 1
    return "customers, largest first" + (f" (the curve is drawn through {drawn:,} of {n:,})" if drawn < n else "")


def _curve(figure: go.Figure, now: Concentration, measure: str) -> None:
    ranks = drawn_ranks(now.n)
    reached = np.concatenate([[0.0], now.accounts["cumulative"].to_numpy()])
    figure.add_trace(
        go.Scatter(
            x=ranks, y=reached[ranks], mode="lines", line={"color": style.MUTED, "width": 2},
            hovertemplate="%{x:,} customers make %{y:.1%}<extra></extra>",
        ),
        row=2, col=1,
    )  # fmt: skip
    marks = sorted({min(5, now.n), now.accounts_for(0.8)})
    figure.add_trace(
        go.Scatter(
            x=marks, y=reached[marks], mode="markers", marker={"color": style.ACCENT, "size": 9}, hoverinfo="skip"
        ),
        row=2, col=1,
    )  # fmt: skip
    for rank in marks:
        reaches = 0.8 if rank == now.accounts_for(0.8) else float(reached[rank])
        # Below the curve on its left, above it on its right: where there is room.
        side = (
            {"xanchor": "left", "yanchor": "top", "xshift": 8}
            if rank < 0.45 * now.n
            else {"xanchor": "right", "yanchor": "bottom", "xshift": -4}
        )
        text = f"{rank:,} {'reach' if reaches == 0.8 else 'make'} {style.share(reaches, 0)}"
        figure.add_annotation(x=rank, y=float(reached[rank]), text=text, showarrow=False, row=2, col=1, **side)
    figure.update_yaxes(
        range=[0, 1.04],
        **percent_ticks(0, 0.5, 0.8, 1),
        title={"text": f"share of {measure}", "font": {"size": 12, "color": style.MUTED}},
        row=2,
        col=1,
    )
    figure.update_xaxes(
        range=[0, now.n * 1.02],
        tickformat=",",
        nticks=6,
        dtick=1 if now.n < 10 else None,
        showgrid=False,
        title={"text": _drawn(now.n), "font": {"size": 12, "color": style.MUTED}},
        row=2,
        col=1,
    )
