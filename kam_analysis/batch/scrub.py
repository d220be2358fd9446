"""Nothing of this machine, and no secret, leaves with a report.

A `Scrubber` knows the folders and the secrets of one run. Everything that a notebook put out passes
through it before it is exported, and every reason of a failure before it is shown.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.secrets import Secret
from kam_analysis.ledger.settings_text import read_document

# What looks like an absolute path: in a message, only its last part is of use to the reader.
_PATH = re.compile(r"""(?:file://)?(?<![\w.:/<-])(?:/|[A-Za-z]:[\\/]|\\\\)[^\s'":*?<>|,;()]*[\\/][^\s'":*?<>|,;()]*""")
_URL_WITH_LOGIN = re.compile(r"\b([a-z][a-z0-9+.-]*)://[^\s/'\"@]+@[^\s'\"]+", re.IGNORECASE)
_SHORTEST_SECRET = 6  # shorter ones would be found inside ordinary words


class Scrubber:
    """Removes folders (`folders`, longest first) and secrets from texts."""

    def __init__(self, folders: Iterable[Path | str], secrets: Iterable[str] = ()) -> None:
        spelled = {str(each) for folder in folders for each in (folder, Path(folder).resolve())}
        spelled |= {each.replace("\\", "/") for each in spelled} | {each.replace("\\", "\\\\") for each in spelled}
        roots = sorted((each.rstrip("/\\") for each in spelled), key=len, reverse=True)
        self._folders = re.compile("|".join(_root(each) for each in roots if len(each) > 3) or r"(?!)")
        self._secrets = tuple(secrets)
        self._spelled = sorted(_spellings(self._secrets), key=len, reverse=True)

    @classmethod
    def of_run(
        cls, settings: Path | None, folders: Iterable[Path], environ: Mapping[str, str] = os.environ
    ) -> "Scrubber":
        """The scrubber for a run of `settings`: this machine's folders, and what `env:NAME` stands for."""
        machine = [*_home(), Path(tempfile.gettempdir()), Path(__file__).parents[2], Path(sys.prefix), Path.cwd()]
        held = list(_held_in_environment(settings, environ)) if settings else []
        named = [Path(each) for each in held if "://" not in each and Path(each).is_absolute()]
        return cls([*folders, *named, *machine], held)

    def text(self, text: str) -> str:
        """`text` without the folders known and without secrets; a file's path becomes relative."""
        for secret in self._spelled:
            text = text.replace(secret, "...")
        text = _URL_WITH_LOGIN.sub(r"\1://...", text)
        return self._folders.sub("", text)

    def message(self, text: str) -> str:
        """`text` as shown to people: of any path only the last part stays, of a URL only the engine."""
        for secret in self._secrets:
            if "://" in secret:
                text = Secret(secret).cleaned(text)
        return _PATH.sub(lambda match: re.split(r"[\\/]", match.group().rstrip("\\/"))[-1], self.text(text))

    def tree(self, value: Any) -> Any:
        """A JSON-like value with every text (keys too) passed through `text`; the type of each table stays."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            scrubbed = {self.text(str(key)): self.tree(each) for key, each in value.items()}
            return scrubbed if type(value) is dict else type(value)(scrubbed)
        if isinstance(value, list):
            return [self.tree(each) for each in value]
        return value


def _home() -> list[Path]:
    try:
        return [Path.home()]
    except RuntimeError:  # a container's user of no name
        return []


def _root(folder: str) -> str:
    """A pattern for `folder` as a whole, with the separator behind it; "/root" is not found in "/rooted"."""
    return r"(?:file://)?(?<![\w.-])" + re.escape(folder) + r"(?:[\\/]+|(?![\w-]))"


def _held_in_environment(settings: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Values of the environment variables that a settings file names."""
    try:
        document = read_document(settings)
    except SettingsError:  # an export instead of settings, or settings that the check will refuse
        return
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, str) and environ.get(value.removeprefix("env:")) and value.startswith("env:"):
            yield environ[value.removeprefix("env:")]


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        if "://" not in secret:
            if not Path(secret).is_absolute() and len(secret) >= _SHORTEST_SECRET:
                yield secret
            continue
        yield secret
        try:
            split = urlsplit(secret)
            parts = [split.password or "", split.netloc if "@" in split.netloc else ""]
        except ValueError:
            continue
        yield from (part for part in parts if len(part) >= _SHORTEST_SECRET)
