"""A notebook of one's own to begin with: eight cells that work at once, and that `kam report --notebooks` publishes."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from kam_analysis.batch.lab import settings_named_in, with_settings, write_new
from kam_analysis.bundled import notebooks_folder
from kam_analysis.errors import SettingsError, writing
from kam_analysis.made_folder import made_folder
from kam_analysis.typed import typed

_TEMPLATE = Path(__file__).with_suffix(".ipynb")
_NAME = re.compile(r"\d\d_[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST = 60
_OURS = 6  # the workbook's own questions have the numbers up to here
_HIGHEST = 99


def new_question(name: str, folder: Path, say: Callable[[str], object] = print) -> Path:
    """Write `folder/NAME.ipynb`, with the settings that the other notebooks there name, and say what to do with it.

    Raises `SettingsError` where the name is taken or unusable or the folder cannot be written to, `RunError` where
    its disk is full or fails: nothing was written.
    """
    _require_free(name, folder)
    # The settings that notebooks of a working copy name: those of most of them, of the first by name where it is even.
    named = [settings_named_in(path) for path in sorted(folder.glob("*.ipynb"))]
    known = [each for each in named if each]
    settings = max(known, key=known.count) if known else ""
    target = folder / f"{name}.ipynb"
    with writing(f"--folder {folder.resolve().name}", "give another folder", SettingsError):
        try:
            with made_folder(folder):
                # The template's text, its title about the name's words.
                document = json.loads(_TEMPLATE.read_text(encoding="utf-8"))
                first = document["cells"][0]
                first["source"] = [line.replace("SUBJECT", name[3:].replace("_", " ")) for line in first["source"]]
                write_new(target, with_settings(json.dumps(document, indent=1, ensure_ascii=False) + "\n", settings))
        except FileExistsError as error:  # written meanwhile, or the folder is a file
            raise SettingsError(f"{target.name}: cannot be written ({error.strerror}); give another --folder") from None
    source = [os.path.normpath(folder / settings)] if settings else []
    say(f"Written: {target}")
    say(f"To edit it: {typed(['kam', 'lab', *source, '--folder', str(folder)])}")
    say(f"To publish it: {typed(['kam', 'report', *source, '--notebooks', str(folder), '--only', name])}")
    return target


def _require_free(name: str, folder: Path) -> None:
    """Raise `SettingsError` unless name and number can be a report's: its page, its files and its sheets have them."""
    there = [path.stem for path in folder.glob("*.ipynb")] if folder.is_dir() else []
    ours = [path.stem for path in notebooks_folder().glob("*.ipynb")]
    taken = {int(each[:2]) for each in [*there, *ours] if re.match(r"\d\d_", each)}
    free = next((number for number in range(_OURS + 1, _HIGHEST) if number not in taken), _HIGHEST)
    if name.lower() in {each.lower() for each in [*there, *ours]}:
        who = folder.resolve().name if name.lower() in {each.lower() for each in there} else "the workbook"
        raise SettingsError(f"{name}: {who} has a notebook of this name; take another one, such as {_like(name, free)}")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise SettingsError(
            f'"{name}": expected two digits and words in small letters, up to {_LONGEST} signs, as in '
            f"{_like(name, free)}; the name stays the report's for good"
        )
    if int(name[:2]) <= _OURS:
        raise SettingsError(f"{name}: numbers up to {_OURS:02d} are the workbook's own; take {_like(name, free)}")
    if sharing := next((each for each in there if each[:3] == name[:3]), ""):
        said = f"{name}: its number is that of {sharing}, and sheets are named by it"
        raise SettingsError(f"{said}; take {_like(name, free)}")


def _like(name: str, number: int) -> str:
    """A name that can be used, as near to what was wanted as it gets."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    words = words[1:] if words and words[0].isdigit() else words
    plain = "_".join(words).lstrip("0123456789_")[: _LONGEST - 3].rstrip("_")
    return f"{number:02d}_{plain or 'my_question'}"
