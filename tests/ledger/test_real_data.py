"""The three real sets against facts that were computed outside the project (SOURCE.md), to their printed precision."""

from pathlib import Path

import pandas as pd
import pytest

from kam_analysis.analysis.concentration import concentrate, groups
from kam_analysis.ledger import open_ledger

HERE = Path(__file__).parents[1] / "real_data"


@pytest.fixture(scope="module")
def opened(real_data):
    ledgers = {}

    def get(name):
        if name not in ledgers:
            ledgers[name] = open_ledger(HERE / f"{name}.toml")
        return ledgers[name]

    return get


def book(ledger, level=None):
    return concentrate(ledger.by_account(level=level), ledger.measure)


def test_online_retail(opened):
    ledger = opened("online_retail")
    parts, found = ledger.reconciliation(), book(ledger)
    assert (parts.accounts + parts.set_aside_accounts, parts.set_aside_accounts) == (4372, 55)
    assert round(parts.total, 2) == 9747747.93
    assert round(parts.in_shares + parts.set_aside + parts.rounding, 2) == 8300065.81
    assert parts.without_account_rows == 135_080
    assert round(parts.without_account / parts.total, 3) == 0.149
    assert round(found.top(1), 4) == 0.0336
    assert round(found.hhi, 5) == 0.00450
    assert round(135_080 / ledger.overview.rows, 3) == 0.249
    assert "17850" in set(ledger.by_account()["account_id"])


def test_classicmodels(opened):
    ledger = opened("classicmodels")
    found = book(ledger)
    assert (found.n, round(found.total, 2)) == (98, 9604190.61)
    assert len(ledger.table("accounts")) == 122
    margin = ledger.by_account(measures=("margin",))["margin"].sum()
    assert round(margin / found.total, 4) == 0.3984
    assert round(found.top(1), 3) == 0.085
    assert round(found.hhi, 4) == 0.0201
    assert int(ledger.table("accounts")["account_manager_id"].isna().sum()) == 22
    assert ledger.table("accounts")["account_manager_id"].dropna().str.fullmatch(r"\d+").all()


def test_wide_world_importers_by_ship_to_and_by_parent(opened):
    ledger = opened("wide_world_importers")
    parents, companies = book(ledger), book(ledger, "legal_entity")
    assert (companies.n, parents.n) == (663, 263)
    assert round(ledger.reconciliation().total, 2) == 172261341.20
    assert (round(companies.top(1), 4), round(companies.hhi, 5)) == (0.0022, 0.00158)
    assert (round(parents.top(1), 3), round(parents.hhi, 4)) == (0.316, 0.1998)
    first = groups(parents, companies, ledger.master.roots)[0]
    assert first.account_name == "Tailspin Toys (Head Office)"


@pytest.mark.parametrize("name", ["online_retail", "classicmodels", "wide_world_importers"])
def test_lines_months_and_regions_add_up_to_the_accounts(opened, name):
    ledger = opened(name)
    accounts = ledger.by_account()
    if ledger.lines:
        assert ledger.by_account_line()["revenue"].sum() == pytest.approx(accounts["revenue"].sum(), abs=0.01)
    if ledger.regions:
        assert ledger.by_account_region()["revenue"].sum() == pytest.approx(accounts["revenue"].sum(), abs=1)
    chosen = accounts.head(3)
    months = ledger.by_account_month(chosen["account_id"])
    got = months.groupby("account_id")["revenue"].sum()
    pd.testing.assert_series_equal(got, chosen.set_index("account_id")["revenue"].sort_index(), atol=0.02)
