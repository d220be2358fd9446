"""`02_key_accounts` on next to nothing: three customers, three rows, no names, every criterion the same for all."""

import json

import pytest
from notebook_for_tests import NOTEBOOKS, found, page_of
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.pages.key_accounts.who_is_key import who_is_key

ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,100\nA-3,2025-03-25,100\n"


@pytest.fixture
def document(bare):
    return page_of("02_key_accounts", settings=bare(sales__csv=ROWS))[0]


def test_the_answer_calls_customers_by_their_number(document):
    assert plain(document["answer"]) == (
        "3 of 3 customers are key: Customer A-1 (33% of sales), Customer A-2 and Customer A-3."
    )


def test_what_tells_nobody_apart_is_left_out_and_said(document):
    [said] = [each for each in document["caveats"] if "value score" in each]
    assert "volume (the same for nearly all accounts)" in said
    assert "profit (needs cost in transactions)" in said


def test_an_account_without_any_criterion_has_no_score_and_is_not_firm(document):
    rows = {row["account_id"]: row for row in document["tables"]["key_accounts"]}
    unknown = [row for row in rows.values() if row["score"] is None]
    assert unknown
    assert not any(row["firm"] for row in unknown)
    assert len(document["worth_collecting"]) == 4
    assert document["worth_collecting"][-1] == (
        "for profit after cost to serve: cost per line, hours of calls and visits, what an hour with a customer costs "
        "(cost_per_hour under [assumptions])"
    )


def test_what_the_notebook_shows_and_offers_to_change_runs_on_next_to_nothing(bare):
    known = found("02_key_accounts", settings=bare(sales__csv=ROWS))
    cells = json.loads((NOTEBOOKS / "02_key_accounts.ipynb").read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    offered = [
        "".join(cell["source"]) for cell in code if cell["metadata"].get("tags") in (["explore"], ["notebook-only"])
    ]
    assert len(offered) >= 12
    for each in offered:
        exec(each, known)


def test_every_page_that_asks_who_is_key_gets_the_same_answer(bare):
    ledger = kam.open_ledger(bare(sales__csv=ROWS.replace("A-3,2025-03-25,100", "A-3,2025-03-25,9")))
    assert kam.key_accounts(ledger).keys["account_id"].tolist() == who_is_key(ledger)["account_id"].tolist()
    for asked in (kam.key_accounts(ledger, key_share="4%"), kam.key_accounts(ledger.asked(key_share=0.04))):
        assert asked.keys["account_id"].tolist() == ["A-1", "A-2", "A-3"]
        assert (asked.key_share, asked.about.key_share, asked.written_share) == (0.04, 0.04, 0.1)
        assert asked.result().provenance["parameters"]["key_share"] == 0.04
