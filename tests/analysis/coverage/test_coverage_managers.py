"""What each manager looks after: sums by hand, the sample's from its CSV files, and classicmodels' from its own."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov
from kam_analysis.ledger import open_ledger

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "sample"
AS_OF = date(2026, 9, 18)


def book(*rows):
    """Accounts of (id, revenue, margin, manager, deputy) and what is known of them."""
    frame = pd.DataFrame(rows, columns=["account_id", "revenue", "margin", "account_manager_id", "deputy_id"])
    frame = frame.assign(account_name=frame["account_id"].str.upper())
    return (
        frame[["account_id", "account_name", "revenue", "margin"]],
        frame[["account_id", "account_manager_id", "deputy_id"]],
    )


SOLD, KNOWN = book(
    ("a", 60.0, 10.0, "M1", None),
    ("b", 30.0, 20.0, "M1", "M2"),
    ("c", 90.0, 9.0, "M2", "M2"),
    ("d", -5.0, 1.0, "M2", None),
    ("e", 20.0, -4.0, None, "M1"),
    ("f", -1.0, -1.0, "M3", "M1"),
)
STAFF = pd.DataFrame(
    {"manager_id": ["M1", "M2", "S1"], "manager_name": ["Ada", None, "Sue"], "level": ["manager", None, "superior"],
     "hours_per_month": [100, None, 40], "leaving_on": pd.to_datetime(["2026-12-31", None, None])}
)  # fmt: skip


def test_each_manager_by_hand():
    found = cov.manager_table(SOLD, KNOWN, STAFF).set_index("account_manager_id")
    # 90 each: by id. The one without sales comes last.
    assert found.index.tolist() == ["M1", "M2", "M3"]
    assert found["manager_name"].tolist() == ["Ada", "M2", "M3"]
    assert found["accounts"].tolist() == [2, 2, 1]
    assert found["revenue"].tolist() == [90, 90, 0]
    assert found["revenue_share"].tolist() == pytest.approx([90 / 200, 90 / 200, 0])
    assert found["margin"].tolist() == [30, 10, 0]
    assert found["margin_share"].tolist() == pytest.approx([30 / 40, 10 / 40, 0])
    assert found["effective_accounts"].tolist() == pytest.approx(
        [1 / ((2 / 3) ** 2 + (1 / 3) ** 2), 1, np.nan], nan_ok=True
    )
    assert found["largest_account_name"].tolist()[:2] == ["A", "C"]
    assert found["largest_share"].tolist() == pytest.approx([2 / 3, 1, np.nan], nan_ok=True)
    assert pd.isna(found.loc["M3", "largest_account_id"])
    # M2 stands in for himself at c: no deputy.
    assert found["without_deputy"].tolist() == [1, 2, 0]
    assert found["hours_per_month"].tolist() == pytest.approx([100, np.nan, np.nan], nan_ok=True)
    assert found.loc["M1", "leaving_on"] == pd.Timestamp(2026, 12, 31)
    assert found["leaving_on"].isna().sum() == 2
    assert found["hours_recorded"].isna().all()
    assert found["level"].isna().tolist() == [False, True, True]


def test_accounts_without_manager_and_without_deputy():
    assert cov.unheld(SOLD, KNOWN).to_dict("list") == {"account_id": ["e"], "account_name": ["E"], "revenue": [20.0]}
    assert cov.without_deputy(SOLD, KNOWN)["account_id"].tolist() == ["c", "a", "d"]
    # Equal amounts go by id, in whatever order they come.
    even = SOLD.assign(revenue=10.0).iloc[::-1]
    assert cov.without_deputy(even, KNOWN)["account_id"].tolist() == ["a", "c", "d"]
    assert cov.manager_table(even, KNOWN, None)["largest_account_id"].tolist() == ["a", "c", "f"]
    # An account that the master does not know has no manager; one that did not buy is not spoken of.
    assert cov.unheld(SOLD, KNOWN.tail(2))["account_id"].tolist() == ["c", "a", "b", "e", "d"]


def test_hours_are_his_own_of_twelve_months_at_his_accounts():
    talks = pd.DataFrame(
        [("a", "2025-09-18", "M1", 99.0), ("a", "2025-09-19", "M1", 6.0), ("zz", "2026-09-18", "M1", 30.0),
         ("b", "2026-09-19", "M1", 99.0), ("c", "2026-01-01", "M1", 99.0), ("a", "2026-01-01", "M2", 99.0),
         ("a", "2026-01-01", "M1", None), ("e", "2026-01-01", "M1", 99.0)],
        columns=["account_id", "date", "staff_id", "hours"],
    )  # fmt: skip
    talks["date"] = pd.to_datetime(talks["date"])
    # He looks after one that bought nothing, too: that takes hours.
    known = pd.concat([KNOWN, pd.DataFrame({"account_id": ["zz"], "account_manager_id": ["M1"]})])
    found = cov.manager_table(SOLD, known, STAFF, talks, AS_OF).set_index("account_manager_id")["hours_recorded"]
    assert found.to_dict() == {"M1": 3.0, "M2": 0.0, "M3": 0.0}
    # Nobody wrote hours down in these months: not known, rather than none.
    for none in (talks.head(1), talks.drop(columns="hours"), talks.head(0), talks.assign(hours=np.nan), None):
        assert cov.manager_table(SOLD, known, STAFF, none, AS_OF)["hours_recorded"].isna().all()
    with pytest.raises(ValueError, match="as_of: expected a day"):
        cov.manager_table(SOLD, known, STAFF, talks)
    with pytest.raises(ValueError, match=r"hours: expected 0 or more, got other in 2 \(c, e\)"):
        cov.manager_table(SOLD, known, STAFF, talks.assign(hours=[1, 1, 1, 1, -0.01, 1, 0, -0.01]), AS_OF)


def test_few_managers_beside_few_accounts():
    found = cov.on_few(SOLD, KNOWN)
    assert (found.accounts, found.managers) == (4, 2)
    assert found.effective_accounts == pytest.approx(200**2 / (60**2 + 30**2 + 90**2 + 20**2))
    assert found.effective_managers == pytest.approx(2)
    assert (found.largest_account_share, found.largest_manager_share, found.unheld_share) == (0.45, 0.45, 0.1)


def test_what_is_not_kept_is_not_told():
    bare = KNOWN[["account_id"]]
    assert cov.manager_table(SOLD, bare, None).empty
    assert list(cov.manager_table(SOLD, bare, None)) == list(cov.manager_table(SOLD, KNOWN, STAFF))
    assert cov.unheld(SOLD, bare).empty
    assert cov.without_deputy(SOLD, KNOWN.drop(columns="deputy_id")).empty
    few = cov.on_few(SOLD, bare)
    assert (few.managers, few.accounts) == (0, 4)
    assert np.isnan([few.effective_managers, few.largest_manager_share, few.unheld_share]).all()
    # Managers are named by the accounts, and no table of managers is there.
    for none in (None, STAFF[["manager_id"]].head(0)):
        found = cov.manager_table(SOLD.drop(columns="margin"), KNOWN.drop(columns="deputy_id"), none)
        assert found["manager_name"].tolist() == ["M1", "M2", "M3"]
        unknown = ["margin", "margin_share", "without_deputy", "hours_per_month", "level", "leaving_on"]
        assert found[unknown].isna().all(axis=None)
    nothing = cov.manager_table(SOLD.head(0), KNOWN, STAFF)
    assert nothing.empty
    assert np.isnan(cov.on_few(SOLD.head(0), KNOWN).effective_accounts)


def test_what_cannot_be_is_refused():
    for call in (lambda s, t: cov.manager_table(s, t, None), cov.unheld, cov.without_deputy, cov.on_few):
        with pytest.raises(ValueError, match=r"accounts: expected one row each, got other in 1 \(a\)"):
            call(pd.concat([SOLD, SOLD.head(1)]), KNOWN)
        with pytest.raises(ValueError, match=r"accounts: expected a revenue each, got other in 2 \(a, b\)"):
            call(SOLD.assign(revenue=[np.nan, np.inf, 1, 1, 1, 1]), KNOWN)
        with pytest.raises(ValueError, match=r"traits: expected one row each, got other in 1 \(b\)"):
            call(SOLD, pd.concat([KNOWN, KNOWN.iloc[[1]]]))


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.tuples(st.integers(-50, 1000), st.sampled_from(["M1", "M2", "M3", None]), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_managers_and_unheld_accounts_are_the_company(rows):
    sold, known = book(*((chr(97 + i), float(r), 1.0, m, "D" if d else m) for i, (r, m, d) in enumerate(rows)))
    found, few, nobody = cov.manager_table(sold, known, None), cov.on_few(sold, known), cov.unheld(sold, known)
    total = sold["revenue"].clip(lower=0).sum()
    assert found["accounts"].sum() + len(nobody) == len(sold)
    assert found["revenue"].sum() + nobody["revenue"].clip(lower=0).sum() == pytest.approx(total)
    assert found["without_deputy"].sum() == len(cov.without_deputy(sold, known))
    assert found["revenue"].is_monotonic_decreasing
    if total:
        assert found["revenue_share"].sum() + few.unheld_share == pytest.approx(1)
    inside = found[found["revenue"] > 0]
    assert (inside["effective_accounts"].between(1 - 1e-9, inside["accounts"] + 1e-9)).all()
    assert ((inside["largest_share"] * inside["accounts"]) >= 1 - 1e-9).all()
    if few.managers:
        assert 1 - 1e-9 <= few.effective_managers <= few.managers + 1e-9
        assert few.largest_manager_share == pytest.approx(inside["revenue_share"].max())
        # Another currency changes no share.
        dearer = cov.on_few(sold.assign(revenue=sold["revenue"] * 7), known)
        assert dearer.effective_managers == pytest.approx(few.effective_managers)


def test_lindmarks_managers_from_its_csv_files(lindmark):
    accounts, traits = lindmark.by_account(measures=("revenue", "margin")), lindmark.traits()
    talks = lindmark.records("interactions")
    found = cov.manager_table(accounts, traits, lindmark.table("managers"), talks, AS_OF)
    reiter = found.iloc[0]
    assert (reiter["account_manager_id"], reiter["manager_name"]) == ("M01", "Jonas Reiter")
    assert (round(reiter["revenue_share"], 3), reiter["accounts"], reiter["without_deputy"]) == (0.29, 14, 14)
    assert reiter["leaving_on"] == pd.Timestamp(2026, 12, 31)
    assert reiter["largest_account_name"].startswith("Aldermoor")

    master = pd.read_csv(SAMPLE / "accounts.csv", dtype=str).set_index("account_id")
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype={"account_id": str}, parse_dates=["date"])
    rows = rows[rows["account_id"].isin(master.index) & ~rows["account_id"].isin(["0090001", "0099999"])]
    rows = rows[rows["date"] > pd.Timestamp(2025, 9, 18)]
    top = master["parent_id"].fillna(master.index.to_series())
    sums = (
        (rows["revenue"] * rows["currency"].map({"EUR": 1.0, "PLN": 0.235})).groupby(rows["account_id"].map(top)).sum()
    )
    sums = sums[sums > 0]
    held = sums.groupby(master["account_manager_id"].reindex(sums.index)).sum().sort_values(ascending=False)
    assert found["account_manager_id"].tolist() == held.index.tolist()
    assert found["revenue"].tolist() == pytest.approx(held.tolist(), abs=1)
    few = cov.on_few(accounts, traits)
    assert few.effective_managers == pytest.approx(held.sum() ** 2 / (held**2).sum(), rel=1e-6)
    assert few.effective_accounts == pytest.approx(sums.sum() ** 2 / (sums**2).sum(), rel=1e-6)
    assert few.unheld_share == pytest.approx(1 - held.sum() / sums.sum(), abs=1e-6)

    said = pd.read_csv(SAMPLE / "interactions.csv", dtype={"account_id": str}, parse_dates=["date"])
    said = said[(said["date"] > pd.Timestamp(2025, 9, 18)) & (said["date"] <= pd.Timestamp(AS_OF))]
    own = said[said["staff_id"] == said["account_id"].map(top).map(master["account_manager_id"])]
    hours = own.groupby("staff_id")["hours"].sum() / 12
    assert found.set_index("account_manager_id")["hours_recorded"].to_dict() == pytest.approx(hours.to_dict())


def test_classicmodels_has_fifteen_managers_and_the_unheld_never_bought(real_data):
    ledger = open_ledger(ROOT / "tests" / "real_data" / "classicmodels.toml")
    accounts, traits = ledger.by_account(ledger.period_of("last_12_months"), measures=("revenue",)), ledger.traits()
    found = cov.manager_table(accounts, traits, ledger.table("managers"))
    folder = real_data / "classicmodels"
    customers, orders = (
        pd.read_csv(folder / "customers.csv"),
        pd.read_csv(folder / "orders.csv", parse_dates=["orderDate"]),
    )
    unheld = set(customers.loc[customers["salesRepEmployeeNumber"].isna(), "customerNumber"])
    assert (len(unheld), len(unheld & set(orders["customerNumber"]))) == (22, 0)
    assert traits["account_manager_id"].isna().sum() == 22
    assert cov.unheld(accounts, traits).empty
    lines = (
        pd.read_csv(folder / "orderdetails.csv").merge(orders, on="orderNumber").merge(customers, on="customerNumber")
    )
    lines = lines[lines["orderDate"] > pd.Timestamp(ledger.as_of) - pd.DateOffset(years=1)]
    sums = (lines["quantityOrdered"] * lines["priceEach"]).groupby(lines["salesRepEmployeeNumber"].astype(int)).sum()
    sums = sums.sort_values(ascending=False)
    assert found["account_manager_id"].astype(int).tolist() == sums.index.tolist()
    assert found["revenue"].tolist() == pytest.approx(sums.tolist())
    assert (len(found), found["manager_name"].iloc[0]) == (15, "Gerard Hernandez")
    assert found[["without_deputy", "hours_recorded", "margin"]].isna().all(axis=None)
