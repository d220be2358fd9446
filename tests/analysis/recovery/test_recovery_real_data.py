"""Worst cases on the three real sets: facts that were computed outside the project, and what is not known said."""

from pathlib import Path

import numpy as np
import pytest

from kam_analysis.analysis import recovery as r
from kam_analysis.ledger import open_ledger

HERE = Path(__file__).parents[2] / "real_data"


def opened(name):
    ledger = open_ledger(HERE / f"{name}.toml")
    period = ledger.period_of("last_12_months")
    measures = [each for each in ("revenue", "margin") if each in ledger.measures]
    before = ledger.year_before(period)
    return (
        ledger.by_account(period, measures=measures),
        None if before is None else ledger.by_account(before, measures=measures),
    )


def test_one_of_two_toy_groups_lost_leaves_the_other_with_more_than_two_fifths(real_data):
    now, before = opened("wide_world_importers")
    found = r.exposures(now)
    assert (found.measure, len(found.accounts)) == ("revenue", 263)
    lost = r.lose_largest(found, 1)
    left = r.remains(found, lost)
    assert lost.label == "Wingtip Toys (Head Office)"
    assert (left.largest_name, round(left.largest_share, 2)) == ("Tailspin Toys (Head Office)", 0.44)
    case = r.coming_through(lost, r.new_business(now, before), r.Range(6, 3, 9), r.Range(6, 3, 12))
    assert case.by_new_customers.months is None


def test_without_cost_and_a_second_year_the_worst_case_still_answers(real_data):
    now, before = opened("online_retail")
    found = r.exposures(now)
    assert (found.measure, before) == ("revenue", None)
    assert found.set_aside_amount < 0
    table = r.case_table(found, r.worst_cases(found), fixed=None)
    assert table["revenue"].is_monotonic_increasing
    assert table["margin"].isna().all()
    assert r.coming_through(r.lose_largest(found, 1), r.new_business(now, before), 6, 6) is None
    assert r.absorbable(found, r.fixed_costs(found, share_of_margin=0.8)) is None


def test_classicmodels_earns_two_fifths_and_its_largest_a_tenth_of_that(real_data):
    now, before = opened("classicmodels")
    found = r.exposures(now)
    assert found.measure == "margin"
    lost = r.lose_largest(found, 1)
    assert lost.label == "Euro+ Shopping Channel"
    assert round(lost.exposure_share, 3) == 0.103
    business = r.new_business(now, before, "margin")
    assert business.new_customers.value + business.amount("grown") == pytest.approx(business.gross.value)
    # Without the accounts before the two years, those that came back count as new.
    assert np.isclose(business.net.value, now["margin"].clip(lower=0).sum() - before["margin"].clip(lower=0).sum())
