"""What 02 says where capacity is just used up, where values tie, and what it compares with."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from key_accounts_for_tests import company
from words_for_tests import plain

from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.key_accounts import answer, programme, reasons, tables


@pytest.mark.parametrize(
    ("limit", "tone", "title", "note"),
    [
        (2, "bad", "The 2 most valuable of 3 key accounts are served",
         "You have capacity for 2 key accounts and 3 qualify, so the 2 most valuable are served."),
        (3, "", "3 key accounts, and no room for more",
         "You have capacity for 3 key accounts and 3 qualify. To qualify, a customer needs 10% of something that matters: all "
         "sales, the margin, a product line."),
        (4, "", "3 key accounts, and room for 1 more",
         "You have capacity for 4 key accounts and 3 qualify. To qualify, a customer needs 10% of something that matters: all "
         "sales, the margin, a product line."),
    ],
)  # fmt: skip
def test_capacity_is_exceeded_by_one_more_and_not_by_the_last(limit, tone, title, note):
    found = company(limit=limit)
    assert answer.key_figures(found)[0].tone == tone
    assert found.served_chart().layout.meta["title"] == title
    assert plain(tables.threshold_table(found).notes[0]) == note
    [cut] = [each for each in found.keys_table().columns if each.name == "served"]
    assert cut.on_page == (limit < 3)
    assert any("so the list is cut by value" in each for each in answer.caveats(found)) == (limit < 3)


def test_whoever_is_as_valuable_as_a_key_account_is_not_named_and_whoever_is_more_is():
    found = company()
    as_valuable = found.scores.assign(score=[0.9, 0.8, 0.5, 0.5, 0.3, 0.2])
    assert len(tables.threshold_table(replace(found, scores=as_valuable)).notes) == 1
    more = found.scores.assign(score=[0.9, 0.8, 0.5, 0.51, 0.3, 0.2])
    assert plain(tables.threshold_table(replace(found, scores=more)).notes[1]) == (
        "Dag (0.51) is the most valuable of all who are not key: a high value alone does not make a customer key."
    )


def test_a_place_counts_those_that_are_more_valuable():
    scores = company().scores.assign(score=[0.9, 0.9, 0.5, 0.5, 0.5, None])
    of = replace(company(), scores=scores)
    said = [plain(reasons.where_it_stands(replace(of, customer=each))) for each in ("bo", "dag", "fay")]
    assert said == [
        "Bo is number 1 of 5 by value (0.90 of 1). It is key (30% of sales).",
        "Dag is number 3 of 5 by value (0.50 of 1). It is not key (highest share 8.0% of sales).",
        "Fay is not assessed by value. It is not key (highest share 6.0% of sales).",
    ]


@pytest.mark.parametrize("earlier", [None, Period(date(2023, 1, 1), date(2023, 12, 31), "2023")])
def test_the_trend_is_the_earlier_year_or_the_halves_of_the_year_before(earlier):
    before = Period(date(2024, 1, 1), date(2024, 12, 31), "2024")
    found = programme._trend(SimpleNamespace(year_before=lambda days: earlier), before)
    days = {name: (each.first, each.last) for name, each in found.items()}
    halves = {
        "earlier": (date(2024, 1, 1), date(2024, 6, 30)),
        "recent": (date(2024, 7, 1), date(2024, 12, 31)),  # no day is in both
    }
    assert days == ({"earlier": (earlier.first, earlier.last)} if earlier else halves)
