"""What accounts bought of articles in two years: by hand, by a loop over the sample's files, and on real sets."""

from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.price_volume_mix import EFFECTS
from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.frames import items

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SETS = Path(__file__).parents[1] / "real_data"
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
# P was in another line a year before; B's bonus has no quantity; C returned all that it had bought.
ROWS = """\
account_id,date,revenue,quantity,product,product_line,currency
A1,2024-01-01,10,1,P,Old pumps,EUR
A2,2024-12-31,40,2,P,Old pumps,PLN
A1,2025-01-01,36,3,P,Pumps,EUR
B,2025-02-01,20,2,P ,Pumps,EUR
B,2025-03-01,-1.5,,P,Pumps,EUR
B,2025-03-01,7,1,,Pumps,EUR
C,2025-03-01,5,1,P,Pumps,EUR
C,2025-04-01,-5,-1,P,Pumps,EUR
OWN,2025-03-01,4000,1,P,Pumps,EUR
,2025-03-01,4000,1,P,Pumps,EUR
B,2025-04-01,9,1,FREIGHT,Freight,EUR
A1,2023-12-31,4000,1,P,Pumps,EUR
A1,2026-01-01,4000,1,P,Pumps,EUR
"""


@pytest.fixture
def hand_made(company):
    return open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS))


def test_by_hand(hand_made):
    found = hand_made.by_account_item()
    assert list(found)[:3] == ["account_id", "product", "product_line"]
    assert found.drop(columns="product_line").fillna("-").values.tolist() == [
        # Two companies of one customer, one of them in zlotys: 10 + 40 / 4.
        ["A", "P", 20.0, 36.0, 3.0, 3.0, 0.0, 0.0],
        ["B", "P", 0.0, 18.5, 0.0, 2.0, 0.0, -1.5],
        ["B", "-", 0.0, 7.0, 0.0, 1.0, 0.0, 0.0],
    ]  # fmt: skip
    # An article has one line in both years.
    assert found["product_line"].tolist() == ["Pumps", "Pumps", "Pumps"]
    assert hand_made.by_account_item(level="legal_entity")["account_id"].tolist() == ["A1", "A2", "B", "B"]


def test_two_spans_may_be_named_and_may_overlap(hand_made):
    whole, half = hand_made.period_of("2024-01-01/2025-12-31"), hand_made.period_of("2025-02-01/2025-12-31")
    found = hand_made.by_account_item(half, whole).iloc[0]
    assert (found["account_id"], found["revenue_before"], found["quantity_before"]) == ("A", 56.0, 6.0)
    assert found["revenue"] == 0.0


def test_lines_stand_in_where_there_are_no_products_or_too_many_pairs(hand_made, company, monkeypatch):
    monkeypatch.setattr(items, "MOST_PAIRS", 4)
    found = hand_made.by_account_item()
    assert list(found)[:2] == ["account_id", "product_line"]
    assert found["product_line"].tolist() == ["Old pumps", "Pumps", "Pumps"]
    monkeypatch.setattr(items, "MOST_PAIRS", 3)
    assert hand_made.by_account_item().empty
    monkeypatch.undo()
    without = company(SETTINGS, t__csv=ROWS.replace(",product,", ",article,"), a__csv=ACCOUNTS)
    assert list(open_ledger(without).by_account_item())[:2] == ["account_id", "product_line"]


def test_without_quantities_there_are_none(company):
    settings = '[tables.transactions]\nfile = "t.csv"\n'
    ledger = open_ledger(
        company(settings, t__csv="account_id,date,revenue,product\nA,2025-01-01,5,P\nA,2023-01-01,5,P\n")
    )
    assert not ledger.has_items
    found = ledger.by_account_item()
    assert found.empty
    assert {"account_id", "product", "revenue", "quantity_before"} <= set(found)


def test_without_a_year_before_it_says_so(company):
    settings = '[tables.transactions]\nfile = "t.csv"\n'
    ledger = open_ledger(company(settings, t__csv="account_id,date,revenue,product,quantity\nA,2025-01-01,5,P,1\n"))
    with pytest.raises(DataError, match="does not cover the year before"):
        ledger.by_account_item()


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_the_sample_equals_a_loop_over_its_files(level):
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype={"account_id": str})
    master = pd.read_csv(SAMPLE / "accounts.csv", dtype=str).set_index("account_id")
    rows["revenue"] *= rows["currency"].map({"EUR": 1.0, "PLN": 0.235})
    rows = rows[rows["account_id"].notna() & ~rows["account_id"].isin(["0090001", "0099999"])]
    top = rows["account_id"].map(master["parent_id"]).fillna(rows["account_id"])
    rows["account"] = top if level == "parent" else rows["account_id"]
    wanted = {}
    for row in rows.itertuples():
        tail = "" if "2025-09-18" < row.date <= "2026-09-18" else "_before"
        if "2024-09-18" < row.date <= "2026-09-18":
            sums = wanted.setdefault((row.account, row.product, row.product_line), {})
            for name in ("revenue", "quantity"):
                sums[name + tail] = sums.get(name + tail, 0.0) + getattr(row, name)
    found = open_ledger().by_account_item(level=level).set_index(["account_id", "product", "product_line"])
    expected = pd.DataFrame.from_dict(wanted, orient="index").fillna(0.0).sort_index()
    expected = expected[expected.round(2).ne(0).any(axis=1)]
    assert list(found.index) == list(expected.index)
    for name in expected:
        pd.testing.assert_series_equal(found[name], expected[name], atol=0.0051, rtol=0, check_index=False)


@pytest.mark.parametrize(
    ("name", "before", "now", "split"),
    [
        ("classicmodels", "2003-06-01/2004-05-31", "2004-06-01/2005-05-31", 0.2),
        ("online_retail", "2010-12-01/2011-06-09", "2011-06-10/2011-12-09", 0.5),
    ],
)
def test_a_real_sets_growth_equals_sums_over_its_own_rows(name, before, now, split, real_data):
    """Price alone by another route: each pair's money less its quantity at the earlier price, from the ledger's frames
    of one period each, which know nothing of the pairs."""
    ledger = open_ledger(SETS / f"{name}.toml")
    one, other = ledger.period_of(before), ledger.period_of(now)
    moved = c.bridge(ledger.by_account(other), ledger.by_account(one), "revenue")
    pairs = ledger.by_account_item(other, one)
    found = c.price_volume_mix(pairs, moved)
    assert found.split == pytest.approx(split, abs=0.05)
    cents = [round(getattr(found, each) * 100) for each in ("opening", *EFFECTS)]
    assert sum(cents) == round(moved.closing * 100)
    kept = moved.accounts[~moved.accounts["kind"].isin(["new", "lost"])]["account_id"]
    both = pairs[pairs["account_id"].isin(kept) & pairs["product"].notna()]
    both = both[(both[["revenue", "quantity", "revenue_before", "quantity_before"]] > 0).all(axis=1)]
    price = both["revenue"] - both["quantity"] * both["revenue_before"] / both["quantity_before"]
    assert found.price == pytest.approx(price.sum(), abs=0.01 * len(both))
    assert found.volume + found.mix == pytest.approx(
        (both["revenue"] - both["revenue_before"] - price).sum(), abs=0.01 * len(both)
    )
    # Nothing of a period is lost or counted twice on the way to the pairs.
    assert pairs["revenue"].sum() == pytest.approx(ledger.by_account(other)["revenue"].sum(), abs=0.5)
    assert pairs["revenue_before"].sum() == pytest.approx(ledger.by_account(one)["revenue"].sum(), abs=0.5)
