"""Every way a table can lie there gives the same sums, and every way it can be broken gives a sentence."""

import datetime as dt

import duckdb
import openpyxl
import pandas as pd
import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger

PLAIN = "account_id,date,revenue\n007,2025-01-10,1234.56\n8,2025-02-10,-34.56\n8,2025-02-11,100\n"
EXPECTED = {"007": 1234.56, "8": 65.44}


def sums(path):
    frame = open_ledger(path).by_account()
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


@pytest.mark.parametrize(
    ("options", "text", "encoding"),
    [
        ("", PLAIN, "utf-8"),
        ("", PLAIN, "utf-8-sig"),
        ("", PLAIN.replace("\n", "\r\n"), "utf-8"),
        ("", PLAIN.replace(",", "\t"), "utf-8"),
        ("", PLAIN.replace("56\n", "56\r\n"), "utf-8"),
        ("", PLAIN.replace("\n", "\r"), "utf-8"),
        ("", PLAIN.replace("56\n", "56\r").replace("revenue\n", 'revenue\n\r\n'), "utf-8"),
        ('encoding = "utf-16"', PLAIN, "utf-16"),
        ('encoding = "cp1252"', PLAIN.replace("8,2025-02-11", "8 ,2025-02-11"), "cp1252"),
        ('date_format = "%d.%m.%Y"\ndecimal = ","\nthousands = "."', "account_id;date;revenue\n007;10.01.2025;1.234,56\n8;10.02.2025;34,56-\n8;11.02.2025;100\n", "utf-8"),
        ('date_format = "%d/%m/%y"\ndecimal = ","', "account_id;date;revenue\n007;10/01/25;1 234,56 €\n8;10/02/25;(34,56)\n8;11/02/25;100,00\n", "utf-8"),
        ('thousands = ","', 'account_id,date,revenue\n007,2025-01-10,"$1,234.56"\n8,2025-02-10,-34.56\n8,2025-02-11,100\n', "utf-8"),
        ("thousands = \"'\"", "account_id,date,revenue\n007,2025-01-10,1'234.56\n8,2025-02-10,\u221234.56\n8,2025-02-11,100\n", "utf-8"),
        ("skip_rows = 2", "Sales report\nprinted 1 March;;\n" + PLAIN, "utf-8"),
        ('total_rows = ["Total"]', "account_id,date,revenue\n007,2025-01-10,1234.56\n,,1234.56\n8,2025-02-10,-34.56\n,,\naccount_id,date,revenue\n8,2025-02-11,100\nTotal 8,,65.44\nGrand,,\n", "utf-8"),
        ("", "account_id,date,revenue\n007,2025-01-10 08:26:00,1234.56\n8,2025-02-10T09:00:00,-34.56\n8,2025-02-11,100\n", "utf-8"),
        ("", "Account_ID , DATE,revenue\n007,2025-01-10,1234.56\n8.0,2025-02-10,-34.56\n8,2025-02-11,1e2\n", "utf-8"),
    ],
)  # fmt: skip
def test_csv_in_the_ways_that_companies_write_it(company, options, text, encoding):
    if "Grand" in text:
        text = text.replace("Grand,,\n", "")
    path = company(
        f'as_of = 2025-06-30\n[tables.transactions]\nfile = "t.csv"\n{options}\n', encoding=encoding, t__csv=text
    )
    assert sums(path) == EXPECTED


def test_total_lines_are_counted(company):
    text = "account_id,date,revenue\n007,2025-01-10,1234.56\nSumme,,1234.56\n"
    path = company('[tables.transactions]\nfile = "t.csv"\ntotal_rows = ["summe"]\n', t__csv=text)
    assert open_ledger(path).overview.total_rows_left_out == 1


def test_a_total_line_without_its_word_in_the_settings_is_an_error_that_says_so(company):
    text = "account_id,date,revenue\n007,2025-01-10,1234.56\nSumme,,1234.56\n"
    with pytest.raises(DataError, match="total_rows"):
        open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=text))


def test_many_files_by_glob_with_other_column_orders(company):
    files = {
        "a1__csv": "account_id,date,revenue\n007,2025-01-10,1234.56\n",
        "a2__csv": "date,revenue,account_id\n2025-02-10,-34.56,8\n2025-02-11,100,8\n",
    }
    assert sums(company('[tables.transactions]\nfile = "a*.csv"\n', **files)) == EXPECTED


def test_xlsx_with_sheet_and_header_row(company, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet("Lines")
    sheet.append(["Sales report"])
    sheet.append([])
    sheet.append(["account_id", "date", "revenue"])
    sheet.append([7, dt.datetime(2025, 1, 10), 1234.56])
    sheet["A4"].number_format = "000"
    sheet.append(["8", dt.date(2025, 2, 10), "34.56-"])
    sheet.append([8, dt.date(2025, 2, 11), 100])
    book.save(tmp_path / "t.xlsx")
    path = company('[tables.transactions]\nfile = "t.xlsx"\nsheet = "Lines"\nheader_row = 3\n')
    assert sums(path) == EXPECTED


def test_xlsx_with_decimal_comma_in_its_text_cells(company, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["account_id", "date", "revenue"])
    book.active.append(["007", "10.01.2025", "1.234,56"])
    book.active.append(["8", dt.date(2025, 2, 10), -34.56])
    book.active.append(["8", "11.02.2025", 100])
    book.save(tmp_path / "t.xlsx")
    path = company('[tables.transactions]\nfile = "t.xlsx"\ndecimal = ","\nthousands = "."\ndate_format = "%d.%m.%Y"\n')
    assert sums(path) == EXPECTED


def frame():
    dates = pd.to_datetime(["2025-01-10", "2025-02-10", "2025-02-11", "2025-02-12"])
    return pd.DataFrame(
        {"account_id": ["007", "8", "8", "8"], "date": dates, "revenue": [1234.56, -34.56, 100.0, float("nan")]}
    )


def test_parquet_with_nan_and_float_ids(company, tmp_path):
    frame().to_parquet(tmp_path / "t.parquet")
    assert sums(company('[tables.transactions]\nfile = "t.parquet"\n')) == EXPECTED
    frame().assign(account_id=[7.0, 8.0, 8.0, 8.0]).to_parquet(tmp_path / "t.parquet")
    assert sums(company('[tables.transactions]\nfile = "t.parquet"\n')) == {"7": 1234.56, "8": 65.44}


def test_a_database_table_and_a_query_over_files_beside_it(company, tmp_path):
    (tmp_path / "t.csv").write_text(PLAIN)
    with duckdb.connect(tmp_path / "sales.duckdb") as database:
        database.execute(
            "create table lines as select * from read_csv('%s', all_varchar = true)" % (tmp_path / "t.csv")
        )
    connection = '[connection]\nurl = "duckdb://sales.duckdb"\n'
    assert sums(company(connection + '[tables.transactions]\ntable = "lines"\n')) == EXPECTED
    query = "select * from lines where revenue <> '100' union all select * from read_csv('t.csv', all_varchar = true) where revenue = '100';"
    assert sums(company(connection + f'[tables.transactions]\nquery = """{query}"""\n')) == EXPECTED


def test_a_query_that_pivots(company):
    text = "account_id,date,kind,amount\n007,2025-01-10,revenue,1234.56\n8,2025-02-10,revenue,65.44\n"
    query = "pivot read_csv('t.csv', all_varchar = true) on kind using sum(amount::decimal(18,2))"
    assert sums(company(f'[tables.transactions]\nquery = "{query}"\n', t__csv=text)) == EXPECTED


@pytest.mark.parametrize(
    ("settings", "text", "said"),
    [
        ('file = "t.csv"', "", "empty file"),
        ('file = "t.csv"', "account_id,date,revenue\n", "none below the header"),
        ('file = "t.csv"', "account_id,date,revenu\n1,2025-01-01,5\n", 'did you mean "revenu"?'),
        ('file = "missing.csv"', PLAIN, '"missing.csv" is not there'),
        ('file = "m*.csv"', PLAIN, 'no file matches "m*.csv"'),
        ('file = "t.csv"', PLAIN.replace("100", "abc"), "expected a number, got something else in 1 row (abc)"),
        ('file = "t.csv"', PLAIN.replace("100", '"1.234,5"'), 'decimal = ","'),
        ('file = "t.csv"', PLAIN.replace("100", "1.234,5"), "line 4 does not divide into the header's columns"),
        ('file = "t.csv"', PLAIN.replace("2025-02-11", "11/02/2025"), "expected a date like 2025-12-31"),
        ('file = "t.csv"', PLAIN.replace("2025-02-11", ""), "expected a date, got nothing in 1 row"),
        ('file = "t.csv"\nencoding = "utf-32-xx"', PLAIN, "is not an encoding"),
        ('table = "nowhere"', PLAIN, "nowhere"),
        ('query = "selct 1"', PLAIN, "cannot be read"),
        ('file = "t.csv"', "account_id,date,revenue\n1,2025-01-01,0\n", "above zero"),
        ('file = "t.csv"', "account_id,date,revenue\n1,2025-01-01,-5\n", "above zero"),
    ],
)
def test_what_is_broken_ends_in_a_sentence(company, tmp_path, settings, text, said):
    with pytest.raises(DataError) as caught:
        open_ledger(company(f"[tables.transactions]\n{settings}\n", t__csv=text))
    assert said in str(caught.value)
    assert caught.value.exit_code == 1
    assert str(tmp_path) not in str(caught.value)


def test_bytes_that_are_not_the_encoding_they_claim(company):
    path = company('[tables.transactions]\nfile = "t.csv"\n', encoding="cp1252", t__csv=PLAIN.replace("007", "Müller"))
    assert "Müller" in open_ledger(path).by_account()["account_id"].tolist()
    said = company('[tables.transactions]\nfile = "t.csv"\nencoding = "utf-16"\n', encoding="cp1252", t__csv=PLAIN)
    with pytest.raises(DataError, match="expected utf-16 text"):
        open_ledger(said)


def test_a_database_that_is_down_says_so_without_its_url(company, monkeypatch):
    monkeypatch.setenv("KAM_URL", "postgres://me_user:s3cret@127.0.0.1:9/sales")
    path = company('[connection]\nurl = "env:KAM_URL"\n[tables.transactions]\ntable = "lines"\n')
    with pytest.raises(DataError) as caught:
        open_ledger(path)
    assert "no answer from the postgres database" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "me_user" not in str(caught.value)


def test_every_problem_of_every_table_at_once(company):
    settings = '[tables.transactions]\nfile = "t.csv"\n[tables.accounts]\nfile = "a.csv"\n[tables.managers]\nfile = "missing.csv"\n'
    accounts = "account_id,satisfaction,bond\n1,11,person\n1,5,nobody\n"
    with pytest.raises(DataError) as caught:
        open_ledger(company(settings, t__csv="account_id,date,revenue\n1,2025-01-01,x\n", a__csv=accounts))
    said = str(caught.value)
    assert "expected a number" in said
    assert "expected 0-10, got 11" in said
    assert "expected one of company, person" in said
    assert "expected every value once" in said
    assert "missing.csv" in said


def test_problems_of_a_small_table_come_by_column_with_all_rows_counted(company):
    """By hand: the row without an id is missing, not repeated, and its satisfaction still counts."""
    settings = '[tables.transactions]\nfile = "t.csv"\n[tables.accounts]\nfile = "a.csv"\ncolumns = { bond = "tie" }\n'
    accounts = "tie,account_id,satisfaction\nnobody,7,11\nperson,7,5\n,,-0.5\nnobody,8,11\nperson,9,10\n"
    with pytest.raises(DataError) as caught:
        open_ledger(company(settings, t__csv=PLAIN, a__csv=accounts))
    assert [(each.column, each.rule, each.rows, each.examples) for each in caught.value.problems] == [
        ("account_id", "expected every value once, got some repeated", 2, ("7",)),
        ("account_id", "expected a value, got nothing", 1, ()),
        ("satisfaction", "expected 0-10, got 11.0, -0.5", 3, ("7", "8")),
        ("tie", "expected one of company, person", 2, ("nobody",)),
    ]
