"""Sales of one account, month by month, with the average of twelve months."""

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.frame import framed

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

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
    sold, mean = "%{x|%b %Y}: %{y:,.0f}", "average of 12 months to %{x|%b %Y}: %{y:,.0f}"
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
        yaxis={"rangemode": "tozero", "nticks": 5, "tickformat": "~s"},
    )
    has_margin = "margin" in months
    columns = ["Month", "Sales", *(["Margin"] if has_margin else []), "Average of 12 months"]
    rows = [
        [
            f"{row['month']:%b %Y}" + ("" if row["complete"] else " (not over)"),
            style.money(row["revenue"]),
            *([style.money(row["margin"])] if has_margin else []),
            "" if pd.isna(each) else style.money(each),
        ]
        for row, each in zip(months.to_dict("records"), average, strict=True)
    ]
    alt = (
        f"Bars of {len(months)} months of sales to {found.account_name}, a line with their average over twelve months."
    )
    return framed(
        figure,
        _title(found),
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=_HEIGHT,
    )


def _title(found: "Found") -> str:
    growth = found.row(found.company.keys.standing).get("growth_share")
    sold = style.money(found.situation.sales, found.unit)
    if growth is None:
        return f"Sales of twelve months: {sold}"
    moved = (
        "as a year before"
        if abs(growth) < 0.005
        else f"{'up' if growth > 0 else 'down'} {style.share(abs(growth), 0)} in a year"
    )
    return f"Sales of twelve months: {sold}, {moved}"
