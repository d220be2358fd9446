"""A plotly figure as the page carries it: a named <figure>, its numbers as a table, its data as JSON.

Names and tables come from the figure's own `layout.meta` ({"alt", "table": {"columns", "rows"}, "of"}, and
"title" and "source" where the page writes them around the drawing). A title that a user gave the figure goes first,
and so does changed data: a table that was made `of` other data is made anew, from what is drawn.
"""

import array
import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from kam_analysis.batch.drawn_charts import WIDTHS, drawing
from kam_analysis.batch.evidence import FRAME_MIME
from kam_analysis.pages.traces import fingerprint

if TYPE_CHECKING:
    from nbformat import NotebookNode

PLOTLY_MIME = "application/vnd.plotly.v1+json"
_DEFAULT_HEIGHT = 450  # plotly's own
_LONGEST_TABLE = 500  # rows; beyond, nobody reads them in a page
_WRITTEN = ("title", "alt", "source", "table", "of")  # of a figure's meta: it becomes text of the page
_BREAK = re.compile(r"<br */?>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:b|strong|i|em|u|s|sup|sub|span|a)(?: [^>]*)?>", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?")
_TYPECODES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}


@dataclass(frozen=True)
class Chart:
    """One chart of a page: its id, its markup, and its data for the drawing script.

    It may be `drawn` already, and is `whole` then where its table tells what pointing at it would.
    """

    id: str
    html: str
    data: str
    drawn: bool = False
    whole: bool = False


@dataclass(frozen=True)
class _Words:
    """What is written around a drawing; `for_this` says whether it was written for the data that is drawn, `ours` whether
    its table is the workbook's."""

    title: str
    alt: str
    source: str
    columns: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    for_this: bool
    ours: bool


def chart(figure: Mapping[str, Any], number: int) -> Chart:
    """The page's `number`-th chart. Ids are counted, not drawn at random, so that reruns agree."""
    words = _words(figure)
    alt = words.alt or words.title or f"Chart {number}"
    name, layout = f"chart-{number}", _layout(figure, words)
    given = {"data": figure.get("data", []), "layout": layout}
    drawn = _drawings(given, name)
    height = layout.get("height") or _DEFAULT_HEIGHT
    room = "" if drawn else f' style="min-height:{float(height):.0f}px"'
    above = f"<figcaption>{escape(words.title)}</figcaption>" if words.title else ""
    below = f'<p class="source">{escape(words.source)}</p>' if words.source else ""
    html = (
        f'<figure class="chart" role="group" aria-label="{escape(alt)}">{above}{below}'
        f'<div class="drawing" id="{name}" aria-hidden="true"{room}>{drawn}</div>'
        f'<div class="take"><details><summary>Show the data</summary>{_html_table(words.columns, words.rows, alt)}'
        "</details></div></figure>"
    )
    return Chart(name, html, json_for_script(given), drawn=bool(drawn), whole=bool(drawn) and words.ours)


def _drawings(given: Mapping[str, Any], name: str) -> str:
    """The chart as it is drawn here for each width that a page may have; nothing where that cannot be done for all."""
    made = {kind: drawing(given, width) for kind, width in WIDTHS.items()}
    return (
        "".join(each.inline(kind, f"{name}-{kind}") for kind, each in made.items() if each)
        if all(made.values())
        else ""
    )


def _words(figure: Mapping[str, Any]) -> _Words:
    """The user's own title and subtitle where they are no longer ours, and only a table that is of this data."""
    layout, traces = figure.get("layout", {}), figure.get("data", [])
    meta = layout.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    for_this = meta.get("of") in (None, fingerprint(traces))
    table = meta.get("table") if for_this else None
    given = isinstance(table, Mapping) and table.get("columns")
    columns, rows = (list(table["columns"]), table.get("rows", [])) if given and table else _drawn(traces, layout)
    title, subtitle = _title(layout), _title(layout.get("title"), "subtitle")
    return _Words(
        title=_chosen(meta.get("title"), title if layout.get("title") is not None else None),
        alt=str(meta.get("alt") or "") if for_this else "",
        source=_chosen(meta.get("source"), subtitle or None),
        columns=columns,
        rows=rows,
        for_this=for_this,
        ours=bool(given and table),
    )


def _chosen(ours: Any, drawn: str | None) -> str:
    """`ours`, with its signs as they are, unless something else is drawn."""
    if ours and (drawn is None or _plain(drawn) == " ".join(str(ours).split())):
        return str(ours)
    return _plain(drawn or "")


def _layout(figure: Mapping[str, Any], words: _Words) -> dict[str, Any]:
    """The layout that the page draws: without what it writes as text, where it wraps and can be selected."""
    layout = dict(figure.get("layout", {}))
    meta = layout.pop("meta", None)
    if isinstance(meta, Mapping):
        # What a phone shows otherwise was thought out for our own data.
        less = ("narrow", "medium") if not words.for_this else ()
        meta = {key: each for key, each in meta.items() if key not in (*_WRITTEN, *less)}
    if meta:
        layout["meta"] = meta
    ours = isinstance(figure.get("layout", {}).get("meta"), Mapping) and "title" in figure["layout"]["meta"]
    if words.title or ours:
        layout.pop("title", None)
        own = {} if ours else dict(layout.get("margin") or {})
        room = {"t": 24 if _words_above(layout) else 8, "b": 48}
        layout["margin"] = {**dict(layout.get("margin") or {}), **room, **own}
    layout.pop("width", None)  # the page decides how wide, on a phone too
    layout["autosize"] = True
    return layout


def with_fallbacks(notebook: "NotebookNode") -> "NotebookNode":
    """The notebook with each chart's title, drawing (where it can be drawn here), text alternative and table as HTML beside its data.

    Whatever knows no plotly (nbconvert, GitHub, nbviewer) shows that in place of nothing; JupyterLab draws the chart.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    found = [output["data"] for output in outputs if PLOTLY_MIME in output.get("data", {})]
    for output in outputs:
        output.get("data", {}).pop(FRAME_MIME, None)  # for the page alone: pandas' own look stays
    for number, data in enumerate(found, start=1):
        _fall_back(data, number)
    return notebook


def _fall_back(data: dict[str, Any], number: int) -> None:
    figure = data[PLOTLY_MIME]
    words = _words(figure)
    title = words.title or f"Chart {number}"
    drawn = drawing({"data": figure.get("data", []), "layout": _layout(figure, words)}, WIDTHS["wide"])
    picture = f'<p><img src="{drawn.address}" alt="{escape(words.alt or title)}"></p>' if drawn else ""
    below = "".join(f"<p>{escape(text)}</p>" for text in (words.alt, words.source) if text)
    table = _html_table(words.columns, words.rows, title)
    written = f"<figure><figcaption><b>{escape(title)}</b></figcaption>{picture}{below}{table}</figure>"
    data.setdefault("text/html", written)
    if drawn:
        data.setdefault("image/svg+xml", drawn.svg)


def json_for_script(value: Any) -> str:
    """JSON that can stand inside a script element: no "<", hence no end tag; what is not finite is null."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _html_table(columns: Sequence[Any], rows: Sequence[Sequence[Any]], label: str) -> str:
    texts = [any(_is_words(row[at]) for row in rows if at < len(row)) for at in range(len(columns))]
    sides = [' class="text"' if text else "" for text in texts]
    head = "".join(
        f'<th scope="col"{side}>{escape(str(name))}</th>' if str(name).strip() else f"<td{side}></td>"
        for name, side in zip(columns, sides, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(f'<td{side}>{_written(value)}</td>' for value, side in zip(row, sides, strict=False))}</tr>"
        for row in rows[:_LONGEST_TABLE]
    )
    left = len(rows) - _LONGEST_TABLE
    more = f"<p>{left:,} more rows are not shown here.</p>" if left > 0 else ""
    return (
        f'<div class="kam-table" role="region" tabindex="0" aria-label="Table: {escape(label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _is_words(value: Any) -> bool:
    """Not a number, nor one written out ("12.4m", "−2%", "not assessed" stands in a column of words)."""
    return isinstance(value, str) and not re.match(r"\s*[-+−–]?\s*[\d.,]|\s*[-–]?\s*$", value)


def _written(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return escape(_MIDNIGHT.sub(r"\1", str(value)))
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 1000 else f"{value:,.4g}"


def _drawn(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> tuple[list[Any], list[list[Any]]]:
    """What the traces draw, as a table: names of several series in front, headings as the axes are called."""
    # Lying bars: what they are called stands on the other axis.
    first, second = ("y", "x") if all(each.get("orientation") == "h" for each in traces) and traces else ("x", "y")
    rows = []
    for position, trace in enumerate(traces, start=1):
        name = _plain(str(trace.get("name") or f"Series {position}"))
        pair = _values(trace.get(first, trace.get("labels"))), _values(trace.get(second, trace.get("values")))
        for at in range(max(map(len, pair))):
            rows.append([name, *(each[at] if at < len(each) else None for each in pair)])
    headings = [_plain(_title(layout.get(f"{axis}axis"))) or axis for axis in (first, second)]
    alone = len(traces) == 1 and not traces[0].get("name")
    return (headings, [row[1:] for row in rows]) if alone else (["series", *headings], rows)


def _values(found: Any) -> list[Any]:
    """A trace's values; plotly stores arrays of numbers as base64."""
    if isinstance(found, Mapping) and "bdata" in found:
        typecode = _TYPECODES.get(str(found.get("dtype", "")).lstrip("<|="))
        return list(array.array(typecode, base64.b64decode(found["bdata"]))) if typecode else []
    return list(found) if isinstance(found, list | tuple) else []


def _title(part: Any, name: str = "title") -> str:
    """The title of a layout or of an axis, which plotly writes as a text or as a table with a text in it."""
    title = part.get(name) if isinstance(part, Mapping) else None
    return str(title.get("text") or "") if isinstance(title, Mapping) else str(title or "")


def _words_above(layout: Mapping[str, Any]) -> bool:
    """Whether an annotation stands on top of the drawing, where nothing else keeps room for it."""
    return any(
        each.get("yanchor") == "bottom" and str(each.get("yref")).endswith(("paper", "domain")) and each.get("y") == 1
        for each in layout.get("annotations") or ()
    )


def _plain(text: str) -> str:
    """A text without plotly's own markup (<b>, <br>, <span ...>), its signs as they are."""
    return " ".join(unescape(_MARKUP.sub("", _BREAK.sub(" ", text))).split())


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value
