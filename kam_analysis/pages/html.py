"""What pages are made of besides charts: the answer, key figures, tables, notes. Escaped HTML fragments.

Every fragment shows in JupyterLab and on the page; names from the data are text in all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLESHEET = Path(__file__).parent / "templates" / "blocks.css"


class Html:
    """A finished fragment; Jupyter shows it through `_repr_html_`."""

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return "<fragment of a page>"


def house_style() -> Html:
    """The fragments' style for JupyterLab; pages bring their own.

    Charts of one's own get the house's template from here on, as they do in a report, and pandas shows 15,210,790 in
    place of 1.521079e+07, unless a user chose otherwise.
    """
    from kam_analysis.pages import own_frames, style  # here: whoever makes pages of it needs no plotly

    style.by_default()
    own_frames.by_default()
    return Html(f"<style>{STYLESHEET.read_text(encoding='utf-8')}</style>")


@dataclass(frozen=True)
class KeyFigure:
    """One number of the first screen: its label, the number as written, and a line below it."""

    label: str
    value: str
    note: str = ""


def key_figures(figures: Sequence[KeyFigure]) -> Html:
    """A row of numbers. No definition list: JupyterLab has rules of its own for those, which win over ours."""
    cards = "".join(
        f'<div class="kam-figure"><div class="kam-label">{escape(each.label)}</div>'
        f'<div class="kam-value">{escape(each.value)}</div><div class="kam-beside">{escape(each.note)}</div></div>'
        for each in figures
    )
    return Html(f'<div class="kam-figures">{cards}</div>')


def paragraph(text: str, kind: str = "") -> Html:
    """A sentence or two, nothing without text; `kind` "lead", "note" or "warning"."""
    if not text:
        return Html("")
    name = f' class="kam-{kind}"' if kind else ""
    return Html(f"<p{name}>{escape(text)}</p>")


def bullets(texts: Iterable[str]) -> Html:
    """A short list; nothing where there is nothing to list."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return Html(f'<ul class="kam-list">{items}</ul>' if items else "")


def folded(summary: str, *fragments: Html) -> Html:
    """Fragments that open by a click and are not printed; nothing where there is nothing in them."""
    inside = together(*fragments).html
    return Html(f"<details><summary>{escape(summary)}</summary>{inside}</details>" if inside else "")


def show(*parts: object) -> None:
    """Display each part that is something, one below the other: a chart, a table, a paragraph.

    A table without rows, a paragraph without text and None are nothing.
    """
    from IPython.display import display

    from kam_analysis.pages.table import Table  # tables are made of the fragments here

    for part in parts:
        shown = part.html() if isinstance(part, Table) else part
        if shown is not None and not (isinstance(shown, Html) and not shown.html):
            display(part)


def together(*fragments: Html) -> Html:
    """Several fragments as one output."""
    return Html("".join(fragment.html for fragment in fragments))


# A row's name of more signs is written in several lines, so that the last columns stay in sight.
_LONG = 40


def table(
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
    caption: str,
    footer: Mapping[str, object] | None = None,
    strong: Iterable[int] = (),
) -> Html:
    """A table whose numbers line up.

    `columns` maps a row's key to its heading; a heading that ends in "|" holds text and is aligned to
    the left, all others to the right. `caption` says what the table shows. Values are written as given.
    """
    heads = "".join(f'<th scope="col"{_side(title)}>{escape(title.rstrip("|"))}</th>' for title in columns.values())
    marked = set(strong)
    body = "".join(_row(columns, row, position in marked) for position, row in enumerate(rows))
    foot = f"<tfoot>{_row(columns, footer, True)}</tfoot>" if footer else ""
    return Html(
        f'<div class="kam-table" role="region" tabindex="0" aria-label="{escape(caption)}"><table><caption><span>{escape(caption)}</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table></div>"
    )


def _side(title: str) -> str:
    return ' class="text"' if title.endswith("|") else ""


def _row(columns: Mapping[str, str], row: Mapping[str, object], strong: bool) -> str:
    cells = []
    for position, (key, title) in enumerate(columns.items()):
        text = str(row.get(key, ""))
        tag, scope = ("th", ' scope="row"') if position == 0 else ("td", "")
        side = ' class="text long"' if position == 0 and len(text) > _LONG and _side(title) else _side(title)
        cells.append(f"<{tag}{scope}{side}>{escape(text)}</{tag}>")
    kind = ' class="strong"' if strong else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"
