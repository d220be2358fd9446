"""`kam`: the command line. Every command imports what it needs when it runs, so that `kam --help` is instant."""

import math
import os
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kam_analysis import __version__
from kam_analysis.console import say, show_everything
from kam_analysis.errors import KamError, Problem, disk_fails, unwritten
from kam_analysis.stopping import EndedBySignal, ended_by_signals, limited

_EXISTING = click.Path(path_type=Path)
_AFTER = "kam_analysis.after"  # in a command's context: what its line had after `--`
_CTRL_C = 130  # what shells give for it


class _Sentences(click.Group):
    """Ends every expected failure, and every signal, in its sentences and its exit code, never in a traceback."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """The command itself; its output can be shown everywhere."""
        show_everything()
        return super().main(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with ended_by_signals():
                return super().invoke(ctx)
        except KamError as error:
            said, code = str(error), error.exit_code
        except KeyboardInterrupt:
            said, code = "Stopped by Ctrl-C.", _CTRL_C
        except EndedBySignal as ended:
            said, code = f"Stopped by {ended.name}.", ended.exit_code
        except OSError as error:
            if not disk_fails(error):
                raise
            # Wherever else something is written: copies of files for reading, an engine's temporary files.
            why, remedy = unwritten(error, "set TMPDIR to a folder on another disk")
            said, code = f"{Path(str(error.filename or 'the disk')).name}: cannot be written to ({why}); {remedy}", 1
        with suppress(OSError):  # the terminal may be gone
            for line in said.splitlines() or [""]:
                say(line, err=True, fg="red" if sys.stderr.isatty() else None)
        ctx.exit(code)


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kam")
def main() -> None:
    """The key-account workbook: from a sales export to pages that leadership can act on."""
    if any(option.startswith("e") for option in sys.warnoptions):
        _warn_as_usual()


def _warn_as_usual() -> None:
    """PYTHONWARNINGS=error is meant for somebody's own programs: a library's warning is no reason to end a run."""
    warnings.simplefilter("default")
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)


def _time_limit(seconds: int, help: str) -> Callable[[Any], Any]:
    whole = click.IntRange(min=1)
    return click.option("--time-limit", type=whole, default=seconds, show_default=True, metavar="SECONDS", help=help)


def _finite(context: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Nothing is more than "nan": it would be no limit at all."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"expected a number, got {value}")
    return value


@main.command()
@click.argument("source", type=_EXISTING, metavar="SETTINGS|EXPORT")
@_time_limit(3600, "The check is stopped when it takes longer.")
def check(source: Path, time_limit: int) -> None:
    """List every problem of SETTINGS and its tables, or of an EXPORT. Exit 1 where one of them is an error."""
    from kam_analysis.exports.one_step import usable_settings
    from kam_analysis.ledger.opening import checked
    from kam_analysis.pages.coverage.kept_up import kept_up

    with limited(time_limit, "the check"), usable_settings(source, say) as settings:
        problems, ledger = checked(settings) if settings else ([], None)
        lines = kept_up(ledger) if ledger is not None else []
    _print_problems(problems)
    for line in lines:
        say(line)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    say(f"{errors} error(s), {warnings} warning(s)")
    sys.exit(1 if errors else 0)


def _print_problems(problems: list[Problem]) -> None:
    """One block per problem: a table wide enough for its sentences would not fit a terminal."""
    for problem in sorted(problems, key=lambda each: each.severity):
        where = problem.where
        rows = "" if problem.rows is None else f"{problem.rows:,} row{'' if problem.rows == 1 else 's'}"
        say(f"{problem.severity:8} {where}")
        say(f"{'':8} rule      {problem.rule}")
        if rows:
            say(f"{'':8} rows      {rows}")
        if problem.examples:
            say(f"{'':8} examples  {', '.join(problem.examples)}")
        say(f"{'':8} remedy    {problem.remedy}\n")


@main.command()
@click.argument("exports", type=_EXISTING, nargs=-1, required=True, metavar="EXPORT|FOLDER...")
@_time_limit(600, "The look at the export is stopped when it takes longer.")
def init(exports: tuple[Path, ...], time_limit: int) -> None:
    """Write a commented kam.toml beside an untidy EXPORT of sales (CSV, XLSX, Parquet). Exit 1 where it must be completed.

    With a FOLDER, or with several files of one folder, exports of a CRM are recognised, too: contacts, activities, offers
    and feedback of Salesforce, HubSpot, Dynamics 365 and Pipedrive.
    """
    from kam_analysis.exports import inspect_export, write_settings
    from kam_analysis.exports.crm_files import crm_tables, sorted_out
    from kam_analysis.exports.first_look import first_look
    from kam_analysis.exports.open_look import open_look

    export, others = sorted_out(exports)
    with limited(time_limit, f"the look at {export.name}"):
        guess = inspect_export(export)
        tables = crm_tables(guess, others, say)
    written = write_settings(guess, more=[each.text for each in tables])
    _say_guess(guess)
    for each in tables:
        for line in each.lines:
            say(line)
    say(f"Written: {click.format_filename(written)}")
    if guess.questions or any(each.questions for each in tables):
        with limited(time_limit, "the look at what each answer would lead to"):
            for line in open_look(guess) if guess.questions else ():
                say(line)
        say("It cannot be used yet: choose between the alternatives in it, then run: kam check " + written.name)
        sys.exit(1)
    with limited(time_limit, "the check of the new settings"):
        found = first_look(written)
    for line in found.lines:
        say(line)
    for problem in (found.errors or found.problems)[:5]:
        say(f"{problem.severity}: {problem}")
    if found.errors:
        say(f"It cannot be used yet: correct it, then run: kam check {click.format_filename(written)}")
    else:
        say(f"Next: kam report {click.format_filename(written)}")
    sys.exit(1 if found.errors else 0)


def _say_guess(guess: Any) -> None:
    for sentence in guess.said:
        say(f"- {sentence}")
    if guess.unused:
        say(f"- not used: {', '.join(guess.unused[:20])}{', ...' * (len(guess.unused) > 20)}")
    for question in guess.questions:
        say(f"? {question}")


@main.command()
@click.argument("folder", type=_EXISTING)
@click.option("--accounts", type=click.IntRange(min=1), help="Number of customers.")
@click.option("--transactions", type=click.IntRange(min=1), help="Number of transaction rows.")
@click.option("--seed", type=int, default=None, help="Same seed, same bytes.")
def sample(folder: Path, accounts: int | None, transactions: int | None, seed: int | None) -> None:
    """Write a synthetic company with all tables into FOLDER."""
    from kam_analysis.sample import write_sample

    chosen = {} if seed is None else {"seed": seed}
    written = write_sample(folder, accounts=accounts, transactions=transactions, **chosen)
    say(f"{len(written)} files written; try: kam report {click.format_filename(folder / 'kam.toml')}")


@main.command()
@click.argument("source", type=_EXISTING, required=False, metavar="[SETTINGS|EXPORT]")
@click.option("--out", type=_EXISTING, default=Path("reports"), show_default=True, help="Folder of the pages.")
@click.option("--only", multiple=True, metavar="NAME", help="Run only this report; may be repeated.")
@click.option("--set", "set_values", multiple=True, metavar="NAME.PARAM=VALUE", help="A parameter of one report.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Figures as of this day.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Reports at a time.")
@click.option("--notebooks", type=_EXISTING, help="A folder with your own notebooks.")
@click.option(
    "--plans",
    default="key",
    show_default=True,
    metavar="key|all|N|ID,ID",
    help="Which accounts get a plan: the key ones, all, so many of the largest key ones (0: none), or those named.",
)
@click.option(
    "--pack",
    type=click.Choice(["manager"]),
    default=None,
    help="Also a folder per account manager, packs/ID: index, plans, calls and open questions of their own accounts alone.",
)
@_time_limit(3600, "For one report; as much for the check of the data before all reports, and for a look at an EXPORT.")
@click.option(
    "--memory-limit",
    type=click.FloatRange(min=0, min_open=True),
    callback=_finite,
    help="GB of memory for one report; its part of the machine's if not given.",
)
def report(
    source: Path | None,
    out: Path,
    only: tuple[str, ...],
    set_values: tuple[str, ...],
    as_of: datetime | None,
    workers: int,
    notebooks: Path | None,
    plans: str,
    pack: str | None,
    time_limit: int,
    memory_limit: float | None,
) -> None:
    """Run the notebooks and publish their pages; without SETTINGS, on the sample company."""
    from kam_analysis.batch import run_reports
    from kam_analysis.exports.one_step import usable_settings

    with _bar() as bar, usable_settings(source, bar.say, time_limit) as settings:
        summary = run_reports(
            settings,
            out,
            only=only,
            set_values=set_values,
            as_of=as_of.date() if as_of else None,
            workers=workers,
            notebooks=notebooks,
            plans=plans,
            pack=pack or "",
            time_limit=time_limit,
            memory_limit=memory_limit,
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
            say(line)

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
            say(f"\r{text[:width]:{width}}\r{text[:width]}", err=True, nl=False)


@contextmanager
def _bar() -> Iterator[_Bar]:
    bar = _Bar(sys.stderr.isatty() and not os.environ.get("CI"))
    try:
        yield bar
    finally:
        bar.end()


class _BeforeAnothers(click.Command):
    """A command whose line may go on, after `--`, with the options of the program that it starts."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_AFTER] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


_WORKING_COPY = click.option(
    "--folder", type=_EXISTING, default=Path("kam-notebooks"), show_default=True, help="The working copy."
)


@main.command(cls=_BeforeAnothers, epilog="As in: kam lab kam.toml -- --port 9999")
@click.argument("settings", type=_EXISTING, required=False, metavar="[SETTINGS] [-- JUPYTERLAB'S OWN OPTIONS]")
@_WORKING_COPY
@click.option("--full", is_flag=True, help="With JupyterLab's terminals and extension manager.")
@click.pass_context
def lab(ctx: click.Context, settings: Path | None, folder: Path, full: bool) -> None:
    """Start JupyterLab on a working copy of the notebooks, with your SETTINGS."""
    from kam_analysis.batch.lab import start_lab

    sys.exit(start_lab(settings, folder, say, options=ctx.meta[_AFTER], full=full))


@main.command("new-question")
@click.argument("name")
@_WORKING_COPY
def new_question(name: str, folder: Path) -> None:
    """Write a notebook of your own, NAME.ipynb, such as 07_discounts, that kam report --notebooks publishes."""
    from kam_analysis.batch.new_question import new_question as write

    write(name, folder, say)
