"""What may stand in a query: one statement, and it reads. Whatever else is refused before it runs, in a sentence."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine.statements import one_duckdb_select, one_select

PLAIN = "account_id,date,revenue\n007,2025-01-10,1234.56\n8,2025-02-10,65.44\n"
DUCKDB_REFUSED = {
    "select 1; delete from t": "2 statements: SELECT, DELETE",
    "select 1; select 2": "2 statements: SELECT, SELECT",
    "copy (select 1) to 'o.csv'": "COPY",
    "copy from database a to b": "statements: TRANSACTION, COPY_DATABASE",
    "attach 'o.db'": "ATTACH",
    "detach o": "DETACH",
    "install httpfs": "LOAD",
    "load httpfs": "LOAD",
    "pragma version": "PRAGMA",
    "set memory_limit = '1GB'": "SET",
    "reset memory_limit": "SET",
    "use memory": "SET",
    "export database 'o'": "EXPORT",
    "import database 'o'": "IMPORT",
    "update extensions": "UPDATE",
    "call pragma_version()": "CALL",
    "checkpoint": "CALL",
    "vacuum": "VACUUM",
    "begin": "TRANSACTION",
    "prepare x as select 1": "PREPARE",
    "execute x": "EXECUTE",
    "explain analyze select 1": "EXPLAIN",
    "insert into t values (1)": "INSERT",
    "update t set a = 1": "UPDATE",
    "delete from t returning *": "DELETE",
    "merge into t using s on true when matched then delete": "MERGE_INTO",
    "create table x as select 1": "CREATE",
    "create or replace view x as select 1": "CREATE",
    "create table x as pivot t on a": "statements: TRANSACTION, CREATE",
    "create table x as select 1; pivot x on a": "3 statements: CREATE, CREATE, SELECT",
    "create type t as enum ('a'); select 1": "2 statements: CREATE, SELECT",
    "pivot t on a; delete from t": "3 statements: CREATE, SELECT, DELETE",
    "drop table t": "DROP",
    "alter table t add column x int": "ALTER",
    "comment on table t is 'x'": "ALTER",
    "": "nothing",
    " ;; -- nothing": "nothing",
    "from enable_logging(storage = 'file', storage_config = {'path': 'o'})": "the function enable_logging",
    'select * from /* a */ "enable_logging" -- b\n ()': "the function enable_logging",
    "from main.query('from enable_logging()')": "the function query",
    "from query('select 1')": "the function query",
    "select x.write_log() from t": "the function write_log",
    "from force_checkpoint('u')": "the function force_checkpoint",
    "pivot (from enable_logging()) on a": "the function enable_logging",
}
DUCKDB_TAKEN = {
    "select 1 as a": "select 1 as a",
    "select 1 as a;": "select 1 as a",
    ";select 1 as a ; ; -- done": "select 1 as a",
    "-- first\nselect 1 as a -- last": "-- first\nselect 1 as a -- last",
    "select 'Müller; drop table x' as ü;": "select 'Müller; drop table x' as ü",
    "select $$a; delete from t$$ as a": "select $$a; delete from t$$ as a",
    "from t": "from t",
    "table t": "table t",
    "values (1)": "values (1)",
    "(select 1)": "(select 1)",
    "with x as (select 1) from x": "with x as (select 1) from x",
    "select query, query_table from t": "select query, query_table from t",
    "pivot t on a": "pivot t on a",
    "from (pivot t on a) join (pivot t on b) using (c)": "from (pivot t on a) join (pivot t on b) using (c)",
    "pivot t on a in (1, 2)": "pivot t on a in (1, 2)",
    "unpivot t on a": "unpivot t on a",
    "summarize t": "summarize t",
}
SQL_REFUSED = {
    "select * from t; delete from t": "2 statements: SELECT, DELETE",
    "select 1; commit; delete from t": "3 statements: SELECT, COMMIT, DELETE",
    "begin; select 1": "2 statements: BEGIN, SELECT",
    "set transaction read write": "SET",
    "delete from t returning *": "DELETE",
    "with x as (delete from t returning *) select * from x": "DELETE inside it",
    "with x as (insert into t values (1) returning *) select * from x": "INSERT inside it",
    "with x as (update t set a = 1 returning *) select * from x": "UPDATE inside it",
    "select * into x from t": "INTO inside it",
    "create table x as select 1": "CREATE",
    "drop table t": "DROP",
    "truncate table t": "TRUNCATE",
    "merge into t using s on t.a = s.a when matched then delete": "MERGE",
    "vacuum": "VACUUM",
    "do $$ begin end $$": "DO",
    "call f()": "CALL",
    "explain analyze delete from t": "EXPLAIN",
    "": "nothing",
    "-- nothing": "nothing",
    "selct 1": "a text that cannot be read as SQL (line 1, column 7)",
    "select 1) ; delete from t; select (1": "a text that cannot be read as SQL",
    "select dblink_exec('x', 'delete from t')": "the function dblink_exec",
    "select pg_catalog.lo_export(1, '/tmp/x')": "the function lo_export",
    "select * from ts_stat('select 1')": "the function ts_stat",
    "select query_to_xml('select 1', true, true, '')": "the function query_to_xml",
    "select * from crosstab('select 1') as t(a text)": "the function crosstab",
    "select pg_backup_start('x')": "the function pg_backup_start",
    "select * from pg_logical_slot_get_changes('s', null, null)": "the function pg_logical_slot_get_changes",
    "select pg_catalog . brin_summarize_new_values('i')": "the function brin_summarize_new_values",
    'select "set_config"(\'x\', \'y\', false)': "the function set_config",
}  # fmt: skip
SPARK_REFUSED = {
    "insert overwrite directory '/tmp/x' using csv select 1": "a text that cannot be read as SQL (line 1, column 41)",
    "from t insert into a select id": "a text that cannot be read as SQL",
    "select * from (select transform(id) using 'touch /tmp/x' as x from t)": "TRANSFORM, which runs a program",
    "select reflect('java.lang.System', 'exit')": "the function reflect",
    "select try_reflect('java.lang.System', 'exit')": "the function try_reflect",
    "cache table t": "CACHE",
    "add jar x": "ADD",
    "execute immediate 'drop table t'": "EXECUTE",
}


def said(check: Any, *arguments: Any) -> str:
    with pytest.raises(DataError) as caught:
        check(*arguments)
    [problem] = caught.value.problems
    assert problem.table == "query transactions"
    assert "it only reads" in problem.remedy
    return problem.rule


@pytest.mark.parametrize("text", DUCKDB_REFUSED)
def test_duckdb_refuses_all_but_one_select(text: str) -> None:
    found = said(one_duckdb_select, "query transactions", text, duckdb.connect())
    assert found.startswith("expected one SELECT, got ")
    assert DUCKDB_REFUSED[text] in found


def test_a_text_that_closes_our_bracket_is_no_query() -> None:
    for text in (
        "select 1); copy (select 1) to 'o.csv'; select * from (select 1",
        "select 1) union all (select 2",
        "select 1) --",
        "select 1 /*",
    ):
        with pytest.raises(DataError, match=r"query transactions: cannot be read: Parser Error.*correct the query"):
            one_duckdb_select("query transactions", text, duckdb.connect())


@pytest.mark.parametrize("text", DUCKDB_TAKEN)
def test_duckdb_takes_a_question_in_its_own_words(text: str) -> None:
    assert one_duckdb_select("query transactions", text, duckdb.connect()) == DUCKDB_TAKEN[text]


@pytest.mark.parametrize("text", SQL_REFUSED)
def test_postgres_refuses_all_but_one_select(text: str) -> None:
    assert SQL_REFUSED[text] in said(one_select, "query transactions", text, "postgres", "postgres")


@pytest.mark.parametrize("text", SPARK_REFUSED)
def test_spark_refuses_what_is_no_question_of_data(text: str) -> None:
    assert SPARK_REFUSED[text] in said(one_select, "query transactions", text, "pyspark", "spark")


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("mysql", "select 1 into outfile '/tmp/x'"),
        ("mysql", "load data infile 'x' into table t"),
        ("tsql", "select 1 drop table t"),
        ("tsql", "exec xp_cmdshell 'dir'"),
        ("snowflake", "copy into @stage from t"),
        ("bigquery", "export data options (uri = 'gs://x') as select 1"),
        ("oracle", "begin delete from t; end;"),
        ("clickhouse", "select 1 into outfile 'x'"),
        ("sqlite", "attach 'x' as y"),
        ("trino", "create table x as select 1"),
    ],
)
def test_other_engines_too(dialect: str, text: str) -> None:
    assert said(one_select, "query transactions", text, dialect, dialect).startswith("expected one SELECT, got ")


@pytest.mark.parametrize(
    "text",
    ["select 1 as a;", "with x as (select 1 as a) select a from x", "(select 1 as a)", "select 1 as a union all select 2",
     "select 'a; delete from t' as a -- last", "select $$a; b$$ as a", "values (1)"],
)  # fmt: skip
def test_one_select_goes_through(text: str) -> None:
    taken = one_select("query transactions", text, "postgres", "postgres")
    assert not taken.endswith(";")
    assert duckdb.sql(taken).fetchall() == duckdb.sql(text).fetchall()


def test_a_refused_query_writes_nothing_and_says_what_it_was(company: Any, tmp_path: Path) -> None:
    """The hole: brackets closed in the text, or a second statement behind it, wrote files."""
    target = tmp_path / "written.csv"
    for query in (
        f"select * from 't.csv'); copy (select 1) to '{target}'; select * from (select 1",
        f"select * from 't.csv'; copy (select 1) to '{target}'",
        f"attach '{target}'",
        f"from 't.csv' where (from enable_logging(storage = 'file', storage_config = {{'path': '{tmp_path}'}})) is null",
    ):
        path = company(f'[tables.transactions]\nquery = """{query}"""\n', t__csv=PLAIN)
        with pytest.raises(DataError, match=r"query transactions: .*; (leave one SELECT|correct the query)"):
            open_ledger(path)
        assert sorted(each.name for each in tmp_path.iterdir()) == ["kam.toml", "t.csv"]


def test_a_query_may_end_in_a_comment(company: Any) -> None:
    path = company('[tables.transactions]\nquery = """select * from \'t.csv\'; -- done\n-- well"""\n', t__csv=PLAIN)
    assert len(open_ledger(path).by_account()) == 2
