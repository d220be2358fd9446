"""What became of the accounts: each outcome by hand, and against a truth that no ledger knows."""

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from kam_analysis.analysis import churn

D0, D1, D2 = "2022-12-31", "2023-12-31", "2024-12-31"
NO_WAIT = churn.Rules(follow_months=0, step_months=12)


@pytest.fixture
def past(standing_at):
    """Three accounts and more over three years: what each last bought by each day."""
    last = {
        "kept": ["2022-12-20", "2023-12-20", "2024-12-20"],
        "stops within": ["2022-12-20", "2023-06-01", "2023-06-01"],
        "stopped before": ["2022-11-01", "2022-11-01", "2022-11-01"],
        "stops after": ["2022-12-20", "2023-12-20", "2024-01-05"],
        "slow, silent since": ["2022-12-20", "2023-06-01", "2023-06-01"],
        "confirmed": ["2022-12-20", "2023-09-01", "2023-09-01"],
        "came back": ["2022-12-20", "2023-03-01", "2023-03-01"],
        "less than half": ["2022-12-20", "2023-12-20", "2024-12-20"],
        "half": ["2022-12-20", "2023-12-20", "2024-12-20"],
        "too slow to see": ["2022-12-20", "2022-12-20", "2022-12-20"],
        "too few purchases": ["2022-12-20", "2022-12-20", "2022-12-20"],
        "lost before": ["2021-06-01", "2021-06-01", "2021-06-01"],
    }
    gaps = [40.0] * 4 + [180.0] + [40.0] * 4 + [400.0] + [40.0] * 2
    purchases = [60] * 10 + [3, 60]
    found = []
    for at, day in enumerate((D0, D1, D2)):
        left = [pd.Timestamp(2023, 10, 1) if name == "confirmed" and at else pd.NaT for name in last]
        frame = standing_at(day, [days[at] for days in last.values()], longest_gap=gaps, purchase_days=purchases)
        frame = frame.assign(account_id=list(last), left_on=pd.Series(left, dtype="datetime64[us]"))
        found.append(frame.assign(lost=frame["lost"] & (frame["longest_gap"] < 100) | frame["left_on"].notna()))
    return found


def outcome(found):
    return found.rows[found.rows["day"] == pd.Timestamp(D0)].set_index("account_id")


def test_outcomes_as_known_a_year_after_the_horizon(past):
    found = churn.history(past, churn.Rules(step_months=12))
    lost = outcome(found)["lost"]
    assert lost[lost].index.tolist() == ["stops within", "stopped before", "confirmed", "came back"]
    assert lost[~lost].index.tolist() == ["kept", "stops after", "less than half", "half"]
    assert found.undecided["account_id"].tolist() == ["slow, silent since"]
    assert (found.unseen, found.losses, found.reason) == (2, 4, "")


def test_without_the_wait_whoever_stops_within_the_horizon_counts_as_kept(past):
    found = churn.history(past, NO_WAIT)
    lost = outcome(found)["lost"]
    assert lost[lost].index.tolist() == ["stopped before", "confirmed"]
    assert "slow, silent since" not in lost.index  # its rhythm does not show a loss in twelve months: not kept
    assert not lost["stops within"]
    second = found.rows[found.rows["day"] == pd.Timestamp(D1)].set_index("account_id")["lost"]
    assert second["stops within"]


def test_only_what_was_known_by_a_day(past):
    rules = churn.Rules(step_months=12)
    assert churn.history(past, rules, known_on=date(2024, 12, 30)).reason
    assert len(churn.history(past, rules, known_on=date(2024, 12, 31)).rows) == 8
    early = churn.history(past[:2], NO_WAIT)
    pd.testing.assert_frame_equal(churn.history(past, NO_WAIT, known_on=date(2023, 12, 31)).rows, early.rows)


def test_order_of_snapshots_and_rows_changes_nothing(past):
    rules = churn.Rules(step_months=12)
    turned = churn.history([each.sample(frac=1, random_state=1) for each in past[::-1]], rules).rows
    expected = churn.history(past, rules).rows
    pd.testing.assert_frame_equal(
        turned.set_index("account_id").loc[expected["account_id"]], expected.set_index("account_id")
    )


def test_days_apart_do_not_overlap(company_past):
    days = churn.history(company_past).days_apart
    assert [day.year for day in days] == [2019, 2020, 2021, 2022]
    assert all((later - earlier).days >= 365 for earlier, later in pairwise(days))


def test_outcomes_are_the_truth_nearly_always(company, company_past):
    rows = churn.history(company_past).rows
    gone = rows["account_id"].map(company.stops) <= rows["day"] + pd.DateOffset(months=12)
    assert (gone == rows["lost"]).mean() > 0.99
    assert rows["lost"].mean() == pytest.approx(gone.mean(), abs=0.01)


def test_too_little_history_says_so(past):
    found = churn.history(past[:1])
    assert found.reason == "the data is too short: to tell who left within 12 months takes 24 months of it"
    assert (len(found.rows), found.losses, found.days, found.days_apart) == (0, 0, [], [])


def test_no_snapshot_and_two_on_one_day_are_refused(past):
    with pytest.raises(ValueError, match="expected at least one with accounts, got none"):
        churn.history([])
    with pytest.raises(ValueError, match="expected one a month, got two in 2022-12"):
        churn.history([past[0], past[0]])


@pytest.mark.parametrize(
    ("purchases", "days", "gap", "seen"),
    [(4, 180, 182.5, True), (3, 180, 182.5, False), (4, 179, 182.5, False), (4, 180, 184.0, False)],
)
def test_a_rhythm_is_known_from_the_very_number_and_day_on(purchases, days, gap, seen):
    last = pd.Timestamp(D0)
    one = pd.DataFrame(
        {
            "purchase_days": purchases,
            "first_day": [last - pd.Timedelta(days=days)],
            "last_day": last,
            "longest_gap": gap,
        }
    )
    assert churn.Rules().longest_gap == pytest.approx(182.625, abs=0.5)
    assert churn.observable(one).tolist() == [seen]
