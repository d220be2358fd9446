"""Hours today and hours that keep and win most."""

import plotly.graph_objects as go

from kam_analysis.pages import style
from kam_analysis.pages.coverage.findings import Evidence
from kam_analysis.pages.frame import Source, framed

_SHOWN = 14
_ROW = 28
_SMALL = {"size": 12, "color": style.MUTED}


def hours_figure(found: Evidence, source: Source, unit: str) -> go.Figure | None:
    """A row per account: a ring for today's hours, a dot for the better ones."""
    best = found.hours
    if best is None or not best.assessed:
        return None
    rows = best.accounts.dropna(subset="hours_best").head(_SHOWN)
    rows = rows.sort_values(["change", "account_id"]).reset_index(drop=True)
    places = list(range(len(rows)))
    figure = go.Figure()
    for at, row in enumerate(rows.to_dict("records")):
        figure.add_shape(type="line", x0=row["hours"], x1=row["hours_best"], y0=at, y1=at, line={"color": style.REST, "width": 3}, layer="below")  # fmt: skip
    colours = [style.ACCENT if each > 0 else style.MUTED for each in rows["change"]]
    said = [
        f"{style.escaped(row['account_name'])}: {style.decimal(row['hours'])} to {style.decimal(row['hours_best'])} hours a month"
        for row in rows.to_dict("records")
    ]
    figure.add_trace(go.Scatter(x=rows["hours"], y=places, mode="markers", hoverinfo="skip", marker={"symbol": "circle-open", "size": 11, "color": style.MUTED, "line": {"width": 1.5}}))  # fmt: skip
    figure.add_trace(go.Scatter(x=rows["hours_best"], y=places, mode="markers", hovertext=said, hoverinfo="text", marker={"size": 11, "color": colours}))  # fmt: skip
    for at, row in enumerate(rows.to_dict("records")):
        right = row["change"] > 0
        figure.add_annotation(
            x=row["hours_best"], y=at, text=style.change(row["change"]), showarrow=False, xanchor="left" if right else "right",
            xshift=9 if right else -9, font={"size": 12, "color": colours[at]},
        )  # fmt: skip
    names = [style.escaped(style.shortened(each)) for each in rows["account_name"]]
    figure.update_yaxes(tickvals=places, ticktext=names, range=[-0.7, len(rows) - 0.3], showgrid=False, zeroline=False, ticklabelstandoff=8)  # fmt: skip
    most = float(rows[["hours", "hours_best"]].max().max())
    figure.update_xaxes(range=[-0.09 * most, 1.12 * most], title={"text": "hours a month (ring: now, dot: best)", "font": _SMALL})  # fmt: skip
    narrow = {"axes": {"yaxis": {"ticktext": [style.escaped(style.shortened(each, 18)) for each in rows["account_name"]]}, "xaxis": {"range": [-0.16 * most, 1.22 * most], "nticks": 5, "title": {"text": "hours (ring: now, dot: best)", "font": _SMALL}}}}  # fmt: skip
    columns = ["Customer", "Manager", "Hours a month now", "Best", "Kept and won more a year"]
    table = [
        [row["account_name"], found.manager(row["account_manager_id"]), style.decimal(row["hours"]), style.decimal(row["hours_best"]), style.money(row["value_best"] - row["value"], unit)]
        for row in rows.iloc[::-1].to_dict("records")
    ]  # fmt: skip
    title = f"The same hours, better spent, keep and win {style.money(best.gain, unit)} of {found.earned} more a year"
    alt = "Hours a month by account, today and where they would keep and win most."
    return framed(figure, title, alt, source, columns, table, 140 + _ROW * len(rows), narrow)
