"""Months computed in the engine, against the same figures by hand and by pandas from the account-level frames."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.concentration import concentrate
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.frames import months as under_test

SETTINGS = """
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "t.csv"
[tables.accounts]
file = "a.csv"
[exclude]
accounts = ["OWN"]
products = ["FREIGHT"]
[rates]
PLN = 0.3333333
"""
ACCOUNTS = "account_id,account_name,parent_id\nA1,Alder West,A\nA2,Alder East,A1\nA,Alder,\nB,Birch,\nOWN,Ourselves,\nOWN2,Ours too,OWN\n"
HEADER = "account_id,date,revenue,product,currency\n"


def line(account, day, amount, product="P", currency="EUR"):
    return f"{account},{day},{amount},{product},{currency}\n"


def every_month(account, amounts, first="2023-01-01"):
    days = pd.date_range(first, periods=len(amounts), freq="MS") + pd.Timedelta(days=14)
    return "".join(line(account, day.date(), amount) for day, amount in zip(days, amounts, strict=True) if amount)


# From January 2023 to December 2025: B steady with one empty month, A through two companies, one in zlotys.
B = [100] * 14 + [0] + [100] * 21
A1 = [0] * 3 + [10.005] * 30 + [5, -8, 5]
ROWS = (
    HEADER
    + every_month("B", B)
    + every_month(" A1", A1[:20]).replace("A1,", "A1 ,")
    + "".join(line("A1", day, amount) for day, amount in zip(pd.date_range("2024-09-01", periods=16, freq="MS").date, A1[20:], strict=True))
    + "".join(line("A2", f"2024-{m:02d}-03", "3.07", currency="PLN") for m in range(1, 13))
    + line("OWN", "2025-03-01", 9999)
    + line("OWN2", "2025-03-01", 777)
    + line("", "2025-03-01", 55)
    + line("B", "2025-03-02", 1000, product="FREIGHT")
    + line("F", "2025-03-02", 1000, product="FREIGHT")
    + line("LATE", "2025-11-20", 40)
    + line("LATE", "2026-01-02", 40)
    + line("R", "2023-01-02", -5)
)  # fmt: skip


@pytest.fixture(scope="module")
def hand_made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("months")
    (folder / "t.csv").write_text(ROWS)
    (folder / "a.csv").write_text(ACCOUNTS)
    (folder / "kam.toml").write_text(SETTINGS)
    return open_ledger(folder / "kam.toml")


@pytest.fixture(scope="module")
def sample():
    return open_ledger()


@pytest.fixture(params=["hand_made", "sample"])
def ledger(request):
    return request.getfixturevalue(request.param)


def by_pandas(frame, ledger, recent):
    """Month statistics from account-by-month rows, straight from the definitions."""
    found = []
    for account, rows in frame[frame["complete"]].groupby("account_id"):
        x = rows.set_index("month")[ledger.measure].sort_index()
        change = (x - x.shift(12)).dropna()
        late, earlier = (
            change.tail(recent)[change.tail(recent).index > x.index[-1] - pd.DateOffset(months=recent)],
            None,
        )
        earlier = change[change.index <= x.index[-1] - pd.DateOffset(months=recent)]
        found.append(
            {
                "account_id": account,
                "first_month": x.index[0],
                "months": len(x.tail(12)),
                "amount": x.tail(12).sum(),
                "squares": (x.tail(12) ** 2).sum(),
                "recent": x.tail(recent).sum(),
                "recent_squares": (x.tail(recent) ** 2).sum(),
                "recent_least": x.tail(recent).min(),
                "year_before": x.iloc[:-12].tail(recent).sum() if len(x) > 12 else 0.0,
                "worst_change": min(late.min(), 0.0) if len(late) else 0.0,
                "changes": len(earlier),
                "changes_sum": earlier.sum(),
                "changes_squares": (earlier**2).sum(),
            }
        )
    return pd.DataFrame(found)


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
@pytest.mark.parametrize("recent", [1, 6, 12])
def test_statistics_equal_those_of_pandas_over_account_by_month(ledger, level, recent):
    whole = ledger.period_of("all")
    chosen = ledger.by_account(whole, level)["account_id"]
    months = ledger.by_account_month(chosen, whole, level)
    found = ledger.month_statistics(level, recent=recent)
    expected = by_pandas(months, ledger, recent)
    assert found["account_id"].tolist() == sorted(expected["account_id"])
    assert found["account_name"].tolist() == ledger.master.named(found["account_id"]).tolist()
    got = found.drop(columns="account_name")
    pd.testing.assert_frame_equal(got, expected[got.columns], check_dtype=False, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_rolling_equals_the_book_of_each_twelve_months(ledger, level):
    found = ledger.rolling(level)
    assert len(found) >= 24
    assert found["month"].is_monotonic_increasing
    for row in found.iloc[[0, len(found) // 2, -1]].itertuples():
        days = f"{(row.month - pd.DateOffset(months=11)).date()}/{(row.month + pd.offsets.MonthEnd(0)).date()}"
        book = concentrate(ledger.by_account(ledger.period_of(days), level), ledger.measure)
        assert row.accounts == book.n
        assert row.total == pytest.approx(book.total, abs=0.001)
        assert row.squares == pytest.approx((book.amounts**2).sum(), rel=1e-12)
        for n in (1, 5, 10):
            assert getattr(row, f"top_{n}") == pytest.approx(book.amounts[:n].sum(), abs=0.001)


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_months_of_all_customers_equal_the_sum_over_accounts(ledger, level):
    whole = ledger.period_of("all")
    chosen = ledger.by_account(whole, level)["account_id"]
    by_account = ledger.by_account_month(chosen, whole, level)
    found = ledger.by_month(whole, level).set_index("month")
    expected = by_account.groupby("month")[ledger.measure].sum().reindex(found.index, fill_value=0.0)
    np.testing.assert_allclose(found["amount"], expected, atol=1e-6)
    buying = by_account[by_account[ledger.measure] > 0].groupby("month").size().reindex(found.index, fill_value=0)
    assert found["accounts"].tolist() == buying.tolist()
    assert found["complete"].tolist() == by_account.groupby("month")["complete"].first().reindex(found.index).tolist()


def test_months_side_by_side_are_the_complete_ones_of_all_legal_entities(ledger):
    for whole in (ledger.period_of("all"), ledger.period_of("2024-03-10/2025-02-20")):
        rows = ledger.by_account_month(None, whole, "legal_entity", filled=False)
        rows = rows[rows["complete"]]
        found = ledger.months_side_by_side(whole)
        expected = rows.pivot(index="account_id", columns="month", values=ledger.measure)
        assert found["account_id"].tolist() == expected.index.tolist()
        months = found.set_index("account_id").dropna(axis="columns", how="all")
        pd.testing.assert_frame_equal(months, expected, check_names=False, check_column_type=False)


@pytest.mark.parametrize("level", ["parent", "legal_entity"])
def test_months_of_all_accounts_are_those_of_each_without_the_empty_ones(ledger, level):
    whole = ledger.period_of("2024-01-01/2026-08-31")
    everybody = ledger.by_account(ledger.period_of("all"), level)["account_id"]
    found = ledger.by_account_month(None, whole, level, filled=False)
    filled = ledger.by_account_month(everybody, whole, level)
    assert len(found) < len(filled)
    # A month's credit notes may equal its sales: such a month has a row, an empty one has none.
    some = found[found[ledger.measure] != 0].sort_values(["account_id", "month"], ignore_index=True)
    pd.testing.assert_frame_equal(some, filled[filled[ledger.measure] != 0].reset_index(drop=True))


def test_by_hand(hand_made):
    found = hand_made.month_statistics().set_index("account_id")
    assert found.index.tolist() == ["A", "B", "LATE", "R"]
    b, a, late, r = (found.loc[each] for each in ("B", "A", "LATE", "R"))
    # B: 36 months from January 2023, the 15th (March 2024) empty.
    assert (b["first_month"], b["months"], b["amount"], b["squares"]) == (pd.Timestamp("2023-01-01"), 12, 1200.0, 120_000.0)  # fmt: skip
    assert (b["recent"], b["year_before"], b["worst_change"]) == (600.0, 600.0, 0.0)
    # 18 changes before the last six months: -100 on the empty month, +100 a year after it.
    assert (b["changes"], b["changes_sum"], b["changes_squares"]) == (18, 0.0, 20_000.0)
    # A: 10.005 is 10.01 in each month; the last three are 5, -8 and 5; A2's 3.07 PLN are 1.02 EUR in 2024.
    assert a["first_month"] == pd.Timestamp("2023-04-01")
    assert a["amount"] == pytest.approx(9 * 10.01 + 2)
    assert a["recent"] == pytest.approx(3 * 10.01 + 2)
    assert a["year_before"] == pytest.approx(6 * 11.03)
    assert a["worst_change"] == pytest.approx(-8 - 11.03)
    # July to December 2025 are recent; changes begin in April 2024: nine of +1.02, six of -1.02.
    assert (a["changes"], round(a["changes_sum"], 6)) == (15, 3.06)
    assert a["changes_squares"] == pytest.approx(15 * 1.02**2)
    assert (late["months"], late["amount"], late["year_before"], late["changes"]) == (2, 40.0, 0.0, 0)
    # A return is a row of January 2023 like any other; it is the start of R's months.
    assert (r["first_month"], r["amount"], r["months"]) == (pd.Timestamp("2023-01-01"), 0.0, 12)


def test_rolling_by_hand(hand_made):
    last = hand_made.rolling(tops=(1, 2)).iloc[-1]
    assert last["month"] == pd.Timestamp("2025-12-01")
    # A: 9 x 10.005 + 2 = 92.045, rounded once for the twelve months; LATE 40.
    assert (last["accounts"], last["total"]) == (3, pytest.approx(1200 + 92.05 + 40))
    assert (last["top_1"], last["top_2"]) == (1200.0, pytest.approx(1292.05))
    assert last["squares"] == pytest.approx(1200**2 + 92.05**2 + 40**2)


def dated(company, *days, as_of=""):
    rows = "account_id,date,revenue\n" + "".join(f"1,{day},5\n" for day in days)
    settings = (f"as_of = {as_of}\n" if as_of else "") + 'period = "all"\n[tables.transactions]\nfile = "t.csv"\n'
    return open_ledger(company(settings, t__csv=rows))


@pytest.mark.parametrize(
    ("days", "as_of", "complete"),
    [
        (["2025-01-07", "2025-04-30"], "", ["01", "02", "03", "04"]),
        (["2025-01-08", "2025-04-29"], "", ["02", "03"]),
        (["2025-01-07", "2025-04-23"], "2025-04-30", ["01", "02", "03", "04"]),
        # The export ends long before the as-of date: its last month is not over, and not one without sales.
        (["2025-01-07", "2025-04-22"], "2025-04-30", ["01", "02", "03"]),
        (["2025-01-07", "2025-04-30"], "2025-04-29", ["01", "02", "03"]),
        (["2025-01-20"], "", []),
    ],
)
def test_which_months_are_complete(company, days, as_of, complete):
    found = dated(company, *days, as_of=as_of).by_month()
    assert found.loc[found["complete"], "month"].dt.strftime("%m").tolist() == complete


def test_a_month_without_sales_is_a_row_of_zero(company):
    found = dated(company, "2025-01-07", "2025-03-31").by_month()
    assert found["amount"].tolist() == [5.0, 0.0, 5.0]
    assert found["accounts"].tolist() == [1, 0, 1]


def test_nothing_before_twelve_complete_months(company):
    ledger = dated(company, "2025-01-01", "2025-11-30")
    rolling = ledger.rolling()
    assert list(rolling.columns) == ["month", "accounts", "total", "squares", "top_1", "top_5", "top_10"]
    assert rolling.empty
    assert (rolling["month"].dtype.kind, rolling["total"].dtype.kind, rolling["accounts"].dtype.kind) == ("M", "f", "i")
    assert ledger.month_statistics()["changes"].tolist() == [0]
    assert len(dated(company, "2025-01-01", "2025-12-31").rolling()) == 1


def test_no_complete_month_gives_no_statistics(company):
    found = dated(company, "2025-01-20").month_statistics()
    assert found.empty
    assert found["first_month"].dtype.kind == "M"
    assert found["amount"].dtype.kind == "f"


def test_purchases_of_an_incomplete_first_month_count_as_earlier(company):
    [found] = dated(company, "2025-01-20", "2025-06-30").month_statistics().itertuples()
    assert (found.first_month, found.months, found.amount) == (pd.Timestamp("2025-02-01"), 5, 5.0)


def test_a_wrong_date_of_1900_costs_no_thousand_months(company):
    ledger = dated(company, "1900-02-03", "2025-01-31", "2025-12-31")
    assert len(ledger.rolling()) == under_test.HISTORY
    [found] = ledger.month_statistics().itertuples()
    assert (found.first_month, found.amount) == (pd.Timestamp("2016-01-01"), 10.0)


def test_one_query_for_each_window_gives_the_same(sample, monkeypatch):
    at_once = sample.rolling()
    monkeypatch.setattr("kam_analysis.ledger.engine.sums.MANY_ROWS", 0)
    pd.testing.assert_frame_equal(sample.rolling(), at_once)


def test_recent_is_one_to_twelve_months(hand_made):
    with pytest.raises(ValueError, match="recent"):
        hand_made.month_statistics(recent=13)


def test_another_measure_and_a_period(sample):
    found = sample.by_month(sample.period_of("2025-02-10/2025-03-10"), measure="margin")
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2025-02", "2025-03"]
    days = sample.period_of("2025-02-01/2025-03-31")
    assert found["amount"].sum() == pytest.approx(sample.by_account(days, measures=("margin",))["margin"].sum(), abs=1)
