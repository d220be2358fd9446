"""Columns that say which rows are sales, by their values: in eleven languages and several systems' codes."""

import pytest

from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.checks.status_words import MEANINGS, key, meaning_of
from kam_analysis.ledger.checks.statuses import Value, status_column
from kam_analysis.ledger.opening import check


def found(name, amounts):
    """What is made of a column whose values have these amounts: keep, drop, subtract, unsure, asked."""
    column = status_column(name, [Value(text, 1, amount) for text, amount in amounts.items()])
    return column and (set(column.keep), set(column.drop), set(column.subtract), set(column.unsure), column.asked)


DEALS = [
    ("stage", ["Closed Won"], ["Closed Lost", "Proposal"]),
    ("dealstage", ["closedwon"], ["closedlost", "qualifiedtobuy"]),
    ("Deal Stage", ["Closed Won (Sales Pipeline)"], ["Closed Lost (Sales Pipeline)", "Demo (Sales Pipeline)"]),
    ("Ergebnis", ["gewonnen"], ["verloren", "offen"]),
    ("Étape", ["Gagnée"], ["Perdue", "Négociation"]),
    ("Etapa", ["Cerrada ganada"], ["Cerrada perdida", "Propuesta"]),
    ("Fase", ["Ganho"], ["Perdido", "Em negociação"]),
    ("Fase", ["Chiuso vinto"], ["Chiuso perso", "Trattativa"]),
    ("Fase", ["Gewonnen"], ["Verloren", "Onderhandeling"]),
    ("Etap", ["Wygrana"], ["Przegrana", "Negocjacje"]),
    ("Aşama", ["KAZANILDI"], ["KAYBEDİLDİ", "Teklif verildi"]),
    ("阶段", ["赢单"], ["输单", "谈判中"]),
    ("フェーズ", ["受注"], ["失注", "提案中"]),
    ("Nothing that is known", ["6 - Won"], ["5 - Lost", "1 - Our own word"]),
    ("IsWon", ["true"], ["false"]),
]


@pytest.mark.parametrize(("name", "won", "others"), DEALS)
def test_of_deals_only_what_is_won_is_a_sale(name, won, others):
    assert found(name, dict.fromkeys([*won, *others], 100.0)) == (set(won), set(), set(), set(), False)


DOCUMENTS = [
    ("Status", ["Completed", "Paid"], ["Cancelled", "Refunded"], []),
    ("Zustand", ["bezahlt", "überfällig"], ["storniert", "Entwurf"], []),
    ("Vorgangsart", ["Rechnung"], ["Angebot"], ["Gutschrift"]),
    ("Statut", ["Payée"], ["Annulée", "Brouillon"], []),
    ("Pièce", ["Facture"], ["Devis"], ["Avoir"]),
    ("Estado", ["Pagada"], ["Anulada", "Borrador"], []),
    ("Tipo", ["Factura"], ["Pago"], ["Nota de crédito"]),
    ("Situação", ["Autorizada"], ["Cancelada", "Denegada"], []),
    ("Stato", ["Pagata"], ["Annullata", "Bozza"], []),
    ("Tipo documento", ["Fattura"], ["Preventivo"], ["Nota di credito"]),
    ("Soort", ["Factuur"], ["Offerte"], ["Creditnota"]),
    ("Rodzaj", ["Faktura"], ["Proforma"], ["Korekta"]),
    ("Durum", ["Tamamlandı"], ["İptal Edildi", "TASLAK"], []),
    ("状态", ["已完成"], ["已取消", "草稿"], []),
    ("伝票種別", ["請求書"], ["見積書"], ["赤伝"]),
    ("Fkart", ["F2"], ["F8"], ["G2", "S1"]),
    ("Doc. type", ["F2"], [], ["G2"]),
    ("docstatus", ["1"], ["0", "2"], []),
    ("move_type", ["out_invoice"], [], ["out_refund"]),
    ("Storniert", [""], ["x"], []),
    ("Voided?", ["No"], ["Yes"], []),
    ("Whatever", ["Invoice"], ["Payment", "Journal entry"], ["Credit memo"]),
]


@pytest.mark.parametrize(("name", "sales", "dropped", "against"), DOCUMENTS)
def test_of_documents_some_are_none_and_some_count_against(name, sales, dropped, against):
    amounts = dict.fromkeys([*sales, *dropped, *against], 100.0)
    assert found(name, amounts) == (set(), set(dropped), set(against), set(), False)


def test_credit_notes_that_are_negative_count_against_by_themselves():
    assert found("Type", {"Invoice": 100.0, "Credit note": -30.0}) is None
    assert found("Type", {"Invoice": 100.0, "Payment": -30.0}) == (set(), {"Payment"}, set(), set(), False)
    # A negative row that is void takes back another one: whether both are there, only the owner knows.
    assert found("Status", {"Posted": 100.0, "Void": -30.0}) == (set(), set(), set(), {"Void"}, False)


@pytest.mark.parametrize(
    ("name", "amounts", "unsure"),
    [
        ("Status", {"Shipped": 1.0, "Cancelled": 1.0, "On Hold": 1.0, "Disputed": 1.0}, {"On Hold", "Disputed"}),
        ("Financial Status", {"paid": 1.0, "partially_refunded": 1.0, "refunded": 1.0}, {"partially_refunded"}),
        ("Estado", {"Pago": 1.0, "Cancelado": 1.0}, {"Pago"}),  # a payment in Spanish, paid in Portuguese
        ("Belegart", {"Rechnung": 1.0, "Auftrag": 1.0, "Angebot": 1.0}, {"Auftrag"}),
    ],
)
def test_what_only_the_owner_knows_is_asked(name, amounts, unsure):
    assert found(name, amounts)[3] == unsure


def test_deals_of_which_none_is_won_are_asked_and_so_is_a_sign_that_amounts_lack():
    assert found("Stage", {"Proposal": 1.0, "Negotiation": 2.0})[4]
    assert found("Soll/Haben", {"S": 1.0, "H": 2.0})[4]
    assert found("Side", {"Debit": 1.0, "Credit": 2.0})[4]
    assert found("S/H", {"S": 1.0, "H": -2.0}) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Type", ["Pump", "Seal", "Skid"]),
        ("Type", ["Active", "Inactive"]),
        ("Customer status", ["Active", "Lost", "Prospect"]),
        ("Status", ["Active", "Inactive"]),
        ("Product type", ["Receipt", "Journal", "Notebook"]),
        ("Payment method", ["Cash", "Card", "Deposit", "Credit"]),
        ("Category", ["New", "Used", "Other"]),
        ("Size", ["S", "H"]),
        ("Class", ["F2", "G2"]),
        ("Invoice status", ["Paid", "Open", "Overdue"]),
        ("Order status", ["Open", "Closed"]),
        ("Beer", ["Draft beer", "Bottled beer", "Cider"]),
        ("Region", ["North", "South"]),
        ("Stage", ["Closed Won"]),
        ("Country", ["Won", "Yen"]),
        ("Note", [str(number) for number in range(60)] + ["Cancelled"]),
    ],
)
def test_what_only_looks_like_it_is_left_alone(name, values):
    assert found(name, dict.fromkeys(values, 10.0)) is None


def test_every_word_has_one_known_meaning():
    from importlib.resources import files
    from tomllib import loads

    for file in files("kam_analysis.ledger.checks.status_words").iterdir():
        if file.name.endswith(".toml"):
            document = loads(file.read_text(encoding="utf-8"))
            codes = document.pop("by_header", {})
            assert set(document) <= set(MEANINGS), file.name
            assert {meaning for each in codes.values() for meaning in each.values()} <= set(MEANINGS)
            assert all(meaning_of(word) for words in document.values() for word in words), file.name
    assert key("2 - Closed won") == key("closed-won") == key("Closed Won (EMEA)") == "closedwon"


def test_check_and_report_tell_of_a_status_that_is_not_used(company):
    rows = "account_id,date,revenue,Order state\nA,2025-01-10,100.00,Completed\nB,2025-01-11,900.00,Cancelled\n"
    text = '[tables.transactions]\nfile = "t.csv"\n'
    path = company(text, t__csv=rows)
    [warning] = check(path)
    assert "column Order state: says which rows are sales, and is not used" in str(warning)
    assert "Cancelled in 1 row (900.00)" in str(warning)
    assert '[tables.transactions.drop] "Order state" = ["Cancelled"]' in warning.remedy
    assert open_ledger(path).warnings == (warning,)
    used = text + '[tables.transactions.drop]\n"Order state" = ["Cancelled"]\n'
    assert [each.severity for each in check(company(used, t__csv=rows))] == ["note"]
