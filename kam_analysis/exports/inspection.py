"""Looking at one export: from a file to a `Guess`."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.exports.account_choice import names_of_sales, padded_ids, pick_account
from kam_analysis.exports.amount_units import ask_unit
from kam_analysis.exports.arrangement import arranged
from kam_analysis.exports.currencies import currency_of
from kam_analysis.exports.customer_sheet import customer_sheet, ids_of
from kam_analysis.exports.date_choice import pick_date
from kam_analysis.exports.first_look import LARGEST
from kam_analysis.exports.look import Look
from kam_analysis.exports.payouts import ask_refunds
from kam_analysis.exports.revenue_choice import pick_cost, pick_revenue, price_doubts
from kam_analysis.exports.sales_choice import sales_rows, undated_question
from kam_analysis.exports.typed_files import open_parquet, open_workbook
from kam_analysis.exports.untidy import total_rows
from kam_analysis.ledger.reading.workbooks import WORKBOOKS, Workbook
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.settings_text import ENDLESS, is_endless
from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.choice import MOST_CANDIDATES, Choice, meanings_of, missing, pick_others
from kam_analysis.ledger.sniffing.formats import Finding, amounts_of, dates_of, not_amounts
from kam_analysis.ledger.sniffing.guess import Guess, Question
from kam_analysis.ledger.sniffing.header import Layout
from kam_analysis.ledger.sniffing.scan import MOST_ROWS, Scan, scan
from kam_analysis.ledger.sniffing.text_files import open_text
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import Meaning

_OPENERS: dict[str, Callable[[Path], Layout]] = {
    ".csv": open_text,
    ".tsv": open_text,
    ".txt": open_text,
    **dict.fromkeys(WORKBOOKS, open_workbook),
    ".parquet": open_parquet,
    ".pq": open_parquet,
}

_TABLES = (".parquet", ".pq")


def inspect_export(path: Path) -> Guess:
    """How is this sales export read, which of its columns are ours, and what must its owner say?

    `path` is a CSV, TSV, TXT or Parquet file or a workbook; every row counts as evidence, up to a million. A required
    column that is not known is a question. Raises `DataError` for a file that is empty, broken, or holds something
    else than its header says, `SettingsError` where the file is missing or of an unknown kind.
    """
    path = Path(path)
    layout = open_export(path)
    if path.suffix.lower() not in _TABLES:  # no report for people is a Parquet file
        layout = arranged(replace(layout, title=path.stem))
    meanings = _without_repeated(meanings_of(layout.header), layout)
    found = scan(layout, meanings, missing(meanings))
    if not found.data:
        raise DataError.of(path.name, "expected rows, got none below the header", "export it again")
    return _guess(path, layout, found)


# What stands once a row would count once for every column that became a row.
_ONCE_A_ROW = frozenset(
    [
        "date",
        "revenue",
        "gross",
        "due",
        "weighted",
        "cost",
        "profit",
        "quantity",
        "price",
        "discount",
        "tax",
        "order_id",
        "year",
    ]
)


def _without_repeated(meanings: dict[int, Meaning], layout: Layout) -> dict[int, Meaning]:
    """The meanings of a report whose months or years stood across columns: only what was made of them tells amounts."""
    if not layout.reading.get("columns_across"):
        return meanings
    made = ("date", "revenue")
    return {at: known for at, known in meanings.items() if layout.header[at] in made or known.ours not in _ONCE_A_ROW}


def open_export(path: Path) -> Layout:
    """The layout of one export, whatever it is of. Raises `DataError` or `SettingsError` where it cannot be read."""
    if not path.name.isprintable():  # nor could the settings name it
        shown = "".join(sign if sign.isprintable() else "?" for sign in path.name)
        rule = "the file's name holds a line break or another sign that cannot be shown"
        raise SettingsError.of(shown, rule, "rename the file")
    if not os.path.isfile(path):
        rule = "is a folder" if os.path.isdir(path) else ENDLESS if is_endless(path) else "is not there"
        raise SettingsError.of(path.name, rule, "give the path of one export file")
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        rule = f'expected .csv, .tsv, .txt, {", ".join(WORKBOOKS)} or .parquet, got "{path.suffix}"'
        raise SettingsError.of(path.name, rule, "save it as one of these")
    try:
        if not path.stat().st_size:
            raise DataError.of(path.name, "expected rows, got an empty file", "export it again")
        return opener(path)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise DataError.of(path.name, reason, "check that it is closed elsewhere and yours to read") from None


def _guess(path: Path, layout: Layout, found: Scan) -> Guess:
    header = layout.header
    choice = Choice(header, found)
    amounts, left_out = amounts_of(found), total_rows(found, layout)
    known: dict[str, Any] = {**layout.reading, **amounts.reading, **left_out.reading}
    known.pop("columns", None)
    if "revenue_from" in known:  # the amounts that were looked at are made of others
        known |= {key: layout.reading[key] for key in ("decimal", "thousands") if key in layout.reading}
    if words := (*left_out.reading.get("total_rows", ()), *layout.reading.get("total_rows", ())):
        known["total_rows"] = tuple(dict.fromkeys(words))
    name = path.name
    look = Look(path, name, known, next((header[index] for index in choice.named("date")), ""))
    pick_account(choice, look)
    pick_date(choice, look)
    pick_revenue(choice, look)
    choice.questions += price_doubts(
        choice, look, made={**known.get("revenue_from", {}), **choice.made_of.get("revenue_from", {})}
    )
    ask_unit(choice, look)
    ask_refunds(choice, look)
    pick_cost(choice, look)
    pick_others(choice)
    normalise = padded_ids(choice, look)
    dates = dates_of(found, choice, header) if "date" in choice.positions else Finding()
    money = currency_of(found, choice, header, layout.preface)
    sales = sales_rows(choice, look)
    reading = {**known, **dates.reading, "keep": sales.keep, "drop": sales.drop, "subtract": sales.subtract}
    undated = undated_question(choice, look, sales)
    asked = (
        *layout.questions,
        *choice.questions,
        *sales.questions,
        *dates.questions,
        *undated,
        *amounts.questions,
        *money.questions,
    )
    every = {ours: header[index] for ours, index in {**choice.positions, **money.positions}.items()}
    questions = _holding(asked, every, name)
    held = {question.holds for question in questions}
    columns = {ours: theirs for ours, theirs in every.items() if ours not in held}
    reading = {key: value for key, value in reading.items() if not _answered(key, questions)}
    source = TableSource("transactions", file="" if "file" in held else name, columns=columns, **reading)
    chosen, read = ([], ()) if "columns_across" in known else (choice.said, dates.said)
    said = (
        *layout.said,
        *_counted(found),
        *left_out.said,
        *chosen,
        *sales.said,
        *read,
        *amounts.said,
        *not_amounts(found, choice, header),
        *money.said,
    )
    guess = Guess(
        path,
        source,
        said,
        questions,
        found.rows,
        header,
        money.currency,
        money.hint,
        money.currencies,
        made_of=choice.made_of,
        normalise=normalise,
        candidates={header[index]: meaning.ours for index, meaning in found.meanings.items()},
    )
    accounts, reason = _accounts(guess, layout, choice)
    totals = (
        look.totals(_amounts(choice), header[money.positions["currency"]] if money.currencies else "") if asked else {}
    )
    largest = _largest(choice, look) if asked and len(money.currencies) < 2 else {}
    return replace(guess, accounts=accounts, totals=totals, largest=largest, said=(*guess.said, *reason))


def _accounts(guess: Guess, layout: Layout, choice: Choice) -> tuple[TableSource | None, tuple[str, ...]]:
    """The customer list: another sheet of the workbook, else the names in the sales' own lines."""
    said: tuple[str, ...] = ()
    at = choice.positions.get("account_id")
    if guess.path.suffix.lower() in WORKBOOKS and at is not None:
        bought = ids_of(choice.found.texts[at].distinct)
        read = guess.source.sheets or layout.reading.get("sheets") or (guess.source.sheet,)
        book = Workbook(guess.path)
        try:
            found, said = customer_sheet(book, read, bought, file=guess.path.name, called=layout.header[at])
        finally:
            book.close()
        if found is not None:
            return found, said
    names, reason = names_of_sales(guess.source, layout, choice)
    return names, (*reason, *said)


def _amounts(choice: Choice) -> list[str]:
    """Columns that may be what was sold, by name or because nothing else is known of them."""
    known = [index for ours in ("revenue", "gross", "due", "weighted") for index in choice.amounts(ours)]
    unknown = [i for i, column in choice.found.amounts.items() if i not in choice.found.meanings and column.is_amount]
    return [choice.header[index] for index in (*known, *unknown)][:MOST_CANDIDATES]


def _largest(choice: Choice, look: Look) -> dict[str, list[tuple[str, float]]]:
    """Who has most of each column that may be what was sold, where it is known who bought."""
    customer = choice.account_name if choice.account_name is not None else choice.positions.get("account_id")
    if customer is None:
        return {}
    name = choice.header[customer]
    return {amount: look.largest(amount, name, most=LARGEST) for amount in _amounts(choice)[:2]}


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


def _answered(key: str, questions: Sequence[Question]) -> bool:
    """Whether a key is set by the answers to a question, so that the settings say it once."""
    lines = (line for question in questions for answer in question.alternatives for line in answer.lines)
    return any(line.startswith(f"{key} = ") for line in lines)


def _sets(question: Question) -> bool:
    return any(
        line.startswith(f"columns.{question.holds} ") for answer in question.alternatives for line in answer.lines
    )


def _counted(found: Scan) -> list[str]:
    said = [f"{counted(found.data)} below the header"]
    if not found.complete:
        said = [f"the first {MOST_ROWS:,} rows were looked at"]
    return said
