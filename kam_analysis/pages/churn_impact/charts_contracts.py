"""What can be given notice by which day, as a line that rises with every contract."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis.losses import Contracted
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.contracts import within_a_year
from kam_analysis.pages.churn_impact.tables_contracts import months
from kam_analysis.pages.frame import framed
from kam_analysis.pages.sentences import said_in

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
    end = points["day"].iloc[-1] + timedelta(days=60)
    last = pd.DataFrame([{"day": end, "cumulative": points["cumulative"].iloc[-1], "said": ""}])
    line = pd.concat([points, last], ignore_index=True)
    figure = go.Figure(
        go.Scatter(
            x=line["day"],
            y=line["cumulative"],
            mode="lines",
            line={"color": style.ACCENT, "width": 2, "shape": "hv"},
            fill="tozeroy",
            fillcolor="rgba(31, 95, 191, 0.12)",
            hovertext=line["said"],
            hoverinfo="text",
        ),
        {"annotations": _names(signed, points, unit=unit)},
    )
    title = {"text": f"{found.earned} a year ({unit or 'amount'})", "font": {"size": 12, "color": style.MUTED}}
    figure.update_yaxes(range=[0, 1.12 * whole], title=title)
    figure.update_xaxes(showgrid=False, range=[points["day"].iloc[0], end])
    now, soon = points["cumulative"].iloc[0] / whole, within_a_year(found) / whole
    shown = [each for each in table.columns if each.on_page]
    return framed(
        figure,
        title=say("charts.notice", now=style.share(now, 0), soon=style.share(soon, 0), earned=found.earned),
        alt=f"Line of the {found.earned} that can be given notice by each day.",
        source=found.about.source,
        columns=[each.heading for each in shown],
        rows=[[row[each.name] for each in shown] for row in table.written()],
        height=340,
        narrow={"annotations": [{"text": ""} for _ in figure.layout.annotations]},
    )


def _points(found: "Found", signed: Contracted) -> pd.DataFrame:
    """The days on which the line rises: day, cumulative, said."""
    rows, unit = signed.contracts, found.about.unit
    start = float(signed.months["exposure"].iloc[0])
    known = rows[rows["when"] == "by"]
    cumulative = start + known["exposure_bound"].cumsum()
    said = [
        f"{style.escaped(name)}: {style.money(each, unit)} until {style.day(day.date())}"
        for name, each, day in zip(known["account_name"], known["exposure_bound"], known["notice_by"], strict=True)
    ]
    today = pd.Timestamp(found.about.as_of)
    first = {
        "day": today,
        "cumulative": start,
        "said": f"any day: {style.money(start, unit)}",
        "exposure": start,
        "name": "",
    }
    later = pd.DataFrame(
        {
            "day": known["notice_by"],
            "cumulative": cumulative,
            "said": said,
            "exposure": known["exposure_bound"],
            "name": known["account_name"],
        }
    )
    return pd.concat([pd.DataFrame([first]), later], ignore_index=True)


def _names(signed: Contracted, points: pd.DataFrame, *, unit: str) -> list[dict[str, Any]]:
    """The largest steps, each with its customer and day."""
    whole = float(signed.months["exposure"].sum())
    steps = points.iloc[1:]
    large = steps[steps["exposure"] >= _LARGE * whole].nlargest(_NAMED, "exposure")
    font = {"size": 12, "color": style.MUTED}
    return [
        {
            "x": row["day"],
            "y": row["cumulative"] - row["exposure"] / 2,
            "text": f"{style.escaped(style.shortened(row['name'], _SHORT))}, until {style.day(row['day'].date())}",
            "showarrow": False,
            "xanchor": "left",
            "xshift": 8,
            # Below the line that goes on from here, so that neither hides the other.
            "yshift": -5,
            "font": font,
        }
        for row in large.sort_values("day").to_dict("records")
    ]
