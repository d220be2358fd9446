"""The named worst cases, and how the largest of them is made up for."""

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.recovery import Loss, Replacement
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.findings import Evidence, fraction
from kam_analysis.pages.frame import Source, framed, percent_ticks
from kam_analysis.pages.words import number_word

_ON_THE_AXIS = 0.08
_SMALL = {"size": 12, "color": style.MUTED}


def worst_cases_figure(found: Evidence, source: Source, unit: str) -> go.Figure:
    """What each further loss adds, largest first, against what can be absorbed before break-even.

    The reader's own case stands on top, in parts, and then it is what to look at.
    """
    own = [found.named] if found.named else []
    totals = [case.exposure for case in [*own, *found.cases]]
    names = found.exposed.accounts["account_name"].head(len(found.cases)).tolist()
    lines, words = _break_even(found, len(totals))
    figure = go.Figure(
        [*(_own_bar(each, found, unit) for each in own), _case_bars(found, names, unit)],
        {
            "barmode": "overlay", "shapes": lines, "annotations": [*_sums(found, totals, unit), *words],
            "xaxis": {"range": [0, max(totals + [line["x1"] for line in lines]) * 1.45], "visible": False},
            "yaxis": {
                "tickvals": list(range(len(totals))), "ticktext": _labels(found, names, 30), "range": [len(totals) - 0.4, -0.9],
                "showgrid": False, "ticklabelstandoff": 8,
            },
        },
    )  # fmt: skip
    rows = [
        [case.label, style.money(case.exposure, unit), style.share(case.exposure_share)]
        for case in [*own, *found.cases]
    ]  # fmt: skip
    alt = f"Bars of the {found.earned} lost with {'your case and with ' if own else ''}the largest one to {len(names)} customers."
    columns = ["Lost together", f"{found.earned.capitalize()} a year", "Of all"]
    # On a phone the sums stand alone beside short names.
    axes = {"yaxis": {"ticktext": _labels(found, names, 15, lines=2)}}
    narrow = {"annotations": [{"text": style.money(total)} for total in totals], "axes": axes}
    medium = {"axes": {"xaxis": {"range": [0, figure.layout.xaxis.range[1] * 1.14]}}}
    return framed(figure, _finding(found, unit), alt, source, columns, rows, 130 + 42 * len(totals), narrow, medium)


def _own_bar(own: Loss, found: Evidence, unit: str) -> go.Bar:
    known = found.exposed.accounts
    lost = known[known["account_id"].isin(own.account_ids)]
    parts = lost["exposure"].to_numpy(np.float64)
    return _bars(parts.cumsum(), parts, [0] * len(parts), lost["account_name"].tolist(), style.ACCENT, unit)


def _case_bars(found: Evidence, names: list[str], unit: str) -> go.Bar:
    sizes = np.array([case.exposure for case in found.cases])
    first, colour = (1, style.REST) if found.named else (0, style.ACCENT)
    rows = list(range(first, first + len(sizes)))
    return _bars(sizes, np.diff(sizes, prepend=0.0), rows, names, colour, unit)


def _bars(ends: Floats, sizes: Floats, rows: list[int], names: list[str], colour: str, unit: str) -> go.Bar:
    """A bar per customer, from where those before it end."""
    return go.Bar(
        x=sizes, base=ends - sizes, y=rows, orientation="h", width=0.6,
        marker={"color": colour, "line": {"color": style.PAPER, "width": 1}},
        hovertext=[f"{style.escaped(name)}: {style.money(each, unit)}" for name, each in zip(names, sizes, strict=True)],
        hoverinfo="text",
    )  # fmt: skip


def _sums(found: Evidence, totals: list[float], unit: str) -> list[dict[str, Any]]:
    """Beside each bar its end, and what the customer adds to those above it."""
    said = [style.money(total, unit) for total in totals]
    for row in range(2 if found.named else 1, len(totals)):
        said[row] = f"+ {style.money(totals[row] - totals[row - 1])} = {said[row]}"
    beside = {"showarrow": False, "xanchor": "left", "xshift": 6, "bgcolor": style.PAPER}
    return [{"x": total, "y": row, "text": text, **beside} for row, (total, text) in enumerate(zip(totals, said, strict=True))]  # fmt: skip


def _labels(found: Evidence, names: list[str], length: int, lines: int = 1) -> list[str]:
    """Who is lost in each row: the reader's own case, then what each customer adds to those above it."""
    said = [_folded(("and " if row else "") + name, length, lines) for row, name in enumerate(names)]
    if found.named is None:
        return said
    own = found.named.label if found.named.accounts == 1 else style.counted(found.named.accounts, "customer")
    return [f"<b>Your case</b><br>{_folded(own, length, 1)}", *said]


def _folded(name: str, length: int, lines: int) -> str:
    """A name in lines of some length; what has no room is cut."""
    *first, last = wrap(name, length, max_lines=lines, placeholder="…") if lines > 1 and name.strip() else [name]
    return "<br>".join(style.escaped(style.shortened(each, length + 1)) for each in [*first, last])


def _break_even(found: Evidence, rows: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The line of what can be absorbed, and its word; nothing where that is not known, or nothing can be."""
    if found.absorb is None or found.absorb.margin.value <= 0:
        return [], []
    margin = found.absorb.margin.value
    line = {"color": style.WARNING, "width": 1.5, "dash": "dot"}
    font = {"size": 12, "color": style.WARNING}
    return (
        [{"type": "line", "x0": margin, "x1": margin, "y0": -0.45, "y1": rows - 0.5, "line": line}],
        [{"x": margin, "y": -0.68, "text": "break-even", "showarrow": False, "font": font}],
    )


def _finding(found: Evidence, unit: str) -> str:
    if found.named is not None:
        return _own_finding(found, found.named, unit)
    last = found.cases[min(2, len(found.cases) - 1)]
    part = fraction(last.exposure_share)
    if last.accounts == 1:
        return f"One customer brings {part} of all {found.earned}"
    said = f"The {number_word(last.accounts)} largest together bring {part} of all {found.earned}"
    if found.absorb is None or found.absorb.below_already:
        return said
    k = found.absorb.largest
    return said if k >= len(found.cases) else f"{said}; {_survived(k)}"


def _own_finding(found: Evidence, own: Loss, unit: str) -> str:
    said = f"Your case takes {style.money(own.exposure, unit)}, {fraction(own.exposure_share)} of all {found.earned}"
    if found.absorb is None or found.absorb.below_already:
        return said
    return f"{said}; {'that takes us below break-even' if own.exposure > found.absorb.margin.value else 'we stay above break-even'}"


def _survived(k: int) -> str:
    if k == 0:
        return "losing the largest alone takes us below break-even"
    return f"losing the {number_word(k + 1)} largest takes us below break-even"


def recovery_figure(found: Evidence, source: Source) -> go.Figure | None:
    """How much of the largest loss, or of the reader's own case, new business makes up for by month, at two paces."""
    way = found.case_way
    if way is None or found.case is None:
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
    name = found.called(found.case)
    alt = f"Lines of the part of the sales of {name} that new business makes up for within {plan} months."
    narrow = {"annotations": [{}, {"text": "after usual losses"}]}
    return framed(figure, _made_up(way.by_new_customers, way.by_net, name), alt, source, columns, rows, 360, narrow)


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
    at, left = int(len(path) * 0.62), colour == style.MUTED
    share = float(path["share"].iloc[at])
    # Below a line that lies on the axis its name would stand among the months.
    above = left or share < _ON_THE_AXIS
    figure.add_annotation(
        x=path["month"].iloc[at], y=share, text=label, showarrow=False, font={"color": colour, "size": 12},
        xanchor="right" if left else "left", yanchor="bottom" if above else "top",
        xshift=-8 if left else 8, yshift=4 if above else -4,
    )  # fmt: skip
