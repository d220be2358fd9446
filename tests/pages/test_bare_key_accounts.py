"""`02_key_accounts` on next to nothing: three customers, three rows, no names, every criterion the same for all."""

import pytest
from notebook_for_tests import page_of
from words_for_tests import plain

ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,100\nA-3,2025-03-25,100\n"


@pytest.fixture
def document(bare):
    return page_of("02_key_accounts", settings=bare(sales__csv=ROWS))[0]


def test_the_answer_calls_customers_by_their_number(document):
    assert plain(document["answer"]) == (
        "3 of 3 customers are key: Customer A-1 (33 % of sales), Customer A-2 and Customer A-3."
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
    assert len(document["worth_collecting"]) == 3
