"""What ERPs really give: encodings, delimiters, title rows, totals; and files that end in one sentence."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from kam_analysis.errors import DataError, KamError, SettingsError
from kam_analysis.exports import Guess, inspect_export
from kam_analysis.ledger.sniffing import header, scan, words

GERMAN = """Umsatzliste
Stand;31.12.2025

Kundennr.;Kundenname;Rechnungsdatum;Nettoumsatz
000123;Müller & Söhne;03.04.2025;1.234,56
000123;Müller & Söhne;31.12.2025;1.234,56-
Zwischensumme;;;0,00
000777;"Acme; Ltd";01.05.2025;12,50

Kundennr.;Kundenname;Rechnungsdatum;Nettoumsatz
000777;"Acme
Ltd";02.05.2025;(10,00)
;;;
;;;2,50
* Gesamtsumme;;;2,50
Ende der Liste
"""


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def seen(folder: Path, content: str | bytes, name: str = "export.csv", encoding: str = "utf-8") -> Guess:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return inspect_export(file)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"), ("latin-1", "cp1252"), ("cp850", "cp850"),
    ],
)  # fmt: skip
def test_encodings(tmp_path: Path, encoding: str, named: str) -> None:
    guess = seen(tmp_path, GERMAN, encoding=encoding)
    assert guess.source.encoding == named
    assert guess.header == ("Kundennr.", "Kundenname", "Rechnungsdatum", "Nettoumsatz")
    assert not guess.questions


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Müller & Söhne"), ("cp1252", "Café de l'Été"), ("cp1252", "Construções São João"), ("cp1252", "Muñoz – Peña"),
        ("cp1250", "Zakłady Łódź"), ("cp1250", "Gospodarka Wąchock Śląsk"), ("cp1254", "Şahin Dağıtım"), ("cp850", "Müller Söhne"),
        ("cp932", "株式会社アルド"), ("gb18030", "上海阀门有限公司"),
    ],
)  # fmt: skip
def test_an_encoding_that_the_file_does_not_name_is_a_guess_and_said(tmp_path: Path, encoding: str, name: str) -> None:
    text = f"Customer;Date;Amount\n{name};31.12.2025;1,50\n"
    guess = seen(tmp_path, text, encoding=encoding)
    assert guess.source.encoding == encoding
    assert f"text is {encoding} (a guess: the file does not say; look at" in guess.said[0]
    assert any(word in guess.said[0] for word in name.split() if not word.isascii())


def test_an_encoding_that_is_sure_is_no_guess(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer;Date;Amount\nMüller;31.12.2025;1,50\n")
    assert guess.said[0] == "text is utf-8, columns are separated by semicolons"


def test_of_a_wide_file_only_what_can_be_a_header_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    monkeypatch.setattr(header, "meaning", lambda name: looked_up.append(name) or words.meaning(name))
    names = [f"attribute {n}" for n in range(600)]
    rows = [f"C{r};31.12.2025;1,50;{';'.join(f'text {r} {n}' for n in range(600))}" for r in range(200)]
    guess = seen(tmp_path, "\n".join([";".join(["Customer", "Date", "Amount", *names]), *rows]))
    assert guess.rows.data == 200
    assert len(looked_up) < 50_000  # of four times 120,000 cells


def test_rows_that_are_no_business_are_counted_and_said(tmp_path: Path) -> None:
    guess = seen(tmp_path, GERMAN)
    assert guess.source.skip_rows == 3
    assert (guess.rows.data, guess.rows.totals, guess.rows.repeated_headers, guess.rows.blank) == (4, 3, 1, 2)
    assert set(guess.source.total_rows) == {"Zwischensumme", "*", "Ende der Liste"}
    assert "the header is row 4; what stands above it is skipped" in guess.said
    assert "3 total lines (Zwischensumme, *) left out, such as Zwischensumme 0,00 in row 7" in guess.said
    assert '1 line of text such as "Ende der Liste" left out' in guess.said


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    rows = [["Sold-to", "Billing date", "Net sales"], ["007", "2025-12-31", "1234.50"]]
    guess = seen(tmp_path, "\r\n".join(delimiter.join(row) for row in rows), name="export.txt")
    assert guess.source.delimiter == delimiter


def test_a_list_with_bars_and_rules_as_sap_prints_it(tmp_path: Path) -> None:
    guess = seen(
        tmp_path,
        "Dynamische Listausgabe\n\n"
        "---------------------------------------\n"
        "|Debitor   |Fakturadatum|    Nettowert|\n"
        "---------------------------------------\n"
        "|0000012345|31.12.2025  |     1.234,56|\n"
        "|0000012345|30.12.2025  |     1.000,00-|\n"
        "---------------------------------------\n"
        "|*         |            |       234,56|\n",
        name="liste.txt",
    )
    assert guess.source.delimiter == "|"
    assert guess.rows.data == 2
    assert set(guess.source.total_rows) == {"---", "*"}
    assert not guess.questions


def test_a_total_named_like_a_customer_stays_where_it_has_a_date(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer;Date;Amount\nTotal Energies;31.12.2025;1,50\nTotal;;1,50\n")
    assert (guess.rows.data, guess.rows.totals) == (1, 1)


def test_rows_without_a_date_are_said(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer;Date;Amount\nA;31.12.2025;1,50\nB;;7,50\n")
    assert any(
        said.startswith("1 row without a date and without a word for a total, such as B 7,50 in row 3")
        for said in guess.said
    )


def test_only_so_many_rows_are_looked_at_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MOST_ROWS", 2)
    guess = seen(tmp_path, "Customer;Date;Amount\n" + "A;31.12.2025;1,50\n" * 3)
    assert not guess.rows.complete
    assert any(said.startswith("the first ") for said in guess.said)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("export.csv", b"", "expected rows, got an empty file"),
        ("export.csv", b"Customer;Date;Amount\n", "expected rows, got none below the header"),
        ("export.csv", b"Customer;Date;Amount\nTotal;;0\n", "expected rows, got none below the header"),
        ("export.csv", b"hello\nworld\n", "expected a header row"),
        ("export.csv", bytes(range(256)) * 9, "expected text, got other bytes"),
        ("export.csv", b"PK\x03\x04rest", "got a zip or Excel file"),
        (
            "export.csv",
            b'Customer;Date;Amount\nA;31.12.2025;1,5\n"B;31.12.2025;1,5\nC;31.12.2025;1,5\n',
            "never closed",
        ),
        ("export.xlsx", b"PK\x03\x04rest", "cannot be opened as a workbook"),
        ("export.xlsx", OLE + bytes(600), "cannot be opened as a workbook"),
        ("export.xlsx", OLE + bytes(600) + "EncryptionInfo".encode("utf-16-le"), "has a password"),
        ("export.parquet", b"PAR1rest", "cannot be read as Parquet"),
    ],
)
def test_unusable_files_end_in_one_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as raised:
        seen(tmp_path, content, name)
    assert str(raised.value).startswith(name)
    assert "; " in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


def test_unknown_kinds_and_missing_files_are_settings_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r'expected \.csv.* got "\.pdf"'):
        seen(tmp_path, b"x", "export.pdf")
    with pytest.raises(SettingsError, match=r"nothing.csv: is not there"):
        inspect_export(tmp_path / "nothing.csv")
    with pytest.raises(SettingsError, match="is a folder"):
        inspect_export(tmp_path)


def workbook(file: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def test_the_sheet_with_a_header_is_found(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Report"],
        [],
        ["Kundennr.", "Kundenname", "Rechnungsdatum", "Umsatz EUR"],
        ["007", "Acme", datetime(2025, 3, 4), 1234.5],
        [12, "Bolt", date(2025, 4, 3), -2],
        ["Summe", None, None, 1232.5],
    ]
    guess = inspect_export(workbook(tmp_path / "export.xlsx", Deckblatt=[["Umsatz 2025"]], Daten=rows))
    assert (guess.source.sheet, guess.source.header_row) == ("Daten", 3)
    assert guess.source.date_format == ""
    assert guess.source.total_rows == ("Summe",)
    assert guess.currency == "EUR"
    assert not guess.questions
    assert 'names come from "Kundenname"' in guess.said


def test_sheets_of_one_kind_whose_names_say_nothing_are_asked(tmp_path: Path) -> None:
    head: list[object] = ["Customer", "Date", "Amount"]
    sheets = {name: [head, ["A", date(2025, 1, day), 1.5]] for day, name in enumerate(("Plan", "Actual"), 1)}
    guess = inspect_export(workbook(tmp_path / "export.xlsx", **sheets))
    lines = [answer.lines[0] for answer in guess.questions[0].alternatives]
    assert lines == ['sheet = "Plan"', 'sheet = "Actual"', 'sheets = ["Plan", "Actual"]']
    assert guess.questions[0].holds not in guess.source.columns


def test_text_in_a_workbook_is_read_like_text_in_a_csv(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Customer", "Date", "Amount"],
        ["A", "31.12.2025", "1.234,56"],
        ["B", date(2025, 1, 2), 0.5],
    ]
    guess = inspect_export(workbook(tmp_path / "export.xlsx", Data=rows))
    assert (guess.source.decimal, guess.source.thousands, guess.source.date_format) == (",", ".", "%d.%m.%Y")


def test_empty_workbooks_end_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="got empty sheets"):
        inspect_export(workbook(tmp_path / "export.xlsx", Data=[]))
    with pytest.raises(KamError, match="no sheet has a header row"):
        inspect_export(workbook(tmp_path / "export.xlsx", Data=[["hello"]]))
