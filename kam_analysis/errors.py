"""What can go wrong, said so that a user can mend it.

A `Problem` is one finding about settings or data: where, what rule, how many rows, examples,
and the remedy. A `KamError` carries all problems found at once and the exit code that the
command line gives for it.
"""

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, Self

Severity = Literal["error", "warning", "note"]

# What a disk itself can lack, and how that is mended.
_DISK = {
    errno.ENOSPC: ("the disk is full", "free some space on it"),
    errno.EDQUOT: ("your share of the disk is used up", "free some of it"),
    errno.EROFS: ("the disk can only be read", "make it writable"),
    errno.EIO: ("the disk fails with an input/output error", "have it checked"),
}
# What a terminal obeys instead of showing it: escape sequences, the bell, reversal of what follows.
_OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LONGEST, _LONGEST_EXAMPLE = 1_000, 60


def sayable(text: str, longest: int = _LONGEST) -> str:
    """Text out of a user's files as a sentence can hold it: no control signs, and not longer than anybody reads.

    >>> sayable("A\\x1b[31m"), sayable("x" * 80, 10)
    ('A\\\\x1b[31m', 'xxxxxxx...')
    """
    cut = text if len(text) <= longest else text[: longest - 3] + "..."
    return _OBEYED.sub(lambda sign: ascii(sign[0])[1:-1], cut)


@dataclass(frozen=True)
class Problem:
    """One finding about the settings or a table.

    `table` and `column` say where (either may be empty), `rule` what was expected and received,
    `rows` how many rows break it (None where rows do not apply), `examples` at most five
    offending values or keys, `remedy` what to do. A note tells how the data is read; nothing is wrong.
    """

    table: str
    column: str
    rule: str
    remedy: str
    rows: int | None = None
    examples: tuple[str, ...] = ()
    severity: Severity = "error"

    def __post_init__(self) -> None:
        for name in ("table", "column", "rule", "remedy"):
            object.__setattr__(self, name, sayable(getattr(self, name)))
        object.__setattr__(self, "examples", tuple(sayable(each, _LONGEST_EXAMPLE) for each in self.examples))

    @property
    def where(self) -> str:
        """The table and its column, or the settings file and its key."""
        between = ", " if self.table.endswith(".toml") else ", column "
        return between.join(part for part in (self.table, self.column) if part)

    def __str__(self) -> str:
        where = self.where
        count = ""
        if self.rows is not None:
            count = f" in {self.rows:,} row{'' if self.rows == 1 else 's'}"
        shown = f" ({', '.join(self.examples)})" if self.examples else ""
        said = f"{where}: {self.rule}" if where else self.rule
        return f"{said}{count}{shown}; {self.remedy}"


class KamError(Exception):
    """The family of errors that end in a sentence instead of a traceback."""

    exit_code = 1

    def __init__(self, message: str = "", problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(sayable(message, len(message)) or "\n".join(map(str, self.problems)))

    @classmethod
    def of(cls, where: str, rule: str, remedy: str) -> Self:
        """The error of one problem of a whole file, table or connection; see `Problem`."""
        return cls(problems=[Problem(where, "", rule, remedy)])


class SettingsError(KamError):
    """The command or the settings file cannot be used (exit code 2)."""

    exit_code = 2


class DataError(KamError):
    """The data or its connection cannot be used (exit code 1)."""


class RunError(KamError):
    """A report did not finish (exit code 1)."""


class BusyError(RunError):
    """Another run is writing into the folder (exit code 3): to be tried again later."""

    exit_code = 3


def disk_fails(error: BaseException) -> bool:
    """Whether it is the disk that refuses, not the place on it or the rights to it."""
    return isinstance(error, OSError) and _of_the_disk(error) is not None


def unwritten(error: OSError, otherwise: str) -> tuple[str, str]:
    """Why something could not be written, and the remedy: what the disk needs, or `otherwise`.

    >>> unwritten(OSError(errno.ENOSPC, "No space left on device"), "give another folder")
    ('the disk is full', 'free some space on it, or give another folder')
    """
    known = _of_the_disk(error)
    if known is None:
        return (error.strerror or "no access").lower(), otherwise
    return known[0], f"{known[1]}, or {otherwise}"


def _of_the_disk(error: OSError) -> tuple[str, str] | None:
    # Python tries one folder after the other and then says, with the number of a missing file, that none was usable.
    if error.errno == errno.ENOENT and "temporary directory" in (error.strerror or ""):
        return "no folder for temporary files can be used", "free some space on its disk"
    return _DISK.get(error.errno or 0)


@contextmanager
def writing(where: str, otherwise: str, refused: type[KamError] = RunError) -> Iterator[None]:
    """What cannot be written inside becomes a `RunError`, or `refused` where it is not the disk that fails: where, why,
    and the remedy, `otherwise` at least."""
    try:
        yield
    except OSError as error:
        why, remedy = unwritten(error, otherwise)
        kind = RunError if disk_fails(error) else refused
        raise kind(f"{where}: cannot be written to ({why}); {remedy}") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """A clause naming the known name nearest to `name`, or listing what is known.

    >>> nearest("revnue", ["revenue", "date"])
    'did you mean "revenue"?'
    """
    options = sorted(known)
    lowered = {option.lower(): option for option in options}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{lowered[close[0]]}"?'
    shown = ", ".join(options[:30]) + (", ..." if len(options) > 30 else "")
    return f"known here: {shown}" if options else "nothing is known here"
