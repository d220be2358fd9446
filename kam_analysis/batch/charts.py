"""A plotly figure as the page carries it: a named <figure>, its numbers as a table, its data as JSON.

Names and tables come from the figure's own `layout.meta` ({"alt", "table": {"columns", "rows"}}, and
"title" and "source" where the page writes them around the drawing); a user's figure without them gets
its title as a name and its traces as a table.
"""

import array
import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

PLOTLY_MIME = "application/vnd.plotly.v1+json"
_DEFAULT_HEIGHT = 450  # plotly's own
_LONGEST_TABLE = 500  # rows; beyond, nobody reads them in a page
_TYPECODES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}


@dataclass(frozen=True)
class Chart:
    """One chart of a page: its id, its markup, and its data for the drawing script."""

    id: str
    html: str
    data: str


def chart(figure: Mapping[str, Any], number: int) -> Chart:
    """The page's `number`-th chart. Ids are counted, not drawn at random, so that reruns agree."""
    layout = dict(figure.get("layout", {}))
    meta = dict(layout.pop("meta", None) or {})
    alt = str(meta.pop("alt", "") or _plain(_title(layout)) or f"Chart {number}")
    caption, source = str(meta.pop("title", "")), str(meta.pop("source", ""))
    columns, rows = _table(meta.pop("table", None), figure.get("data", []))
    if meta:
        layout["meta"] = meta
    if caption:
        # The page writes the title as text above the drawing, where it wraps and can be selected.
        layout.pop("title", None)
        layout["margin"] = {**dict(layout.get("margin") or {}), "t": 24 if _words_above(layout) else 8, "b": 48}
    layout.pop("width", None)  # the page decides how wide, on a phone too
    layout["autosize"] = True
    name = f"chart-{number}"
    height = layout.get("height") or _DEFAULT_HEIGHT
    above = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    below = f'<p class="source">{escape(source)}</p>' if source else ""
    html = (
        f'<figure class="chart" role="group" aria-label="{escape(alt)}">{above}'
        f'<div class="drawing" id="{name}" aria-hidden="true" style="min-height:{float(height):.0f}px"></div>{below}'
        f"<details><summary>The figures as a table</summary>{_html_table(columns, rows, alt)}</details></figure>"
    )
    return Chart(name, html, json_for_script({"data": figure.get("data", []), "layout": layout}))


def with_fallbacks(notebook: "NotebookNode") -> "NotebookNode":
    """The notebook with each chart's title, text alternative and table as HTML beside its data.

    Whatever knows no plotly (nbconvert, GitHub, nbviewer) shows that in place of nothing; JupyterLab draws the chart.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    found = [output["data"] for output in outputs if PLOTLY_MIME in output.get("data", {})]
    for number, data in enumerate(found, start=1):
        data.setdefault("text/html", _fallback(data[PLOTLY_MIME], number))
    return notebook


def _fallback(figure: Mapping[str, Any], number: int) -> str:
    layout = figure.get("layout", {})
    meta = dict(layout.get("meta") or {})
    title = str(meta.get("title") or _plain(_title(layout)) or f"Chart {number}")
    alt, source = str(meta.get("alt", "")), str(meta.get("source", ""))
    columns, rows = _table(meta.get("table"), figure.get("data", []))
    below = "".join(f"<p>{escape(text)}</p>" for text in (alt, source) if text)
    return f"<figure><figcaption><b>{escape(title)}</b></figcaption>{below}{_html_table(columns, rows, title)}</figure>"


def json_for_script(value: Any) -> str:
    """JSON that can stand inside a script element: no "<", hence no end tag; what is not finite is null."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _html_table(columns: Sequence[Any], rows: Sequence[Sequence[Any]], label: str) -> str:
    texts = [any(_is_words(row[at]) for row in rows if at < len(row)) for at in range(len(columns))]
    sides = [' class="text"' if text else "" for text in texts]
    head = "".join(f'<th scope="col"{side}>{escape(str(name))}</th>' for name, side in zip(columns, sides, strict=True))
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
    """Not a number, nor one written out ("12.4 M", "−2 %", "not assessed" stands in a column of words)."""
    return isinstance(value, str) and not re.match(r"\s*[-+−–]?\s*[\d.,]|\s*[-–]?\s*$", value)


def _written(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return escape(str(value))
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 1000 else f"{value:,.4g}"


def _table(given: Any, traces: Sequence[Mapping[str, Any]]) -> tuple[list[Any], list[list[Any]]]:
    if isinstance(given, Mapping) and given.get("columns"):
        return list(given["columns"]), [list(row) for row in given.get("rows", [])]
    rows = []
    for position, trace in enumerate(traces, start=1):
        name = _plain(str(trace.get("name") or f"Series {position}"))
        first = _values(trace.get("x", trace.get("labels")))
        second = _values(trace.get("y", trace.get("values")))
        for at in range(max(len(first), len(second))):
            rows.append([name, *(each[at] if at < len(each) else None for each in (first, second))])
    return ["series", "x", "y"], rows


def _values(found: Any) -> list[Any]:
    """A trace's values; plotly stores arrays of numbers as base64."""
    if isinstance(found, Mapping) and "bdata" in found:
        typecode = _TYPECODES.get(str(found.get("dtype", "")).lstrip("<|="))
        return list(array.array(typecode, base64.b64decode(found["bdata"]))) if typecode else []
    return list(found) if isinstance(found, list | tuple) else []


def _title(layout: Mapping[str, Any]) -> str:
    title = layout.get("title")
    return str(title.get("text") or "") if isinstance(title, Mapping) else str(title or "")


def _words_above(layout: Mapping[str, Any]) -> bool:
    """Whether an annotation stands on top of the drawing, where nothing else keeps room for it."""
    return any(
        each.get("yanchor") == "bottom" and str(each.get("yref")).endswith(("paper", "domain")) and each.get("y") == 1
        for each in layout.get("annotations") or ()
    )


def _plain(text: str) -> str:
    """plotly's own markup (<b>, <br>) taken out of a text."""
    for tag in ("b", "i", "sup", "sub", "span"):
        text = text.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return text.replace("<br>", " ").replace("<br/>", " ").strip()


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value
