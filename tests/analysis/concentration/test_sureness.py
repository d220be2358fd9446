"""Intervals of the page's figures: by the months of the accounts themselves, and with others as one block."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.sureness import matrix

MONTHS = pd.date_range("2025-01-01", periods=13, freq="MS")


@pytest.fixture(scope="module")
def amounts():
    """Forty customers by thirteen months, the last of them incomplete."""
    rng = np.random.default_rng(5)
    return rng.lognormal(0, 1.5, 40)[:, None] * rng.lognormal(0, 0.4, (40, 13))


def frames(amounts, named):
    ids = [f"{n:03d}" for n in range(len(amounts))]
    long = pd.DataFrame(amounts, index=ids, columns=MONTHS).rename_axis("account_id").reset_index()
    long = long.melt("account_id", var_name="month", value_name="revenue")
    long["complete"] = long["month"] < MONTHS[-1]
    totals = long.groupby(["month", "complete"], as_index=False)["revenue"].sum().rename(columns={"revenue": "amount"})
    whole = long[long["complete"]].groupby("account_id", as_index=False)["revenue"].sum()
    book = c.concentrate(whole.assign(account_name=whole["account_id"]), "revenue")
    shown = book.accounts["account_id"].head(named)
    return long[long["account_id"].isin(shown)], totals, book


def test_values_are_those_of_the_whole_book(amounts):
    book = frames(amounts, 40)[2]
    found = {
        each.name: each.interval
        for each in c.sureness(*frames(amounts, 40), "revenue", np.random.default_rng(1), trials=20)
    }
    assert found["largest customer"].value == pytest.approx(book.top(1))
    assert found["ten largest"].value == pytest.approx(book.top(10))
    assert found["equal customers"].value == pytest.approx(book.effective_accounts)
    assert all(each.low < each.value < each.high for each in found.values())


def test_the_incomplete_month_is_left_out(amounts):
    account_months, totals, _ = frames(amounts, 40)
    assert matrix(account_months, totals, "revenue").shape == (41, 12)


def test_others_as_one_block_keep_value_and_nearly_the_bounds(amounts):
    def intervals(named):
        found = c.sureness(*frames(amounts, named), "revenue", np.random.default_rng(1), trials=20)
        return {each.name: each.interval for each in found}

    whole, block = intervals(40), intervals(15)
    for name, each in block.items():
        assert each.value == pytest.approx(whole[name].value)
        assert each.low == pytest.approx(whole[name].low, rel=0.05)
        assert each.high == pytest.approx(whole[name].high, rel=0.05)


def test_less_than_a_year_gives_no_intervals(amounts):
    account_months, totals, book = frames(amounts, 40)
    recent = account_months["month"] > MONTHS[2]
    assert c.sureness(account_months[recent], totals, book, "revenue", np.random.default_rng(1)) == []
