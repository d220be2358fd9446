"""The leadership brief of the sample is one sheet of A4, and one of evidence; nothing of it is cut at the side."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pages_for_tests import visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_brief_has_two_sheets_with_answer_asks_and_evidence(browser: "Browser", sample_reports: Path) -> None:
    shown, troubles = visit(browser, sample_reports / "06_leadership_brief.html", 1440)
    pdf = shown.pdf(prefer_css_page_size=True, format="A4")
    shown.emulate_media(media="print")
    shown.set_viewport_size({"width": 680, "height": 1000})
    words = shown.inner_text("body")
    wide = shown.evaluate("document.documentElement.scrollWidth")
    shown.close()
    assert troubles == []
    assert len(re.findall(rb"<</Type /Page\n", pdf)) == 2
    assert wide <= 680
    for part in (
        "can give notice until",
        "How we keep Aldermoor",
        "What was decided",
        "What is at stake",
        "Against the plan",
    ):
        assert part in words
