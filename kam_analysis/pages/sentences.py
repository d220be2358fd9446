"""What a page says, apart from what it computes: each page's sentences stand in the `words.toml` of its folder.

A native speaker edits that file without reading code. `{who}` in a sentence is filled in by the page; which of them a
sentence has is part of it, and a test holds both sides to each other.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

WORDS = "words.toml"
_BROKEN = re.compile(r"\s*\n\s*")  # a long sentence may stand on several lines


def said_in(module: str) -> Callable[..., str]:
    """How a module of a page speaks: its folder's sentences by name, filled in.

    `module` is the module's `__file__`. The function takes a sentence's name ("answer.alone": table and key of
    words.toml) and what is filled in, each as it is to be read. A name that is not there is a KeyError.
    """
    file = Path(module).parent / WORDS

    def say(name: str, /, **filled_in: object) -> str:
        return sentences(file)[name].format(**filled_in)

    return say


def words_in(module: str, table: str, **filled_in: object) -> dict[str, str]:
    """All of one table of a page's words.toml by key, in its order: heads, or words for what stands in the data.

    `module` is the module's `__file__`. As they stand where nothing is filled in. Without such a table the result is
    empty.
    """
    found = sentences(Path(module).parent / WORDS).items()
    every = {key.removeprefix(f"{table}."): text for key, text in found if key.startswith(f"{table}.")}
    return {key: text.format(**filled_in) for key, text in every.items()} if filled_in else every


def listed(names: Iterable[str], most: int | None = None) -> str:
    """Names as a sentence lists them; of more than `most` the first, and how many more there are.

    >>> listed(["A", "B", "C"]), listed(["A", "B", "C", "D"], most=2)
    ('A, B and C', 'A, B and 2 more')
    """
    every = list(names)
    shown = every[:most]
    if len(shown) < len(every):
        return f"{', '.join(shown)} and {len(every) - len(shown)} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


@cache
def sentences(file: Path) -> dict[str, str]:
    """All sentences of one words.toml by name, each on one line."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {f"{table}.{key}": _BROKEN.sub(" ", text) for table, each in tables.items() for key, text in each.items()}


ANSWER_WORDS = 24


def short_enough(*ways: str) -> str:
    """The first of several ways to say an answer that has no more words than a reader takes in; else the last.

    >>> short_enough("one " * 25, "It is brief."), short_enough("It is brief.", "Brief.")
    ('It is brief.', 'It is brief.')
    """
    return next((each for each in ways if len(each.split()) <= ANSWER_WORDS), ways[-1])
