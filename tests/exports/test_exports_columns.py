"""Which column of an export is ours: names in three languages, held against what the column contains."""

from pathlib import Path

import pytest

from kam_analysis.exports import Guess, inspect_export
from kam_analysis.ledger.sniffing.words import loose_meaning, meaning, total_word

ENGLISH_GERMAN_FRENCH = {
    "account_id": "Customer no.|CustomerNumber|customer_id|CUSTOMER ID|Cust. No|Customer #|Sold-to|Sold-to party|SOLD TO PARTY|Bill-to|Account|"
    "Customer|Kunde|Kundennr.|Kunden-Nr.|Kundennummer|KUNDENNR|Debitor|Debitorennummer|Auftraggeber|Client|N° client|Nº client|"
    "Code client|Numéro de client|Account number",
    "account_name": "Customer name|Kundenname|Name des Kunden|Nom du client|Raison sociale|Account Name",
    "revenue": "Net sales|Net amount|Revenue|Sales|Turnover|Amount|Umsatz|Nettoumsatz|Netto-Umsatz|Umsatz netto|Nettobetrag|Erlös|ERLOES|"
    "Chiffre d'affaires|Chiffre d’affaires|CA HT|C.A. H.T.|Montant HT|Umsatz EUR|Net sales (USD)|Umsatz in €|Amount LC|AmountExcludingTax|"
    "Amount in local currency",
    "gross": "Gross sales|Bruttoumsatz|Montant TTC|CA TTC",
    "date": "Invoice date|Billing date|Posting date|Date|Rechnungsdatum|Belegdatum|Buchungsdatum|Fakturadatum|Faktura-Datum|"
    "Date de facture|Date facture|InvoiceDate|orderDate|Datum",
    "quantity": "Qty|Quantity|Menge|Quantité|QTE|Qté",
    "cost": "Cost|COGS|Wareneinsatz|Herstellkosten|Coût|Coût de revient",
    "product": "Product|Material|Artikel|Article|Artikelnr.|Artikelnummer|Material number|Code article",
    "product_line": "Product line|Product group|Product category|Warengruppe|Produktgruppe|Famille|Famille de produits",
    "region": "Region|Gebiet|Vertriebsgebiet|Région|Sales area",
    "currency": "Currency|Währung|Waehrung|Devise",
    "order_id": "Invoice no.|Invoice number|Rechnungsnr.|Rechnungsnummer|Belegnummer|N° facture|InvoiceNo",
    "account_manager_id": "Sales rep|Vertreter|Account manager|Commercial|Außendienst",
}


@pytest.mark.parametrize(
    ("ours", "theirs"), [(ours, name) for ours, names in ENGLISH_GERMAN_FRENCH.items() for name in names.split("|")]
)
def test_headers_are_known_without_accents_case_and_punctuation(ours: str, theirs: str) -> None:
    found = meaning(theirs)
    assert found is not None
    assert found.ours == ours


@pytest.mark.parametrize(
    "name",
    ["Unit price", "Discount", "Umsatz Vorjahr", "Umsatz TEUR", "Fälligkeit", "Due date", "Amount due", "Street", ""],
)
def test_other_headers_mean_nothing(name: str) -> None:
    found = meaning(name)
    assert found is None or found.ours in ("price", "discount", "due")


@pytest.mark.parametrize(
    "name",
    [
        "salesRepEmployeeNumber",
        "Sales order date no",
        "Payment date",
        "Fälligkeitsdatum (due date)",
        "Umsatz Vorjahr EUR",
    ],
)
def test_what_only_sounds_like_ours_is_not_taken(name: str) -> None:
    assert loose_meaning(name) is None


@pytest.mark.parametrize(
    ("name", "ours"), [("Datum FK", "date"), ("Net sales total 2025", "revenue"), ("Kunde Konzern", "account_id")]
)
def test_a_name_that_contains_a_known_one(name: str, ours: str) -> None:
    found = loose_meaning(name)
    assert found is not None
    assert (found.ours, found.loose) == (ours, True)


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("Summe", "Summe"), ("Zwischensumme Kunde 4711", "Zwischensumme"), ("GESAMTUMSATZ", "Gesamt"), ("Total général", "Total"),
        ("Sous-total :", "Sous-total"), ("Grand Total", "Grand total"), ("** Werk 1000", "*"), ("Ergebnis", "Ergebnis"),
        ("Subtotal", "Subtotal"), ("Summerfield Ltd", ""), ("Totalgaz", ""), ("Acme", ""), ("", ""),
    ],
)  # fmt: skip
def test_total_words_are_whole_words(cell: str, word: str) -> None:
    assert total_word(cell) == word


def seen(folder: Path, text: str) -> Guess:
    file = folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    return inspect_export(file)


def test_every_transactions_column_is_found(tmp_path: Path) -> None:
    guess = seen(
        tmp_path,
        "Kundennr.;Rechnungsdatum;Nettoumsatz;Wareneinsatz;Menge;Artikel;Warengruppe;Gebiet;Rechnungsnr.;Währung;Vertreter;Ort\n"
        "007;31.12.2025;1,50;1,00;3;V-1;Ventile;Nord;R1;EUR;Reiter;Kiel\n",
    )
    assert dict(guess.source.columns) == {
        "account_id": "Kundennr.", "date": "Rechnungsdatum", "revenue": "Nettoumsatz", "cost": "Wareneinsatz", "quantity": "Menge",
        "product": "Artikel", "product_line": "Warengruppe", "region": "Gebiet", "order_id": "Rechnungsnr.", "currency": "Währung",
        "account_manager_id": "Vertreter",
    }  # fmt: skip
    assert guess.unused == ("Ort",)
    assert not guess.questions


@pytest.mark.parametrize(
    ("header", "ours", "theirs"),
    [
        ("Customer;Date;Gross sales;Net sales", "revenue", "Net sales"),
        ("Customer;Date;Net sales;Sales", "revenue", "Net sales"),
        ("Bill-to;Date;Sold-to party;Amount", "account_id", "Sold-to party"),
        ("Customer;Posting date;Amount;Invoice date", "date", "Invoice date"),
    ],
)
def test_the_better_name_wins_and_it_is_said(tmp_path: Path, header: str, ours: str, theirs: str) -> None:
    values = {name: "31.12.2025" if "date" in name.lower() else "1,50" for name in header.split(";")}
    guess = seen(tmp_path, f"{header}\n{';'.join(values.values())}\n")
    assert guess.source.columns[ours] == theirs
    assert any(f'is "{theirs}", not "' in said for said in guess.said)
    assert not guess.questions


def test_two_equally_good_names_are_asked(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer;Date;Amount;Amount LC\nA;31.12.2025;1,50;2,50\n")
    assert [question.holds for question in guess.questions] == ["revenue"]
    assert [answer.lines for answer in guess.questions[0].alternatives] == [
        ('columns.revenue = "Amount"',),
        ('columns.revenue = "Amount LC"',),
    ]
    assert "revenue" not in guess.source.columns


def test_gross_amounts_alone_are_asked(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Kunde;Datum;Bruttoumsatz\nA;31.12.2025;1,50\n")
    assert "Bruttoumsatz" in guess.questions[0].text
    assert "revenue" not in guess.source.columns


def test_contents_overrule_a_name(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer;Invoice date;Posting date;Net sales;Amount\nA;paid;31.12.2025;n/a;1,50\n")
    assert guess.source.columns["date"] == "Posting date"
    assert guess.source.columns["revenue"] == "Amount"
    assert '"Net sales" is not taken for revenue: it holds something else' in guess.said


def test_number_and_name_under_one_header_as_sap_has_it(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Kunde;Kunde;Datum;Umsatz\n000123;Acme;31.12.2025;1,50\n")
    assert guess.source.columns["account_id"] == "Kunde"
    assert guess.accounts.columns == {"account_name": "Kunde (2)"}
    assert "ids keep their leading zeros: 000123" in guess.said


def test_a_bare_customer_beside_a_number_holds_the_names(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer;Customer no.;Date;Amount\nAcme;C-007;31.12.2025;1,50\n")
    assert guess.source.columns["account_id"] == "Customer no."
    assert guess.accounts.columns == {"account_name": "Customer"}


def test_names_alone_serve_as_ids_and_it_is_said(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Customer name;Date;Amount\nAcme Ltd;31.12.2025;1,50\n")
    assert guess.source.columns["account_id"] == "Customer name"
    assert any("names tell customers apart" in said for said in guess.said)
    assert not guess.questions


def test_a_name_that_contains_a_known_one_is_taken_where_there_is_no_better(tmp_path: Path) -> None:
    guess = seen(tmp_path, "Kunden-Nr;Datum FK;Umsatz netto EUR\n007;31.12.2025;1,50\n")
    assert guess.source.columns["date"] == "Datum FK"
    assert 'date is "Datum FK": the nearest name' in guess.said
    assert guess.currency == "EUR"


def test_missing_columns_are_asked_with_what_could_be_them(tmp_path: Path) -> None:
    rows = "".join(f"00{at % 3};{at:02}.12.2025;{at},50;x{at}\n" for at in range(10, 20))
    guess = seen(tmp_path, f"Who;When;How much;Note\n{rows}")
    by_column = {question.holds: question for question in guess.questions}
    assert by_column["revenue"].alternatives[0].lines == ('columns.revenue = "How much"',)
    assert by_column["account_id"].alternatives[0].lines == ('columns.account_id = "Who"',)
    # The only column of dates needs no question.
    assert guess.source.columns["date"] == "When"
    assert 'date is "When": the only column of dates' in guess.said
    assert "Note" in guess.unused


def test_unit_price_and_quantity_make_the_revenue(tmp_path: Path) -> None:
    guess = seen(tmp_path, "CustomerID,InvoiceDate,Quantity,UnitPrice\n17850,2010-12-01,6,2.55\n")
    assert guess.source.revenue_from == {"quantity": "Quantity", "price": "UnitPrice"}
    assert 'revenue is "Quantity" times "UnitPrice"' in guess.said


def test_a_price_without_a_quantity_needs_a_query(tmp_path: Path) -> None:
    guess = seen(tmp_path, "CustomerID,InvoiceDate,UnitPrice\n17850,2010-12-01,2.55\n")
    assert "quantity * price as revenue" in guess.questions[0].text


def test_a_required_column_of_something_else_is_asked_with_examples(tmp_path: Path) -> None:
    [question] = seen(tmp_path, "Customer;Date;Amount\nA;31.12.2025;abc\nB;31.12.2025;def\n").questions
    assert '"Amount" should hold amounts, and holds something else in 2 rows (abc, def)' in question.text
    assert question.holds == "revenue"
    [question] = seen(tmp_path, "Customer;Date;Amount\nA;soon;1,50\n").questions
    assert '"Date" should hold dates such as' in question.text
