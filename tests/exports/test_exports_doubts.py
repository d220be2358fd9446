"""What init notices of an export before its amounts are added up, and what it shows while questions stay open."""

from pathlib import Path

import pytest
from babel import Locale

from kam_analysis.exports import Guess, inspect_export, write_settings
from kam_analysis.exports.open_look import open_look
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.opening import check
from kam_analysis.ledger.reading.written_dates import LANGUAGES
from kam_analysis.ledger.settings.settings_file import load_settings

ORDERS = (
    "Order no,Order date,Customer,Item,Order total\nA1,2025-01-14,Alder,Lamp,300.00\nA1,2025-01-14,Alder,Desk,300.00\n"
    "A2,2025-02-14,Birch,Bed,400.00\nA1,2025-03-14,Alder,Lamp,300.00\n"
)


def seen(folder: Path, text: str) -> Guess:
    (folder / "export.csv").write_text(text, encoding="utf-8")
    return inspect_export(folder / "export.csv")


def test_an_orders_total_counts_once_where_its_owner_says_so_and_the_rest_is_reconciled(tmp_path: Path) -> None:
    guess = seen(tmp_path, ORDERS)
    [question] = guess.questions
    assert "1,300.00 on every line, 1,000.00 once an order" in question.text
    path = write_settings(guess)
    text = path.read_text("utf-8")
    first = text.split("# 1. ")[1].split("# 2. ")[0]
    assert "# once_per_order = true" in first
    for line in first.splitlines()[1:]:
        text = text.replace(line, line.removeprefix("# "), 1)
    path.write_text(text, encoding="utf-8")
    ledger = open_ledger(path, period="all")
    # The same number on another day is another bill.
    assert dict(ledger.by_account()[["account_name", "revenue"]].to_numpy()) == {"Alder": 600.0, "Birch": 400.0}
    parts = ledger.reconciliation()
    assert (parts.total, parts.in_shares, parts.left_out) == (1300.0, 1000.0, 300.0)
    assert "which another of its lines gives" in parts.reasons[0].reason


def test_what_each_answer_would_lead_to_is_shown_while_questions_are_open(tmp_path: Path) -> None:
    lines = list(open_look(seen(tmp_path, ORDERS)))
    assert lines[0] == "What each answer would lead to:"
    shown = [" ".join(line.split()) for line in lines]
    assert any(line.endswith("3 rows of sales from 2025-01-14 to 2025-03-14: 1,000.00") for line in shown)
    assert any(line.endswith("4 rows of sales from 2025-01-14 to 2025-03-14: 1,300.00") for line in shown)
    assert "Alder 600.00 60.0%" in shown
    assert "Alder 900.00 69.2%" in shown


def test_answers_that_cannot_be_looked_at_leave_rows_totals_and_customers(tmp_path: Path) -> None:
    text = "Customer,Invoice date,Net amount\nAlder,soon,100.00\nBirch,later,50.00\nAlder,never,25.50\n"
    lines = [" ".join(line.split()) for line in open_look(seen(tmp_path, text))]
    assert any("cannot be used as it is: expected a date" in line for line in lines)
    assert '"Net amount": 175.50' in lines
    assert "Alder 125.50" in lines


def test_amounts_in_several_currencies_are_shown_by_currency(tmp_path: Path) -> None:
    text = "Customer,Date,Currency,Amount\nAlder,2025-01-14,EUR,100.00\nBirch,2025-02-14,USD,50.00\nBirch,2025-02-15,USD,5.00\n"
    lines = list(open_look(seen(tmp_path, text)))
    assert any(line.strip() == '"Amount": EUR 100.00; USD 55.00' for line in lines)


def test_amounts_in_thousands_are_read_so_where_the_settings_say_it(company) -> None:
    rows = "account_id,date,revenue,cost,quantity\nA,2025-01-10,12.5,10.25,3\n"
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\namount_unit = 1000\n', t__csv=rows))
    frame = ledger.by_account(measures=("revenue", "margin", "quantity"))
    assert frame[["revenue", "margin", "quantity"]].to_numpy().tolist() == [[12500.0, 2250.0, 3.0]]
    with pytest.raises(Exception, match="amount_unit"):
        load_settings(company('[tables.transactions]\nfile = "t.csv"\namount_unit = 0\n', t__csv=rows))


def test_numbers_with_and_without_zeros_are_one_customer_where_names_agree(tmp_path: Path) -> None:
    text = "Customer no,Customer name,Date,Net amount\n0000007,Alder,2025-01-14,100.00\n7,ALDER,2025-02-14,50.00\n0000008,Birch,2025-02-15,5.00\n"
    frame = open_ledger(write_settings(seen(tmp_path, text)), period="all").by_account()
    assert frame["revenue"].tolist() == [150.0, 5.0]
    (tmp_path / "kam.toml").unlink()
    guess = seen(tmp_path, text.replace("7,ALDER", "7,Cedar"))
    assert guess.normalise == ()


def test_check_warns_of_numbers_that_differ_in_zeros_alone(company) -> None:
    rows = "account_id,date,revenue\n007,2025-01-10,100.00\n7,2025-01-11,50.00\n"
    [warning] = check(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=rows))
    assert warning.rule == "ids differ in leading zeros only and count as several accounts"
    assert warning.examples == ("007 (100.00) and 7 (50.00)",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_by_name_beside_a_year_in_every_language(tmp_path: Path, language: str) -> None:
    names = Locale.parse(language).months["stand-alone"]["wide"]
    rows = "".join(f"Alder,2025,{names[month]},{month}.50\n" for month in range(1, 13))
    guess = seen(tmp_path, f"Customer,Sales year,Sales month,Net sales\n{rows}")
    assert not guess.questions
    ledger = open_ledger(write_settings(guess), period="all")
    assert (str(ledger.overview.first), str(ledger.overview.last)) == ("2025-01-31", "2025-12-31")
    assert ledger.reconciliation().total == 84.0
