"""Opening a company's data: checked at the door, once, or refused with every reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow

from kam_analysis.bundled import sample_settings
from kam_analysis.errors import DataError, Problem, SettingsError
from kam_analysis.ledger.checks.id_doubts import near_problems, twin_problems
from kam_analysis.ledger.checks.inspection import Inspection, inspect
from kam_analysis.ledger.engine.at_hand import at_hand
from kam_analysis.ledger.engine.opened_once import once
from kam_analysis.ledger.ledger import Ledger
from kam_analysis.ledger.settings.settings import Settings, TableSource
from kam_analysis.ledger.settings.settings_file import load_settings


def open_ledger(
    settings: Settings | str | Path = "",
    as_of: str | date | None = None,
    period: str = "",
    measure: str = "",
    line: str = "",
    parents: str = "",
    key_share: float = 0.0,
) -> Ledger:
    """Open and check a company's data; without settings, the sample's.

    `as_of` (ISO date), `period` and `measure` override the settings where they are not empty, and so do
    `parents` ("yes" or "no") and `key_share` (0-1); `line` leaves one product line. See `Ledger.asked`.
    Raises `SettingsError` or `DataError` with every problem found; warnings are kept in `Ledger.warnings`.
    """
    loaded = at_hand(settings if isinstance(settings, Settings) else load_settings(settings or sample_settings()))
    loaded, notes = _completed(loaded)
    found = inspect(loaded, date.today())
    found.problems += notes
    if found.errors:
        # Whoever mends the one file wants to know of the others.
        found.load_rest()
        raise DataError(problems=found.errors + found.warnings)
    ledger = ledger_of(found, _as_date(as_of), period, measure)
    if not (line or parents or key_share):
        return ledger
    asked = ledger.asked(line=line or None, parents=_yes_or_no("parents", parents), key_share=key_share)
    require_shares(asked)
    return asked


def _completed(settings: Settings) -> tuple[Settings, list[Problem]]:
    """Settings with what they leave out about a text file; read here, for it is what `kam init` knows."""
    from kam_analysis.ledger.sniffing.sniffed import completed

    def told() -> tuple[TableSource | None, list[Problem]]:
        found, said = completed(settings)
        # Not the settings: they hold secrets, and what is kept lies on a disk.
        return found.tables.get("transactions"), said

    try:
        source, said = once(settings, "transactions", date.min, told, ".beginning.pickle")
    except (KeyError, DataError, OSError):  # no such table, or its files are not there: the check tells
        return completed(settings)
    return (replace(settings, tables={**settings.tables, "transactions": source}) if source else settings), said


def ledger_of(found: Inspection, as_of: date | None = None, period: str = "", measure: str = "") -> Ledger:
    """The ledger of checked data, with the warnings that only its figures show."""
    ledger = Ledger(found, as_of, period, measure)
    ledger.notice(_at_the_ledger(ledger))
    return ledger


def _yes_or_no(name: str, text: str) -> bool | None:
    if text.strip().lower() not in ("", "yes", "no"):
        raise SettingsError(f'{name}: expected "yes" or "no", got "{text}"; empty: as the settings say')
    return text.strip().lower() == "yes" if text.strip() else None


def _as_date(as_of: str | date | None) -> date | None:
    if not as_of or isinstance(as_of, date):
        return as_of or None
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        raise SettingsError(f'as_of: expected a date such as 2025-12-31, got "{as_of}"; correct it') from None


def _at_the_ledger(ledger: Ledger) -> list[Problem]:
    """What shows only once figures are asked for; raises where there is nothing to share out."""
    found: list[Problem] = []
    doubtful = ledger.overview.last > ledger.as_of or ledger.overview.after_today
    if doubtful and (later := ledger.rows_after_as_of()):  # none where every row is dated after today
        rule = f"later than the as-of date {ledger.as_of}"
        found.append(Problem(ledger.source, "date", rule, "left out of all figures", later, (), "warning"))
    found += _doubtful_ids(ledger)
    require_shares(ledger, found)
    return found


def require_shares(ledger: Ledger, noticed: Sequence[Problem] = ()) -> None:
    """Raise `DataError`, with what else was noticed, where no account has a share."""
    parts = ledger.reconciliation()
    if not parts.accounts:
        got = f"got {parts.set_aside_accounts} at or below zero"
        where = ledger.period.label + (f", {ledger.line} only" if ledger.line else "")
        rule = f"expected accounts with {ledger.measure} above zero in {where}, {got}"
        remedy = "choose another period, or check the signs of the amounts"
        raise DataError(problems=[Problem(ledger.source, ledger.measure, rule, remedy), *noticed])


def _doubtful_ids(ledger: Ledger) -> list[Problem]:
    """Ids that differ in case alone, and those that the customer list does not know, or only under another spelling."""
    sums = ledger.known_sums
    found = twin_problems(sums, ledger.source)
    if not ledger.has("accounts"):
        return found
    source = ledger.settings.tables["accounts"]
    near, unknown = ledger.nearly_known, ledger.unknown_accounts()
    found += near_problems(near, float(sums["revenue"].sum()), ledger.source, source.file or "the table accounts")
    unknown = unknown[~unknown["account_id"].isin(near["id"])]
    ledger.fingerprint  # noqa: B018  from the same sums, while they are still there
    if unknown.empty:
        return found
    rule = f"{len(unknown)} account{'' if len(unknown) == 1 else 's'} not in the table accounts"
    remedy = "add what is missing there; until then each counts as an account of its own"
    shown = tuple(unknown["account_id"].head(5))
    return [*found, Problem(ledger.source, "account_id", rule, remedy, int(unknown["rows"].sum()), shown, "warning")]


def check(settings: Settings | str | Path) -> list[Problem]:
    """Every problem that keeps the company's data from being used or trusted.

    Raises `SettingsError` only where the settings file itself cannot be used.
    """
    problems = checked(settings)[0]
    # Who checks a large company then waits beside the notebooks, which need the memory that Arrow would keep.
    pyarrow.default_memory_pool().release_unused()
    return problems


def checked(settings: Settings | str | Path) -> tuple[list[Problem], Ledger | None]:
    """As `check`, and the ledger that was looked through; None where it cannot be used."""
    loaded = at_hand(settings if isinstance(settings, Settings) else load_settings(settings))
    try:
        loaded, notes = _completed(loaded)
        found = inspect(loaded, date.today(), tuple(loaded.tables))
        found.problems += notes
        if found.errors:
            return found.problems, None
        ledger = ledger_of(found)
        return [*ledger.warnings, *found.notes], ledger
    except DataError as error:
        return list(error.problems), None
