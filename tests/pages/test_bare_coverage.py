"""`04_coverage` on less than most have, and on parameters that cannot be."""

import pytest
from notebook_for_tests import found, page_of
from words_for_tests import plain

from kam_analysis.errors import DataError

NAME = "04_coverage"
MASTER = "account_id,account_name,account_manager_id\nA-1,Alder,M1\nA-2,Birch,M2\nA-3,Cedar,\nA-4,Dogwood,\n"


def test_from_sales_alone_the_page_says_what_is_missing(bare):
    document, page = page_of(NAME, settings=bare())
    assert document["answer"].startswith("No account managers in the data")
    assert {each["value"] for each in document["figures"].values()} == {None}
    assert document["worth_collecting"][0] == "who looks after each account"
    assert "not assessed" not in page.split("<h2>")[0]


def test_from_sales_and_owners_alone_it_answers(bare):
    document, page = page_of(NAME, settings=bare('[tables.accounts]\nfile = "accounts.csv"\n', accounts__csv=MASTER))
    assert plain(document["answer"]) == ("M1 looks after 62% of sales. A hand-over puts 13-18 of sales at risk.")
    assert document["figures"]["managers"]["value"] == 2
    assert document["figures"]["accounts_on_one_contact"]["value"] is None
    [row] = document["tables"]["handover"]
    assert (row["account_id"], row["to_id"], row["reasons"]) == ("A-1", "M2", "only_candidate, nothing_known")
    [call] = [each for each in document["tables"]["calls"] if each["occasion"].startswith("if")]
    assert (call["caller_id"], call["caller"]) == (None, "executive")
    assert "never measured" in page


def test_an_unknown_manager_account_or_hours_are_all_told_at_once():
    with pytest.raises(DataError) as told:
        found(NAME, leaving="Jonas Reiter", contacts_of="0010101x", spare_hours=-3.0, follow_rate=30.0)
    said = str(told.value)
    assert 'leaving: expected the id of an account manager with accounts, got "Jonas Reiter"; the id of Jonas Reiter is "M01"' in said  # fmt: skip
    assert 'contacts_of: expected the id of an account, got "0010101x"' in said
    assert "spare_hours: expected 0 to 744 hours a month, got -3" in said
    assert "follow_rate: expected a share 0-1, got 30; below 0 means as the settings say" in said


def test_without_room_the_page_says_by_how_much():
    document, _ = page_of(NAME, spare_hours=10.0, leaving="M05")
    assert plain(document["answer"]).startswith("Declan Byrne looks after 24% of sales")
    rows = document["tables"]["handover"]
    nobody = [row for row in rows if row["to_id"] is None]
    assert nobody
    assert all("no_room" in row["reasons"] for row in nobody)
    [said] = [each for each in document["caveats"] if "find no successor" in each]
    assert said.startswith(f"{len(nobody)} of {len(rows)} accounts find no successor")
    assert "more than the candidates have left" in said


SELLERS = """account_id,date,revenue,account_manager_id
Alder Mills,2025-01-14,1000,Ann Rye
Alder Mills,2025-02-14,100,Bo Lund
Birch Foundry,2025-02-15,500,Bo Lund
"""


@pytest.mark.parametrize(
    ("names", "first"),
    [("full", "Ann Rye looks after 69% of sales"), ("initials", "A. R. looks"), ("none", "Account manager B looks")],
)
def test_from_sellers_alone_it_answers_and_says_so(company, names, first):
    text = f'[tables.transactions]\nfile = "t.csv"\n[people]\nnames = "{names}"\n'
    document, page = page_of(NAME, settings=company(text, t__csv=SELLERS))
    assert plain(document["answer"]).startswith(first)
    assert document["figures"]["managers"]["value"] == 2
    assert any("whoever sold most to it in twelve months" in each for each in document["caveats"])
    assert "Customer Alder" not in page
    assert ("Ann Rye" in page) is (names == "full")
