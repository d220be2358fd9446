"""The named worst cases, and how the largest of them is made up for."""

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.recovery import Replacement
from kam_analysis.view import style
from kam_analysis.view.figures.frame import Source, framed, percent_ticks
from kam_analysis.view.findings.churn_impact import Evidence, fraction
from kam_analysis.view.words import number_word

_SMALL = {"size": 12, "color": style.MUTED}


def worst_cases_figure(found: Evidence, source: Source, unit: str) -> go.Figure:
    """What each further loss adds, largest first, against what can be absorbed before break-even."""
    sizes = np.array([case.exposure for case in found.cases])
    names = found.exposed.accounts["account_name"].head(len(sizes)).tolist()
    own = np.diff(sizes, prepend=0.0)
    figure = go.Figure(
        go.Bar(
            x=own, base=sizes - own, y=list(range(len(sizes))), orientation="h", width=0.6, marker={"color": style.ACCENT},
            hovertext=[f"{style.escaped(name)}: {style.money(each, unit)}" for name, each in zip(names, own, strict=True)],
            hoverinfo="text",
        )
    )  # fmt: skip
    for row, (total, each) in enumerate(zip(sizes, own, strict=True)):
        said = style.money(total, unit) if row == 0 else f"+ {style.money(each)} = {style.money(total, unit)}"
        figure.add_annotation(x=total, y=row, text=said, showarrow=False, xanchor="left", xshift=6)
    right = float(sizes[-1])
    if found.absorb is not None and found.absorb.margin.value > 0:
        right = max(right, _break_even(figure, found.absorb.margin.value, len(sizes)))
    labels = [("and " if row else "") + style.escaped(style.shortened(name, 24)) for row, name in enumerate(names)]
    figure.update_yaxes(
        tickvals=list(range(len(sizes))), ticktext=labels, range=[len(sizes) - 0.4, -0.9], showgrid=False, ticklabelstandoff=8
    )  # fmt: skip
    figure.update_xaxes(range=[0, right * 1.45], visible=False)
    rows = [
        [case.label, style.money(case.exposure, unit), style.share(case.exposure_share)]
        for case in found.cases
    ]  # fmt: skip
    alt = f"Bars of the {found.earned} lost with the largest one to {len(sizes)} customers."
    columns = ["Lost together", f"{found.earned.capitalize()} a year", "Of all"]
    # On a phone the sums stand alone beside short names.
    short = [("and " if row else "") + style.escaped(style.shortened(name, 12)) for row, name in enumerate(names)]
    narrow = {"annotations": [{"text": style.money(total)} for total in sizes], "axes": {"yaxis": {"ticktext": short}}}
    return framed(figure, _finding(found), alt, source, columns, rows, 130 + 42 * len(sizes), narrow)


def _break_even(figure: go.Figure, margin: float, rows: int) -> float:
    line = {"color": style.WARNING, "width": 1.5, "dash": "dot"}
    figure.add_shape(type="line", x0=margin, x1=margin, y0=-0.45, y1=rows - 0.5, line=line)
    figure.add_annotation(
        x=margin, y=-0.68, text="break-even", showarrow=False, font={"size": 12, "color": style.WARNING}
    )
    return margin


def _finding(found: Evidence) -> str:
    last = found.cases[min(2, len(found.cases) - 1)]
    part = fraction(last.exposure_share)
    if last.accounts == 1:
        return f"One customer brings {part} of all {found.earned}"
    said = f"The {number_word(last.accounts)} largest together bring {part} of all {found.earned}"
    if found.absorb is None or found.absorb.below_already:
        return said
    k = found.absorb.largest
    return said if k >= len(found.cases) else f"{said}; {_survived(k)}"


def _survived(k: int) -> str:
    if k == 0:
        return "losing the largest alone takes us below break-even"
    return f"losing the {number_word(k + 1)} largest takes us below break-even"


def recovery_figure(found: Evidence, source: Source) -> go.Figure | None:
    """How much of the largest loss new business makes up for, month by month, at two paces."""
    way = found.way
    if way is None:
        return None
    figure = go.Figure()
    _band(figure, way.by_new_customers)
    _course(figure, way.by_new_customers, style.MUTED, "new customers alone", "dash")
    _course(figure, way.by_net, style.ACCENT, "all new business after usual losses", "solid")
    plan = way.by_net.plan_months
    figure.update_xaxes(
        range=[0, plan * 1.02], tickvals=list(range(0, plan + 1, 6)), showgrid=False,
        title={"text": "months after the loss", "font": _SMALL},
    )  # fmt: skip
    figure.update_yaxes(range=[0, 1.06], **percent_ticks(0, 0.25, 0.5, 0.75, 1))
    rows = [
        [str(int(a["month"])), style.share(a["share"], 0), f"{style.share(a['share_low'], 0)} to {style.share(a['share_high'], 0)}", style.share(b["share"], 0)]
        for a, b in zip(way.by_new_customers.at().to_dict("records"), way.by_net.at().to_dict("records"), strict=True)
    ]  # fmt: skip
    columns = ["Months", "New customers", "Range", "After usual losses"]
    alt = f"Lines of the part of the sales of {way.label} that new business makes up for within {plan} months."
    narrow = {"annotations": [{}, {"text": "after usual losses"}]}
    return framed(
        figure, _made_up(way.by_new_customers, way.by_net, way.label), alt, source, columns, rows, 360, narrow
    )


def _made_up(gross: Replacement, net: Replacement, name: str) -> str:
    years = gross.plan_months // 12
    shares = [float(each.path["share"].iloc[-1]) for each in (net, gross)]
    low, high = (style.share(each, 0) for each in sorted(shares))
    part = low if low == high else f"{low} to {high}"
    return f"After {number_word(years)} years {part} of the sales with {name} are made up for"


def _band(figure: go.Figure, way: Replacement) -> None:
    path = way.path
    figure.add_trace(
        go.Scatter(
            x=[*path["month"], *path["month"][::-1]], y=[*path["share_high"], *path["share_low"][::-1]],
            fill="toself", fillcolor="rgba(91,103,112,0.12)", line={"width": 0}, hoverinfo="skip",
        )
    )  # fmt: skip


def _course(figure: go.Figure, way: Replacement, colour: str, label: str, dash: str) -> None:
    path = way.path
    figure.add_trace(
        go.Scatter(
            x=path["month"], y=path["share"], mode="lines", line={"color": colour, "width": 2.5, "dash": dash},
            hovertemplate=f"%{{x}} months: %{{y:.0%}} by {label}<extra></extra>",
        )
    )  # fmt: skip
    at = int(len(path) * 0.62)
    figure.add_annotation(
        x=path["month"].iloc[at], y=path["share"].iloc[at], text=label, showarrow=False, font={"color": colour, "size": 12},
        xanchor="right" if colour == style.MUTED else "left", yanchor="bottom" if colour == style.MUTED else "top",
        xshift=-8 if colour == style.MUTED else 8, yshift=4 if colour == style.MUTED else -4,
    )  # fmt: skip
