"""Files that are no files, that vanish, that nobody may read, and patterns that match too much."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from hostile_case import GOOD, HEADER, SALES, TOP, Build, Case, files, only, refused, right
from xlsx_cases import TABLE, workbook

EXPORT = "Customer,Invoice date,Net sales\nAldwick,2025-01-31,300\nBexhill,2025-02-28,200\n"


def file(pattern: str, *names: str, content: str = GOOD) -> Build:
    """Settings that name a file or pattern, and files of these names."""

    def build(folder: Path) -> None:
        settings = f"{TOP}[tables.transactions]\nfile = '{pattern}'\n"
        (folder / "kam.toml").write_text(settings, encoding="utf-8")
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")

    return build


def then(build: Build, more: object) -> Build:
    """What is built, and something more done in the folder."""

    def both(folder: Path) -> None:
        build(folder)
        more(folder)  # type: ignore[operator]

    return both


def closed(folder: Path) -> None:
    (folder / "sales.csv").chmod(0)


def loop(folder: Path) -> None:
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    (folder / "round").symlink_to(folder)


def link(target: str) -> object:
    return lambda folder: (folder / "sales.csv").symlink_to(target)


def pipe(name: str) -> object:
    return lambda folder: os.mkfifo(folder / name)


def bracketed(folder: Path) -> None:
    (folder / "kam.toml").write_text(TOP + 'data_dir = "Sales [2025]"\n' + SALES)
    (folder / "Sales [2025]").mkdir()
    (folder / "Sales [2025]" / "sales.csv").write_text(GOOD)


def locked_by_excel(folder: Path) -> None:
    (folder / "kam.toml").write_text(TOP + SALES.replace("sales.csv", "*.xlsx"))
    (folder / "sales.xlsx").write_bytes(workbook(TABLE))
    (folder / "~$sales.xlsx").write_bytes(b"\x05Owner" + bytes(159))


@contextmanager
def vanishing(folder: Path) -> Iterator[None]:
    """sales.csv is there when it is looked for, and gone when it is read."""
    from kam_analysis.ledger.engine import sources

    find = sources.found_files

    def found(*given: object, **more: object) -> object:
        there = find(*given, **more)
        (folder / "sales.csv").unlink()
        return there

    with mock.patch.object(sources, "found_files", found):
        yield
    (folder / "sales.csv").write_text(GOOD)


@contextmanager
def shrinking(folder: Path) -> Iterator[None]:
    """sales.csv is emptied when its header has been read."""
    from kam_analysis.ledger.engine import sources

    make = sources.reader

    def call(*given: object, **more: object) -> object:
        made = make(*given, **more)
        (folder / "sales.csv").write_text("")
        return made

    with mock.patch.object(sources, "reader", call):
        yield
    (folder / "sales.csv").write_text(GOOD)


ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOT_THERE = refused(1, "is not there", "data_dir")
CASES = (
    Case("a file that is not there", file("sales.csv"), NOT_THERE),
    Case("a pattern that matches nothing", file("x*.csv", "sales.csv"), refused(1, 'no file matches "x*.csv"')),
    Case("a pattern that matches several kinds", file("s*", "sales.csv", "sales.txt"), refused(1, "several kinds")),
    Case("a pattern that matches the settings too", file("*", "sales.csv"), refused(1, "several kinds")),
    Case("a pattern that is not closed", file("sales[.csv", "sales[.csv"), (right(), refused(1, "sales[.csv"))),
    Case("a name with a bracket", file("sales [[]2025].csv", "sales [2025].csv"), right()),
    Case("a name with a bracket written as it is", file("sales [2025].csv", "sales [2025].csv"), right()),
    Case("a folder with a bracket", bracketed, right()),
    Case("a name with a star", file("sales[*].csv", "sales*.csv"), right(), posix=True),
    Case("a name with a quotation mark", file('sales"x.csv', 'sales"x.csv'), right(), posix=True),
    Case("a name with blanks and an umlaut", file("Umsätze 2025.csv", "Umsätze 2025.csv"), right()),
    Case("a name of 300 letters", file("s" * 300 + ".csv"), NOT_THERE),
    Case("a name of blanks", file("   "), refused(1, "is not there")),
    Case("a name of nothing", file(""), (refused(1), refused(2))),
    Case("a name in capitals", file("sales.csv", "x.csv", "sales.CSV".lower()), right()),
    Case("a folder where a file should be", then(file("sales.csv"), lambda folder: (folder / "sales.csv").mkdir()), refused(1, "sales.csv")),
    Case("data_dir itself as the file", file("."), refused(1, "is not there")),
    Case("files in a folder below", file("*/sales.csv", "2024/sales.csv"), right()),
    Case("a file above data_dir", file("../case/sales.csv", "sales.csv"), right()),
    Case("a copy of a file beside it", file("sales*.csv", "sales.csv", "sales (1).csv"), (right(1000, "sales (1).csv", Aldwick=600, Bexhill=400), right(500, "sales (1).csv", Aldwick=300, Bexhill=200), refused(1, "sales (1).csv"))),
    Case("the faulty file of a pattern", then(file("s*.csv", "s1.csv", "s2.csv"), lambda folder: (folder / "s2.csv").write_text(HEADER + "Aldwick,soon,3\n")), refused(1, "s2.csv")),
    Case("the lock file of an open workbook", locked_by_excel, right()),
    # What it finds is the machine's: too many files, or the first that is no table.
    Case("the whole machine as a pattern", file("/**/*.csv", "sales.csv"), refused(1, ".csv")),
    Case("a link to a file", then(file("sales.csv", "other.csv"), link("other.csv")), right(), posix=True),
    Case("a link to nothing", then(file("sales.csv"), link("nowhere.csv")), refused(1, "sales.csv"), posix=True),
    Case("a link to itself", then(file("sales.csv"), link("sales.csv")), refused(1, "sales.csv"), posix=True),
    Case("links in a circle", then(file("**/sales.csv", "sales.csv"), loop), right(), posix=True),
    Case("a link to a device", then(file("sales.csv"), link("/dev/zero")), refused(1, "sales.csv"), posix=True),
    Case("a pipe where a file should be", then(file("sales.csv"), pipe("sales.csv")), refused(1, "sales.csv"), posix=True),
    Case("a pipe where the settings should be", pipe("kam.toml"), refused(2, "kam.toml"), posix=True),  # type: ignore[arg-type]
    *(() if ROOT else (Case("a file that nobody may read", then(files(sales__csv=GOOD), closed), refused(1, "sales.csv"), posix=True),)),
    Case("a file that vanishes before it is read", files(sales__csv=GOOD), refused(1, "sales.csv"), around=vanishing),
    Case("a file that is emptied while it is read", files(sales__csv=GOOD), refused(1, "sales.csv"), around=shrinking),
    Case("init: a folder", lambda folder: (folder / "export.csv").mkdir(), refused(2, "is a folder"), "init", "export.csv"),
    Case("init: a file that is not there", lambda folder: None, refused(2, "is not there"), "init", "export.csv"),
    Case("init: a pipe", pipe("export.csv"), refused(2, "export.csv"), "init", "export.csv", posix=True),  # type: ignore[arg-type]
    Case("init: a device", lambda folder: (folder / "export.csv").symlink_to("/dev/zero"), refused(2, "export.csv"), "init", "export.csv", posix=True),
    Case("init: settings are there already", files("# mine\n", export__csv=EXPORT), refused(2, "is not overwritten"), "init", "export.csv"),
    Case("init: settings are a folder", then(only("export.csv", EXPORT), lambda folder: (folder / "kam.toml").mkdir()), refused(2, "is not overwritten"), "init", "export.csv"),
    Case("init: settings are a link to nothing", then(only("export.csv", EXPORT), lambda folder: (folder / "kam.toml").symlink_to("nowhere/kam.toml")), (refused(2, "kam.toml"), right()), "init", "export.csv", posix=True),
    Case("init: a name with a bracket", only("export [1].csv", EXPORT), right(), "init", "export [1].csv"),
    Case("init: a name with quotation marks and a line break", only("ex'\"\n.csv", EXPORT), refused(2, "rename the file"), "init", "ex'\"\n.csv", posix=True),
    Case("init: a name that is a script", only("<script>.csv", EXPORT), right(), "init", "<script>.csv", posix=True),
    Case("report: a folder", lambda folder: (folder / "export.csv").mkdir(), refused(2, "is a folder"), "report", "export.csv"),
    Case("report: a pipe", pipe("export.csv"), refused(2, "export.csv"), "report", "export.csv", posix=True),  # type: ignore[arg-type]
    Case("report: a broken export", only("export.csv", "Customer,Invoice date,Net sales\n"), refused(1, "none below the header"), "report", "export.csv"),
)  # fmt: skip
