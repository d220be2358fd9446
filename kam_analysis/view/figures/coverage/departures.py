"""What a hand-over would cost, for each manager alike."""

import pandas as pd
import plotly.graph_objects as go

from kam_analysis.view import style
from kam_analysis.view.figures.frame import Source, framed
from kam_analysis.view.findings.coverage import Evidence, amounts

_SMALL = {"size": 12, "color": style.MUTED}
_ROW = 44
# The dearest; the table above has everybody.
_SHOWN = 12


def departures_figure(found: Evidence, source: Source, unit: str) -> go.Figure | None:
    """A bar for each of the dearest managers: the sales that a hand-over alone would cost, and what more goes if customers follow."""
    if not len(found.people) or found.leaving.cost is None:
        return None
    rows = found.people.sort_values("transition").tail(_SHOWN).reset_index(drop=True)
    follows = bool(rows["further"].notna().any())
    places, chosen = list(range(len(rows))), rows["account_manager_id"] == found.leaving.cost.manager_id
    figure = go.Figure(
        go.Bar(
            y=places, x=rows["transition"], orientation="h", width=0.5, marker={"color": [style.ACCENT if each else style.MUTED for each in chosen]},
            hovertext=[f"hand-over alone: {amounts(row['transition_low'], row['transition_high'], unit)}" for row in rows.to_dict("records")], hoverinfo="text",
        )
    )  # fmt: skip
    if follows:
        figure.add_trace(
            go.Bar(
                y=places, x=rows["further"], base=rows["transition"], orientation="h", width=0.5, marker={"color": style.REST},
                hovertext=[f"more if customers follow: {amounts(row['further_low'], row['further_high'], unit)}" for row in rows.to_dict("records")], hoverinfo="text",
            )
        )  # fmt: skip
    ends = rows["transition"] + rows["further"].fillna(0.0)
    for at, row in enumerate(rows.to_dict("records")):
        said = amounts(row["transition_low"], row["transition_high"], "")
        said += f" alone, {style.money(row['transition'] + row['further'])} if some follow" if follows else ""
        figure.add_annotation(x=float(ends[at]), y=at, text=said, showarrow=False, xanchor="left", xshift=6, font=_SMALL)  # fmt: skip
    labels = [f"{found.manager(row['account_manager_id'])}, {style.share(row['revenue_share'], 0)}" for row in rows.to_dict("records")]  # fmt: skip
    figure.update_yaxes(tickvals=places, ticktext=[style.escaped(each) for each in labels], showgrid=False, ticklabelstandoff=8)  # fmt: skip
    figure.update_xaxes(range=[0, float(ends.max()) * 1.42 or 1.0], title={"text": f"sales a year ({unit or 'amount'})", "font": _SMALL})  # fmt: skip
    figure.update_layout(barmode="overlay")
    short = [{"text": style.money(float(each))} for each in ends]
    narrow = {
        "annotations": short,
        "axes": {
            "xaxis": {"range": [0, float(ends.max()) * 1.3 or 1.0], "nticks": 4},
            "yaxis": {"ticktext": [style.escaped(style.shortened(each, 18)) for each in labels]},
        },
    }
    columns = ["Account manager", "Share of sales", "Hand-over alone", "More if customers follow"]
    table = [
        [found.manager(row["account_manager_id"]), style.share(row["revenue_share"]), amounts(row["transition_low"], row["transition_high"], unit), amounts(row["further_low"], row["further_high"], unit) if pd.notna(row["further"]) else style.NOT_ASSESSED]
        for row in rows.iloc[::-1].to_dict("records")
    ]  # fmt: skip
    alt = "Bars of the sales that a change of each account manager would cost."
    return framed(figure, _title(found, rows, unit), alt, source, columns, table, 150 + _ROW * len(rows), narrow)


def _title(found: Evidence, rows: pd.DataFrame, unit: str) -> str:
    dearest = rows.iloc[-1]
    cost = amounts(dearest["transition_low"], dearest["transition_high"], unit)
    return f"The dearest hand-over is {found.manager(dearest['account_manager_id'])}'s: {cost} of sales"
