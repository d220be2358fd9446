"""How amounts and dates are written: settled by evidence from any row, asked where nothing settles it."""

from pathlib import Path

import pytest

from kam_analysis.exports import Guess, inspect_export, write_settings
from kam_analysis.ledger import open_ledger


def seen(folder: Path, *rows: str, header: str = "Customer|Date|Amount") -> Guess:
    file = folder / "export.txt"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return inspect_export(file)


def dated(folder: Path, *dates: str) -> Guess:
    return seen(folder, *(f"A|{date}|1.50" for date in dates))


def priced(folder: Path, *amounts: str) -> Guess:
    return seen(folder, *(f"A|2025-12-31|{amount}" for amount in amounts))


@pytest.mark.parametrize(
    ("cells", "pattern"),
    [
        (["2025-03-04"], ""),
        (["2025-03-04", "2025-03-05T10:00:00", "2025-03-05 10:00"], ""),
        (["2025/03/04"], "%Y/%m/%d"),
        (["20250304"], "%Y%m%d"),
        (["31.12.2025", "1.3.2025"], "%d.%m.%Y"),
        (["03.04.2025"], "%d.%m.%Y"),
        (["31.12.25"], "%d.%m.%y"),
        (["03/04/2025", "31/12/2025"], "%d/%m/%Y"),
        (["03/04/2025", "12/31/2025"], "%m/%d/%Y"),
        (["3/4/25", "12/31/25"], "%m/%d/%y"),
        (["31-12-2025 14:05"], "%d-%m-%Y %H:%M"),
        (["12/31/2025 2:05:09 PM"], "%m/%d/%Y %I:%M:%S %p"),
        (["4-Mar-2025", "04-APR-2025"], "%d-%b-%Y"),
        (["March 4, 2025", "April 14, 2025"], "%B %d, %Y"),
        (["2025-01-31T23:30:00Z", "2025-02-15T10:00:00+01:00"], ""),
        (["31.01.2025 10:00 +01:00"], "%d.%m.%Y %H:%M"),
        (["45678", "45679.5"], "excel"),
        (["2025-01", "2025-12"], "%Y-%m"),
        (["01/2025"], "%m/%Y"),
        (["202501"], "%Y%m"),
        (["2025-W03", "2025-W52"], "%G-W%V"),
        (["Jan 2024", "Feb 2024"], "%b %Y"),
        (["Jan-25", "Dez-25"], "%b-%y"),
        (["Januar 2024", "März 2024"], "%b %Y"),
        (["stycznia 2024"], "%b %Y"),
        (["31. Dez 2025", "1. Jan. 2025"], "%d. %b. %Y"),
        (["31 de dezembro de 2025"], "%d %b %Y"),
        (["31-Dec-25"], "%d-%b-%y"),
        (["31 ağustos 2025"], "%d %b %Y"),
        (["2025年1月31日"], "%Y年%m月%d日"),
        (["2025年1月"], "%Y年%m月"),
    ],
)
def test_date_formats(tmp_path: Path, cells: list[str], pattern: str) -> None:
    guess = dated(tmp_path, *cells)
    assert guess.source.date_format == pattern
    assert not guess.questions


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2025-01-31T23:30:00Z", "2025-02-15T10:00:00+01:00"], ("2025-01-31", "2025-02-15")),
        (["45678", "45700"], ("2025-01-21", "2025-02-12")),
        (["2025-01", "2025-02"], ("2025-01-31", "2025-02-28")),
        (["Jan. 2024", "März 2024"], ("2024-01-31", "2024-03-31")),
        (["31. Dez 2024", "1. Jan. 2025"], ("2024-12-31", "2025-01-01")),
        (["31 de dezembro de 2024", "1 de janeiro de 2025"], ("2024-12-31", "2025-01-01")),
        (["2025-W03", "2025-W05"], ("2025-01-16", "2025-01-30")),
        (["2025年1月31日", "2025年12月1日"], ("2025-01-31", "2025-12-01")),
    ],
)  # fmt: skip
def test_the_days_that_were_found_are_the_days_that_are_read(
    tmp_path: Path, cells: list[str], days: tuple[str, str]
) -> None:
    overview = open_ledger(write_settings(dated(tmp_path, *cells))).overview
    assert (overview.first.isoformat(), overview.last.isoformat()) == days


def test_what_a_date_leaves_open_is_said(tmp_path: Path) -> None:
    assert any(
        'counts on the day as it is written, such as 2025-01-31T23:30:00Z in row 2; time_zone = "Europe/Berlin"' in said
        for said in dated(tmp_path, "2025-01-31T23:30:00Z").said
    )
    assert (
        "dates read as year-month, on the month's last day, such as 2025-01 in row 2" in dated(tmp_path, "2025-01").said
    )
    assert (
        "dates read as year-week, on the week's Thursday, such as 2025-W03 in row 2" in dated(tmp_path, "2025-W03").said
    )


def test_a_day_above_12_settles_it_however_far_down(tmp_path: Path) -> None:
    guess = dated(tmp_path, *["03/04/2025"] * 2_000, "13/04/2025")
    assert guess.source.date_format == "%d/%m/%Y"
    assert "dates read as day/month/year: 13/04/2025 in row 2,002 can be nothing else" in guess.said


def test_day_or_month_first_is_not_guessed(tmp_path: Path) -> None:
    guess = dated(tmp_path, "03/04/2025", "12/01/2025")
    assert guess.source.date_format == ""
    answers = [answer.lines[0] for answer in guess.questions[0].alternatives]
    assert answers == ['date_format = "%d/%m/%Y"', 'date_format = "%m/%d/%Y"']
    assert "day or month first" in str(guess.questions[0])


def test_two_digits_everywhere_may_also_be_year_first(tmp_path: Path) -> None:
    guess = dated(tmp_path, "03/04/05")
    assert len(guess.questions[0].alternatives) == 3


@pytest.mark.parametrize(
    ("cells", "said"),
    [(["13/01/2025", "01/13/2025"], "contradicts itself"), (["13.01.2025", "2025-01-13"], "in several ways")],
)
def test_dates_of_two_kinds_are_asked(tmp_path: Path, cells: list[str], said: str) -> None:
    guess = dated(tmp_path, *cells)
    assert said in guess.questions[0].text
    assert guess.source.date_format == ""


def test_some_cells_without_a_date_are_said(tmp_path: Path) -> None:
    guess = dated(tmp_path, *["31.12.2025"] * 20, "soon")
    assert any(said.startswith('no date in 1 cell of "Date", such as soon in row 22') for said in guess.said)


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands"),
    [
        (["12,50"], ",", ""),
        (["12.50"], ".", ""),
        (["1.234,56-"], ",", "."),
        (["-1,234.56"], ".", ","),
        (["1.234.567"], ",", "."),
        (["1 234,50"], ",", " "),
        (["1\u00a0234,50"], ",", " "),
        (["1\u202f234,50"], ",", " "),
        (["1'234.50"], ".", "'"),
        (["1\u2019234.50"], ".", "'"),
        (["1.234", "12,50"], ",", "."),
        (["1.234", "12.50"], ".", ""),
        (["0.125"], ".", ""),
        (["1234.567"], ".", ""),
        (["(1,234.50)"], ".", ","),
        (["€ 12,50", "-€3,00"], ",", ""),
        (["$1,234.50"], ".", ","),
        (["\u221212,5"], ",", ""),
        (["+12,5"], ",", ""),
        (["100", "-20", "20-"], ".", ""),
        (["1 234 567", "12,500"], ",", " "),
        (["6,00,000.00", "94,938.00"], ".", ","),
        (["6,00,000", "94,938"], ".", ","),
        ([" $32,370.00 ", " $(4,533.75)", " $-   "], ".", ","),
        (["１，２３４．５０"], ".", ","),
        (["\u200e1.234,50\u200f", "–"], ",", "."),
        (["₹5,00,000", "₹12,345"], ".", ","),
    ],
)
def test_amount_formats(tmp_path: Path, cells: list[str], decimal: str, thousands: str) -> None:
    guess = priced(tmp_path, *cells)
    assert (guess.source.decimal, guess.source.thousands) == (decimal, thousands)
    assert not guess.questions


@pytest.mark.parametrize(("cells", "first"), [(["1.234", "999"], ","), (["1,234"], ".")])
def test_groups_of_three_alone_are_not_guessed(tmp_path: Path, cells: list[str], first: str) -> None:
    guess = priced(tmp_path, *cells)
    question = guess.questions[0]
    assert f'decimal = "{first}"' in question.alternatives[0].lines
    assert len(question.alternatives) == 2
    assert 'columns.revenue = "Amount"' in question.alternatives[1].lines
    assert "revenue" not in guess.source.columns


def test_another_column_of_amounts_settles_it(tmp_path: Path) -> None:
    guess = seen(tmp_path, "A|2025-12-31|1.234|0,50", header="Customer|Date|Amount|Cost")
    assert (guess.source.decimal, guess.source.thousands) == (",", ".")
    assert not guess.questions


def test_decimal_comma_and_point_in_one_file_are_asked(tmp_path: Path) -> None:
    guess = priced(tmp_path, "1,5", "1.5")
    assert "contradict each other: 1,5 in row 2 and 1.5 in row 3" in guess.questions[0].text


def test_evidence_is_said_with_its_row(tmp_path: Path) -> None:
    guess = priced(tmp_path, "100", "1.234,56-", "(2,00)")
    assert "amounts have a decimal comma, points for thousands: 1.234,56- in row 3 can be nothing else" in guess.said
    assert "a minus behind the amount understood: 1.234,56- in row 3" in guess.said
    assert "parentheses for negative amounts understood: (2,00) in row 4" in guess.said


def test_one_currency_sign_is_a_hint_and_two_are_a_question(tmp_path: Path) -> None:
    guess = priced(tmp_path, "€1,50")
    assert (guess.currency, guess.currency_hint) == ("", "EUR")
    guess = priced(tmp_path, "€1,50", "$1,50")
    assert "EUR in 1 row, USD in 1 row" in guess.questions[0].text
    assert "revenue" not in guess.source.columns


def test_a_currency_in_the_title_is_a_hint(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer|Date|Amount", "A|2025-12-31|1.50", header="Umsatzliste, Beträge in EUR")
    assert (guess.currency, guess.currency_hint) == ("", "EUR")


def test_one_currency_in_a_column_is_the_currency(tmp_path: Path) -> None:
    guess = seen(tmp_path, "A|2025-12-31|1.50|eur ", "A|2025-12-31|1.50|EUR", header="Customer|Date|Amount|Currency")
    assert guess.currency == "EUR"
    assert not guess.questions


def test_two_currencies_are_asked_with_their_rows(tmp_path: Path) -> None:
    rows = ["A|2025-12-31|1.50|EUR"] * 3 + ["A|2025-12-31|1.50|PLN"]
    guess = seen(tmp_path, *rows, header="Customer|Date|Amount|Currency")
    assert guess.currency == ""
    assert dict(guess.currencies) == {"EUR": 3, "PLN": 1}
    assert guess.questions[0].section == "rates"
    assert guess.source.columns["currency"] == "Currency"


def test_an_amount_in_own_currency_ignores_the_document_currency(tmp_path: Path) -> None:
    guess = seen(
        tmp_path, "A|2025-12-31|1.50|EUR", "A|2025-12-31|1.50|PLN", header="Customer|Date|Net sales EUR|Currency"
    )
    assert guess.currency == "EUR"
    assert "currency" not in guess.source.columns
    assert not guess.questions


def test_letters_for_thousands_are_read_where_a_column_has_them_throughout(tmp_path: Path) -> None:
    guess = priced(tmp_path, "1.5K", "$2M", "-")
    assert guess.source.suffixes == {"K": 1000, "M": 1_000_000}
    assert (
        "letters behind amounts are read: 1.5K in row 2 as times 1,000, $2M in row 3 as times 1,000,000" in guess.said
    )
    assert open_ledger(write_settings(guess)).reconciliation().total == 2_001_500


def test_letters_in_some_amounts_only_are_asked(tmp_path: Path) -> None:
    guess = priced(tmp_path, "1.5K", "300")
    assert "beside 300 in row 3" in guess.questions[0].text
    assert "suffixes = { K = 1000 }" in guess.questions[0].alternatives[0].lines
    assert "revenue" not in guess.source.columns


def test_percent_is_no_amount(tmp_path: Path) -> None:
    [question] = priced(tmp_path, "12%", "13.5 %").questions
    assert question.holds == "revenue"
    assert "should hold amounts" in question.text
