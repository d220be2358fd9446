"""What moved between two years: from the sales of one to the sales of the other."""

import plotly.graph_objects as go

from kam_analysis.analysis.concentration import Bridge
from kam_analysis.view import style
from kam_analysis.view.figures.frame import Source, framed
from kam_analysis.view.words import headed, named

# A customer that did not buy in a year may only order rarely: "stopped or paused", not "lost".
STEPS = {"new": "New", "grown": "Grown", "shrunk": "Shrunk", "lost": "Stopped or paused"}


def bridge_figure(bridge: Bridge, source: Source, unit: str, measure: str = "sales", followed: str = "") -> go.Figure:
    """From the year before to this one: what came in, grew, shrank and stopped.

    `followed` is an account_id whose own part is drawn in its step. The two totals are points, not bars: the axis does not begin at zero, so only the changes have a length.
    """
    changes = {kind: float(getattr(bridge, kind)) for kind in STEPS}
    levels = [bridge.opening]
    for change in changes.values():
        levels.append(levels[-1] + change)
    figure = go.Figure()
    _totals(figure, bridge, unit)
    _changes(figure, bridge, changes, levels, unit)
    _part(figure, bridge, levels, unit, followed)
    low, high = min(levels), max(levels)
    span = (high - low) or high
    names = ["The year before", *STEPS.values(), "This year"]
    figure.update_xaxes(range=[low - 0.04 * span, high + 0.75 * span], visible=False)
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=names,
        showgrid=False,
        ticklabelstandoff=8,
    )
    rows = [["The year before", "", style.money(bridge.opening, unit)]]
    rows += [[STEPS[kind], style.count(bridge.count(kind)), style.money(changes[kind], unit)] for kind in STEPS]
    rows.append(["This year", "", style.money(bridge.closing, unit)])
    alt = f"Bridge from {style.money(bridge.opening, unit)} of {measure} the year before to {style.money(bridge.closing, unit)}."
    columns = ["Step", "Customers", headed(measure)]
    # On a phone the amounts stand alone; the numbers of customers are in the table.
    short = [{"text": _signed(change, unit)} for change in changes.values()]
    return framed(figure, _finding(bridge, measure), alt, source, columns, rows, 330, {"annotations": short})


def _finding(bridge: Bridge, measure: str) -> str:
    kept = f"{style.share(bridge.kept, 0)} of the {measure} of the year before were kept"
    return f"{kept}; with the growth of those customers {style.share(bridge.kept_plus_grown, 0)}"


def _signed(change: float, unit: str) -> str:
    return ("+" if change > 0 else "") + style.money(change, unit)


def _totals(figure: go.Figure, bridge: Bridge, unit: str) -> None:
    figure.add_trace(
        go.Scatter(
            x=[bridge.opening, bridge.closing],
            y=[0, len(STEPS) + 1],
            mode="markers+text",
            marker={"color": style.INK, "size": 11},
            text=[f"  {style.money(total, unit)}" for total in (bridge.opening, bridge.closing)],
            textposition="middle right",
            hoverinfo="skip",
        )
    )


def _changes(figure: go.Figure, bridge: Bridge, changes: dict[str, float], levels: list[float], unit: str) -> None:
    for row, (kind, change) in enumerate(changes.items(), start=1):
        start, end = levels[row - 1], levels[row]
        colour = style.ACCENT if change >= 0 else style.WARNING
        text = f"{_signed(change, unit)}, {style.counted(bridge.count(kind), 'customer')}"
        figure.add_trace(
            go.Bar(
                x=[abs(change)], base=[min(start, end)], y=[row], orientation="h", width=0.6, text=[text],
                textposition="none", marker={"color": colour}, hovertemplate=f"{text}<extra></extra>",
            )
        )  # fmt: skip
        figure.add_annotation(
            x=max(start, end), y=row, text=text, showarrow=False, xanchor="left", xshift=6, font={"color": colour}
        )
    # Thin lines lead the eye from one level to the next.
    for row, level in enumerate(levels):
        figure.add_shape(
            type="line", x0=level, x1=level, y0=row, y1=row + 1, line={"color": style.REST, "width": 1}, layer="below"
        )


def _part(figure: go.Figure, bridge: Bridge, levels: list[float], unit: str, followed: str) -> None:
    """The followed account's part of its step, below the step's own amount."""
    for each in bridge.accounts[bridge.accounts["account_id"] == followed].to_dict("records"):
        if each["kind"] not in STEPS:
            continue
        step = list(STEPS).index(each["kind"])
        start = levels[step]
        end, name = start + each["change"], style.shortened(named(followed, each["account_name"]))
        said = f"of it {style.escaped(name)} {_signed(each['change'], unit)}"
        figure.add_trace(
            go.Bar(
                x=[abs(each["change"])], base=[min(start, end)], y=[step + 1], orientation="h", width=0.6,
                marker={"color": style.INK}, hovertemplate=f"{said}<extra></extra>",
            )
        )  # fmt: skip
        figure.add_annotation(
            x=max(start, levels[step + 1]), y=step + 1, text=said, showarrow=False, xanchor="left", xshift=6,
            yshift=-15, font={"size": 12, "color": style.INK},
        )  # fmt: skip
