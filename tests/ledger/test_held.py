"""Who sold to whom and when: in the engine, against pandas over the sample's files and a company by hand."""

from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.errors import DataError
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
PLN = 0.5
"""
ACCOUNTS = "account_id,parent_id\nA1,A\nA2,A\nOWN,\n"
ROWS = """\
account_id,date,revenue,product,currency,account_manager_id
A1,2024-01-10,100,P,EUR,7
A1,2025-01-10,10.005,P,EUR, 7
 A1,2025-02-10,20,P,EUR,7.0
A1,2025-06-10,-5,P,EUR,7
A1,2025-03-01,30,P,EUR,8
A2,2025-01-05,8,P,PLN,7
A2,2025-01-06,1.005,P,EUR,7
A2,2025-07-01,500,FREIGHT,EUR,7
A2,2025-08-01,3,P,EUR,
A2,2025-08-01,3,P,EUR,nan
BACK,2025-02-01,-3,P,EUR,M
BACK,2025-02-02,0,P,EUR,M
OWN,2025-02-01,999,P,EUR,7
,2025-02-01,12,P,EUR,7
LATE,2026-01-01,77,P,EUR,7
"""


@pytest.fixture
def hand_made(company):
    return open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS))


@pytest.fixture(scope="module")
def sample():
    return open_ledger()


def rows_of(frame):
    return [[str(value.date()) if isinstance(value, pd.Timestamp) else value for value in row] for row in frame.to_numpy(object)]  # fmt: skip


def test_by_hand(hand_made):
    found = hand_made.held_by()
    # A credit note ends nobody's time, but is counted in the money: 130.005 - 5 rounded, and 4 + 1.005.
    assert rows_of(found[found["account_id"] == "A"]) == [
        ["A", "7", "2024-01-10", "2025-02-10", 6, 125.01 + 5.01],
        ["A", "8", "2025-03-01", "2025-03-01", 1, 30.0],
    ]
    only = found[found["account_id"] == "BACK"].iloc[0]
    assert (only["rows"], only["revenue"]) == (2, -3.0)
    assert only[["first_day", "last_day"]].isna().all()
    assert found["account_id"].tolist() == ["A", "A", "BACK"]


def test_legal_entities_and_a_period(hand_made):
    found = hand_made.held_by(hand_made.period_of("2025-01-01/2025-01-31"), "legal_entity")
    assert rows_of(found) == [
        ["A1", "7", "2025-01-10", "2025-01-10", 1, 10.01],
        ["A2", "7", "2025-01-05", "2025-01-06", 2, 5.01],
    ]


def test_nothing_after_the_as_of_date_and_no_rows_at_all(hand_made):
    later = hand_made.period_of("2025-12-01/2026-03-31")
    found = hand_made.held_by(later)
    assert found.empty
    assert found["account_id"].dtype == "str"
    assert found["first_day"].dtype == "datetime64[us]"


def test_without_the_column_it_is_said(company):
    rows = "account_id,date,revenue\nA,2025-01-01,5\n"
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=rows))
    with pytest.raises(DataError, match="transactions: no account_manager_id, so nothing says who sold"):
        ledger.held_by()


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_the_sample_equals_pandas_over_its_files(sample, level):
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype=str, parse_dates=["date"])
    master = pd.read_csv(SAMPLE / "accounts.csv", dtype=str).set_index("account_id")
    rows["revenue"] = rows["revenue"].astype(float) * rows["currency"].map({"EUR": 1.0, "PLN": 0.235})
    rows = rows[rows["account_id"].notna() & ~rows["account_id"].isin(["0090001", "0099999"])]
    rows = rows[(rows["date"] <= pd.Timestamp(sample.as_of)) & rows["account_manager_id"].notna()]
    if level == "parent":
        rows["account_id"] = rows["account_id"].map(master["parent_id"]).fillna(rows["account_id"])
    by = rows.groupby(["account_id", "account_manager_id"])
    sold = rows[rows["revenue"] > 0].groupby(["account_id", "account_manager_id"])["date"]
    expected = pd.DataFrame({"first_day": sold.min(), "last_day": sold.max(), "rows": by.size()})
    expected["revenue"] = by["revenue"].sum()
    found = sample.held_by(level=level)
    assert found.duplicated("account_id").any()
    pd.testing.assert_frame_equal(found, expected.reset_index(), check_dtype=False, rtol=0, atol=0.03)


def test_who_sold_most_lately_looks_after_an_account_where_no_master_says_so(company):
    """Ties go to the first id; who bought nothing lately stays with whoever sold last; the master's word counts more."""
    rows = """account_id,date,revenue,account_manager_id
A,2025-01-10,100,M2
A,2025-02-10,100,M1
A,2023-02-10,900,M3
B,2023-03-01,50,M3
B,2023-05-01,20,M1
C,2025-03-01,10,
"""
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=rows))
    held = ledger.traits().set_index("account_id")["account_manager_id"]
    assert (held["A"], held["B"], pd.isna(held["C"])) == ("M1", "M1", True)
    known = '[tables.transactions]\nfile = "t.csv"\n[tables.accounts]\nfile = "a.csv"\n'
    ledger = open_ledger(company(known, t__csv=rows, a__csv="account_id,account_manager_id\nA,M9\nB,\nC,\n"))
    held = ledger.traits().set_index("account_id")["account_manager_id"]
    assert (held["A"], pd.isna(held["B"])) == ("M9", True)
