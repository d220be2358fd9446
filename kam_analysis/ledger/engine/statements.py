"""What may stand in a `query`: one statement, and it reads. Judged by a parser before anything runs.

Each check returns the text as it may be put into brackets, or raises `DataError` that says what was found.
Behind it stands a second lock of the engine's own: see `embedded`, `postgres` and `databases`.
"""

import logging
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import duckdb
import sqlglot
import sqlglot.expressions as sge
from sqlglot.errors import SqlglotError

from kam_analysis.errors import DataError

_REMEDY = "leave one SELECT in the query; it only reads, whatever else is to be done has to be done elsewhere"
# sqlglot tells the terminal of statements that it does not know; the user is told below.
logging.getLogger("sqlglot").addHandler(logging.NullHandler())
# Functions that act though a SELECT calls them, and those that run a text as SQL; a name that ends in _ is a beginning.
_ACTING = {
    "duckdb": ("enable_", "disable_", "checkpoint", "force_checkpoint", "truncate_duckdb_logs", "write_log", "query",
               "json_execute_serialized_sql"),
    "postgres": ("dblink", "dblink_", "lo_", "pg_file_", "pg_terminate_", "pg_cancel_", "pg_reload_conf",
                 "pg_rotate_", "pg_switch_", "pg_promote", "pg_create_", "pg_drop_", "pg_copy_", "pg_logical_",
                 "pg_replication_", "pg_sync_replication_", "pg_wal_replay_", "pg_backup_", "pg_start_backup", "pg_stop_backup",
                 "pg_stat_reset", "pg_stat_reset_", "pg_stat_statements_reset", "pg_advisory_", "pg_try_advisory_",
                 "pg_log_", "brin_", "gin_clean_pending_list", "set_config", "query_to_", "cursor_to_", "ts_stat", "ts_rewrite",
                 "crosstab", "crosstab2", "crosstab3", "crosstab4", "crosstab_", "connectby", "xpath_table",
                 # On a table's pages, the server's disk or elsewhere: no transaction that is rolled back undoes it.
                 "heap_force_", "pg_truncate_visibility_map", "autoprewarm_", "lowrite", "query_export_", "http", "http_"),
    "pyspark": ("reflect", "java_method", "try_reflect"),
}  # fmt: skip
# Statements that DuckDB has no name for, or another one than a user wrote.
_KINDS = {"???": "UPDATE EXTENSIONS", "LOAD": "INSTALL or LOAD"}
_WRITING = (sge.Insert, sge.Update, sge.Delete, sge.Merge, sge.Create, sge.Drop, sge.Into, sge.Command)


def refused(where: str, found: str) -> DataError:
    """The error of a text that is no single SELECT; `found` says what it is."""
    return DataError.of(where, f"expected one SELECT, got {found}", _REMEDY)


def one_select(where: str, text: str, engine: str, dialect: Any) -> str:
    """A query for any engine but DuckDB, as its `dialect` of sqlglot writes it; `engine` is Ibis's name of it."""
    try:
        statements = [each for each in sqlglot.parse(text, read=dialect) if each is not None]
    except SqlglotError as error:
        at = getattr(error, "errors", None) or [{}]
        place = f" (line {at[0]['line']}, column {at[0]['col']})" if at[0].get("line") else ""
        raise refused(where, f"a text that cannot be read as SQL{place}") from None
    if len(statements) != 1 or not isinstance(statements[0], sge.Query | sge.Values):
        raise refused(where, _listed(map(_kind, statements)))
    for part in statements[0].walk():
        if isinstance(part, _WRITING):
            raise refused(where, f"{_kind(part)} inside it")
        if isinstance(part, sge.QueryTransform):
            raise refused(where, "TRANSFORM, which runs a program")
        if isinstance(part, sge.Anonymous) and _acts(part.name, engine):
            raise refused(where, f"the function {part.name}, which does more than read")
    return str(statements[0].sql(dialect=dialect))


def _kind(statement: Any) -> str:
    """A statement's first word, as a user knows it."""
    if isinstance(statement, sge.Query):
        return "SELECT"
    return first_word(statement.sql()) or str(statement.key).upper()


def first_word(text: str) -> str:
    """What a text begins with, as statements are named."""
    return text.upper().split(maxsplit=1)[0] if text.strip() else ""


def _listed(kinds: Iterable[str]) -> str:
    names = list(kinds)
    if not names:
        return "nothing"
    return names[0] if len(names) == 1 else f"{len(names)} statements: {', '.join(names)}"


def _acts(function: str, engine: str) -> bool:
    name = function.lower()
    return any(name.startswith(each) if each.endswith("_") else name == each for each in _ACTING.get(engine, ()))


def one_duckdb_select(where: str, text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """A query for DuckDB in its own words, PIVOT included, without the semicolon at its end."""
    body = _without_semicolons(text)
    kinds = [_KINDS.get(each.type.name, each.type.name) for each in _parsed(where, body, connection)]
    # A PIVOT that finds its columns in the data is taken apart into the list of them and the SELECT.
    if kinds[-1:] != ["SELECT"] or set(kinds[:-1]) - {"CREATE"}:
        raise refused(where, _listed(kinds))
    try:
        # The CREATE of such a PIVOT may stand in brackets, a user's own may not; PRAGMA is a SELECT to the parser.
        connection.extract_statements(f"SELECT * FROM (\n{body}\n)")
    except duckdb.Error:
        raise refused(where, _listed(kinds if len(kinds) > 1 else [first_word(body)])) from None
    for name in _called(body):
        if _acts(name, "duckdb"):
            raise refused(where, f"the function {name}, which does more than read")
    return body


def _parsed(where: str, body: str, connection: duckdb.DuckDBPyConnection) -> list[Any]:
    try:
        return connection.extract_statements(body)
    except duckdb.ParserException as error:
        said = " ".join(str(error).split())[:300]
        raise DataError.of(where, f"cannot be read: {said}", "correct the query") from None
    except duckdb.Error:
        # IMPORT DATABASE looks for its file first.
        raise refused(where, first_word(body)) from None


def tokens(text: str) -> list[tuple[str, str]]:
    """DuckDB's own division of a text: each piece with what follows it up to the next, and its kind."""
    raw = text.encode()
    found = [*duckdb.tokenize(text), (len(raw), None)]
    return [
        (raw[here:there].decode(errors="replace").strip(), kind.name)
        for (here, kind), (there, _) in pairwise(found)
        if kind is not None
    ]


def _without_semicolons(text: str) -> str:
    """The text up to the last piece that is no semicolon; a comment behind it goes too."""
    raw = text.encode()
    places = [at for at, _ in duckdb.tokenize(text)]
    end = len(raw)
    for at in reversed(places):
        if raw[at : at + 1] != b";":
            break
        end = at
    return raw[:end].decode().strip().lstrip(";")


def _called(text: str) -> list[str]:
    """Names that are followed by a bracket."""
    pieces = tokens(text)
    names = [re.match(r'"((?:[^"]|"")*)"|\w+', piece) for piece, _ in pieces]
    return [
        (name[1] or name[0]).replace('""', '"')
        for name, (after, _) in zip(names, pieces[1:], strict=False)
        if name and after.startswith("(")
    ]
