"""The company's database: which engine a URL means, and a connection to it that only reads."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ibis
import ibis.expr.operations as ops
import sqlglot
import sqlglot.expressions as sge

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.engine import embedded
from kam_analysis.ledger.engine.statements import first_word, refused
from kam_analysis.ledger.settings.settings import Settings

# Engines whose driver is an extra of ours, by the scheme of their URL.
_EXTRAS = {"postgres": "postgres", "postgresql": "postgres", "pyspark": "spark"}
_COMMAND = "org.apache.spark.sql.catalyst.plans.logical.Command"
_QUIET = {
    "spark.ui.enabled": "false",  # a server for watching long jobs, on a port of its own
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",  # a million accounts row by row take minutes
}


def connect(settings: Settings, scratch: Path) -> Any:
    """The Ibis backend of `connection.url`.

    Raises `DataError` where the engine is unknown, or its driver or Java is not installed; `scratch`
    is a folder for what an engine insists on writing.
    """
    url, engine = settings.url.reveal(), settings.url.engine
    try:
        if engine == "duckdb":
            return embedded.opened(url, settings.data_dir)
        if engine == "pyspark":
            return _spark(url, scratch)
        return _only_reading(ibis.connect(url))
    except ImportError:
        wanted = (
            f'-e ".[{_EXTRAS[engine]}]"` in the workbook\'s folder'
            if engine in _EXTRAS
            else f'"ibis-framework[{engine}]"`'
        )
        raise _refused(f"the driver for {engine} is not installed", f"run `pip install {wanted}") from None
    except ValueError as error:
        if "how to connect" not in str(error):
            raise
        # What stands there may be the password itself: nothing of it is repeated.
        names = [*_EXTRAS, *(each.name for each in entry_points(group="ibis.backends"))]
        meant = "".join(f'did you mean "{each}"? ' for each in get_close_matches(engine.lower(), names, n=1))
        rule = "expected the URL of a database, such as postgres://, got one of an engine that nobody knows here"
        raise _refused(rule, f"{meant}README lists the engines under: A database or a warehouse") from None


def disconnect(database: Any) -> None:
    """End a connection of ours; a Spark session may be the user's own, or another ledger's."""
    if database.name != "pyspark":
        database.disconnect()


def interrupt(database: Any) -> None:
    """Stop what the database does for us, at once; called from another thread than the one that waits for it."""
    name = getattr(database, "name", "")
    if name == "duckdb":
        database.con.interrupt()
    elif name == "postgres":
        database.con.cancel_safe(timeout=2)
    elif name == "pyspark":
        database._session.sparkContext.cancelAllJobs()


def without_memory_tables(expression: Any) -> Any:
    """An expression whose small frames are VALUES in its text where an engine would write a table of each.

    DuckDB and Spark look at them in this process, SQLite keeps them beside its file, and our PostgreSQL sends them
    as parameters.
    """
    engine = expression.get_backend()
    found = expression.op().find(ops.InMemoryTable)
    if not found or engine.name in ("duckdb", "pyspark", "sqlite", "postgres"):
        return expression
    given = {each: ops.SQLQueryResult(values(each, engine.dialect), each.schema, engine) for each in found}
    return expression.op().replace(given).to_expr()


def values(frame: ops.InMemoryTable, dialect: Any) -> str:
    """A small frame as a query that reads nothing."""
    rows = [tuple(row.values()) for row in frame.data.to_pyarrow(frame.schema).to_pylist()]
    given = sge.values(rows, alias="given", columns=list(frame.schema.names))
    return str(sqlglot.select("*").from_(given).sql(dialect))


def refuse_commands(where: str, text: str, session: Any) -> None:
    """Raise `DataError` where Spark's own parser sees more than a question in a text."""
    if not hasattr(session, "_jsparkSession"):  # a server elsewhere: its parser is not here
        return
    from pyspark.errors import ParseException

    parser = session._jsparkSession.sessionState().sqlParser()
    try:
        plan = parser.parsePlan(text)
        kind = str(plan.getClass().getSimpleName())
    except ParseException as error:
        said = str(error).strip().split("\n", 1)[0]
        raise DataError(problems=[Problem(where, "", f"cannot be read: {said}", "correct the query")]) from None
    except Exception as error:
        if not type(error).__module__.startswith("py4j."):
            raise
        raise refused(where, first_word(text)) from None  # a script of several statements
    try:
        # Only a question may stand in brackets; some commands read like a table and its other name there.
        parser.parsePlan(f"SELECT * FROM (\n{text}\n)")
    except ParseException:
        raise refused(where, kind) from None
    if session._jvm.py4j.reflection.TypeUtil.isInstanceOf(_COMMAND, plan):
        raise refused(where, kind)


def _refused(rule: str, remedy: str) -> DataError:
    return DataError(problems=[Problem("connection", "", rule, remedy)])


def _only_reading(database: Any) -> Any:
    if database.name != "postgres":
        return database
    if database.con.info.parameter_status("server_encoding") == "SQL_ASCII":
        # It gives bytes, and a pattern of ours would cut letters in two.
        database.disconnect()
        remedy = "have it copied into a database in UTF-8, or export its tables as CSV"
        raise _refused("expected a database that knows the encoding of its texts, got one in SQL_ASCII", remedy)
    from kam_analysis.ledger.engine.postgres import Postgres

    return Postgres.from_connection(database.con)


def _spark(url: str, scratch: Path) -> Any:
    """A session of this process: the one there is, else a new one with the URL's query as its configuration."""
    from pyspark.sql import SparkSession

    here = {"spark.sql.warehouse.dir": (scratch / "spark-warehouse").as_uri()}  # else a folder beside the user's files
    chosen = here | _QUIET | dict(parse_qsl(urlsplit(url).query))
    session = SparkSession.getActiveSession()
    if session is None:
        builder = SparkSession.builder.appName("kam")
        for key, value in chosen.items():
            builder = builder.config(key, value)
        try:
            with _stderr_into(scratch / "spark.log"):
                session = builder.getOrCreate()
        except Exception as error:
            if "JAVA_GATEWAY_EXITED" not in str(error) and "JAVA_HOME" not in str(error):
                raise
            remedy = "install Java 17 or 21, and set JAVA_HOME to its folder"
            raise _refused("Spark could not start its Java process", remedy) from None
    return ibis.pyspark.connect(session)


@contextmanager
def _stderr_into(log: Path) -> Iterator[None]:
    """A Java process keeps the stderr it is started with, and Spark fills it with warnings that no user can act on."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
