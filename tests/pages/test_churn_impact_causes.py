"""03: what could take several at once, and what it makes of each customer's own chance; by hand for six customers."""

import math

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis.losses import CommonCause
from kam_analysis.pages.churn_impact.common_causes import CommonCauses

IDS = ("a", "b", "c", "d", "e", "f")


def departure(*follow: float) -> CommonCause:
    """A manager leaves with a chance of 0.5; each of `a` to `d` follows with such a part."""
    return CommonCause(0.5, [0, 1, 2, 3], list(follow), "Reiter")


CAUSES = CommonCauses(
    slumps={"slump": CommonCause(0.2, [3, 4], 0.5, "slump")},
    departures={"M1": departure(0.4, 0.4, 0.4, 0.4)},
    names={"slump": "slump", "M1": "Reiter", "M2": "Byrne"},
    account_ids=IDS,
    ends={"_low": {"M1": departure(0.2, 0.2, 0.2, 0.2)}, "_high": {"M1": departure(0.8, 0.8, 0.8, 0.8)}},
)
OWN = pd.DataFrame(
    {
        "account_id": [*IDS, "z"],
        "probability": [0.05, 0.3, 0.05, 0.05, 0.05, math.nan, 0.07],
        "low": [0.01, 0.2, math.nan, math.nan, 0.02, math.nan, math.nan],
        "high": [0.5, 0.35, math.nan, math.nan, 0.2, math.nan, math.nan],
        "basis": ["your figure", "your figure", "company average", "own rhythm", "own rhythm", "", "own rhythm"],
        "why": ["said"] * 7,
    }
)


@pytest.fixture
def raised() -> pd.DataFrame:
    return CAUSES.raised(OWN).set_index("account_id")


def test_a_chance_is_never_below_what_the_causes_bring(raised):
    # 0.5 x 0.4 of the departure; d: 1 - 0.8 x 0.9 with the slump; e: 0.2 x 0.5; f and z are in nobody's reach.
    assert raised["by_causes"].tolist() == pytest.approx([0.2, 0.2, 0.2, 0.28, 0.1, 0, 0])
    assert raised["probability"].tolist() == pytest.approx([0.2, 0.3, 0.2, 0.28, 0.1, math.nan, 0.07], nan_ok=True)
    assert raised["estimate"].tolist() == pytest.approx(OWN["probability"].tolist(), nan_ok=True)


def test_a_range_follows_those_who_follow_and_is_left_alone_where_nothing_was_raised(raised):
    # From 0.5 x 0.2 to 0.5 x 0.8, never below the account's own; b keeps its own, although its manager may go.
    low, high = raised["low"].tolist(), raised["high"].tolist()
    assert low == pytest.approx([0.1, 0.2, 0.1, 0.19, 0.1, math.nan, math.nan], nan_ok=True)
    assert high == pytest.approx([0.5, 0.35, 0.4, 0.46, 0.2, math.nan, math.nan], nan_ok=True)


def test_a_cause_without_a_range_gives_none_to_who_has_none():
    alone = CommonCauses({"slump": CommonCause(0.2, [0], 0.5, "slump")}, {}, {}, ("a",))
    chances = OWN.iloc[[2]].assign(account_id="a", probability=0.01)
    found = alone.raised(chances).iloc[0]
    assert (found["probability"], found["why"]) == (
        pytest.approx(0.1),
        "slump alone makes it 10% (company average: 1%)",
    )
    assert math.isnan(found["low"])
    assert math.isnan(found["high"])


def test_why_names_what_takes_the_customer_and_only_where_it_counts(raised):
    assert [plain(each) for each in raised["why"]] == [
        "Reiter leaving alone makes it 20% (your estimate: 5%)",
        "said",
        "Reiter leaving alone makes it 20% (company average: 5%)",
        "slump and Reiter leaving alone make it 28% (own rhythm: 5%)",
        "slump alone makes it 10% (own rhythm: 5%)",
        "said",
        "said",
    ]


def test_what_does_not_count_raises_nothing():
    assert CAUSES.raised(OWN, without=["M1"])["by_causes"].tolist() == pytest.approx([0, 0, 0, 0.1, 0.1, 0, 0])
    assert [each.name for each in CAUSES.counted(without=["slump"])] == ["Reiter"]
    assert [each.name for each in CAUSES.counted(leaving=False)] == ["slump"]
    assert [each.losses.tolist() for each in CAUSES.counted(without=["slump"], end="_high")] == [[0.8] * 4]
    assert CAUSES.keys == {"slump", "M1"}


def test_a_departure_that_is_not_announced_has_no_name():
    from dataclasses import replace

    from kam_analysis.pages.coverage.departures import UNNAMED

    secret = replace(CAUSES, departures={"M1": CommonCause(0.5, [0], 0.4, f"{UNNAMED} 1")}, ends={})
    why = secret.raised(OWN.iloc[:1])["why"].iloc[0]
    assert plain(why) == "what could take several at once alone makes it 20% (your estimate: 5%)"
