"""The command that makes an explorer's view a report."""

import json
from collections.abc import Mapping

from kam_analysis.bundled import sample_settings
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import LAST_12_MONTHS, fiscal_year, spoken
from kam_analysis.typed import typed
from kam_analysis.working_copy import working_copy_of


def report_line(ledger: Ledger, report: str, parameters: Mapping[str, object], *, by_name: bool = False) -> str:
    """`kam report SETTINGS --notebooks FOLDER --only NAME --set NAME.PARAM=VALUE ...`, in the quotes of this system.

    In a working copy the user's own notebooks are named, and all paths are those of the folder where `kam lab` was
    started; elsewhere the settings are named as the notebook names them, and not at all for the sample.
    `parameters` are those of the notebook that differ from what it does without them. The as-of date is told where
    one was asked for. `by_name`: the settings by their file's name alone, for a page that others read.
    """
    path, copy = ledger.as_written.path, None if by_name else working_copy_of(report)
    named = path.name if by_name else str(path)
    source = [] if path == sample_settings() else [copy.from_base(path) if copy else named]
    words = ["kam", "report", *source, *(["--notebooks", copy.folder] if copy else []), "--only", report]
    if ledger.as_of != ledger.usual_day:
        words += ["--as-of", ledger.as_of.isoformat()]
    for name, value in parameters.items():
        words += ["--set", f"{report}.{name}={_written(value)}"]
    return typed(words)


def changed(ledger: Ledger, **given: tuple[object, object]) -> dict[str, object]:
    """What a report must be told: each parameter (its value, what it is without being told) that is otherwise.

    Period and measure are among them: the ledger's own, where they are not given.
    """
    written = ledger.as_written
    every = {"period": (ledger.period_as_written, written.period), "measure": (ledger.measure, written.measure)}
    return {name: value for name, (value, without) in (every | given).items() if value != without}


def _written(value: object) -> str:
    """As `--set` reads it: text as it is, all else as TOML."""
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{name} = {json.dumps(each, ensure_ascii=False)}" for name, each in value.items()) + " }"
        )
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_MOST_YEARS = 10


def periods(ledger: Ledger) -> dict[str, str]:
    """Each period as the settings write it, in words: the last twelve months, fiscal years, all data.

    Years that the data reaches into, the latest first; what the ledger was opened with is among them.
    """
    found = {LAST_12_MONTHS: "Last 12 months"}
    latest = ledger.year_to_date().last.year + (ledger.year_to_date().first.year < ledger.as_of.year)
    for year in range(latest, latest - _MOST_YEARS, -1):
        days = fiscal_year(year, ledger.settings.year_starts)
        if days.first <= ledger.as_of and days.last >= ledger.overview.first:
            label = days.label[:1].upper() + days.label[1:]
            found[str(year)] = label + (f" to {spoken(ledger.as_of)}" if days.last > ledger.as_of else "")
    found["all"] = f"All data, from {spoken(ledger.overview.first)}"
    return found | ({} if ledger.period_as_written in found else {ledger.period_as_written: ledger.period.label})
