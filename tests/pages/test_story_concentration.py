"""The sample's story as `01_concentration` tells it: a test per fact, of what the notebook itself found."""

import pytest
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.errors import SettingsError


@pytest.fixture(scope="module")
def ledger():
    return kam.open_ledger()


@pytest.fixture(scope="module")
def found(ledger):
    return kam.concentration(ledger)


@pytest.fixture(scope="module")
def alerts(found):
    return found.falls.alerts


def test_corvane_and_dunmere_are_small_in_total_and_large_in_one_line(found):
    first, second = (
        (each.account_name, each.name, round(each.share, 2), round(each.share_of_total, 2)) for each in found.hidden[:2]
    )
    assert first == ("Corvane Dairy SA", "Skids", 0.41, 0.04)
    assert second == ("Dunmere Brewing Ltd", "Seals", 0.40, 0.03)
    assert "Protect Corvane Dairy SA: small overall (4.0%) but 41% of Skids." in plain(found.actions().html)


def test_bexley_is_told_as_a_loss(ledger, found):
    [margin] = [each for each in found.activities if each.activity == "measure:margin"]
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


def test_pellworth_came_into_the_ten_largest(found):
    entered, _ = found.year.entered_and_left
    assert "Pellworth Marine Ltd" in set(entered["account_name"])
    assert "New among the 10 largest: Pellworth Marine Ltd (was " in found.largest_line().html


def test_the_bridge_closes_with_the_sales_in_the_shares(ledger, found):
    bridge = found.year.bridge
    assert bridge.closing == ledger.reconciliation().in_shares == found.reconciliation.in_shares
    # Quarrix closed in the first third of the year before.
    assert "Quarrix Refining BV" in set(bridge.accounts.loc[bridge.accounts["kind"] == "lost", "account_name"])


def test_price_volume_and_mix_lead_along_the_bridge_to_the_cent(ledger, found):
    growth, bridge = found.growth, found.year.bridge
    assert (growth.opening, growth.new, growth.lost, growth.closing) == (
        bridge.opening,
        bridge.new,
        bridge.lost,
        bridge.closing,
    )
    inside = growth.price + growth.volume + growth.mix + growth.new_items + growth.lost_items + growth.not_split
    assert inside == pytest.approx(bridge.grown + bridge.shrunk, abs=0.001)
    accounts = growth.accounts.set_index("account_name")
    # Aldermoor's second half by itself: the sums of its seven companies, from the transactions' own frame.
    items = ledger.by_account_item().query("account_id == '0010100'")
    both = items[(items[["revenue", "quantity", "revenue_before", "quantity_before"]] > 0).all(axis=1)]
    at_old = both["quantity"] * both["revenue_before"] / both["quantity_before"]
    assert accounts.loc["Aldermoor Water Group plc", "price"] == pytest.approx((both["revenue"] - at_old).sum(), abs=1)
    assert "They rest on 78% of last year's sales" in plain(found.growth_table().notes[0])


def test_most_customers_were_won_before_the_data_begins(ledger, found):
    latest = found.cohorts.latest
    assert latest["customers"].tolist() == [264, 9, 11]
    assert latest["amount"].sum() == pytest.approx(ledger.by_account()["revenue"].sum())
    # Who is new in the bridge is the last cohort.
    assert latest["buying"].iloc[-1] == found.year.bridge.count("new")
    assert latest["amount"].iloc[-1] == pytest.approx(found.year.bridge.new)


def test_aldermoor_shows_only_at_parent_level(found):
    first = found.groups[0]
    assert (first.account_name, first.entities, round(first.share, 3)) == ("Aldermoor Water Group plc", 7, 0.181)
    assert first.largest_entity_share < 0.1


def test_the_frames_are_those_of_the_ledger(ledger, found):
    """By the ledger's own frames, not by the steps that collected them."""
    sold = ledger.by_account()
    above = sold[sold["revenue"] > 0].reset_index(drop=True)
    assert found.accounts["amount"].tolist() == above["revenue"].tolist()
    before = ledger.by_account(ledger.year_before())
    assert found.before.total == pytest.approx(before.loc[before["revenue"] > 0, "revenue"].sum())
    assert found.companies.n == (ledger.by_account(level="legal_entity")["revenue"] > 0).sum() > found.now.n
    year_to_date = ledger.by_account(ledger.year_to_date())["revenue"]
    assert found.so_far[0].total == pytest.approx(year_to_date[year_to_date > 0].sum())
    assert found.so_far[0].total < found.now.total
    assert found.so_far_days == "1 Jan 2026 to 18 Sep 2026"
    assert found.trend["month"].iloc[-1].strftime("%Y-%m") == "2026-08"
    assert found.trend["top_1_share"].iloc[-1] == pytest.approx(found.now.top(1), abs=0.005)
    assert found.course is None


def test_a_highlighted_customers_course_ends_where_its_share_is(ledger, found):
    shown = kam.concentration(ledger, customer="tressel chem")
    assert (shown.customer, shown.course.name) == ("0010200", "Tressel Chemicals GmbH")
    assert shown.course.iloc[-1] == pytest.approx(shown.now.share_of("0010200"), abs=0.005)
    assert len(shown.course) == len(found.trend)


def test_a_customer_may_be_given_by_a_number_alone(ledger):
    with pytest.raises(SettingsError, match='customer: no customer matches "4711"'):
        kam.concentration(ledger, customer=4711)
