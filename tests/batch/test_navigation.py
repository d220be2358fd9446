"""What leads from page to page."""

import pytest

from kam_analysis.batch.navigation import AROUND, TABS, short_name, with_navigation

PAGE = f"<header>{TABS}</header><p>{TABS}</p>{AROUND}".encode()
PAGES = {
    "01_concentration": "01_concentration.html",
    "02_key_accounts": "02 key.html",
    "new_markets": "new_markets.html",
}


@pytest.mark.parametrize(
    ("report", "words"),
    [("03_churn_impact", "Churn impact"), ("a", "A"), ("01_", "01_"), ("my_own question", "My own question")],
)
def test_a_reports_short_name(report: str, words: str) -> None:
    assert short_name(report) == words


def test_every_page_leads_to_all_and_says_which_it_is() -> None:
    page = with_navigation(PAGE, "02 key.html", PAGES).decode()
    assert page == (
        '<header><nav class="tabs" aria-label="Reports"><a href="01_concentration.html">Concentration</a>'
        '<a href="02%20key.html" aria-current="page">Key accounts</a><a href="new_markets.html">New markets</a></nav>'
        f"</header><p>{TABS}</p>"  # what the data holds is no place for links
        '<nav class="around" aria-label="Previous and next report"><a href="01_concentration.html">← Concentration</a>'
        '<a href="new_markets.html">New markets →</a></nav>'
    )


def test_the_first_has_none_before_and_a_page_below_leads_up() -> None:
    first = with_navigation(PAGE, "01_concentration.html", PAGES).decode()
    assert "<span></span><a href=" in first
    assert "←" not in first
    below = with_navigation(PAGE, "plans/A.html", PAGES).decode()
    assert below.count('href="../') == 3
    assert "aria-current" not in below
    assert "around" not in below


def test_a_page_alone_has_no_links() -> None:
    assert with_navigation(PAGE, "a.html", {"a": "a.html"}).decode() == f"<header></header><p>{TABS}</p>"


def test_names_are_text() -> None:
    page = with_navigation(PAGE, "a.html", {"<b>": "<b>.html", "a": "a.html"}).decode()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
