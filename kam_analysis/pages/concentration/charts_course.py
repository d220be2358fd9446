"""How dependence moved, month by month, and how it would move with one customer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from kam_analysis.ledger.settings.period import spoken
from kam_analysis.pages import style
from kam_analysis.pages.frame import framed, upright, word
from kam_analysis.pages.words import headed, number_of_equal, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

# A course that bends by less is told by its two ends.
_BENT, _FEW = 0.01, 5
# Fewer points are a table, not a course.
TREND_FROM = 4
_LINES = words_in(__file__, "course_lines")
_TOP, _BELOW, _SPACE = 170, 90, 40  # pixels
_HEIGHT = _TOP + _BELOW + _SPACE + 120


def trend_chart(found: "Found") -> go.Figure | None:
    """Shares of the largest customers and their effective number, each over twelve months to a month's end.

    Incomplete months are not in it. The highlighted account's line stands out instead of the five largest's. None
    where there are fewer than four windows.
    """
    trend, measure, followed = found.trend, found.about.measure_words, found.course
    if len(trend) < TREND_FROM:
        return None
    ends = pd.to_datetime(trend["month"]) + pd.offsets.MonthEnd(0)
    few = bool((trend["accounts"] <= _FEW).all())  # of so few the five largest are always all
    told = "top_1_share" if few else "top_5_share"
    strong = _LINES[told]
    columns = [told] if few else ["top_10_share", "top_5_share", "top_1_share"]
    lines = {_LINES[each]: trend[each] for each in columns}
    if followed is not None:
        strong = style.escaped(style.shortened(str(followed.name), 20))
        lines = {name: values for name, values in lines.items() if name != _LINES["top_1_share"]} | {strong: followed}
    along = {"showgrid": False, "tickformat": "%b %Y", "nticks": 6}
    figure = _two_panels(ends, lines, strong, trend["effective_accounts"], along)
    rows = []
    for end, row in zip(ends, trend.to_dict("records"), strict=True):
        tops = [style.share(row[each]) for each in ("top_1_share", "top_5_share", "top_10_share")]
        rows.append([spoken(end.date()), *tops, style.decimal(row["effective_accounts"]), style.count(row["accounts"])])
    alt = say("charts.course_alt", measure=measure, windows=len(trend))
    return framed(
        figure,
        _course(ends, trend[told], who=say("charts.one" if few else "charts.five"), measure=measure),
        alt=alt,
        source=replace(found.about.source, period=_windows(found, trend[told], few=few)),
        columns=[*words_in(__file__, "data_course").values()],
        rows=rows,
        height=_HEIGHT,
    )


def _windows(found: "Found", shares: pd.Series, *, few: bool) -> str:
    """What the lines are of; beside it the page's own figure where that, of other days, is another one."""
    month, own = (style.share(each, 0) for each in (float(shares.iloc[-1]), found.now.top(1 if few else _FEW)))
    if month == own:
        return say("charts.windows")
    return say("charts.windows_and_now", share=own, period=found.about.period.label)


def _course(ends: pd.Series, shares: pd.Series, *, who: str, measure: str) -> str:
    """Where the largest stand, beside where they were most different from now and from the beginning."""
    first, last = float(shares.iloc[0]), float(shares.iloc[-1])
    of = {"who": who, "measure": measure, "now": style.share(last, 0), "months": len(shares) - 1}
    values = shares.to_numpy()
    apart = np.minimum(np.abs(values - first), np.abs(values - last)) * ((values - first) * (values - last) > 0)
    at = int(apart.argmax())
    if apart[at] >= _BENT:
        lower = values[at] < last
        of |= {"then": style.share(float(values[at]), 0), "month": f"{ends.iloc[at]:%b %Y}"}
        return say("charts.course_lowest" if lower else "charts.course_highest", **of)
    then = style.share(first, 0)
    return say("charts.course_held", **of) if then == of["now"] else say("charts.course", then=then, **of)


def what_if_chart(found: "Found") -> go.Figure:
    """How concentrated we would be as one customer, the highlighted or the largest, goes from nothing to twice its size."""
    changed, measure = found.what_if, found.about.measure_words
    names = found.accounts.set_index("account_id")["account_name"]
    name = str(names[found.customer or names.index[0]])
    words = {float(step.replace("_", ".")): said for step, said in words_in(__file__, "what_if_steps").items()}
    along = {"tickvals": list(words), "ticktext": list(words.values()), "range": [-0.06, 2.06]}
    along |= {"showgrid": False, "zeroline": False}
    five = _LINES["top_5_share"]
    lines = {five: changed["top_5_share"], _LINES["this"]: changed["share"]}
    figure = _two_panels(changed["factor"], lines, five, changed["effective_accounts"], along, today=1.0)
    shown = changed[np.isclose(changed["factor"].to_numpy()[:, None], list(words)).any(axis=1)]
    gone, twice = changed.iloc[0], changed.iloc[-1]
    today = number_of_equal(found.now.effective_accounts)
    of = {"who": name, "gone": number_of_equal(gone["effective_accounts"])}
    title = say("charts.what_if", today=today, **of)
    rows = []
    for row in shown.to_dict("records"):
        part, five_of_them = (style.share(row[each]) for each in ("share", "top_5_share"))
        step, equal = words[round(row["factor"], 2)], style.decimal(row["effective_accounts"])
        rows.append([step, style.money(row["amount"]), part, five_of_them, equal])
    columns = [*words_in(__file__, "data_what_if", who=name, measure=headed(measure)).values()]
    alt = say("charts.what_if_alt", twice=number_of_equal(twice["effective_accounts"]), **of)
    few = {"tickvals": [0, 1, 2], "ticktext": [words[0], words[1], words[2]]}
    narrow = {"axes": {"xaxis": few, "xaxis2": few}}
    return framed(
        figure,
        title,
        alt=alt,
        source=found.about.source,
        columns=columns,
        rows=rows,
        height=_HEIGHT,
        narrow=narrow,
    )


def _two_panels(
    x: pd.Series,
    lines: Mapping[str, pd.Series],
    strong: str,
    equal_customers: pd.Series,
    along: Mapping[str, Any],
    today: float | None = None,
) -> go.Figure:
    """Shares above, the number of equal customers below, over one axis; made in one go, which is quicker."""
    whole, last = _TOP + _BELOW + _SPACE, float(equal_customers.iloc[-1])
    traces, labels = _lines(x, lines, strong)
    equal = {"x": x, "y": equal_customers, "xaxis": "x2", "yaxis": "y2", "line": {"color": style.INK, "width": 2}}
    hover = "as %{y:.1f} equal customers<extra></extra>"
    traces.append({"type": "scatter", "mode": "lines", **equal, "hovertemplate": hover})
    labels.append(_end_label(x, equal_customers, style.decimal(last, 0 if last >= 10 else 1), "2", style.INK))
    top = max(float(values.max()) for values in lines.values())
    steps = _round_steps(top)
    percent = {"tickvals": steps, "ticktext": [style.share(step, 0) for step in steps]}
    highest = float(equal_customers.max()) * 1.45
    layout = {
        "xaxis": {**along, "anchor": "y", "matches": "x2", "showticklabels": False},
        "xaxis2": {**along, "anchor": "y2"},
        "yaxis": {"range": [0, top * 1.3], **percent, "domain": [1 - _TOP / whole, 1]},
        "yaxis2": {
            "range": [0, highest],
            "nticks": 4,
            "tickformat": ",.0f",
            "domain": [0, _BELOW / whole],
            "anchor": "x2",
        },
        "annotations": [_heading(say("charts.shares"), ""), _heading(say("charts.equal"), "2"), *labels],
        "shapes": [
            upright(today, 0, 1, style.REST, xref=f"x{panel}", yref=f"y{panel} domain")
            for panel in ("", "2")
            if today is not None
        ],
    }
    return go.Figure(traces, layout)


def _heading(text: str, panel: str) -> dict[str, Any]:
    side = {"xanchor": "left", "yanchor": "top"}
    return word(0, 1, text, xref=f"x{panel} domain", yref=f"y{panel} domain", **side)


def _lines(
    x: pd.Series, lines: Mapping[str, pd.Series], strong: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of shares, and the label at the end of each."""
    top, traces, labels = max(float(values.max()) for values in lines.values()), [], []
    for name, values in lines.items():
        emphasised = name == strong
        below = _has_to_be_below(values, lines.values(), top)
        look = {"color": style.ACCENT if emphasised else style.MUTED, "width": 2.5 if emphasised else 1.5}
        hover = f"{name}: %{{y:.1%}}<extra></extra>"
        traces.append({"type": "scatter", "mode": "lines", "x": x, "y": values, "line": look, "hovertemplate": hover})
        said = f"{name} {style.share(float(values.iloc[-1]), 0)}"
        labels.append(_end_label(x, values, said, "", style.ACCENT if emphasised else style.MUTED, below))
    return traces, labels


def _has_to_be_below(values: pd.Series, lines: Iterable[pd.Series], top: float) -> bool:
    """Lines that end close together get their labels on either side; one that falls would run through its own."""
    end, latest = float(values.iloc[-1]), values.iloc[-max(2, len(values) // 3) :]
    gaps = [end - float(other.iloc[-1]) for other in lines]
    return any(-0.12 * top < gap < 0 for gap in gaps) or (
        float(latest.max()) - end > 0.02 * top and not any(0 < gap < 0.12 * top for gap in gaps) and end > 0.1 * top
    )


def _end_label(
    x: pd.Series, values: pd.Series, text: str, panel: str, colour: str, below: bool = False
) -> dict[str, Any]:
    side = {"yanchor": "top", "yshift": -3} if below else {"yanchor": "bottom", "yshift": 3}
    place = {"xref": f"x{panel}", "yref": f"y{panel}", "xanchor": "right", **side}
    return word(x.iloc[-1], float(values.iloc[-1]), text, font={"color": colour}, **place)


def _round_steps(top: float) -> Sequence[float]:
    """At most five round percentages from zero."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25):
        if top / step <= 5:
            return [step * at for at in range(int(top / step + 1e-9) + 1)]
    return [0.0, 0.25, 0.5, 0.75, 1.0]
