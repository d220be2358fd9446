"""Sales of one account, month by month, with the average of twelve months."""

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.frame import framed, money_ticks
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

_YEAR = 12
_HEIGHT = 160


def sales_chart(found: "Found") -> go.Figure | None:
    """Bars of monthly sales and the average of the twelve months up to each; None with less than three months."""
    months = found.months
    if months is None or len(months) < 3:
        return None
    whole = months["complete"].astype(bool)
    average = months["revenue"].where(whole).rolling(_YEAR).mean()
    colours = [style.REST if each else style.LINE for each in whole]
    figure = go.Figure()
    sold = "%{x|%b %Y}: %{y:,.0f}"
    mean = f"{say('charts.average')} {sold}"
    figure.add_bar(
        x=months["month"], y=months["revenue"], marker={"color": colours}, hovertemplate=f"{sold}<extra></extra>"
    )
    figure.add_scatter(
        x=months["month"],
        y=average,
        mode="lines",
        line={"color": style.ACCENT, "width": 3},
        hovertemplate=f"{mean}<extra></extra>",
    )
    figure.update_layout(
        bargap=0.25,
        xaxis={"tickformat": "%b %Y", "nticks": 6, "showgrid": False},
        yaxis={"rangemode": "tozero", **money_ticks(float(months["revenue"].max()), found.unit, steps=3)},
    )
    has_margin = "margin" in months
    columns = ["Month", "Sales", *(["Margin"] if has_margin else []), say("charts.average_column")]
    rows = [
        [
            f"{row['month']:%b %Y}" + ("" if row["complete"] else f" ({say('charts.not_over')})"),
            style.money(row["revenue"]),
            *([style.money(row["margin"])] if has_margin else []),
            "" if pd.isna(each) else style.money(each),
        ]
        for row, each in zip(months.to_dict("records"), average, strict=True)
    ]
    return framed(
        figure,
        _title(found),
        alt=say("charts.sales_alt", months=len(months), who=found.account_name),
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=_HEIGHT,
        narrow={"axes": {"xaxis": {"nticks": 3}}},  # as many months as stand level beside each other
    )


def _title(found: "Found") -> str:
    growth = found.row(found.company.keys.standing).get("growth_share")
    sold = style.money(found.situation.sales, found.unit)
    if growth is None:
        return say("charts.sales", money=sold)
    if abs(growth) < 0.005:
        return say("charts.sales_same", money=sold)
    return say("charts.sales_up" if growth > 0 else "charts.sales_down", money=sold, share=style.share(abs(growth), 0))


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
