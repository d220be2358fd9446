"""How a date is written, beyond what strptime knows: months by name, months and weeks alone, Excel's day numbers, offsets.

`date_format` in the settings says it: strptime signs, or "excel". Months are dated on their last day, so that windows
of whole months hold them; weeks on their Thursday, the day that decides to which year a week belongs (ISO 8601).
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from kam_analysis.ledger.settings.settings import TableSource

# The languages whose headers `kam init` reads.
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "zh", "ja")
EXCEL = "excel"
_EXCEL_BEGINS = date(1899, 12, 30)
_LAST_SERIAL = 2_958_465  # 9999-12-31
_OFFSET = r"^(.*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AaPp][Mm])?) ?(Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$"


@ibis.udf.scalar.builtin
def try_strptime(text: str, pattern: str) -> dt.timestamp:
    """DuckDB's own: NULL where the text is not such a date."""


@ibis.udf.scalar.builtin
def strip_accents(text: str) -> dt.string:
    """DuckDB's own."""


@ibis.udf.scalar.builtin(name="timezone")
def _at_utc(zone: str, local: dt.timestamp) -> dt.Timestamp(timezone="UTC"):  # type: ignore[valid-type]
    """DuckDB's own: the point in time of a local time."""


@ibis.udf.scalar.builtin(name="timezone")
def _local_in(zone: str, point: dt.Timestamp(timezone="UTC")) -> dt.timestamp:  # type: ignore[valid-type]
    """DuckDB's own: the local time of a point in time."""


@lru_cache(maxsize=1)
def month_names() -> dict[str, int]:
    """The names and abbreviations of months in all `LANGUAGES`, without accents and points; no two languages disagree."""
    from babel import Locale  # loaded where a file has such names

    found = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    # Two Latin letters name no month by themselves; two Chinese signs do.
                    if name.rstrip(".").isalpha() and (len(plain_word(name)) >= 3 or not name.isascii()):
                        found[plain_word(name)] = number
    return found | {"sept": 9, "mrz": 3, "janner": 1}


@lru_cache(maxsize=1)
def long_english_months() -> frozenset[str]:
    """Months in full as strptime's %B has them; "May" is as long as its abbreviation."""
    from babel import Locale  # loaded where a file has such names

    months = Locale.parse("en").months["format"]
    return frozenset(map(plain_word, months["wide"].values())) - frozenset(
        map(plain_word, months["abbreviated"].values())
    )


def plain_word(word: str) -> str:
    """A month's name as it is looked up."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", word.rstrip(".")) if not unicodedata.combining(sign))
    return bare.lower().replace("\u0131", "i")


def day_of_text(text: ir.Value, source: TableSource) -> ir.Value:
    """The calendar day that a text column names; NULL where it names none."""
    text = text.strip()
    if source.date_format == EXCEL:
        return _from_serial(text.replace(",", "."))
    local = text.re_replace(_OFFSET, r"\1")
    pattern = source.date_format
    if "%b" in pattern or "%B" in pattern:
        point = try_strptime(_with_numbers(local), _numbers_only(pattern))
    elif pattern in _WEEKS:
        point = try_strptime(local.concat("-4"), pattern + "-%u")
    else:
        point = try_strptime(local, pattern) if pattern else local.try_cast("timestamp")
    if source.time_zone:
        point = _moved(text, point, source.time_zone)
    return _last_day(point.date(), pattern)


def local_day(point: ir.Value, source: TableSource) -> ir.Value:
    """The calendar day of a typed point in time, by the settings' zone where it has one."""
    if point.type().timezone and source.time_zone:
        return _local_in(source.time_zone, point).date()
    return point.date()


_WEEKS = ("%G-W%V", "%GW%V")


def _from_serial(text: ir.Value) -> ir.Value:
    number = text.try_cast("float64").floor()
    inside = number.between(1, _LAST_SERIAL)
    days = ibis.ifelse(inside, number, ibis.null("float64")).cast("int64")
    return (ibis.literal(_EXCEL_BEGINS).cast("timestamp") + days.as_interval("D")).date()


def _with_numbers(text: ir.Value) -> ir.Value:
    """A date whose month is a word as its numbers alone, a blank between them; am or pm behind."""
    plain = strip_accents(text).lower().replace("\u0131", "i")
    word = plain.re_extract(r"(\p{L}{3,})", 1)
    names = month_names()
    number = ibis.map(list(names), [str(each) for each in names.values()]).get(word)
    half = plain.re_extract(r"(?:[0-9]|\b)([ap]m)\b", 1)
    # Without a month's name there is no date: NULL, and not the rest of the text.
    return (
        plain.re_replace(r"(\p{L}{3,})", " # ").replace("#", number).re_replace(r"[^0-9]+", " ") + " " + half
    ).strip()


def _numbers_only(pattern: str) -> str:
    """The signs of a pattern as `_with_numbers` writes what they stand for."""
    signs = ["%m" if sign in ("%b", "%B") else sign for sign in re.findall(r"%[A-Za-z]", pattern)]
    return " ".join([*(sign for sign in signs if sign != "%p"), *(sign for sign in signs if sign == "%p")])


def _moved(text: ir.Value, local: ir.Value, zone: str) -> ir.Value:
    """A time with an offset as the clocks in `zone` show it; one without stays as it is written."""
    offset = text.re_extract(_OFFSET, 2)
    hours = offset.re_extract(r"^[+-]([0-9]{2})", 1).try_cast("int64").fill_null(0)
    minutes = offset.re_extract(r"^[+-][0-9]{2}:?([0-9]{2})$", 1).try_cast("int64").fill_null(0)
    ahead = (hours * 60 + minutes) * ibis.ifelse(offset.startswith("-"), -1, 1)
    there = _local_in(zone, _at_utc("UTC", local - ahead.as_interval("m")))
    return ibis.ifelse(offset == "", local, there)


def _last_day(day: ir.Value, pattern: str) -> ir.Value:
    signs = set(re.findall(r"%[A-Za-z]", pattern))
    if pattern in ("", EXCEL) or signs & {"%d", "%j", "%x", "%c", "%V", "%U", "%W", "%e"}:
        return day
    span = ibis.interval(months=1) if signs & {"%m", "%b", "%B"} else ibis.interval(years=1)
    return ((day + span).cast("timestamp") - ibis.interval(days=1)).date()


def date_in(text: str) -> date | None:
    """The day that a header such as `Jan 2024`, `2024-01`, `01/2024`, `2024` or `2024-01-31` stands for; its last one."""
    words = re.sub(r"(?:^|(?<=[^\W\d_]))[.'’]+", " ", text.strip())
    found = re.findall(r"[^\W\d_]{3,}", words)
    number = month_names().get(plain_word(found[0])) if found else None
    digits = [int(each) for each in re.findall(r"\d+", words)]
    if found:
        years = [each if each > 99 else 2000 + each for each in digits]
        return last_day(years[0], number) if number and len(digits) == 1 and len(found) == 1 else None
    for pattern, order in (
        (r"(\d{4})[-/. ](\d{1,2})", "ym"),
        (r"(\d{1,2})[-/. ](\d{4})", "my"),
        (r"(\d{4})(\d{2})", "ym"),
        (r"(\d{4})年(\d{1,2})月", "ym"),
    ):
        if match := re.fullmatch(pattern, text.strip()):
            year, month = (int(match[order.index(each) + 1]) for each in "ym")
            return last_day(year, month) if 1 <= month <= 12 else None
    if re.fullmatch(r"(?:19|20)\d\d", text.strip()):
        return date(int(text), 12, 31)
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def written(day: date, source: TableSource) -> str:
    """A day as the settings say that dates are written, so that one reading serves typed and written ones."""
    if source.date_format == EXCEL:
        return str((date(day.year, day.month, day.day) - _EXCEL_BEGINS) // timedelta(days=1))
    if not source.date_format:
        return day.isoformat()
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return moment.strftime(source.date_format)
