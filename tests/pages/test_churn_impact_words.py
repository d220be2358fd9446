"""How `03_churn_impact` puts things: fractions, lengths of time, and people as the settings allow them to be named."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from kam_analysis.analysis import losses, recovery
from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.pages.churn_impact.advice import _decides_by
from kam_analysis.pages.churn_impact.answer import (
    answer,
    called,
    fraction,
    replace_figure,
    time_to_replace,
    years_in_words,
)
from kam_analysis.pages.churn_impact.likely_losses import margin_by_month
from kam_analysis.pages.churn_impact.overrides import Overrides


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.199, "a fifth"), (0.212, "a fifth"), (0.213, "21%"), (0.5, "half"), (0.34, "a third"), (0.61, "61%"), (0.1, "a tenth")],
)  # fmt: skip
def test_parts_that_are_near_a_fraction_are_called_one(share, said):
    assert plain(fraction(share)) == said


@pytest.mark.parametrize(
    ("months", "said"), [(14.9, "15 months"), (1, "1 month"), (36, "three years"), (29, "29 months"), (68, "six years")]
)
def test_lengths_of_time(months, said):
    assert years_in_words(months / 12) == said


NEVER = float("inf")


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((5.7, 7.9), "six to eight years"), ((5.7, 5.9), "six years"), ((5.7, NEVER), "at least five years"),
        ((1.2, 1.6), "14 to 19 months"), ((1.2, 2.6), "14 months to three years"), ((1.2, 1.202), "14 months"),
        ((0.5, NEVER), "at least 6 months"), ((1.23, NEVER), "at least 14 months"), ((NEVER, NEVER), "not in sight"), ((60, 80), "not in sight"),
    ],
)  # fmt: skip
def test_the_time_to_replace_is_said_in_one_way(years, said):
    assert time_to_replace(SimpleNamespace(case_way=SimpleNamespace(years=years))) == said


@pytest.mark.parametrize(
    ("years", "said"), [((5.7, NEVER), "5+ years"), ((1.23, NEVER), "14+ months"), ((5.7, 7.9), "Six to eight years")]
)
def test_a_tile_says_the_time_to_replace_on_one_line(years, said):
    new, net = (SimpleNamespace(months_of_any_length=12 * each) for each in years)
    way = SimpleNamespace(years=years, by_new_customers=new, by_net=net)
    figure = replace_figure(SimpleNamespace(case_way=way, named=False))
    assert (figure.label, figure.value) == ("Time to replace the largest", said)


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((1.2, 1.6), "Losing Ash costs €90 of margin a year and takes 14 to 19 months to replace."),
        ((NEVER, NEVER), "Losing Ash costs €90 of margin a year, and new business would not replace it."),
        (None, "Losing Ash costs €90 of margin a year."),
    ],
)
def test_the_answer_where_new_business_replaces_it_in_time_never_or_nobody_knows(years, said):
    way = SimpleNamespace(years=years) if years else None
    case, about = SimpleNamespace(exposure=90.0, label="Ash", accounts=1), SimpleNamespace(unit="EUR")
    found = SimpleNamespace(case=case, about=about, earned="margin", case_way=way, named=None)
    assert plain(answer(found)) == said


def test_the_course_by_month_is_of_the_accounts_of_the_bad_year():
    """An account without a chance of leaving is left out, not taken for one that never leaves."""
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1200.0, 600.0]})
    exposed = recovery.exposures(rows)
    found = SimpleNamespace(
        exposed=exposed,
        bad_year=losses.bad_year(exposed.amounts, [float("nan"), 1.0]),
        about=SimpleNamespace(as_of=date(2026, 6, 30)),
        held=losses.under_contract(None, exposed.accounts["account_id"], date(2026, 6, 30)),
        departing=SimpleNamespace(managers=pd.DataFrame(columns=["account_manager_id", "leaving_on"])),
        common=SimpleNamespace(departures={}),
        pace={},
        overrides=Overrides(plan_months=12),
        assumed={"ramp_months": SimpleNamespace(value=6)},
    )
    paths = margin_by_month(found)
    assert paths.start == pytest.approx(600 / 12)
    assert paths.mean[-1] == 0
    found.bad_year = None
    assert margin_by_month(found) is None


@pytest.mark.parametrize(
    ("leaving", "lost", "said"),
    [
        ({"M1": "Reiter", "M2": "Roth"}, ["a", "c"], "Reiter and Roth with Ash and Corvo"),
        ({"M1": "Reiter"}, [], "Reiter"),
        ({}, ["a", "b", "c"], "Ash, Birch and Corvo"),
        ({}, ["a", "b", "c", "d"], "Ash, Birch and 2 more"),
        ({}, ["b"], "the case of Birch"),
    ],
)
def test_a_loss_is_called_by_its_accounts_after_managers_who_leave(leaving, lost, said):
    known = pd.DataFrame({"account_id": list("abcd"), "account_name": ["Ash", "Birch", "Corvo", "Dorn"]})
    loss = SimpleNamespace(account_ids=lost, accounts=len(lost), label="the case of Birch")
    found = SimpleNamespace(
        named=loss, overrides=SimpleNamespace(leaving=leaving), exposed=SimpleNamespace(known=known)
    )
    assert called(found, loss) == said
    # Of another loss than the one that was asked for nobody who leaves is told.
    found.named = None
    assert ("Reiter" in called(found, loss)) is False


def test_who_decides_within_half_a_year_is_told_each_by_its_first_day():
    as_of = pd.Timestamp("2026-06-30")
    last = as_of + pd.Timedelta(days=RENEWAL_DAYS)
    rows = [("a", "by", last), ("a", "by", as_of), ("b", "by", last + pd.Timedelta(days=1)), ("c", "over", as_of)]
    contracts = pd.DataFrame(rows, columns=["account_id", "when", "notice_by"])
    found = SimpleNamespace(contracted=SimpleNamespace(contracts=contracts), about=SimpleNamespace(as_of=as_of.date()))
    assert _decides_by(found) == {"a": last.date()}
    assert _decides_by(SimpleNamespace(contracted=None)) == {}
