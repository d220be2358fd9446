"""Risks and opportunities beside each other, in money a year."""

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.cells import chance
from kam_analysis.pages.frame import framed
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.leadership_brief.found import Found

say = said_in(__file__)

_ROW, _AROUND = 30, 80  # pixels
_LONGEST = 30


def at_stake_chart(found: "Found") -> go.Figure | None:
    """A bar for each risk, as long as what is lost with it, and its expected part filled; None where nothing is at stake."""
    risks = found.risks
    if risks.empty or risks["probability"].isna().all():
        return None
    shown = risks.iloc[::-1]
    names = [style.escaped(style.shortened(str(each), _LONGEST)) for each in shown["account_name"]]
    expected = (shown["exposure"] * shown["probability"].fillna(0.0)).tolist()
    figure = go.Figure()
    figure.add_bar(
        x=shown["exposure"],
        y=names,
        orientation="h",
        marker={"color": style.REST},
        text=[_beside(row["exposure"], row["probability"], found.unit) for row in shown.to_dict("records")],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
    )
    figure.add_bar(
        x=expected,
        y=names,
        orientation="h",
        marker={"color": style.WARNING},
        hovertemplate="%{y}, " + say("stake.times_chance") + ": %{x:,.0f}<extra></extra>",
    )
    most = float(shown["exposure"].max())
    axes = {
        "xaxis": {"range": [0, most * 1.35], "showticklabels": False, "showgrid": False},
        "yaxis": {"showgrid": False, "zeroline": False},
    }
    figure.update_layout(barmode="overlay", margin={"b": 8}, **axes)
    first = risks.iloc[0]
    name = style.shortened(str(first["account_name"]), _LONGEST)
    money = style.money(float(first["exposure"]), found.unit)
    title = say("stake.chart", money=money, earned=found.earned, who=name)
    columns = ["Customer", f"{found.earned.capitalize()} a year", "Chance of leaving"]
    table = [
        [str(row["account_name"]), style.money(row["exposure"], found.unit), chance(row["probability"])]
        for row in risks.to_dict("records")
    ]
    return framed(
        figure,
        title,
        alt=say("stake.chart_alt", number=len(risks)),
        source=found.about.source,
        columns=columns,
        rows=table,
        height=_AROUND + _ROW * len(risks),
        narrow={"axes": {"xaxis": {"range": [0, most * 2.3]}}},
    )


def _beside(exposure: float, probability: float, unit: str) -> str:
    """What stands at the end of a bar: the amount and, where it is known, the chance of losing it."""
    return ", ".join(filter(None, [style.money(exposure, unit), chance(probability)]))
