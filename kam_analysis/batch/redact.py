"""Nothing of this machine, and no secret, leaves with a report.

A `Redactor` knows the folders and the secrets of one run. Everything that a notebook put out passes
through it before it is exported, and every reason of a failure before it is shown.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.secrets import Secret
from kam_analysis.ledger.settings.settings_text import read_document

# What looks like an absolute path: in a message, only its last part is of use to the reader.
_PATH = re.compile(r"""(?:file://)?(?<![\w.:/<-])(?:/|[A-Za-z]:[\\/]|\\\\)[^\s'":*?<>|,;()]*[\\/][^\s'":*?<>|,;()]*""")
_URL_WITH_LOGIN = re.compile(r"\b([a-z][a-z0-9+.-]*)://[^\s/'\"@]+@[^\s'\"]+", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:|\\\\")
_PASSWORDS = ("password", "pwd", "token", "secret", "key", "credential")  # words in the names of an address's options
_SHORTEST_SECRET = 6  # shorter ones would be found inside ordinary words


class Redactor:
    """Removes folders (`folders`, longest first) and secrets from texts."""

    def __init__(self, folders: Iterable[Path | str], secrets: Iterable[str] = ()) -> None:
        known = {str(each) for folder in folders for each in (folder, Path(folder).resolve())}
        roots = sorted({each.rstrip("/\\") for folder in known for each in _written(folder)}, key=len, reverse=True)
        self._folders = re.compile("|".join(_root(each) for each in roots if len(each) > 3) or r"(?!)")
        self._secrets = tuple(secrets)
        self._spelled = sorted(_spellings(self._secrets), key=len, reverse=True)

    @classmethod
    def of_run(
        cls, settings: Path | None, folders: Iterable[Path], environ: Mapping[str, str] = os.environ
    ) -> "Redactor":
        """The redactor for a run of `settings`: this machine's folders, and what `env:NAME` stands for."""
        machine = [*_home(), Path(tempfile.gettempdir()), Path(__file__).parents[2], Path(sys.prefix), Path.cwd()]
        held = dict(_held_in_environment(settings, environ)) if settings else {}
        data = [Path(held.pop("data_dir")).expanduser()] if "data_dir" in held else []
        # A folder given from the settings on names nothing of this machine: "data" is an ordinary word.
        return cls([*folders, *(each for each in data if each.is_absolute()), *machine], held.values())

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
            redacted = {self.text(str(key)): self.tree(each) for key, each in value.items()}
            return redacted if type(value) is dict else type(value)(redacted)
        if isinstance(value, list):
            return [self.tree(each) for each in value]
        return value


def _home() -> list[Path]:
    try:
        return [Path.home()]
    except RuntimeError:  # a container's user of no name
        return []


def _written(folder: str) -> Iterator[str]:
    """How a folder may stand in a text: as it is, with either slash, with doubled ones (in JSON), in an address."""
    slashes = folder.replace("\\", "/")
    yield from (folder, slashes, folder.replace("\\", "\\\\"), quote(slashes, safe="/:"))


def _root(folder: str) -> str:
    """A pattern for `folder` as a whole, with the separator behind it; "/root" is not found in "/rooted".
    Windows takes capitals and small letters for the same."""
    written = f"(?i:{re.escape(folder)})" if _DRIVE.match(folder) else re.escape(folder)
    return r"(?:file:///?)?(?<![\w.-])" + written + r"(?:[\\/]+|(?![\w-]))"


def _held_in_environment(settings: Path, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Values of the environment variables that a settings file names, each with the key (and its sections) that does."""
    try:
        document = read_document(settings)
    except SettingsError:  # an export instead of settings, or settings that the check will refuse
        return
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict | list):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            waiting.extend((f"{where}.{key}".lstrip("."), each) for key, each in parts)
        elif isinstance(value, str) and value.startswith("env:") and (held := environ.get(value.removeprefix("env:"))):
            yield where, held


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    """Each secret as it is; of an address its login and what is named a password, percent-encoded and not."""
    for secret in secrets:
        if "://" not in secret:
            if len(secret) >= _SHORTEST_SECRET:
                yield secret
            continue
        yield secret
        for part in _secret_parts(secret):
            yield from (each for each in {part, unquote(part), unquote_plus(part)} if len(each) >= _SHORTEST_SECRET)


def _secret_parts(url: str) -> Iterator[str]:
    """The login of `url` and every password in it, also where a sign in one (#, /, ?, @) should have been encoded."""
    behind = url.partition("://")[2]
    address, _, query = behind.partition("?")
    server = address.partition("/")[0]
    if "@" in server:
        yield server
    for login in (behind.rpartition("@")[0], address.rpartition("@")[0]):
        yield from (login, login.partition(":")[2])
    for pair in re.split("[?&;]", query):
        key, _, value = pair.partition("=")
        if any(word in key.lower() for word in _PASSWORDS):
            yield value
