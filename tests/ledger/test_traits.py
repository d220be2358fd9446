"""Traits of accounts, against a walk over the sample's files one account at a time and against groups by hand."""

import math
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.ledger import open_ledger

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
TABLES = "".join(
    f'[tables.{name}]\nfile = "{name}.csv"\n' for name in ("transactions", "accounts", "contracts", "contacts", "sites")
)
SETTINGS = 'as_of = 2025-12-31\n[exclude]\naccounts = ["OWN"]\n' + TABLES
# The holding A buys nothing; A2 is its largest company of the last twelve months, though not of all time.
TRANSACTIONS = """\
account_id,date,revenue
A1,2023-05-01,9000
A1,2025-05-01,100
A2,2025-05-01,300
A3,2025-05-01,300
B,2025-05-01,50
 NEW,2025-05-01,10
OWN,2025-05-01,999
OWN2,2025-05-01,999
,2025-05-01,7
C1,2022-05-01,5
"""
ACCOUNTS = """\
account_id,account_name,parent_id,is_key,industry,country,latitude,longitude,account_manager_id,customer_since,left_on,left_reason,annual_spend,satisfaction,service_complexity,bond,barrier_relational,churn_probability
A,Alder,,,,,60,,,,,,,,,company,,
A1,Alder West,A,true,Water,GB,50,0,M1,2010-01-01,,,1000,9,2,,0.2,0.1
A2,Alder East,A1,false,,DE,10,20,M2,2012-01-01,2025-01-01,moved,,6,5,person,,0.3
A3,Alder South,A,,Paper,FR,30,,M3,2009-06-30,,,500.5,,1,,0.8,0.2
B,Birch,,false,,,,,,,2026-02-01,says it will,,,,,,
C1,Cedar One,C,,,,,,,,2024-01-01,closed,,,,,,
C2,Cedar Two,C,,,,,,,,2024-03-01,moved away,,,,,,
OWN,Ourselves,,true,,,1,1,,,,,,,,,,
OWN2,Ours too,OWN,,,,,,,,,,,,,,,
"""
CONTRACTS = """\
account_id,ends_on,starts_on,annual_value
A1,2026-06-30,2025-07-01,100
A2,2025-12-31,,20
A,2027-06-30,2026-01-02,4000
A2,2027-12-31,2026-01-01,7
A3,2025-12-30,,8000
B,2026-06-30,2025-01-01,
UNKNOWN,2026-06-30,2025-01-01,3
"""
CONTACTS = "contact_id,account_id,strength\n1,A1,2\n2,A2,4\n3,A3,1\n4,B,\n5,B,0\n6,UNKNOWN,4\n"
SITES = "site,latitude,longitude\nPole,90,0\nEquator,0,20\n"
FILES = {
    "transactions__csv": TRANSACTIONS,
    "accounts__csv": ACCOUNTS,
    "contracts__csv": CONTRACTS,
    "contacts__csv": CONTACTS,
    "sites__csv": SITES,
}


@pytest.fixture
def hand_made(company):
    return open_ledger(company(SETTINGS, **FILES))


@pytest.fixture(scope="module")
def sample():
    return open_ledger()


def test_a_group_by_hand(hand_made):
    found = hand_made.traits().set_index("account_id")
    assert found.index.tolist() == ["A", "B", "C", "NEW"]
    a = found.loc["A"]
    assert (a["account_name"], a["companies"], a["is_key"]) == ("Alder", 4, True)
    # Its own word first (bond), then that of A2, which sold as much as A3 and comes first by its id.
    assert (a["bond"], a["country"], a["account_manager_id"], a["churn_probability"]) == ("company", "DE", "M2", 0.3)
    # A2 says no industry: A3 does.
    assert a["industry"] == "Paper"
    assert (a["customer_since"], a["annual_spend"]) == (pd.Timestamp("2009-06-30"), 1500.5)
    assert (a["satisfaction"], a["service_complexity"], a["barrier_relational"]) == (7.5, 5.0, 0.5)
    # One of four companies left.
    assert a[["left_on", "left_reason"]].isna().all()
    # The place is A2's, ten degrees north of the site at the equator: a thirty-sixth of the way round.
    assert (a["latitude"], a["longitude"], a["nearest_site"]) == (10.0, 20.0, "Equator")
    assert a["distance_km"] == pytest.approx(2 * math.pi * 6371.0088 / 36, rel=1e-9)
    # A2's contract ends today and the next begins tomorrow; A's begins later and is not worth anything yet; A3's is over.
    assert (a["ends_on"], a["contract_value"], a["contacts"]) == (pd.Timestamp("2026-06-30"), 107.0, 2)


def test_the_others_by_hand(hand_made):
    found = hand_made.traits().set_index("account_id")
    b, c, new = (found.loc[each] for each in ("B", "C", "NEW"))
    # B leaves after the as-of date.
    assert (b["companies"], b["is_key"], b["contacts"], b["ends_on"]) == (1, False, 0, pd.Timestamp("2026-06-30"))
    assert b[["left_on", "left_reason", "contract_value", "distance_km", "nearest_site"]].isna().all()
    # C is a name above two companies, of which the larger one says why.
    assert (c["account_name"], c["companies"]) == ("C", 2)
    assert (c["left_on"], c["left_reason"]) == (pd.Timestamp("2024-03-01"), "closed")
    assert (new["account_name"], new["companies"], new["contacts"]) == ("NEW", 1, 0)
    assert new.drop(["account_name", "companies", "contacts"]).isna().all()


def test_legal_entities_by_hand(hand_made):
    found = hand_made.traits("legal_entity").set_index("account_id")
    assert found.index.tolist() == ["A", "A1", "A2", "A3", "B", "C1", "C2", "NEW"]
    assert found["companies"].tolist() == [1] * 8
    assert found.loc["A2", "left_on"] == pd.Timestamp("2025-01-01")
    assert found.loc[["A1", "A2"], "nearest_site"].tolist() == ["Pole", "Equator"]
    assert found.loc["A", ["latitude", "distance_km"]].isna().all()
    assert found.loc["A", "ends_on"] == pd.Timestamp("2027-06-30")


def test_an_earlier_as_of_date(company):
    found = open_ledger(company(SETTINGS, **FILES), as_of="2024-02-01").traits().set_index("account_id")
    assert found.loc["C", ["left_on", "left_reason"]].isna().all()
    # A1 alone sold in the twelve months to that day.
    assert found.loc["A", "country"] == "GB"


def test_what_no_table_has_is_not_there(company):
    alone = open_ledger(company('[tables.transactions]\nfile = "transactions.csv"\n', **FILES)).traits()
    assert list(alone.columns) == ["account_id", "account_name", "companies"]
    assert alone["account_id"].tolist() == ["A1", "A2", "A3", "B", "C1", "NEW", "OWN", "OWN2"]
    files = FILES | {"accounts__csv": "account_id,latitude\nB,5\n", "contacts__csv": "contact_id,account_id\n1,B\n"}
    files |= {"contracts__csv": "account_id,ends_on\nB,2026-01-01\n"}
    found = open_ledger(company(SETTINGS, **files)).traits()
    assert list(found.columns) == ["account_id", "account_name", "companies", "ends_on", "notice_by"]


def test_kinds_of_columns(sample):
    kinds = sample.traits().dtypes.astype(str).to_dict()
    assert (kinds["account_id"], kinds["is_key"], kinds["industry"]) == ("str", "boolean", "str")
    assert {kinds[name] for name in ("customer_since", "left_on", "ends_on", "notice_by")} == {"datetime64[us]"}
    assert {kinds[name] for name in ("companies", "contacts")} == {"int64"}


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_the_samples_traits_equal_a_walk_over_its_files(sample, level):
    master = pd.read_csv(SAMPLE / "accounts.csv", dtype={"account_id": str, "parent_id": str})
    contracts = pd.read_csv(SAMPLE / "contracts.csv", dtype={"account_id": str})
    contacts = pd.read_csv(SAMPLE / "contacts.csv", dtype={"account_id": str})
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype={"account_id": str}).query("'2025-09-19' <= date")
    rows["euro"] = rows["revenue"] * rows["currency"].map({"EUR": 1.0, "PLN": 0.235})
    bought = rows.groupby("account_id")["euro"].sum().round(2)
    master["top"] = master["parent_id"].fillna(master["account_id"]) if level == "parent" else master["account_id"]
    found = sample.traits(level).set_index("account_id")
    groups = master[~master["account_id"].isin(["0090001", "0099999"])].groupby("top")
    assert set(found.index[found["country"].notna()]) == set(groups.groups)
    for account, group in groups:
        row, ids = found.loc[account], group["account_id"]
        group = group.assign(own=ids != account, bought=-ids.map(bought).fillna(0)).sort_values(
            ["bought", "account_id"]
        )
        own = group.sort_values("own", kind="stable")
        assert row["companies"] == len(group)
        assert row["is_key"] == group["is_key"].any()
        for name in ("industry", "country", "account_manager_id", "competitor", "barrier_note", "churn_probability"):
            said = own[name].dropna()
            assert row[name] == said.iloc[0] if len(said) else pd.isna(row[name])
        assert row["latitude"] == group["latitude"].iloc[0]
        for name, rule in {"annual_spend": "sum", "satisfaction": "mean", "service_complexity": "max"}.items():
            expected = getattr(group[name].dropna(), rule)() if group[name].notna().any() else math.nan
            assert row[name] == pytest.approx(expected, nan_ok=True)
        theirs = contracts[contracts["account_id"].isin(ids) & (contracts["ends_on"] > "2026-09-18")]
        days = zip(theirs["ends_on"], theirs["notice_days"], strict=True)
        notice = sorted((str(date.fromisoformat(end) - timedelta(days=int(before))), end) for end, before in days)
        # Each has one contract that runs, and none of them is past its last day for notice.
        assert [(str(row["notice_by"])[:10], str(row["ends_on"])[:10])] == (notice or [("NaT", "NaT")])
        assert row["contacts"] == (contacts["account_id"].isin(ids) & (contacts["strength"] >= 2)).sum()


def test_distances_equal_the_law_of_cosines(sample):
    sites = pd.read_csv(SAMPLE / "sites.csv").set_index("site")
    placed = sample.traits().dropna(subset=["latitude"])
    assert len(placed) > 250
    for row in placed.itertuples():
        north, east = math.radians(row.latitude), math.radians(row.longitude)
        away = {}
        for site, there in sites.iterrows():
            to = math.radians(there["latitude"])
            angle = math.cos(math.radians(there["longitude"]) - east) * math.cos(north) * math.cos(to)
            away[site] = 6371.0088 * math.acos(min(1.0, angle + math.sin(north) * math.sin(to)))
        assert row.nearest_site == min(away, key=away.get)
        assert row.distance_km == pytest.approx(min(away.values()), rel=1e-6, abs=0.01)


def test_who_writes_into_traits_changes_nobody_elses(sample):
    untouched = sample.traits().copy(deep=True)
    mine = sample.traits()
    mine["industry"], mine["mine"] = "Water", 1
    mine.loc[0, "account_name"] = "Another"
    pd.testing.assert_frame_equal(sample.traits(), untouched)
