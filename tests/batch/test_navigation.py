"""What leads from page to page; account names lead to plans, exactly where a plan stands and never in a script."""

import pytest

from kam_analysis.batch.navigation import AROUND, TABS, plan_pages, short_name, with_links, with_navigation

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


def result(rows, account=""):
    parameters = {"account_id": account} if account else {}
    return {"tables": {"accounts": rows}, "provenance": {"parameters": parameters}}


def test_a_name_leads_to_its_plan_and_one_that_two_accounts_have_to_none():
    rows = [
        {"account_id": "A/1", "account_name": "Ash & Co"}, {"account_id": "B1", "account_name": "Birch"},
        {"account_id": "B2", "account_name": "Birch"}, {"account_id": "C1", "account_name": "Cedar"}, {"account_id": "D", "account_name": None},
    ]  # fmt: skip
    results = {
        "02_key_accounts": result(rows), "05_account_plan/A/1": result([], "A/1"), "05_account_plan/B1": result([], "B1"),
        "05_account_plan": result([], "C1"),
    }  # fmt: skip
    records = {
        "02_key_accounts": {"page": "02_key_accounts.html"}, "05_account_plan/A/1": {"page": "plans/A-1 x.html"},
        "05_account_plan/B1": {"page": "plans/B1.html"}, "05_account_plan": {"page": "plans/C1.html"},
    }  # fmt: skip
    pages = plan_pages(results, records)
    assert pages == {"Ash & Co": "plans/A-1 x.html", "Cedar": "plans/C1.html"}
    page = (
        '<table><tr><th scope="row" class="text">Ash &amp; Co</th><td>Birch</td><td>Cedar Ltd</td><td>Cedar</td></tr></table>'
        "<p>Cedar</p><script>var x = '<td>Cedar</td>';</script><td>Cedar</td>"
    )
    linked = with_links(page, pages)
    assert linked == page.replace(
        '<th scope="row" class="text">Ash &amp; Co</th>', '<th scope="row" class="text"><a href="plans/A-1%20x.html">Ash &amp; Co</a></th>'
    ).replace("<td>Cedar</td></tr>", '<td><a href="plans/C1.html">Cedar</a></td></tr>')  # fmt: skip
    assert with_links(page, {}) == page
