"""03 exactly at its limits: how many cases and customers have a row, and by what all chances may be off together."""

from dataclasses import replace
from types import SimpleNamespace

import churn_impact_for_tests as made
import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis import recovery
from kam_analysis.pages.churn_impact import coming_back, likely_losses, tables_recovery


def test_of_the_worst_cases_three_have_their_recovery_in_the_table():
    found = made.made()
    four = replace(found, worst=recovery.worst_cases(found.exposed, 4))
    four = replace(four, recovery=coming_back.every_way(four))
    assert four.recovery["label"].nunique() == 4
    told = [row["label"] for row in four.recovery_table().written()]
    assert list(dict.fromkeys(told)) == ["Aldwick Mills", "and Brack & Sons", "and Corvo Foods"]


def test_five_key_accounts_have_a_row_on_what_keeping_them_is_worth():
    found = made.made()
    for many, note in ((5, ""), (6, "1"), (8, "3")):
        rows = pd.concat([found.keeping.head(1)] * many, ignore_index=True)
        table = replace(found, keeping=rows).keeping_table()
        assert len(table.written()) == 5
        more = tables_recovery.say("worth.more", number=note) if note else ""
        assert plain(table.notes[0]).endswith(plain(more))
        assert (tables_recovery.say("worth.more", number=many - 5) in table.notes[0]) == bool(note)


def test_twelve_who_may_be_gone_have_a_row_and_the_others_are_counted():
    found = made.made()
    assert len(found.perhaps_gone) == 13
    for many, more in ((12, 0), (13, 1)):
        table = replace(found, perhaps_gone=found.perhaps_gone.head(many)).perhaps_gone_table()
        assert (len(table.written()), len(table.notes)) == (12, 1 + more)
    assert "1 smaller customer" in table.notes[1]


def range_of(chances, least=0.0, expected=0.0, most=0.0, told=None):
    leavers = SimpleNamespace(least=least, expected=expected, most=most)
    return likely_losses._common_range(SimpleNamespace(leavers=leavers, chances=chances, told=told))


def test_all_chances_may_be_off_by_the_range_of_who_leaves_else_by_their_own():
    chances = pd.DataFrame(
        [("your figure", 0.2, 0.1, 0.4), ("company average", 0.3, 0.2, None), ("lost", 1.0, 1.0, 1.0), ("not assessed", None, None, None)],
        columns=["basis", "probability", "low", "high"],
    ).astype({"probability": float, "low": float, "high": float})  # fmt: skip
    assert range_of(chances, 1.0, 2.0, 5.0, told="a rhythm") == (1.0, 0.5, 2.5)
    assert range_of(chances, 2.0, 2.0, 5.0, told="a rhythm") is None
    assert range_of(chances, 1.0, 5.0, 5.0, told="a rhythm") is None
    # Of 0.5 in all: 0.3 at least; at most 0.7, for of one no end is known.
    assert range_of(chances) == pytest.approx((1.0, 0.6, 1.4))
    level = chances.assign(low=chances["probability"], high=chances["probability"])
    assert (range_of(level), range_of(chances.tail(2))) == (None, None)


def test_figures_that_cannot_be_told_are_published_without_a_value():
    found = made.made()
    whole = found.result().document()["figures"]
    unknown = replace(found, this_year=None).result().document()["figures"]
    assert {name for name, each in unknown.items() if each["value"] is None and whole[name]["value"] is not None} == {
        "expected_loss", "bad_year_loss", "bad_year_average", "bad_year_loss_this_year",
    }  # fmt: skip
