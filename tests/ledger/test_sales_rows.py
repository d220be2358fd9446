"""Which rows are sales: what keep, drop, subtract and undated take out, to the cent, against sums made by hand."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.opening import check
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.pages.concentration.found import collect

DEALS = """Account,Close date,Stage,Amount
Alder,2025-03-14,Closed Won,1000.00
Birch,2025-04-20,Closed Lost,9000.00
Cedar,2025-12-25, Proposal ,4000.00
Cedar,,,70.00
Alder,2025-06-30,Closed Won ,500.00
"""
DEALS_SETTINGS = """
[tables.transactions]
file = "t.csv"
columns = { account_id = "Account", date = "Close date", revenue = "Amount" }
[tables.transactions.keep]
Stage = ["Closed Won"]
"""


def totals(parts):
    told = {each.reason: (each.rows, each.amount) for each in parts.reasons}
    return parts.total, parts.in_shares, told


def test_only_kept_rows_are_sales_and_the_rest_is_in_the_reconciliation(company):
    ledger = open_ledger(company(DEALS_SETTINGS, t__csv=DEALS))
    left_out = {"Stage: Closed Lost": (1, 9000.0), "Stage: Proposal": (1, 4000.0), "Stage: (empty)": (1, 70.0)}
    # Birch's row lies within the days of sales, Cedar's beyond them, and one has no date: keep comes before dates.
    assert totals(ledger.reconciliation()) == (14570.0, 1500.0, left_out)
    assert ledger.overview.rows == 2
    assert (ledger.overview.first.isoformat(), ledger.as_of.isoformat()) == ("2025-03-14", "2025-06-30")
    assert ledger.by_account()["revenue"].tolist() == [1500.0]
    assert not ledger.warnings


def test_a_period_has_what_was_left_out_in_its_days_and_what_has_no_date(company):
    ledger = open_ledger(company(DEALS_SETTINGS, t__csv=DEALS), period="2025-04-01/2025-06-30")
    assert totals(ledger.reconciliation()) == (
        500.0 + 9000 + 4000 + 70,
        500.0,
        {"Stage: Closed Lost": (1, 9000.0), "Stage: Proposal": (1, 4000.0), "Stage: (empty)": (1, 70.0)},
    )
    assert ledger.reconciliation(ledger.period_of("2025-03-01/2025-03-31")).left_out == 70.0


def test_dropped_and_counted_against_each_told_with_rows_and_money(company):
    rows = """who,day,amount,cost,kind,state
A,2025-01-10,1000.00,600,Invoice,Posted
B,2025-02-15,2000.00,1500,Invoice,Posted
B,2025-02-20,1500.00,1200,Credit memo,Posted
B,2025-02-21,700.00,,Invoice,Void
"""
    path = company(
        '[tables.transactions]\nfile = "t.csv"\ncolumns = { account_id = "who", date = "day", revenue = "amount" }\n'
        '[tables.transactions.drop]\nstate = ["Void"]\n[tables.transactions.subtract]\nKIND = ["Credit memo"]\n',
        t__csv=rows,
    )
    ledger = open_ledger(path)
    frame = ledger.by_account(measures=("revenue", "margin")).set_index("account_id")
    assert frame["revenue"].to_dict() == {"A": 1000.0, "B": 500.0}
    assert frame["margin"].to_dict() == {"A": 400.0, "B": 200.0}
    assert totals(ledger.reconciliation()) == (2200.0, 1500.0, {"state: Void": (1, 700.0)})
    said = [str(problem) for problem in check(path)]
    assert any("no sales: state: Void (700.00) in 1 row" in each for each in said)
    assert any("counted against sales (1,500.00) in 1 row" in each for each in said)
    page = collect(ledger).reconciliation_table().html
    assert "No sales, state: Void: 1 row" in page
    assert "credit documents subtracted" in page


def test_rows_without_a_date_are_left_out_where_the_settings_say_so(company):
    rows = "account_id,date,revenue\nA,2025-01-10,100.00\nA, ,40.25\nB,soon,7.00\n"
    with pytest.raises(DataError, match='undated = "leave_out"'):
        open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=rows.replace("B,soon,7.00\n", "")))
    settings_text = '[tables.transactions]\nfile = "t.csv"\nundated = "leave_out"\n'
    ledger = open_ledger(company(settings_text, t__csv=rows.replace("B,soon,7.00\n", "")))
    assert totals(ledger.reconciliation()) == (140.25, 100.0, {"without a date": (1, 40.25)})
    # What is no date is a fault all the same.
    with pytest.raises(DataError, match=r"expected a date.*soon"):
        open_ledger(company(settings_text, t__csv=rows))


def test_values_that_no_row_has_and_columns_that_are_not_there(company):
    text = DEALS_SETTINGS.replace('"Closed Won"', '"Closed Won", "Closd Lost"')
    [warning] = [each for each in check(company(text, t__csv=DEALS)) if each.severity == "warning"]
    assert 'keep names "Closd Lost", which no row has; did you mean "Closed Lost"?' in str(warning)
    with pytest.raises(DataError, match=r"expected column .Stadium. for keep, drop or subtract.*Stage"):
        open_ledger(company(DEALS_SETTINGS.replace("Stage", "Stadium"), t__csv=DEALS))
    with pytest.raises(DataError, match=r"expected sales, got none: keep\.Stage = \['Won'\] leave out every row"):
        open_ledger(company(DEALS_SETTINGS.replace("Closed Won", "Won"), t__csv=DEALS))


def test_credit_notes_that_are_negative_already_are_not_turned_silently(company):
    rows = "account_id,date,revenue,kind\nA,2025-01-10,100.00,F2\nA,2025-01-11,-30.00,G2\n"
    text = '[tables.transactions]\nfile = "t.csv"\n[tables.transactions.subtract]\nkind = ["G2"]\n'
    [warning] = check(company(text, t__csv=rows))
    assert "negative already (-30.00) in 1 row" in str(warning)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('keep = { Stage = "Won" }', "expected a list of the column's values"),
        ("keep = { Stage = [] }", "expected a list of the column's values"),
        ('drop = { Stage = ["Lost"] }\nkeep = { Stage = ["Lost"] }', '"Lost" is in drop and in keep'),
        ('undated = "drop"', 'expected "leave_out"'),
    ],
)
def test_settings_that_cannot_be_meant(company, lines, said):
    with pytest.raises(SettingsError) as raised:
        load_settings(company(f'[tables.transactions]\nfile = "t.csv"\n{lines}\n'))
    assert said in str(raised.value)


def test_these_keys_are_for_transactions_only(company):
    text = '[tables.transactions]\nfile = "t.csv"\n[tables.accounts]\nfile = "a.csv"\ndrop = { status = ["x"] }\n'
    with pytest.raises(SettingsError, match=r"tables\.accounts\.drop: is for transactions only"):
        load_settings(company(text))


def test_a_margin_gives_the_cost_exactly(company):
    rows = (
        "account_id,date,sales,Profit\nA,2025-01-10,1000.00,200.10\nB,2025-01-11,500.00,-50.00\nB,2025-01-12,10.00,\n"
    )
    text = '[tables.transactions]\nfile = "t.csv"\ncolumns = { revenue = "sales", margin = "Profit" }\n'
    ledger = open_ledger(company(text, t__csv=rows))
    assert ledger.measures == ("revenue", "margin")
    frame = ledger.by_account(measures=("margin",)).set_index("account_id")
    assert frame["margin"].to_dict() == {"A": 200.10, "B": -50.0}
    assert any("column Profit: empty in 1 row" in str(each) for each in ledger.warnings)


def test_a_column_that_is_only_called_margin_may_be_a_percentage(company):
    rows = "account_id,date,revenue,margin\nA,2025-01-10,1000.00,0.35\n"
    assert open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=rows)).measures == ("revenue",)


def test_cost_and_margin_that_do_not_agree_are_told_and_cost_counts(company):
    rows = "account_id,date,revenue,cost,gp\nA,2025-01-10,1000.00,600,400\nA,2025-01-11,100.00,60,35\n"
    text = '[tables.transactions]\nfile = "t.csv"\ncolumns = { margin = "gp" }\n'
    ledger = open_ledger(company(text, t__csv=rows))
    assert ledger.by_account(measures=("margin",))["margin"].tolist() == [440.0]
    [warning] = ledger.warnings
    assert "margin is not revenue less cost; cost is counted in 1 row" in str(warning)


amounts = st.decimals(-1000, 1000, places=3)
lines = st.tuples(st.sampled_from(["A", "B", ""]), st.sampled_from(["Paid", "Void", "", "Credit"]), amounts)


@given(st.lists(lines, min_size=1, max_size=12))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_left_out_the_parts_make_up_the_source(company, rows):
    body = "".join(f"{who},2025-05-0{at % 9 + 1},{amount},{state}\n" for at, (who, state, amount) in enumerate(rows))
    text = (
        '[tables.transactions]\nfile = "t.csv"\nundated = "leave_out"\n'
        '[tables.transactions.drop]\nstate = ["Void", ""]\n[tables.transactions.subtract]\nstate = ["Credit"]\n'
    )
    path = company(text, t__csv="account_id,date,revenue,state\nZ,2025-05-01,5000,Paid\nZ,,0.5,Paid\n" + body)
    parts = open_ledger(path).reconciliation()
    by_hand = sum((-amount if state == "Credit" else amount for _, state, amount in rows), Decimal("5000.5"))
    assert parts.total == pytest.approx(float(by_hand), abs=1e-9)
    made_up = parts.in_shares + parts.without_account + parts.set_aside + parts.excluded + parts.left_out
    assert made_up + parts.rounding == pytest.approx(parts.total, abs=1e-6)
    assert parts.left_out == round(sum(each.amount for each in parts.reasons), 2)


def test_amounts_of_left_out_rows_that_cannot_be_read_are_said(company) -> None:
    rows = "account_id,date,revenue,Status\nA,2025-01-10,100.00,Done\nB,2025-01-11,see note,Void\nB,2025-01-12,7.00,Void\nB,2025-01-12,,Void\n"
    path = company(
        '[tables.transactions]\nfile = "t.csv"\n[tables.transactions.drop]\nStatus = ["Void"]\n', t__csv=rows
    )
    said = "Status: Void (7.00), 1 of them with an amount that cannot be read and counts as zero"
    [warning] = check(path)
    assert (warning.rule, warning.rows, warning.severity) == (f"no sales: {said}", 3, "warning")
    [reason] = open_ledger(path).reconciliation().reasons
    assert (reason.rows, reason.amount) == (3, 7.0)
    assert reason.reason == "Status: Void, 1 of them with an amount that cannot be read and counts as zero"
