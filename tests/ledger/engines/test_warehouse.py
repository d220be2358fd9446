"""A company's own database: what its settings may say, what a user without rights meets, and what nobody sees."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from one_company import Engine, accounts, postgres, spark_files, spark_views, transactions, write_settings

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.settings.ids import LIKE_NONE

# PySpark leaves sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket")
LINES = {"account_id": ["007", "8"], "date": ["2025-01-10", "2025-02-10"], "revenue": [1234.56, 65.44]}


def lines(**changed: list[Any]) -> pa.Table:
    return pa.table(LINES | {"date": pa.array(pd.to_datetime(LINES["date"]).date)} | changed)


def settings(folder: Path, text: str) -> Path:
    path = folder / "kam.toml"
    path.write_text('[connection]\nurl = "env:KAM_TEST_URL"\n' + text, encoding="utf-8")
    return path


@pytest.fixture(params=["postgres", "spark"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    if request.param == "postgres":
        made = postgres(request.getfixturevalue("postgres_url"), "sales")
    else:
        made = spark_views(request.getfixturevalue("spark"), tmp_path, "sales")
    monkeypatch.setenv("KAM_TEST_URL", made.url)
    return made


def named(line: str) -> str:
    """The table's name in the settings' line."""
    return line.removeprefix('table = "').removesuffix('"')


def test_a_query_there_meets_files_here(engine: Engine, tmp_path: Path) -> None:
    """Transactions from the warehouse, the customer master from a file beside the settings."""
    table = named(engine.load("lines", lines()))
    (tmp_path / "a.csv").write_text("account_id,account_name\n007,Bond\n8,Acht\n", encoding="utf-8")
    query = f"select account_id, date, 2 * revenue as revenue from {table};"
    path = settings(tmp_path, f'[tables.transactions]\nquery = "{query}"\n[tables.accounts]\nfile = "a.csv"\n')
    found = open_ledger(path).by_account()
    assert found["account_name"].tolist() == ["Bond", "Acht"]
    assert found["revenue"].tolist() == [2469.12, 130.88]


def test_text_where_numbers_and_dates_should_be_is_said_for_all_columns_at_once(engine: Engine, tmp_path: Path) -> None:
    text = lines(revenue=["1.234,56", "65"], date=["10.01.2025", "x"], cost=["1", "2"], quantity=[1, 2])
    ends = pa.table({"account_id": ["8"], "ends_on": [20250131], "annual_value": ["12"]})
    path = settings(
        tmp_path,
        f"[tables.transactions]\n{engine.load('lines', text)}\n[tables.contracts]\n{engine.load('ends', ends)}\n",
    )
    with pytest.raises(DataError) as caught:
        open_ledger(path)
    assert sorted((p.column, p.rule) for p in caught.value.problems) == [
        ("annual_value", "expected a number, got text"),
        ("cost", "expected a number, got text"),
        ("date", "expected a date, got text"),
        ("ends_on", "expected a date, got a number"),
        ("revenue", "expected a number, got text"),
    ]
    assert "cast(revenue as numeric) as revenue" in str(caught.value)


def test_a_table_that_is_not_there_or_not_readable(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'expected a table "nowhere.lines".*write its schema before it'):
        open_ledger(settings(tmp_path, '[tables.transactions]\ntable = "nowhere.lines"\n'))
    with pytest.raises(DataError, match=r"nowhere_at_all.*correct its table or query in the settings"):
        open_ledger(settings(tmp_path, '[tables.transactions]\nquery = "select * from nowhere_at_all"\n'))


def test_a_reader_without_temporary_tables(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SELECT on the tables is enough, for a query and for groups that the ledger sends to the engine too."""
    import psycopg

    made = postgres(postgres_url, "guarded")
    with psycopg.connect(postgres_url, autocommit=True) as database:
        [(base,)] = database.execute("select quote_ident(current_database())").fetchall()
        made.load("lines", transactions("decimal"))
        path = write_settings(tmp_path, made, {"accounts": accounts()})
        asked = '[tables.transactions]\nblank_ids = ["null"]\nquery = "select * from guarded.lines"\n'
        path.write_text(path.read_text(encoding="utf-8") + asked, encoding="utf-8")
        for grant in (
            "drop role if exists kam_reader",
            "create role kam_reader login",
            "revoke create on schema public from public",
            f"revoke temporary on database {base} from public",
            "grant usage on schema guarded to kam_reader",
            "grant select on all tables in schema guarded to kam_reader",
        ):
            database.execute(grant)
        before = existing(database)
        try:
            monkeypatch.setenv("KAM_TEST_URL", postgres_url.replace("kam@", "kam_reader@"))
            ledger = open_ledger(path)
            assert not ledger.by_account().empty
            assert not ledger.month_statistics().empty
            assert not ledger.rolling().empty
            assert existing(database) == before
            del ledger
        finally:
            database.execute(f"grant temporary on database {base} to public")
            database.execute("drop schema guarded cascade")
            database.execute("drop role kam_reader")


def existing(database: Any) -> list[Any]:
    """Every table, view and sequence, of a session too."""
    names = "select relnamespace::regnamespace::text, relname from pg_class order by 1, 2"
    return database.execute(names).fetchall()


def test_the_day_of_a_time_with_a_zone_is_the_day_in_utc(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    query = "select 'A' as account_id, timestamptz '2025-01-01 00:30+02' as date, 5.005 as revenue"
    ledger = open_ledger(settings(tmp_path, f'[tables.transactions]\nquery = "{query}"\n'))
    assert str(ledger.overview.first) == "2024-12-31"
    assert ledger.by_account()["revenue"].tolist() == [5.01]


def test_a_numeric_that_is_not_a_number_is_nothing(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's numeric knows NaN; a sum over it would be none."""
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    rows = "(values ('A', date '2025-01-01', 5::numeric), ('A', date '2025-01-02', 'NaN'::numeric)) as v(a, d, r)"
    query = f"select a as account_id, d as date, r as revenue from {rows}"
    ledger = open_ledger(settings(tmp_path, f'[tables.transactions]\nquery = "{query}"\n'))
    assert ledger.by_account()["revenue"].tolist() == [5.0]
    assert any(warning.rule == "empty" for warning in ledger.warnings)


def test_no_password_in_what_a_database_says(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where the connection fails nor where a query does."""
    here = urlsplit(postgres_url)
    secret = f"postgres://kam:s3cret-word@{here.hostname}:{here.port}"
    for url, text in ((f"{secret}/no_such_base", 'table = "lines"'), (f"{secret}/postgres", 'query = "selct 1"')):
        monkeypatch.setenv("KAM_TEST_URL", url)
        path = settings(tmp_path, f"[tables.transactions]\n{text}\n")
        with pytest.raises(DataError) as caught:
            open_ledger(path)
        done = kam_check(path)
        assert done.returncode == 1
        for said in (str(caught.value), repr(caught.value), done.stdout, done.stderr):
            assert "s3cret-word" not in said
            assert "kam:" not in said


def kam_check(path: Path) -> subprocess.CompletedProcess[str]:
    code = "from kam_analysis.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, "check", str(path)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("url", "driver", "said"),
    [
        ("postgres://me@host/sales", "psycopg", 'pip install -e ".[postgres]"'),
        ("pyspark://local", "pyspark", 'pip install -e ".[spark]"'),
        ("mssql://me@host/sales", "pyodbc", 'pip install "ibis-framework[mssql]"'),
        ("oracel://me@host/sales", "oracledb", 'such as postgres://, got one of an engine that nobody knows here; did you mean "oracle"? README'),
        ("wkk9bjzqz://me@host/sales", "oracledb", "of an engine that nobody knows here; README lists the engines"),
    ],
)  # fmt: skip
def test_a_driver_that_is_not_installed_is_named_with_its_remedy(
    url: str, driver: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.startswith(f"ibis.backends.{url.split(':')[0]}")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [each for each in sys.modules if each.split(".")[0] == driver]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, driver, None)
    monkeypatch.setenv("KAM_TEST_URL", url)
    with pytest.raises(DataError) as caught:
        open_ledger(settings(tmp_path, '[tables.transactions]\ntable = "lines"\n'))
    assert said in str(caught.value)
    # It may be a password that somebody has put there.
    assert not re.search("oracel|wkk9", str(caught.value))


def test_spark_starts_without_a_word_on_the_terminal(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, as a user starts it; nothing is left beside the user's files."""
    made = spark_files(tmp_path)
    chosen = "spark.master=local[1]&spark.sql.shuffle.partitions=1&spark.driver.memory=1g"
    monkeypatch.setenv("KAM_TEST_URL", f"pyspark://local?{chosen}")
    monkeypatch.chdir(tmp_path)
    path = write_settings(tmp_path, made, {"transactions": lines()}, settings="")
    before = sorted(tmp_path.iterdir())
    done = kam_check(path)
    assert (done.stdout, done.stderr) == ("0 error(s), 0 warning(s)\n", "")
    assert sorted(tmp_path.iterdir()) == before


def test_a_memory_table_meets_spark(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAM_TEST_URL", "pyspark://local")
    table = named(spark_views(spark, tmp_path, "memory").load("lines", lines()))
    sent = ibis.memtable(pd.DataFrame({"account_id": ["8"], "parent_id": ["A"]}))
    database = ibis.pyspark.connect(spark)
    joined = database.table(table).join(sent, "account_id")
    assert database.to_pandas(joined)["parent_id"].tolist() == ["A"]


@pytest.mark.parametrize("odd", ["infinity", "-infinity", "0044-03-15 BC", "0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz"])
def test_dates_that_cannot_be_meant_are_named_with_their_rows(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str, kind: str
) -> None:
    """PostgreSQL knows days that Python does not: they must reach no frame."""
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    lines = f"select * from (values ('1', {kind} '2025-01-10', 10.0), ('2', {kind} '{odd}', 20.0)) as v(account_id, date, revenue)"
    with pytest.raises(DataError) as caught:
        open_ledger(settings(tmp_path, f'[tables.transactions]\nquery = "{lines}"\n'))
    [found] = [each for each in caught.value.problems if each.severity == "error"]
    assert (found.column, found.rows) == ("date", 1)
    assert "expected a date from 1900-01-01 to 2200-12-31" in found.rule
    assert found.examples[0].startswith(odd.removesuffix(" BC"))


def test_a_contract_without_end_and_a_customer_since_ever(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    text = """
[tables.transactions]
query = "select '1' as account_id, date '2025-01-10' as date, 10.0 as revenue"
[tables.accounts]
query = "select '1' as account_id, date '-infinity' as customer_since, timestamp 'infinity' as left_on"
[tables.contracts]
query = "select '1' as account_id, date 'infinity' as ends_on, date '0044-03-15 BC' as starts_on"
"""
    ledger = open_ledger(settings(tmp_path, text))
    [account], [contract] = ledger.table("accounts").to_dict("records"), ledger.table("contracts").to_dict("records")
    assert pd.isna(account["customer_since"])
    assert pd.isna(account["left_on"])
    assert pd.isna(contract["starts_on"])
    assert str(contract["ends_on"])[:10] == "9999-12-31"
    assert sorted(each.column for each in ledger.warnings if "read as none" in each.rule) == [
        "customer_since",
        "starts_on",
    ]


@pytest.mark.parametrize("collation", ["C", "en-x-icu"])
def test_words_for_none_are_found_however_a_database_sorts(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collation: str
) -> None:
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    words = [each for word in LIKE_NONE for each in (word, word.upper(), f" {word.title()}\t")]
    codes = ["007", "C1", "zebra", "O", "u", "n", "_x", "Nancy", "9zzzz"]
    values = ", ".join(f"('{each}')" for each in words + codes)
    query = f"""select account_id collate "{collation}" as account_id, date '2025-01-10' as date, 1.5 as revenue
    from (values {values}) as v(account_id)"""
    with pytest.raises(DataError) as caught:
        open_ledger(settings(tmp_path, f"[tables.transactions]\nquery = '''{query}'''\n"))
    [found] = [each for each in caught.value.problems if each.severity == "error"]
    assert (found.column, found.rows) == ("account_id", len(words))
