"""What was told on past days and what became of the accounts: by hand, and against a truth that no ledger knows."""

import itertools
import sys

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn


def test_days_are_a_horizon_apart_and_the_last_one_is_today(company_days):
    found = company_days
    assert [str(each.day.date()) for each in found.days] == [
        "2019-12-29", "2020-12-29", "2021-12-29", "2022-12-29", "2023-12-29", "2024-12-29",
    ]  # fmt: skip
    assert found.reason == ""
    assert [each.day for each in found.until(2).days] == [each.day for each in found.days[:3]]


def test_outcomes_are_the_truth_nearly_always(company, company_days):
    """Who stopped before the next day is likely gone, who stopped after it is not."""
    found = company_days
    # Of the latest day a year has passed, and who stopped in its last weeks does not show yet.
    for then, end, came, off in zip(found.days[:-1], found.days[1:], found.outcomes, [0.02] * 4 + [0.07], strict=True):
        left = (company.stops.reindex(then.there["account_id"]) <= end.day).to_numpy()
        assert len(left) == len(came)
        assert np.abs(came - left).mean() < off
        assert came.sum() == pytest.approx(left.sum(), abs=6)


def test_whoever_bought_after_the_next_day_stayed_and_whoever_is_lost_left(company_days):
    found = company_days
    then, end, today = found.days[1], found.days[2], found.days[-1].snapshot.set_index("account_id")
    known = today.loc[then.there["account_id"]]
    later, lost = (known["last_day"] > end.day).to_numpy(), known["lost"].to_numpy(dtype=bool)
    assert (found.outcomes[1][later] == 0).all()
    assert (found.outcomes[1][~later & lost] == 1).all()


def test_what_came_after_a_day_changes_nothing_that_was_known_on_it(company_past, company_days):
    found = company_days
    early = churn.past_days([each for each in company_past if each["day"].iloc[0] <= found.days[2].day])
    assert [each.rhythm.logs.tolist() for each in early.days] == [each.rhythm.logs.tolist() for each in found.days[:3]]
    for one, other in zip(early.outcomes, found.until(2).outcomes, strict=True):
        np.testing.assert_array_equal(one, other)


def test_order_of_snapshots_changes_nothing(company_past):
    turned = churn.past_days(company_past[:2][::-1])
    assert [each.day for each in turned.days] == [each["day"].iloc[0] for each in company_past[:2]]


def test_why_no_rhythm_tells(company, company_past, look):
    few = [each.head(20) for each in company_past]
    assert churn.past_days(few).reason == "20 customers of whom 20 bought again; it takes 30 and 10"
    assert (
        churn.past_days([look(company.rows, "2019-09-30")]).reason
        == "the first purchase on file is 9 months old, and it takes 12"
    )
    unknown = [each.assign(purchase_days=np.nan) for each in company_past[-1:]]
    assert churn.past_days(unknown).reason == "no days of purchase are known"
    assert churn.past_days([]).reason == "no customer bought"
    assert churn.told(churn.past_days([])) is None


def test_one_year_of_purchases_is_enough_and_has_no_past_day(company, look):
    found = churn.past_days([look(company.rows, "2019-12-31")])
    assert (len(found.days), found.outcomes) == (1, ())


def test_a_gap_in_the_days_ends_them(company_past):
    without = [each for each in company_past if each["day"].iloc[0] != pd.Timestamp(2023, 12, 29)]
    assert len(churn.past_days(without).days) == 1


def test_past_days_look_at_some_of_very_many_accounts(company_past, monkeypatch):
    whole = churn.past_days(company_past)
    assert churn.looked_at(company_past[-1]) is None
    for name in ("past_days", "rhythm"):
        monkeypatch.setattr(sys.modules[f"kam_analysis.analysis.churn.{name}"], "MOST_ACCOUNTS", 100)
    some, chosen = churn.past_days(company_past), churn.looked_at(company_past[-1])
    ids = [set(each.snapshot["account_id"]) for each in some.days]
    assert ids[-1] == set(chosen)
    assert len(chosen) == 100 < len(whole.days[-1].snapshot)
    assert all(earlier <= later for earlier, later in itertools.pairwise(ids))
    # A rhythm is learnt from no more accounts anyway, and these are the same.
    bought = company_past[-1][churn.bought_by_days(company_past[-1])]
    assert some.days[-1].rhythm.logs.tolist() == churn.fit_rhythm(churn.purchases(bought)).logs.tolist()
    # Whoever keeps of earlier days those alone has the same days.
    kept = [each[each["account_id"].isin(chosen)] for each in company_past[:-1]]
    for one, other in zip(churn.past_days([*kept, company_past[-1]]).days, some.days, strict=True):
        pd.testing.assert_frame_equal(one.snapshot, other.snapshot)
    # As of an earlier day, too, it is known what became of everybody.
    assert [len(each) for each in some.until(3).outcomes] == [len(each.there) for each in some.days[:3]]
    chance, at_all = (churn.told(days).own.leaving(whole.days[-1].there).leave for days in (some, whole))
    assert chance.mean() == pytest.approx(at_all.mean(), rel=0.3)
