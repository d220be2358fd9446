"""The rolling course against the book of each window, built by hand from monthly amounts."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c


def rolled(monthly):
    """Twelve-month windows of accounts by month, the long way: one column per account."""
    rows = []
    for end in range(12, len(monthly) + 1):
        sums = monthly.iloc[end - 12 : end].sum()
        above = sums[sums > 0].sort_values(ascending=False)
        tops = {f"top_{n}": above.head(n).sum() for n in (1, 5, 10)}
        rows.append(
            {"month": monthly.index[end - 1], "accounts": len(above), "total": above.sum(), "squares": (above**2).sum()}
            | tops
        )
    return pd.DataFrame(rows)


def test_each_window_is_the_book_of_its_twelve_months():
    rng = np.random.default_rng(5)
    months = pd.date_range("2024-01-01", periods=18, freq="MS")
    monthly = pd.DataFrame(rng.lognormal(3, 1.5, (18, 14)) - 5, index=months, columns=[f"a{i}" for i in range(14)])
    rolling = rolled(monthly)
    copy = rolling.copy()
    found = c.trend(rolling)
    pd.testing.assert_frame_equal(rolling, copy)
    assert found["month"].tolist() == months[11:].tolist()
    for at, row in found.iterrows():
        sums = monthly.iloc[at : at + 12].sum()
        book = c.concentrate(
            pd.DataFrame({"account_id": sums.index, "account_name": sums.index, "revenue": sums.to_numpy()}), "revenue"
        )
        assert row["accounts"] == book.n
        assert [row["top_1_share"], row["top_5_share"], row["top_10_share"]] == pytest.approx(
            [book.top(1), book.top(5), book.top(10)]
        )
        assert (row["hhi"], row["effective_accounts"]) == pytest.approx((book.hhi, book.effective_accounts))
        assert row["total"] == pytest.approx(book.total)


def test_a_window_without_sales_has_no_shares():
    empty = pd.DataFrame({"month": [pd.Timestamp("2024-01-01")], "accounts": [0], "total": [0.0], "squares": [0.0]})
    found = c.trend(empty.assign(top_1=0.0, top_5=0.0, top_10=0.0))
    assert found[["top_1_share", "hhi", "effective_accounts"]].isna().all(axis=None)
    assert found["total"].tolist() == [0.0]
    assert c.trend(empty.head(0).assign(top_1=0.0, top_5=0.0, top_10=0.0)).empty
