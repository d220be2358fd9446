"""What an engine says when it cannot read, in words that name the user's own file and a remedy."""

import re

import duckdb

from kam_analysis.errors import Problem
from kam_analysis.ledger.settings.settings import Settings


def explained(error: Exception, message: str, where: str, *, settings: Settings) -> Problem:
    """The problem behind a driver's error; `message` is its text without secrets and folders, `where` what was read."""
    if "unicode" in message.lower() or "utf-8" in message.lower():
        return Problem(
            where,
            "",
            "expected UTF-8 text, got other bytes",
            'name the file\'s encoding in the settings, such as encoding = "cp1252"',
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        rule = (
            "this takes more memory than the embedded engine may have, or more room for temporary files than there is"
        )
        remedy = "free some of both, look at a shorter period or one line, or read the data from a PostgreSQL or Spark server"
        return Problem(where, "", rule, remedy)
    if damaged := _damaged_parquet(error, message, where, settings=settings):
        return damaged
    if "TimeZone" in message or "time zone" in message.lower():
        rule = "time_zone in the settings is no time zone"
        return Problem(where, "", rule, 'write it by its place, such as time_zone = "Europe/Berlin"')
    if "state machine" in message or "unterminated quote" in message.lower():
        rule = "a quotation mark is opened and not closed, or stands inside a text"
        return Problem(where, "", rule, "double the quotation marks inside texts, or export it again")
    if "Overflow" in message or re.search(r"Could not (?:cast|convert).*DECIMAL", message, re.IGNORECASE):
        rule = "an amount in revenue, cost or quantity is larger than can be added up exactly (32 digits)"
        return Problem(where, "", rule, "correct it, or leave the row out")
    if torn := re.search(r"CSV Error on Line: (\d+)", message):
        rule = f"line {torn[1]} does not divide into the header's columns"
        remedy = "quote texts that hold the delimiter, or name the right one in the settings: delimiter"
        return Problem(where, "", rule, remedy)
    if closed := re.search(r'Cannot access \w+ "(.*?)" - file system operations are disabled', message):
        rule = f'expected a file in data_dir, or one that the query names, got "{closed[1]}"'
        remedy = "put it into data_dir, or write its whole path into the query; nothing is read over a network"
        return Problem(where, "", rule, remedy)
    if where == "connection":
        engine = settings.url.engine
        return Problem(
            where,
            "",
            f"no answer from the {engine} database: {message[:200]}",
            "check that it runs, the address in the environment variable, and your access",
        )
    remedy = "mend the file, or how the settings say it is read"
    if settings.url.engine != "duckdb" and _is_from_database(where, settings):
        remedy = "correct its table or query in the settings, and check your access to it"
    return Problem(where, "", f"cannot be read: {message[:300]}", remedy)


def _damaged_parquet(error: Exception, message: str, where: str, *, settings: Settings) -> Problem | None:
    """What DuckDB says in many ways of a Parquet file with wrong bytes in it."""
    files = {source.file for source in settings.tables.values() if where in (source.name, source.file)}
    named = re.search(r"['\"]([^'\"]+[.](?:parquet|pq))['\"]", message)
    kinds = (duckdb.InvalidInputException, duckdb.IOException)
    from_parquet = any(file.lower().endswith((".parquet", ".pq")) for file in (*files, where))
    if not from_parquet or not (isinstance(error, kinds) or type(error) is duckdb.Error):
        return None
    rule = "expected a Parquet file, got one that is damaged or cut short"
    file = named[1] if named else next((each for each in files if from_parquet), where)
    return Problem(file, "", rule, "export it again")


def _is_from_database(where: str, settings: Settings) -> bool:
    sources = [source for source in settings.tables.values() if not source.file]
    return any(where in (source.name, source.table, f"query {source.name}") for source in sources)
