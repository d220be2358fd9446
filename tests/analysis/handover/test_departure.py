"""If X left: costs against an account-by-account loop and by hand, and what must hold for any book."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import handover as ho
from kam_analysis.ledger import open_ledger

AS_OF = date(2026, 9, 18)
T, F = ho.Rate(0.2, 0.1, 0.3, "t"), ho.Rate(0.4, 0.2, 0.6, "f")
rates = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(lambda ends: ho.Rate(*(np.array(sorted(ends))[[1, 0, 2]] / 100), ""))  # fmt: skip
book_rows = st.lists(
    st.tuples(st.integers(-50, 1000), st.integers(-50, 300), st.sampled_from(["M1", "M2", None]), st.sampled_from(["company", "person", None])),
    min_size=1, max_size=9,
)  # fmt: skip


def book(rows):
    """Accounts a, b, c ... of (revenue, margin, manager, bond)."""
    ids = [chr(97 + i) for i in range(len(rows))]
    revenue, margin, manager, bond = (list(column) for column in zip(*rows, strict=True))
    accounts = pd.DataFrame({"account_id": ids, "account_name": [each.upper() for each in ids]})
    accounts = accounts.assign(revenue=np.array(revenue, float), margin=np.array(margin, float))
    return accounts, pd.DataFrame({"account_id": ids, "account_manager_id": manager, "bond": bond}, dtype=object)


HAND = [(100, 20, "M1", "company"), (200, -10, "M1", "person"), (300, 90, "M1", None), (-40, -5, "M1", None), (400, 1, "M2", None)]  # fmt: skip


@pytest.fixture(scope="module")
def sample():
    ledger = open_ledger()
    accounts, traits = ledger.by_account(measures=["revenue", "margin"]), ledger.traits()
    return accounts, traits, ledger.by_account_line(), ledger.by_account_line(ledger.year_before())


def test_by_hand():
    found = ho.departure(*book(HAND), "M1", T, F)
    rows = found.accounts.set_index("account_id")
    # Company takes 0.2 (to 0.4), person 0.6 (from 0.4), unknown 0.4 (0.2 to 0.6).
    assert rows.loc[list("abcd"), ["follow_low", "follow", "follow_high"]].to_numpy().tolist() == [
        [0.2, 0.2, 0.4], [0.4, 0.6, 0.6], [0.2, 0.4, 0.6], [0.2, 0.4, 0.6]]  # fmt: skip
    assert rows.loc[list("abcd"), "transition"].tolist() == pytest.approx([20, 40, 60, 0])
    # 0.8 of those who follow: the hand-over would have cost the rest anyway.
    assert rows.loc[list("abcd"), "further"].tolist() == pytest.approx([16, 96, 96, 0])
    assert rows.loc["c", ["at_risk_low", "at_risk", "at_risk_high"]].tolist() == pytest.approx(
        [300 * (0.2 + 0.8 * 0.1), 300 * (0.4 + 0.6 * 0.2), 300 * (0.6 + 0.4 * 0.3)]
    )
    assert rows.index.tolist() == ["c", "b", "a", "d"]
    assert (found.transition.low, found.transition.high) == pytest.approx((60, 180))
    assert (found.further.low, found.further.value, found.further.high) == pytest.approx((128, 208, 272))
    assert (found.revenue, found.revenue_share) == pytest.approx((600, 0.6))
    # Margin: a fifth of a's money, three tenths of c's; b and d earn nothing.
    assert rows.loc[list("abcd"), "at_risk_margin"].tolist() == pytest.approx([7.2, 0, 46.8, 0])
    assert found.at_risk_margin.value == pytest.approx(54)
    assert found.at_risk_margin.high == pytest.approx(0.2 * 100 * 0.58 + 0.3 * 300 * 0.72)


def test_without_an_assumption_nothing_further_is_told():
    accounts, traits = book(HAND)
    found = ho.departure(accounts.drop(columns="margin"), traits.drop(columns="bond"), "M1", T)
    assert found.further is None
    assert found.at_risk_margin is None
    assert found.at_risk == found.transition
    assert found.accounts[["follow", "further", "further_low"]].isna().all(axis=None)
    assert found.accounts[["bond", "ends_on", "notice_by"]].isna().all(axis=None)
    each = ho.departures_of_each(accounts, traits, T)
    assert each["further"].isna().all()
    assert each["at_risk"].equals(each["transition"])


def test_a_rate_below_nothing_is_a_gain_and_one_above_all_is_none():
    gain = ho.departure(*book(HAND), "M2", ho.Rate(-0.1, -0.3, 0.1, "own"), F)
    assert gain.transition.value == pytest.approx(-40)
    for ends in ((0.5, 0.6, 0.7), (0.5, 0.4, 1.1), (float("nan"), 0, 1)):
        with pytest.raises(ValueError, match="rate: expected low <= value <= high <= 1"):
            ho.Rate(*ends, "x")
    with pytest.raises(ValueError, match=r"follow: expected shares of 0 to 1, got -0\.1 to 0\.5"):
        ho.departure(*book(HAND), "M1", T, ho.Rate(0.2, -0.1, 0.5, "x"))


def test_bad_input_is_named():
    accounts, traits = book(HAND)
    with pytest.raises(ValueError, match=r'no account of "M3" bought in the twelve months; known here: M1, M2'):
        ho.departure(accounts, traits, "M3", T)
    with pytest.raises(ValueError, match="nothing is known here"):
        ho.departure(accounts, traits[["account_id"]], "M1", T)
    with pytest.raises(ValueError, match=r"one row each, got other in 1 \(a\)"):
        ho.departure(accounts.assign(account_id=list("aabcd")), traits, "M1", T)
    with pytest.raises(ValueError, match=r"a revenue each, got other in 1 \(b\)"):
        ho.departures_of_each(accounts.assign(revenue=[1, None, 2, 3, 4]), traits, T)
    with pytest.raises(ValueError, match="days: expected at least 0, got -1"):
        ho.notices_near(accounts, traits, AS_OF, -1)


def test_no_manager_known_no_rows():
    accounts, traits = book(HAND)
    for told in (traits[["account_id"]], traits.assign(account_manager_id=None), traits.head(0)):
        each = ho.departures_of_each(accounts, told, T, F, AS_OF)
        assert len(each) == 0


def by_loop(accounts, traits, manager, t, f):
    """The at_risk sums (value, low, high) straight from the definition."""
    known = traits.set_index("account_id")
    sums = np.zeros(3)
    for row in accounts.itertuples():
        if known.loc[row.account_id, "account_manager_id"] != manager or row.revenue <= 0:
            continue
        bond = known.loc[row.account_id, "bond"]
        follow = {"company": (f.low, f.low, f.value), "person": (f.high, f.value, f.high)}.get(bond, (f.value, f.low, f.high))  # fmt: skip
        for at, (share, rate) in enumerate(zip(follow, (t.value, t.low, t.high), strict=True)):
            sums[at] += row.revenue * share + row.revenue * (1 - share) * rate
    return sums


@settings(deadline=None, max_examples=20)
@given(book_rows, rates, rates)
def test_each_departure_equals_a_loop_and_its_parts_add_up(rows, t, f):
    accounts, traits = book(rows)
    each = ho.departures_of_each(accounts, traits, t, f)
    assert set(each["account_manager_id"]) == {row[2] for row in rows} - {None}
    assert each["transition"].is_monotonic_decreasing
    for row in each.itertuples():
        found = ho.departure(accounts, traits, row.account_manager_id, t, f)
        expected = by_loop(accounts, traits, row.account_manager_id, t, f)
        assert [found.at_risk.value, found.at_risk.low, found.at_risk.high] == pytest.approx(expected)
        assert [row.at_risk, row.at_risk_low, row.at_risk_high] == pytest.approx(expected)
        assert found.transition.value + found.further.value == pytest.approx(found.at_risk.value)
        for amount in (found.transition, found.further, found.at_risk, found.at_risk_margin):
            assert -1e-9 <= amount.low <= amount.value + 1e-9
            assert amount.value <= amount.high + 1e-9
        assert found.at_risk.high <= found.revenue + 1e-9
        assert (row.accounts, row.revenue_share) == (len(found.accounts), pytest.approx(found.revenue_share))


@settings(deadline=None, max_examples=12)
@given(book_rows, rates, rates)
def test_a_bond_with_the_company_never_raises_the_risk_nor_one_with_the_person_lowers_it(rows, t, f):
    at_risk = []
    for bond in ("company", None, "person"):
        each = ho.departures_of_each(*book([(*row[:3], bond) for row in rows]), t, f)
        at_risk.append(each[["at_risk_low", "at_risk", "at_risk_high"]].to_numpy().sum(axis=0))
    assert (np.diff(at_risk, axis=0) >= -1e-9).all()


def test_notices_near_by_hand():
    accounts, traits = book(HAND)
    ends = pd.to_datetime(["2027-03-17", "2026-09-18", "2026-09-17", None, "2027-03-18"])
    traits = traits.assign(notice_by=ends)
    near = ho.notices_near(accounts, traits, AS_OF)
    assert near[["account_id", "days_left"]].to_numpy().tolist() == [["b", 0], ["a", 180]]
    each = ho.departures_of_each(accounts, traits, T, F, AS_OF)
    assert dict(zip(each["account_manager_id"], each["notices_near"], strict=True)) == {"M1": 2, "M2": 0}
    assert len(ho.notices_near(accounts, traits.drop(columns="notice_by"), AS_OF)) == 0
    assert "notices_near" not in ho.departures_of_each(accounts, traits.drop(columns="notice_by"), T, F, AS_OF)


def test_resale_and_new_sale_by_hand():
    rows = [("a", "Pumps", 70), ("a", "Seals", 30), ("a", None, 5), ("b", "Pumps", 10), ("c", "Pumps", -4), ("c", "Skids", 6)]  # fmt: skip
    lines = pd.DataFrame(rows, columns=["account_id", "product_line", "revenue"])
    before = pd.DataFrame([("a", "Pumps", 1), ("a", "Seals", 0), ("a", None, 9), ("c", "Pumps", 3), ("c", "Skids", -1)], columns=lines.columns)  # fmt: skip
    found = ho.resale_and_new(lines, before)
    assert found.to_numpy().tolist() == [["a", 70, 30, 5], ["b", 0, 10, 0], ["c", -4, 6, 0]]
    unknown = ho.resale_and_new(lines, None)
    assert unknown[["resale", "new_sale"]].isna().all(axis=None)
    assert unknown["of_no_line"].tolist() == [5, 0, 0]
    accounts, traits = book(HAND)
    shown = ho.departure(accounts, traits, "M1", T, F, found).accounts.set_index("account_id")
    assert shown.loc[["a", "b"], ["resale", "new_sale"]].to_numpy().tolist() == [[70, 30], [0, 10]]
    assert shown.loc["d"].isna().sum() == 5


def test_reiters_departure_as_the_samples_story_tells_it(sample):
    accounts, traits, lines, before = sample
    each = ho.departures_of_each(accounts, traits, ho.TRANSITION, None, AS_OF)
    assert each["account_manager_id"].iloc[0] == "M01"
    found = ho.departure(accounts, traits, "M01", ho.TRANSITION, None, ho.resale_and_new(lines, before))
    assert len(found.accounts) == 14
    assert found.revenue_share == pytest.approx(0.29, abs=0.001)
    assert [round(end / 1e6, 1) for end in (found.transition.low, found.transition.high)] == [3.2, 4.3]
    assert found.accounts["account_name"].iloc[0] == "Aldermoor Water Group plc"
    parts = found.accounts[["resale", "new_sale"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(found.accounts["revenue"].to_numpy(), abs=0.05)
    near = ho.notices_near(accounts, traits, AS_OF)
    assert str(near.set_index("account_id").loc["0010100", "notice_by"].date()) == "2026-10-20"
    assert each.set_index("account_manager_id").loc["M01", "notices_near"] == 2
