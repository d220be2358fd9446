"""Stages of life: each cut by hand, random buyers by simulation, the sample's story, the real sets."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.segments.lifecycle import STAGES, Cuts, lifecycle
from kam_analysis.ledger import open_ledger

AS_OF = pd.Timestamp(2026, 9, 18)
REAL = Path(__file__).parents[2] / "real_data"


def account(silence=0, longest=20.0, purchases=100, first="2023-10-02", now=100.0, before=100.0, gap=7.0, **more):
    last = AS_OF - pd.Timedelta(days=silence)
    return {
        "first_day": pd.Timestamp(first),
        "last_day": last,
        "purchase_days": purchases,
        "mean_gap": gap,
        "longest_gap": longest,
        "silence": silence,
        "now": now,
        "before": before,
        "left_on": pd.NaT,
        **more,
    }


def stage(cuts=None, **figures):
    """The stage of one account beside an old one, from which the data begins."""
    frame = pd.DataFrame([account(), account(**figures)]).assign(account_id=["old", "a"])
    return lifecycle(frame, *([cuts] if cuts else [])).set_index("account_id").loc["a"].tolist()


CASES = {
    "steady": ({}, "steady"),
    "silent, not for 1.5 times its longest gap": ({"silence": 149, "longest": 100.0}, "steady"),
    "silent for 1.5 times": ({"silence": 150, "longest": 100.0}, "quiet"),
    "silent for a quarter": ({"silence": 90}, "quiet"),
    "silent for less than a quarter": ({"silence": 89}, "steady"),
    "silent for 4 times its longest gap": ({"silence": 400, "longest": 100.0}, "lost"),
    "silent for nearly 4 times": ({"silence": 399, "longest": 100.0}, "quiet"),
    "silent for a year": ({"silence": 365}, "lost"),
    "silent for nearly a year": ({"silence": 364}, "quiet"),
    "part deliveries of one order": ({"silence": 400, "first": "2025-08-01", "purchases": 9, "longest": 3.0}, "quiet"),
    "three purchases are no rhythm": ({"silence": 400, "purchases": 3}, "quiet"),
    "no rhythm, less than a year": ({"silence": 364, "purchases": 3}, "steady"),
    "no rhythm, three years": ({"silence": 1095, "first": "2023-09-01", "purchases": 3}, "lost"),
    "one purchase": ({"silence": 365, "purchases": 1, "longest": np.nan, "gap": np.nan}, "quiet"),
    "left": ({"left_on": pd.Timestamp(2026, 9, 18)}, "lost"),
    "leaves tomorrow": ({"left_on": pd.Timestamp(2026, 9, 19)}, "steady"),
    "left, final invoices": ({"left_on": pd.Timestamp(2026, 6, 20)}, "lost"),
    "left and came back": ({"left_on": pd.Timestamp(2026, 6, 19)}, "steady"),
    "new": ({"first": "2025-09-19"}, "new"),
    "a year old": ({"first": "2025-09-18"}, "steady"),
    "new in the data, old in the master": (
        {"first": "2025-12-01", "customer_since": pd.Timestamp(2020, 1, 1)},
        "steady",
    ),
    "grown by a tenth, daily": ({"now": 110.0, "gap": 1.0}, "growing"),
    "grown by less": ({"now": 109.0, "gap": 1.0}, "steady"),
    "shrunk by a tenth, daily": ({"now": 90.0, "gap": 1.0}, "shrinking"),
    "shrunk by a tenth, monthly": ({"now": 90.0, "gap": 30.4}, "steady"),
    "shrunk by half, monthly": ({"now": 50.0, "gap": 30.4}, "shrinking"),
    "nothing this year, by credit notes": ({"now": -5.0, "gap": 1.0}, "shrinking"),
    "nothing the year before": ({"before": 0.0}, "growing"),
    "the year before unknown": ({"now": 500.0, "before": np.nan}, "not assessed"),
    "less than once a year": ({"now": 0.0, "longest": 365.0, "silence": 300}, "steady"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_cut_from_both_sides(case):
    figures, expected = CASES[case]
    assert stage(**figures)[0] == expected


@pytest.mark.parametrize(
    ("cuts", "figures", "expected"),
    [
        (Cuts(quiet_times=3), {"silence": 299, "longest": 100.0}, "steady"),
        (Cuts(lost_times=3), {"silence": 370, "longest": 120.0}, "lost"),
        (Cuts(quiet_days=30), {"silence": 30}, "quiet"),
        (Cuts(lost_days=730), {"silence": 729}, "quiet"),
        (Cuts(rhythm_days=30), {"silence": 400, "first": "2025-06-01", "purchases": 9}, "lost"),
        (Cuts(rhythm_purchases=3), {"silence": 400, "purchases": 3}, "lost"),
        (Cuts(unknown_quiet_days=180), {"silence": 180, "purchases": 3}, "quiet"),
        (Cuts(unknown_lost_days=730), {"silence": 730, "purchases": 3}, "lost"),
        (Cuts(new_days=180), {"first": "2025-12-01"}, "steady"),
        (Cuts(start_days=900), {"first": "2025-12-01"}, "steady"),
        (Cuts(left_days=5), {"left_on": pd.Timestamp(2026, 9, 12)}, "steady"),
        (Cuts(change=0.5), {"now": 140.0, "gap": 1.0}, "steady"),
        (Cuts(change_times=0.1), {"now": 90.0, "gap": 30.4}, "shrinking"),
    ],
)
def test_every_cut_is_a_parameter(cuts, figures, expected):
    assert stage(cuts, **figures)[0] == expected


def test_why_tells_the_figures():
    assert stage(silence=150, longest=100.0)[1] == "silent for 150 days, its longest gap is 100"
    assert stage(silence=400, purchases=1, longest=np.nan)[1] == "silent for 400 days since its only purchase"
    assert stage(left_on=AS_OF)[1] == "left on 2026-09-18"
    assert stage(first="2026-01-15")[1] == "first bought on 2026-01-15"
    assert stage(now=60.0)[1] == "sales down 40% on the year before"
    assert stage()[1] == "sales unchanged"
    assert stage(before=0.0)[1] == "sales this year, none in the year before"
    assert stage(before=np.nan)[1] == "the year before is not in the data"


def test_an_account_that_never_bought_is_quiet_and_one_that_left_is_lost():
    never = {"account_id": "never", "purchase_days": 0}
    gone = {"account_id": "gone", "left_on": pd.Timestamp(2025, 1, 1)}
    frame = pd.DataFrame([{"account_id": "old", **account()}, never, gone])
    copy = frame.copy()
    found = lifecycle(frame)
    assert found["stage"].tolist() == ["steady", "quiet", "lost"]
    assert found["why"].tolist()[1] == "no purchase in the data"
    pd.testing.assert_frame_equal(frame, copy)
    assert lifecycle(frame.head(0)).columns.tolist() == ["account_id", "stage", "why"]


def test_cuts_out_of_order_are_refused():
    with pytest.raises(ValueError, match="expected 0 < quiet_times < lost_times, got 4 and 4"):
        Cuts(quiet_times=4)
    with pytest.raises(ValueError, match="unknown_quiet_days"):
        Cuts(unknown_quiet_days=0)


@pytest.mark.parametrize(("gaps", "times"), [(3, 4.0), (10, 1.5)])
def test_how_rarely_a_random_buyer_is_silent_for_so_long(gaps, times):
    drawn = np.random.default_rng(4).exponential(size=(400_000, gaps + 1))
    rate = (drawn[:, 0] > times * drawn[:, 1:].max(axis=1)).mean()
    exact = math.gamma(gaps + 1) * math.gamma(times + 1) / math.gamma(gaps + times + 1)
    assert rate == pytest.approx(exact, abs=4 * math.sqrt(exact / 400_000))
    assert 1 / (math.gamma(8) / math.gamma(4) / math.gamma(5)) == pytest.approx(1 / 35)


STORY = {
    "0010100": "growing",
    "0010200": "shrinking",
    "0010300": "growing",
    "0010400": "steady",
    "0011700": "quiet",
    "0011800": "lost",
}


def test_the_sample_s_story(lindmark):
    found = lifecycle(lindmark).set_index("account_id")
    assert found.loc[list(STORY), "stage"].to_dict() == STORY
    assert found.at["0011700", "why"] == "silent for 639 days, its longest gap is 419"
    assert found.at["0011800", "why"] == "left on 2024-11-30"
    assert found["stage"].isin(STAGES).all()


def test_kelso_is_never_lost_whenever_one_looks(lindmark_rows, habits_of):
    for day in pd.date_range("2023-11-30", "2026-09-18", freq="31D"):
        habits = habits_of(lindmark_rows, day).assign(now=1.0, before=1.0)
        found = lifecycle(habits).set_index("account_id")["stage"]
        assert found["0011700"] != "lost", day


def real_frame(name, as_of):
    ledger = open_ledger(REAL / f"{name}.toml", as_of=pd.Timestamp(as_of).date(), period="last_12_months")
    now, before = ledger.by_account(), ledger.year_before()
    sums = {"now": now, "before": None if before is None else ledger.by_account(before)}
    frame = ledger.habits().set_index("account_id")
    for column, sum_ in sums.items():
        amounts = np.nan if sum_ is None else sum_.set_index("account_id")["revenue"]
        frame[column] = amounts if sum_ is None else amounts.reindex(frame.index).fillna(0.0)
    return frame.reset_index()


def test_of_a_real_set_nine_accounts_silent_for_a_year_are_quiet_and_eight_ordered_again(real_data):
    frame = real_frame("classicmodels", "2004-12-31")
    found = lifecycle(frame).set_index("account_id")["stage"]
    silent = frame.set_index("account_id").query("silence >= 365").index
    assert len(silent) == 9
    assert set(found[silent]) == {"quiet"}
    later = real_frame("classicmodels", "2005-05-31").set_index("account_id")["last_day"]
    assert (later[silent] > pd.Timestamp(2004, 12, 31)).sum() == 8
    assert not (found == "lost").any()


@pytest.mark.parametrize(("name", "as_of"), [("online_retail", "2011-12-09"), ("wide_world_importers", "2016-05-31")])
def test_real_sets_lose_nobody_without_proof(real_data, name, as_of):
    found = lifecycle(real_frame(name, as_of))
    assert not (found["stage"] == "lost").any()
    assert found["stage"].isin(STAGES).all()
    assert found["account_id"].is_unique


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"now": 130.0}, ["growing", "sales up 30% on the year before"]),
        ({"now": 85.0}, ["shrinking", "sales down 15% on the year before"]),
        ({"now": 105.0}, ["steady", "sales up 5% on the year before"]),
        ({"now": 0.0, "silence": 365}, ["quiet", "bought nothing for 365 days or more"]),
        ({"now": 0.0, "before": 0.0, "silence": 1096}, ["lost", "bought nothing for 1096 days or more"]),
        ({"before": 0.0, "first": "2026-09-18"}, ["new", "first bought in the time to 2026-09-18"]),
    ],
)
def test_totals_by_year_tell_no_rhythm(figures, expected):
    unknown = {"longest": math.nan, "purchases": math.nan, "gap": math.nan}
    assert stage(**unknown, **figures) == expected


def test_stages_are_the_same_without_their_reasons():
    frame = pd.DataFrame(
        {
            "account_id": list("ab"),
            "first_day": AS_OF - pd.Timedelta(days=900),
            "last_day": AS_OF,
            "purchase_days": [40.0, 1.0],
            "mean_gap": 20.0,
            "longest_gap": 40.0,
            "silence": [0, 700],
            "now": [5.0, 0.0],
            "before": 9.0,
        }
    )
    told = lifecycle(frame)
    assert list(told) == ["account_id", "stage", "why"]
    pd.testing.assert_frame_equal(lifecycle(frame, reasons=False), told[["account_id", "stage"]])
