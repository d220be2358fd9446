"""The page of an executed notebook: whose cells are for readers, and which sections stand with nothing to show."""

import re
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from notebooks_for_tests import code, text

from kam_analysis.batch import page as page_parts
from kam_analysis.batch.evidence import RESULT_MIME, SHEET_MIME
from kam_analysis.batch.export import render_page, render_sheet
from kam_analysis.batch.page import page_style

RESULT = {
    "question": "How dependent are we?",
    "answer": "Not much.",
    "provenance": {
        "version": "0.1",
        "company": "Lindmark",
        "as_of": "2025-05-31",
        "freshness": "data to 30 May 2025",
        "period": "12 months to 31 May 2025",
        "source": "invoices",
        "parameters": {},
    },
}
ANSWER = {RESULT_MIME: RESULT, "text/html": "<p>Not much.</p>"}


def shown(
    source: str, *data: dict[str, Any] | str, tags: tuple[str, ...] = (), kind: str = "display_data"
) -> dict[str, Any]:
    """An executed cell; a text among its outputs is HTML."""
    bundles = [{"text/html": f"<p>{each}</p>"} if isinstance(each, str) else each for each in data]
    number = {"execution_count": 1} if kind == "execute_result" else {}
    outputs = [{"output_type": kind, "data": bundle, "metadata": {}, **number} for bundle in bundles]
    return code(source, *tags) | {"outputs": outputs}


def printed(words: str, name: str = "stdout", *tags: str) -> dict[str, Any]:
    return code("print()", *tags) | {"outputs": [{"output_type": "stream", "name": name, "text": words}]}


def page(*cells: dict[str, Any]) -> str:
    first = [text("# How dependent are we?\n\nUse this to decide."), shown("found", ANSWER, kind="execute_result")]
    numbered = [{**cell, "id": f"c{at}"} for at, cell in enumerate([*first, *cells])]
    document = {
        "cells": numbered,
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return render_page(nbformat.from_dict(document), RESULT)


@pytest.mark.parametrize(
    ("given", "home", "body"), [({}, "index.html", "<body>"), ({"up": 1}, "../index.html", '<body class="two-sheets">')]
)
def test_a_page_below_the_index_leads_up_to_it_and_takes_two_sheets(
    given: dict[str, int], home: str, body: str
) -> None:
    cells = [{**shown("found", ANSWER, kind="execute_result"), "id": "a"}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    html = render_page(nbformat.from_dict(notebook), RESULT, **given)
    assert f'<a class="home" href="{home}">' in html
    assert body in html


def headings(html: str) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", html)


@pytest.mark.parametrize("tag", ["notebook-only", "explore", "remove-cell", "parameters", "injected-parameters"])
def test_what_is_for_analysts_is_not_on_the_page(tag: str) -> None:
    html = page(
        text("## Evidence\n\nWhy it matters."),
        shown("chart", "the evidence"),
        text("Of analysts alone, words.", tag),
        shown("frame.head()", "a frame of analysts", tags=(tag,)),
        printed("printed for analysts", "stdout", tag),
    )
    assert "the evidence" in html
    assert "analysts" not in html
    assert "frame.head()" not in html


def test_a_cell_with_several_tags_is_left_off_for_any_of_them() -> None:
    html = page(
        shown("x", "not here", tags=("nbval-check-output", "notebook-only")), shown("y", "here", tags=("keep_output",))
    )
    assert "not here" not in html
    assert ">here<" in html


def test_the_code_of_a_page_is_never_on_it() -> None:
    assert "secret_name" not in page(text("## A\n\nWords."), shown("secret_name = 1", "shown"))


def test_a_section_whose_code_shows_nothing_is_left_off_with_its_heading_and_words() -> None:
    html = page(
        text("## First\n\nWords of the first."),
        shown("a", "seen one"),
        text("## Second\n\nWords of the second."),
        shown("kam.show(None)"),
        text("More words of the second."),
        text("## Third\n\nWords of the third."),
        shown("c", "seen three"),
    )
    assert headings(html) == ["First", "Third"]
    assert "of the second" not in html
    assert html.index("seen one") < html.index("of the third") < html.index("seen three")


def test_sections_of_words_alone_stay() -> None:
    html = page(text("## Method\n\nHow it is done."), text("## Last\n\nThe last word."))
    assert headings(html) == ["Method", "Last"]
    assert "How it is done." in html


def test_one_cell_that_shows_something_keeps_its_whole_section() -> None:
    html = page(
        text("## Both\n\nWords."), shown("nothing"), text("Between."), shown("b", "something"), shown("nothing")
    )
    assert headings(html) == ["Both"]
    for words in ("Words.", "Between.", "something"):
        assert words in html


def test_a_section_in_which_only_analysts_see_something_is_left_off() -> None:
    """What is left of it are words about a chart that is not there."""
    html = page(
        text("## Falls\n\nWords."),
        shown("kam.show(None)"),
        text("A frame of it.", "notebook-only"),
        shown("frame", "the frame", tags=("notebook-only",)),
        text("**Change it here.**", "explore"),
        shown("change", "changed", tags=("explore",)),
    )
    assert headings(html) == []
    assert "Words." not in html


def test_a_heading_for_analysts_does_not_end_a_readers_section() -> None:
    html = page(
        text("## Evidence\n\nWords."),
        shown("a", "seen"),
        text("## Explore", "explore"),
        shown("b", "explorer", tags=("explore",)),
    )
    assert headings(html) == ["Evidence"]


def test_headings_below_a_section_are_part_of_it() -> None:
    html = page(text("## Outer\n\nWords."), shown("nothing"), text("### Inner\n\nInner words."), shown("b", "seen"))
    assert headings(html) == ["Outer"]
    assert "Inner words." in html
    gone = page(text("## Outer\n\nWords."), shown("nothing"), text("### Inner\n\nInner words."), shown("b"))
    assert "Inner" not in gone


def test_what_stands_before_the_first_section_stays() -> None:
    html = page(text("Words without a heading."), shown("nothing"), text("## A\n\nWords."), shown("a", "seen"))
    assert "Words without a heading." in html
    assert "Not much." in html
    assert html.count("How dependent are we?") >= 1


@pytest.mark.parametrize(
    "nothing",
    [
        printed("a warning of some library", "stderr"),
        printed("  \n"),
        shown("figure", {"text/plain": "<matplotlib.Axes at 0x7f3a2b>"}),
        shown("html", {"text/html": "", "text/plain": "<fragment of a page>"}),
        shown("widget", {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "Widget()"}),
        shown("plain", {"text/plain": " "}),
    ],
    ids=["stderr", "blank", "bare object", "empty html", "widget", "no text"],
)
def test_an_output_that_a_page_does_not_show_is_nothing(nothing: dict[str, Any]) -> None:
    html = page(text("## Falls\n\nWords of it."), nothing)
    assert headings(html) == []
    assert "Words of it." not in html
    assert "warning of some" not in html


@pytest.mark.parametrize(
    "something", [printed("12.4m"), shown("n", {"text/plain": "42"}), shown("md", {"text/markdown": "*m*"})]
)
def test_whatever_a_page_shows_keeps_its_section(something: dict[str, Any]) -> None:
    assert headings(page(text("## Falls\n\nWords of it."), something)) == ["Falls"]


def test_only_the_first_title_is_the_page_s_own() -> None:
    html = page(text("# A second title\n\nIts words."), text("# A third one"))
    assert [html.count(each) for each in ("A second title", "A third one")] == [1, 1]
    assert html.count(">How dependent are we?</h1>") <= 1


def test_all_words_around_the_title_stay_and_each_stands_once() -> None:
    cells = [text("Before.\n\n# The title\n\nAfter.\n\nThe last."), shown("found", ANSWER, kind="execute_result")]
    numbered = [{**cell, "id": f"c{at}"} for at, cell in enumerate(cells)]
    notebook = {"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    html = render_page(nbformat.from_dict(notebook), RESULT)
    assert re.findall(r"<p>(Before\.|After\.|The last\.)</p>", html) == ["Before.", "After.", "The last."]
    assert "The title" not in html.partition("<body")[2]


def test_a_table_is_named_by_the_heading_above_it() -> None:
    table = {"text/html": "<table><tr><td>1</td></tr></table>"}
    html = page(text("## The *largest*\n\nWords below it."), shown("a", table), text("### Later"), shown("b", table))
    assert re.findall(r'<div class="shown">.*?aria-label="([^"]*)"', html, re.DOTALL) == ["The largest", "Later"]


def test_the_answer_is_the_heading_and_the_question_its_label() -> None:
    told = {RESULT_MIME: RESULT, "text/html": '<p class="kam-answer">18% &amp; more.</p><div>x</div>'}
    once = page(text("# Why?"), shown("found", told))
    assert '<h1 class="kam-answer">18% &amp; more.</h1><div>x</div>' in once
    assert '<p class="question">' in once
    assert once.count("<h1") == 1
    twice = page(text("# Why?"), shown("found", told), shown("found", told))
    assert twice.count("<h1") == 1
    own = page(text("# Why?"), shown("found", {RESULT_MIME: RESULT, "text/html": "<p>18%</p>"}))
    assert own.count("<h1") == 1
    assert "question" not in own.partition("<body>")[2]


def test_a_section_tagged_so_is_folded_and_stands_in_the_contents() -> None:
    folded = text("## How sure\nWords.")
    folded["metadata"] = {"tags": ["fold"]}
    sections = [text("## First\nA."), text("## Second\nB."), folded]
    html = page(text("# Why?"), shown("found", {RESULT_MIME: RESULT, "text/html": "<p>18%</p>"}), *sections)
    assert '<details class="fold"><summary><h2 id="part-3">How sure</h2></summary>' in html
    assert html.count('href="#part-3"') == 2  # beside the text, and above it where that is narrow
    assert '<h2 id="part-1">First</h2>' in html


def test_what_runs_on_every_sheet_cannot_end_the_style() -> None:
    style = page_style('Ash"} </style><script>')
    assert "</style" not in style
    assert "<" not in style.rpartition("@top-left")[2]
    assert "counter(page)" in style


SHEET = {SHEET_MIME: {"title": "For Ash & Co", "company": "Lindmark", "html": "<p>Goals</p><script>x</script>"}}


def test_a_sheet_for_the_customer_stands_alone_and_its_page_leads_to_it() -> None:
    cells = [{**shown("found", ANSWER, SHEET), "id": "a"}]
    notebook = nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    html = render_page(notebook, RESULT, sheet="A 1.customer.html")
    assert '<p class="not-on-paper"><a href="A%201.customer.html">For Ash &amp; Co</a></p>' in html
    sheet = render_sheet(notebook)
    for part in ('<div class="shown"><p>Goals</p></div>', "<title>For Ash &amp; Co", "Lindmark", 'class="one-sheet"'):
        assert part in sheet
    assert "script-src 'none'" in sheet
    assert "<script" not in sheet
    assert "Not much." not in sheet
    without = nbformat.from_dict({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert render_sheet(without) == ""


def test_pictures_carry_their_data_and_say_what_they_show() -> None:
    named = {
        **shown("a", {"image/png": "iVBO\nRw0K", "text/plain": "<Figure>"}),
        "metadata": {"alt": 'Sales "by" year'},
    }
    html = page(
        named, shown("b", {"image/svg+xml": "<svg/>", "image/png": "not this"}), shown("c", {"image/jpeg": "/9j/"})
    )
    assert re.findall(r'<img src="([^"]+)" alt="([^"]*)">', html) == [
        ("data:image/png;base64,iVBORw0K", "Sales &quot;by&quot; year"),
        ("data:image/svg+xml;base64,PHN2Zy8+", "Picture"),
        ("data:image/jpeg;base64,/9j/", "Picture"),
    ]


def test_words_in_colour_are_printed_without_it() -> None:
    html = page(printed("\x1b[31mred\x1b[0m & <b>"), shown("x", {"text/plain": "\x1b[1mbold\x1b[22m"}))
    assert "<pre>red &amp; &lt;b&gt;</pre>" in html
    assert "<pre>bold</pre>" in html


@pytest.mark.parametrize(("sections", "listed"), [(2, 0), (3, 3)])
def test_three_sections_are_worth_a_list_of_contents(sections: int, listed: int) -> None:
    html = page(*(text(f"## Part {at}\n\nWords.") for at in range(sections)))
    assert sum(f'href="#part-{at}"' in html for at in range(1, sections + 1)) == listed


@pytest.mark.parametrize("found", [None, SimpleNamespace(origin=None)])
def test_without_plotly_that_is_said(found: SimpleNamespace | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_parts, "find_spec", lambda name: found)
    with pytest.raises(RuntimeError, match="plotly is not installed"):
        page_parts.library.__wrapped__()
