"""Looking at one export: from a file to a `Guess`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kam_analysis.errors import DataError, Problem, SettingsError
from kam_analysis.ledger.exports.arrangement import arranged
from kam_analysis.ledger.exports.choice import Choice, choose, meanings_of
from kam_analysis.ledger.exports.currencies import currency_of
from kam_analysis.ledger.exports.formats import amounts_of, dates_of
from kam_analysis.ledger.exports.guess import Guess, Question
from kam_analysis.ledger.exports.header import Layout
from kam_analysis.ledger.exports.names import accounts_query
from kam_analysis.ledger.exports.scan import MOST_ROWS, Scan, scan
from kam_analysis.ledger.exports.text_files import open_text
from kam_analysis.ledger.exports.typed_files import open_parquet, open_workbook
from kam_analysis.ledger.exports.untidy import total_rows
from kam_analysis.ledger.exports.wording import counted, quoted
from kam_analysis.ledger.settings import TableSource
from kam_analysis.ledger.workbooks import WORKBOOKS

_OPENERS: dict[str, Callable[[Path], Layout]] = {
    ".csv": open_text,
    ".tsv": open_text,
    ".txt": open_text,
    **dict.fromkeys(WORKBOOKS, open_workbook),
    ".parquet": open_parquet,
    ".pq": open_parquet,
}


def inspect_export(path: Path) -> Guess:
    """How is this sales export read, which of its columns are ours, and what must its owner say?

    `path` is a CSV, TSV, TXT or Parquet file or a workbook; every row counts as evidence, up to a million.
    Raises `DataError` for a file that is empty, broken, or holds something else than its header
    says, `SettingsError` where the file is missing, of an unknown kind, or lacks a required column.
    """
    path = Path(path)
    layout = arranged(_open(path))
    meanings = meanings_of(layout.header, path.name)
    found = scan(layout, meanings)
    if not found.data:
        raise DataError(
            problems=[Problem(path.name, "", "expected rows, got none below the header", "export it again")]
        )
    return _guess(path, layout, found, choose(layout.header, found, path.name))


def _open(path: Path) -> Layout:
    if path.is_dir() or not path.exists():
        rule = "is a folder" if path.is_dir() else "is not there"
        raise SettingsError(problems=[Problem(path.name, "", rule, "give the path of one export file")])
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        rule = f'expected .csv, .tsv, .txt, {", ".join(WORKBOOKS)} or .parquet, got "{path.suffix}"'
        raise SettingsError(problems=[Problem(path.name, "", rule, "save it as one of these")])
    try:
        if not path.stat().st_size:
            raise DataError(problems=[Problem(path.name, "", "expected rows, got an empty file", "export it again")])
        return opener(path)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise DataError(
            problems=[Problem(path.name, "", reason, "check that it is closed elsewhere and yours to read")]
        ) from None


def _guess(path: Path, layout: Layout, found: Scan, choice: Choice) -> Guess:
    header = layout.header
    dates = dates_of(found, choice, header)
    amounts = amounts_of(found, choice, header)
    money = currency_of(found, choice, header, layout.preface)
    left_out = total_rows(found, layout)
    reading: dict[str, Any] = {**layout.reading, **dates.reading, **amounts.reading, **left_out.reading}
    reading.pop("columns", None)
    if "revenue_from" in reading:  # the amounts that were looked at are made of others
        reading |= {key: layout.reading[key] for key in ("decimal", "thousands") if key in layout.reading}
    if words := (*left_out.reading.get("total_rows", ()), *layout.reading.get("total_rows", ())):
        reading["total_rows"] = tuple(dict.fromkeys(words))
    asked = (*layout.questions, *choice.questions, *dates.questions, *amounts.questions, *money.questions)
    every = {ours: header[index] for ours, index in {**choice.positions, **money.positions}.items()}
    name = path.name
    questions = _holding(asked, every, name)
    held = {question.holds for question in questions}
    columns = {ours: theirs for ours, theirs in every.items() if ours not in held}
    source = TableSource("transactions", file="" if "file" in held else name, columns=columns, **reading)
    said = (*layout.said, *_counted(found), *left_out.said, *choice.said, *dates.said, *amounts.said, *money.said)
    guess = Guess(path, source, said, questions, found.rows, header, money.currency, money.hint, money.currencies)
    query, names, reason = accounts_query(guess, layout, choice)
    return replace(guess, accounts_query=query, account_name=names, said=(*guess.said, *reason))


def _holding(questions: Sequence[Question], columns: Mapping[str, str], file: str) -> tuple[Question, ...]:
    """The questions, each answer setting the column that its question holds back.

    Two questions never hold the same column: one answered would let the other be forgotten. A
    column that is called as ours is found without being named, so the file itself is held then.
    """
    done: list[Question] = []
    lines = {ours: f"columns.{ours} = {quoted(theirs)}" for ours, theirs in columns.items()}
    lines = {ours: line for ours, line in lines.items() if columns[ours].casefold() != ours}
    lines["file"] = f"file = {quoted(file)}"
    held = {question.holds for question in questions if _sets(question)}
    for question in questions:
        free = [
            ours
            for ours in (question.holds, "revenue", "date", "account_id", "file")
            if ours in lines and ours not in held
        ]
        if question.holds and not _sets(question) and free:
            held.add(free[0])
            answers = tuple(replace(answer, lines=(*answer.lines, lines[free[0]])) for answer in question.alternatives)
            question = replace(question, alternatives=answers, holds=free[0])
        done.append(question)
    return tuple(done)


def _sets(question: Question) -> bool:
    return any(
        line.startswith(f"columns.{question.holds} ") for answer in question.alternatives for line in answer.lines
    )


def _counted(found: Scan) -> list[str]:
    said = [f"{counted(found.data)} of sales"]
    if not found.complete:
        said = [f"the first {MOST_ROWS:,} rows were looked at"]
    return said
