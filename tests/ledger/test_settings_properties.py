"""Whatever a settings file says: it is read, or refused in sentences; nothing else ever leaves `load_settings`."""

import math
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.period import FIRST_DAY, LAST_DAY
from kam_analysis.ledger.settings.settings import ASSUMPTIONS, CRITERIA, TABLES
from kam_analysis.ledger.settings.settings_file import load_settings

MINIMAL = '[tables.transactions]\nfile = "t.csv"\n'


def toml(value):
    """A value as TOML; documents are written flat, with inline tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return (
            '"' + "".join(sign if sign.isalnum() and sign.isascii() else f"\\U{ord(sign):08X}" for sign in value) + '"'
        )
    return str(value).lower() if isinstance(value, bool | float) else str(value)


def document(top):
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in top.items())


def refused(company, text):
    with pytest.raises(SettingsError) as caught:
        load_settings(company(text))
    assert caught.value.exit_code == 2
    assert max(map(len, str(caught.value).split("\n"))) < 500
    return str(caught.value)


NOT_FINITE = ["inf", "-inf", "nan", "1e300", "-1e300", "9" * 400]
PLACES = [
    ("[rates]\nPLN = {}\n", "rates.PLN: expected a positive number from 0.000001 to 1,000,000"),
    ("[control.revenue]\n2025 = {}\n", "control.revenue.2025: expected a total"),
    ("[criteria]\ngrowth = {}\n", "criteria.growth: expected a weight at or above 0"),
    ("[significance]\nshare = {}\n", "significance.share: expected a number"),
    ("[significance]\nfrom = {}\n", "significance.from: expected a number"),
    ("[causes.flood]\nwhere = {{ region = 'x' }}\nprobability = {}\nloss_probability = 0.3\nsource = 'y'\n", "causes.flood.probability: expected a number"),
    ("[assumptions.keeping_cost]\nvalue = 1\nlow = 0\nhigh = {}\nsource = 'y'\n", "assumptions.keeping_cost.high: expected a number"),
]  # fmt: skip


@pytest.mark.parametrize("number", NOT_FINITE)
@pytest.mark.parametrize(("text", "said"), PLACES)
def test_a_number_beyond_any_company_is_refused_where_it_stands(company, number, text, said):
    assert said in refused(company, MINIMAL + text.format(number))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rates]\nPLN = 1e-300\n", "from 0.000001 to 1,000,000, got the number 1e-300"),
        ("[rates]\nPLN = 0.0000009\n", "from 0.000001"),
        ("[rates]\nPLN = 1000001\n", "from 0.000001"),
        ("[rates]\nIRR = 0.0000012345\n", "at most 9 places"),
        ("[rates]\nPLN = true\n", "got true"),
        ("[control.revenue]\n9999 = 1\n", "expected a fiscal year from 1901 to 2200"),
        ("[control.revenue]\n0000 = 1\n", "expected a fiscal year"),
        ("[control.revenue]\n\"２０２５\" = 1\n", "expected a fiscal year"),
        ("[control.revenue]\n2025-13 = 1\n", "or a month such as 2025-01"),
        ("[control.revenue]\n2025-1 = 1\n", "or a month such as 2025-01"),
        ("[control]\nrevenue = 5\n", "control.revenue: expected a table"),
        ("[fiscal]\nyear_starts = true\n", "expected a whole number, got true"),
        ("[fiscal]\nyear_starts = 0\n", "expected a month 1-12"),
        ("[exclude]\naccounts = [{ a = 1 }]\n", "put every id in quotes"),
        ("[significance]\nalways = [1]\n", "expected texts"),
        ("[causes.flood]\nwhere = { region = [1] }\nprobability = 0.1\nloss_probability = 0.3\nsource = 'y'\n", "expected a value, got a list"),
        ("skip_rows = 1e3\n", "expected a whole number"),
        ("skip_rows = 99999999999\n", "from 0 to 1,048,576"),
        ("header_row = 0\n", "from 1 to 1,048,576"),
        ('delimiter = "ab"\n', "expected one sign"),
        ('thousands = ".."\n', "expected one sign"),
        ("total_rows = [1]\n", "put each word in quotes"),
        ('name = "a\\u0007b"\n', "name: expected plain text, got a control character"),
        ('file2 = "a\\u0000b.csv"\n', "control character"),
        ('"a\\u0000b" = 1\n', "a key in tables.transactions: expected plain text"),
        ('[measures."a\\u202eb"]\ncolumn = "x"\n', "a key in measures: expected plain text, got a sign that turns"),
        ('[measures.a]\ncolumn = "x"\nunit = "k\\u2066g"\n', "measures.a.unit: expected plain text, got a sign that turns"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_when_loaded(company, text, said):
    place = "" if text.startswith("name") else MINIMAL
    assert said in refused(company, f"{place}{text}" if place else f"{text}{MINIMAL}")


def test_a_name_that_turns_its_direction_is_refused(company):
    assert "name: expected plain text, got a sign that turns" in refused(company, f'name = "Acme\\u202etxt"\n{MINIMAL}')


def test_all_such_numbers_are_told_at_once(company):
    text = MINIMAL + "[rates]\nPLN = inf\nUSD = nan\n[control.revenue]\n2025 = inf\n[criteria]\ngrowth = nan\n"
    said = refused(company, text)
    assert all(each in said for each in ("rates.PLN", "rates.USD", "control.revenue.2025", "criteria.growth"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31", "2201-01-01"])
def test_an_as_of_date_at_the_ends_of_the_calendar_is_refused(company, day):
    said = refused(company, f"as_of = {day}\n{MINIMAL}")
    assert f"as_of: expected a day from 1900-01-01 to 2200-12-31, got {day}" in said


HUGE = [
    ("x = " + "[" * 3000 + "]" * 3000, "nested too deeply"),
    ("x = " + "{a=" * 3000 + "1" + "}" * 3000, "nested too deeply"),
    ("." .join(["a"] * 3000) + " = 1", "is not a setting"),
    ("[" + ".".join(["a"] * 3000) + "]", "is not a setting"),
    ("[tables.transactions.columns]\n" + ".".join(["a"] * 3000) + " = 1", "is not a column"),
    ("x = " + "9" * 5000, "a number has too many digits"),
    ("as_of = " + "9" * 5000, "a number has too many digits"),
    ("k" * 100_000 + " = 1", "is not a setting"),
    (f'"{"k" * 100_000}" = 1\n"{"k" * 100_000}" = 2', "not valid TOML"),
    ("[" + "k" * 100_000 + "]\n[" + "k" * 100_000 + "]", "not valid TOML"),
    (f'measure = "{"k" * 100_000}"', "is not a measure"),
    (f'currency = "{"k" * 100_000}"', "ISO 4217"),
    ("#" * 2_000_000, "at most 1 MB"),
    ("a = 1\na = 2", "not valid TOML"),
    ("a\0 = 1", "not valid TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), HUGE, ids=range(len(HUGE)))
def test_a_document_without_measure_ends_in_a_short_sentence(company, text, said):
    before = "" if text.startswith("[") else f"{text}\n"
    after = f"\n{text}\n" if text.startswith("[") else ""
    assert said in refused(company, before + MINIMAL + after)


def test_a_byte_order_mark_is_none_of_the_text(company):
    path = company("")
    path.write_bytes(b"\xef\xbb\xbf" + f'name = "Müller"\r\n{MINIMAL}'.encode())
    assert load_settings(path).name == "Müller"
    path.write_bytes(MINIMAL.encode("utf-16"))
    with pytest.raises(SettingsError, match="save the file as UTF-8"):
        load_settings(path)


def test_what_is_no_file_is_not_read(tmp_path):
    for path, said in (
        (tmp_path, "is a folder"),
        (Path("/dev/zero"), "is a device or a pipe|no such file"),
        (Path("a\0b"), "give the path"),
    ):
        with pytest.raises(SettingsError, match=said):
            load_settings(path)


# Texts that a setting may hold: no control characters, none that turn the direction.
_TEXT = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters='":@/'), min_size=1, max_size=12)
_SHARE = st.floats(0.001, 1)
_AMOUNT = st.floats(-1e12, 1e12).map(lambda x: round(x, 2)) | st.integers(-(10**12), 10**12)


@st.composite
def valid(draw):
    """A document in which every section may be there."""
    measures = draw(
        st.dictionaries(
            st.sampled_from(["visits", "Fläche", "m 3"]),
            st.fixed_dictionaries({"column": _TEXT}, optional={"unit": _TEXT}),
            max_size=2,
        )
    )
    tables = {
        "transactions": draw(
            st.fixed_dictionaries(
                {"file": _TEXT},
                optional={
                    "columns": st.dictionaries(st.sampled_from(TABLES["transactions"].names), _TEXT, max_size=3),
                    "skip_rows": st.integers(0, 9),
                    "total_rows": st.lists(_TEXT, max_size=2),
                },
            )
        )
    }
    for name in draw(st.lists(st.sampled_from(sorted(set(TABLES) - {"transactions"})), max_size=2, unique=True)):
        tables[name] = draw(st.fixed_dictionaries({draw(st.sampled_from(["file", "table", "query"])): _TEXT}))
    assumed = draw(st.sampled_from(ASSUMPTIONS))
    # Odds are multiplied by it, so it is above 0.
    low = draw(st.floats(0.01 if assumed == "own_estimate_odds" else 0, 0.4))
    assumption = {"value": low + 0.1, "low": low, "high": low + 0.5, "source": draw(_TEXT)}
    cause = {
        "where": {"region": draw(_TEXT)},
        "probability": draw(_SHARE),
        "loss_probability": draw(_SHARE),
        "source": draw(_TEXT),
    }
    optional = {
        "name": _TEXT, "currency": st.sampled_from(["EUR", "JPY"]), "as_of": st.dates(FIRST_DAY, LAST_DAY), "period": _TEXT,
        "measure": st.sampled_from(["revenue", *measures]), "parents": st.booleans(), "fiscal": st.fixed_dictionaries({"year_starts": st.integers(1, 12)}),
        "control": st.dictionaries(st.sampled_from(["revenue", "margin"]), st.dictionaries(st.one_of(st.integers(1901, 2200).map(str), st.dates(date(1901, 1, 1), date(2200, 12, 31)).map("{:%Y-%m}".format)), _AMOUNT, max_size=2)),
        "exclude": st.fixed_dictionaries({}, optional={"accounts": st.lists(_TEXT, max_size=3), "products": st.lists(_TEXT, max_size=3)}),
        "rates": st.dictionaries(st.sampled_from(["PLN", "USD"]), st.floats(0.001, 1e6).map(lambda x: round(x, 6))),
        "significance": st.fixed_dictionaries({}, optional={"share": _SHARE, "from": _SHARE, "presence": _SHARE, "always": st.lists(_TEXT, max_size=2)}),
        "criteria": st.dictionaries(st.sampled_from(CRITERIA), st.floats(0.1, 10)),
        "causes": st.just({"flood": cause}), "assumptions": st.just({assumed: assumption}),
        "people": st.fixed_dictionaries({"names": st.sampled_from(["full", "initials", "none"])}),
    }  # fmt: skip
    return draw(st.fixed_dictionaries({}, optional=optional)) | {"measures": measures, "tables": tables}


once = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=50
)


@once
@given(top=valid())
def test_what_is_valid_is_read_as_it_was_written(company, top):
    found = load_settings(company(document(top)))
    plain = ("name", "currency", "as_of", "period", "measure", "parents")
    assert {key: getattr(found, key) for key in plain if key in top} == {key: top[key] for key in plain if key in top}
    assert found.year_starts == top.get("fiscal", {}).get("year_starts", 1)
    assert {k: {y: float(t) for y, t in years.items()} for k, years in found.control.items()} == {
        k: {y: float(t) for y, t in years.items()} for k, years in top.get("control", {}).items() if years
    }
    # Letters and their accents are composed in ids.
    excluded = [unicodedata.normalize("NFC", each) for each in top.get("exclude", {}).get("accounts", [])]
    assert list(found.excluded_accounts) == excluded
    assert {code: float(rate) for code, rate in found.rates.items()} == top.get("rates", {})
    assert found.criteria == top.get("criteria", {})
    assert found.significance.share == top.get("significance", {}).get("share", 0.1)
    assert {name: {"column": m.column, "unit": m.unit} for name, m in found.measures.items()} == {
        name: {"unit": name} | body for name, body in top["measures"].items()
    }
    for name, body in top["tables"].items():
        source = found.tables[name]
        assert {key: getattr(source, key) for key in body if key != "total_rows"} == {
            key: body[key] for key in body if key != "total_rows"
        }
    for name, body in top.get("assumptions", {}).items():
        kept = found.assumptions[name]
        assert {"value": kept.value, "low": kept.low, "high": kept.high, "source": kept.source} == body


_ANYTHING = st.recursive(
    st.text(max_size=6) | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes()
    | st.sampled_from([math.inf, math.nan, 1e300, 10**400, -1, 0, "env:", "env:X", "env:a b", "postgres://me:pw@h/db", "~x/y", "\0", date.max, date.min]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


def places(value, path=()):
    """Every place in a document at which something else could stand."""
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*path, key))


@once
@given(top=valid(), data=st.data())
def test_a_document_changed_anywhere_is_read_or_refused(company, top, data):
    path = data.draw(st.sampled_from([each for each in places(top) if each]))
    inside = top
    for key in path[:-1]:
        inside = inside[key]
    if data.draw(st.booleans()):
        inside[path[-1]] = data.draw(_ANYTHING)
    else:
        inside[data.draw(st.text(max_size=8))] = inside.pop(path[-1])
    check_loads(company(document(top)))


@once
@given(
    text=st.text(max_size=60)
    | st.lists(
        st.sampled_from(['"', "'''", "[", "]", "{", "=", "\n", "a", ".", "1e5", "tables.transactions", "\\u0000", "#"]),
        max_size=20,
    ).map("".join),
    before=st.booleans(),
)
def test_any_text_is_read_or_refused(company, text, before):
    check_loads(company(f"{text}\n{MINIMAL}" if before else MINIMAL + text, encoding="utf-8"))


@once
@given(garbage=st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(company, garbage):
    path = company("")
    path.write_bytes(MINIMAL.encode() + garbage)
    check_loads(path)


def check_loads(path):
    try:
        found = load_settings(path, {"X": "postgres://h/db"})
    except SettingsError as error:
        told = str(error)
    else:
        told = repr(found)
        assert found.as_of is None or FIRST_DAY <= found.as_of <= LAST_DAY
    assert told
    assert "pw@" not in told
