"""03: what the contingency plan watches, from months and signs that are made for it."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from kam_analysis.pages.churn_impact.contingency import _known_by, _looked_after, _weakest

AS_OF = date(2026, 6, 30)
# Thirty months: the weakest three of the two years before the last three are 1 + 2 + 4, the last three are weaker still.
SALES = [50.0] * 10 + [1.0, 2.0, 4.0] + [60.0] * 14 + [3.0, 2.0, 1.0]


def ledger(sales, *, first=date(2020, 1, 1), told_by_month=True, incomplete=0):
    """One customer's sales by month, the last one June 2026 or, where months are incomplete, later; and what is asked."""
    asked = []

    def by_account_month(ids, window, *, measure):
        asked.append((ids, window.first, window.last, measure))
        months = pd.date_range(end="2026-06-01", periods=len(sales), freq="MS")
        complete = [True] * (len(sales) - incomplete) + [False] * incomplete
        rows = pd.DataFrame({"account_id": "a", "month": months, "revenue": sales, "complete": complete})
        return rows[rows["month"] >= pd.Timestamp(window.first)].iloc[::-1]

    known = {"told_by_month": told_by_month, "as_of": AS_OF, "overview": SimpleNamespace(first=first)}
    return SimpleNamespace(by_account_month=by_account_month, asked=asked, **known)


def test_the_weakest_quarter_of_two_years_stands_beside_the_last_one():
    made = ledger([0.0] * 6 + SALES)  # what is longer ago tells nothing
    assert _weakest(made, ["a"]) == {"a": (7.0, 6.0)}
    assert made.asked == [(["a"], date(2023, 12, 30), AS_OF, "revenue")]
    begun_later = ledger(SALES, first=date(2024, 1, 15))
    _weakest(begun_later, ["a"])
    assert begun_later.asked[0][1] == date(2024, 1, 15)


def test_a_month_that_is_not_over_is_no_weak_one():
    assert _weakest(ledger([*SALES[1:], 0.0], incomplete=1), ["a"]) == {"a": (7.0, 6.0)}


@pytest.mark.parametrize(("months", "known"), [(26, False), (27, True)])
def test_it_takes_two_years_and_a_quarter(months, known):
    assert bool(_weakest(ledger(SALES[-months:]), ["a"])) is known


def test_yearly_totals_show_no_quarter():
    assert _weakest(ledger(SALES, told_by_month=False), ["a"]) == {}


def signs(**days):
    rows = [(kind, pd.Timestamp(each)) for kind, every in days.items() for each in every]
    return pd.DataFrame(rows, columns=["kind", "day"]).astype({"day": "datetime64[us]"})


@pytest.mark.parametrize(
    ("days", "known_by"),
    [
        ({"departure": ["2026-12-31"], "notice": ["2026-11-01", "2026-10-20"]}, date(2026, 10, 20)),
        ({"departure": ["2026-12-31"], "notice": [None]}, date(2026, 12, 31)),
        ({"departure": ["2026-05-31"]}, AS_OF),
        ({"orders": ["2026-12-31"]}, AS_OF),
    ],
)
def test_a_loss_is_known_by_the_first_notice_else_by_the_last_day(days, known_by):
    assert _known_by(signs(**days), date(2030, 1, 1), AS_OF) == known_by


@pytest.mark.parametrize(
    ("gone_from", "known_by"),
    [(date(2026, 8, 1), date(2026, 7, 31)), (AS_OF, AS_OF), (date(2029, 1, 1), date(2028, 4, 14))],
)
def test_a_loss_is_known_before_its_first_sales_are_missing_whatever_holds_another_customer(gone_from, known_by):
    """One customer of two has a contract for years, the other none."""
    assert _known_by(signs(notice=["2028-04-14"]), gone_from, AS_OF) == known_by


def test_who_looks_after_an_account():
    traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", None]}).set_index("account_id")
    assert [_looked_after(traits, each) for each in ("a", "b", "c")] == ["M1", "", ""]
    assert _looked_after(traits.drop(columns="account_manager_id"), "a") == ""
