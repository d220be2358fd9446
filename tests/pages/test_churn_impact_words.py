"""How `03_churn_impact` puts things: fractions, lengths of time, and people as the settings allow them to be named."""

from types import SimpleNamespace

import pandas as pd
import pytest

from kam_analysis.analysis import losses, recovery
from kam_analysis.pages import words
from kam_analysis.pages.churn_impact.answer import fraction, months_in_words
from kam_analysis.pages.churn_impact.likely_losses import margin_by_month
from kam_analysis.pages.churn_impact.overrides import Overrides

MANAGERS = pd.DataFrame({"manager_id": ["M1", "M2"], "manager_name": ["Jonas Reiter", None]})


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.199, "a fifth"), (0.212, "a fifth"), (0.213, "21 %"), (0.5, "half"), (0.34, "a third"), (0.61, "61 %"), (0.1, "a tenth")],
)  # fmt: skip
def test_parts_that_are_near_a_fraction_are_called_one(share, said):
    assert plain(fraction(share)) == said


@pytest.mark.parametrize(
    ("months", "said"), [(14.9, "15 months"), (1, "1 month"), (36, "three years"), (33, "33 months")]
)
def test_lengths_of_time(months, said):
    assert months_in_words(months) == said


@pytest.mark.parametrize(("names", "shown"), [("full", ["Jonas Reiter"]), ("initials", ["J. R."])])
def test_managers_are_named_as_the_settings_allow(names, shown):
    ledger = SimpleNamespace(table=lambda name: MANAGERS, has=lambda name: True, settings=SimpleNamespace(names=names))
    assert words.managers(ledger)["manager_name"].dropna().tolist() == shown


def test_without_names_only_ids_are_left():
    ledger = SimpleNamespace(table=lambda name: MANAGERS, has=lambda name: True, settings=SimpleNamespace(names="none"))
    assert "manager_name" not in words.managers(ledger)
    assert list(MANAGERS) == ["manager_id", "manager_name"]


def test_the_course_by_month_is_of_the_accounts_of_the_bad_year():
    """An account without a chance of leaving is left out, not taken for one that never leaves."""
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1200.0, 600.0]})
    exposed = recovery.exposures(rows)
    found = SimpleNamespace(
        exposed=exposed,
        bad_year=losses.bad_year(exposed.amounts, [float("nan"), 1.0]),
        pace={},
        overrides=Overrides(plan_months=12),
        assumed={"ramp_months": SimpleNamespace(value=6)},
    )
    paths = margin_by_month(found)
    assert paths.start == pytest.approx(600 / 12)
    assert paths.mean[-1] == 0
    found.bad_year = None
    assert margin_by_month(found) is None
