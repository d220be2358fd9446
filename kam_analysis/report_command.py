"""`kam report`: its options. What it does is `kam_analysis.batch.run_reports`."""

import sys
from pathlib import Path
from typing import Any

import click

from kam_analysis.command_options import PATH, finite, time_limit
from kam_analysis.console import say
from kam_analysis.progress import bar

_CODES = (
    "Exit codes: 0 done; 1 the data, the connection, the disk, a report or a PDF failed, or a file is held open; 2 the command or"
    " the settings cannot be used; 3 another run is writing into the folder; 4 all done, with new alerts, where they are to fail it;"
    " 130 and 143 stopped by Ctrl-C and SIGTERM."
)


@click.command(epilog=_CODES)
@click.argument("source", type=PATH, required=False, metavar="[SETTINGS|EXPORT]")
@click.option(
    "--out",
    default="reports",
    show_default=True,
    metavar="FOLDER",
    help="Folder of the pages. With {as_of}, {as_of:%Y-%m} or {month} in it, a folder per date or month; as of the last"
    " month's end then, if no date is given, and `latest` beside it leads to the newest.",
)
@click.option("--only", multiple=True, metavar="NAME", help="Run only this report; may be repeated.")
@click.option("--set", "set_values", multiple=True, metavar="NAME.PARAM=VALUE", help="A parameter of one report.")
@click.option(
    "--as-of",
    metavar="DATE|today|yesterday|last_month_end",
    help="Figures as of this day; days by this machine's clock.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Reports at a time; if not given, as many as there are cores, and 2 GB of memory for each "
    "(four fifths of the machine's, or of a container's limit).",
)
@click.option("--notebooks", type=PATH, help="A folder with your own notebooks.")
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
@click.option(
    "--pdf", is_flag=True, help="Also a PDF beside each page and the index. Needs Chromium; KAM_CHROMIUM may name it."
)
@click.option("--figures", is_flag=True, help="Also SVG and PNG of every chart, in figures/. Needs Chromium, too.")
@time_limit(3600, "For one report; as much for the check of the data before all reports, and for a look at an EXPORT.")
@click.option(
    "--memory-limit",
    type=click.FloatRange(min=0, min_open=True),
    callback=finite,
    help="GB of memory for one report; its part of the machine's if not given.",
)
@click.option(
    "--scheduler",
    default="",
    metavar="tcp://HOST:PORT",
    help="Compute the reports on the Dask cluster with this scheduler and publish them here (extra dask). Every worker has"
    " to see the data: a database, or one folder.",
)
@click.option(
    "--copy-to",
    default="",
    metavar="ADDRESS",
    help="Also a copy of what is published, at any address that fsspec knows: s3://bucket/reports. May have the fields of"
    " --out (extra dask).",
)
@click.option(
    "--fail-on-alert",
    is_flag=True,
    help="Exit 4 where all is done and something of [alerts] in the settings is new since the last run.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but failures and new alerts.")
def report(source: Path | None, quiet: bool, pack: str | None, **chosen: Any) -> None:
    """Run the notebooks and publish their pages; without SETTINGS, on the sample company."""
    from kam_analysis.batch import run_reports
    from kam_analysis.exports.one_step import usable_settings

    with bar(quiet) as drawn, usable_settings(source, drawn.say, chosen["time_limit"]) as settings:
        summary = run_reports(
            settings,
            pack=pack or "",
            say=drawn.say,
            complain=drawn.complain,
            progress=drawn.progress,
            count=drawn.count,
            **chosen,
        )
    for each in summary.alerts if quiet else ():
        say(f"alert: {each}")
    sys.exit(summary.exit_code)
