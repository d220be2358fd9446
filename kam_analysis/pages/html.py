"""What pages are made of besides charts: the answer, key figures, tables, notes. Escaped HTML fragments.

Every fragment shows in JupyterLab and on the page; names from the data are text in all of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLESHEETS = [Path(__file__).parent / "templates" / name for name in ("lab.css", "blocks.css")]


_WIDE, _WIDER = 11, 20  # letters of a tile's value
FIRST_STEPS = 6  # recommended actions that a reader sees at once
_WHOLE = 30  # letters of a name that are never cut
# Columns in which customers and people are named.
_NAMES = (
    "account_name",
    "manager_name",
    "name",
    "contact_name",
    "manager",
    "caller",
    "owner",
    "to",
    "largest_account_id",
)


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
    return Html(f"<style>{''.join(each.read_text(encoding='utf-8') for each in STYLESHEETS)}</style>")


@dataclass(frozen=True)
class KeyFigure:
    """One number of the first screen: its label, the number as written, and a line below it.

    `tone` "good" or "bad" colours that line by what the change means for us, and not by its direction. `mark` is a small
    drawing of `tile_marks`.
    """

    label: str
    value: str
    note: str = ""
    tone: str = ""
    mark: str = ""


def key_figures(figures: Sequence[KeyFigure]) -> Html:
    """A row of numbers. No definition list: JupyterLab has rules of its own for those, which win over ours."""
    cards = "".join(
        f'<div class="kam-figure"><div class="kam-label">{escape(each.label)}</div>'
        f'<div class="{_named("kam-value", _length(each.value))}">{escape(each.value)}</div>'
        f'<div class="{_named("kam-beside", each.tone)}">{escape(each.note)}</div>{each.mark}</div>'
        for each in figures
    )
    return Html(f'<div class="kam-figures">{cards}</div>')


def _length(value: str) -> str:
    """A value stays on one line: the longer, the smaller."""
    return "longer" if len(value) > _WIDER else "long" if len(value) > _WIDE else ""


def _named(*classes: str) -> str:
    return " ".join(each for each in classes if each)


def paragraph(text: str, kind: str = "") -> Html:
    """A sentence or two, nothing without text; `kind` "lead", "note" or "warning"."""
    if not text:
        return Html("")
    name = f' class="kam-{kind}"' if kind else ""
    return Html(f"<p{name}>{escape(text)}</p>")


@dataclass(frozen=True)
class Step:
    """A recommended action: `what` in a sentence, `who` does it, `by` which day, and what is `at_stake` or to be won; the
    last three as they are to be read, empty where the data has none."""

    what: str
    who: str = ""
    by: str = ""
    at_stake: str = ""

    @property
    def beside(self) -> str:
        """The three in a line: Jonas Reiter · by 20 Oct 2026 · €15.2m of sales at stake."""
        return " · ".join(filter(None, [self.who, self.by and f"by {self.by}", self.at_stake]))


def bullets(texts: Iterable[str | Step], shown: int | None = None) -> Html:
    """A short list; nothing where there is nothing to list. What comes after the first `shown` is folded."""
    items = [f"<li>{_said(text)}</li>" for text in texts]
    first, rest = items[:shown], items[len(items[:shown]) :]
    if len(rest) == 1:  # to unfold one line is more work than to read it
        first, rest = items, []
    more = f'<details class="kam-more"><summary>{len(rest)} more</summary>{_listed(rest)}</details>' if rest else ""
    return Html(_listed(first) + more)


def _said(item: str | Step) -> str:
    if isinstance(item, str):
        return escape(item)
    beside = f' <span class="kam-who">{escape(item.beside)}</span>' if item.beside else ""
    return f"{escape(item.what)}{beside}"


def _listed(items: Sequence[str]) -> str:
    return f'<ul class="kam-list">{"".join(items)}</ul>' if items else ""


def folded(summary: str, *parts: object) -> Html:
    """Parts as `show` takes them, but charts, that open by a click and are not printed; nothing where all are nothing."""
    inside = "".join(part.html for part in _fragments(parts) if isinstance(part, Html))
    return Html(f"<details><summary>{escape(summary)}</summary>{inside}</details>" if inside else "")


def show(*parts: object) -> None:
    """Display each part that is something, one below the other: a chart, a table, a paragraph.

    A table without rows, a paragraph without text and None are nothing.
    """
    from IPython.display import display

    for part, shown in zip(parts, _fragments(parts), strict=True):
        if shown is not None and not (isinstance(shown, Html) and not shown.html):
            display(part)


def _fragments(parts: Iterable[object]) -> Iterator[object]:
    """Each part, a table as its fragment."""
    from kam_analysis.pages.table import Table  # tables are made of the fragments here

    return (part.html() if isinstance(part, Table) else part for part in parts)


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
    values: Sequence[Mapping[str, object]] = (),
    bars: Iterable[str] = (),
    tones: Mapping[str, Mapping[str, str]] | None = None,
) -> Html:
    """A table whose numbers line up.

    `columns` maps a row's key to its heading; a heading that ends in "|" holds text and is aligned to
    the left, all others to the right. `caption` says what the table shows. Cells are written as given; `values` are
    what lies behind them, by which a page sorts and which its CSV has. Columns in `bars` show theirs as a bar too;
    `tones` says of a column's words how they are meant: {"work": {"rescue": "bad"}}.
    """
    heads = "".join(_head(title) for title in columns.values())
    marked, behind = set(strong), [*values, *({} for _ in rows[len(values) :])]
    longest = {name: _longest(name, values) for name in bars}
    body = "".join(
        _row(columns, row, position in marked, behind[position], longest, tones or {})
        for position, row in enumerate(rows)
    )
    foot = f"<tfoot>{_row(columns, footer, True, {}, {}, {})}</tfoot>" if footer else ""
    return Html(
        f'<div class="kam-table" role="region" tabindex="0" aria-label="{escape(caption)}"><table><caption><span>{escape(caption)}</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table></div>"
    )


def _head(title: str) -> str:
    """A column's head; one without words is no head that a reader could be told."""
    words, side = escape(title.rstrip("|")), ' class="text"' if title.endswith("|") else ""
    return f'<th scope="col"{side}>{words}</th>' if words else f"<td{side}></td>"


def _longest(name: str, values: Sequence[Mapping[str, object]]) -> float:
    """The longest bar of a column; none where something lies below zero, for a bar has no other side."""
    known = [value for row in values if isinstance(value := row.get(name), int | float)]
    return max(known, default=0.0) if min(known, default=0.0) >= 0 else 0.0


def _row(
    columns: Mapping[str, str],
    row: Mapping[str, object],
    strong: bool,
    values: Mapping[str, object],
    longest: Mapping[str, float],
    tones: Mapping[str, Mapping[str, str]],
) -> str:
    cells = []
    for position, (key, title) in enumerate(columns.items()):
        said, value = str(row.get(key, "")), values.get(key)
        text, classes, more = escape(said), ["text"] if title.endswith("|") else [], ""
        if key in _NAMES:  # a long one is cut at its end, and stands whole in its title
            classes.append("name")
            more = f' title="{text}"' if len(said) > _WHOLE else ""
        elif position == 0 and classes and len(said) > _LONG:
            classes.append("long")
        if said in tones.get(key, {}):
            text = f'<span class="{_named("kam-pill", tones[key][said])}">{text}</span>'
        if value is not None:
            more += f' data-v="{escape(str(value))}"'
        if longest.get(key) and isinstance(value, int | float):
            classes.append("bar")
            more += f' style="--part:{value / longest[key]:.3f}"'
        kind = f' class="{" ".join(classes)}"' if classes else ""
        first = position == 0 and text
        cells.append(f'<th scope="row"{kind}{more}>{text}</th>' if first else f"<td{kind}{more}>{text}</td>")
    kind = ' class="strong"' if strong else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"
