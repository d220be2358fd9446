"""03: what is chosen from among others: whose growth counts as new business, how many losses are too many, what comes first."""

from types import SimpleNamespace

import pandas as pd
import pytest
from test_churn_impact_cells import made
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.pages.churn_impact import advice, tables_chances
from kam_analysis.pages.words import listed


def test_the_largest_replace_nothing_unless_they_are_new():
    """Sales a month in each of three years: the new one is the largest; of those there before, the next four do not count."""
    by_year = {"New": (0, 0, 200), "L1": (100, 100, 150), "L2": (80, 80, 70), "L3": (60, 60, 65), "L4": (40, 40, 45),
               "Grown": (20, 20, 30), "Small": (5, 5, 5)}  # fmt: skip
    months = pd.date_range("2023-01-01", periods=36, freq="MS") + pd.Timedelta(days=9)
    rows = [(name, day, float(sold[at // 12])) for name, sold in by_year.items() for at, day in enumerate(months)]
    sales = pd.DataFrame(rows, columns=["account_id", "date", "revenue"]).query("revenue > 0")
    found = kam.churn_impact(kam.open_ledger(sales, as_of="2025-12-31"))
    assert list(found.worst[-1].account_ids) == ["New", "L1", "L2", "L3", "L4"]
    moves = found.pace["revenue"].moves.set_index("account_id")
    assert sorted(moves.index) == ["Grown", "New", "Small"]
    assert moves.loc[["New", "Grown"], "change"].tolist() == [2400.0, 120.0]
    assert found.pace["revenue"].new_customers.value == 2400.0


def cases(many):
    return [SimpleNamespace(label="Alder", exposure=100.0 * at, revenue=250.0 * at) for at in range(1, many + 1)]


@pytest.mark.parametrize(
    ("largest", "said"),
    [
        (0, "losing Alder alone takes us below break-even."),
        (1, "losing the two largest together takes us below break-even."),
        (2, "losing the three largest together takes us below break-even."),
        (3, ""),
    ],
)
def test_how_many_of_the_largest_we_can_lose(largest, said):
    found = SimpleNamespace(worst=cases(3), first_case=cases(1)[0], case_named="losing Alder", absorbable=SimpleNamespace(largest=largest),
                            contingency=None, budget=None, earned="margin", about=SimpleNamespace(unit="EUR"))  # fmt: skip
    plan, *cut = advice._plan(found)
    assert (plain(plan.what), plain(plan.at_stake)) == (
        "Agree what we do if it happens: losing Alder.",
        "€100 of margin a year at stake",
    )
    assert [plain(each.what) for each in cut] == ([f"Decide what is cut first: {said}"] if said else [])
    found.absorbable, found.budget = None, SimpleNamespace(revenue=1000.0)
    assert [plain(each.at_stake) for each in advice._plan(found)] == [
        "€100 of margin a year and 25% of budgeted sales at stake"
    ]
    found.first_case = None
    assert list(advice._plan(found)) == []


@pytest.mark.parametrize(
    ("now", "by", "said"),
    [
        (0.16, 0.01, "from 16% to 15% or less"), (0.54, 0.009, "from 54% to 53% or less"), (0.06, 0.014, "from 6% to 4% or less"),
        (0.04, 0.0355, "from 4.0% to 0.5% or less"), (0.534, 0.003, "from 53.4% to 53.1% or less"), (0.03, 0.0295, "from 3% to almost nothing"),
        (0.2, 0.03003, "from 20% to 17% or less"),
    ],
)  # fmt: skip
def test_how_far_a_risk_must_fall_has_no_more_digits_than_a_chance(now, by, said):
    assert plain(advice.risk_falls(now, by)) == said


def test_what_drives_the_bad_year_comes_first_and_without_one_what_we_earn():
    rows = made().accounts.sort_values("exposure", ascending=False, ignore_index=True)
    turned = rows.assign(contribution=[float(at) for at in range(len(rows))])
    found = SimpleNamespace(
        accounts=turned, bad_year=0, exposed=SimpleNamespace(has_margin=True), about=SimpleNamespace(unit="EUR")
    )
    ids, driving = rows["account_id"].tolist(), tables_chances.accounts(found)
    assert (driving.caption, driving.rows["account_id"].tolist()) == ("What drives the bad-year loss", ids[::-1])
    found.bad_year = None
    without = tables_chances.accounts(found)
    assert (without.caption, without.rows["account_id"].tolist()) == ("The largest customers", ids)


@pytest.mark.parametrize(
    ("names", "said"), [("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C"), ("ABCD", "A, B, C and D")]
)
def test_names_are_listed_as_a_sentence_does(names, said):
    assert listed(list(names)) == said
