"""One case of the corpus: the fault that its name says, how it is built, and what may come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "Geheim-4711"  # planted where a password would stand: nothing that is said may hold it
TOP = 'period = "all"\n'
SALES = '[tables.transactions]\nfile = "sales.csv"\n'
HEADER = "account_id,date,revenue\n"
ROWS = "Aldwick,2025-01-31,300\nBexhill,2025-02-28,200\n"
GOOD = HEADER + ROWS

Build = Callable[[Path], object]


@dataclass(frozen=True)
class Right:
    """The figures are right: this total over all days, these amounts of the accounts; `warned` is said beside them."""

    total: float
    accounts: Mapping[str, float] = field(default_factory=dict)
    warned: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"total {self.total:,.2f}" + "".join(f', "{word}" said' for word in self.warned)


@dataclass(frozen=True)
class Refused:
    """A sentence that holds these words, and an exit code."""

    code: int
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"exit {self.code}" + "".join(f', "{word}"' for word in self.words)


@dataclass(frozen=True)
class Case:
    """`build` fills a folder, `kam COMMAND ARGUMENT` runs in it, and one of `expect` comes of it.

    `around` is entered while the command runs. `posix` cases need what Windows does not have. `all_frames` asks the ledger for months and
    habits as well, where a check that passes may let a report fail; `shown` makes a table and a chart for a page.
    `time_limit` is the command's own, in seconds.
    """

    name: str
    build: Build
    expect: Right | Refused | tuple[Right | Refused, ...]
    command: str = "check"
    argument: str = "kam.toml"
    environ: Mapping[str, str | None] = field(default_factory=dict)
    around: Callable[[Path], object] | None = None
    posix: bool = False
    all_frames: bool = False
    shown: bool = False
    time_limit: int = 60

    @property
    def outcomes(self) -> tuple[Right | Refused, ...]:
        """What may come of it: any of these."""
        return self.expect if isinstance(self.expect, tuple) else (self.expect,)


def refused(code: int, *words: str) -> Refused:
    """A sentence with these words."""
    return Refused(code, words)


def asked(*words: str) -> Refused:
    """`kam init` asks before it goes on."""
    return Refused(1, ("? ", *words))


def right(total: float = 500, *warned: str, **accounts: float) -> Right:
    """These figures, of Aldwick 300 and Bexhill 200 where nothing is named."""
    return Right(total, accounts or ({"Aldwick": 300, "Bexhill": 200} if total == 500 else {}), warned)


def files(settings: str = TOP + SALES, encoding: str = "utf-8", **contents: str | bytes) -> Build:
    """Write kam.toml and each of the files, "__" in a name standing for a dot; text in this encoding."""

    def build(folder: Path) -> None:
        (folder / "kam.toml").write_text(settings, encoding="utf-8")
        for name, content in contents.items():
            data = content.encode(encoding) if isinstance(content, str) else content
            (folder / name.replace("__", ".")).write_bytes(data)

    return build


def sales(text: str | bytes = GOOD, keys: str = "", top: str = TOP, encoding: str = "utf-8") -> Build:
    """Settings and sales.csv; `keys` are further lines below [tables.transactions], `top` those above it."""
    return files(f"{top}{SALES}{keys}\n", encoding, sales__csv=text)


def rows(text: str, **more: str) -> Build:
    """Settings and a sales.csv of these rows below the usual header."""
    return sales(HEADER + text, **more)


def only(name: str, content: str | bytes, encoding: str = "utf-8") -> Build:
    """One file and no settings: an export for `kam init`."""

    def build(folder: Path) -> None:
        (folder / name).write_bytes(content.encode(encoding) if isinstance(content, str) else content)

    return build
