"""No part of a password shows, wherever it stands in what an environment variable holds and whoever repeats it."""

import logging
import pickle
import traceback
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.errors import DataError, KamError, SettingsError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.settings.secrets import Secret, resolve
from kam_analysis.ledger.settings.settings_file import load_settings

TABLES = '[tables.transactions]\ntable = "lines"\n'
SETTINGS = '[connection]\nurl = "env:KAM_URL"\n' + TABLES
# Signs that end a password early for urllib, psycopg or libpq, that change under decoding, or that no message has.
NASTY = [
    "s3cr3t#W0rd9", "s3cr3t/W0rd9", "s3cr3t?W0rd9", "s3cr3t@W0rd9", "s3cr3t:W0rd9", "s3cr3t[W0rd9", "s3cr3t]W0rd9",
    "s3cr3t%W0rd9", "s3cr3t%4WW0rd9", "s3cr3t+W0rd9", "s3cr3t W0rd9", "s3cr3t  W0rd9", "s3cr3t\tW0rd9", "s3cr3t\nW0rd9",
    "s3cr3t'W0rd9", 's3cr3t"W0rd9', "s3cr3t\\W0rd9", "s3cr3t;W0rd9", "s3cr3t=W0rd9", "s3cr3t&W0rd9", "пароль-W0rd9",
    "s3cr3t\u2100W0rd9", "12345#W0rd9", "12345/W0rd9", "12345?W0rd9", "12345?k=v@W0rd9", "#W0rd9X", "@@W0rd9", "S3CR3T0",
]  # fmt: skip


def pieces(secret):
    return {secret[at : at + 4] for at in range(len(secret) - 3)}


def shows(secret, *said):
    """The pieces of a secret that were said, in any way of writing it."""
    written = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), secret.lower()}
    told = "\n".join(said)
    return sorted(piece for each in written for piece in pieces(each) if piece in told)


def said_by(error):
    """Everything that a log, a traceback or a page could take from an exception."""
    chain = [error]
    while (last := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(last)
    told = [each for one in chain for each in (str(one), repr(one), repr(one.args))]
    return [*told, "".join(traceback.format_exception(error))]


def urls(secret):
    return [
        f"postgres://me_user:{secret}@127.0.0.1:9/sales",
        f"postgres://me_user:{quote(secret, safe='')}@127.0.0.1:9/sales",
        f"postgres://127.0.0.1:9/sales?user=me_user&password={secret}",
        f"postgres://127.0.0.1:9/sales?password={quote_plus(secret)}",
        f"host=127.0.0.1 port=9 password={secret} user=me_user",
        f"Server=127.0.0.1;Pwd={secret};",
        f"jdbc:postgresql://127.0.0.1:9/sales?password={secret}",
        f"nosuch://me_user:{secret}@127.0.0.1/sales",
        f"no such://me_user:{secret}@127.0.0.1/sales",
        secret,
        f"duckdb://no_such_folder/{quote(secret)}.duckdb?motherduck_token={secret}",
    ]


@pytest.mark.parametrize("secret", NASTY)
def test_no_piece_of_a_password_in_any_message(secret, company, monkeypatch, caplog, recwarn, capfd):
    path = company(SETTINGS)
    caplog.set_level(logging.DEBUG)
    for url in urls(secret):
        monkeypatch.setenv("KAM_URL", url)
        with pytest.raises(KamError) as caught:
            open_ledger(path)
        out, err = capfd.readouterr()
        told = [*said_by(caught.value), out, err, caplog.text, *(str(each.message) for each in recwarn)]
        assert not shows(secret, *told), url
        assert "me_user" not in "".join(told)


@pytest.mark.parametrize("secret", NASTY)
def test_no_piece_of_a_password_that_stands_in_the_settings_file(secret, company):
    if not secret.isprintable():
        return
    for url in urls(secret)[:7]:
        for line in (
            f"[connection]\nurl = {url!r}\n",
            f"[connection]\nurl = {'env:' + url!r}\n",
            f"data_dir = {url!r}\n",
        ):
            if line.startswith("data_dir") and "://me_user:" not in url:
                continue
            with pytest.raises(SettingsError) as caught:
                load_settings(company(line + TABLES))
            assert not shows(secret, *said_by(caught.value)), line


@pytest.mark.parametrize(
    ("held", "rule", "remedy"),
    [
        ("postgres://me:pa#ss@host/db", "divides into user, password, host and database", "# as %23, / as %2F, ? as %3F, @ as %40"),
        ("postgres://me:1234/56@host/db", "got one with a doubtful sign", "%2F"),
        ("postgres://me:pass@host:54x32/db", "doubtful sign", "KAM_URL"),
        ("host=localhost password=word", "expected a URL such as postgres://user:password@host/db, got something else", "KAM_URL"),
        ("sales", "expected a URL such as postgres://user:password@host/db", "KAM_URL"),
        ("jdbc:postgresql://host/db", "expected a URL such as", "KAM_URL"),
    ],
)  # fmt: skip
def test_what_is_no_url_is_told_with_its_variable_and_remedy(held, rule, remedy, company):
    with pytest.raises(SettingsError) as caught:
        load_settings(company(SETTINGS), {"KAM_URL": held})
    assert rule in str(caught.value)
    assert remedy in str(caught.value)
    assert held not in str(caught.value)


@pytest.mark.parametrize(
    "held",
    ["postgres://me:p%23ss@host:5432/db", "postgres://me:p@ss@host/db", "duckdb://a#b@c.duckdb", "duckdb://", "pyspark://local?a=b@c",
     "postgres://me@[::1]:5432/db", "postgres+x2://host", " postgres://host/db\n", "bigquery://project/set", "postgres://host/db?sslmode=require"],
)  # fmt: skip
def test_a_url_that_divides_is_taken(held):
    assert resolve("env:U", {"U": held}).reveal() == held.strip()


@pytest.mark.parametrize(
    "text", ["host=db password=word1", "Server=x;PWD=word1", "postgres://me:wo/rd1@host/db", "postgres://host/db?sslpassword=word1", "env:postgres://me:word1@host/db"],
)  # fmt: skip
def test_a_password_in_the_settings_file_is_refused(text, company):
    with pytest.raises(SettingsError) as caught:
        load_settings(company(f'[connection]\nurl = "{text}"\n' + TABLES))
    assert "a password stands in the settings file" in str(caught.value)
    assert "word1" not in str(caught.value)


def test_a_password_anywhere_else_in_the_settings_is_refused_without_its_key_or_value(company):
    text = '"postgres://me:word1@h/db" = 1\n[measures."postgres://me:word1@h/db".x]\ny = ["https://me:word1@h/x.csv"]\n'
    with pytest.raises(SettingsError, match="a password stands in the settings file") as caught:
        load_settings(company(text + TABLES))
    assert "word1" not in str(caught.value)
    query = "select * from read_csv('https://me:word1@host/x.csv')"
    with pytest.raises(SettingsError, match=r"tables\.transactions\.query: a password stands"):
        load_settings(company(f'[tables.transactions]\nquery = "{query}"\n'))


@pytest.mark.parametrize("held", ["postgres://me:word1@h/db", "~no_such_user_word1/x", "s3://word1:word1@b/x"])
def test_a_data_dir_that_is_no_folder_names_the_variable_only(held, company):
    with pytest.raises(SettingsError) as caught:
        load_settings(company('data_dir = "env:KAM_DIR"\n' + TABLES), {"KAM_DIR": held})
    assert "data_dir: expected a folder, got something else; set KAM_DIR to the folder of the data" in str(caught.value)
    assert not shows("word1", *said_by(caught.value))


def test_the_engine_is_a_plain_word_or_unknown():
    found = {
        text: Secret(text).engine
        for text in ("duckdb://", "postgres+x2://h", "host=x password=y", "a b://x", "pä://x", "")
    }
    assert list(found.values()) == ["duckdb", "postgres+x2", "unknown", "unknown", "unknown", "unknown"]


def test_a_secret_does_not_show():
    secret = Secret("postgres://me:s3cr3t@host/db")
    assert "s3cr3t" not in f"{secret}{secret!r}{[secret]}{secret!s:>40}"
    assert pickle.loads(pickle.dumps(secret)) == secret


def test_what_a_driver_repeats_is_cleaned_however_it_writes_it():
    url = Secret("postgres://me_user:Ab%23cd%2Fef@db.host:5432/sales?sslpassword=x%26y%26z%26")
    for said in ("Ab#cd/ef", "Ab%23cd%2Fef", "AB#CD/EF", "x Ab#c y", "(x&y&z&)", "x%26y%26z%26", r"'Ab#cd/ef\n'"):
        assert not shows("Ab#cd/ef", url.cleaned(said)), said
        assert not shows("x&y&z&", url.cleaned(said)), said
    told = url.cleaned('connection to server at "db.host" failed: no role me_user')
    assert told == 'connection to server at "..." failed: no role ...'


# No word of our sentences, and no date in them, has four of these signs in a row.
_SIGNS = st.text("QXZ79#/?@:%[]\\+&=;'\" \té€ž", min_size=4, max_size=20)


def refused(url):
    try:
        resolve("env:U", {"U": url})
    except SettingsError as error:
        return said_by(error)
    return []


@given(secret=_SIGNS)
def test_no_four_signs_of_any_password_are_left_in_any_sentence(secret):
    for url in urls(secret)[:7]:
        for written in (secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1], secret[1:], url):
            cleaned = Secret(url).cleaned(f"no answer: {written} was refused")
            assert not pieces(secret) & pieces(cleaned), (url, cleaned)
        told = refused(url)
        assert not pieces(secret) & set().union(*map(pieces, told)), url


def test_the_drivers_exception_is_not_chained(company, monkeypatch):
    monkeypatch.setenv("KAM_URL", "postgres://me_user:s3cr3tW0rd@127.0.0.1:9/sales")
    with pytest.raises(DataError) as caught:
        open_ledger(company(SETTINGS))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
