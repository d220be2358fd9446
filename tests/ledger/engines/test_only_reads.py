"""The user's database after hostile queries is what it was before, asked by a role that may write; the text alone decides nothing."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pytest
import sqlglot
from one_company import Engine, postgres, spark_views

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine import sources
from kam_analysis.ledger.engine.databases import refuse_commands, values, without_memory_tables
from kam_analysis.ledger.settings.settings_file import load_settings

# PySpark leaves sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket")
LINES = pa.table(
    {
        "account_id": ["007", "8"],
        "date": pa.array(pd.to_datetime(["2025-01-10", "2025-02-10"]).date),
        "revenue": [1234.56, 65.44],
    }
)
COLUMNS = "account_id, date, revenue"
POSTGRES = [
    "select * from T; delete from T",
    "select * from T; commit; delete from T",
    "select * from T; rollback; begin; delete from T; commit",
    "select * from T /* ; */; create table kept.other as select 1",
    "select $$;$$ as a, * from T; drop table T",
    "with gone as (delete from T returning *) select * from gone",
    "with more as (insert into T select * from T returning *) select * from more",
    "delete from T returning *",
    "truncate T",
    "create table kept.other as select * from T",
    "create temporary table other as select * from T",
    "select * into kept.other from T",
    "copy T to program 'cat > /dev/null'",
    "do $$ begin delete from kept.lines; end $$",
    "set transaction read write",
    "begin read write; delete from T; commit",
    "select * from T) as a; delete from T; select * from (select * from T",
    "select * from T) as a; commit; delete from T; select * from (select * from T",
    "select * from T for update",
    "select account_id, date, revenue + 0 * kept.emptied() as revenue from T",
    "select account_id, date, revenue + 0 * nextval('kept.numbers') as revenue from T",
    "select account_id, date, revenue + 0 * setval('kept.numbers', 99) as revenue from T",
    "select account_id, date, revenue + 0 * lo_create(0)::bigint as revenue from T",
    "select account_id, date, revenue + 0 * lo_from_bytea(0, 'x')::bigint as revenue from T",
    "select account_id, date, revenue + 0 * length(set_config('transaction_read_only', 'off', true)) + 0 * kept.emptied() as revenue from T",
    "select account_id, date, revenue + 0 * length(set_config('default_transaction_read_only', 'off', false)) as revenue from T",
    "select account_id, date, revenue + 0 * length(query_to_xml('delete from kept.lines', true, true, '')::text) as revenue from T",
]
STATE = """
select (select string_agg(l::text, ';' order by l::text) from kept.lines l),
       (select string_agg(schemaname || '.' || tablename, ' ' order by 1) from pg_tables where schemaname not like 'pg_temp%'),
       (select string_agg(schemaname || '.' || viewname, ' ' order by 1) from pg_views where schemaname not like 'pg_temp%'),
       (select count(*) from pg_largeobject_metadata), (select row(last_value, is_called)::text from kept.numbers)
"""


@pytest.fixture
def kept(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection that sees the tables of a role with every right, which is the role that the ledger has too."""
    import psycopg

    made = postgres(postgres_url, "kept")
    made.load("lines", LINES)
    monkeypatch.setenv("KAM_TEST_URL", postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as database:
        database.execute("create sequence kept.numbers")
        # Not inlined, and called by whoever asks: the table loses its rows behind a plain SELECT.
        database.execute(
            "create function kept.emptied() returns int language plpgsql volatile as "
            "$$ begin delete from kept.lines; return 1; end $$"
        )
        yield database
        database.execute("drop schema kept cascade")


def settings(folder: Path, query: str) -> Path:
    path = folder / "kam.toml"
    path.write_text(
        f"[connection]\nurl = \"env:KAM_TEST_URL\"\n[tables.transactions]\nquery = '''{query}'''\n", encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("parsed", [True, False], ids=["parsed", "unparsed"])
def test_postgres_is_what_it_was_whatever_the_text(
    parsed: bool, kept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each lock holds alone: without the parser's look at the text, the protocol and the transaction still refuse."""
    if not parsed:
        monkeypatch.setattr(sources, "one_select", lambda where, text, *_: text)
    before = kept.execute(STATE).fetchall()
    for text in POSTGRES:
        # Unparsed, what is undone may pass: nothing of it is left.
        with pytest.raises(DataError, match=r"transactions: ") if parsed else suppress(DataError):
            open_ledger(settings(tmp_path, text.replace("T", "kept.lines"))).by_account()
        assert kept.execute(STATE).fetchall() == before, text


# Each runs a text as SQL, in which a function hides from the look at the query; dblink acts beside our transaction.
HIDDEN = [
    "select account_id, date, revenue + 0 * length(query_to_xml($$TEXT$$, true, true, '')::text) as revenue from T",
    "select account_id, date, revenue + 0 * length(query_to_xmlschema($$TEXT$$, true, true, '')::text) as revenue from T",
    "select account_id, date, revenue + 0 * (select count(*) from ts_stat($$select to_tsvector(a) from (TEXT) as t(a)$$)) as revenue from T",
    "select account_id, date, revenue + 0 * length(ts_rewrite('a'::tsquery, $$select 'a'::tsquery, to_tsquery(left(a, 0)) from (TEXT) as t(a)$$)::text) as revenue from T",
    "select l.* from T as l left join crosstab($$select a, a, a from (TEXT) as t(a)$$) as c(a text, b text) on true",
]


def test_no_function_runs_a_text_that_acts(kept: Any, postgres_url: str, tmp_path: Path) -> None:
    with suppress(Exception):  # a server without its contributed modules: the texts are refused all the same
        kept.execute("create extension if not exists dblink")
        kept.execute("create extension if not exists tablefunc")
    before = kept.execute(STATE).fetchall()
    act = f"select dblink_exec('{postgres_url}', 'delete from kept.lines')"
    for text in HIDDEN:
        asked = text.replace("TEXT", act).replace("from T", "from kept.lines")
        with pytest.raises(DataError, match=r"expected one SELECT, got the function \w+, which does more than read"):
            open_ledger(settings(tmp_path, asked)).by_account()
        assert kept.execute(STATE).fetchall() == before, text


@pytest.mark.parametrize(
    "called",
    ["heap_force_kill('T'::regclass, array['(0,1)']::tid[])", "pg_truncate_visibility_map('T'::regclass)", "http_post('https://example.invalid', 'x', 'text/plain')"],
)  # fmt: skip
def test_no_function_acts_where_no_transaction_undoes_it(called: str, kept: Any, tmp_path: Path) -> None:
    """pg_surgery took a row out of a table, in a read-only transaction that was rolled back."""
    for extension in ("pg_surgery", "pg_visibility"):
        with suppress(Exception):  # as above
            kept.execute(f"create extension if not exists {extension}")
    before = kept.execute(STATE).fetchall()
    asked = f"select T.* from T, (select {called}) as acts".replace("T", "kept.lines")
    with pytest.raises(DataError, match=r"expected one SELECT, got the function \w+, which does more than read"):
        open_ledger(settings(tmp_path, asked)).by_account()
    assert kept.execute(STATE).fetchall() == before


def test_every_question_is_asked_in_a_read_only_transaction(
    kept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schema, fetch, counts and Ibis's own look-ups; a setting of the session does not outlive its question."""
    import psycopg

    asked = f"select {COLUMNS} from kept.lines where current_setting('transaction_read_only') = 'on'"
    ledger = open_ledger(settings(tmp_path, asked))
    assert ledger.by_account()["revenue"].tolist() == [1234.56, 65.44]
    database = ledger._inspection.connection.database
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), database._safe_raw_sql("delete from kept.lines"):
        pass
    with database.asking() as cursor:
        cursor.execute("select set_config('search_path', 'kept', false)")
    with database.asking() as cursor:
        assert cursor.execute("show search_path").fetchone() != ("kept",)
    # Whatever Ibis might compile, too.
    monkeypatch.setattr(database, "compile", lambda *_, **__: "select 1; commit; delete from kept.lines")
    with pytest.raises(psycopg.errors.SyntaxError, match="multiple commands"):
        database.execute(ibis.literal(1))
    assert kept.execute("select count(*) from kept.lines").fetchone() == (2,)


def test_the_types_of_a_query_are_those_of_a_table(kept: Any) -> None:
    """Asked for none of its rows; a view told the same before."""
    kept.execute("create type kept.size as enum ('S', 'L')")
    kept.execute(
        "create table kept.kinds (t text, v varchar(3), c char(2), n numeric, n2 numeric(18, 4), i int, b bigint, s smallint,"
        " f real, d double precision, o boolean, day date, ts timestamp, tz timestamptz, j jsonb, u uuid, a int[], e kept.size,"
        " by bytea, tm time, iv interval)"
    )
    from kam_analysis.ledger.engine.postgres import Postgres

    database = Postgres.from_connection(kept)
    try:
        asked = database.sql("select * from kept.kinds").schema()
        # Ibis finds a list of choices in a schema that is searched only.
        known = dict(database.table("kinds", database="kept").schema()) | {"e": ibis.dtype("string")}
        assert dict(asked) == known
        assert dict(database.sql("select 'x' as t, null as n, 1.5 as d, sum(i) as s from kept.kinds").schema()) == {
            "t": ibis.dtype("string"), "n": ibis.dtype("string"), "d": ibis.dtype("decimal"), "s": ibis.dtype("int64"),
        }  # fmt: skip
        with pytest.raises(Exception, match=r"[Dd]uplicate column name"):
            database.sql("select 1 as a, 2 as a")
    finally:
        kept.read_only = None


def test_small_frames_go_along_as_parameters(kept: Any) -> None:
    """Whatever their texts hold, beside a percent sign and another WITH in the statement."""
    from kam_analysis.ledger.engine.postgres import Postgres

    odd = ["it's", 'a"b', "back\\slash", "{1,2}", "%s", "NULL", "", "ü€", "new\nline", None]
    frame = pd.DataFrame({"id": pd.Series(odd, dtype="object"), "n": range(10), "f": [float("nan"), *[0.5] * 9]})
    sent = ibis.memtable(frame, schema={"id": "string", "n": "int32", "f": "float64"})
    before = kept.execute(STATE).fetchall()
    database = Postgres.from_connection(kept)
    try:
        found = database.execute(sent.order_by("n"))
        assert [None if pd.isna(each) else each for each in found["id"]] == odd
        assert (found["n"].tolist(), str(found["n"].dtype), pd.isna(found["f"][0])) == (list(range(10)), "int32", True)
        other = ibis.memtable(pd.DataFrame({"m": [3, 4]}), schema={"m": "int64"})
        both = sent.join(other, sent.n == other.m).filter(sent.id.like("%"))
        both = both.mutate(twice=both.n * 2).group_by("id").aggregate(twice=ibis._.twice.sum())
        assert sorted(database.execute(both.union(both))["twice"]) == [6, 6, 8, 8]
        assert database.execute(sent.count()) == 10
    finally:
        kept.read_only = None
    assert kept.execute(STATE).fetchall() == before
    assert kept.execute("select count(*) from pg_class where relnamespace = pg_my_temp_schema()").fetchone() == (0,)


@pytest.fixture
def lake(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Engine, str]:
    made = spark_views(spark, tmp_path, "only")
    monkeypatch.setenv("KAM_TEST_URL", made.url)
    return made, made.load("lines", LINES).removeprefix('table = "').removesuffix('"')


SPARK = [
    "insert into T select * from T",
    "insert overwrite directory 'FOLDER/o' using csv select * from T",
    "create table other as select * from T",
    "create table other using parquet location 'FOLDER/o' as select * from T",
    "create or replace temporary view T as select 1",
    "drop view T",
    "cache table T",
    "add file 'FOLDER/kam.toml'",
    "set spark.sql.ansi.enabled = true",
    "execute immediate 'drop view T'",
    "from T insert into T select * insert into T select *",
    "with a as (select * from T) insert into T select * from a",
    "select * from T; drop view T",
    "begin drop view T; end",
    "use elsewhere",
    "reset",
]
ALSO = [
    "select account_id, date, revenue from (select transform(account_id, date, revenue) using 'tee FOLDER/o' as account_id, date, revenue from T)",
    "select account_id, date, revenue, reflect('java.lang.System', 'setProperty', 'kam.test', 'touched') as r from T",
]


def test_spark_is_what_it_was_whatever_the_text(lake: tuple[Engine, str], spark: Any, tmp_path: Path) -> None:
    table = lake[1]

    def state() -> Any:
        tables = sorted((each.tableName, each.isTemporary) for each in spark.sql("show tables").collect())
        java = spark._jvm.java.lang.System.getProperty("kam.test")
        return tables, spark.conf.get("spark.sql.ansi.enabled"), java, sorted(each.name for each in tmp_path.iterdir())

    settings(tmp_path, "select 1")
    before = state()
    for text in (*SPARK, *ALSO):
        query = text.replace("T", table).replace("FOLDER", tmp_path.as_posix())
        with pytest.raises(DataError, match="query transactions: expected one SELECT, got "):
            open_ledger(settings(tmp_path, query))
        assert state() == before, text
    assert open_ledger(settings(tmp_path, f"from {table} select *;")).by_account()["revenue"].sum() == 1300.0


def test_sparks_own_parser_refuses_them_too(lake: tuple[Engine, str], spark: Any) -> None:
    for text in SPARK:
        with pytest.raises(DataError, match=r"query transactions: (expected one SELECT, got \w+|cannot be read)"):
            refuse_commands("query transactions", text.replace("T", lake[1]), spark)
    refuse_commands("query transactions", "with a as (select 1 as b) select * from a", spark)


def test_another_engine_gets_small_frames_as_values() -> None:
    """Ibis would write a table of each, Trino a lasting one."""
    frame = pd.DataFrame({"id": ["it's", 'a"b', "back\\slash", None], "n": [1, 2, 3, 4]})
    sent = ibis.memtable(frame, schema={"id": "string", "n": "int64"})
    assert duckdb.sql(values(sent.op(), "duckdb")).fetchall() == [
        ("it's", 1),
        ('a"b', 2),
        ("back\\slash", 3),
        (None, 4),
    ]
    for dialect in ("trino", "mysql", "tsql", "snowflake"):
        back = sqlglot.transpile(values(sent.op(), dialect), read=dialect, write="duckdb")[0]
        assert duckdb.sql(back).fetchall() == duckdb.sql(values(sent.op(), "duckdb")).fetchall()

    class Trino(type(ibis.duckdb.connect())):  # type: ignore[misc]
        name = "trino"

    engine = Trino()
    engine.do_connect()
    engine.raw_sql("create table lines as select 1 as n")
    joined = without_memory_tables(engine.table("lines").join(sent, "n"))
    assert not joined.op().find(ibis.expr.operations.InMemoryTable)
    assert engine.execute(joined)["id"].tolist() == ["it's"]


def test_a_query_of_another_engine_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = ibis.sqlite.connect(tmp_path / "sales.db")
    database.create_table("lines", LINES)
    database.disconnect()
    monkeypatch.setenv("KAM_TEST_URL", f"sqlite://{tmp_path / 'sales.db'}")
    before = (tmp_path / "sales.db").read_bytes()
    for text, found in (("select 1; delete from lines", "2 statements"), ("attach 'x' as y", "ATTACH")):
        with pytest.raises(DataError, match=f"query transactions: expected one SELECT, got {found}"):
            open_ledger(settings(tmp_path, text))
    assert (tmp_path / "sales.db").read_bytes() == before
    assert load_settings(settings(tmp_path, "select 1")).url.engine == "sqlite"
