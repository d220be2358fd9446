"""Habits computed in the engine, against pandas over the sample's files and against a company by hand."""

from itertools import pairwise
from math import prod
from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine.sources import Connection

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
ACCOUNTS = "account_id,account_name,parent_id\nA1,Alder West,A\nA2,Alder East,A1\nA,Alder,\nOWN,Ourselves,\nOWN2,Ours too,OWN\n"
HEADER = "account_id,date,revenue,product,product_line,order_id,currency\n"
ROWS = """\
A1,2024-01-10,100,P1,Pumps,1,EUR
 A1,2025-01-10,10.005,P1,Pumps,2,EUR
A1,2025-01-10,20,P2,Pumps,2,EUR
A1,2025-01-12,-5,P3,Seals,3,EUR
A2,2025-01-30,8,P1,Pumps,2,PLN
A2,2025-03-01,8,P4,Valves,4.0,PLN
A2,2025-03-01,1.005,P4,Valves, 4 ,EUR
A2,2025-03-02,0,P5,Seals,9,EUR
A2,2025-06-01,500,FREIGHT,Freight,5,EUR
A1,2025-07-01,1,,,,EUR
A1,2025-07-01,1,,,nan,EUR
A1,2025-08-01,1,,,,EUR
A1,2026-01-01,77,P9,Other,99,EUR
OLD,2023-05-01,50,P1,Pumps,0,EUR
OLD,2023-05-31,50,P1,Pumps,0,EUR
RETURN,2025-02-01,-3,P1,Pumps,7,EUR
ONCE,2025-12-31,3.333,P1,Pumps,8,EUR
OWN,2025-02-01,999,P1,Pumps,10,EUR
OWN2,2025-02-01,999,P1,Pumps,11,EUR
,2025-02-01,12,P1,Pumps,12,EUR
F,2025-02-01,12,FREIGHT,Freight,13,EUR
"""


@pytest.fixture
def hand_made(company):
    return open_ledger(company(SETTINGS, t__csv=HEADER + ROWS, a__csv=ACCOUNTS))


@pytest.fixture(scope="module")
def sample():
    return open_ledger()


def of_sample(ledger, level):
    """Kept rows of the sample's files by pandas alone, in euros, `account` being the one at the level."""
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype=str, parse_dates=["date"])
    master = pd.read_csv(SAMPLE / "accounts.csv", dtype=str).set_index("account_id")
    rows["revenue"] = rows["revenue"].astype(float) * rows["currency"].map({"EUR": 1.0, "PLN": 0.235})
    rows["account"] = rows["account_id"].map(master["parent_id"]).fillna(rows["account_id"])
    rows = rows[rows["account_id"].notna() & ~rows["account_id"].isin(["0090001", "0099999"])]
    rows = rows[rows["date"] <= pd.Timestamp(ledger.as_of)]
    return rows if level == "parent" else rows.assign(account=rows["account_id"])


def by_pandas(rows, period, as_of):
    """An account's habits straight from the definitions, one account after the other."""
    found = []
    for account, group in rows.groupby("account"):
        days = sorted(set(group.loc[group["revenue"] > 0, "date"]))
        gaps = [(after - before).days for before, after in pairwise(days)]
        inside = group[group["date"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]
        bought = inside[inside["revenue"] > 0]
        found.append(
            {
                "account_id": account,
                "first_day": days[0] if days else pd.NaT,
                "last_day": days[-1] if days else pd.NaT,
                "purchase_days": len(days),
                "mean_gap": sum(gaps) / len(gaps) if gaps else None,
                "typical_gap": prod(gaps) ** (1 / len(gaps)) if gaps else None,
                "longest_gap": max(gaps, default=None),
                "silence": (pd.Timestamp(as_of) - days[-1]).days if days else None,
                "orders": len(set(bought["order_id"])),
                "lines": len(inside),
                "sold": bought["revenue"].sum(),
                "credited": inside.loc[inside["revenue"] < 0, "revenue"].sum(),
                "products": bought["product"].nunique(),
                "product_lines": bought["product_line"].nunique(),
            }
        )
    return pd.DataFrame(found)


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
@pytest.mark.parametrize("period", ["last_12_months", "2025-03-01/2025-03-31"])
def test_the_samples_habits_equal_those_of_pandas_over_its_files(sample, level, period):
    window = sample.period_of(period)
    found = sample.habits(window, level)
    expected = by_pandas(of_sample(sample, level), window, sample.as_of)
    assert found["account_id"].tolist() == sorted(expected["account_id"])
    assert found["account_name"].tolist() == sample.master.named(found["account_id"]).tolist()
    assert found["account_id"].dtype == "str"
    # Each legal entity's money is rounded once: a cent at most per company.
    pd.testing.assert_frame_equal(found.drop(columns="account_name"), expected, check_dtype=False, rtol=0, atol=0.02)


def test_by_hand(hand_made):
    found = hand_made.habits().set_index("account_id")
    assert found.index.tolist() == ["A", "OLD", "ONCE", "RETURN"]
    a, old, once, back = (found.loc[each] for each in ("A", "OLD", "ONCE", "RETURN"))
    # Days of A, A1 and A2: 10 Jan 2024, 10 and 30 Jan, 1 Mar, 1 Jul, 1 Aug 2025; freight, 0 and -5 are no purchases.
    assert (a["first_day"], a["last_day"]) == (pd.Timestamp("2024-01-10"), pd.Timestamp("2025-08-01"))
    assert (a["purchase_days"], a["longest_gap"], a["silence"]) == (6, 366.0, 152.0)
    assert a["mean_gap"] == pytest.approx(569 / 5)
    # Orders 2 (of both companies) and 4, and two days without a number; rows of 2025 but freight: 10.
    assert (a["orders"], a["lines"]) == (4, 10)
    # A1: 10.005 + 20 + 3 = 33.005 is 33.01; A2: 16 zlotys are 8, and 1.005: 9.01. P1, P2, P4 of Pumps and Valves.
    assert (a["sold"], a["credited"], a["products"], a["product_lines"]) == (42.02, -5.0, 3, 2)
    # Gaps 366, 20, 30, 122 and 31 days: the fifth root of their product.
    assert a["typical_gap"] == pytest.approx((366 * 20 * 30 * 122 * 31) ** 0.2)
    assert (old["purchase_days"], old["mean_gap"], old["silence"]) == (2, 30.0, 945.0)
    assert old[["orders", "lines", "sold", "credited", "products"]].tolist() == [0, 0, 0.0, 0.0, 0]
    assert (once["purchase_days"], once["silence"], once["sold"], once["orders"]) == (1, 0.0, 3.33, 1)
    assert once[["mean_gap", "typical_gap", "longest_gap"]].isna().all()
    # Only a return: no purchase day, hence no silence.
    assert (back["purchase_days"], back["orders"], back["lines"], back["credited"]) == (0, 0, 1, -3.0)
    assert back[["first_day", "last_day", "mean_gap", "longest_gap", "silence"]].isna().all()


def test_legal_entities_by_hand(hand_made):
    found = hand_made.habits(level="legal_entity").set_index("account_id")
    assert found.index.tolist() == ["A1", "A2", "OLD", "ONCE", "RETURN"]
    assert found["account_name"].tolist()[:3] == ["Alder West", "Alder East", "OLD"]
    assert found.loc[["A1", "A2"], "orders"].tolist() == [3, 2]
    assert found.loc[["A1", "A2"], "sold"].tolist() == [33.01, 9.01]


def test_an_earlier_as_of_date_knows_nothing_later(company):
    path = company(SETTINGS.replace('period = "2025"\n', ""), t__csv=HEADER + ROWS, a__csv=ACCOUNTS)
    found = open_ledger(path, as_of="2025-03-31").habits(level="legal_entity").set_index("account_id")
    assert found.index.tolist() == ["A1", "A2", "OLD", "RETURN"]
    assert found["silence"].tolist()[:2] == [80.0, 30.0]


def test_what_the_data_does_not_tell_is_not_there(company):
    rows = "account_id,date,revenue\n1,2025-01-01,5\n1,2025-01-01,5\n1,2025-01-03,5\n1,2025-01-04,-5\n"
    found = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=rows)).habits()
    assert not {"products", "product_lines"} & set(found)
    # Without order numbers each day of purchases is an order.
    assert found[["orders", "lines"]].to_numpy().tolist() == [[2, 4]]


def test_a_period_without_rows_gives_zeros(sample):
    found = sample.habits(sample.period_of("2001-01-01/2001-01-31"))
    assert len(found) == len(sample.habits())
    assert found[["orders", "lines", "sold", "credited", "products", "product_lines"]].to_numpy().sum() == 0
    assert found["silence"].equals(sample.habits()["silence"])


def test_kelso_orders_every_fourteen_months(sample):
    """From its file: deliveries until 18 December 2024, the last time fourteen months after the one before."""
    kelso = sample.habits().set_index("account_id").loc["0011700"]
    assert (kelso["purchase_days"], kelso["longest_gap"], kelso["silence"]) == (10, 419.0, 639.0)


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_many_rows_are_put_away_once_and_say_the_same(monkeypatch, level):
    def asked() -> list[pd.DataFrame]:
        ledger = open_ledger(SAMPLE / "kam.toml")
        earlier = ledger.at(ledger.as_of.replace(year=ledger.as_of.year - 1), "last_12_months")
        return [f for each in (ledger, earlier) for f in (each.habits(level=level), each.month_statistics(level=level))]

    few, read = asked(), []
    monkeypatch.setattr("kam_analysis.ledger.engine.sums.MANY_ROWS", 0)
    put_away = Connection.put_away
    monkeypatch.setattr(
        Connection, "put_away", lambda self, parts, name: [read.append(name), put_away(self, parts, name)][1]
    )
    for one, other in zip(few, asked(), strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    # The days of purchase, once for both days on which the company is looked at.
    assert [name.split("_")[0] for name in read] == ["ids", "accounts", "days", "bought", "months"]


def test_who_needs_no_orders_is_told_all_else():
    ledger = open_ledger(SAMPLE / "kam.toml")
    pd.testing.assert_frame_equal(ledger.habits(orders=False), ledger.habits().drop(columns="orders"))
