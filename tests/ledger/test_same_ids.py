"""One customer under ids that differ in how they are written: what is joined, what is asked, what is told with its money."""

import random
from itertools import combinations

import ibis
import pandas as pd
import pytest

from kam_analysis.errors import SettingsError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.checks.id_doubts import near_matches
from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.opening import check
from kam_analysis.ledger.settings.ids import LOOKED_PAST, looked_past, plain_id
from kam_analysis.ledger.settings.settings import TABLES, TableSource

SALES = '[tables.transactions]\nfile = "sales.csv"\n'
LISTED = SALES + '[tables.accounts]\nfile = "customers.csv"\n'
ROWS = "account_id,date,revenue\n18,2025-01-14,200\n18,2025-03-14,200\n486,2025-02-15,400\n312,2025-03-15,500\n"
CUSTOMERS = (
    "account_id,account_name,account_manager_id\n018,Dyson Stores,K15\n486,Hyper Centre,K15\n312,Detail Group,K114\n"
)


def sold(path):
    frame = open_ledger(path).by_account()
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


@pytest.mark.parametrize(
    "other",
    ["Acme\u00a0Ltd", "Ac\u200bme Ltd", "\ufeffAcme Ltd", "Acme Ltd\u200e", "Acme\u202fLtd", " Acme Ltd\t", "Ac\u00adme Ltd"],
)  # fmt: skip
def test_what_nobody_can_see_makes_no_other_customer(company, other):
    rows = f"account_id,date,revenue\nAcme Ltd,2025-01-14,200\n{other},2025-02-14,100\n"
    assert sold(company(SALES, sales__csv=rows)) == {"Acme Ltd": 300.0}


def test_a_letter_and_its_accent_are_one_sign(company):
    rows = "account_id,date,revenue\nMu\u0308ller,2025-01-14,200\nM\u00fcller,2025-02-14,100\n"
    assert sold(company(SALES, sales__csv=rows)) == {"M\u00fcller": 300.0}


def test_upper_and_lower_case_are_two_customers_and_told_with_their_money(company):
    rows = "account_id,date,revenue\nacme,2025-01-14,200\nACME,2025-02-14,100\nBolt,2025-02-14,7\n"
    path = company(SALES, sales__csv=rows)
    assert sold(path) == {"acme": 200.0, "ACME": 100.0, "Bolt": 7.0}
    found = next(each for each in check(path) if "upper and lower case" in each.rule)
    assert (found.rows, found.examples) == (2, ("ACME (100.00) and acme (200.00)",))
    assert 'normalise = ["case"]' in found.remedy
    assert sold(company(f'normalise = ["case"]\n{SALES}', sales__csv=rows)) == {"ACME": 300.0, "BOLT": 7.0}


def test_keys_that_nearly_match_are_told_from_both_sides_with_the_money(company):
    found = check(company(LISTED, sales__csv=ROWS, customers__csv=CUSTOMERS))
    assert [each.examples for each in found] == [("18 here, 018 there",)]
    assert (
        found[0].rule
        == "1 account with 400.00 (30.8% of sales) differs from the ids in customers.csv in leading zeros only"
    )
    assert 'normalise = ["leading_zeros"]' in found[0].remedy


def test_looked_past_the_zeros_both_sides_are_one(company):
    path = company(f'normalise = ["leading_zeros"]\n{LISTED}', sales__csv=ROWS, customers__csv=CUSTOMERS)
    assert check(path) == []
    ledger = open_ledger(path)
    held = ledger.by_account().merge(ledger.traits(), on="account_id").groupby("account_manager_id")["revenue"].sum()
    assert held.to_dict() == {"K15": 800.0, "K114": 500.0}
    assert ledger.by_account()["account_name"].tolist() == ["Detail Group", "Dyson Stores", "Hyper Centre"]


def test_an_excluded_id_is_looked_at_in_the_same_way(company):
    top = 'normalise = ["leading_zeros"]\n[exclude]\naccounts = ["0486"]\n'
    assert sold(company(top + LISTED, sales__csv=ROWS, customers__csv=CUSTOMERS)) == {"312": 500.0, "18": 400.0}


def test_what_is_nothing_to_look_past_is_refused_once(company):
    path = company(f'normalise = ["zeros"]\n{LISTED}', sales__csv=ROWS, customers__csv=CUSTOMERS)
    with pytest.raises(SettingsError, match='normalise: "zeros" is nothing to look past') as caught:
        open_ledger(path)
    assert len(caught.value.problems) == 1


def test_an_id_that_several_others_resemble_is_no_match():
    found = near_matches(pd.Series(["18", "AB", "c-1"]), pd.Series(["018", "0018", "ab", "c1"]))
    assert found.to_numpy().tolist() == [["AB", "ab", "case"], ["c-1", "c1", "punctuation"]]


def test_several_differences_at_once_are_a_match_too():
    assert near_matches(pd.Series(["ab-07"]), pd.Series(["0AB07"]))["rules"].tolist() == [", ".join(LOOKED_PAST)]


def test_the_engine_looks_past_the_same_as_python():
    chance = random.Random(5)
    ids = ["".join(chance.choices("aB0 -_./7\u00a0\u00fc\u200b", k=chance.randint(1, 6))) for _ in range(400)]
    table = ibis.duckdb.connect().create_table("ids", pd.DataFrame({"account_id": ids}))
    column = TABLES["transactions"]["account_id"]
    for rules in [rules for size in range(5) for rules in combinations(LOOKED_PAST, size)]:
        read = columns.looked_past(table.account_id, column, TableSource("transactions", normalise=rules))
        found = table.select(written=table.account_id, read=columns.normalised_id(read)).to_pandas()
        expected = [plain_id(looked_past(plain_id(each), rules)) or None for each in found["written"]]
        assert [None if pd.isna(each) else each for each in found["read"]] == expected, rules
