"""Until when a contract can be given notice: by hand, on small companies."""

import pandas as pd
import pytest

from kam_analysis import open_ledger
from kam_analysis.analysis.coverage import open_questions
from kam_analysis.analysis.losses import contracted, under_contract

SETTINGS = """
as_of = 2026-09-18
[tables.transactions]
file = "transactions.csv"
[tables.accounts]
file = "accounts.csv"
[tables.contracts]
file = "contracts.csv"
"""
FILES = {
    "transactions__csv": "account_id,date,revenue\n"
    + "".join(f"{each},2026-09-01,10\n" for each in ("A1", "B", "C", "D", "E", "F", "G")),
    "accounts__csv": "account_id,parent_id\nA,\nA1,A\nB,\nC,\nD,\nE,\nF,\nG,\n",
}


def told(company, contracts, level=None):
    ledger = open_ledger(company(SETTINGS, **FILES, contracts__csv=contracts))
    return ledger, ledger.traits(level).set_index("account_id")[["ends_on", "notice_by"]]


def days(row):
    return tuple("" if pd.isna(each) else f"{each:%Y-%m-%d}" for each in row)


CONTRACTS = """\
account_id,ends_on,notice_days
A1,2027-01-18,90
A,2027-06-30,0
B,2026-10-31,60
C,2026-10-31,60
C,2028-12-31,30
D,2026-12-31,
E,9999-12-31,30
F,2026-09-17,30
F,2026-09-18,0
G,2026-09-19,0
"""


def test_by_hand(company):
    _, found = told(company, CONTRACTS)
    # A group's nearest day for notice is that of a company of it: 90 days before 18 January.
    assert days(found.loc["A"]) == ("2027-01-18", "2026-10-20")
    # Too late since 1 September, and the contract runs on.
    assert days(found.loc["B"]) == ("2026-10-31", "2026-09-01")
    # Of two contracts the one that can still be given notice, though the other one ends first.
    assert days(found.loc["C"]) == ("2028-12-31", "2028-12-01")
    # Without a period of notice the end stands for it.
    assert days(found.loc["D"]) == ("2026-12-31", "2026-12-31")
    # Without an end any day will do, so there is no last one.
    assert days(found.loc["E"]) == ("9999-12-31", "")
    # What ends with the as-of day is over, as what ended the day before.
    assert days(found.loc["F"]) == ("", "")
    assert days(found.loc["G"]) == ("2026-09-19", "2026-09-19")


def test_one_rule_says_which_contracts_run(company):
    """What the account's row, the money under contract and the question to the customer hold for in force."""
    ledger, traits = told(company, CONTRACTS)
    contracts = ledger.contracts()
    book = pd.DataFrame({"account_id": traits.index, "account_name": traits.index, "revenue": 10.0, "exposure": 5.0})
    running = set(traits.index[traits["ends_on"].notna()])
    bound = contracted(book, contracts.assign(annual_value=1.0), ledger.as_of).accounts
    last = under_contract(contracts, book["account_id"], ledger.as_of)
    asked = open_questions(book, ledger.traits(), contracts=contracts, as_of=ledger.as_of)
    asked = set(asked.loc[asked["question"] == "contract", "account_id"])
    assert running == set("ABCDEG")
    assert set(bound.loc[bound["contracts"] > 0, "account_id"]) == running
    assert set(traits.index) - asked == running
    assert set(last.loc[last["ends_on"].notna(), "account_id"]) == running


def test_without_a_column_of_notice_the_ends_stand(company):
    _, found = told(company, "account_id,ends_on\nB,2026-10-31\n")
    assert days(found.loc["B"]) == ("2026-10-31", "2026-10-31")


@pytest.mark.parametrize(("level", "ids"), [(None, ["A", "A"]), ("legal_entity", ["A1", "A"])])
def test_every_contract_is_told_at_the_level_asked_for(company, level, ids):
    ledger, _ = told(company, CONTRACTS)
    found = ledger.contracts(level)
    assert len(found) == 10
    assert found["account_id"].tolist()[:2] == ids
    assert found["starts_on"].isna().all()
    assert [days([each])[0] for each in found["notice_by"][6:8]] == ["", "2026-08-18"]


def test_without_contracts_there_are_no_rows(company):
    ledger = open_ledger(company('[tables.transactions]\nfile = "transactions.csv"\n', **FILES))
    assert ledger.contracts().empty
    assert {"account_id", "ends_on", "notice_by", "starts_on"} <= set(ledger.contracts())


def test_contracts_of_excluded_accounts_are_left_out(company):
    excluded = SETTINGS + '[exclude]\naccounts = ["A"]\n'
    found = open_ledger(company(excluded, **FILES, contracts__csv=CONTRACTS)).contracts()
    assert set(found["account_id"]) == {"B", "C", "D", "E", "F", "G"}
