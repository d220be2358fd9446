"""`kam`: the command line. Every command imports what it needs when it runs, so that `kam --help` is instant."""

import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from kam_analysis import __version__
from kam_analysis.command_options import PATH, time_limit
from kam_analysis.console import say, show_everything
from kam_analysis.errors import KamError, Problem, disk_fails, unwritten
from kam_analysis.report_command import report
from kam_analysis.stopping import EndedBySignal, ended_by_signals, limited

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


@main.command()
@click.argument("source", type=PATH, metavar="SETTINGS|EXPORT")
@time_limit(3600, "The check is stopped when it takes longer.")
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
@click.argument("exports", type=PATH, nargs=-1, required=True, metavar="EXPORT|FOLDER...")
@time_limit(600, "The look at the export is stopped when it takes longer.")
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
@click.argument("folder", type=PATH)
@click.option("--accounts", type=click.IntRange(min=1), help="Number of customers.")
@click.option("--transactions", type=click.IntRange(min=1), help="Number of transaction rows.")
@click.option("--seed", type=int, default=None, help="Same seed, same bytes.")
def sample(folder: Path, accounts: int | None, transactions: int | None, seed: int | None) -> None:
    """Write a synthetic company with all tables into FOLDER."""
    from kam_analysis.sample import write_sample

    chosen = {} if seed is None else {"seed": seed}
    written = write_sample(folder, accounts=accounts, transactions=transactions, **chosen)
    say(f"{len(written)} files written; try: kam report {click.format_filename(folder / 'kam.toml')}")


main.add_command(report)


class _BeforeAnothers(click.Command):
    """A command whose line may go on, after `--`, with the options of the program that it starts."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_AFTER] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


_WORKING_COPY = click.option(
    "--folder", type=PATH, default=Path("kam-notebooks"), show_default=True, help="The working copy."
)


@main.command(cls=_BeforeAnothers, epilog="As in: kam lab kam.toml -- --port 9999")
@click.argument("settings", type=PATH, required=False, metavar="[SETTINGS] [-- JUPYTERLAB'S OWN OPTIONS]")
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
