"""A letter and its accent as one sign (Unicode's NFC), by what each engine knows: u and ¨ are ü, also where a Mac wrote them apart."""

import unicodedata
from functools import cache

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

_BEFORE, _AFTER = ":", ","  # stand in no letter's parts
_LETTERS = range(0xC0, 0x10000)  # those that may have parts; beyond the basic plane stand no letters of today


@ibis.udf.scalar.builtin
def nfc_normalize(text: str) -> dt.string:
    """DuckDB's own."""


@ibis.udf.scalar.builtin
def normalize(text: str) -> dt.string:
    """PostgreSQL's own."""


@ibis.udf.scalar.builtin
def str_to_map(text: str, pairs: str, parts: str) -> dt.Map(dt.string, dt.string):  # type: ignore[valid-type]
    """Spark's table out of one text."""


@ibis.udf.scalar.builtin
def regexp_extract_all(text: str, pattern: str, group: int) -> dt.Array(dt.string):  # type: ignore[valid-type]
    """Spark's pieces of a text."""


def composed(text: ir.Value) -> ir.Value:
    """A text with each letter and its accents as one sign; as it is on engines that are not tested here."""
    try:
        engine = text.get_backend()
    except IbisError:  # a value of no table
        return text
    if engine.name == "duckdb":
        return nfc_normalize(text)
    if engine.name == "pyspark":
        return _by_table(text)
    # An ASCII text is composed, and other encodings than UTF-8 have no accents of their own: normalize() refuses them.
    if engine.name == "postgres" and bool(engine.con.info.parameter_status("server_encoding") == "UTF8"):
        return ibis.ifelse(text.re_search("[^ -~]"), normalize(text), text)
    return text


def _by_table(text: ir.Value) -> ir.Value:
    """Spark knows no such function: a letter and its accents are looked up. Korean syllables stay apart, and accents of
    which only some make one sign with their letter."""
    table, doubtful, pieces = _letters()
    whole = str_to_map(table, _AFTER, _BEFORE)
    found = regexp_extract_all(text, pieces, 0).map(lambda piece: ibis.coalesce(whole.get(piece), piece)).join("")
    return ibis.ifelse(text.re_search(doubtful), found, text)


@cache
def _letters() -> tuple[str, str, str]:
    """Each way to write a letter in parts with the letter as one sign; a pattern of texts with such parts, and one that
    divides them."""
    whole: dict[str, str] = {}
    for sign in map(chr, _LETTERS):
        parts, one = unicodedata.normalize("NFD", sign), unicodedata.normalize("NFC", sign)
        if parts == sign or 0xAC00 <= ord(sign) <= 0xD7A3:
            continue
        written = (unicodedata.normalize("NFC", parts[:at]) + parts[at:] for at in range(1, len(parts)))
        whole |= {each: one for each in (sign, *written) if each != one}
    marks = _ranges({mark for each in whole for mark in each[1:]})
    alone = _ranges({each for each in whole if len(each) == 1})
    table = _AFTER.join(f"{parts}{_BEFORE}{one}" for parts, one in whole.items())
    return table, f"[{marks}{alone}]", f"[^{marks}][{marks}]*|[{marks}]+"


def _ranges(signs: set[str]) -> str:
    """Signs as a pattern's class has them, those in a row as one range."""
    text, first = "", ""
    for sign in sorted(signs):
        first = first or sign
        if chr(ord(sign) + 1) not in signs:
            text, first = text + (sign if first == sign else f"{first}-{sign}"), ""
    return text
