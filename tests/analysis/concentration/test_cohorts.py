"""Customers by first year: by hand, against a loop, and adding up to what was sold."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c

YEARS = [pd.Timestamp(year, 9, 18) for year in (2023, 2024, 2025, 2026)]


def sold(rows):
    frame = pd.DataFrame(rows, columns=["account_id", "year", "revenue"])
    return frame.assign(year=pd.to_datetime([YEARS[at] for at in frame["year"]])).astype({"account_id": "str"})


def told(found):
    """The course with years by place, None for those of nobody."""
    place = {year: at for at, year in enumerate(YEARS)}
    rows = found.course.itertuples(index=False)
    return [(place.get(row.first_year), place[row.year], row.customers, row.buying, row.amount) for row in rows]


def test_by_hand():
    rows = [("a", 0, 10.0), ("a", 1, 11.0), ("b", 0, 4.0), ("b", 2, 6.0), ("c", 1, -1.0), ("c", 2, 3.5), ("d", 1, -2.0)]
    found = c.cohorts(sold(rows), "revenue")
    assert told(found) == [
        (0, 0, 2, 2, 14.0),
        (0, 1, 2, 1, 11.0),
        (0, 2, 2, 1, 6.0),
        # c returned something before it first bought more than that.
        (2, 1, 1, 0, -1.0),
        (2, 2, 1, 1, 3.5),
        (None, 1, 0, 0, -2.0),
    ]
    assert found.years == YEARS[:3]
    latest = found.latest
    assert latest["customers_kept"].tolist() == [0.5, 1.0]
    assert latest["share"].tolist() == pytest.approx([6 / 9.5, 3.5 / 9.5])


def test_who_was_a_customer_before_is_won_in_that_year():
    rows = [("old", 0, 9.0), ("old", 2, 1.0), ("rare", 2, 5.0), ("new", 2, 7.0), ("late", 1, 2.0), ("back", 2, -3.0)]
    since = pd.Series(
        pd.to_datetime(["2009-03-01", "2024-09-18", "2026-01-01", None, "2001-01-01"]),
        ["rare", "new", "late", "old", "back"],
    )
    found = told(c.cohorts(sold(rows), "revenue", since))
    # On the last day of a year: of that year. Later than the first purchase: the purchase counts.
    assert [row[:3] for row in found if row[1] == 2] == [(0, 2, 2), (1, 2, 2), (None, 2, 0)]
    assert (0, 1, 2, 0, 0.0) in found


def test_nothing_and_a_year_of_returns_alone():
    assert c.cohorts(sold([]), "revenue").course.empty
    assert c.cohorts(sold([]), "revenue").latest.empty
    only = c.cohorts(sold([("a", 0, -5.0)]), "revenue")
    assert told(only) == [(None, 0, 0, 0, -5.0)]
    assert only.latest["share"].isna().all()


@given(st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), st.integers(-300, 10_000), max_size=16))
def test_equals_a_loop_and_adds_up_to_the_cent(drawn):
    sales = sold([(account, year, cents / 100) for (account, year), cents in drawn.items()])
    used = sorted({year for _, year in drawn})
    first = {
        account: min((year for year in used if drawn.get((account, year), 0) > 0), default=None)
        for account in {account for account, _ in drawn}
    }
    wanted = []
    for cohort in [*used, None]:
        members = [account for account, began in first.items() if began == cohort]
        for year in used:
            amounts = [drawn.get((account, year), 0) for account in members]
            if (cohort is not None and members and year >= cohort) or sum(amounts):
                size = 0 if cohort is None else len(members)
                wanted.append((cohort, year, size, sum(each > 0 for each in amounts), sum(amounts) / 100))
    found = c.cohorts(sales, "revenue")
    assert told(found) == wanted
    for year in used:
        amounts = found.course.loc[found.course["year"] == YEARS[year], "amount"]
        assert sum(round(each * 100) for each in amounts) == sum(
            cents for (_, at), cents in drawn.items() if at == year
        )
