"""Which rows of an export are sales, and which of its amounts: exports of several systems and languages, two looks each."""

from pathlib import Path

import pytest

from kam_analysis.exports import Guess, inspect_export, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.settings_file import load_settings


def seen(folder: Path, text: str) -> Guess:
    (folder / "export.csv").write_text(text, encoding="utf-8")
    return inspect_export(folder / "export.csv")


def sold(folder: Path, text: str) -> dict[str, float]:
    """Revenue by customer's name over all data, where nothing is asked."""
    guess = seen(folder, text)
    assert not guess.questions, guess.questions
    frame = open_ledger(write_settings(guess), period="all").by_account()
    return dict(zip(frame["account_name"], frame["revenue"], strict=True))


RIGHT = {
    "salesforce": (
        "Account Name,Opportunity Name,Stage,Close Date,Amount,Probability (%),Expected Revenue\n"
        "Alder,Renewal,Closed Won,3/14/2025,1000.00,100,1000.00\nBirch,New,Closed Lost,4/20/2025,9000.00,0,0\n"
        "Cedar,Trial,Negotiation/Review,12/25/2025,4000.00,90,3600.00\n",
        {"Alder": 1000.0},
    ),
    "pipedrive": (
        "Deal - Title;Deal - Organization;Deal - Value;Deal - Status;Deal - Won time\n"
        "One;Alder;1.000,50;Won;2025-03-14 10:00:00\nTwo;Birch;500,00;Open;\nThree;Cedar;9.000,00;Lost;\n",
        {"Alder": 1000.50},
    ),
    "credit notes with a plus": (
        "Vorgangsart;Kunde;Belegdatum;Nettobetrag\nRechnung;Alder;14.01.2025;1.000,00\nRechnung;Birch;15.02.2025;2.000,00\n"
        "Gutschrift;Birch;20.02.2025;1.500,00\nAngebot;Alder;21.02.2025;7.000,00\n",
        {"Alder": 1000.0, "Birch": 500.0},
    ),
    "credit notes with a minus": (
        "Type,Customer,Date,Net amount\nInvoice,Alder,2025-01-14,1000.00\nCredit note,Alder,2025-01-20,-300.00\n",
        {"Alder": 700.0},
    ),
    "orders": (
        "訂單編號,客戶名稱,訂單日期,金額,状态\nA1,Alder,2025-01-14,1000.00,已完成\nA2,Birch,2025-01-15,5000.00,已取消\n",
        {"Alder": 1000.0},
    ),
    "erpnext": (
        "customer,customer_name,posting_date,net_total,grand_total,docstatus\nC1,Alder,2025-01-14,100.00,119.00,1\n"
        "C2,Birch,2025-01-15,900.00,1071.00,0\nC3,Cedar,2025-01-16,800.00,952.00,2\n",
        {"Alder": 100.0},
    ),
    "business central": (
        "Posting Date,Document Type,Customer No.,Customer Name,Amount,Amount (LCY),Sales (LCY),Remaining Amount\n"
        "2025-01-14,Invoice,C1,Alder,119.00,119.00,100.00,0.00\n2025-01-20,Payment,C1,Alder,-119.00,-119.00,0.00,0.00\n"
        "2025-02-14,Invoice,C2,Birch,238.00,238.00,200.00,238.00\n",
        {"Birch": 200.0, "Alder": 100.0},
    ),
    "odoo": (
        "order_line/price_subtotal,partner_id/name,date_order,state,order_line/price_total\n"
        "100.00,Alder,2025-01-14 10:00:00,sale,119.00\n50.00,Birch,2025-01-15 10:00:00,cancel,59.50\n",
        {"Alder": 100.0},
    ),
    "xero with lines": (
        "*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,Total,LineAmount,*AccountCode,TaxAmount,Status\n"
        "Alder,INV-1,14/01/2025,13/02/2025,360.00,200.00,200,40.00,Paid\nAlder,INV-1,14/01/2025,13/02/2025,360.00,100.00,200,20.00,Paid\n"
        "Birch,INV-2,28/02/2025,30/03/2025,120.00,100.00,200,20.00,Voided\n",
        {"Alder": 300.0},
    ),
    "net and tax make the total": (
        "Cliente;Data documento;Valore;IVA;Totale\nAlder;31/01/2025;100,00;22,00;122,00\nBirch;15/02/2025;200,00;44,00;244,00\n",
        {"Birch": 200.0, "Alder": 100.0},
    ),
    "a timestamp beside a month": (
        "customer_id,timestamp,month,year,amount\nC1,2025-01-13 19:00:00,1,2025,100.00\nC2,2025-02-20 08:30:00,2,2025,300.00\n",
        {"C2": 300.0, "C1": 100.0},
    ),
    "a balance beside an amount": (
        "Klant;Factuurdatum;Openstaand bedrag;Omzet excl. BTW;Betaald\nAlder;31-01-2025;0,00;100,00;121,00\nBirch;15-02-2025;242,00;200,00;0,00\n",
        {"Birch": 200.0, "Alder": 100.0},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "right"), RIGHT.values(), ids=RIGHT.keys())
def test_the_right_rows_and_the_right_amount(tmp_path: Path, text: str, right: dict[str, float]) -> None:
    assert sold(tmp_path, text) == right


ASKED = {
    "no deal is won": "Account,Close Date,Stage,Amount\nAlder,2025-03-14,Proposal,1000.00\nBirch,2025-04-20,Negotiation,900.00\n",
    "only a chance": "Account,Close Date,Probability,Amount\nAlder,2025-03-14,100,1000.00\nBirch,2025-04-20,40,900.00\n",
    "on hold": "Customer,Date,Status,Amount\nAlder,2025-03-14,Shipped,1000.00\nBirch,2025-04-20,On Hold,900.00\nBirch,2025-04-21,Cancelled,90.00\n",
    "debit and credit": "Kunde;Datum;Betrag;S/H\nAlder;14.03.2025;1000,00;S\nBirch;20.04.2025;900,00;H\n",
    "weighted": "Account,Close Date,Weighted amount\nAlder,2025-03-14,1000.00\nBirch,2025-04-20,900.00\n",
    "due": "Customer,Invoice date,Amount due,Amount paid\nAlder,2025-03-14,1000.00,0\nBirch,2025-04-20,0,900.00\n",
    "a total with tax": "Customer,Invoice date,Total,VAT\nAlder,2025-03-14,119.00,19.00\nBirch,2025-04-20,238.00,38.00\n",
    "a discount of what?": "Customer,Date,Qty,Unit price,Discount\nAlder,2025-03-14,2,100.00,10\nBirch,2025-04-20,3,100.00,0\n",
    "without a date": "Customer,Date,Amount\nAlder,2025-03-14,100.00\nBirch,,50.00\n",
}  # fmt: skip


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED.keys())
def test_what_only_its_owner_knows_is_asked_and_never_counted(tmp_path: Path, text: str) -> None:
    guess = seen(tmp_path, text)
    assert guess.questions
    assert "CHOOSE" in write_settings(guess).read_text(encoding="utf-8")
    if not {"date", "file"} & {question.holds for question in guess.questions}:
        assert "revenue" not in guess.source.columns


def test_a_question_tells_rows_and_money_of_each_value(tmp_path: Path) -> None:
    [question] = seen(tmp_path, ASKED["on hold"]).questions
    assert "Shipped in 1 row (1,000.00)" in question.text
    assert "On Hold in 1 row (900.00)" in question.text
    assert [answer.lines[0] for answer in question.alternatives] == [
        'drop.Status = ["Cancelled"]',
        'drop.Status = ["Cancelled", "On Hold"]',
        'drop.Status = ["Cancelled"]',
        'keep.Status = ["Cancelled", "On Hold", "Shipped"]',
    ]


def test_what_is_decided_is_said_and_written(tmp_path: Path) -> None:
    guess = seen(tmp_path, RIGHT["credit notes with a plus"][0])
    [said] = [each for each in guess.said if "Vorgangsart" in each]
    assert "Gutschrift counts against sales" in said
    assert "Angebot in 1 row (7,000.00)" in said
    source = load_settings(write_settings(guess)).tables["transactions"]
    assert (source.drop, source.subtract) == ({"Vorgangsart": ("Angebot",)}, {"Vorgangsart": ("Gutschrift",)})


@pytest.mark.parametrize(
    "text",
    [
        "Customer,Date,Type,Amount\nAlder,2025-01-14,Pump,1.50\nBirch,2025-01-15,Seal,2.50\n",
        "Customer,Date,Status,Amount\nAlder,2025-01-14,Active,1.50\nBirch,2025-01-15,Inactive,2.50\n",
    ],
)
def test_types_of_products_and_of_customers_are_no_status(tmp_path: Path, text: str) -> None:
    source = seen(tmp_path, text).source
    assert (source.keep, source.drop, source.subtract) == ({}, {}, {})


def test_quantity_times_price_is_offered_where_no_amount_is(tmp_path: Path) -> None:
    first = seen(tmp_path, "CustomerID,Date,Qty,Unit price,Disc\nC1,2025-01-31,5,19.90,0.1\nC2,2025-02-28,3,100.00,0\n")
    source = written(first)
    assert source.revenue_from == {"quantity": "Qty", "price": "Unit price", "discount": "Disc"}
    assert source.discount_unit == "fraction"
    (tmp_path / "kam.toml").unlink()
    second = seen(
        tmp_path, "Kunde;Datum;Menge;Einzelpreis;Offener Betrag\nC1;31.01.2025;2;50,00;0\nC2;28.02.2025;1;200,00;200\n"
    )
    assert written(second).revenue_from == {"quantity": "Menge", "price": "Einzelpreis"}


def written(guess: Guess) -> TableSource:
    """The transactions as the written settings say them."""
    return load_settings(write_settings(guess)).tables["transactions"]


def test_an_open_question_does_not_lose_what_makes_the_amount(tmp_path: Path) -> None:
    guess = seen(
        tmp_path,
        "Customer,Date,Qty,Unit price,Status\nAlder,2025-01-31,2,50.00,Shipped\nBirch,2025-02-28,1,200.00,On hold\nBirch,2025-03-01,1,9.00,Void\n",
    )
    [question] = guess.questions
    assert "On hold in 1 row (200.00)" in question.text
    written = write_settings(guess).read_text("utf-8")
    assert '\nrevenue_from = { quantity = "Qty", price = "Unit price" }' in written
    assert '\n# columns.account_id = "Customer"' in written


def test_a_price_with_tax_on_it_makes_the_total(tmp_path: Path) -> None:
    text = "Customer,Date,Qty,Unit price,Tax,Total\nAlder,2025-01-14,1,200.00,40.00,240.00\nBirch,2025-02-28,2,50.00,20.00,120.00\n"
    assert seen(tmp_path, text).made_of == {"revenue_from": {"quantity": "Qty", "price": "Unit price"}}


@pytest.mark.parametrize("months", [("11", "12"), ("November", "Dez")])
def test_year_and_month_are_a_date(tmp_path: Path, months: tuple[str, str]) -> None:
    text = f"Customer,Year,Month,Net sales\nC1,2024,{months[0]},100.00\nC2,2024,{months[1]},300.00\n"
    guess = seen(tmp_path, text)
    assert not guess.questions
    assert written(guess).date_parts == {"year": "Year", "month": "Month"}


@pytest.mark.parametrize(
    ("columns", "values", "taken"),
    [
        ("Customer,Date,Sales,Profit", "1000,200|500,-50", True),
        ("Kunde,Datum,Umsatz,Deckungsbeitrag", "1000,20|500,-5", True),
        ("Customer,Date,Sales,Margin", "1000,200|500,150", True),
        ("Customer,Date,Sales,Margin", "1000,20|500,35", False),
        ("Customer,Date,Sales,Cost,Profit", "1000,800,200|500,550,-50", False),
    ],
)
def test_a_profit_gives_the_cost_where_it_is_money(tmp_path: Path, columns: str, values: str, taken: bool) -> None:
    rows = "".join(f"C{at},2025-01-1{at},{each}\n" for at, each in enumerate(values.split("|"), 1))
    source = seen(tmp_path, f"{columns}\n{rows}").source
    assert ("margin" in source.columns) is taken


def test_who_bought_is_no_account_code_no_order_and_no_name_of_a_deal(tmp_path: Path) -> None:
    code = "Contact name,Account code,Date,Net amount\n" + "".join(
        f"{name},4000,2025-01-1{at},10.00\n"
        for at, name in enumerate(["Alder", "Birch", "Alder", "Cedar", "Birch", "Alder"])
    )
    assert seen(tmp_path, code).source.columns["account_id"] == "Contact name"
    deals = "Customer no,Name,Date,Net amount\n" + "".join(
        f"C{at % 2},Deal number {at},2025-01-1{at},10.00\n" for at in range(8)
    )
    guess = seen(tmp_path, deals)
    assert (guess.source.columns["account_id"], guess.accounts) == ("Customer no", None)
    orders = "Account,Customer name,Date,Net amount\n" + "".join(
        f"{1000 + at},{'Alder' if at % 2 else 'Birch'},2025-01-1{at},10.00\n" for at in range(8)
    )
    assert seen(tmp_path, orders).source.columns["account_id"] == "Customer name"


HEADERS = {
    "german": "Kundennr.;Rechnungsdatum;Nettowert", "french": "N° client;Date facture;Montant HT", "spanish": "Código cliente;Fecha factura;Base imponible",
    "portuguese": "Código do cliente;Data da nota;Valor líquido", "italian": "Codice cliente;Data fattura;Imponibile", "dutch": "Klantnummer;Factuurdatum;Bedrag excl. BTW",
    "polish": "Kod kontrahenta;Data wystawienia;Wartość netto", "turkish": "MÜŞTERİ KODU;FATURA TARİHİ;KDV Hariç Tutar", "chinese": "客户编号;开票日期;不含税金额",
    "traditional chinese": "客戶編號;發票日期;未稅金額", "japanese": "得意先コード;売上日;売上金額（税抜）", "sap": "KUNAG;FKDAT;NETWR", "sap payer": "KUNRG;FKDAT;NETWR",
    "netsuite": "Customer Internal ID;Date;Amount (Net)", "quickbooks": "Customer full name;Transaction date;Amount", "shopify": "Email;Created at;Subtotal",
    "woocommerce": "Billing Email;Order Date;Order Subtotal", "datev": "Gegenkonto (ohne BU-Schlüssel);Belegdatum;Umsatz (ohne Soll/Haben-Kz)",
    "hubspot": "Associated Company;Close Date;Amount", "odoo": "partner_id;invoice_date;amount_untaxed", "erpnext": "customer;posting_date;base_net_total",
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_headers_of_languages_and_systems_read_to_the_same_total(tmp_path: Path, header: str) -> None:
    assert sold(tmp_path, f"{header}\nA-1;2025-01-15;1234,50\nB-2;2025-02-28;2000,25\n") == {
        "B-2": 2000.25,
        "A-1": 1234.5,
    }
