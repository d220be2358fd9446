"""Columns of last year and this year: named years are read, unnamed ones asked for, comparisons never counted as sales."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kam_analysis.errors import KamError
from kam_analysis.exports import Guess, inspect_export, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.sniffing.year_names import year_name

NAMED = {
    "German, with the change and the cost": "Kundennr.;Ort;Umsatz 2024;Umsatz 2025;Veränderung;Abw. %;Wareneinsatz 2025\n007;Ulm;1.100,00;2.200,50;1.100,50;100,0;10\n008;Bonn;50,00;60,00;10,00;20,0;10\nGesamt;;1.150,00;2.260,50;1.110,50;96,6;20\n",
    "English fiscal years, with variance and budget": "Customer,FY24,FY25,Variance,FY25 Budget\n007,1100,2200.50,1100.50,5000\n008,50,60,10,70\n",
    "French, with a total and the growth": "Client;CA HT 2024;CA HT 2025;Total;Évolution 2025/2024;Objectif 2025\n007;1 100,00;2 200,50;3 300,50;100 %;9 000\n008;50,00;60,00;110,00;20 %;100\n",
    "bare years, with a total and per cent": "Customer,Region,2024,2025,Total,%\n007,N,1100,2200.50,3300.50,100%\n008,S,50,60,110,20%\nTotal,,1150,2260.50,3410.50,97%\n",
    "net beside gross, and a last order": "Customer,Net sales 2024,Net sales 2025,Gross 2024,Gross 2025,Last order date\n007,1100,2200.50,9,9,2025-03-01\n008,50,60,9,9,2025-05-01\n",
}  # fmt: skip
UNNAMED = {
    "English": "Customer,Sales LY,Sales TY,Growth %,Budget TY\n007,1100,2200.50,100%,5000\n008,50,60,20%,70\nTotal,1150,2260.50,97%,5070\n",
    "German": "Kunde;Vorjahr;aktuelles Jahr;Abw. %;Budget\n007;1.100,00;2.200,50;100,0;3.000,00\n008;50,00;60,00;20,0;10,00\nSumme;1.150,00;2.260,50;97;3.010,00\n",
    "French": "Client;CA N-1;CA N;Évolution N/N-1\n007;1 100,00;2 200,50;100 %\n008;50,00;60,00;20 %\n",
    "French, in full": "Client;Année N-1;Année N\n007;1 100,00;2 200,50\n008;50,00;60,00\n",
    "words alone": "Customer,Last year,This year\n007,1100,2200.50\n008,50,60\n",
}
LAST, BEFORE = {"007": 2200.5, "008": 60.0}, {"007": 1100.0, "008": 50.0}


def seen(folder: Path, text: str, name: str = "export.csv") -> Guess:
    (folder / name).write_text(text, encoding="utf-8")
    return inspect_export(folder / name)


def chosen(path: Path, guess: Guess, answer: int) -> Path:
    """The settings with the marks taken away from the lines of one answer."""
    text = path.read_text(encoding="utf-8")
    for line in guess.questions[0].alternatives[answer].lines:
        assert f"# {line}" in text
        text = text.replace(f"# {line}", line, 1)
    path.write_text(text, encoding="utf-8")
    return path


def both_years(path: Path) -> tuple[str, dict[str, float], dict[str, float]]:
    ledger = open_ledger(path)
    frames = ledger.by_account(), ledger.by_account(ledger.year_before())
    found = (dict(zip(each["account_id"], each["revenue"], strict=True)) for each in frames)
    return ledger.period.label, *found


@pytest.mark.parametrize("case", NAMED)
def test_named_years_are_read_each_as_its_own(tmp_path: Path, case: str) -> None:
    guess = seen(tmp_path, NAMED[case])
    assert not guess.questions
    assert guess.source.grain == "year"
    assert both_years(write_settings(guess)) == ("2025", LAST, BEFORE)


@pytest.mark.parametrize("case", UNNAMED)
def test_unnamed_years_are_asked_for_and_nothing_is_read_before(tmp_path: Path, case: str) -> None:
    guess = seen(tmp_path, UNNAMED[case], "export_2025-12-31.csv")
    [question] = guess.questions
    assert "the file's name or title says 2025?" in question.text
    assert question.alternatives[0].about == "this year is 2025, last year 2024"
    path = write_settings(guess)
    assert "# CHOOSE: which years are" in path.read_text(encoding="utf-8")
    with pytest.raises(KamError):
        open_ledger(path)
    assert both_years(chosen(path, guess, 0)) == ("2025", LAST, BEFORE)


def test_another_answer_is_another_year(tmp_path: Path) -> None:
    guess = seen(tmp_path, UNNAMED["German"], "Stand 2024.csv")
    assert guess.questions[0].alternatives[1].about == "this year is 2023, last year 2022"
    assert both_years(chosen(write_settings(guess), guess, 1)) == ("2023", LAST, BEFORE)


def test_a_title_row_suggests_the_year_in_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Umsatz je Kunde, Stand 31.12.2023"], [], ["Kunde", "Vorjahr", "lfd. Jahr"], ["007", 1100, 2200.5], ["008", 50, 60]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    guess = inspect_export(tmp_path / "export.xlsx")
    assert guess.questions[0].alternatives[0].about == "this year is 2023, last year 2022"
    assert both_years(chosen(write_settings(guess), guess, 0)) == ("2023", LAST, BEFORE)


def test_a_year_that_is_not_over_is_said_to_be_in_no_figure(tmp_path: Path) -> None:
    year = date.today().year
    guess = seen(tmp_path, UNNAMED["English"], f"export {year}.csv")
    assert f"{year} is not over: it is in no figure unless as_of" in guess.questions[0].alternatives[0].about
    path = chosen(write_settings(guess), guess, 0)
    ledger = open_ledger(path)
    frame = ledger.by_account()
    assert ledger.period.label == str(year - 1)
    assert dict(zip(frame["account_id"], frame["revenue"], strict=True)) == BEFORE
    path.write_text(f"as_of = {year}-12-31\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    ledger = open_ledger(path)
    assert dict(zip(ledger.by_account()["account_id"], ledger.by_account()["revenue"], strict=True)) == LAST
    assert ledger.year_before() is None


def test_fiscal_years_over_two_years_ask_for_their_last_day(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer,2023/24,2024/25\n007,1100,2200.50\n008,50,60\n")
    assert guess.questions[0].text == 'on which day do the years "2023/24" and "2024/25" end?'
    path = chosen(write_settings(guess), guess, 1)
    assert both_years(path) == ("12 months to 30 Jun 2025", LAST, BEFORE)


def test_quarters_across_are_read_and_their_year_is_not_counted_again(tmp_path: Path) -> None:
    text = (
        "Client;T1 2025;T2 2025;T3 2025;T4 2025;2025\n007;100,00;200,00;;50,50;350,50\n008;50,00;60,00;70,00;;180,00\n"
    )
    guess = seen(tmp_path, text)
    assert guess.source.grain == "quarter"
    frame = open_ledger(write_settings(guess)).by_account()
    assert dict(zip(frame["account_id"], frame["revenue"], strict=True)) == {"007": 350.5, "008": 180.0}


def test_months_beside_their_year_are_counted_once(tmp_path: Path) -> None:
    text = "Customer,Jan 2025,Feb 2025,2025,2024\n007,100,200,300,900\n008,50,60,110,800\n"
    guess = seen(tmp_path, text)
    assert '"2025", "2024": no sales of their own, not counted' in guess.said
    frame = open_ledger(write_settings(guess), period="all").by_account()
    assert dict(zip(frame["account_id"], frame["revenue"], strict=True)) == {"007": 300.0, "008": 110.0}


def test_two_amounts_that_could_be_sales_are_asked(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer,Sales 2024,Sales 2025,Umsatz 2024,Umsatz 2025\n007,1,2,3,4\n008,1,2,3,4\n")
    [question] = guess.questions
    assert question.text == "which of the columns are sales?"
    assert len(question.alternatives) == 2


def test_invoices_beside_a_column_named_by_its_year_stay_invoices(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer,Invoice date,Net sales,Sales 2024\n007,2025-01-31,5,900\n007,2025-02-28,6,900\n")
    assert not guess.source.columns_across
    assert guess.source.columns["revenue"] == "Net sales"


@pytest.mark.parametrize(
    "name", ["Δ 2025", "Growth 2025", "Budget 2025", "Abw. Vorjahr", "Écart N-1", "Plan 2025", "% of 2025", "Sales TY vs LY", "Anteil 2025", "Menge 2024", "Ziel 2025", "Diferencia 2025"],
)  # fmt: skip
def test_what_is_compared_or_planned_is_no_sales(name: str) -> None:
    found = year_name(name)
    assert found is not None
    assert not found.is_sales
