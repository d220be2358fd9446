"""What a first screen says before its figures are believed: spellings of one customer, ids that the list writes otherwise."""

import pytest
from notebook_for_tests import page_of

from kam_analysis.analysis.concentration import concentrate
from kam_analysis.ledger import open_ledger
from kam_analysis.pages import about as page_about
from kam_analysis.pages.about import doubts
from kam_analysis.pages.coverage.answer import NOT_MATCHED
from kam_analysis.pages.results import Result

SALES = 'name = "Us"\n[tables.transactions]\nfile = "sales.csv"\n'
SPELLINGS = (
    'Aldwick Mills Ltd,300\n"Aldwick Mills, Ltd",300\nALDWICK MILLS,300\nBexhill Foundry,500\nCorran Dairy,400\n'
)


def sales(rows):
    lines = "".join(f"{line.rpartition(',')[0]},2025-0{at + 1}-14,{line.rpartition(',')[2]}\n" for at, line in enumerate(rows.splitlines()))  # fmt: skip
    return "account_id,date,revenue\n" + lines


def said(path):
    ledger = open_ledger(path)
    return doubts(ledger, concentrate(ledger.by_account(), "revenue"))


def test_a_customer_in_three_spellings_is_named_until_it_is_confirmed_or_refused(company):
    path = company(SALES, sales__csv=sales(SPELLINGS))
    assert len(said(path)) == 1
    assert "three accounts may all be Aldwick Mills" in said(path)[0]
    assert "50% and then the largest customer" in said(path)[0]
    pairs = "account_id,parent_id,confirmed\n"
    for answer in ("yes", "no"):
        confirmed = pairs + "".join(f'{each},Aldwick Mills Ltd,{answer}\n' for each in ('"Aldwick Mills, Ltd"', "ALDWICK MILLS"))  # fmt: skip
        path = company(SALES + '[tables.parents]\nfile = "parents.csv"\n', sales__csv=sales(SPELLINGS), parents__csv=confirmed)  # fmt: skip
        assert said(path) == []
    assert open_ledger(path).by_account()["revenue"].iloc[0] == 500


def test_two_spellings_of_a_small_customer_are_no_doubt_about_the_largest(company):
    rows = "".join(f"Firm {word},{500 + at}\n" for at, word in enumerate(("Alpha", "Bravo", "Gamma", "Delta", "Sigma")))
    assert said(company(SALES, sales__csv=sales(rows + "Tiny Shop Ltd,2\nTINY SHOP,1\n"))) == []


def test_spellings_of_one_book_are_looked_for_once_and_of_another_anew(company, monkeypatch):
    looked, look = [], page_about.suggested_parents
    monkeypatch.setattr(page_about, "suggested_parents", lambda *given: looked.append(1) or look(*given))
    ledger = open_ledger(company(SALES, sales__csv=sales(SPELLINGS)))
    book = concentrate(ledger.by_account(), "revenue")
    first = doubts(ledger, book)
    first.append("of the caller's own")
    assert [*doubts(ledger.at(ledger.as_of), book), "of the caller's own"] == first
    assert len(looked) == 1
    half = concentrate(ledger.by_account().iloc[:3], "revenue")
    assert doubts(ledger, half) != doubts(ledger, book)
    assert len(looked) == 2


@pytest.mark.parametrize(("listed", "matters"), [("018", True), ("18", False)])
def test_an_account_that_the_list_writes_otherwise_leads_no_headline(company, listed, matters):
    rows = "18,400\n486,400\n312,500\n"
    names = f"account_id,account_name,account_manager_id\n{listed},Dyson Stores,K15\n486,Hyper,K15\n312,Detail,K114\n"
    path = company(SALES + '[tables.accounts]\nfile = "customers.csv"\n', sales__csv=sales(rows), customers__csv=names)
    found = said(path)
    assert bool(found) == matters
    if matters:
        assert "31% of sales" in found[0]
        assert "18 here, 018 there" in found[0]


def test_a_doubt_stands_before_the_figures_and_first_among_the_caveats():
    found = Result("Q?", "A.", {}, {}, {}, caveats=["later"], doubts=["Not confirmed: x"])
    html = found._repr_mimebundle_()["text/html"]
    assert html.index("Not confirmed: x") > html.index("A.")
    assert found.document()["caveats"] == ["Not confirmed: x", "later"]


def test_04_builds_no_answer_and_no_figure_on_the_half_that_matches(company):
    names = "account_id,account_name,account_manager_id\n018,Dyson,K15\n486,Hyper,K15\n312,Detail,K114\n"
    files = {"sales__csv": sales("18,400\n486,400\n312,500\n"), "customers__csv": names}
    listed = SALES + '[tables.accounts]\nfile = "customers.csv"\n'
    document, page = page_of("04_coverage", settings=company(listed, **files))
    assert document["answer"] == NOT_MATCHED
    assert {each["value"] for each in document["figures"].values()} == {None}
    assert "18 here, 018 there" in page
    document, _ = page_of("04_coverage", settings=company('normalise = ["leading_zeros"]\n' + listed, **files))
    assert document["answer"].startswith("K15 looks after 62")
    assert document["figures"]["managers"]["value"] == 2


def test_what_is_left_out_as_no_sales_is_said_with_its_money(company):
    rows = "account_id,date,revenue,Stage\nA,2025-01-14,100,Won\nB,2025-02-14,900,Open\nC,2025-02-14,50,Lost\n"
    kept = SALES + '[tables.transactions.keep]\nStage = ["Won"]\n'
    document, _ = page_of("01_concentration", settings=company(kept, sales__csv=rows))
    [said] = [each for each in document["caveats"] if "left out as no sales" in each]
    assert said.startswith("2 rows (950")
    assert "Stage: Open" in said
    assert "Stage: Lost" in said
