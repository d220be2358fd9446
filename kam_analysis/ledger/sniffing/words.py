"""What a header means: names compared without case, accents, punctuation and small words.

`Customer no.`, `CustomerNumber` and `customer_id` are one name, as are `Kundennr.` and `Kundennummer`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from kam_analysis.ledger.reading.folding import folded as plainly
from kam_analysis.ledger.reading.folding import parted
from kam_analysis.ledger.settings.settings import TABLES
from kam_analysis.ledger.sniffing.headers import LISTS, documents, listed

ACCOUNT_NAME = "account_name"
# Where a name contains one of these, it may be the column that is looked for.
_LOOSELY = ("date", "revenue", "account_id")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The amount in which currency; "LC" is SAP's local currency, "DC" its document currency.
_QUALIFIERS = _listed(
    "lc lcy dc tc gc hw mw bw hauswahrung belegwahrung konzernwahrung local document company group currency"
)
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


@dataclass(frozen=True)
class Meaning:
    """One header recognised: which column of ours (or what else `headers` knows), how good a name (0 is best), which currency it names.

    `loose` says that the name only contains a known one ("Datum FK").
    """

    ours: str
    rank: int
    qualifier: str = ""
    loose: bool = False


def folded(text: str) -> str:
    """`text` without case, accents and doubled vowels: "Währung", "Waehrung" and "WAHRUNG" agree."""
    return re.sub(r"([aou])e", r"\1", plainly(text))


@lru_cache(maxsize=20_000)  # each phrase is compared with each of a wide file's headers
def tokens(header: str) -> tuple[str, ...]:
    """A header's words in their comparable form; a number's sign ("N°", "no.", "-nummer") is "no", last."""
    spaced = parted(header.replace("#", " no "))
    spaced = re.sub(r"(?i)\bn\s?[°º]", " no ", spaced)
    spaced = re.sub(r"\b([^\W\d_])\.(?=[^\W\d_]\b)", r"\1", spaced)  # C.A. H.T.
    spaced = re.sub(r"(?i)(?<=[a-zà-ÿ])(number|nummer|nr)\b", " no", spaced)
    small, number = _sets()
    # Small words before their vowels merge: "due" is not the French "du".
    words = [word for word in re.findall(r"[^\W_]+", plainly(spaced)) if word not in small]
    kept = tuple(folded(word) for word in words if word not in number)
    return (*kept, "no") if len(kept) < len(words) else kept


@lru_cache
def _sets() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(map(plainly, listed("small"))), frozenset(map(plainly, listed("number")))


def _key(words: tuple[str, ...]) -> str:
    return "".join(words)


def _exactly(header: str) -> str:
    """A name with its words for numbers: "account code" is of the chart of accounts, "account no" a customer's."""
    return "".join(re.findall(r"[^\W_]+", folded(parted(header))))


@lru_cache
def _known() -> tuple[dict[str, Meaning], dict[str, Meaning]]:
    """Meanings by `_key`, and those of accounts in the books by `_exactly`."""
    found: dict[str, Meaning] = {}
    books: dict[str, Meaning] = {}
    for name in TABLES["transactions"].names:
        found[_key(tokens(name))] = Meaning("profit" if name == "margin" else name, 0)
    for document in documents():
        for ours, ranks in document.items():
            for rank, phrases in enumerate(ranks) if ours not in LISTS else ():
                for phrase in phrases:
                    known = Meaning(ours, rank)
                    if ours == "ledger_account":
                        books.setdefault(_exactly(phrase), known)
                    elif (key := _key(tokens(phrase))) not in ("", "no"):
                        found.setdefault(key, known)
    found[_key(tokens("margin"))] = Meaning("profit", 1)
    return found, books


@lru_cache(maxsize=20_000)
def meaning(header: str) -> Meaning | None:
    """What a header means, by its whole name."""
    words = tokens(header)
    known, books = _known()
    found = books.get(_exactly(header)) or known.get(_key(words))
    if found or not words:
        return found
    bare, qualifier = _without_currency(header)
    base = known.get(_key(tokens(bare)))
    if base is None or not qualifier or base.ours not in ("revenue", "gross", "cost", "profit", "due", "weighted"):
        return None
    return Meaning(base.ours, base.rank, qualifier)


def loose_meaning(header: str) -> Meaning | None:
    """What a header may mean that only contains a known name of a required column."""
    bare, qualifier = _without_currency(header)
    words = tokens(bare)
    if _is_else({*words, *re.findall(r"[^\W_]+", header.casefold())}):  # "due" folds to a small word
        return None
    for ours in _LOOSELY:
        if ours != "account_id" and "no" in words:
            continue  # a number of something is neither a day nor money
        have, key = set(words), _key(words)
        if any(wanted <= have for wanted in _phrases(ours)) or any(sign in key for sign in _signs(ours)):
            return Meaning(ours, 0, qualifier, loose=True)
    return None


def _is_else(words: set[str]) -> bool:
    """Whether a name is about something else, however much it sounds like one of ours."""
    plain, signs = _else()
    return bool(plain & words) or any(sign in word for word in words if not word.isascii() for sign in signs)


@lru_cache
def _else() -> tuple[frozenset[str], tuple[str, ...]]:
    found = [folded(word) for word in (*listed("other"), *listed("running"))]
    return frozenset(found), tuple(word for word in found if not word.isascii())


def runs_on(header: str) -> bool:
    """Whether amounts go on from row to row by their name: "Sales YTD", "Umsatz kumuliert"."""
    said = tokens(header)
    return any(word in said or (not word.isascii() and word in _key(said)) for word in map(folded, listed("running")))


@lru_cache
def _every(ours: str) -> tuple[tuple[str, ...], ...]:
    every = (phrase for document in documents() for rank in document.get(ours, ()) for phrase in rank)
    return tuple(dict.fromkeys(map(tokens, every)))


@lru_cache
def _phrases(ours: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words) for words in _every(ours) if _key(words).isascii() and len(_key(words)) > 3)


@lru_cache
def _signs(ours: str) -> tuple[str, ...]:
    """Names in Chinese and Japanese, which are written without spaces between words."""
    return tuple(key for key in map(_key, _every(ours)) if not key.isascii() and len(key) > 1)


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


@lru_cache
def _totals() -> tuple[tuple[str, str], ...]:
    return tuple((word, word.casefold()) for word in sorted(listed("totals"), key=len, reverse=True))


def group_word(cell: str) -> str:
    """The word of a group that holds all others with which a cell starts, a total or "All"; "" if there is none."""
    first = cell.split(maxsplit=1)[:1]
    return total_word(cell) or next((word for word in first if word.casefold() in _everything()), "")


@lru_cache
def _everything() -> frozenset[str]:
    return frozenset(word.casefold() for word in listed("everything"))


_BEGINS_COMPOUNDS = ("gesamt",)  # Gesamtumsatz, Gesamtbetrag


@lru_cache(maxsize=20_000)
def total_word(cell: str) -> str:
    """The word for a total with which a cell starts, as the list writes it; "" if there is none.

    A letter may not follow directly: "Summerfield Ltd" is not a sum, "Totalgaz" no total.
    """
    text = cell.strip().casefold()
    if not text:
        return ""
    for word, start in _totals():
        runs_on = start[-1].isalpha() and text[len(start) : len(start) + 1].isalpha()
        if text.startswith(start) and (not runs_on or start in _BEGINS_COMPOUNDS):
            return word
    return ""
