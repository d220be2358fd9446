"""The ledger's frames against sums made by hand and by plain Python decimals."""

import io
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger import open_ledger

SETTINGS = """
name = "Test"
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "t.csv"
[tables.accounts]
file = "a.csv"
[exclude]
accounts = ["9999"]
products = ["FREIGHT"]
[rates]
PLN = 0.25
[control]
revenue = { 2025 = 1000.00 }
"""
ROWS = """account_id,date,revenue,cost,product,product_line,region,currency
A1,2025-01-10,100.00,60,P1,Pumps,North,EUR
A1,2025-03-10,-40.00,-20,P1,Pumps,North,EUR
A2,2025-03-11,400.00,100,P2,Valves,South,PLN
B,2025-05-01,200.00,150,P2,Valves,South,eur
B,2024-05-01,50.00,50,P2,Valves,South,
C,2025-06-01,-10.00,0,P1,Pumps,North,EUR
9999,2025-06-01,500.00,0,P1,Pumps,North,EUR
,2025-07-01,7.005,0,P1,Pumps,North,EUR
B,2025-07-01,30.00,0,FREIGHT,Freight,South,EUR
B,2026-01-01,999.00,0,P1,Pumps,North,EUR
"""
ACCOUNTS = 'account_id,account_name,parent_id\nA1,"Alder, ""West"" & Co",A\nA2,Alder East,A1\nA,Alder,\nB,Birch,\nC,Cedar,\n9999,Own company,\n'


@pytest.fixture
def ledger(company):
    return open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS))


def rows(frame, *names):
    return [tuple(row) for row in frame[list(names)].itertuples(index=False)]


def test_by_account_nets_credit_notes_converts_and_rolls_up(ledger):
    assert rows(ledger.by_account(), "account_id", "account_name", "revenue") == [
        ("B", "Birch", 200.0),
        ("A", "Alder", 160.0),
        ("C", "Cedar", -10.0),
    ]
    assert rows(ledger.by_account(level="legal_entity"), "account_id", "revenue") == [
        ("B", 200.0),
        ("A2", 100.0),
        ("A1", 60.0),
        ("C", -10.0),
    ]


def test_margin_and_several_measures(ledger):
    frame = ledger.by_account(measures=("margin", "revenue"))
    # A2: (400 - 100) PLN x 0.25; A1: 40 - 20.
    assert rows(frame, "account_id", "margin", "revenue") == [
        ("A", 95.0, 160.0),
        ("B", 50.0, 200.0),
        ("C", -10.0, -10.0),
    ]
    assert ledger.measures == ("revenue", "margin")


def test_every_amount_of_the_source_is_somewhere(ledger):
    parts = ledger.reconciliation()
    assert parts.in_shares == 360.0
    assert parts.set_aside == -10.0
    assert parts.excluded == 530.0
    assert parts.without_account == 7.01
    assert parts.rounding == pytest.approx(-0.005)
    # Plain sum of the source's rows of 2025, by hand: 100 - 40 + 100 + 200 - 10 + 500 + 7.005 + 30, to the cent.
    assert parts.total == 887.005
    assert (parts.accounts, parts.set_aside_accounts, parts.excluded_accounts, parts.without_account_rows) == (
        2,
        1,
        1,
        1,
    )


def test_control_totals_stand_beside_all_rows_of_the_year(ledger):
    [control] = ledger.controls()
    assert control.ledger == pytest.approx(887.005, abs=0.006)
    assert control.finance == 1000.0
    assert not control.partly


MONTHS = [f"2025-{month:02}" for month in range(2, 13)] + ["2026-01"]


@pytest.mark.parametrize(
    ("as_of", "given", "label"),
    [
        ("2026-01-31", MONTHS, "12 months to 31 Jan 2026"),
        ("2026-02-17", MONTHS, "12 months to 31 Jan 2026"),  # finance closes later than we look
        ("2026-02-17", ["2024-12", "2025-01", *MONTHS], "12 months to 31 Jan 2026"),  # the newest of three
        ("2026-01-30", ["2025-01", *MONTHS], "12 months to 31 Dec 2025"),
        ("2026-01-30", MONTHS, None),
        ("2026-02-17", [each for each in MONTHS if each != "2025-06"], None),
    ],
)
def test_monthly_totals_reconcile_the_newest_twelve_months_of_which_each_is_given(company, as_of, given, label):
    totals = ", ".join(f"{month} = {at + 1}.5" for at, month in enumerate(given))
    text = SETTINGS.replace("2025 = 1000.00", totals).replace("as_of = 2025-12-31", f"as_of = {as_of}")
    found = open_ledger(company(text, t__csv=ROWS, a__csv=ACCOUNTS)).controls()
    assert [(each.year, each.of_months, each.partly) for each in found] == ([(label, True, False)] if label else [])
    if label:
        table = pd.read_csv(io.StringIO(ROWS))
        end = pd.Timestamp(label.removeprefix("12 months to "))
        days = pd.to_datetime(table["date"])
        within = (days > end - pd.DateOffset(years=1)) & (days <= end)
        worth = table["revenue"] * table["currency"].map({"PLN": 0.25}).fillna(1)
        assert found[0].ledger == pytest.approx(worth[within].sum(), abs=0.006)  # 2026: 999.00 in January
        last = given.index(f"{end:%Y-%m}")
        assert found[0].finance == sum(at + 1.5 for at in range(last - 11, last + 1))


def test_yearly_totals_stand_beside_monthly_ones(company):
    totals = "2025 = 1000.00, " + ", ".join(f"{month} = 100" for month in MONTHS)
    text = SETTINGS.replace("2025 = 1000.00", totals).replace("as_of = 2025-12-31", "as_of = 2026-01-31")
    ledger = open_ledger(company(text, t__csv=ROWS, a__csv=ACCOUNTS))
    assert [(each.year, each.finance) for each in ledger.controls()] == [
        ("2025", 1000.0), ("12 months to 31 Jan 2026", 1200.0),
    ]  # fmt: skip


def test_by_month_is_filled_with_zeros_from_the_first_purchase(ledger):
    frame = ledger.by_account_month(["A", "B"], ledger.period_of("2025"))
    b = frame[frame["account_id"] == "B"]
    assert len(b) == 12  # bought in 2024 already
    assert b["revenue"].sum() == 200.0
    a = frame[frame["account_id"] == "A"]
    assert a["revenue"].tolist()[:3] == [100.0, 0.0, 60.0]
    assert frame["complete"].all()


def test_an_incomplete_month_is_said(company):
    ledger = open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS), as_of="2025-05-15")
    frame = ledger.by_account_month(["B"])
    assert frame["month"].iloc[-1] == pd.Timestamp("2025-05-01")
    assert frame["complete"].tolist()[-2:] == [True, False]


def test_by_line_and_region(ledger):
    lines = ledger.by_account_line()
    assert rows(lines, "account_id", "product_line", "revenue") == [
        ("A", "Pumps", 60.0),
        ("A", "Valves", 100.0),
        ("B", "Freight", 0.0),
        ("B", "Valves", 200.0),
        ("C", "Pumps", -10.0),
    ]
    regions = ledger.by_account_region()
    assert regions["revenue"].sum() == 350.0


def test_rows_after_as_of_are_left_out_and_counted(ledger):
    [later] = [each for each in ledger.warnings if "as-of" in each.rule]
    assert later.rows == 1


def test_warnings_name_what_is_kept(ledger):
    said = "\n".join(map(str, ledger.warnings))
    assert "no account in 1 row" in said
    assert all(each.severity == "warning" for each in ledger.warnings)


def test_an_account_that_the_master_does_not_know_is_its_own(company):
    ledger = open_ledger(company(SETTINGS, t__csv=ROWS + "Z,2025-01-01,5,0,P1,Pumps,North,EUR\n", a__csv=ACCOUNTS))
    assert ("Z", "Z", 5.0) in rows(ledger.by_account(), "account_id", "account_name", "revenue")
    assert any("not in the table accounts" in each.rule and "Z" in each.examples for each in ledger.warnings)


def test_without_parents_companies_stand_alone(company):
    ledger = open_ledger(company("parents = false\n" + SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS))
    assert "A1" in ledger.by_account()["account_id"].tolist()


def test_parents_in_a_circle_are_an_error(company):
    circle = "account_id,parent_id\nA1,A2\nA2,A1\nB,\n"
    with pytest.raises(DataError, match="circle in 2 rows"):
        open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=circle))


def test_a_long_chain_of_parents_reaches_its_top(company):
    chain = "account_id,parent_id\n" + "\n".join(f"N{i},N{i + 1}" for i in range(60)) + "\nN60,\n"
    lines = "account_id,date,revenue\n" + "\n".join(f"N{i},2025-01-01,1" for i in range(60)) + "\n"
    text = '[tables.transactions]\nfile = "t.csv"\n[tables.accounts]\nfile = "a.csv"\n'
    ledger = open_ledger(company(text, t__csv=lines, a__csv=chain))
    assert rows(ledger.by_account(), "account_id", "revenue") == [("N60", 60.0)]


def test_a_second_currency_without_a_rate_is_an_error_with_its_rows(company):
    text = SETTINGS.replace("[rates]\nPLN = 0.25", "")
    with pytest.raises(DataError, match=r"currency: expected amounts in EUR or a rate, got PLN in 1 row"):
        open_ledger(company(text, t__csv=ROWS, a__csv=ACCOUNTS))


def test_one_account_and_one_transaction(company):
    ledger = open_ledger(
        company('[tables.transactions]\nfile = "t.csv"\n', t__csv="account_id,date,revenue\n1,2025-01-01,5\n")
    )
    assert ledger.as_of == date(2025, 1, 1)
    assert ledger.by_account()["revenue"].tolist() == [5.0]


def test_hostile_names_pass_through_unchanged(company):
    names = ["<script>alert(1)</script>", "=SUM(A1)", 'quote "q", comma', "line\nbreak", "emoji 🦊", "007"]
    cells = [f'"{name}"'.replace('"q"', '""q""') for name in names]
    lines = "account_id,date,revenue\n" + "".join(f"{cell},2025-01-01,{i + 1}\n" for i, cell in enumerate(cells))
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=lines))
    assert set(ledger.by_account()["account_id"]) == set(names)


def test_a_product_stands_in_for_a_missing_line_only_where_there_are_few(company):
    def has_lines(n):
        text = "account_id,date,revenue,product\n" + "".join(f"1,2025-01-01,5,P{i}\n" for i in range(n))
        return open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=text)).lines

    assert has_lines(30)
    assert not has_lines(31)


def test_unknown_measure_and_dates_are_refused(company):
    path = company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS)
    with pytest.raises(SettingsError, match='the data has no "visits"'):
        open_ledger(path, measure="visits")
    with pytest.raises(SettingsError, match="2025-12-31"):
        open_ledger(path, as_of="31.12.2025")
    with pytest.raises(DataError, match="before the first transaction"):
        open_ledger(path, as_of="1999-12-31")


def test_frames_are_copies(ledger):
    frame, table = ledger.by_account(), ledger.table("accounts")
    frame["revenue"] = 0.0
    table["account_name"] = ""
    assert ledger.by_account()["revenue"].sum() == 350.0
    assert ledger.master.named(pd.Series(["B"])).tolist() == ["Birch"]


AMOUNTS = st.decimals(-9_999, 9_999, places=3, allow_nan=False, allow_infinity=False)
LINES = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "a ", "7.0", "7", ""]), AMOUNTS), min_size=1, max_size=40)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_sums_equal_those_of_python_decimals_and_reconcile(lines, company):
    text = "account_id,date,revenue\n" + "".join(
        f'"{who}",2025-06-01,{amount}\n' for who, amount in [*lines, ("big", Decimal(50_000))]
    )
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=text))
    expected = defaultdict(Decimal)
    for who, amount in [*lines, ("big", Decimal(50_000))]:
        expected[{"a ": "a", "7.0": "7"}.get(who, who)] += amount
    nobody = expected.pop("", Decimal(0))
    got = dict(rows(ledger.by_account(), "account_id", "revenue"))
    # Half away from zero, as databases round.
    assert got == {who: float(amount.quantize(Decimal("0.01"), "ROUND_HALF_UP")) for who, amount in expected.items()}
    parts = ledger.reconciliation()
    assert parts.without_account == float(nobody.quantize(Decimal("0.01"), "ROUND_HALF_UP"))
    assert parts.total == pytest.approx(float(sum(expected.values()) + nobody), abs=1e-6)


def test_no_transaction_enters_pandas(ledger, monkeypatch):
    """The widest frame that leaves the engine has a row per account and month, never one per transaction."""
    seen = []
    connection = ledger._sums._connection
    fetch = type(connection).fetch
    monkeypatch.setattr(type(connection), "fetch", lambda self, e, w: seen.append(fetch(self, e, w)) or seen[-1])
    ledger.by_account(ledger.period_of("all"))
    ledger.by_account_month(["B"])
    ledger.by_account_line()
    assert seen
    assert all("date" not in frame and len(frame) < 10 for frame in seen if isinstance(frame, pd.DataFrame))


def test_the_query_of_a_folder_is_relative_to_data_dir(company, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "t.csv").write_text("account_id,date,revenue\n1,2025-01-01,5\n")
    path = company('data_dir = "data"\n[tables.transactions]\nquery = "from \'t.csv\'"\n')
    assert open_ledger(Path(path)).by_account()["revenue"].tolist() == [5.0]


def test_excluding_a_parent_excludes_the_companies_below_it(company):
    text = SETTINGS.replace('accounts = ["9999"]', 'accounts = ["9999", "A"]')
    ledger = open_ledger(company(text, t__csv=ROWS, a__csv=ACCOUNTS))
    assert ledger.by_account(level="legal_entity")["account_id"].tolist() == ["B", "C"]
    assert ledger.reconciliation().excluded_accounts == 3


def test_a_date_in_the_future_does_not_move_the_as_of_date(company):
    lines = "account_id,date,revenue\n1,2025-01-01,5\n1,2025-03-31,5\n2,2199-01-01,7\n"
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=lines))
    assert ledger.as_of == date(2025, 3, 31)
    assert ledger.by_account()["revenue"].tolist() == [10.0]
    said = [each for each in ledger.warnings if each.rule == "later than today"]
    assert [each.rows for each in said] == [1]


def test_repeated_rows_are_counted_and_said_where_they_are_not_looked_for(company, monkeypatch):
    path = company(
        '[tables.transactions]\nfile = "t.csv"\n', t__csv="account_id,date,revenue\n" + "1,2025-01-01,5\n" * 3
    )
    assert [each.rows for each in open_ledger(path).warnings if "copies of another row" in each.rule] == [2]
    monkeypatch.setattr("kam_analysis.ledger.engine.transaction_faults.DUPLICATES_UP_TO", 2)
    assert ["not looked for" in each.rule for each in open_ledger(path).warnings] == [True]
