"""Rows of small tables under the accounts that figures are told for, as known on the as-of date."""

import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger

TRANSACTIONS = "account_id,date,revenue\nA1,2025-05-01,100\nB,2025-05-01,50\nOWN,2025-05-01,9\n"
ACCOUNTS = "account_id,account_name,parent_id\nA,Alder,\nA1,Alder West,A\nB,Birch,\nOWN,Ourselves,\nOWN2,Ours too,OWN\n"
INTERACTIONS = "account_id,date,staff_id\nA1,2025-05-01,M1\nB,2025-12-31,M1\nB,2026-01-01,M1\nOWN2,2025-05-01,M1\nNEW,2025-05-01,M1\n"  # fmt: skip
OPPORTUNITIES = "amount,account_id,created\n5,A1,2025-05-01\n6,,2025-05-01\n7,B,2026-02-01\n"
FILES = {
    "transactions__csv": TRANSACTIONS, "accounts__csv": ACCOUNTS, "interactions__csv": INTERACTIONS,
    "opportunities__csv": OPPORTUNITIES,
}  # fmt: skip
SETTINGS = 'as_of = 2025-12-31\n[exclude]\naccounts = ["OWN"]\n' + "".join(
    f'[tables.{name.removesuffix("__csv")}]\nfile = "{name.removesuffix("__csv")}.csv"\n' for name in FILES
)


def test_rows_stand_under_the_account_on_top_without_excluded_and_later_ones(company):
    ledger = open_ledger(company(SETTINGS, **FILES))
    assert ledger.records("interactions")["account_id"].tolist() == ["A", "B", "NEW"]
    deals = ledger.records("opportunities")
    assert deals["amount"].tolist() == [5, 6]
    assert deals["account_id"].isna().tolist() == [False, True]
    assert len(ledger.table("interactions")) == 5


def test_companies_stand_for_themselves_where_figures_are_of_legal_entities(company):
    ledger = open_ledger(company("parents = false\n" + SETTINGS, **FILES))
    assert ledger.records("interactions")["account_id"].tolist() == ["A1", "B", "NEW"]


def test_a_table_that_is_not_there_is_empty(company):
    ledger = open_ledger(company(SETTINGS, **FILES))
    assert ledger.records("contacts").empty


def test_nobody_is_his_own_superior(company):
    managers = "manager_id,superior_id\nM1,E1\nE1,E1\nE2,\n"
    ledger = open_ledger(
        company(SETTINGS + '[tables.managers]\nfile = "managers.csv"\n', managers__csv=managers, **FILES)
    )
    assert ledger.table("managers")["superior_id"].isna().tolist() == [False, True, True]
    [said] = [str(each) for each in ledger.warnings if "superior" in str(each)]
    assert "managers.csv" in said
    assert "is the manager's own superior" in said
    assert "E1" in said
    assert "leave it empty" in said


def test_contacts_of_unknown_accounts_are_told_when_the_table_is_read(company):
    contacts = "contact_id,account_id,strength\n1,A1,2\n2,GONE,2\n"
    ledger = open_ledger(
        company(SETTINGS + '[tables.contacts]\nfile = "contacts.csv"\n', contacts__csv=contacts, **FILES)
    )
    assert not any("GONE" in str(each) for each in ledger.warnings)
    assert ledger.records("contacts")["account_id"].tolist() == ["A", "GONE"]
    [said] = [str(each) for each in ledger.warnings if "GONE" in str(each)]
    assert "contacts.csv, column account_id: not in the table accounts" in said


def test_negative_hours_are_refused(company):
    managers = "manager_id,hours_per_month\nM1,-5\n"
    ledger = open_ledger(
        company(SETTINGS + '[tables.managers]\nfile = "managers.csv"\n', managers__csv=managers, **FILES)
    )
    with pytest.raises(DataError, match="hours_per_month: expected at least 0, got -5"):
        ledger.table("managers")
