"""Answers that account managers wrote into their lists of questions, read back: they fill in what a company's tables lack.

A list is a workbook with a sheet of this name, placed in the folder `answers` beside the data. Nothing is ever written into
the company's own tables, and what they say goes before an answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.reading.workbooks import Workbook
from kam_analysis.ledger.settings.settings import TABLES

FOLDER, SHEET = "answers", "Questions"
ANSWER, ROLE, KEY, ASKED = "Your answer", "Role", "key", "asked on"
_DECIDES = 5  # influence of somebody who is named as who decides


@dataclass(frozen=True)
class Question:
    """One kind of question: its words, how it is answered, and the table and column that the answer stands for."""

    table: str
    column: str
    kind: Literal["text", "date", "number"]
    words: str
    how: str


# In the order in which an account's questions are asked.
QUESTIONS: Mapping[str, Question] = {
    "decides": Question("contacts", "contact_name", "text", "Who decides at {account}?", "a name; the role beside it"),
    "contract": Question(
        "contracts", "ends_on", "date", "When does the contract with {account} end?", "a day such as 2027-03-31"
    ),
    "visit": Question("interactions", "date", "date", "When were you last at {account}?", "a day such as 2026-05-20"),
    "goal": Question("objectives", "objective", "text", "What does {account} want to reach?", "one goal, in their words"),
    "priorities": Question("account_notes", "priorities", "text", "What matters to {account} now?", "two or three words"),
    "spend": Question(
        "accounts", "annual_spend", "number", "What does {account} spend a year on what we sell, with anyone?", "an amount"
    ),
    "satisfaction": Question("accounts", "satisfaction", "number", "How satisfied is {account} with us?", "0 to 10"),
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What somebody answered: the `question`'s key, for which account, and in which row of which file."""

    question: str
    account_id: str
    value: Any
    role: str
    asked_on: date
    where: str


@dataclass(frozen=True)
class Answers:
    """All that can be used, one per question and account, and everything that cannot."""

    given: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, table: str) -> list[Answer]:
        """The answers that stand for a row or a value of this table."""
        return [each for each in self.given if QUESTIONS[each.question].table == table]

    @property
    def tables(self) -> set[str]:
        """Tables for which there is an answer."""
        return {QUESTIONS[each.question].table for each in self.given}

    def added_to(
        self, name: str, frame: pd.DataFrame | None, owners: pd.Series | None = None
    ) -> tuple[pd.DataFrame, list[Problem]]:
        """A table with what was answered, and what of it has no place. `owners`: account_manager_id by account_id."""
        given = self.of(name)
        if name == "accounts":
            return _filled(frame, given)
        found = pd.DataFrame() if frame is None else frame
        rows = pd.DataFrame([_row(each, owners) for each in given])
        if not len(rows):
            return found, []
        column = QUESTIONS[given[0].question].column
        if {"account_id", column} <= set(found):  # what is on file already is no news
            known = set(zip(found["account_id"].astype(str), found[column].map(_comparable), strict=True))
            pairs = zip(rows["account_id"], rows[column].map(_comparable), strict=True)
            rows = rows[[pair not in known for pair in pairs]]
        return (pd.concat([found, _typed(rows, name)], ignore_index=True) if len(rows) else found), []


def read_answers(folder: Path, today: date) -> Answers:
    """Every answered question of the lists in `folder`/answers; what cannot be used is said, all of it at once."""
    given: dict[tuple[str, str], Answer] = {}
    problems: list[Problem] = []
    for path in sorted((folder / FOLDER).glob("*.xlsx")):
        if path.name.startswith("~$"):  # Excel's own mark that the file is open
            continue
        for found in _of_file(path, today):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            key = found.question, found.account_id
            other = given.get(key)
            if other is None or found.asked_on > other.asked_on:
                given[key] = found
            if other is not None and other.value != found.value:
                rule = f"answers the same as {other.where}, and otherwise"
                remedy = f"{given[key].where} counts, the list that was made last; correct the other"
                problems.append(_unusable(found.where, rule, remedy))
    return Answers(tuple(given.values()), tuple(problems))


def _of_file(path: Path, today: date) -> Iterator[Answer | Problem]:
    name = f"{FOLDER}/{path.name}"
    try:
        book = Workbook(path)
    except DataError as error:
        yield from (Problem(name, "", each.rule, each.remedy, severity="warning") for each in error.problems)
        return
    try:
        rows = list(book.rows(SHEET)) if SHEET in book.names else []
    finally:
        book.close()
    head = next((cells for _, cells in rows if KEY in cells and ANSWER in cells), None)
    if head is None:
        rule = f'is no list of questions: no sheet "{SHEET}" with the columns {ANSWER} and {KEY}'
        remedy = f"fill in a list of kam report --pack manager, or take the file out of {FOLDER}"
        yield Problem(name, "", rule, remedy, severity="warning")
        return
    places = {title: head.index(title) for title in (ANSWER, ROLE, KEY, ASKED) if title in head}
    for number, cells in rows:
        value = {title: cells[at] if at < len(cells) else None for title, at in places.items()}
        if cells is head or value[ANSWER] in (None, "") or not str(value[ANSWER]).strip():
            continue
        yield _read(value, f"{name}, row {number}", today)


def _read(value: Mapping[str, Any], where: str, today: date) -> Answer | Problem:
    key, _, account = str(value[KEY] or "").partition("|")
    question = QUESTIONS.get(key)
    if question is None or not account:
        rule = "an answer without its question"
        remedy = "copy the answer to its row of a list that was not changed otherwise"
        return _unusable(where, rule, remedy)
    asked = _day(value.get(ASKED)) or today
    said = value[ANSWER]
    read: Any = str(said).strip()
    if question.kind == "date":
        read = _day(said)
        if read is not None and key == "visit" and read > today:
            read = None
    elif question.kind == "number":
        read = _number(said)
        column = TABLES[question.table][question.column]
        outside = read is not None and (read < (column.low or 0) or (column.high is not None and read > column.high))
        read = None if outside else read
    if read is None:
        rule = f'expected {question.how}, got "{str(said)[:40]}"'
        return _unusable(where, rule, "correct it; until then it is not used")
    return Answer(key, account, read, str(value.get(ROLE) or "").strip(), asked, where)


def _unusable(where: str, rule: str, remedy: str) -> Problem:
    return Problem(where, ANSWER, rule, remedy, severity="warning")


def _day(said: Any) -> date | None:
    if isinstance(said, datetime):
        return said.date()
    if isinstance(said, date):
        return said
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(str(said).strip(), form).date()
        except ValueError:
            continue
    return None


def _number(said: Any) -> float | None:
    try:
        return float(str(said).replace(",", "").replace(" ", ""))
    except ValueError:
        return None


def _row(answer: Answer, owners: pd.Series | None) -> dict[str, Any]:
    question = QUESTIONS[answer.question]
    owner = None if owners is None else owners.get(answer.account_id)
    row = {"account_id": answer.account_id, question.column: answer.value}
    more: Mapping[str, dict[str, Any]] = {
        "decides": {
            "contact_id": f"answered-{answer.account_id}",
            "role": answer.role or None,
            "influence": float(_DECIDES),
            "owner_id": owner,
        },
        "visit": {"staff_id": owner or "not on file", "channel": "visit", "kind": "visit", "direction": "out"},
        "goal": {"horizon": "short", "whose": "theirs"},
        "priorities": {"written": answer.asked_on},
    }
    return row | more.get(answer.question, {})


def _filled(frame: pd.DataFrame | None, given: list[Answer]) -> tuple[pd.DataFrame, list[Problem]]:
    """The customer list with values where it has none."""
    if frame is None:
        return pd.DataFrame(), []
    found, problems = frame.copy(deep=False), []
    for each in given:
        column = QUESTIONS[each.question].column
        place = found["account_id"] == each.account_id
        if not place.any():
            rule = f"account {each.account_id} is not in the customer list"
            problems.append(_unusable(each.where, rule, "add it there; until then it is not used"))
            continue
        values = found[column] if column in found else pd.Series(float("nan"), found.index)
        found[column] = values.mask(place & values.isna(), each.value)
    return found, problems


def _typed(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    kinds = {"date": "datetime64[us]", "number": "float64"}
    typed = {name: kinds.get(TABLES[table][name].kind, "str") for name in map(str, rows)}
    return rows.astype(typed)


def _comparable(value: Any) -> str:
    return str(pd.Timestamp(value).date()) if isinstance(value, date | pd.Timestamp) else str(value).strip().casefold()
