"""What the reports of one run share: a question that one of them has asked is not computed again by the next."""

import functools
import inspect
import os
from collections.abc import Callable, Sized
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from kam_analysis import __version__
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.engine.given_back import give_back
from kam_analysis.ledger.engine.opened_once import keep, taken
from kam_analysis.ledger.engine.taking_turns import made_once
from kam_analysis.pages.about import settings_fingerprint

# Where a run's reports find it: a folder of the run's own, which nobody else can write to and which goes with the run.
FOLDER = "KAM_RUN_SHELF"
P = ParamSpec("P")
R = TypeVar("R")


def shelved(collect: Callable[Concatenate[Ledger, P], R]) -> Callable[Concatenate[Ledger, P], R]:
    """`collect`, which in a run takes what another report of it has found from the same ledger and the same parameters.

    Where two ask at the same moment, the second waits for the first. Outside a run nothing is kept. What cannot be read
    or written is computed: a shelf never fails a report.
    """

    of = inspect.signature(collect)

    @functools.wraps(collect)
    def kept(ledger: Ledger, *args: P.args, **asked: P.kwargs) -> R:
        folder = os.environ.get(FOLDER)
        if not folder:
            return collect(ledger, *args, **asked)
        path = Path(folder) / f"{_key(collect.__module__, ledger, _otherwise(of, ledger, args, asked))}.pickle"

        def find() -> R:
            found = collect(ledger, *args, **asked)
            give_back()
            keep(path, found)
            return found

        return made_once(path, lambda: taken(path), find)

    return kept


def _otherwise(of: inspect.Signature, ledger: Ledger, args: Any, asked: Any) -> list[tuple[str, Any]]:
    """What is asked for other than by default: a notebook says its parameters, another page none, and both mean the same.

    No account named is none, whether it is written as an empty list or as nothing.
    """
    given = of.bind(ledger, *args, **asked).arguments
    named = {name: (value, of.parameters[name].default) for name, value in list(given.items())[1:]}
    return sorted((name, value) for name, (value, usual) in named.items() if not _same(value, usual))


def _same(value: Any, usual: Any) -> bool:
    empty = [each is None or (isinstance(each, Sized) and not len(each)) for each in (value, usual)]
    return all(empty) or bool(type(value) is type(usual) and value == usual)


def _key(question: str, ledger: Ledger, asked: Any) -> str:
    """Of everything that what is found depends on."""
    of = (ledger.as_of, ledger.period_as_written, ledger.measure, ledger.line, ledger.level, ledger.fingerprint)
    return sha256(repr((__version__, question, settings_fingerprint(ledger.settings), of, asked)).encode()).hexdigest()
