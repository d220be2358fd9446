"""A folder per date or month, for runs that a scheduler starts: `reports/{as_of:%Y-%m}`, and `latest` beside it."""

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from string import Formatter

from kam_analysis.batch.publish import RUN, publish
from kam_analysis.bundled import sample_settings
from kam_analysis.errors import SettingsError, unwritten
from kam_analysis.ledger.settings.addresses import is_address
from kam_analysis.ledger.settings.period import LAST_MONTH_END, day_said

LATEST = "latest"
_FIELDS = "{as_of} (2026-10-31), {as_of:%Y-%m} or {month} (2026-10)"
# Signs of strftime that give the same figures on every machine, whatever its language.
_KNOWN_FORMAT = re.compile(r"(%[YmdjVG]|[^%{}:\\])+")
_LOOK_BACK_DAYS = 800  # more than two years without a run, and plans begin anew
_LONGEST_NAME = 4_096  # bytes of a file `latest` that we wrote


@dataclass(frozen=True)
class Destination:
    """Where a run's files go. `beside` is where its history lies and, where `dated`, `latest`; `as_of` the day that
    is asked for, None: the settings' or the last transaction's."""

    template: str
    folder: Path
    beside: Path
    as_of: date | None
    dated: bool

    def earlier(self, name: str) -> Path:
        """The file `name` of the newest folder that has it, this one or an earlier date's; this one's if none has."""
        here = self.folder.resolve() / name
        if not self.dated or self.as_of is None or here.exists():
            return here
        days = (self.as_of - timedelta(days=back) for back in range(1, _LOOK_BACK_DAYS))
        found = dict.fromkeys(Path(filled(self.template, day)).resolve() / name for day in days)
        return next((each for each in found if each.exists()), here)


def destination(out: Path | str, as_of: date | str | None, settings: Path | None) -> Destination:
    """Where the files go: `out` as it is, or with its fields filled in from `as_of`.

    Where that is not given, a folder with fields is as of the day in the settings, or of the last month's end: months
    are whole then, and each has its folder whenever the run comes.

    Raises `SettingsError` for any field but `as_of`, with or without a format of numbers, and `month`.
    """
    text = str(out)
    if is_address(text):
        raise SettingsError(
            "--out: expected a folder, got an address; publish into a folder here, and have it copied: --copy-to"
        )
    day = day_said(as_of, date.today()) if isinstance(as_of, str) else as_of
    if not {"{", "}"} & set(text):
        return Destination(text, Path(text), Path(text).resolve().parent, day, dated=False)
    check_fields(text)
    day = day or _day_of(settings) or day_said(LAST_MONTH_END, date.today())
    folder = Path(filled(text, day))
    fixed = next((at for at, part in enumerate(Path(text).parts) if _has_field(part)), len(folder.parts) - 1)
    beside = Path(*folder.parts[:fixed]).resolve()
    return Destination(text, folder, beside, day, dated=_has_field(text))


def _has_field(text: str) -> bool:
    """Doubled braces are a name that has some."""
    return any(name is not None for _, name, _, _ in Formatter().parse(text))


def _day_of(settings: Path | None) -> date | None:
    from kam_analysis.ledger.settings.settings_file import load_settings

    return load_settings(settings or sample_settings()).as_of


def lead_to(into: Destination) -> str:
    """Let `latest` lead to this run's folder, where no later date's is there; why it could not, or nothing.

    It is a link, and where the system allows none, a file with the folder's name in it.
    """
    latest = into.beside / LATEST
    now = _leads_to(latest)
    if now is None and os.path.lexists(latest):
        return f"{LATEST}: a file or folder of this name is there already and is left as it is"
    if now is not None and _as_of(now) > str(into.as_of):
        return ""
    name = os.path.relpath(into.folder.resolve(), into.beside)
    part = into.beside / f".{LATEST}.{os.getpid()}.part"
    try:
        try:
            part.symlink_to(name, target_is_directory=True)
            os.replace(part, latest)
        except (OSError, NotImplementedError):
            with suppress(OSError):
                part.unlink(missing_ok=True)
            publish(into.beside, LATEST, f"{Path(name).as_posix()}\n".encode())
    except OSError as error:
        return f"{LATEST}: cannot be written ({unwritten(error, '')[0]}); it leads to an earlier run"
    return ""


def check_fields(text: str, option: str = "--out") -> None:
    """Raise `SettingsError` for any field but `as_of`, with or without a format of numbers, and `month`."""
    try:
        fields = [(name, form or "", how) for _, name, form, how in Formatter().parse(text) if name is not None]
    except ValueError:
        raise SettingsError(f"{option} {text}: a brace is not closed or not opened; known here: {_FIELDS}") from None
    for name, form, how in fields:
        if name not in ("as_of", "month") or how or (name == "month" and form):
            raise SettingsError(f"{option} {text}: {{{name}}} is not known here; expected {_FIELDS}")
        if form and not _KNOWN_FORMAT.fullmatch(form):
            raise SettingsError(
                f"{option} {text}: {form} is not a format for a date here; expected of %Y, %m, %d, %j, %G, %V and signs between"
            )


def filled(text: str, as_of: date) -> str:
    """`text` with its fields filled in."""
    return text.format(as_of=as_of, month=f"{as_of:%Y-%m}")


def _leads_to(latest: Path) -> Path | None:
    """The folder that a `latest` of ours leads to; None where there is none or it is somebody else's."""
    with suppress(OSError, ValueError):
        if latest.is_symlink():
            return latest.parent / os.readlink(latest)
        if latest.is_file() and latest.stat().st_size <= _LONGEST_NAME:
            named = latest.parent / latest.read_text(encoding="utf-8").strip()
            return named if named.is_dir() and named != latest.parent else None
    return None


def _as_of(folder: Path) -> str:
    with suppress(OSError, ValueError, AttributeError):
        return str(json.loads((folder / RUN).read_text(encoding="utf-8")).get("as_of") or "")
    return ""
