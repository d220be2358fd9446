"""Parents from the master and those that the company confirmed, against groups made by hand."""

import pandas as pd
import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.frames.master import roots

TRANSACTIONS = '[tables.transactions]\nfile = "t.csv"\n'
ACCOUNTS = '[tables.accounts]\nfile = "a.csv"\n'
PARENTS = '[tables.parents]\nfile = "p.csv"\n'
ROWS = "account_id,date,revenue\n" + "".join(f"{each},2025-01-01,{amount}\n" for each, amount in zip("ABCDE", (1, 2, 4, 8, 16), strict=True))  # fmt: skip


def sums(path):
    frame = open_ledger(path).by_account()
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


def test_a_table_of_parents_needs_no_master(company):
    confirmed = (
        "account_id,parent_id,reason,confirmed\nB,A,same name,yes\nC,B,same name,x\nD,A,same name,\nE,A,same name,no\n"
    )
    ledger = open_ledger(company(TRANSACTIONS + PARENTS, t__csv=ROWS, p__csv=confirmed))
    frame = ledger.by_account()
    assert dict(zip(frame["account_id"], frame["revenue"], strict=True)) == {"A": 7.0, "D": 8.0, "E": 16.0}
    assert ledger.master.grouped
    assert not ledger.warnings


def test_without_a_single_yes_nothing_is_applied(company):
    confirmed = "account_id,parent_id,confirmed\nB,A,\nC,A,no\n"
    path = company(TRANSACTIONS + PARENTS, t__csv=ROWS, p__csv=confirmed)
    assert sums(path) == {"A": 1.0, "B": 2.0, "C": 4.0, "D": 8.0, "E": 16.0}


def test_the_masters_own_parent_wins_and_the_contradiction_is_said(company):
    master = "account_id,parent_id\nA,\nB,A\nC,\n"
    confirmed = "account_id,parent_id,confirmed\nB,D,yes\nC,A,yes\nC,D,yes\nZ,D,yes\nE,D,yes\n"
    ledger = open_ledger(company(TRANSACTIONS + ACCOUNTS + PARENTS, t__csv=ROWS, a__csv=master, p__csv=confirmed))
    assert ledger.master.roots.to_dict() == {"B": "A", "C": "A", "Z": "D", "E": "D"}
    [said] = [each for each in ledger.warnings if "another parent" in each.rule]
    assert (said.rows, said.examples, said.table) == (2, ("B", "C"), "p.csv")


def test_the_same_parent_twice_is_no_contradiction(company):
    master = "account_id,parent_id\nA,\nB,A\n"
    confirmed = "account_id,parent_id,confirmed\nB,A,yes\nC,A,yes\nC,A,yes\nD,D,yes\n"
    ledger = open_ledger(company(TRANSACTIONS + ACCOUNTS + PARENTS, t__csv=ROWS, a__csv=master, p__csv=confirmed))
    assert not any("another parent" in each.rule for each in ledger.warnings)
    assert ledger.master.roots.to_dict() == {"B": "A", "C": "A"}


def test_a_circle_through_a_confirmed_parent_is_an_error(company):
    master = "account_id,parent_id\nA,\nB,A\n"
    confirmed = "account_id,parent_id,confirmed\nA,B,yes\n"
    with pytest.raises(DataError, match=r"p\.csv.*circle in 2 rows"):
        open_ledger(company(TRANSACTIONS + ACCOUNTS + PARENTS, t__csv=ROWS, a__csv=master, p__csv=confirmed))


def test_a_word_that_is_neither_yes_nor_no_is_an_error(company):
    confirmed = "account_id,parent_id,confirmed\nB,A,perhaps\nC,A,yes\n"
    with pytest.raises(DataError, match=r"confirmed: expected yes or no, got something else in 1 row \(perhaps\)"):
        open_ledger(company(TRANSACTIONS + PARENTS, t__csv=ROWS, p__csv=confirmed))


def test_vat_numbers_and_addresses_are_read_as_text(company):
    master = "account_id,vat_number,email\nA,0123,info@alder.example\nB,,\n"
    table = open_ledger(company(TRANSACTIONS + ACCOUNTS, t__csv=ROWS, a__csv=master)).table("accounts")
    assert table.loc[0, ["vat_number", "email"]].tolist() == ["0123", "info@alder.example"]


def climbed(parents):
    """Each account's top by walking up one by one; None where the walk comes back."""
    found = {}
    for account in parents:
        at, seen = account, set()
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        found[account] = None if at in parents else at
    return found


@pytest.mark.parametrize("seed", range(20))
def test_tops_equal_those_found_by_walking_up(seed):
    chance = pd.Series(range(40)).sample(frac=1, random_state=seed).tolist()
    parents = {f"n{i}": f"n{(i * 7 + chance[i % 40]) % 60}" for i in range(0, 60, 2)}
    parents = {account: parent for account, parent in parents.items() if account != parent}
    top, caught = roots(pd.Series(parents, dtype="str"))
    expected = climbed(parents)
    assert set(caught) == {account for account, found in expected.items() if found is None}
    known = {account: found for account, found in expected.items() if found is not None}
    assert {account: top[account] for account in known} == known


def test_a_chain_as_long_as_the_table():
    n = 5_000
    top, caught = roots(pd.Series([f"n{i + 1}" for i in range(n)], index=[f"n{i}" for i in range(n)], dtype="str"))
    assert not caught
    assert set(top) == {f"n{n}"}
