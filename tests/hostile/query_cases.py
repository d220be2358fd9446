"""Queries that do more than ask, and databases that are none. Nothing may be written, whatever the text."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from hostile_case import GOOD, SECRET, TOP, Build, Case, refused, right

ASK = "select account_id, date, revenue from 'sales.csv'"


def query(text: str, url: str = "") -> Build:
    """Settings with this query beside a sales.csv."""

    def build(folder: Path) -> None:
        (folder / "sales.csv").write_text(GOOD)
        (folder / "secret.txt").write_text(SECRET)
        connection = f"[connection]\nurl = '{url}'\n" if url else ""
        settings = f"{TOP}{connection}[tables.transactions]\nquery = '''\n{text}\n'''\n"
        (folder / "kam.toml").write_text(settings, encoding="utf-8")

    return build


def database(folder: Path) -> None:
    """company.duckdb with the usual two rows in `lines`."""
    with duckdb.connect(str(folder / "company.duckdb")) as engine:
        engine.execute("create table lines (account_id varchar, date date, revenue decimal(18, 2))")
        engine.execute("insert into lines values ('Aldwick', '2025-01-31', 300), ('Bexhill', '2025-02-28', 200)")


def on_database(text: str, url: str = "duckdb://company.duckdb") -> Build:
    """The query on a database file."""

    def build(folder: Path) -> None:
        query(text, url)(folder)
        database(folder)

    return build


def table(name: str, content: bytes | None = None) -> Build:
    """A table of a database file, or of one with other bytes."""

    def build(folder: Path) -> None:
        database(folder)
        if content is not None:
            (folder / "company.duckdb").write_bytes(content)
        settings = f"{TOP}[connection]\nurl = 'duckdb://company.duckdb'\n[tables.transactions]\ntable = '{name}'\n"
        (folder / "kam.toml").write_text(settings, encoding="utf-8")

    return build


@contextmanager
def written_by_another(folder: Path) -> Iterator[None]:
    """Another process has the database open for writing."""
    code = "import duckdb, sys; kept = duckdb.connect('company.duckdb'); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == "open\n"
    try:
        yield
    finally:
        other.stdin.close()
        other.wait(timeout=600)
        other.stdout.close()


def breaking_out(statement: str) -> str:
    """A text that closes a bracket put around it, does something, and opens it again."""
    return f"{ASK}); {statement}; select * from ({ASK}"


NO = refused(1)
WRITES = {
    "copies to a file": "copy (select 1) to 'out.csv'",
    "attaches a new database": "attach 'out.duckdb' as other",
    "makes a table": "create table other as select 1",
    "exports the database": "export database 'out'",
    "changes a setting": "set file_search_path = '/'",
    "loads an extension": "load httpfs",
}
READS = {
    "reads a text file elsewhere": "select content as account_id, date '2025-01-31' as date, 1 as revenue from read_text('/etc/' || 'hostname')",
    "reads a file above data_dir": "select content as account_id, date '2025-01-31' as date, 1 as revenue from read_text(concat('../../../../../../etc/', 'hostname'))",
    "reads the web": "select * from 'https://example.invalid/sales.csv'",
}
# What a hostile query changes is caught whoever runs it: the case's folder is compared before and after.
CASES = (
    Case("a plain query", query(ASK), right()),
    Case("a query with a semicolon", query(ASK + ";"), right()),
    Case("a query with three semicolons", query(ASK + ";;; "), (right(), NO)),
    Case("a query with a semicolon in a text", query(ASK + " where account_id <> 'a;b'"), right()),
    Case("a query with a comment behind it", query(ASK + " -- of this year"), right()),
    Case("a query with a semicolon and a comment behind it", query(ASK + "; -- of this year"), right()),
    Case("a query with a comment before it", query("/* sales */\n-- net\n" + ASK), right()),
    Case("a query that begins with from", query("from 'sales.csv'"), right()),
    Case("a query that begins with with", query(f"with all_rows as ({ASK}) select * from all_rows"), right()),
    Case("a query of values", query("select * from (values ('Aldwick', date '2025-01-31', 300)) t(account_id, date, revenue)"), right(300, Aldwick=300)),
    Case("a query that pivots", query("pivot (select account_id, date, 'revenue' as what, revenue from 'sales.csv') on what using sum(revenue) group by account_id, date"), right()),
    Case("a query of nothing", query(""), (NO, refused(2))),
    Case("a query of blanks and a semicolon", query("  ;  "), (NO, refused(2))),
    Case("a query of comments", query("-- select\n/* all */"), (NO, refused(2))),
    Case("a query with a mistake", query("selct * from 'sales.csv'"), refused(1, "transactions")),
    Case("a query that is not closed", query(ASK + " where (1 = 1"), refused(1, "transactions")),
    Case("a query with a bracket too many", query(ASK + ")"), refused(1, "transactions")),
    Case("a query on a table that is not there", query("select * from sales"), refused(1, "sales")),
    Case("a query on a file that is not there", query("select * from 'seles.csv'"), refused(1, "seles.csv")),
    Case("a query on a column that is not there", query("select acount_id from 'sales.csv'"), refused(1, "acount_id")),
    Case("a query that gives no rows", query(ASK + " where false"), refused(1, "rows")),
    Case("a query that gives one column twice", query("select account_id, date, revenue, revenue from 'sales.csv'"), (right(), refused(1, "revenue"))),
    Case("a query that gives a structure", query("select account_id, date, {'net': revenue} as revenue from 'sales.csv'"), refused(1, "revenue")),
    Case("a query that gives a list of ids", query("select [account_id] as account_id, date, revenue from 'sales.csv'"), (right(500, **{"[Aldwick]": 300, "[Bexhill]": 200}), NO)),
    Case("a query that divides by zero", query("select account_id, date, revenue // 0 as revenue from 'sales.csv'"), refused(1)),
    Case("a query that fails on its last row", query("select account_id, date, case when account_id = 'Bexhill' then error('no') else revenue end as revenue from 'sales.csv'"), refused(1, "no")),
    Case("a query in which rows come at random", query(ASK + " order by random()"), right()),
    Case("a query without end", query(f"with recursive more as ({ASK} union all select * from more) select * from more"), refused(1, "took longer than 1 s"), time_limit=1),
    *(Case(f"a second statement {what}", query(f"{ASK}; {statement}"), NO) for what, statement in WRITES.items()),
    Case("a first statement makes a table", query(f"create table other as select 1; {ASK}"), NO),
    *(Case(f"a broken bracket {what}", query(breaking_out(statement)), NO) for what, statement in WRITES.items()),
    *(Case(f"a statement alone {what}", query(statement), NO) for what, statement in WRITES.items()),
    *(Case(f"a query {what}", query(statement), NO) for what, statement in READS.items()),
    Case("a query reads a file that its text names", query("select 'Aldwick' as account_id, date '2025-01-31' as date, count(*) as revenue from read_text('/etc/hostname')"), right(1, Aldwick=1), posix=True),
    Case("a query on a database", on_database("select * from lines"), right()),
    Case("a second statement deletes rows", on_database("select * from lines; delete from lines"), NO),
    Case("a broken bracket drops a table", on_database("select * from lines); drop table lines; select * from (select 1"), NO),
    Case("an update that returns rows", on_database("update lines set revenue = 0 returning *"), NO),
    Case("a table", table("lines"), right()),
    Case("a table that is not there", table("linse"), refused(1, "linse", "not there")),
    Case("a table's name with a second statement", table("lines; drop table lines"), refused(1, "not there")),
    Case("a table's name with a quotation mark", table('li"nes'), refused(1, "not there")),
    Case("a table of another schema", table("other.lines"), refused(1, "not there")),
    Case("a database of other bytes", table("lines", b"no database at all" * 500), refused(1, "connection")),
    Case("a database of zeros", table("lines", bytes(20_000)), refused(1, "connection")),
    Case("an empty database file", table("lines", b""), NO),
    Case("a database that is not there", query("select 1", "duckdb://nowhere.duckdb"), refused(1, "connection")),
    Case("a database that is a folder", query("select 1", "duckdb://."), refused(1, "connection")),
    Case("a database that another process writes to", table("lines"), refused(1, "connection"), around=written_by_another),
)  # fmt: skip
