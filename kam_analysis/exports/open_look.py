"""The sales that each answer to an open question would lead to, so that its owner can decide by looking at them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kam_analysis.exports.first_look import FirstLook, first_look
from kam_analysis.exports.toml_file import settings_text
from kam_analysis.ledger.sniffing.guess import Guess, Question
from kam_analysis.ledger.sniffing.wording import counted, plain
from kam_analysis.own_folder import temporary_folder

# Each answer is a look at the whole export: more of them would take too long, and be too much to read.
_MOST_ANSWERS = 5
_MOST_LOOKS = 12
_LONGEST = 160


def open_look(guess: Guess) -> Iterator[str]:
    """Lines for each question and each of its answers: rows, period, total and the five largest customers.

    Other questions are taken by their first answer meanwhile, and that is said. Where no answer can be looked at (an
    amount without a date, currencies without rates), the totals of each column of amounts stand in their place.
    """
    left, shown = _MOST_LOOKS, False
    if guess.questions and _can_be_answered(guess.questions):
        yield "What each answer would lead to" + _meanwhile(guess.questions)
        for at, question in enumerate(guess.questions):
            yield f"? {_short(question.text)}"
            for line, good in _answers(guess, at, min(left, _MOST_ANSWERS)):
                shown = shown or good
                yield line
            left -= min(left, len(question.alternatives), _MOST_ANSWERS)
    if not shown:
        yield from _totals(guess)


def _can_be_answered(questions: Sequence[Question]) -> bool:
    """Whether each has an answer that stands for itself; rates must be put in first."""
    return all(question.alternatives and question.section != "rates" for question in questions)


def _meanwhile(questions: Sequence[Question]) -> str:
    return ":" if len(questions) == 1 else " (the other questions by their first answer meanwhile):"


def _answers(guess: Guess, at: int, most: int) -> Iterator[tuple[str, bool]]:
    """A line, and whether it shows sales, for each of the first answers to one question."""
    before: tuple[str, ...] = ()
    for number, answer in enumerate(guess.questions[at].alternatives[:most], 1):
        chosen = [0] * len(guess.questions)
        chosen[at] = number - 1
        found = _look(guess, chosen)
        if not found.lines:
            why = str(found.errors[0].rule) if found.errors else "nothing to show"
            yield f"  {number}. {_short(answer.about)}: cannot be used as it is: {_short(why)}", False
            continue
        yield f"  {number}. {_short(answer.about)}: {found.lines[0]}", True
        if found.lines[1:] == before:
            yield "       with the same customers and amounts", True
        else:
            before = found.lines[1:]
            yield from ((f"     {line}", True) for line in before)


def _look(guess: Guess, chosen: Sequence[int]) -> FirstLook:
    """The first look at the settings with these answers, in a folder that is gone afterwards."""
    pairs = zip(guess.questions, chosen, strict=True)
    answered = replace(guess, questions=tuple(replace(each, chosen=each.alternatives[at]) for each, at in pairs))
    with temporary_folder() as folder:
        path = folder / "kam.toml"
        path.write_text(settings_text(answered, guess.path.resolve().parent.as_posix()), encoding="utf-8")
        return first_look(path)


def _totals(guess: Guess) -> Iterator[str]:
    """What can be said of an export whose sales cannot be told yet: rows, and the total of each column of amounts."""
    rows = counted(guess.rows.data)
    if not guess.totals:
        yield f"{rows}; no amounts can be added up before the questions are answered"
        return
    yield f"{rows}; as they stand, the columns of amounts come to:"
    for name, parts in guess.totals.items():
        told = "; ".join(f"{label} {worth:,.2f}" if label else f"{worth:,.2f}" for label, worth in parts)
        yield f'  "{plain(name)}": {told}'
    for name, customers in guess.largest.items():
        if customers:
            yield f'The largest by "{plain(name)}", all rows counted:'
            yield from (f"  {plain(who)[:40]:40} {worth:>16,.2f}" for who, worth in customers)


def _short(text: str) -> str:
    flat = plain(text)
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 3]}..."
