"""The words that exports use: headers in English, German and French, total lines, currencies.

Headers are compared without case, accents, punctuation and small words; `Customer no.`,
`CustomerNumber` and `customer_id` are one name, as are `Kundennr.` and `Kundennummer`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from kam_analysis.ledger.schema import TABLES

ACCOUNT_NAME = "account_name"

# Ours -> ranks of theirs, the best first; names of one rank are equally good.
_HEADERS: dict[str, tuple[str, ...]] = {
    "account_id": (
        "account id|customer no|customer id|cust no|customer account|customer key|kunden no|kunde no|kd no|client no|no client|"
        "code client|clientid|customerid|custid|numero client|kundenkonto|compte client|client id|customer code",
        "sold-to|sold-to party|sold-to no|sold-to customer|sold-to party no|soldto|soldtoparty|auftraggeber|auftraggeber no|"
        "donneur d'ordre|besteller",
        "debitor|debitor no|debitoren no|debtor|debtor no|account no|account number|debiteur|compte tiers|code tiers|konto no",
        "customer|kunde|client|account|abnehmer|acheteur|buyer",
        "bill-to|bill-to party|bill-to no|bill-to customer|billto|invoice account|rechnungsempfänger|client facturé|payer|"
        "payer no|regulierer|payeur",
        "ship-to|ship-to party|ship-to no|shipto|warenempfänger|destinataire",
    ),
    ACCOUNT_NAME: (
        "account name|customer name|client name|kundenname|kunden name|name kunde|name kunden|kunde name|nom client|nom du client|"
        "raison sociale|kundenbezeichnung|debitorname|debitorenname|name debitor|sold-to name|sold-to party name|"
        "name of sold-to party|name auftraggeber|auftraggeber name|customer description|libellé client|intitulé client",
        "company|company name|firma|firmenname|société|entreprise|name 1|name1|name|nom",
    ),
    "date": (
        "invoice date|billing date|bill date|rechnungsdatum|fakturadatum|rechnungs datum|faktura datum|date de facture|"
        "date facture|date facturation|date de facturation|inv date|invoicedate|billingdate|date",
        "datum|transaction date|sales date|sale date|umsatzdatum|tag|day|jour|date de vente",
        "posting date|buchungsdatum|date comptable|date comptabilisation|date d'écriture|post date",
        "document date|doc date|belegdatum|beleg datum|date document|date de pièce|date pièce",
        "order date|orderdate|auftragsdatum|bestelldatum|date de commande|date commande",
        "delivery date|lieferdatum|ship date|shipping date|versanddatum|date de livraison|date livraison",
        "month|monat|mois|period|periode|période",
    ),
    "revenue": (
        "net sales|net revenue|amount excluding tax|amount excl tax|amount excl vat|amount excluding vat|sales excl vat|revenue excl vat|"
        "umsatz ohne mwst|betrag ohne mwst|montant hors taxe|montant hors taxes|ca hors taxe|net amount|net value|net invoice value|net turnover|net total|total net|net price total|"
        "net sales amount|net sales value|sales net|revenue net|amount net|umsatz netto|nettoumsatz|netto umsatz|nettobetrag|"
        "netto betrag|betrag netto|nettowert|netto wert|nettoerlös|nettofakturawert|netto|warenwert|ca ht|chiffre d'affaires ht|"
        "chiffre d'affaires net|ca net|montant ht|total ht|montant total ht|montant net|net ht|ventes nettes",
        "revenue|sales|turnover|amount|sales amount|sales value|sales revenue|invoice amount|invoiced amount|invoice value|"
        "line total|line amount|line value|extended price|extended amount|total amount|total price|total|value|umsatz|umsätze|umsatzerlös|"
        "umsatzerlöse|erlös|erlöse|betrag|rechnungsbetrag|fakturawert|fakturabetrag|wert|gesamtbetrag|umsatzwert|"
        "chiffre d'affaires|ca|montant|ventes|montant facturé|montant total|valeur",
    ),
    "gross": (
        "gross sales|gross revenue|gross amount|gross value|gross total|sales gross|bruttoumsatz|umsatz brutto|bruttobetrag|"
        "betrag brutto|bruttowert|brutto|ca ttc|montant ttc|total ttc|ca brut|chiffre d'affaires ttc|chiffre d'affaires brut|"
        "ventes brutes|montant brut",
    ),
    "cost": (
        "cost|costs|cogs|cost of goods|cost of goods sold|cost of sales|cost amount|cost value|total cost|net cost|"
        "wareneinsatz|herstellkosten|herstellungskosten|einstandswert|einstand|kosten|selbstkosten|einkaufswert|coût|coûts|"
        "coût de revient|prix de revient|coût des ventes|coût d'achat|montant coût|coût total",
    ),
    "quantity": (
        "quantity|qty|qty sold|quantity sold|invoiced quantity|billed quantity|units|units sold|pieces|menge|absatzmenge|"
        "fakturamenge|fakturierte menge|rechnungsmenge|stück|stückzahl|anzahl|quantité|qté|quantité facturée|nombre",
    ),
    "product_line": (
        "product line|product group|product category|product family|category|material group|item group|item category|"
        "warengruppe|produktgruppe|produktlinie|artikelgruppe|materialgruppe|sparte|produktfamilie|produktkategorie|"
        "famille|famille de produits|famille produit|famille d'articles|famille article|gamme|ligne de produits|"
        "groupe de produits|catégorie|prod group|business line|division produit",
    ),
    "product": (
        "product|product no|product code|material|material no|item|item no|item code|sku|article|article no|artikel|artikel no|"
        "produkt|produkt no|produit|no article|code article|référence|référence article|référence produit|code produit|stock code|"
        "stockcode|part no|teile no",
        "product name|material description|item description|article name|artikelbezeichnung|materialbezeichnung|"
        "materialkurztext|produktname|produktbezeichnung|désignation|libellé article|libellé produit|description|bezeichnung",
    ),
    "region": (
        "region|sales region|sales area|territory|sales territory|area|gebiet|vertriebsgebiet|verkaufsgebiet|vertriebsregion|"
        "verkaufsregion|région|zone|secteur|territoire|région de vente|zone de vente|sales district|kundenbezirk",
    ),
    "order_id": (
        "invoice no|invoice id|invoice|billing document|billing document no|bill no|rechnungs no|rechnung no|rechnung|faktura|faktura no|"
        "no facture|facture no|facture|code facture|numéro facture|invoiceno|fakturabeleg|document no|doc no|beleg no|beleg|"
        "no pièce|no document",
        "order no|order id|order|sales order|sales order no|sales document|auftrags no|auftrag no|auftrag|bestell no|"
        "no commande|commande no|commande|verkaufsbeleg|orderno|orderid|verkaufsbeleg no",
    ),
    "currency": (
        "currency|currency code|curr|ccy|invoice currency|document currency|doc currency|transaction currency|währung|"
        "währungsschlüssel|belegwährung|fakturawährung|rechnungswährung|wkz|whg|devise|monnaie|code devise|devise facture",
    ),
    "account_manager_id": (
        "account manager id|account manager|account manager no|key account manager|kam|sales rep|sales rep no|sales representative|"
        "salesperson|sales person|salesman|sales employee|rep|vertreter|vertreter no|aussendienst|außendienst|"
        "außendienstmitarbeiter|kundenbetreuer|verkäufer|betreuer|vertriebsmitarbeiter|vertriebsbeauftragter|commercial|"
        "vendeur|représentant|code représentant|code commercial|chargé de clientèle|responsable commercial|chargé d'affaires",
    ),
}  # fmt: skip


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A name of these is about something else, however much it sounds like one of ours.
_ELSE = _listed(
    "vorjahr vj plan budget ly py previous last prior target forecast teur keur kusd teuros tsd percent share anteil marge margin db "
    "discount rabatt skonto remise steuer tax mwst ust vat tva due fallig falligkeit falligkeitsdatum fallige echeance created angelegt "
    "erfasst change geandert unit einzel einzelpreis unitaire preis price prix name nom bezeichnung anzahl count average durchschnitt "
    "gruppe group type typ klasse class groupe land country pays ort city ville "
    "rep employee person staff manager office org organization channel district tier rank status order orders "
    "payment zahlung paiement paid valid since seit gross brutto brut ttc freight fracht"
)
_SMALL = _listed("de du des d la le les l of the der die das in im for zum zur per par et and und a")
_NUMBER = {"no", "nr", "num", "number", "nummer", "numero", "id", "code", "key", "n"}
# The amount in which currency; "LC" is SAP's local currency, "DC" its document currency.
_QUALIFIERS = {
    "lc",
    "dc",
    "tc",
    "gc",
    "hw",
    "bw",
    "hauswahrung",
    "belegwahrung",
    "konzernwahrung",
    "local",
    "document",
    "company",
    "group",
    "currency",
}
_QUALIFIED = (
    "local currency",
    "document currency",
    "company currency",
    "company code currency",
    "group currency",
    "devise locale",
    "in devise",
)

ISO_CODES = _listed(
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KWD MAD MXN MYR NOK NZD "
    "PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND XAF XOF ZAR"
)
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}

TOTAL_WORDS = (
    "Zwischensumme", "Gesamtsumme", "Gesamtergebnis", "Gesamt", "Endsumme", "Summe", "Ergebnis", "Übertrag", "Subtotal", "Sub-total",
    "Sub total", "Grand total", "Grand-total", "Sum", "Total", "Sous-total", "Sous total", "Totaux", "Totale", "Totaal", "Result",
    "Overall result", "Cumul", "*", "---", "___", "===", "Σ",
)  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """One header recognised: which column of ours, how good a name (0 is best), which currency it names.

    `loose` says that the name only contains a known one ("Datum FK").
    """

    ours: str
    rank: int
    qualifier: str = ""
    loose: bool = False


def folded(text: str) -> str:
    """`text` without case, accents and doubled vowels: "Währung", "Waehrung" and "WAHRUNG" agree."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"([aou])e", r"\1", plain)


@lru_cache(maxsize=20_000)  # each phrase is compared with each of a wide file's headers
def tokens(header: str) -> tuple[str, ...]:
    """A header's words in their comparable form; a number's sign ("N°", "no.", "-nummer") is "no", last."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", header.replace("#", " no "))
    spaced = re.sub(r"(?i)\bn\s?[°º]", " no ", spaced)
    spaced = re.sub(r"\b([^\W\d_])\.(?=[^\W\d_]\b)", r"\1", spaced)  # C.A. H.T.
    spaced = re.sub(r"(?i)(?<=[a-zà-ÿ])(number|nummer|nr)\b", " no", spaced)
    words = re.findall(r"[^\W_]+", folded(spaced))
    kept = [word for word in words if word not in _SMALL]
    number = [word for word in kept if word in _NUMBER]
    return (*(word for word in kept if word not in _NUMBER), *(("no",) if number else ()))


def _key(words: tuple[str, ...]) -> str:
    return "".join(words)


def _vocabulary() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for ours, ranks in _HEADERS.items():
        for rank, phrases in enumerate(ranks):
            for phrase in phrases.split("|"):
                found.setdefault(_key(tokens(phrase)), Meaning(ours, rank))
    for name in TABLES["transactions"].names:
        found[_key(tokens(name))] = Meaning(name, 0)
    return found


_KNOWN = _vocabulary()


def meaning(header: str) -> Meaning | None:
    """What a header means, by its whole name."""
    words = tokens(header)
    found = _KNOWN.get(_key(words))
    if found or not words:
        return found
    bare, qualifier = _without_currency(header)
    base = _KNOWN.get(_key(tokens(bare)))
    if base is None or not qualifier or base.ours not in ("revenue", "gross", "cost"):
        return None
    return Meaning(base.ours, base.rank, qualifier)


def loose_meaning(header: str) -> Meaning | None:
    """What a header may mean that only contains a known name of a required column."""
    bare, qualifier = _without_currency(header)
    words = tokens(bare)
    if _ELSE & {*words, *re.findall(r"[^\W_]+", header.casefold())}:  # "due" folds to a small word
        return None
    for ours in ("date", "revenue", "account_id"):
        if ours != "account_id" and "no" in words:
            continue  # a number of something is neither a day nor money
        for phrase in ("|".join(_HEADERS[ours])).split("|"):
            wanted = tokens(phrase)
            if len(_key(wanted)) > 3 and set(wanted) <= set(words):
                return Meaning(ours, 0, qualifier, loose=True)
    return None


def nearest_header(ours: str, headers: Sequence[str]) -> str:
    """The header that looks most like a name of `ours`, or "" where none does."""
    known = [key for key, found in _KNOWN.items() if found.ours == ours]
    free = [name for name in headers if meaning(name) is None]
    scored = [(SequenceMatcher(None, _key(tokens(name)), key).ratio(), name) for name in free for key in known]
    score, name = max(scored, default=(0.0, ""))
    return name if score >= 0.8 else ""


def _without_currency(header: str) -> tuple[str, str]:
    """The header without the currency it names, and that currency ("EUR", "local currency", ...)."""
    for phrase in _QUALIFIED:
        if phrase in header.casefold():
            return header.casefold().replace(phrase, " "), phrase
    for sign, code in SIGNS.items():
        if sign in header:
            return header.replace(sign, " "), code
    for word in re.findall(r"[^\W_]+", header):
        if (word.upper() in ISO_CODES and word.isupper()) or folded(word) in _QUALIFIERS:
            return re.sub(rf"\b{re.escape(word)}\b", " ", header.replace("_", " ")), word.upper()
    return header, ""


_TOTALS = tuple((word, word.casefold()) for word in sorted(TOTAL_WORDS, key=len, reverse=True))
_BEGINS_COMPOUNDS = ("gesamt",)  # Gesamtumsatz, Gesamtbetrag


def total_word(cell: str) -> str:
    """The word for a total with which a cell starts, as the list writes it; "" if there is none.

    A letter may not follow directly: "Summerfield Ltd" is not a sum, "Totalgaz" no total.
    """
    text = cell.strip().casefold()
    if not text:
        return ""
    for word, start in _TOTALS:
        runs_on = start[-1].isalpha() and text[len(start) : len(start) + 1].isalpha()
        if text.startswith(start) and (not runs_on or start in _BEGINS_COMPOUNDS):
            return word
    return ""
