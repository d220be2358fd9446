"""What the account does not buy from us yet: how much each line could be, as a range."""

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.frame import framed, money_ticks
from kam_analysis.pages.sentences import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

_ROW, _AROUND = 44, 130  # pixels


def white_space_chart(found: "Found") -> go.Figure | None:
    """A line's potential as a point on its range, the largest on top; None where no potential can be told."""
    told = found.white_space.dropna(subset="potential").sort_values("potential", ignore_index=True)
    if told.empty:
        return None
    names = told["product_line"].map(style.escaped)
    figure = go.Figure()
    for name, low, high in zip(names, told["potential_low"], told["potential_high"], strict=True):
        line = {"color": style.REST, "width": 8}
        figure.add_scatter(x=[low, high], y=[name, name], mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(
        x=told["potential"],
        y=names,
        mode="markers+text",
        marker={"color": style.ACCENT, "size": 13},
        text=[style.money(each, found.unit) for each in told["potential"]],
        textposition="top center",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
    )
    ticks = money_ticks(float(told["potential_high"].max()), found.unit)
    figure.update_layout(xaxis={"rangemode": "tozero", **ticks}, yaxis={"showgrid": False})
    best = told.iloc[-1]
    title = say("charts.could_bring", line=best["product_line"], money=style.money(best["potential"], found.unit))
    columns = ["Product line", say("white_space.potential"), "Low", "High", say("charts.buyers")]
    rows = [
        [
            str(row["product_line"]),
            *(style.money(row[name]) for name in ("potential", "potential_low", "potential_high")),
            f"{row['buyers']} of {row['alike']}",
        ]
        for row in told.iloc[::-1].to_dict("records")
    ]
    return framed(
        figure,
        title,
        alt=say("charts.lines_alt", lines=style.counted(len(told), "line"), who=found.account_name),
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=_AROUND + _ROW * len(told),
    )
