"""Prices against those of other buyers, by a loop over the sample's files and by hand."""

import math
from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.ledger import open_ledger

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SETTINGS = """
currency = "EUR"
as_of = 2025-12-31
period = "2025"
[tables.transactions]
file = "t.csv"
[tables.accounts]
file = "a.csv"
[exclude]
accounts = ["OWN"]
products = ["FREIGHT"]
[rates]
PLN = 0.25
"""
ACCOUNTS = "account_id,parent_id\nA1,A\nA2,A\n"
# P: A1 and A2 pay 12 and 8 for one each, B 30 for 3, C 40 zlotys for 2. Q has two buyers, R a third one that returns.
ROWS = """\
account_id,date,revenue,quantity,product,currency
A1,2025-01-01,12,1,P,EUR
 A2,2025-01-01,8,1,P,EUR
B,2025-02-01,10,1,P,EUR
B,2025-03-01,20,2,P ,EUR
C,2025-03-01,40,2,P,PLN
C,2024-12-31,4000,1,P,EUR
C,2026-01-01,4000,1,P,EUR
OWN,2025-03-01,4000,1,P,EUR
,2025-03-01,4000,1,P,EUR
B,2025-04-01,-30,-3,P,EUR
B,2025-04-01,0,5,P,EUR
B,2025-04-01,60,0,P,EUR
A1,2025-04-01,100,1,Q,EUR
B,2025-04-01,100,1,Q,EUR
A1,2025-04-01,5,1,R,EUR
B,2025-04-01,5,1,R,EUR
C,2025-04-01,-5,1,R,EUR
D,2025-04-01,7,1,,EUR
C,2025-04-01,10,,P,EUR
B,2025-04-01,9,1,FREIGHT,EUR
"""


@pytest.fixture
def hand_made(company):
    return open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS))


@pytest.fixture(scope="module")
def sample():
    return open_ledger()


def test_customers_by_hand(hand_made):
    found = hand_made.prices().set_index("account_id")
    assert found.index.tolist() == ["A", "B", "C", "D"]
    # P at others: A (30 + 10) / 5 = 8 for each of 2; B (20 + 10) / 4 = 7.50 for 3; C (20 + 30) / 5 = 10 for 2.
    assert found["paid"].tolist() == [20.0, 30.0, 10.0, 0.0]
    assert found["at_others"].tolist() == [16.0, 22.5, 20.0, 0.0]
    assert found["price_index"].tolist()[:3] == pytest.approx([1.25, 4 / 3, 0.5])
    assert math.isnan(found.loc["D", "price_index"])
    # Bought: A 20 + 100 + 5, B 30 + 60 + 100 + 5, C 10 + 10, D 7.
    assert found["compared"].tolist() == pytest.approx([20 / 125, 30 / 195, 0.5, 0.0])


def test_companies_of_one_customer_are_others_to_each_other(hand_made):
    found = hand_made.prices(level="legal_entity").set_index("account_id")
    # A1: (8 + 30 + 10) / 6 for one. Q has two buyers still, R too.
    assert found.loc["A1", ["paid", "at_others"]].tolist() == [12.0, 8.0]
    assert found.loc["B", "at_others"] == 22.5


def test_other_buyers_are_two_at_least(company):
    rows = "account_id,date,revenue,quantity,product\n" + "".join(f"{each},2025-01-01,5,1,P\n" for each in "AB")
    settings = '[tables.transactions]\nfile = "t.csv"\n'
    assert open_ledger(company(settings, t__csv=rows)).prices()["compared"].tolist() == [0.0, 0.0]
    found = open_ledger(company(settings, t__csv=rows + "C,2025-01-01,10.005,1,P\n")).prices()
    assert found["compared"].tolist() == [1.0, 1.0, 1.0]
    assert found["paid"].tolist() == [5.0, 5.0, 10.01]
    assert found["price_index"].iloc[2] == pytest.approx(2.001)


def test_without_product_or_quantity_there_are_none(company):
    settings = '[tables.transactions]\nfile = "t.csv"\n'
    ledger = open_ledger(company(settings, t__csv="account_id,date,revenue,product\nA,2025-01-01,5,P\n"))
    assert not ledger.has_prices
    found = ledger.prices()
    assert (list(found.columns), len(found)) == (["account_id", "paid", "at_others", "price_index", "compared"], 0)
    assert found["paid"].dtype.kind == "f"


def test_a_period_without_rows_is_an_empty_frame(sample):
    found = sample.prices(sample.period_of("2001-01-01/2001-01-31"))
    assert found.empty
    assert found["account_id"].dtype == "str"


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_the_samples_prices_equal_a_loop_over_its_files(sample, level):
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype={"account_id": str})
    master = pd.read_csv(SAMPLE / "accounts.csv", dtype=str).set_index("account_id")
    rows["revenue"] *= rows["currency"].map({"EUR": 1.0, "PLN": 0.235})
    rows = rows[(rows["date"] > "2025-09-18") & (rows["date"] <= "2026-09-18") & (rows["revenue"] > 0)]
    rows = rows[rows["account_id"].notna() & ~rows["account_id"].isin(["0090001", "0099999"])]
    top = rows["account_id"].map(master["parent_id"]).fillna(rows["account_id"])
    rows["account"] = top if level == "parent" else rows["account_id"]
    expected = []
    priced = rows[rows["quantity"] > 0]
    by_product = dict(iter(priced.groupby("product")))
    for account, mine in rows.groupby("account"):
        paid = others = 0.0
        for product, bought in mine[mine["quantity"] > 0].groupby("product"):
            rest = by_product[product][by_product[product]["account"] != account]
            if rest["account"].nunique() >= 2:
                paid += bought["revenue"].sum()
                others += bought["quantity"].sum() * rest["revenue"].sum() / rest["quantity"].sum()
        index = paid / others if others else math.nan
        expected.append((account, paid, others, index, paid / mine["revenue"].sum()))
    found = sample.prices(level=level)
    expected = pd.DataFrame(expected, columns=found.columns)
    assert len(expected) > 250
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9, atol=0.006)
    # The index is of exact amounts.
    pd.testing.assert_series_equal(found["price_index"], expected["price_index"], rtol=1e-9)
