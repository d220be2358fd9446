"""Kinds of work: every rule by hand at its threshold, and the sample's story."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.segments.work import Rules, kinds_of_work

RIVAL, GONE = {"competitor": "Vantor"}, pd.Timestamp(2026, 12, 31)


PLAIN = Rules()


def one(rules=PLAIN, as_of=None, **figures):
    [row] = kinds_of_work(pd.DataFrame([{"account_id": "a", **figures}]), rules, as_of).to_dict("records")
    return row["work"], row["figures"]


FIRES = {
    "fell, competitor": ({"fell": True, "change_share": -0.28, **RIVAL}, "rescue"),
    "fell, unhappy": ({"fell": True, "satisfaction": 6.0}, "rescue"),
    "fell, content": ({"fell": True, "satisfaction": 6.1}, "assessment"),
    "silent, competitor": ({"silence_times": 1.5, "silence": 90, **RIVAL}, "rescue"),
    "silent": ({"silence_times": 1.5, "silence": 90}, "assessment"),
    "silent, days unknown": ({"silence_times": 1.5}, "assessment"),
    "not silent for long by its own gaps": ({"silence_times": 1.49, "silence": 400}, "review"),
    "not silent for long in days": ({"silence_times": 5.0, "silence": 89}, "review"),
    "quiet by its stage": ({"silence_times": 0.1, "stage": "quiet"}, "assessment"),
    "steady by its stage": ({"silence_times": 40.0, "stage": "steady"}, "review"),
    "notice, competitor, unhappy": ({"days_to_notice": 180, "satisfaction": 6, **RIVAL}, "rescue"),
    "notice, competitor": ({"days_to_notice": 180, "satisfaction": 6.5, **RIVAL}, "assessment"),
    "notice later, competitor": ({"days_to_notice": 181, "satisfaction": 6.5, **RIVAL}, "review"),
    "notice alone": ({"days_to_notice": 20}, "review"),
    "too late for notice": ({"days_to_notice": -1, **RIVAL}, "review"),
    "notice, margin": ({"days_to_notice": 122, "margin_change": -0.04}, "assessment"),
    "margin at the threshold": ({"margin_change": 0.26 - 0.29}, "assessment"),
    "margin above it": ({"margin_change": -0.0299}, "review"),
    "unhappy": ({"satisfaction": 6.0}, "assessment"),
    "grew, half unbought": ({"growth_share": 0.25, "headroom_share": 0.5}, "pursuit"),
    "grew, little unbought": ({"growth_share": 3.0, "headroom_share": 0.49}, "review"),
    "grew, spend unknown": ({"growth_share": 0.5}, "pursuit"),
    "grew a little, spend unknown": ({"growth_share": 0.49}, "review"),
    "happy, half unbought": ({"satisfaction": 8.0, "headroom_share": 0.5}, "pursuit"),
    "happy, half unbought, competitor": ({"satisfaction": 8.0, "headroom_share": 0.5, **RIVAL}, "review"),
    "competitor alone": (RIVAL, "review"),
    "competitor without a name": ({"fell": True, "competitor": "  "}, "assessment"),
    "has left": ({"left_on": GONE, "fell": True, **RIVAL}, "assessment"),
    "nothing known": ({}, "review"),
}


@pytest.mark.parametrize("case", FIRES)
def test_each_rule_at_its_threshold(case):
    figures, expected = FIRES[case]
    assert one(**figures)[0] == expected


def test_danger_comes_before_change_and_change_before_more_to_win():
    everything = {"fell": True, "satisfaction": 9.0, "growth_share": 1.0, "headroom_share": 0.9}
    assert one(**everything, **RIVAL)[0] == "rescue"
    assert one(**everything)[0] == "assessment"
    assert one(**everything | {"fell": False})[0] == "pursuit"


def test_an_announced_leaving_is_a_rescue_until_its_day():
    assert one(left_on=GONE, as_of=date(2026, 12, 30)) == ("rescue", "left on 31 Dec 2026")
    assert one(left_on=GONE, as_of=date(2026, 12, 31))[0] == "assessment"


def test_figures_are_those_that_fired_and_a_review_tells_what_was_looked_at():
    assert one(fell=False, change_share=-0.5, growth_share=0.06, satisfaction=8.8, bond="company") == (
        "review",
        "sales up 6% on the year before; satisfaction 8.8 of 10; relationship tied to the company",
    )
    assert one(days_to_notice=122, margin_change=-0.04, silence_times=0.4)[1] == (
        "last day for notice in 122 days; margin down 4.0 points"
    )
    on_file = one(days_to_notice=122, margin_change=-0.04, as_of=date(2026, 9, 18))[1]
    assert on_file == "last day for notice 18 Jan 2027; margin down 4.0 points"
    assert one(days_to_notice=0, margin_change=-0.04, as_of=date(2026, 9, 18))[1].startswith(
        "last day for notice 18 Sep 2026;"
    )
    gone = one(days_to_notice=-1, growth_share=0.0, fell=False, as_of=date(2026, 9, 18))[1]
    assert gone == "sales unchanged; too late for notice this time"
    fell = {"fell": True, "change_share": -0.28, "silence_times": 0.4, **RIVAL}
    assert one(**fell)[1] == "sales down 28% on the same months a year before; competitor Vantor"
    silent = {"fell": False, "change_share": -0.5, "silence_times": 3.0, "growth_share": 9.0}
    assert one(**silent)[1] == "silent for 3.0 times its longest gap"
    assert one(**silent, **RIVAL)[1] == "silent for 3.0 times its longest gap; competitor Vantor"
    assert one(growth_share=np.inf)[1] == "no sales in the year before"
    assert one(growth_share=-0.001)[1] == "sales unchanged"
    assert one() == ("review", "")


def test_a_rule_says_its_thresholds():
    rules = Rules(notice_within=90, margin_fall=0.025)
    frame = pd.DataFrame({"account_id": ["a"], "days_to_notice": [90], "margin_change": [-0.025]})
    assert kinds_of_work(frame, rules)["rule"].tolist() == [
        "last day for notice within 90 days and margin down by 2.5 points or more"
    ]


@pytest.mark.parametrize(
    ("rules", "figures", "expected"),
    [
        (Rules(unhappy=7), {"satisfaction": 7}, "assessment"),
        (Rules(happy=9), {"satisfaction": 8, "headroom_share": 0.6}, "review"),
        (Rules(growth=0.1), {"growth_share": 0.1, "headroom_share": 0.5}, "pursuit"),
        (Rules(headroom=0.7), {"growth_share": 0.3, "headroom_share": 0.6}, "review"),
        (Rules(strong_growth=2), {"growth_share": 1.9}, "review"),
        (Rules(silent_times=3), {"silence_times": 2.9}, "review"),
        (Rules(silent_days=30), {"silence_times": 2, "silence": 31}, "assessment"),
    ],
)
def test_every_threshold_is_a_parameter(rules, figures, expected):
    assert one(rules, **figures)[0] == expected


def test_any_type_that_a_ledger_may_hand_over():
    frame = pd.DataFrame(
        {
            "account_id": ["007", "008"],
            "fell": pd.array([True, None], dtype="boolean"),
            "days_to_notice": pd.array([None, 30], dtype="Int64"),
            "competitor": pd.array(["Vantor", None], dtype="str"),
            "left_on": [pd.NaT, pd.NaT],
        },
        index=[5, 5],
    )
    copy = frame.copy()
    found = kinds_of_work(frame)
    assert found["account_id"].tolist() == ["007", "008"]
    assert found["work"].tolist() == ["rescue", "review"]
    pd.testing.assert_frame_equal(frame, copy)
    assert kinds_of_work(frame.head(0)).columns.tolist() == ["account_id", "work", "rule", "figures"]


STORY = {
    "0010100": ("assessment", "last day for notice 20 Oct 2026; margin down 4.0 points; competitor Vantor"),
    "0010200": ("rescue", "sales down 29% on the same months a year before; competitor Brenntal Pumpen"),
    "0010300": ("pursuit", "sales up 217% on the year before; 72% of its spend is bought elsewhere"),
    "0010400": ("review", "sales up 6% on the year before; satisfaction 8.8 of 10; relationship tied to the company"),
    "0010700": ("assessment", "margin down 7.0 points"),
    "0011800": ("assessment", "left on 30 Nov 2024"),
}


@pytest.mark.parametrize("account_id", STORY)
def test_the_sample_s_story(lindmark, lindmark_ledger, account_id):
    found = kinds_of_work(lindmark, as_of=lindmark_ledger.as_of).set_index("account_id")
    work, figures = STORY[account_id]
    assert found.at[account_id, "work"] == work
    assert found.at[account_id, "figures"].startswith(figures)


def test_of_the_sample_s_large_accounts_only_tressel_needs_rescue(lindmark, lindmark_ledger):
    found = kinds_of_work(lindmark, as_of=lindmark_ledger.as_of)
    large = lindmark["revenue"] >= 0.01 * lindmark["revenue"].sum()
    assert found.loc[large.to_numpy() & (found["work"] == "rescue").to_numpy(), "account_id"].tolist() == ["0010200"]


def test_from_sales_alone_tressel_is_an_assessment_and_pellworth_still_one_to_win(lindmark):
    sales = lindmark[["account_id", "fell", "change_share", "growth_share", "silence_times", "silence"]]
    found = kinds_of_work(sales).set_index("account_id")["work"]
    assert found[["0010100", "0010200", "0010300", "0010400"]].tolist() == ["review", "assessment", "pursuit", "review"]
