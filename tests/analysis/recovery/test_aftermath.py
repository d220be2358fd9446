"""What is left: concentration against a book built anew, lines and budget by hand, fixed costs as a statement."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis import recovery as r


def book(revenue, margin=None):
    names = [chr(97 + i) for i in range(len(revenue))]
    frame = pd.DataFrame({"account_id": names, "account_name": [name.upper() for name in names]})
    frame = frame.assign(revenue=np.array(revenue, dtype=float))
    return frame if margin is None else frame.assign(margin=np.array(margin, dtype=float))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=9), st.data())
def test_what_remains_is_the_book_of_the_others_built_anew(amounts, data):
    frame = book(amounts)
    found = r.exposures(frame)
    gone = data.draw(st.sets(st.sampled_from(frame["account_id"].tolist()), max_size=len(amounts) - 1))
    left = r.remains(found, r.lose_named(found, gone))
    other = c.concentrate(frame[~frame["account_id"].isin(gone)], "revenue")
    assert (left.accounts, left.revenue, left.exposure) == (other.n, other.total, other.total)
    assert (left.top_1_share, left.effective_accounts) == pytest.approx((other.top(1), other.effective_accounts))
    assert left.largest_id == other.accounts["account_id"].iloc[0]
    assert left.largest_share == pytest.approx(other.top(1))


def test_with_all_accounts_lost_nothing_is_left_and_nothing_is_said_of_it():
    found = r.exposures(book([5.0], [2.0]))
    lost = r.lose_largest(found, 1)
    left = r.remains(found, lost)
    assert (left.accounts, left.revenue, left.exposure, left.largest_id, left.largest_name) == (0, 0, 0, "", "")
    assert np.isnan([left.top_1_share, left.effective_accounts, left.largest_share]).all()
    assert r.balance_after(found, lost).empty
    assert r.cover(found, lost, 1.0).break_even_after is None
    assert (lost.exposure_share, lost.revenue_share) == (1, 1)


def test_dependence_moves_to_the_next_largest():
    found = r.exposures(book([60, 20, 15, 5]))
    known = pd.DataFrame({"account_id": list("bcd"), "wallet_share": [0.5, 0.1, 0.9], "exit_barrier": [0.3, None, 0.9]})
    after = r.balance_after(found, r.lose_largest(found, 1), known)
    assert after["account_id"].tolist() == ["b", "c", "d"]
    assert after["share"].tolist() == [0.5, 0.375, 0.125]
    assert after["their_dependence"].tolist() == pytest.approx([0.4, 0.1, 0.9])
    assert after["reading"].tolist() == ["we depend on it", "we depend on it", "balanced"]
    unknown = r.balance_after(found, r.lose_largest(found, 1))
    assert set(unknown["reading"]) == {"not assessed"}
    assert unknown["our_dependence"].tolist() == [1, 1, 1]


def test_lines_gone_by_hand():
    lines = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b", "b", "d", "d"],
            "account_name": list("AAABBDD"),
            "product_line": ["Skids", "Seals", None, "Skids", "Valves", "Seals", "Pumps"],
            "revenue": [30.0, 10.0, 99.0, 10.0, 5.0, -4.0, 8.0],
        }
    )
    found = r.lines_gone(lines, r.lose_largest(r.exposures(book([100, 20])), 1))
    # A credit note is no part of a line; a row without a line belongs to none.
    assert found.to_numpy().tolist() == [
        ["Seals", 10.0, 10.0, 1.0],
        ["Skids", 40.0, 30.0, 0.75],
        ["Pumps", 8.0, 0.0, 0.0],
        ["Valves", 5.0, 0.0, 0.0],
    ]


def test_receivables_are_what_is_known_of_them():
    found = r.exposures(book([5, 4, 3]))
    traits = pd.DataFrame({"account_id": list("abc"), "receivables": [10.0, None, None]})
    assert r.receivables_out(traits, r.lose_named(found, ["a", "b"])) == 10
    assert np.isnan(r.receivables_out(traits, r.lose_named(found, ["b"])))
    assert np.isnan(r.receivables_out(traits[["account_id"]], r.lose_named(found, ["a"])))
    assert np.isnan(r.receivables_out(None, r.lose_named(found, ["a"])))


def months(first, n, revenue=10.0):
    return pd.DataFrame({"month": pd.date_range(first, periods=n, freq="MS"), "revenue": revenue})


def test_the_budget_of_the_coming_year_else_of_the_last_twelve_budgeted_months():
    day = date(2026, 9, 18)
    coming = r.budget_year(months("2026-01-01", 24), day)
    assert (coming.first, coming.last, coming.coming) == (date(2026, 10, 1), date(2027, 9, 1), True)
    current = r.budget_year(months("2025-01-01", 24), day)
    assert (current.first, current.last, current.coming) == (date(2026, 1, 1), date(2026, 12, 1), False)
    assert (current.revenue, np.isnan(current.margin)) == (120, True)
    for lacking in (None, months("2026-01-01", 0), months("2026-02-01", 11), months("2025-01-01", 12)):
        assert r.budget_year(lacking, day) is None
    gap = months("2026-01-01", 12).drop(index=3)
    assert r.budget_year(gap, day) is None
    # A month without a figure is not a month of nothing.
    assert np.isnan(r.budget_year(months("2026-01-01", 12).assign(revenue=[None] + [1.0] * 11), day).revenue)


def test_a_total_beside_its_product_lines_counts_once():
    lines = pd.concat([months("2026-01-01", 12).assign(product_line=line) for line in ("Seals", "Skids")])
    both = pd.concat([lines, months("2026-01-01", 6, 25.0).assign(product_line=None)])
    assert r.budget_year(lines, date(2026, 3, 1)).revenue == 240
    assert r.budget_year(both, date(2026, 3, 1)).revenue == 6 * 25 + 6 * 20


def test_fixed_costs_are_a_share_of_margin_or_an_amount_and_never_guessed():
    found = r.exposures(book([100, 50], [40, -10]))
    assert r.fixed_costs(found, share_of_margin=0.5) == r.Range(15, 15, 15)
    assert r.fixed_costs(found, amount=r.Range(20, 10, 30)) == r.Range(20, 10, 30)
    assert r.fixed_costs(found) is None
    assert r.fixed_costs(r.exposures(book([100])), amount=5.0) is None
    assert r.fixed_costs(r.exposures(book([100], [-1])), share_of_margin=0.5) is None
    with pytest.raises(ValueError, match="got both"):
        r.fixed_costs(found, 0.5, 1.0)
    with pytest.raises(ValueError, match="fixed costs: expected at least 0, got -1 to -1"):
        r.fixed_costs(found, amount=-1.0)
    with pytest.raises(ValueError, match="low <= value <= high"):
        r.Range(1, 2, 3)


def test_the_statement_of_income_before_and_after():
    """Route: sales, margin, fixed costs and result written down for both years."""
    found = r.exposures(book([100, 80, 20], [30, 25, 5]))
    lost = r.lose_named(found, ["b"])
    cover = r.cover(found, lost, r.Range(45, 40, 50))
    assert (cover.result_before.value, cover.result_after.value) == (60 - 45, 35 - 45)
    assert (cover.result_after.low, cover.result_after.high) == (35 - 50, 35 - 40)
    assert cover.below_after
    # What is lost paid for its part of fixed costs, and the rest of it was profit.
    assert cover.stranded.value + (60 - 45) * 25 / 60 == pytest.approx(25)
    assert cover.break_even_before.value == pytest.approx(45 / 0.3)
    assert cover.break_even_after.value == pytest.approx(45 / (35 / 120))
    assert r.cover(found, lost, None) is None
    assert r.cover(r.exposures(book([1.0])), r.lose_named(r.exposures(book([1.0])), ["a"]), 5.0) is None


class Uniform:
    """A loss anywhere between 0 and 100."""

    def probability_above(self, x):
        return 1 - min(x, 100) / 100


def test_what_can_be_absorbed_and_the_chance_of_more():
    found = r.exposures(book([100, 80, 20], [30, 25, 5]))
    able = r.absorbable(found, r.Range(30, 20, 70), Uniform())
    assert able.margin == r.Range(30, 0, 40)
    # 30 is lost and break-even still reached.
    assert (able.below_already, able.largest) == (False, 1)
    assert able.probability.value == pytest.approx(0.7)
    assert (able.probability.low, able.probability.high) == pytest.approx((0.6, 1.0))
    below = r.absorbable(found, 61.0)
    assert (below.margin.value, below.below_already, below.largest, below.probability) == (0, True, 0, None)
    assert r.absorbable(found, 0.0).largest == 3
    assert r.absorbable(found, None) is None
    assert r.absorbable(r.exposures(book([1.0])), 1.0, Uniform()) is None


def test_the_table_leaves_out_what_is_not_known():
    found = r.exposures(book([60, 30, 10]))
    table = r.case_table(found, r.worst_cases(found))
    assert table["exposure"].tolist() == [60, 90, 100]
    unknown = ["margin", "revenue_of_budget", "margin_of_budget", "receivables", "worst_line_share"]
    unknown += ["fixed_costs_stranded", "result_after", "result_after_low", "result_after_high", "break_even_after"]
    assert table[unknown].isna().all(axis=None)
    assert table["worst_line"].tolist() == ["", "", ""]
    assert table["largest_left"].tolist() == ["B", "C", ""]
    assert r.case_table(found, []).empty


def test_the_table_says_what_its_parts_say():
    found = r.exposures(book([60, 30, 10], [20, 15, -1]))
    traits = pd.DataFrame({"account_id": list("abc"), "receivables": [6.0, 3.0, 1.0]})
    lines = pd.DataFrame({"account_id": list("abc"), "product_line": ["X", "X", "Y"], "revenue": [60.0, 30.0, 10.0]})
    year = r.budget_year(months("2026-01-01", 12).assign(margin=4.0), date(2026, 9, 18))
    cases = [r.lose_named(found, ["a", "c"])]
    row = r.case_table(found, cases, traits, lines, year, r.Range(20, 10, 30)).iloc[0]
    assert (row["revenue"], row["margin"], row["set_aside"], row["set_aside_amount"]) == (70, 20, 1, -1)
    assert (row["revenue_of_budget"], row["margin_of_budget"]) == pytest.approx((70 / 120, 20 / 48))
    assert (row["receivables"], row["worst_line"], row["worst_line_share"]) == (7, "Y", 1)
    assert (row["accounts_left"], row["revenue_left"], row["exposure_left"]) == (1, 30, 15)
    assert (row["result_after"], row["result_after_low"], row["result_after_high"]) == (14 - 20, 14 - 30, 14 - 10)
    assert row["fixed_costs_stranded"] == pytest.approx(20 * 20 / 34)
