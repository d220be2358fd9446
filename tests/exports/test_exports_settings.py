"""From a guess to kam.toml: a file that loads, is never overwritten, and leads to the known totals."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest

from kam_analysis.errors import KamError, RunError, SettingsError
from kam_analysis.exports import inspect_export, settings_text, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.settings.settings_file import load_settings

GERMAN = """Umsatzliste;;;;
Kundennr.;Kundenname;Rechnungsdatum;Nettoumsatz;Währung
000123;Müller & Söhne;03.04.2025;1.234,56;EUR
000123;Müller & Söhne;31.12.2025;1.000,06-;EUR
Zwischensumme;;;234,50;
000777;"Acme; ""Ltd""
Kiel";01.05.2025;12,50;EUR
Kundennr.;Kundenname;Rechnungsdatum;Nettoumsatz;Währung
;;;;
000777;"Acme; ""Ltd""
Kiel";02.05.2025;(10,00);EUR
** Gesamtsumme;;;237,00;
Ende der Liste
"""
FRENCH = """Code client\tNom du client\tDate de facture\tMontant HT
C01\tÉtablissements Été\t13/01/2025\t1\u202f234,50
C02\tBéton\t02/02/2025\t-0,50
\t\tSous-total\t
Total général\t\t\t1\u202f234,00
"""
ENGLISH = """Customer,Invoice date,Net sales
007,1/13/2025 3:05 PM,"$1,234.50"
008,2/3/2025 12:00 AM,($0.50)
"""


def written(folder: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "encoding", "total"),
    [
        (GERMAN, "utf-8", 237.00), (GERMAN, "utf-8-sig", 237.00), (GERMAN, "cp1252", 237.00), (GERMAN, "utf-16", 237.00),
        (FRENCH.replace("\t\tSous-total\t\n", ""), "utf-8", 1234.00), (ENGLISH, "utf-8", 1234.00),
        (ENGLISH.replace("\n", "\r\n"), "cp1252", 1234.00),
    ],
)  # fmt: skip
def test_the_whole_way_to_the_known_total(tmp_path: Path, text: str, encoding: str, total: float) -> None:
    guess = inspect_export(written(tmp_path, text, encoding=encoding))
    assert not guess.questions
    ledger = open_ledger(write_settings(guess), period="all")
    assert ledger.reconciliation().total == total
    assert ledger.overview.rows == guess.rows.data
    assert not ledger.warnings


@pytest.mark.parametrize(
    "text",
    [
        "Datum;Kunde;Umsatz\n31.12.2025;A;1,50\nSumme;;1,50\n",
        "Datum;Kunde;Umsatz\n31.12.2025;A;1,50\nEnde der Liste;;\n",
        "Kunde;Datum;Umsatz\nA;31.12.2025;1,50 EUR\n",
        '"Umsatz\n2025";;\nKunde;Datum;Umsatz\nA;31.12.2025;1,00\nB;31.12.2025;0,50\n',
    ],
    ids=["total in the date column", "note in the date column", "code behind the amount", "line break in a title"],
)
def test_the_whole_way_for_what_stands_where_it_should_not(tmp_path: Path, text: str) -> None:
    guess = inspect_export(written(tmp_path, text))
    assert not guess.questions
    assert open_ledger(write_settings(guess), period="all").reconciliation().total == 1.50


def test_names_and_leading_zeros_come_along(tmp_path: Path) -> None:
    ledger = open_ledger(write_settings(inspect_export(written(tmp_path, GERMAN))), period="all")
    frame = ledger.by_account().set_index("account_id")
    assert frame["revenue"].to_dict() == {"000123": 234.50, "000777": 2.50}
    assert frame["account_name"].to_dict() == {"000123": "Müller & Söhne", "000777": 'Acme; "Ltd"\nKiel'}
    assert ledger.currency == "EUR"


@pytest.mark.parametrize("name", ["Müller & Söhne", "Müller – Söhne"])
def test_names_of_a_windows_file_come_along(tmp_path: Path, name: str) -> None:
    text = f"Kundennr.;Kundenname;Datum;Umsatz\n007;{name};31.12.2025;1,50\n007 ;{name};31.12.2025;1,00\n"
    guess = inspect_export(written(tmp_path, text, encoding="cp1252"))
    ledger = open_ledger(write_settings(guess), period="all")
    assert ledger.by_account()["account_name"].tolist() == [name]
    assert ledger.reconciliation().total == 2.50


@pytest.mark.parametrize("name", ["ex [2025] 'q' #1.csv", "Ümsätze.tsv"])
def test_awkward_file_names_and_headers(tmp_path: Path, name: str) -> None:
    text = "Kundennr.;Name;Datum;\"Umsatz\"\n007;'''<script>;31.12.2025;1,50\n"
    ledger = open_ledger(write_settings(inspect_export(written(tmp_path, text, name))), period="all")
    assert ledger.by_account()["account_name"].tolist() == ["'''<script>"]


def _as_workbook(file: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Umsatz 2025"])
    for row in [
        ["Kunde", "Datum", "Umsatz"],
        ["007", "31.12.2025", "1.234,50-"],
        ["008", "30.12.2025", 2000.25],
        ["Summe", None, 765.75],
    ]:
        book.active.append(row)
    book.save(file)


def _as_parquet(file: Path) -> None:
    with duckdb.connect() as engine:
        engine.execute(
            "COPY (SELECT * FROM (VALUES ('007', 'Acme', DATE '2025-12-31', -1234.50), ('008', 'Bolt', DATE '2025-12-30', 2000.25)) "
            'AS t("Sold-to", "Customer name", "Billing date", "Net amount")) TO \'' + str(file) + "' (FORMAT parquet)"
        )


@pytest.mark.parametrize(("name", "make"), [("export.xlsx", _as_workbook), ("export.parquet", _as_parquet)])
def test_the_whole_way_from_typed_files(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / name)
    ledger = open_ledger(write_settings(inspect_export(tmp_path / name)), period="all")
    assert ledger.reconciliation().total == 765.75
    assert set(ledger.by_account()["account_id"]) == {"007", "008"}


def test_the_text_names_the_folder_it_is_given(tmp_path: Path) -> None:
    guess = inspect_export(written(tmp_path, ENGLISH))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings = elsewhere / "kam.toml"
    settings.write_text(settings_text(guess, str(tmp_path)), encoding="utf-8")
    assert open_ledger(settings, period="all").reconciliation().total == 1234.00


def test_existing_settings_are_never_overwritten(tmp_path: Path) -> None:
    guess = inspect_export(written(tmp_path, ENGLISH))
    (tmp_path / "kam.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"kam\.toml: is there already"):
        write_settings(guess)
    assert (tmp_path / "kam.toml").read_text(encoding="utf-8") == "mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["export.csv", "kam.toml"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guess = inspect_export(written(tmp_path, ENGLISH))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(RunError, match="the disk is full"):
        write_settings(guess)
    assert [file.name for file in tmp_path.iterdir()] == ["export.csv"]


AMBIGUOUS = {
    "date": "Customer;Invoice date;Net sales\nA;03/04/2025;1,50\n",
    "amount": "Customer;Invoice date;Net sales\nA;31.12.2025;1.234\n",
    "both": "Customer;Invoice date;Net sales\nA;03/04/2025;1.234\n",
    "amount under our own name": "account_id;date;revenue\nA;31.12.2025;1.234\n",
    "column": "Customer;Invoice date;Amount;Amount LC\nA;31.12.2025;1,50;2,50\n",
    "currency": "Customer;Invoice date;Net sales;Currency\nA;31.12.2025;1,50;EUR\nB;31.12.2025;1,50;PLN\n",
    "gross": "Customer;Invoice date;Gross sales\nA;31.12.2025;1,50\n",
}


@pytest.mark.parametrize("text", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_open_questions_are_refused_until_one_answer_is_chosen(tmp_path: Path, text: str) -> None:
    guess = inspect_export(written(tmp_path, text))
    assert guess.questions
    settings = write_settings(guess)
    tomllib.loads(settings.read_text(encoding="utf-8"))
    with pytest.raises(KamError):
        open_ledger(settings, period="all")
    settings.write_text(_answered(settings.read_text(encoding="utf-8")), encoding="utf-8")
    assert open_ledger(settings, period="all").reconciliation().total in (1.234, 1.23, 1234.0, 1.5, 3.0)


def test_rates_are_refused_until_they_are_filled_in(tmp_path: Path) -> None:
    settings = write_settings(inspect_export(written(tmp_path, AMBIGUOUS["currency"])))
    text = settings.read_text(encoding="utf-8").replace("# [rates]", "[rates]").replace("# PLN = 0.0", "PLN = 0.0")
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"rates\.PLN: expected a positive number"):
        load_settings(settings)


def _answered(text: str) -> str:
    """The first answer of every question, taken out of its comment; rates of one."""
    lines, taking = [], False
    for line in text.splitlines():
        if line.startswith("# 1. ") or line == "# [rates]":
            taking = True
        elif line.startswith("# 2. ") or not line.startswith("# "):
            taking = False
        is_setting = " = " in line or line == "# [rates]"
        lines.append(line.removeprefix("# ") if taking and is_setting else line)
    return "\n".join(lines).replace("= 0.0 ", "= 1.0 ")


def test_the_examples_in_the_comments_are_settings_too(tmp_path: Path) -> None:
    guess = inspect_export(written(tmp_path, ENGLISH))
    text = settings_text(guess)
    opened = "\n".join(line.removeprefix("# ") if _is_example(line) else line for line in text.splitlines())
    settings = tmp_path / "kam.toml"
    settings.write_text(opened, encoding="utf-8")
    loaded = load_settings(settings)
    assert loaded.excluded_accounts == ("9999",)
    assert set(loaded.tables) == {"transactions", "accounts"}
    assert loaded.year_starts == 1


def _is_example(line: str) -> bool:
    return line.startswith("# [") or (line.startswith("# ") and " = " in line)
