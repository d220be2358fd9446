"""How values are read: ids, amounts, dates and flags from text or from typed columns.

Each function takes an Ibis column and returns one. Text is read leniently only where that cannot
change a meaning: spaces and currency signs in amounts, a trailing minus, parentheses.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from kam_analysis.ledger.engine.composed import composed
from kam_analysis.ledger.reading import written_amounts, written_dates
from kam_analysis.ledger.settings.ids import BLANKS, LIKE_NONE, POINT_ZERO, WHITE_SPACE, WIDTHLESS
from kam_analysis.ledger.settings.period import FIRST_DAY, LAST_DAY
from kam_analysis.ledger.settings.settings import Column, TableSource

MONEY = "decimal(38, 6)"
# What a kind of column needs, in words and as SQL's type; any other is text.
WANTED_TYPE = dict.fromkeys(("date", "month"), ("a date", "date")) | dict.fromkeys(
    ("money", "number"), ("a number", "numeric")
)
_PLACES = 6
_EXACT_IN_FLOAT = 2**53
# Beyond it, and where it is infinite or no number at all, a float is read the careful way.
_PLAIN = 1e15
# Between these lie the ids that begin with a digit, or a letter with which no word for none begins, whether an engine
# sorts by code or by language: punctuation never lies between two letters' words.
_PLAIN_STARTS = (("0", "9zzz"), ("A", "N"), ("O", "U"), ("a", "n"), ("o", "u"))
_ACCOUNTS = ("account_id", "parent_id")
_YES = (
    "true", "t", "yes", "y", "1", "x", "ja", "j", "wahr", "oui", "o", "vrai", "sí", "si", "sì", "sim", "tak", "evet", "是", "はい"
)  # fmt: skip
_NO = (
    "false", "f", "no", "n", "0", "nein", "falsch", "non", "faux", "não", "nao", "nee", "nie", "hayır", "hayir", "否", "いいえ"
)  # fmt: skip


def read(value: ir.Value, column: Column, source: TableSource) -> ir.Value:
    """`value` as its column's kind; what cannot be read becomes NULL."""
    match column.kind:
        case "id":
            return normalised_id(looked_past(without(raw_id(value), nobody(column, source)), column, source))
        case "money":
            return amount(value, source)
        case "number":
            return number(value, source)
        case "date":
            return day(value, source)
        case "month":
            return day(value, source).truncate("M")
        case "flag":
            return flag(value)
        case "choice":  # a CRM writes Open, Won, Lost
            return blank_to_null(value.cast("string").strip().lower())
        case _:
            return blank_to_null(value.cast("string"))


def unreadable_type(kind: dt.DataType, column: Column, parsed: bool = False) -> str:
    """What a column of the source holds where it cannot be read as its kind; empty where it can.

    Text of a CSV is `parsed`, by DuckDB; no other engine tells a text that is no number from one that is.
    """
    if kind.is_nested() or kind.is_binary() or kind.is_unknown():
        return _named(kind)
    readable = parsed and kind.is_string()
    if column.kind in ("money", "number") and not (readable or kind.is_numeric()):
        return _named(kind)
    dated = kind.is_date() or kind.is_timestamp() or (parsed and kind.is_integer())
    if column.kind in ("date", "month") and not (readable or dated):
        return _named(kind)
    return ""


def _named(kind: dt.DataType) -> str:
    if kind.is_nested():
        return "several values in one"
    words = (
        (kind.is_string, "text"),
        (kind.is_numeric, "a number"),
        (kind.is_boolean, "true or false"),
        (kind.is_binary, "bytes"),
    )
    return next((word for is_it, word in words if is_it()), str(kind).split("(")[0])


def raw_id(value: ir.Value) -> ir.Value:
    """An id as text, not yet normalised: cheap enough for every row."""
    kind = value.type()
    if not is_fractional(kind):
        return value.cast("string")
    # Engines disagree on the text of a float: 17850, 17850.0, 1.785E4.
    whole = (value == value.round(0)) & (value.abs() < _EXACT_IN_FLOAT)
    read = ibis.ifelse(whole, value.cast("int64").cast("string"), value.cast("string"))
    return ibis.ifelse(value.isnan(), ibis.null("string"), read) if kind.is_floating() else read


def is_fractional(kind: dt.DataType) -> bool:
    """Whether a number's type has places after the point, which ids do not have."""
    return kind.is_floating() or (kind.is_decimal() and kind.scale != 0)


def normalised_id(text: ir.Value) -> ir.Value:
    """An id by the rule of `ids`: trimmed, "17850.0" as "17850", blank as NULL; "007" stays "007".

    Meant for grouped ids: the look at each of them doubles a query's time.
    """
    inner = _seen(text)
    # No back-reference: Java's regular expressions, hence Spark's, write it in another way.
    plain = ibis.ifelse(inner.re_search(POINT_ZERO), inner.substr(0, inner.length() - 2), inner)
    # Nearly every id is plain: only one with white space or unseen signs in it and ".0" need the slow reading.
    doubtful = text.re_search(f"[{WHITE_SPACE}{WIDTHLESS}]") | text.endswith(".0")
    return composed(ibis.ifelse(doubtful, plain, text)).nullif("")


def _seen(text: ir.Value) -> ir.Value:
    """What is seen of a text: without signs of no width, and without white space around it."""
    return trimmed(text.re_replace(f"[{BLANKS}]", " ").re_replace(f"[{WIDTHLESS}]", ""))


def looked_past(ids: ir.Value, column: Column, source: TableSource) -> ir.Value:
    """Ids of accounts without what the setting `normalise` looks past; all other ids as they are."""
    if not source.normalise or column.name not in _ACCOUNTS:
        return ids
    # A chain in which each step is named once: branches would repeat it, and the query explode.
    text = _seen(ids)
    if "punctuation" in source.normalise:
        text = text.re_replace(r"\.0$", "").re_replace("[-_./]", "")
    if "spaces" in source.normalise:
        text = text.re_replace("[ \t\n\r\x0b\x0c]", "")
    if "case" in source.normalise:
        text = text.upper()
    if "leading_zeros" in source.normalise:
        text = ibis.ifelse(text.re_search("^0+$"), "0", text.re_replace("^0+", ""))
    return text


def without(ids: ir.Value, words: Sequence[str]) -> ir.Value:
    """Ids of which those that the settings name as none are NULL."""
    return ibis.ifelse(_is_one_of(trimmed(ids).lower(), words), ibis.null("string"), ids) if words else ids


def nobody(column: Column, source: TableSource) -> Sequence[str]:
    """Words that stand for no id: of accounts those that the company names, for it may have such a customer."""
    if column.name in _ACCOUNTS or source.blank_ids is not None:
        return source.blank_ids or ()
    return LIKE_NONE


def like_none(ids: ir.Value) -> ir.BooleanValue:
    """Which ids may stand for none; of most, a look at the first sign is enough."""
    plain = [((ids >= first) & (ids < after), False) for first, after in _PLAIN_STARTS]
    return ibis.cases(*plain, else_=_is_one_of(trimmed(ids).lower(), LIKE_NONE)).fill_null(False)


def trimmed(text: ir.Value) -> ir.Value:
    """A text without white space around it, of whatever kind."""
    return text.re_replace(f"^[{WHITE_SPACE}]+|[{WHITE_SPACE}]+$", "")


def spaced(text: ir.Value) -> ir.BooleanValue:
    """Whether there is white space in a text: a tenth of the time of trimming it."""
    return reduce(or_, [text.contains(sign) for sign in WHITE_SPACE])


def _is_one_of(text: ir.Value, words: Sequence[str]) -> ir.BooleanValue:
    """As `isin`, of which DuckDB makes a join over every row, also those that a condition before it leaves out."""
    return reduce(or_, [text == word for word in words])


def is_blank(raw: ir.Value) -> ir.Value:
    """Whether a cell has nothing in it."""
    kind = raw.type()
    if kind.is_string():
        # Only what is empty or begins with a blank needs the slow look at all of it.
        doubtful = (raw == "") | raw.startswith(" ") | raw.startswith("\t") | raw.startswith("\u00a0")
        return raw.isnull() | ibis.ifelse(doubtful, trimmed(raw) == "", False)
    return raw.isnull() | raw.isnan() if kind.is_floating() else raw.isnull()


def blank_to_null(text: ir.Value) -> ir.Value:
    """Text without spaces around it; nothing but spaces is NULL."""
    return text.strip().nullif("")


def amount(value: ir.Value, source: TableSource) -> ir.Value:
    """An exact number of at most six places, as text, integer, float or decimal gives it; add it up with `total`."""
    kind = value.type()
    if kind.is_integer() or (kind.is_decimal() and kind.scale is not None and kind.scale <= _PLACES):
        # Exact as it is, and added up in half the time.
        return value
    if kind.is_string():
        return _amount_from_text(value, source)
    if kind.is_floating():
        # NaN means "nothing there" in a float column and cannot be cast.
        value = ibis.ifelse(value.isnan() | value.isinf(), ibis.null(kind), value)
    return value.cast(MONEY)


def in_units(amounts: ir.Value, source: TableSource) -> ir.Value:
    """Amounts that the source gives in thousands or cents, in whole units."""
    if source.amount_unit == 1:
        return amounts
    return (amounts * ibis.literal(Decimal(str(source.amount_unit))).cast("decimal(18, 6)")).cast(MONEY)


def total(amounts: ir.Value, where: ir.BooleanValue | None = None) -> ir.Value:
    """The exact sum of a group, 0 where there is nothing to add."""
    return ibis.coalesce(amounts.sum(where=where).cast(MONEY), ibis.literal(0).cast(MONEY))


def number(value: ir.Value, source: TableSource) -> ir.Value:
    """A float, read as leniently as an amount."""
    exact = amount(value, source).cast("float64")
    if not value.type().is_string() or source.decimal != ".":
        return exact
    # Most text is a plain number, which the engine reads in a fraction of the time.
    plain = value.try_cast("float64")
    return ibis.coalesce(ibis.ifelse(plain.abs() < _PLAIN, plain, ibis.null("float64")), exact)


def _amount_from_text(text: ir.Value, source: TableSource) -> ir.Value:
    # A chain in which each step is named once: branches would repeat it, and the query explode.
    clean = text.translate(written_amounts.FROM, written_amounts.TO)
    for pattern, by in written_amounts.STEPS:
        clean = clean.re_replace(pattern, by)
    plain = clean.re_extract(written_amounts.number_pattern(source), 1)
    for mark in written_amounts.marks(source):
        plain = plain.replace(mark, "")
    slow = plain.replace(source.decimal, ".").nullif("").try_cast(MONEY)
    if source.suffixes:
        return _times(slow, clean.re_extract(written_amounts.suffix_pattern(source), 1), source.suffixes)
    # Most files are plain: the slow reading is for what the engine's own cast refuses. It stands here once, for
    # DuckDB works out for every row what stands in a query twice.
    return ibis.coalesce(*_exact_ways(_castable(text, source.decimal)), slow)


def _castable(text: ir.Value, decimal: str) -> ir.Value:
    """The text where the engine's own cast can only be right: it knows neither a decimal comma nor 1_000 as text."""
    if decimal == ".":
        return ibis.ifelse(text.contains("_"), ibis.null("string"), text)
    return ibis.ifelse(text.contains("_") | text.contains("."), ibis.null("string"), text.replace(decimal, "."))


def _times(amounts: ir.Value, letters: ir.Value, factors: Mapping[str, Any]) -> ir.Value:
    """Amounts with the letters that stand behind them, 1.5K as 1500."""
    factor = ibis.cases(
        *((letters == each, ibis.literal(Decimal(str(by)))) for each, by in factors.items()), else_=Decimal(1)
    )
    return (amounts * factor.cast("decimal(18, 6)")).cast(MONEY)


def _exact_ways(text: ir.Value) -> tuple[ir.Value, ir.Value]:
    """By the narrow decimal, which DuckDB reads a hundred times faster from text, then by the wide one."""
    return text.try_cast("decimal(18, 6)").cast(MONEY), text.nullif("").try_cast(MONEY)


def day(value: ir.Value, source: TableSource) -> ir.Value:
    """A calendar day; the time of day is dropped."""
    kind = value.type()
    if kind.is_date():
        return value
    if kind.is_timestamp():
        return written_dates.local_day(value, source)
    if not kind.is_string():
        value = value.cast("string").re_replace(r"\.0$", "")
    return written_dates.day_of_text(value, source)


def beyond(days: ir.Value) -> ir.BooleanValue:
    """Whether no figure can lie on a day: before 1900, after 2200, infinite, before Christ."""
    return (days < ibis.literal(FIRST_DAY)) | (days > ibis.literal(LAST_DAY))


def within_calendar(days: ir.Value) -> ir.Value:
    """Days that Python can hold: infinity, which engines know, as its last or its first."""
    late = ibis.ifelse(days > ibis.literal(date.max), ibis.literal(date.max), days)
    return ibis.ifelse(days < ibis.literal(date.min), ibis.literal(date.min), late)


def flag(value: ir.Value) -> ir.Value:
    """Yes and no in the languages that `kam init` reads; anything else is NULL."""
    if value.type().is_boolean():
        return value
    text = value.cast("string").strip().lower().re_replace(r"\.0$", "")
    return ibis.cases((_is_one_of(text, _YES), True), (_is_one_of(text, _NO), False), else_=ibis.null("boolean"))
