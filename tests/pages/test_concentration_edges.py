"""What 01 says at its edges: more names than fit, a notice that is near, months outside the period, a customer's own line."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from concentration_for_tests import DAYS, book, found, whole
from words_for_tests import plain

from kam_analysis.analysis import concentration as kam
from kam_analysis.pages.concentration import advice, books, months, tables
from kam_analysis.pages.who_acts import WhoActs


@pytest.fixture(scope="module")
def all_of_it():
    return whole()


def falling(names):
    return pd.DataFrame(
        {
            "account_id": [f"X-{at}" for at, _ in enumerate(names)],
            "account_name": names,
            "change_share": [-0.15 - at / 10 for at, _ in enumerate(names)],
            "compared_with": "the 6 months before",
        }
    )


@pytest.mark.parametrize(
    ("many", "said"),
    [
        (3, "A is down 15% on the 6 months before, B is down 25% on the 6 months before, C is down 35% on the 6 months before."),
        (5, "A is down 15% on the 6 months before, B is down 25% on the 6 months before, C is down 35% on the 6 months before "
            "and 2 more."),
    ],
)  # fmt: skip
def test_three_short_falls_are_named_and_the_others_counted(all_of_it, many, said):
    of = replace(all_of_it, short_falls=falling(list("ABCDE")[:many]))
    assert plain(of.falls_table().notes[0]).endswith(f"these fell by more than is normal for them: {said}")


@pytest.mark.parametrize(
    ("last_day", "said"),
    [
        (date(2026, 3, 30), ""),  # too late this time
        (date(2026, 3, 31), " It can give notice until 31 Mar 2026."),
        (date(2026, 9, 27), " It can give notice until 27 Sep 2026."),  # 180 days on
        (date(2026, 9, 28), ""),
    ],
)
def test_a_group_that_can_leave_within_half_a_year_is_said(all_of_it, last_day, said):
    traits = pd.DataFrame({"account_id": ["D-04"], "notice_by": pd.to_datetime([last_day])})
    of = replace(all_of_it, acts=WhoActs(as_of=date(2026, 3, 31), traits=traits))
    assert plain(advice.next_steps(of)[0].what).endswith(f"reaches 10%.{said}")


def test_a_highlighted_customer_has_a_line_in_place_of_the_largest(all_of_it):
    course = pd.Series([0.1, 0.11, 0.12, 0.13], name="Elm Works")
    figure = replace(all_of_it, course=course).trend_chart()
    named = [each.hovertemplate.partition(":")[0] for each in figure.data[:-1]]
    assert named == ["ten largest", "five largest", "Elm Works"]
    assert [each.line.width for each in figure.data[:-1]] == [1.5, 1.5, 2.5]
    plainly = [each.hovertemplate.partition(":")[0] for each in all_of_it.trend_chart().data[:-1]]
    assert plainly == ["ten largest", "five largest", "largest"]


def test_a_range_counts_the_complete_months_of_the_period_alone(monkeypatch):
    ends = pd.date_range("2025-01-01", "2026-05-01", freq="MS")
    totals = pd.DataFrame({"month": ends, "amount": 1.0, "complete": ends != pd.Timestamp("2026-03-01")})
    accounts = pd.DataFrame({"account_id": "a", "month": ends, "revenue": 1.0, "complete": True})
    asked = {}

    def sureness(seen, totals, *rest, **more):
        asked.update(more, accounts=seen["month"].max(), totals=totals["month"].max())
        return []

    monkeypatch.setattr(kam, "sureness", sureness)
    ledger = SimpleNamespace(period=replace(DAYS, first=date(2025, 4, 15)), measure="revenue")
    months.sureness(ledger, book(a=1.0), (accounts, totals))
    # April 2025 to March 2026, without March, which is not complete.
    assert asked == {"months": 11, "accounts": pd.Timestamp("2026-03-01"), "totals": pd.Timestamp("2026-03-01")}


def test_sales_are_compared_only_where_there_were_some_a_year_before():
    frames = {
        "now": pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [5.0]}),
        "then": pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [-5.0]}),
    }
    ledger = SimpleNamespace(
        measure="revenue",
        year_before=lambda days: "then",
        by_account=lambda days: frames[days if days == "then" else "now"],
    )
    assert books.so_far(ledger, "now") is None
    frames["then"]["revenue"] = 4.0
    now, then = books.so_far(ledger, "now")
    assert (now.total, then.total) == (5.0, 4.0)


def test_a_book_that_depends_less_on_its_largest_differs_by_less_than_nothing():
    wide, narrow = book(**dict.fromkeys("abcdefgh", 10.0)), book(a=60.0, b=20.0, c=20.0)
    said = {name: plain(text) for name, text in tables.moved(wide, narrow).items()}
    # 1 / 8 against 0.6; 5 / 8 against all; 8 equal customers against 1 / 0.44.
    assert said == {"n": "+5", "top_1": "-47.5 points", "top_5": "-37.5 points", "equal": "+5.7"}
    back = {name: plain(text) for name, text in tables.moved(narrow, wide).items()}
    assert back == {"n": "-5", "top_1": "+47.5 points", "top_5": "+37.5 points", "equal": "-5.7"}


def ends(figure):
    """Where the label at the end of each line of shares stands: above or below it."""
    return {
        words.text: words.yanchor
        for words in figure.layout.annotations
        if words.xanchor == "right" and words.yref == "y"
    }


def test_a_line_that_falls_has_its_label_below_where_nothing_is_near(all_of_it):
    trend = all_of_it.trend.assign(top_1_share=0.3, top_5_share=[0.75, 0.7, 0.65, 0.6], top_10_share=1.0)
    falling = replace(all_of_it, trend=trend).trend_chart()
    assert ends(falling) == {"ten largest 100%": "bottom", "five largest 60%": "top", "largest 30%": "bottom"}
    close = replace(all_of_it, trend=trend.assign(top_5_share=0.6, top_1_share=0.55)).trend_chart()
    assert ends(close) == {"ten largest 100%": "bottom", "five largest 60%": "bottom", "largest 55%": "top"}
    level = replace(all_of_it, trend=trend.assign(top_5_share=0.6)).trend_chart()
    assert ends(level) == {"ten largest 100%": "bottom", "five largest 60%": "bottom", "largest 30%": "bottom"}


@pytest.mark.parametrize(("many", "anchors"), [(12, ["left", "right"]), (6, ["right"])])
def test_what_a_mark_says_stands_on_the_side_with_room(many, anchors):
    # Of twelve equal customers the first five are left of 5.4, the ten that make 80% right of it; of six five are.
    figure = found(book(**dict.fromkeys("abcdefghijkl"[:many], 10.0))).pareto()
    said = [each for each in figure.layout.annotations if each.xref == "x2"]
    assert [each.xanchor for each in said] == anchors


@pytest.mark.parametrize(
    ("amounts", "title"),
    [
        ({"a": 7.0}, "One customer brings all sales"),
        ({"a": 7.0, "b": 2.0}, "2 of 2 customers bring 80% of sales"),
        ({"a": 9.0, "b": 1.0}, "1 of 2 customers bring 80% of sales"),
    ],
)
def test_the_chart_of_one_customer_does_not_count_them(amounts, title):
    assert plain(found(book(**amounts)).pareto().layout.meta["title"]) == title
