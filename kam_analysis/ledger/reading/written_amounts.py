"""How an amount is written: the steps from a cell's text to an exact number, one after the other.

The engine takes the same steps as Python does (`columns.amount`), so that what `kam init` shows is what is read.
Both know only ASCII digits and the blank once the first step is done: their regular expressions agree on those.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from kam_analysis.ledger.settings.settings import TableSource

_SPACES = (
    "\t\n\x0b\x0c\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_MINUS = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
_WIDE = "".join(map(chr, range(0xFF10, 0xFF1A)))
# One sign for another: full-width digits and signs, every blank, minus and apostrophe.
FROM = _SPACES + _MINUS + _WIDE + "\u2019\u02bc`\uff0c\uff0e\uff08\uff09\uff0b"
TO = " " * len(_SPACES) + "-" * len(_MINUS) + "0123456789" + "'''" + ",.()+"
# Marks of direction and width, which show nothing, and the signs of currencies.
CURRENCY_SIGNS = "€$£¥￥₹₺₩₽₴₫฿₪₦₱₡₲₵₸₭₮₼₾"
_UNSEEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# A currency's name beside the amount: a code, or a word that is no sign.
_NAME = r"(?:[A-Z]{3}|US|CA|AU|zł|zl|Kč|kr\.?|Ft|lei|Rs\.?|R|TL|Fr\.?|元|円)"
STEPS = (
    (f"[{_UNSEEN}]", ""),
    (rf"^([-+( ]*){_NAME}([-+( ]*)[{CURRENCY_SIGNS}]?", r"\1\2"),
    (rf"[{CURRENCY_SIGNS}]|{_NAME}([-) ]*)$", r"\1"),
    (r"^ *(.*?) *$", r"\1"),
    (r"^\( *(.+?) *\)$|^(.*?) *-$", r"-\1\2"),
    (r"^([+-]) +", r"\1"),
    # An accountant's zero is a dash.
    (r"^-$", "0"),
)
_DIGITS = 38 - 6


def tidy(text: str) -> str:
    """An amount's text without blanks around it, currency, and other ways of writing a minus than one before it.

    >>> tidy("$ (4,533.75)"), tidy("1.234,50- EUR"), tidy("€ -  ")
    ('-4,533.75', '-1.234,50', '0')
    """
    text = text.translate(_TABLE)
    for pattern, by in STEPS:
        text = re.sub(pattern, by, text)
    return text


_TABLE = str.maketrans(FROM, TO)


def marks(source: TableSource) -> tuple[str, ...]:
    """Signs that may group thousands: the settings' own, and blanks and apostrophes, which mean nothing else."""
    return tuple(dict.fromkeys(sign for sign in (source.thousands, " ", "'") if sign and sign not in "\u00a0\u202f"))


def grouped(mark: str) -> str:
    """Digits in groups: of three, or as India writes lakhs and crores."""
    sign = re.escape(mark)
    return rf"[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+|[0-9]{{1,2}}(?:{sign}[0-9]{{2}})+{sign}[0-9]{{3}}"


def number_pattern(source: TableSource) -> str:
    """A tidied amount whose marks stand as they should: with "." for thousands, 12.5 is refused and not taken for 125."""
    decimal = re.escape(source.decimal)
    whole = "|".join(["[0-9]+", *map(grouped, marks(source))])
    suffix = f" ?(?:{'|'.join(map(re.escape, source.suffixes))})?" if source.suffixes else ""
    return rf"^([+-]?(?:(?:{whole})(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]+)?){suffix}$"


def suffix_pattern(source: TableSource) -> str:
    """The letters behind an amount that stand for thousands or millions."""
    return f"({'|'.join(map(re.escape, source.suffixes))})$"


def amount_in(text: str, source: TableSource) -> Decimal | None:
    """The exact number, of at most six places, that a cell's text is; None where it is none."""
    tidied = tidy(text)
    found = re.fullmatch(number_pattern(source)[1:-1], tidied)
    if found is None:
        return None
    plain = found[1]
    for mark in marks(source):
        plain = plain.replace(mark, "")
    try:
        value = Decimal(plain.replace(source.decimal, "."))
        if source.suffixes and (letters := re.search(suffix_pattern(source), tidied)):
            value *= Decimal(str(source.suffixes[letters[1]]))
        return value.quantize(Decimal("0.000001"), ROUND_HALF_UP) if value.adjusted() < _DIGITS else None
    except InvalidOperation:
        return None
