"""The accounts' names, taken from the same export where that is simple and sure to work."""

from collections.abc import Mapping, Sequence

from kam_analysis.ledger.exports.choice import Choice
from kam_analysis.ledger.exports.guess import Guess
from kam_analysis.ledger.exports.header import Layout
from kam_analysis.ledger.ids import WHITE_SPACE

# As DuckDB's regular expressions write it: a settings file shows no such sign.
_WHITE = "".join(f"\\x{{{ord(sign):x}}}" for sign in WHITE_SPACE)


def accounts_query(guess: Guess, layout: Layout, choice: Choice) -> tuple[str, str, tuple[str, ...]]:
    """A query that gives one name per account, the column of names, and a sentence; no query where the file is too untidy for one."""
    source, name = guess.source, choice.account_name
    if name is None or "account_id" not in source.columns or "date" not in source.columns:
        return "", "", ()
    theirs, words = source.columns["account_id"], layout.header[name]
    if source.is_laid_out:
        return "", "", (f'names in "{words}" are left out: the report is tidied first; give a customer list for them',)
    suffix = guess.path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        read = f"read_parquet({_text(source.file)})"
        return _query(read, theirs, words, "", choice.like_none), words, (f'names come from "{words}" by a query',)
    encoding = "latin-1" if layout.latin else source.encoding
    if not layout.is_text or encoding not in ("utf-8", "latin-1") or '"' in theirs + words:
        return (
            "",
            "",
            (f'names in "{words}" are left out: they can be taken from a CSV in UTF-8, or from a customer list',),
        )
    if layout.header[name] != layout.header[name].strip() or any(
        each.startswith("column ") for each in (theirs, words)
    ):
        return "", "", (f'names in "{words}" are left out: the column has no name of its own',)
    read = _read_csv(source.file, source.delimiter, source.skip_rows, encoding, layout.header)
    return (
        _query(read, theirs, words, source.columns["date"], choice.like_none),
        words,
        (f'names come from "{words}" by a query',),
    )


def _read_csv(file: str, delimiter: str, skip: int, encoding: str, header: Sequence[str]) -> str:
    columns: Mapping[str, str] = dict.fromkeys(header, "VARCHAR")
    named = ", ".join(f"{_text(name)}: '{kind}'" for name, kind in columns.items())
    delim = "chr(9)" if delimiter == "\t" else _text(delimiter)
    return (
        f"read_csv({_text(file)}, header = true, auto_detect = false, columns = {{{named}}}, delim = {delim}, "
        f"quote = '\"', escape = '\"', skip = {skip}, encoding = '{encoding}', null_padding = true, strict_mode = false, parallel = false)"
    )


def _query(read: str, account: str, name: str, date: str, like_none: Sequence[str]) -> str:
    """Rows without a date are totals, and a repeated header is its own date: neither names an account, nor does "NULL"."""
    # Ids as the workbook reads them: those with and without a blank behind them, or ".0", are one.
    trimmed = f"regexp_replace(cast({_name(account)} as varchar), '^[{_WHITE}]+|[{_WHITE}]+$', '', 'g')"
    plain = f"regexp_replace({trimmed}, '^([0-9]+)[.]0$', '\\1')"
    lines = [f"select {plain} as account_id, min({_name(name)}) as account_name", f"from {read}"]
    lines.append(f"where lower({trimmed}) not in ({', '.join(map(_text, ('', *like_none)))})")
    if date:
        lines.append(f"  and trim({_name(date)}) not in ('', {_text(date)})")
    return "\n".join([*lines, "group by 1"])


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
