"""The bridge and the HHI split on the three real sets, half against half and year against year, re-added by hand."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kam_analysis.analysis.concentration import bridge, concentrate, entered_and_left, hhi_change
from kam_analysis.ledger import open_ledger

SETS = Path(__file__).parents[2] / "real_data"


@pytest.fixture(scope="module", params=["classicmodels", "online_retail", "wide_world_importers"])
def periods(request, real_data):
    ledger = open_ledger(SETS / f"{request.param}.toml")
    days = (ledger.overview.last - ledger.overview.first).days
    middle = ledger.overview.first + timedelta(days=days // 2)
    halves = (f"{ledger.overview.first}/{middle}", f"{middle + timedelta(days=1)}/{ledger.overview.last}")
    return [ledger.by_account(ledger.period_of(each)) for each in halves]


def exact(amounts):
    return {name: Decimal(repr(amount)) for name, amount in amounts.items() if amount > 0}


def test_bridge_of_a_real_set_adds_up_to_the_cent(periods):
    before, now = periods
    found = bridge(now, before, "revenue")
    one, other = (exact(each.set_index("account_id")["revenue"]) for each in (before, now))
    assert Decimal(repr(found.opening)) == sum(one.values())
    assert Decimal(repr(found.closing)) == sum(other.values())
    assert Decimal(repr(found.new)) == sum(amount for name, amount in other.items() if name not in one)
    assert Decimal(repr(found.lost)) == -sum(amount for name, amount in one.items() if name not in other)
    both = [other[name] - one[name] for name in one if name in other]
    assert Decimal(repr(found.grown)) == sum(change for change in both if change > 0)
    assert Decimal(repr(found.shrunk)) == sum(change for change in both if change < 0)
    assert found.count("lost") == len(one.keys() - other.keys())
    assert 0 < found.kept < 1


def test_hhi_split_of_a_real_set_adds_up(periods):
    before, now = (concentrate(each, "revenue") for each in periods)
    found = hhi_change(now, before)
    one, other = (dict(zip(each.accounts["account_id"], each.accounts["share"], strict=True)) for each in (before, now))
    entry = sum(share**2 for name, share in other.items() if name not in one)
    left = -sum(share**2 for name, share in one.items() if name not in other)
    assert found.entry == pytest.approx(entry)
    assert found.exit == pytest.approx(left)
    whole = sum(share**2 for share in other.values()) - sum(share**2 for share in one.values())
    assert found.entry + found.exit + found.growth + found.shrinkage == pytest.approx(whole, rel=1e-9)


def test_entered_and_left_of_a_real_set_balance(periods):
    before, now = (concentrate(each, "revenue") for each in periods)
    entered, left = entered_and_left(now, before, 10)
    assert len(entered) == len(left)
    assert (entered["rank"] <= 10).all()
    assert not (entered["rank_before"] <= 10).any()
