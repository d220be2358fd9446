"""From an executed notebook to one self-contained HTML page without code.

nbconvert carries it: cells that are not for readers are removed, what the others displayed becomes
fragments of HTML, and the template in `pages/templates` puts them in order. plotly's library lies in it
once, compressed, and only where there is a chart. Sections tagged "fold" are closed until a reader opens them.
"""

import base64
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from jinja2 import DictLoader, Environment
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from kam_analysis.batch.drawn_charts import SAMPLE, measured
from kam_analysis.batch.evidence import FRAME_MIME, RESULT_MIME, SHEET_MIME, shown
from kam_analysis.batch.fragments import safe_fragment
from kam_analysis.batch.page import (
    TEMPLATES,
    facts,
    library,
    made_lines,
    page_style,
    policy,
    provenance_lines,
    template_text,
)
from kam_analysis.batch.page_charts import PLOTLY_MIME, Chart, chart
from kam_analysis.pages.html import paragraph, table, together

_SHEET = ("report.html.j2", "frame.html.j2")  # the templates of a sheet
_NOT_FOR_READERS = ("parameters", "injected-parameters", "explore", "remove-cell", "notebook-only")
# Tags of cells that become classes: where a sheet begins, what is not printed.
_ON_PAPER = ("new-sheet", "not-on-paper")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MARKS = re.compile(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}")  # Markdown's, around a word
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_ANSWER = re.compile(r'<p class="kam-answer">(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_WORTH_CONTENTS = 3  # sections
_TICKED = '<div class="kam-ticked"'  # customers to lose: what is ticked is added up by a script of its own
_BARE_OBJECT = re.compile(r"<.* at 0x[0-9a-fA-F]+>")  # says nothing, and differs from run to run


def render_page(notebook: NotebookNode, result: Mapping[str, Any], up: int = 0, sheet: str = "") -> str:
    """The page of an executed notebook; `up` is how many folders it lies below the index, `sheet` the file beside it
    that a sheet for the customer becomes."""
    page, _ = PageExporter().from_notebook_node(notebook, {"result": result, "up": up, "sheet": sheet})
    return str(page)


def render_sheet(notebook: NotebookNode) -> str:
    """The sheet for the customer as a page of its own: nothing else of the notebook is on it. Empty where there is none."""
    found = shown(notebook, SHEET_MIME)
    if not found:
        return ""
    environment = Environment(loader=DictLoader({name: template_text(name) for name in _SHEET}), autoescape=True)
    page = {
        "title": str(found[0]["title"]),
        "company": str(found[0].get("company", "")),
        "paper": "one-sheet",
        "blocks": [Markup(f'<div class="shown">{safe_fragment(str(found[0]["html"]), "Sheet")}</div>')],
        "css": Markup(page_style()),
        "policy": Markup(policy(())),
    }
    return environment.get_template(_SHEET[0]).render(resources={"page": page})


class PageExporter(TemplateExporter):
    """nbconvert's exporter with the workbook's own template; everything it prints is escaped by default."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, **given: Any) -> None:
        removed = {"enabled": True, "remove_cell_tags": set(_NOT_FOR_READERS)}
        super().__init__(
            config=Config({"TagRemovePreprocessor": removed}),
            template_name=TEMPLATES.name,
            template_file="report.html.j2",
            extra_template_basedirs=[str(TEMPLATES.parent)],
            preprocessors=["nbconvert.preprocessors.TagRemovePreprocessor", compose],
            **given,
        )

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.autoescape = True
        return environment


def compose(notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    """nbconvert preprocessor: what the template prints, worked out from the notebook and its result."""
    result = resources["result"]
    provenance = result["provenance"]
    writer = _Writer(result, resources["sheet"])
    first, *sections = _sections(notebook.cells)
    blocks = [block for cell in first for block in writer.blocks(cell)]
    blocks += [block for section in sections for block in writer.section(section)]
    ticked = any(_TICKED in block for block in blocks)
    drawn = any(each.drawn for each in writer.charts)
    # One chart whose table tells all of it needs nothing else: the page weighs a twentieth then.
    moving = [] if len(writer.charts) == 1 and writer.charts[0].whole else writer.charts
    drawing = ["drawn.js"] if drawn else ["charts.js"] if moving else []
    scripts = [template_text(name) for name in ("page.js", *drawing, *(["ticked.js"] if ticked else []))]
    source, packed = library() if moving else ("", "")
    waking = template_text("charts.js") if drawn and moving else ""
    company, period = str(provenance.get("company") or ""), facts(provenance)
    resources["page"] = {
        "title": result["question"],
        "answered": writer.answered,
        "company": company,
        "home": "../" * resources["up"] + "index.html",
        "paper": "two-sheets" if resources["up"] else "",
        "period": period,
        "contents": writer.contents if len(writer.contents) >= _WORTH_CONTENTS else [],
        "provenance": provenance_lines(provenance),
        "made": made_lines(provenance),
        "blocks": [Markup(block) for block in blocks],
        "charts": moving,
        "library": Markup(packed),
        "waking": {"text": Markup(waking), "sample": SAMPLE, "width": measured()} if waking else None,
        "scripts": [Markup(script) for script in scripts],
        "css": Markup(
            page_style(", ".join(each for each in (company, result["question"], period) if each))
            + (template_text("drawn.css") if drawn else "")
        ),
        "policy": Markup(policy([*scripts, *filter(None, (waking, source))])),
    }
    return notebook, resources


def _sections(cells: Sequence[NotebookNode]) -> list[list[NotebookNode]]:
    """The cells before the first heading of the second level, and those from each such heading to the next."""
    found: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and cell["source"].lstrip().startswith("## "):
            found.append([])
        found[-1].append(cell)
    return found


class _Writer:
    """Turns cells into blocks of HTML and counts charts on the way."""

    def __init__(self, result: Mapping[str, Any], sheet: str) -> None:
        self._result, self._sheet = result, sheet
        self._titled = False
        self._heading = ""  # names the tables below it
        self._frames: Counter[str] = Counter()
        self.charts: list[Chart] = []
        self.answered = False
        self.contents: list[dict[str, str]] = []  # of each section: where it begins, and what it is called

    def section(self, cells: Sequence[Mapping[str, Any]]) -> list[str]:
        """A section's blocks; none where it has code and all of that shows nothing: its words would stand alone.

        Without an answer it is somebody's own notebook, where words above a cell that only computes are meant.
        """
        written = [(cell["cell_type"], list(self.blocks(cell))) for cell in cells]
        shown = [blocks for kind, blocks in written if kind == "code"]
        if shown and not any(shown) and self._result["answer"]:
            return []
        blocks = [block for _, blocks in written for block in blocks]
        folded = "fold" in cells[0].get("metadata", {}).get("tags", ())
        # The section with its place in the contents; a folded one shows its heading alone until it is opened.
        found = _HEADING.search(blocks[0])
        if not found:
            return blocks
        name = f"part-{len(self.contents) + 1}"
        self.contents.append({"id": name, "text": Markup(_TAG.sub("", found[1])).unescape()})
        heading, rest = f'<h2 id="{name}">{found[1]}</h2>', blocks[0][: found.start()] + blocks[0][found.end() :]
        if folded:
            whole = "\n".join([rest, *blocks[1:]])
            return [f'<details class="fold"><summary>{heading}</summary>{whole}</details>']
        return [blocks[0][: found.start()] + heading + blocks[0][found.end() :], *blocks[1:]]

    def blocks(self, cell: Mapping[str, Any]) -> Iterator[str]:
        if cell["cell_type"] == "markdown":
            text = self._without_title(cell["source"])
            for line in text.splitlines():
                self._heading = _MARKS.sub("", line.lstrip("# ")).strip() if line.startswith("#") else self._heading
            if text.strip():
                marks = " ".join(each for each in _ON_PAPER if each in cell.get("metadata", {}).get("tags", ()))
                names = f"text {marks}".strip()
                yield f'<div class="{names}">{self._markdown(text, escape_html=False)}</div>'
        for output in cell.get("outputs", []):
            yield from self._output(output, cell)

    def _without_title(self, text: str) -> str:
        """The first heading of the first level is the page's own."""
        lines = text.splitlines()
        for at, line in enumerate(lines):
            if not self._titled and line.startswith("# "):
                self._titled = True
                return "\n".join(lines[:at] + lines[at + 1 :])
        return text

    def _output(self, output: Mapping[str, Any], cell: Mapping[str, Any]) -> Iterator[str]:
        if output["output_type"] == "stream":
            if output["name"] == "stdout" and output["text"].strip():
                yield f"<pre>{escape(_ANSI.sub('', output['text']))}</pre>"
            return
        data = output.get("data", {})
        if RESULT_MIME in data:
            yield f'<section class="answer" aria-label="Answer">{self._answer(data)}</section>'
        elif SHEET_MIME in data:
            yield f'<p class="not-on-paper"><a href="{escape(quote(self._sheet))}">{escape(data[SHEET_MIME]["title"])}</a></p>'
        elif PLOTLY_MIME in data:
            self.charts.append(chart(data[PLOTLY_MIME], len(self.charts) + 1))
            yield self.charts[-1].html
        elif FRAME_MIME in data:
            # The heading above a frame; each further frame below it has a number, so that no two are called alike.
            name = self._heading or self._result["question"]
            self._frames[name] += 1
            yield _own_frame(data[FRAME_MIME], name if self._frames[name] == 1 else f"{name} ({self._frames[name]})")
        elif "text/html" in data:
            if data["text/html"].strip():
                yield f'<div class="shown">{safe_fragment(data["text/html"], self._heading or "Table")}</div>'
        elif "text/markdown" in data:
            yield f'<div class="text">{self._markdown(data["text/markdown"], escape_html=True)}</div>'
        else:
            yield from _picture_or_text(data, str(cell.get("metadata", {}).get("alt", "")))

    def _answer(self, data: Mapping[str, Any]) -> str:
        """The first screen; its answer is the page's heading, under the question as a label, where it is told as ours is."""
        plain = f'<p class="kam-answer">{escape(self._result["answer"])}</p>'
        written = safe_fragment(data["text/html"], "Answer") if "text/html" in data else plain
        if self.answered:  # a page has one heading of the first level
            return written
        shown, headings = _ANSWER.subn(r'<h1 class="kam-answer">\1</h1>', written, count=1)
        self.answered = bool(headings)
        return shown

    def _markdown(self, text: str, escape_html: bool) -> str:
        renderer = _Renderer(escape=escape_html, exclude_anchor_links=True)
        return safe_fragment(MarkdownWithMath(renderer=renderer).render(text), self._heading or "Table")


class _Renderer(IPythonRenderer):
    """Markdown whose headings stay below the page's one heading of the first level."""

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        return f"<h{max(level, 2)}>{text}</h{max(level, 2)}>\n"


def _own_frame(frame: Mapping[str, Any], caption: str) -> str:
    """A pandas frame as the house's table, called as the heading above it."""
    columns = {str(at): f"{each['heading']}{'|' * each['text']}" for at, each in enumerate(frame["columns"])}
    rows = [{str(at): cell for at, cell in enumerate(row)} for row in frame["rows"]]
    written = together(table(columns, rows, caption), paragraph(frame["note"], "note"))
    return f'<div class="shown">{written.html}</div>'


def _picture_or_text(data: Mapping[str, Any], alt: str) -> Iterator[str]:
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            content = data[kind]
            coded = base64.b64encode(content.encode()).decode() if kind == "image/svg+xml" else "".join(content.split())
            yield f'<img src="data:{kind};base64,{coded}" alt="{escape(alt or "Picture")}">'
            return
    text = data.get("text/plain", "")
    if text.strip() and "application/vnd.jupyter.widget-view+json" not in data and not _BARE_OBJECT.fullmatch(text):
        yield f"<pre>{escape(_ANSI.sub('', text))}</pre>"
