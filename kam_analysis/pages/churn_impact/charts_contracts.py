"""What can be given notice by which day, as a line that rises with every contract."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.losses import Contracted
from kam_analysis.pages import style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.tables_contracts import months
from kam_analysis.pages.churn_impact.what_goes import within_a_year
from kam_analysis.pages.frame import BESIDE_AMOUNTS, framed, money_ticks, titled, word
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

# As many of the largest steps are named, and from this part of everything on.
_NAMED, _LARGE = 4, 0.04
_SHORT = 22


def contracts_chart(found: "Found") -> go.Figure | None:
    """From what is at will today, what can be given notice by each day; the largest contracts by name."""
    signed, table = found.contracted, months(found)
    if signed is None or table is None:
        return None
    points, unit, whole = _points(found, signed), found.about.unit, found.exposed.total
    end, top = points["day"].iloc[-1] + timedelta(days=60), 1.12 * whole
    figure = go.Figure(
        go.Scatter(
            x=[*points["day"], end],
            y=[*points["cumulative"], points["cumulative"].iloc[-1]],
            mode="lines",
            line={"color": style.ACCENT, "width": 2, "shape": "hv"},
            fill="tozeroy",
            fillcolor="rgba(31, 95, 191, 0.12)",
            hovertext=[*points["said"], ""],
            hoverinfo="text",
        ),
        {"annotations": _names(signed, points)},
    )
    a_year = titled(say("charts.a_year_axis", earned=found.earned), **BESIDE_AMOUNTS)
    figure.update_yaxes(range=[0, top], **a_year, **money_ticks(top, unit))
    figure.update_xaxes(showgrid=False, range=[points["day"].iloc[0], end])
    now, soon = points["cumulative"].iloc[0] / whole, within_a_year(found) / whole
    shown = [each for each in table.columns if each.on_page]
    return framed(
        figure,
        title=say("charts.notice", now=style.share(now, 0), soon=style.share(soon, 0), earned=found.earned),
        alt=say("charts.notice_alt", earned=found.earned),
        source=found.about.source,
        columns=[each.heading + (of(unit) if each.kind == "money" else "") for each in shown],
        rows=[[row[each.name] for each in shown] for row in table.written()],
        height=340,
        narrow={"annotations": [{"text": ""} for _ in figure.layout.annotations]},
    )


def _points(found: "Found", signed: Contracted) -> pd.DataFrame:
    """The days on which the line rises: day, cumulative, said, exposure and name of each step; first what can go today."""
    unit, start = found.about.unit, float(signed.months["exposure"].iloc[0])
    known = signed.contracts[signed.contracts["when"] == "by"]
    said = [
        f"{style.escaped(name)}: {say('charts.until', amount=style.money(each, unit), day=style.day(day.date()))}"
        for name, each, day in zip(known["account_name"], known["exposure_bound"], known["notice_by"], strict=True)
    ]
    exposure = [start, *known["exposure_bound"]]
    return pd.DataFrame(
        {
            "day": [pd.Timestamp(found.about.as_of), *known["notice_by"]],
            "cumulative": pd.Series(exposure).cumsum(),
            "said": [say("charts.any_day", amount=style.money(start, unit)), *said],
            "exposure": exposure,
            "name": ["", *known["account_name"]],
        }
    )


def _names(signed: Contracted, points: pd.DataFrame) -> list[dict[str, Any]]:
    """The largest steps, each with its customer and day."""
    whole, steps = float(signed.months["exposure"].sum()), points.iloc[1:]
    large = steps[steps["exposure"] >= _LARGE * whole].nlargest(_NAMED, "exposure")
    # Below the line that goes on from here, so that neither hides the other.
    place, found = {"xanchor": "left", "xshift": 8, "yshift": -5}, []
    for row in large.sort_values("day").to_dict("records"):
        said = f"{style.escaped(style.shortened(row['name'], _SHORT))}, until {style.day(row['day'].date())}"
        found.append(word(row["day"], row["cumulative"] - row["exposure"] / 2, said, **place))
    return found
