"""The sample's story as `01_concentration` tells it: a test per fact."""

import pytest

from kam_analysis.analysis import concentration as kam
from kam_analysis.ledger import open_ledger


@pytest.fixture(scope="module")
def ledger():
    return open_ledger()


@pytest.fixture(scope="module")
def now(ledger):
    return kam.concentrate(ledger.by_account(), "revenue")


@pytest.fixture(scope="module")
def alerts(ledger):
    return kam.falls(ledger.month_statistics()).alerts


def test_corvane_and_dunmere_are_small_in_total_and_large_in_one_line(ledger, now):
    found = kam.hidden(kam.activities(ledger.by_account_line(), "product_line", "revenue", 0.05, now), 0.1)
    first, second = (
        (each.account_name, each.name, round(each.share, 2), round(each.share_of_total, 2)) for each in found[:2]
    )
    assert first == ("Corvane Dairy SA", "Skids", 0.41, 0.04)
    assert second == ("Dunmere Brewing Ltd", "Seals", 0.40, 0.03)


def test_bexley_is_told_as_a_loss(ledger, now):
    margin = kam.activity(ledger.by_account(measures=["margin"]), "measure", "margin", "margin", now)
    frame = ledger.by_account(measures=["margin"]).set_index("account_name")["margin"]
    assert margin.loss_accounts >= 1
    assert margin.losses == pytest.approx(frame[frame < 0].sum())
    assert frame["Bexley Machinery Ltd"] < 0


def test_tressels_fall_is_the_largest_alert(alerts):
    assert alerts["account_name"].iloc[0] == "Tressel Chemicals GmbH"
    assert alerts["change_share"].iloc[0] == pytest.approx(-0.28, abs=0.02)


@pytest.mark.parametrize("name", ["Oakhurst Paper AB", "Kelso Mining Ltd", "Aldermoor Water Group plc"])
def test_one_empty_month_or_a_rare_order_raises_no_alarm(alerts, name):
    assert name not in set(alerts["account_name"])


def test_pellworth_came_into_the_ten_largest(ledger, now):
    before = kam.concentrate(ledger.by_account(ledger.year_before()), "revenue")
    entered, _ = kam.entered_and_left(now, before, 10)
    assert "Pellworth Marine Ltd" in set(entered["account_name"])


def test_the_bridge_closes_with_the_sales_in_the_shares(ledger):
    found = kam.bridge(ledger.by_account(), ledger.by_account(ledger.year_before()), "revenue")
    assert found.closing == ledger.reconciliation().in_shares
    # Quarrix closed in the first third of the year before.
    assert "Quarrix Refining BV" in set(found.accounts.loc[found.accounts["kind"] == "lost", "account_name"])


def test_aldermoor_shows_only_at_parent_level(ledger, now):
    companies = kam.concentrate(ledger.by_account(level="legal_entity"), "revenue")
    first = kam.groups(now, companies, ledger.master.roots)[0]
    assert (first.account_name, first.entities, round(first.share, 3)) == ("Aldermoor Water Group plc", 7, 0.181)
    assert first.largest_entity_share < 0.1
