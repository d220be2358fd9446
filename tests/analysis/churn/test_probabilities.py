"""Which figure each account gets, in what order, and what it rests on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn.probabilities import BASES

DAY = "2025-12-31"
AVERAGE = churn.Average(0.04, 0.02, 0.07, "9 of 225 accounts left", 9, 225)
QUIET = churn.Average(0.4, 0.2, 0.6, "4 of 10 quiet accounts left", 4, 10)
ENDING = pd.DataFrame({"account_id": ["A001", "A002"], "ends_on": pd.to_datetime(["2026-03-31", "2026-06-30"])})
ENDING["notice_by"] = pd.to_datetime(["2026-03-31", "2026-04-01"])
CONTRACTS = churn.Renewals(
    ENDING, churn.Average(0.2, 0.1, 0.3, "2 of 10 contracts that ended were not followed", 2, 10), 10, 2, 0
)
OWN = pd.DataFrame({"account_id": ["A001", "A000", "A009"], "churn_probability": [0.16, np.nan, 0.5]})


@pytest.fixture
def today(standing_at):
    """A000 to A005: as usual, as usual, as usual, quiet, too few purchases, lost."""
    last = ["2025-12-20", "2025-12-20", "2025-12-20", "2025-09-01", "2025-12-20", "2024-11-01"]
    return standing_at(DAY, last, quiet=[False] * 3 + [True] + [False] * 2, purchase_days=[60] * 4 + [np.nan, 60])


@pytest.fixture(scope="module")
def told(company_told):
    return company_told


def test_the_first_figure_that_is_there(today, told):
    found = churn.probabilities(today, OWN, CONTRACTS, told, AVERAGE, QUIET).set_index("account_id")
    assert found["basis"].tolist() == [
        "from its own rhythm", "your figure", "contract", "from its own rhythm", "company average", "lost",
    ]  # fmt: skip
    assert found.loc[["A001", "A002", "A004", "A005"], "probability"].tolist() == [0.16, 0.2, 0.04, 1.0]
    assert found.loc["A003", "probability"] > found.loc["A000", "probability"]
    assert found.loc["A001", ["low", "high"]].isna().all()
    assert found.loc["A002", "why"] == (
        "notice possible until 2026-04-01, contract ends on 2026-06-30; 2 of 10 contracts that ended were not followed"
    )
    assert found.loc["A005", "why"] == "silent for 425 days"
    assert found["why"].tolist()[0] == "last bought 11 days ago; its longest gap was 40"
    assert set(found["basis"]) <= set(BASES)
    assert (found["why"] != "").all()


def test_own_figures_have_the_range_of_their_odds(today):
    """By hand: 0.2 is odds of 1 to 4; halved 1 to 8, doubled 1 to 2. Certain ones stay certain."""
    own = pd.DataFrame({"account_id": ["A000", "A001", "A002"], "churn_probability": [0.2, 0.0, 1.0]})
    found = churn.probabilities(today, own, own_odds=(1, 0.5, 2)).head(3)
    assert found["low"].tolist() == pytest.approx([1 / 9, 0, 1])
    assert found["high"].tolist() == pytest.approx([1 / 3, 0, 1])
    assert found["why"].iloc[0] == "your own figure; range: its odds times 0.5 to 2"
    twice = churn.probabilities(today, own, own_odds=(2, 1, 3)).iloc[0]
    assert (twice["probability"], twice["low"]) == pytest.approx((1 / 3, 0.2))
    assert twice["why"] == "your own figure, its odds times 2; range: its odds times 1 to 3"


def test_still_there_is_told_beside_leaving_whatever_the_chance_rests_on(today, told):
    """Whoever is still there may leave; whoever has gone has left: the second is never the smaller one."""
    found = churn.probabilities(today, OWN, CONTRACTS, told, AVERAGE, QUIET)
    assert found["alive"].isna().tolist() == [False] * 4 + [True, False]
    assert found["alive"].iloc[5] == 0
    assert found["alive"].iloc[3] < found["alive"].iloc[0]
    raw = churn.leaving(today.head(4), told.own.rhythm)
    assert (raw.leave >= 1 - raw.alive - 1e-12).all()


def test_signals_that_won_are_called_the_companys_history(today, told):
    won = replace(
        told, own=replace(told.own, coefficients=[0.0, 1.0, -0.5], covariance=np.eye(3) / 99, signals=change())
    )
    found = churn.probabilities(today.assign(half_change=[-0.5] * 6), told=won)
    assert set(found["basis"][:4]) == {"from your history"}
    assert (
        found["why"].iloc[0]
        == "last bought 11 days ago; its longest gap was 40; bought 67% less than in the half-year before"
    )


def change():
    return churn.Signals((churn.FEATURES[0],), [-1.0], [1.0], [0.0], [0.3])


def test_quiet_accounts_have_their_own_average(today):
    found = churn.probabilities(today, average=AVERAGE, quiet=QUIET)
    assert found["probability"].tolist() == [0.04, 0.04, 0.04, 0.4, 0.04, 1.0]
    assert found["why"].tolist()[3] == "4 of 10 quiet accounts left"
    alone = churn.probabilities(today, average=AVERAGE)
    assert alone["probability"].isna().tolist() == [False] * 3 + [True] + [False] * 2
    assert alone["why"].tolist()[3] == "quiet, and too few quiet customers were seen for an average of their own"


def test_an_assumption_is_called_one(today):
    assumed = churn.Average(0.05, 0.03, 0.1, "sales director's estimate")
    found = churn.probabilities(today, average=assumed)
    assert found["basis"].tolist() == ["your assumption"] * 5 + ["lost"]
    assert found["why"].tolist()[0] == "sales director's estimate"


def test_nothing_known_is_not_assessed(today):
    found = churn.probabilities(today)
    assert found["basis"].tolist() == ["not assessed"] * 5 + ["lost"]
    assert found["probability"].isna().sum() == 5


def test_where_it_is_too_late_for_notice_the_contract_gives_no_figure_and_that_is_said(today):
    late = churn.Renewals(ENDING.iloc[1:], CONTRACTS.average, 10, 2, 0, too_late=ENDING.iloc[:1])
    found = churn.probabilities(today, contracts=late, average=AVERAGE).set_index("account_id")
    assert found["basis"].tolist()[:3] == ["company average", "company average", "contract"]
    assert found["why"].tolist()[0] == AVERAGE.source
    assert found.loc["A001", "why"] == (
        f"{AVERAGE.source}; too late for notice on the contract that ends on 2026-03-31"
    )


def test_too_few_contracts_give_no_figure(today):
    few = churn.Renewals(ENDING, None, 3, 1, 0)
    assert churn.probabilities(today, contracts=few, average=AVERAGE)["basis"].tolist()[1] == "company average"


def test_contracts_of_which_none_ends_change_nothing(today):
    none = churn.Renewals(ENDING.iloc[:0], CONTRACTS.average, 10, 2, 0)
    assert churn.probabilities(today, contracts=none, average=AVERAGE)["basis"].tolist()[1] == "company average"


def test_confirmed_losses_say_their_day(today):
    left = today.assign(left_on=pd.Timestamp(2025, 10, 1), lost=True)
    assert set(churn.probabilities(left)["why"]) == {"left on 2025-10-01"}


@pytest.mark.parametrize("wrong", [1.2, -0.01])
def test_own_figures_outside_0_to_1_are_refused(today, wrong):
    own = pd.DataFrame({"account_id": ["A001", "A002"], "churn_probability": [wrong, 0.1]})
    with pytest.raises(ValueError, match=r"churn_probability: expected 0-1, got others in 1 accounts \(A001\)"):
        churn.probabilities(today, own)


def test_own_figures_of_0_and_1_are_figures(today):
    own = pd.DataFrame({"account_id": ["A000", "A001"], "churn_probability": [0.0, 1.0]})
    assert churn.probabilities(today, own, average=AVERAGE)["probability"].tolist()[:2] == [0.0, 1.0]


def test_order_of_accounts_changes_nothing_and_ranges_hold_their_figure(today, told):
    given = (OWN, CONTRACTS, told, AVERAGE, QUIET)
    found = churn.probabilities(today, *given)
    turned = churn.probabilities(today.iloc[::-1], *given)
    pd.testing.assert_frame_equal(turned.iloc[::-1].reset_index(drop=True), found)
    ranged = found.dropna(subset="low")
    assert ((ranged["low"] <= ranged["probability"]) & (ranged["probability"] <= ranged["high"])).all()


def test_what_was_learnt_over_two_years_is_told_for_one():
    """Two years of a year's chance give the two years' chance back; a year's own figures stay."""
    found = pd.DataFrame({"account_id": list("abc"), "basis": ["company average", "from its own rhythm", "lost"]})
    found = found.assign(probability=[0.3, 0.3, 1.0], low=[0.1, 0.1, 1.0], high=[0.6, 0.6, 1.0])
    told = churn.within_a_year(found, 24)
    assert (1 - (1 - told["probability"]) ** 2)[0] == pytest.approx(0.3)
    assert told.loc[1:].equals(found.loc[1:])
    pd.testing.assert_frame_equal(churn.within_a_year(found, 12), found)
