"""The largest customers by name, and how quickly the whole book adds up."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Concentration, lorenz
from kam_analysis.pages import style
from kam_analysis.pages.frame import framed, percent_ticks, row_axis, titled, word
from kam_analysis.pages.words import headed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

NAMED_BARS = 10
CURVE_POINTS = 400
# A curve over fewer customers says nothing that their bars do not.
CURVE_FROM = 6
_BETWEEN = 44  # pixels

Drawn = dict[str, Any]
Row = dict[Hashable, Any]


def pareto(found: "Found") -> go.Figure:
    """The largest accounts by name, and how quickly all of them add up.

    Above: a bar per named account with its share and amount, and a line where a customer is key. Below: the
    cumulative share over all accounts, with the point where 80% is reached. The highlighted account stands out, the
    largest by default; outside the named ones it gets a bar of its own. A large book's curve is drawn through at
    most 400 of its accounts; the table names the drawn bars.
    """
    now, unit, followed = found.now, found.about.unit, found.customer
    measure, key_share = found.about.measure_words, found.about.key_share
    named = _named(now, followed)
    bars, curve = 26 * len(named), 130 if now.n >= CURVE_FROM else 0
    traces, layout = [_bars(named, followed, unit)], _bar_axes(named, bars / _inside(bars, curve))
    layout["shapes"], layout["annotations"] = _threshold(key_share, named)
    if curve:
        traces += _curve(now, named, followed)
        layout |= _curve_axes(now, measure, curve / _inside(bars, curve))
        layout["annotations"] += _marked(now)
    # Made in one go: plotly takes five times as long to add to a figure, and explorers draw while a control moves.
    figure = go.Figure(traces, layout)
    needed = now.accounts_for(0.8)
    of = {"needed": style.count(needed), "customers": style.count(now.n), "measure": measure}
    title = say("charts.largest_alone", measure=measure) if now.n == 1 else say("charts.largest", **of)
    alt = say("charts.largest_alt", bars=len(named), **of)
    rows = []
    for row in named:
        share, reached = style.share(row["share"]), style.share(row["cumulative"])
        rows.append([str(row["rank"]), row["account_name"], style.money(row["amount"], unit), share, reached])
    columns = [*words_in(__file__, "data_largest", measure=headed(measure)).values()]
    return framed(
        figure,
        title,
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=_inside(bars, curve) + 110,
        narrow=_on_a_phone(named),
    )


def _inside(bars: int, curve: int) -> int:
    """The height of the panels and what is between them, in pixels; title and axis need room besides."""
    return bars + (curve + _BETWEEN if curve else 0)


def _named(now: Concentration, followed: str) -> list[Row]:
    """The accounts that get a bar, with their rank."""
    ranks = [*range(min(NAMED_BARS, now.n))]
    if followed:
        ranks += [at for at in np.flatnonzero(now.accounts["account_id"] == followed).tolist() if at >= NAMED_BARS]
    return [row | {"rank": at + 1} for at, row in zip(ranks, now.accounts.iloc[ranks].to_dict("records"), strict=True)]


def _bars(named: Sequence[Row], followed: str, unit: str) -> Drawn:
    strong = [row["account_id"] == followed if followed else row["rank"] == 1 for row in named]
    shares, names = [row["share"] for row in named], [row["account_name"] for row in named]
    return told_bars(shares, [_label(row, unit) for row in named], names=names, strong=strong, width=0.68)


def told_bars(
    x: Sequence[float], said: Sequence[str], *, names: Sequence[str], strong: Sequence[bool], **more: Any
) -> Drawn:
    """A bar per row, what is said at its end, and its whole name for whoever points at it."""
    hover = {
        "hovertext": [style.escaped(each) for each in names],
        "hovertemplate": "%{hovertext}<br>%{text}<extra></extra>",
    }
    colours = [style.ACCENT if each else style.REST for each in strong]
    form = {"orientation": "h", "textposition": "outside", "cliponaxis": False, "marker": {"color": colours}}
    # Names may repeat; positions do not.
    return {"type": "bar", "x": x, "y": list(range(len(x))), "text": said, **form, **hover, **more}


def _bar_axes(named: Sequence[Row], part: float) -> Drawn:
    """Axes of the bars, which take this part of the height."""
    ticks = [style.escaped(style.shortened(row["account_name"])) for row in named]
    return {
        # Room for the longest label outside the longest bar.
        "xaxis": {"range": [0, _longest(named) * 1.55], "visible": False},
        "yaxis": row_axis(ticks, range=[len(named) - 0.5, -0.5], domain=[1 - part, 1]),
    }


def _longest(named: Sequence[Row]) -> float:
    return float(max(row["share"] for row in named))


def _label(row: Row, unit: str) -> str:
    """Beside a bar; whoever stands below the largest has the rank said."""
    share, amount = style.share(row["share"]), style.money(row["amount"], unit)
    if row["rank"] > NAMED_BARS:
        return say("charts.number", share=share, amount=amount, rank=style.count(row["rank"]))
    return f"{share}  {amount}"


def _threshold(key_share: float, named: Sequence[Row]) -> tuple[list[Drawn], list[Drawn]]:
    """Where a customer begins to be key, as lines and words; none where no bar comes near it."""
    if not 0 < key_share < _longest(named) * 1.3:
        return [], []
    # Between the rows alone: a line through them would strike out what stands beside the bars.
    between = (at - 0.5 for at in range(len(named) + 1))
    path = " ".join(f"M{key_share},{at - 0.2} L{key_share},{at + 0.2}" for at in between)
    line = {"type": "path", "path": path, "line": {"color": style.MUTED, "width": 1}}
    said = say("charts.threshold", share=style.share(key_share, 0))
    return [line], [word(key_share, 1, said, yref="y domain", yanchor="bottom")]


def _on_a_phone(named: Sequence[Row]) -> dict[str, Any]:
    """Shorter names and shares alone leave the bars some room."""
    names = [style.escaped(style.shortened(row["account_name"], 18)) for row in named]
    return {"data": [{"text": [style.share(row["share"]) for row in named]}], "axes": {"yaxis": {"ticktext": names}}}


def _drawn(n: int) -> str:
    """What the curve's axis counts; a large book's curve is a summary, and says so."""
    drawn = len(drawn_ranks(n)) - 1
    return say("charts.curve_some", drawn=style.count(drawn), all=style.count(n)) if drawn < n else say("charts.curve")


def _curve(now: Concentration, named: Sequence[Row], followed: str) -> list[Drawn]:
    """The cumulative share, its marks, and the followed account's place."""
    ranks, marks = drawn_ranks(now.n), _marks(now)
    reached = np.concatenate([[0.0], now.accounts["cumulative"].to_numpy()])
    below = {"type": "scatter", "xaxis": "x2", "yaxis": "y2"}
    line = {
        "mode": "lines",
        "line": {"color": style.MUTED, "width": 2},
        "hovertemplate": "Top %{x:,}: %{y:.1%}<extra></extra>",
    }
    dots = {"mode": "markers", "marker": {"color": style.ACCENT, "size": 9}, "hoverinfo": "skip"}
    found = [below | line | {"x": ranks, "y": reached[ranks]}, below | dots | {"x": marks, "y": reached[marks]}]
    ring = {"color": style.PAPER, "size": 9, "line": {"color": style.ACCENT, "width": 2}}
    for row in named:
        if row["account_id"] == followed:
            place = {"x": [row["rank"]], "y": [row["cumulative"]], "mode": "markers", "marker": ring}
            found.append(below | place | {"hovertemplate": f"{_followed(row)}<extra></extra>"})
    return found


def _followed(row: Row) -> str:
    return say("charts.followed", who=style.escaped(row["account_name"]), rank=style.count(row["rank"]))


def _marks(now: Concentration) -> list[int]:
    return sorted({min(5, now.n), now.accounts_for(0.8)})


def _marked(now: Concentration) -> list[Drawn]:
    """What the marks say: below the curve on its left, above it on its right, where there is room."""
    reached, found = now.accounts["cumulative"].to_numpy(), []
    below = {"xref": "x2", "yref": "y2", "xanchor": "left", "yanchor": "top", "xshift": 8}
    above = below | {"xanchor": "right", "yanchor": "bottom", "xshift": -4}
    for rank in _marks(now):
        share = 0.8 if rank == now.accounts_for(0.8) else float(reached[rank - 1])
        said = say("charts.top", rank=style.count(rank), share=style.share(share, 0))
        side = below if rank < 0.45 * now.n else above
        found.append(word(rank, float(reached[rank - 1]), said, font=None, **side))
    return found


def _curve_axes(now: Concentration, measure: str, part: float) -> Drawn:
    """Axes of the curve, which takes this part of the height."""
    ranks = {"tickformat": ",", "nticks": 6, "dtick": 1 if now.n < 10 else None, "showgrid": False}
    across = {"anchor": "y2", "range": [0, now.n * 1.02], **ranks, **titled(_drawn(now.n))}
    up = {"anchor": "x2", "domain": [0, part], "range": [0, 1.04], **percent_ticks(0, 0.5, 0.8, 1)}
    return {"xaxis2": across, "yaxis2": up | titled(say("charts.key_axis", measure=measure))}


def drawn_ranks(n: int) -> np.ndarray:
    """Which ranks a curve over n accounts is drawn through: all of a small book, a spread of a large one."""
    if n <= CURVE_POINTS:
        return np.arange(n + 1)
    spread = np.unique(np.geomspace(1, n, CURVE_POINTS).round().astype(int))
    return np.concatenate([[0], spread])


def lorenz_chart(found: "Found") -> go.Figure:
    """How unequal the accounts are: the Lorenz curve against equality, with the Gini coefficient."""
    now, measure = found.now, found.about.measure_words
    accounts, amounts = lorenz(now.amounts)
    drawn = now.n - drawn_ranks(now.n)[::-1]
    equality = {"color": style.REST, "dash": "dot", "width": 1.5}
    curve = {
        "line": {"color": style.ACCENT, "width": 2.5},
        "hovertemplate": "the smallest %{x:.0%}: %{y:.1%}<extra></extra>",
    }
    traces = [
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=equality, hoverinfo="skip"),
        go.Scatter(x=accounts[drawn], y=amounts[drawn], mode="lines", **curve),
    ]
    side = {"textangle": 0, "xanchor": "right", "yanchor": "bottom", "xshift": -6}
    words = word(0.5, 0.5, say("charts.all_equal"), font={"color": style.MUTED}, **side)
    axis = {**percent_ticks(0, 0.2, 0.4, 0.6, 0.8, 1), "range": [0, 1.02]}
    titles = say("charts.lorenz_axis"), say("charts.key_axis", measure=measure)
    axes = [axis | titled(title) for title in titles]
    figure = go.Figure(traces, {"annotations": [words], "xaxis": axes[0], "yaxis": axes[1]})
    half = float(np.interp(0.5, accounts, amounts))
    title = say("charts.lorenz", share=style.share(half), measure=measure)
    alt = say("charts.lorenz_alt", measure=measure, customers=style.count(now.n), gini=style.decimal(now.gini, 2))
    steps = np.linspace(0, 1, 11)
    rows = [[f"{step * 100:.0f}%", style.share(float(np.interp(step, accounts, amounts)))] for step in steps]
    columns = [*words_in(__file__, "data_lorenz", measure=measure).values()]
    source = found.about.source
    return framed(figure, title, alt=alt, source=source, columns=columns, rows=rows, height=360)
