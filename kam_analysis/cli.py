"""`kam`: the command line. Every command imports what it needs when it runs, so that `kam --help` is instant."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kam_analysis import __version__
from kam_analysis.errors import KamError, Problem

_EXISTING = click.Path(path_type=Path)


class _Sentences(click.Group):
    """Ends every expected failure in its sentences and its exit code, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KamError as error:
            for line in str(error).splitlines() or [""]:
                click.secho(line, err=True, fg="red" if sys.stderr.isatty() else None)
            ctx.exit(error.exit_code)


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kam")
def main() -> None:
    """The key-account workbook: from a sales export to pages that leadership can act on."""


@main.command()
@click.argument("source", type=_EXISTING, metavar="SETTINGS|EXPORT")
def check(source: Path) -> None:
    """List every problem of SETTINGS and its tables, or of an EXPORT. Exit 1 where one of them is an error."""
    from kam_analysis.ledger.exports.one_step import usable_settings
    from kam_analysis.ledger.opening import check as problems_of

    with usable_settings(source, click.echo) as settings:
        problems = problems_of(settings) if settings else []
    _print_problems(problems)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    click.echo(f"{errors} error(s), {warnings} warning(s)")
    sys.exit(1 if errors else 0)


def _print_problems(problems: list[Problem]) -> None:
    """One block per problem: a table wide enough for its sentences would not fit a terminal."""
    for problem in sorted(problems, key=lambda each: each.severity):
        where = problem.where
        rows = "" if problem.rows is None else f"{problem.rows:,} row{'' if problem.rows == 1 else 's'}"
        click.echo(f"{problem.severity:8} {where}")
        click.echo(f"{'':8} rule      {problem.rule}")
        if rows:
            click.echo(f"{'':8} rows      {rows}")
        if problem.examples:
            click.echo(f"{'':8} examples  {', '.join(problem.examples)}")
        click.echo(f"{'':8} remedy    {problem.remedy}\n")


@main.command()
@click.argument("export", type=_EXISTING)
def init(export: Path) -> None:
    """Write a commented kam.toml beside an untidy EXPORT (CSV, XLSX, Parquet). Exit 1 where it must be completed."""
    from kam_analysis.ledger.exports import inspect_export, write_settings
    from kam_analysis.ledger.exports.first_look import first_look

    guess = inspect_export(export)
    written = write_settings(guess)
    _say_guess(guess)
    click.echo(f"Written: {click.format_filename(written)}")
    if guess.questions:
        click.echo("It cannot be used yet: choose between the alternatives in it, then run: kam check " + written.name)
        sys.exit(1)
    found = first_look(written)
    for line in found.lines:
        click.echo(line)
    for problem in (found.errors or found.problems)[:5]:
        click.echo(f"{problem.severity}: {problem}")
    if found.errors:
        click.echo(f"It cannot be used yet: correct it, then run: kam check {click.format_filename(written)}")
    else:
        click.echo(f"Next: kam report {click.format_filename(written)}")
    sys.exit(1 if found.errors else 0)


def _say_guess(guess: Any) -> None:
    for sentence in guess.said:
        click.echo(f"- {sentence}")
    if guess.unused:
        click.echo(f"- not used: {', '.join(guess.unused[:20])}{', ...' * (len(guess.unused) > 20)}")
    for question in guess.questions:
        click.echo(f"? {question}")


@main.command()
@click.argument("folder", type=_EXISTING)
@click.option("--accounts", type=click.IntRange(min=1), help="Number of customers.")
@click.option("--transactions", type=click.IntRange(min=1), help="Number of transaction rows.")
@click.option("--seed", type=int, default=None, help="Same seed, same bytes.")
def sample(folder: Path, accounts: int | None, transactions: int | None, seed: int | None) -> None:
    """Write a synthetic company with all tables into FOLDER."""
    from kam_analysis.ledger.sample import write_sample

    chosen = {} if seed is None else {"seed": seed}
    written = write_sample(folder, accounts=accounts, transactions=transactions, **chosen)
    click.echo(f"{len(written)} files written; try: kam report {click.format_filename(folder / 'kam.toml')}")


@main.command()
@click.argument("source", type=_EXISTING, required=False, metavar="[SETTINGS|EXPORT]")
@click.option("--out", type=_EXISTING, default=Path("reports"), show_default=True, help="Folder of the pages.")
@click.option("--only", multiple=True, metavar="NAME", help="Run only this report; may be repeated.")
@click.option("--set", "set_values", multiple=True, metavar="NAME.PARAM=VALUE", help="A parameter of one report.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Figures as of this day.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Reports at a time.")
@click.option("--notebooks", type=_EXISTING, help="A folder with your own notebooks.")
@click.option(
    "--time-limit", type=click.IntRange(min=1), default=3600, show_default=True, help="Seconds for one report."
)
def report(
    source: Path | None,
    out: Path,
    only: tuple[str, ...],
    set_values: tuple[str, ...],
    as_of: datetime | None,
    workers: int,
    notebooks: Path | None,
    time_limit: int,
) -> None:
    """Run the notebooks and publish their pages; without SETTINGS, on the sample company."""
    from kam_analysis.batch import run_reports
    from kam_analysis.ledger.exports.one_step import usable_settings

    with _bar() as bar, usable_settings(source, bar.say) as settings:
        summary = run_reports(
            settings,
            out,
            only=only,
            set_values=set_values,
            as_of=as_of.date() if as_of else None,
            workers=workers,
            notebooks=notebooks,
            time_limit=time_limit,
            say=bar.say,
            progress=bar.progress,
        )
    sys.exit(summary.exit_code)


class _Bar:
    """How far the running reports are, in one line on a terminal; elsewhere nothing but the plain lines."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._running: dict[str, float] = {}
        self._drawing = threading.Lock()  # each report tells its progress from a thread of its own

    def say(self, line: str) -> None:
        """A line that stays. Reports that still run show again at their next cell."""
        with self._drawing:
            self._running.clear()
            self._draw("")
            click.echo(line)

    def end(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        with self._drawing:
            self._draw("")
            self._shown = False

    def progress(self, name: str, ran: int, cells: int) -> None:
        """So many of a report's cells have run."""
        with self._drawing:
            self._running[name] = ran / max(cells, 1)
            parts = (f"{report} {share:4.0%}" for report, share in sorted(self._running.items()) if share < 1)
            self._draw("  ".join(parts))

    def _draw(self, text: str) -> None:
        if self._shown:
            width = shutil.get_terminal_size().columns - 1
            # Spaces, not an escape sequence: not every console of Windows knows those.
            click.echo(f"\r{text[:width]:{width}}\r{text[:width]}", err=True, nl=False)


@contextmanager
def _bar() -> Iterator[_Bar]:
    bar = _Bar(sys.stderr.isatty() and not os.environ.get("CI"))
    try:
        yield bar
    finally:
        bar.end()


@main.command()
@click.argument("settings", type=_EXISTING, required=False)
@click.option("--folder", type=_EXISTING, default=Path("kam-notebooks"), show_default=True, help="The working copy.")
def lab(settings: Path | None, folder: Path) -> None:
    """Start JupyterLab on a working copy of the notebooks, with your SETTINGS."""
    from kam_analysis.batch.lab import start_lab

    sys.exit(start_lab(settings, folder, click.echo))
