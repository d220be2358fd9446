"""Connection URLs: read from the environment, never written, never shown."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from kam_analysis.errors import SettingsError

_SECRET_KEYS = ("password", "token", "secret", "key", "pwd", "credential")


class Secret:
    """A text that does not show in `repr`, logs or tracebacks; `reveal()` gives it to a driver."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for a driver only."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    @property
    def engine(self) -> str:
        """The kind of engine (`duckdb`, `postgres`): the part of the URL that is safe to show."""
        return self._text.split(":", 1)[0]

    def cleaned(self, message: str) -> str:
        """`message` without anything of the URL but its engine, whichever part a driver repeats."""
        parts = [self._text]
        try:
            split = urlsplit(self._text)
            parts += [split.netloc, split.password or "", split.username or "", split.hostname or ""]
            parts += [value for _, value in parse_qsl(split.query)]
        except ValueError:
            pass
        for part in sorted({p for p in parts if len(p) > 2}, key=len, reverse=True):
            message = message.replace(part, "...")
        return message


def resolve(text: str, environ: Mapping[str, str]) -> Secret:
    """The URL meant by `connection.url`: itself, or what the named environment variable holds.

    Raises `SettingsError` where the variable is not set, or where the text holds a password.
    """
    if text.startswith("env:"):
        variable = text.removeprefix("env:")
        if not environ.get(variable):
            raise SettingsError(f"environment variable {variable} is not set; set {variable} to the database's URL")
        return Secret(environ[variable])
    if _has_password(text):
        raise SettingsError(
            'a password stands in the settings file; move the URL to an environment variable and write url = "env:KAM_DATABASE_URL"'
        )
    return Secret(text)


def _has_password(url: str) -> bool:
    try:
        split = urlsplit(url)
        keys = [key.lower() for key, _ in parse_qsl(split.query)]
    except ValueError:  # not parseable: a stray bracket in a password, as likely as not
        return "@" in url
    return bool(split.password) or any(word in key for key in keys for word in _SECRET_KEYS)
