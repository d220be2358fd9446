"""Account names lead to plans: exactly where a plan stands, never for a name that two accounts have, never in a script."""

from kam_analysis.batch.navigation import plan_pages, with_links


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
