"""A workbook with invoices and customers is read as both; sheets of months as one; names come along however a report is laid out."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kam_analysis.errors import DataError
from kam_analysis.exports import inspect_export, write_settings
from kam_analysis.ledger import Ledger, open_ledger

ENGLISH = {
    "Customers": [["Customer no.", "Name", "Industry", "Region", "Account owner"], ["007", "Aldwick Mills", "Marine", "North", "Ann Rye"], ["008", "Bexhill Foundry", "Steel", "South", "Bo Lund"], ["009", "Corran", "Steel", "South", None], ["010", "Dyson", "Food", "West", "Bo Lund"]],
    "Products": [["Product ID", "Product", "Price"], [7, "Pump", 5], [8, "Seal", 6]],
    "Invoices": [["Invoice no", "Customer no.", "Invoice date", "Product ID", "Net sales"], ["R1", "007", date(2025, 1, 31), 7, 100.5], ["R2", "008", date(2025, 2, 28), 8, 50], ["R3", "007", date(2025, 3, 31), 7, 200], ["R4", "011", date(2025, 3, 31), 7, 1]],
}  # fmt: skip
GERMAN = {
    "Umsätze": [["Umsatzliste 2025"], [], ["Kundennr.", "Rechnungsdatum", "Umsatz"], [7, "31.01.2025", 100.5], [8, "28.02.2025", 50], [7, "31.03.2025", 200], [11, "31.03.2025", 1], ["Summe", None, 351.5]],
    "Kundenstamm": [["Stand 31.12.2025"], ["Firma", "Kundennr.", "Branche", "Betreuer"], ["Aldwick Mills", 7, "Schiffbau", "Ann Rye"], ["Bexhill Foundry", 8, "Stahl", "Bo Lund"], ["Corran", 9, "Stahl", None]],
    "Notizen": [["nichts"], ["von Belang"]],
}  # fmt: skip
FRENCH = {
    "Factures": [["Code client", "Date de facture", "Montant HT"], ["007", date(2025, 1, 31), 100.5], ["008", date(2025, 2, 28), 50], ["007", date(2025, 3, 31), 200], ["011", date(2025, 3, 31), 1]],
    "Clients": [["Code client", "Raison sociale", "Secteur", "Pays"], ["007", "Aldwick Mills", "Marine", "FR"], ["008", "Bexhill Foundry", "Acier", "BE"]],
}  # fmt: skip
CASES = {"English": ENGLISH, "German": GERMAN, "French": FRENCH}


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def named(ledger: Ledger) -> dict[str, float]:
    frame = ledger.by_account(ledger.period_of("all"))
    return dict(zip(frame["account_name"].astype(str), frame["revenue"], strict=True))


@pytest.mark.parametrize("case", CASES)
def test_the_customer_sheet_beside_the_invoices_is_joined(tmp_path: Path, case: str) -> None:
    guess = inspect_export(workbook(tmp_path / "export.xlsx", CASES[case]))
    assert not guess.questions
    assert any("is the customer list: 2 of 3 customers found there by" in said for said in guess.said), guess.said
    ledger = open_ledger(write_settings(guess))
    last = "11" if case == "German" else "011"
    assert named(ledger) == {"Aldwick Mills": 300.5, "Bexhill Foundry": 50.0, last: 1.0}
    assert ledger.has("accounts", "industry")


def test_owners_and_regions_come_with_the_list_and_other_sheets_are_named(tmp_path: Path) -> None:
    guess = inspect_export(workbook(tmp_path / "export.xlsx", ENGLISH))
    assert 'sheets that are not used: "Products"' in guess.said
    table = open_ledger(write_settings(guess)).table("accounts").set_index("account_id")
    assert table["account_manager_id"].dropna().to_dict() == {"007": "Ann Rye", "008": "Bo Lund", "010": "Bo Lund"}
    assert table["region"].to_dict() == {"007": "North", "008": "South", "009": "South", "010": "West"}


def test_products_with_the_customers_numbers_are_no_customer_list(tmp_path: Path) -> None:
    sheets = {"Invoices": [["Customer no.", "Invoice date", "Net sales"], [7, date(2025, 1, 31), 5], [8, date(2025, 1, 31), 6]], "Products": [["Product ID", "Name", "Region"], [7, "Pump", "N"], [8, "Seal", "S"]]}  # fmt: skip
    guess = inspect_export(workbook(tmp_path / "export.xlsx", sheets))
    assert guess.accounts is None
    assert 'sheets that are not used: "Products"' in guess.said


def test_a_list_with_a_customer_twice_is_named_with_the_reason(tmp_path: Path) -> None:
    sheets = ENGLISH | {"Customers": [*ENGLISH["Customers"], ["007", "Aldwick again", "Marine", "North", None]]}
    guess = inspect_export(workbook(tmp_path / "export.xlsx", sheets))
    assert guess.accounts is None
    assert any('"Customers" (a customer list in which "007" stands twice' in said for said in guess.said)


@pytest.mark.parametrize("titles", [("2024", "2025"), ("Jan 2025", "Feb 2025"), ("Januar", "Februar"), ("Umsatz 2024", "Umsatz 2025")])  # fmt: skip
def test_sheets_of_months_or_years_are_read_as_one(tmp_path: Path, titles: tuple[str, str]) -> None:
    head: list[object] = ["Customer", "Invoice date", "Net sales"]
    first = [head, ["Aldwick", date(2024, 12, 2), 1.5], ["Bexhill", date(2024, 12, 3), 2]]
    second = [head, ["Aldwick", date(2025, 1, 2), 10.25], ["Corran", date(2025, 1, 3), 4], ["Total", None, 14.25]]
    guess = inspect_export(workbook(tmp_path / "export.xlsx", dict(zip(titles, (first, second), strict=True))))
    assert guess.source.sheets == titles
    assert f'sheets "{titles[0]}", "{titles[1]}" have the same columns and are read as one' in guess.said
    frame = open_ledger(write_settings(guess), period="all").by_account()
    found = dict(zip(frame["account_id"], frame["revenue"], strict=True))
    assert found == {"Aldwick": 11.75, "Corran": 4.0, "Bexhill": 2.0}


def test_a_sheet_whose_rows_are_in_the_others_is_asked(tmp_path: Path) -> None:
    head, rows = ["Customer", "Invoice date", "Net sales"], [["A", date(2025, 1, 2), 1], ["B", date(2025, 2, 2), 2]]
    sheets = {"2025": [head, *rows], "Jan 2025": [head, rows[0]], "Feb 2025": [head, rows[1]]}
    guess = inspect_export(workbook(tmp_path / "export.xlsx", sheets))
    assert guess.questions[0].alternatives[-1].lines[0] == 'sheets = ["2025", "Jan 2025", "Feb 2025"]'


def test_sheets_that_came_to_differ_are_an_error(tmp_path: Path) -> None:
    head: list[object] = ["Customer", "Invoice date", "Net sales"]
    sheets = {"2024": [head, ["A", date(2024, 1, 2), 1]], "2025": [head, ["A", date(2025, 1, 2), 2]]}
    path = write_settings(inspect_export(workbook(tmp_path / "export.xlsx", sheets)))
    sheets["2025"][0] = ["Customer", "Net sales", "Invoice date"]
    workbook(tmp_path / "export.xlsx", sheets)
    with pytest.raises(DataError, match='sheet "2025" has other columns in row 1 than "2024"'):
        open_ledger(path)


LAID_OUT = {
    "year and month": "Customer no.,Customer name,Year,Month,Net sales\n007,Aldwick,2025,1,100.00\n008,Bexhill,2025,1,50.00\n007,Aldwick,2025,2,10.00\nTotal,,,,160.00\n",
    "months across": "Kundennr.;Kundenname;Jan 2025;Feb 2025\n007;Aldwick;100,00;10,00\n008;Bexhill;50,00;\nGesamt;;150,00;10,00\n",
    "years across": "Code client;Nom du client;2025\n007;Aldwick;110,00\n008;Bexhill;50,00\n",
    "cells as above": "Customer no.,Customer name,Invoice date,Product,Net sales\n007,Aldwick,2025-01-31,Pump,100.00\n,,,Seal,10.00\n008,Bexhill,2025-02-28,Pump,50.00\n",
    "quantity times price": "Customer no.,Customer name,Invoice date,Quantity,Unit price\n007,Aldwick,2025-01-31,11,10.00\n008,Bexhill,2025-02-28,5,10.00\n",
}  # fmt: skip


@pytest.mark.parametrize("case", LAID_OUT)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_names_come_along_where_a_report_is_tidied_first(tmp_path: Path, case: str, encoding: str) -> None:
    (tmp_path / "export.csv").write_text(LAID_OUT[case], encoding=encoding)
    guess = inspect_export(tmp_path / "export.csv")
    assert not guess.questions
    ledger = open_ledger(write_settings(guess))
    assert named(ledger) == {"Aldwick": 110.0, "Bexhill": 50.0}
    assert set(ledger.table("accounts")["account_id"]) == {"007", "008"}


def test_one_name_a_customer_whatever_its_spellings(tmp_path: Path) -> None:
    rows = [["Kundennr.", "Kundenname", "Datum", "Umsatz"], ["7", "Bexhill", date(2025, 1, 31), 1], [" 7 ", None, date(2025, 2, 28), 2], [7, "Aldwick", date(2025, 3, 31), 3]]  # fmt: skip
    ledger = open_ledger(write_settings(inspect_export(workbook(tmp_path / "export.xlsx", {"Blatt": rows}))))
    assert named(ledger) == {"Aldwick": 6.0}
