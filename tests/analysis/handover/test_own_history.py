"""Past hand-overs: found by hand, priced by hand, and the loss of simulated companies whose truth is known."""

import tracemalloc
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kam_analysis.analysis import handover as ho
from kam_analysis.ledger import open_ledger

AS_OF = date(2025, 12, 31)
MONTHS = pd.date_range("2023-01-01", periods=36, freq="MS")


def held(*rows):
    """Rows of (account, manager, first month-day, last month-day[, revenue]) in 2025."""
    frame = pd.DataFrame([(*row, 1.0)[:5] for row in rows], columns=["account_id", "account_manager_id", "first_day", "last_day", "revenue"])  # fmt: skip
    for name in ("first_day", "last_day"):
        frame[name] = pd.to_datetime("2025-" + frame[name].astype("str"))
    return frame


def course(sales):
    """Monthly sales by account from January 2023: {account: 36 amounts}."""
    return pd.DataFrame(
        [(account, month, float(sold)) for account, row in sales.items() for month, sold in zip(MONTHS, row, strict=True)],
        columns=["account_id", "month", "revenue"],
    )  # fmt: skip


def changes(*rows):
    """Hand-overs of (account, until, day)."""
    frame = pd.DataFrame(rows, columns=["account_id", "until", "day"]).assign(from_id="M1", to_id="M2", overlap=0)
    return frame.assign(until=pd.to_datetime(frame["until"]), day=pd.to_datetime(frame["day"]))


def told(frame):
    return [(row.account_id, row.from_id, row.to_id, f"{row.until:%m-%d}", f"{row.day:%m-%d}", row.overlap) for row in frame.itertuples()]  # fmt: skip


def test_changes_of_hands_by_hand():
    rows = held(
        ("plain", "M1", "01-05", "03-01"), ("plain", "M2", "04-01", "09-01"),
        ("overlap", "M1", "01-05", "03-10"), ("overlap", "M2", "03-01", "09-01"),
        ("stand-in", "M1", "01-05", "09-01"), ("stand-in", "M2", "03-01", "04-01"),
        ("back", "M1", "01-05", "09-01"), ("back", "M2", "03-01", "09-01"),
        ("equal", "M1", "01-05", "09-01", 1.0), ("equal", "M2", "01-05", "09-01", 2.0), ("equal", "M3", "10-01", "10-01"),
        ("twice", "M3", "07-01", "09-01"), ("twice", "M1", "01-05", "02-01"), ("twice", "M2", "03-01", "05-01"),
        ("one", "M1", "01-05", "02-01"), ("day", "M1", "01-05", "01-05"), ("day", "M2", "01-06", "01-06"),
    )  # fmt: skip
    credit = held(("one", "M2", "01-01", "01-01")).assign(first_day=pd.NaT, last_day=pd.NaT, revenue=-5.0)
    found = ho.handovers(pd.concat([rows, credit]).sample(frac=1, random_state=1))
    assert told(found) == [
        ("day", "M1", "M2", "01-05", "01-06", 0),
        ("equal", "M2", "M3", "09-01", "10-01", 0),
        ("overlap", "M1", "M2", "03-01", "03-11", 10),
        ("plain", "M1", "M2", "03-01", "04-01", 0),
        ("twice", "M1", "M2", "02-01", "03-01", 0),
        ("twice", "M2", "M3", "05-01", "07-01", 0),
    ]
    nobody = ho.handovers(rows.head(0))
    assert (len(nobody), nobody["day"].dtype, nobody["account_id"].dtype) == (0, "datetime64[us]", "str")
    with pytest.raises(ValueError, match=r"one row per account and manager, got other in 1 \(plain"):
        ho.handovers(pd.concat([rows, rows.head(1)]))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 60)), min_size=1, max_size=5))
def test_between_hand_overs_only_one_sells(spans):
    """Against a day-by-day look: before `until` and from `day` on, days are the former's and the new one's alone."""
    start = pd.Timestamp(2025, 1, 1)
    frame = pd.DataFrame(
        {"account_id": "a", "account_manager_id": [f"M{i}" for i in range(len(spans))], "revenue": 1.0}
    )
    frame["first_day"] = [start + pd.Timedelta(first, unit="D") for first, _ in spans]
    frame["last_day"] = [start + pd.Timedelta(first + more, unit="D") for first, more in spans]
    found = ho.handovers(frame)
    by = frame.set_index("account_manager_id")
    assert found["day"].is_monotonic_increasing
    for row in found.itertuples():
        former, new = by.loc[row.from_id], by.loc[row.to_id]
        assert former["first_day"] < new["first_day"]
        assert former["last_day"] < new["last_day"]
        assert row.until == min(former["last_day"], new["first_day"])
        both = len(pd.date_range(max(former["first_day"], new["first_day"]), min(former["last_day"], new["last_day"])))
        assert row.overlap == both
        assert not ((former["first_day"] <= row.day) & (row.day <= former["last_day"]))


def test_who_shows_no_new_manager_by_hand():
    rows = held(
        ("silent", "M1", "01-05", "03-01"), ("bought", "M1", "01-05", "03-01"), ("bought", "M2", "04-01", "05-01"),
        ("same day", "M1", "01-05", "06-01"), ("same day", "M2", "06-01", "06-01"),
        ("gone back", "M1", "01-05", "02-01"), ("gone back", "M2", "03-01", "12-01"),
        ("nobody's", "M1", "01-05", "03-01"), ("unknown", "M1", "01-05", "03-01"),
    )  # fmt: skip
    owners = {"silent": "M2", "bought": "M2", "same day": "M1", "gone back": "M1", "nobody's": None, "never": "M3"}
    owners = pd.DataFrame({"account_id": owners.keys(), "account_manager_id": owners.values()})
    found = ho.unseen(rows, owners, AS_OF)
    assert found.drop(columns="last_day").to_numpy().tolist() == [["silent", "M1", "M2", 305], ["gone back", "M2", "M1", 30]]  # fmt: skip
    assert len(ho.unseen(rows.head(0), owners, AS_OF)) == 0


def steady(level=100.0, change=None, factor=1.0):
    found = np.full(36, float(level))
    if change is not None:
        found[change:] *= factor
    return found


def test_the_loss_by_hand():
    """Five accounts of 100 a month sell 80% after month 18, while the two others grow by a tenth."""
    sales = {name: steady(100, 18, 0.8) for name in "abcde"} | {"x": steady(50, 18, 1.1), "y": steady(30, 18, 1.1)}
    # A customer who came between says nothing about how the others went on.
    sales["new"] = np.r_[np.full(20, np.nan), steady(900)[20:]]
    given_changes = changes(*((name, "2024-06-10", "2024-07-20") for name in "abcde"))
    found = ho.own_transition(given_changes, course(sales).dropna(), AS_OF)
    assert found.rate.value == pytest.approx(1 - 0.8 / 1.1)
    # All alike: nothing varies but rounding.
    assert found.rate.high - found.rate.low < 1e-9
    assert found.tells
    assert (found.handovers, found.left_out, found.reason) == (5, 0, "")
    # June and July are the hand-over's own; a year on either side.
    assert found.used["months"].tolist() == [12] * 5
    assert found.used.loc[0, ["before", "growth", "after"]].tolist() == pytest.approx([1200, 1.1, 960])
    assert found.rate.source == "our own 5 hand-overs from 2024-07 to 2024-07 against our other accounts; 90% interval"


def test_windows_are_of_equal_length_and_clear_of_other_hand_overs():
    sales = {name: steady() for name in ("a", "b", "late", "x", "y")} | {
        "young": np.r_[np.full(14, np.nan), steady()[14:]]
    }
    given_changes = changes(
        ("a", "2024-01-05", "2024-02-05"), ("a", "2024-11-05", "2024-11-25"),
        ("b", "2024-06-05", "2024-06-25"), ("late", "2025-06-01", "2025-07-05"), ("young", "2024-10-01", "2024-10-20"),
        ("unknown", "2024-06-05", "2024-06-25"),
    )  # fmt: skip
    found = ho.own_transition(given_changes, course(sales).dropna(), AS_OF, least=2)
    # a: from Mar to Oct 2024 8 months, then Dec 2024 to Oct 2024's 8; young: after March 2024, April to September.
    assert found.used[["account_id", "months"]].to_numpy().tolist() == [["a", 8], ["a", 8], ["b", 12], ["young", 6]]
    assert found.left_out == 2
    assert found.rate.value == pytest.approx(0)
    cut = ho.own_transition(given_changes, course(sales).dropna(), date(2025, 12, 30), least=2)
    assert cut.used["months"].tolist() == [8, 8, 12, 6]
    marked = course(sales).dropna().assign(complete=lambda rows: rows["month"] < "2025-05-01")
    assert ho.own_transition(given_changes, marked, AS_OF, least=1).used["months"].tolist() == [8, 10, 6]


def test_too_little_to_say_is_said():
    sales = {name: steady() for name in "abcdxy"}
    four = changes(*((name, "2024-06-10", "2024-07-20") for name in "abcd"))
    found = ho.own_transition(four, course(sales), AS_OF)
    assert found.rate is None
    assert not found.tells
    assert found.reason == "accounts that changed hands with 6 complete months on either side: 4 of 5 needed"
    assert found.handovers == 4
    nobody_else = ho.own_transition(four, course(sales)[lambda rows: rows["account_id"] < "e"], AS_OF, least=4)
    assert (nobody_else.rate, nobody_else.reason) == (None, "no sales that the hand-overs could be compared with")
    nothing = ho.own_transition(four.head(0), course(sales), AS_OF)
    assert (nothing.rate, nothing.left_out, len(nothing.used)) == (None, 0, 0)
    empty = ho.own_transition(four, course({"a": steady()}).head(0), AS_OF)
    assert (empty.rate, empty.left_out) == (None, 4)
    nil = course(sales | {name: steady(0) for name in "abcd"})
    assert ho.own_transition(four, nil, AS_OF, least=4).rate is None
    with pytest.raises(ValueError, match="window_months: expected at least 6, got 5"):
        ho.own_transition(four, course(sales), AS_OF, window_months=5)
    with pytest.raises(ValueError, match="level: expected above 0 and below 1, got 1"):
        ho.own_transition(four, course(sales), AS_OF, level=1)


def company(rng, loss, accounts=60, handed=12):
    """Accounts of lognormal size that buy 2 to 6 times a month, drift and have seasons; some change hands."""
    months = np.arange(36)
    rate = rng.uniform(2, 6, (accounts, 1)) * np.exp(rng.normal(0, 0.06, (accounts, 36)).cumsum(axis=1))
    rate *= 1 + 0.2 * np.sin(months / 6 * np.pi)
    when = np.r_[rng.integers(8, 28, handed), np.full(accounts - handed, 36)]
    orders = rng.poisson(rate * np.where(months >= when[:, None], 1 - loss, 1))
    size = np.exp(rng.normal(0, 1, (accounts, 1)))
    sold = np.where(orders > 0, rng.gamma(np.maximum(orders, 1)) * size, 0)
    day = MONTHS[when[:handed]]
    ids = [f"{at:02d}" for at in range(accounts)]
    table = pd.DataFrame(
        {"account_id": np.repeat(ids, 36), "month": np.tile(MONTHS, accounts), "revenue": sold.ravel()}
    )
    return changes(*zip(ids[:handed], day - pd.Timedelta(1, unit="D"), day, strict=True)), table


def by_leaving_out(found, table):
    """Loss and interval by a plain loop: each account is left out, and all is done again."""

    def loss(used, controls):
        expected = 0.0
        for row in used.itertuples():
            day = row.day.to_period("M")
            theirs = controls[controls["account_id"].isin(row.eligible)]
            month = theirs["month"].dt.to_period("M")
            earlier = theirs[(month < day - 1) & (month >= day - 1 - row.months)]["revenue"].sum()
            later = theirs[(month > day) & (month <= day + row.months)]["revenue"].sum()
            expected += row.before * later / earlier
        return 1 - used["after"].sum() / expected

    others = table[~table["account_id"].isin(found.used["account_id"])]
    began = others[others["revenue"] > -1].groupby("account_id")["month"].min()
    used = found.used.assign(eligible=[
        list(began.index[began.dt.to_period("M") < day.to_period("M") - 1 - months])
        for day, months in zip(found.used["day"], found.used["months"], strict=True)
    ])  # fmt: skip
    whole = loss(used, others)
    less_one = np.array([loss(used[used["account_id"] != each], others) for each in used["account_id"]])
    less_other = np.array([loss(used, others[others["account_id"] != each]) for each in began.index])
    variance = sum((len(each) - 1) / len(each) * ((each - each.mean()) ** 2).sum() for each in (less_one, less_other))
    equal = used["expected"].sum() ** 2 / (used["expected"] ** 2).sum()
    return whole, stats.t.ppf(0.95, equal - 1) * np.sqrt(variance)


def test_the_interval_equals_a_jackknife_by_a_plain_loop():
    handed, table = company(np.random.default_rng(5), 0.15, accounts=16, handed=6)
    found = ho.own_transition(handed, table, AS_OF)
    whole, reach = by_leaving_out(found, table)
    assert found.rate.value == pytest.approx(whole)
    assert [found.rate.low, found.rate.high] == pytest.approx([whole - reach, min(1, whole + reach)])


def test_months_without_a_sale_need_no_row():
    handed, table = company(np.random.default_rng(5), 0.15, accounts=16, handed=6)
    filled, sparse = (ho.own_transition(handed, rows, AS_OF) for rows in (table, table[table["revenue"] > 0]))
    assert sparse.rate == filled.rate


def test_memory_grows_with_accounts_and_not_with_hand_overs_times_accounts():
    """A thousand hand-overs beside four thousand others: every pair, before and after, would be 64 MB and more."""
    handed, table = company(np.random.default_rng(5), 0.15, accounts=5_000, handed=1_000)
    tracemalloc.start()
    try:
        found = ho.own_transition(handed, table, AS_OF)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.handovers > 900
    assert peak < 10 * table.memory_usage(index=False, deep=False)[["month", "revenue"]].sum()


def test_a_known_loss_is_found_and_the_interval_holds_it():
    """Nothing lost and 15% lost: no bias beyond three standard errors, and about nine of ten intervals hold the truth."""
    rng, trials, held_it = np.random.default_rng(11), 60, 0
    for loss in (0.0, 0.15):
        found = [ho.own_transition(*company(rng, loss), AS_OF).rate for _ in range(trials)]
        values = np.array([each.value for each in found])
        assert values.mean() == pytest.approx(loss, abs=3 * values.std(ddof=1) / trials**0.5)
        held_it += sum(each.low <= loss <= each.high for each in found)
    assert held_it / (2 * trials) == pytest.approx(0.9, abs=3 * (0.9 * 0.1 / (2 * trials)) ** 0.5)


def test_the_samples_hand_overs_prove_nothing():
    """Sixteen small accounts changed hands, eleven with six months on either side: a loss cannot be told from none."""
    ledger = open_ledger()
    whole = ledger.period_of("all")
    who = ledger.held_by(level="legal_entity")
    months = ledger.by_account_month(who["account_id"].unique(), whole, "legal_entity", "revenue")
    changed = ho.handovers(who)
    assert len(changed) == 16
    found = ho.own_transition(changed, months, ledger.as_of)
    assert (found.handovers, found.left_out) == (11, 5)
    assert found.rate.low < 0 < found.rate.high
    assert not found.tells
    beside = ho.own_transition(changed, ledger.months_side_by_side(whole, "revenue"), ledger.as_of)
    every = ledger.by_account_month(None, whole, "legal_entity", "revenue", filled=False)
    in_rows = ho.own_transition(changed, every, ledger.as_of)
    pd.testing.assert_frame_equal(beside.used, in_rows.used)
    assert beside.rate == in_rows.rate
    owners = ledger.table("accounts")[["account_id", "account_manager_id"]]
    assert len(ho.unseen(who, owners, ledger.as_of)) == 0


def test_months_of_very_many_accounts_stand_in_memory_side_by_side_and_once_added_up():
    """Of 100,000 accounts and 36 months: twice the sums at most, where a row for each month took ten times that."""
    many, months = 100_000, pd.date_range("2023-01-01", periods=36, freq="MS")
    amounts = np.random.default_rng(4).random((many, len(months)))
    frame = pd.DataFrame(amounts, columns=months)
    frame.insert(0, "account_id", [f"A{at:06d}" for at in range(many)])
    five = changes(*((f"A{at:06d}", "2024-06-10", "2024-07-20") for at in range(5)))
    tracemalloc.start()
    found = ho.own_transition(five, frame, AS_OF)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.handovers == 5
    assert peak < 4.5 * amounts.nbytes
