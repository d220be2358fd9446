"""From a guess to a commented `kam.toml`: what is known stands there, what is open as alternatives to choose from."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from kam_analysis.errors import RunError, SettingsError, disk_fails, unwritten
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.toml_text import as_key, listed, quoted
from kam_analysis.ledger.sniffing.guess import Guess, Question
from kam_analysis.ledger.sniffing.wording import counted, plain

_DEFAULT = TableSource("transactions")
# Keys of the reading in their order, with what is said of each.
_READING = {
    "encoding": "",
    "delimiter": "",
    "skip_rows": "rows above the header",
    "sheet": "",
    "sheets": "sheets with the same columns, read as one",
    "header_row": "the header's row",
    "decimal": "",
    "thousands": "",
    "suffixes": "",
    "date_format": "strptime signs: %d day, %m month, %Y year",
    "total_rows": "a row without a date that starts with one of these is left out",
    "heading_rows": "rows with one filled cell head the lines below",
    "fill_down": "an empty cell means the same as above",
    "columns_across": "columns that become rows, each with its day",
    "date_parts": "columns of which the date is made",
    "revenue_from": "quantity times price, less the discount",
    "discount_unit": "",
    "sum_rows": "a row without a date that is the sum of those above is left out",
    "grain": "what a row covers",
}
_COULD_BE = {
    "account_id": "the customer",
    "account_name": "the customer's name",
    "gross": "an amount with tax",
    "due": "what is paid or still open",
    "weighted": "expected money, which is no sales",
    "ledger_account": "an account of the chart of accounts",
    "profit": "margin: columns.margin",
    "price": "a unit price",
}


def settings_text(guess: Guess, data_dir: str = ".", more: Sequence[str] = ()) -> str:
    """The text of a settings file for this export; `data_dir` is the export's folder as the settings see it.

    Where the guess has questions, their answers stand in it as comments, and a column that hangs
    on an answer stands with them: the file is refused until one is chosen. `more` are sections of further tables.
    """
    parts = [
        _preface(guess),
        _top(guess, data_dir),
        _transactions(guess),
        _accounts(guess),
        _rates(guess),
        *more,
        _NEXT,
    ]
    return "\n".join(part for part in parts if part)


def write_settings(guess: Guess, beside: Path | None = None, more: Sequence[str] = ()) -> Path:
    """Write `kam.toml` beside the export (or beside `beside`); an existing one is never overwritten.

    Raises `SettingsError` where one is there already, or the folder cannot be written to; `RunError` where its
    disk is full or fails.
    """
    export = Path(beside or guess.path)
    target = export.parent / "kam.toml"
    if target.exists():
        raise SettingsError(
            f"{target.name}: is there already and is not overwritten; move or delete it, and run kam init again"
        )
    temporary = ""
    try:
        number, temporary = tempfile.mkstemp(prefix=".kam-", suffix=".toml", dir=target.parent)
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as out:
            out.write(settings_text(guess, more=more))
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)  # mkstemp lets only its owner read; settings are shared
        os.replace(temporary, target)
    except OSError as error:
        why, remedy = unwritten(error, "copy the export to a folder that you may write to")
        kind = RunError if disk_fails(error) else SettingsError
        raise kind(f"{target.name}: cannot be written ({why}); {remedy}") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
    return target


def _preface(guess: Guess) -> str:
    lines = [
        f"# Settings of the key-account workbook for {plain(guess.path.name)}, made by kam init.",
        "#",
        "# What was found:",
    ]
    lines += [f"# - {plain(said)}" for said in guess.said]
    if guess.questions:
        lines += ["#", "# What only you can say (look for CHOOSE below):"]
        lines += [f"# - {plain(question.text)}" for question in guess.questions]
    return "\n".join([*lines, ""])


def _top(guess: Guess, data_dir: str) -> str:
    lines = ['# name = "Your company"                # as pages show it']
    if guess.currency:
        lines.append(f"currency = {quoted(guess.currency)}")
    elif not guess.currencies:
        lines.append(
            f'# currency = "{guess.currency_hint or "EUR"}"                    # amounts carry no sign without it'
        )
    else:
        lines += _open(next(q for q in guess.questions if q.section == "rates"))
    if guess.normalise:
        lines.append(f"normalise = {_value(guess.normalise)}         # what is looked past in customers' numbers")
    lines.append('# period = "last_12_months"             # or "all", "2025", "2025-01-01/2025-06-30"')
    return "\n".join([*lines, f"data_dir = {quoted(data_dir)}", ""])


def _transactions(guess: Guess) -> str:
    source = guess.source
    lines = ["[tables.transactions]"] + ([f"file = {quoted(source.file)}"] if source.file else [])
    for key, explained in _READING.items():
        value = getattr(source, key)
        if value != getattr(_DEFAULT, key) or (key == "delimiter" and value):
            written = _value(value)
            gap = " " * max(1, 38 - len(key) - 3 - len(written))
            lines.append(f"{key} = {written}" + (f"{gap}# {explained}" if explained else ""))
    for question in guess.questions:
        if question.section == "tables.transactions":
            lines += ["", *_open(question)]
    if any(question.section == "tables.transactions" for question in guess.questions):
        lines.append("")
    lines += [f"columns.{ours} = {quoted(theirs)}" for ours, theirs in source.columns.items()]
    for key, made in guess.made_of.items():
        lines.append(f"{key} = {{ {', '.join(f'{name} = {quoted(theirs)}' for name, theirs in made.items())} }}")
    for key in ("keep", "drop", "subtract"):
        lines += [f"{key}.{as_key(theirs)} = {listed(values)}" for theirs, values in getattr(source, key).items()]
    return "\n".join([*lines, *_unused(guess), ""])


def _unused(guess: Guess) -> Iterator[str]:
    """Every other column, and what it could be; in a wide export those of unknown names on one line."""
    known = [name for name in guess.unused if name in guess.candidates]
    unknown = [name for name in guess.unused if name not in guess.candidates]
    for name in known:
        yield f"# not used: {quoted(plain(name))}, which could be {_COULD_BE.get(guess.candidates[name], guess.candidates[name])}"
    if unknown:
        yield f"# not used: {plain(', '.join(unknown))}"


def _open(question: Question) -> Iterator[str]:
    if question.chosen is not None:
        yield from question.chosen.lines
        return
    yield f"# CHOOSE: {plain(question.text)}"
    yield "# Take the # away from the lines of one answer:"
    for number, answer in enumerate(question.alternatives, 1):
        yield f"# {number}. {plain(answer.about)}"
        yield from (f"# {line}" for line in answer.lines)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(quoted(str(each)) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())} }}"
    return str(value).lower() if isinstance(value, int | date) else quoted(str(value))


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else quoted(name)


def _accounts(guess: Guess) -> str:
    accounts = guess.accounts
    if accounts is None:
        return _ACCOUNTS
    if accounts.from_sales:
        lines = ["[tables.accounts]                     # names in the sales' own lines; a customer list says more"]
        lines.append("from_sales = true")
    else:
        lines = ["[tables.accounts]                     # the customer list", f"file = {quoted(accounts.file)}"]
        lines += [f"{key} = {_value(getattr(accounts, key))}" for key in ("sheet", "header_row")]
    lines += [f"columns.{ours} = {quoted(theirs)}" for ours, theirs in accounts.columns.items()]
    return "\n".join([*lines, ""])


def _rates(guess: Guess) -> str:
    if len(guess.currencies) < 2:
        return ""
    lines = ["# Units of your currency per unit of each other one; take the # away and put in your rates:", "# [rates]"]
    lines += [f"# {code} = 0.0{' ' * 20}# {counted(rows)}" for code, rows in guess.currencies.items()]
    return "\n".join([*lines, ""])


_ACCOUNTS = """# Your customer list, for names, groups of companies and who looks after whom:
# [tables.accounts]
# file = "customers.csv"
# columns = { account_id = "Customer no.", account_name = "Name", parent_id = "Group", account_manager_id = "Owner" }
"""

_NEXT = """# Own companies, collective accounts, freight: listed and counted, never silent.
# [exclude]
# accounts = ["9999"]
# products = ["FREIGHT"]

# Finance's own totals per fiscal year or month, to reconcile with.
# [control]
# revenue = { 2025 = 1234567.89, 2026-01 = 123456.78 }

# The month in which your fiscal year starts.
# [fiscal]
# year_starts = 1
"""
