"""What the reports of one run share: a question that one of them has asked is not computed again by the next."""

import functools
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from kam_analysis import __version__
from kam_analysis.ledger import Ledger
from kam_analysis.pages.about import settings_fingerprint

# Where a run's reports find it: a folder of the run's own, which nobody else can write to and which goes with the run.
FOLDER = "KAM_RUN_SHELF"
P = ParamSpec("P")
R = TypeVar("R")


def shelved(collect: Callable[Concatenate[Ledger, P], R]) -> Callable[Concatenate[Ledger, P], R]:
    """`collect`, which in a run takes what another report of it has found from the same ledger and the same parameters.

    Outside a run nothing is kept. What cannot be read or written is computed: a shelf never fails a report.
    """

    @functools.wraps(collect)
    def kept(ledger: Ledger, *args: P.args, **asked: P.kwargs) -> R:
        folder = os.environ.get(FOLDER)
        if not folder:
            return collect(ledger, *args, **asked)
        path = Path(folder) / f"{_key(collect.__module__, ledger, (args, sorted(asked.items())))}.pickle"
        with suppress(OSError, pickle.UnpicklingError, EOFError):
            found: R = pickle.loads(path.read_bytes())
            return found
        found = collect(ledger, *args, **asked)
        part = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError, pickle.PicklingError, AttributeError, TypeError):  # the last two for what has no name
            part.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
            os.replace(part, path)
        return found

    return kept


def _key(question: str, ledger: Ledger, asked: Any) -> str:
    """Of everything that what is found depends on."""
    of = (ledger.as_of, ledger.period_as_written, ledger.measure, ledger.line, ledger.level, ledger.fingerprint)
    return sha256(repr((__version__, question, settings_fingerprint(ledger.settings), of, asked)).encode()).hexdigest()
