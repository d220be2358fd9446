"""Connection URLs: read from the environment, divided without a doubt or refused, never written, never shown."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlsplit

from kam_analysis.errors import SettingsError

_ENGINE = re.compile(r"([A-Za-z][A-Za-z0-9+]{0,31})://")
_VARIABLE = re.compile(r"[A-Za-z_][\w()]*", re.ASCII)
_SECRET_KEY = re.compile("pass|pwd|token|secret|key|credential|auth|sig", re.IGNORECASE)
# Lengths have a bound, or a long text without an end takes minutes.
_LOGIN = re.compile(r"://[^\s/?#'\":@]{0,128}:[^\s'\"@]{1,256}@")
_PASSWORD = re.compile(
    r"(?<!duckdb)://[^/?#]*:.*@|(?:pass|pwd|token|secret|key|credential)[^\s=&;?]{0,40}\s*=", re.IGNORECASE | re.DOTALL
)
_LONGEST_URL = 4000
# A driver may quote any part of a password; from so many of its signs on, none of it is shown.
_PIECE = 4
_EXAMPLE = "postgres://user:password@host/db"
_NO_URL = f"expected a URL such as {_EXAMPLE}"
_UNDIVIDED = "expected a URL that divides into user, password, host and database"
_ENCODE = "write these signs in its user and password another way: # as %23, / as %2F, ? as %3F, @ as %40, : as %3A, [ as %5B, % as %25, + as %2B"


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
        """The kind of engine (`duckdb`, `postgres`): the part of a URL that is safe to show; else "unknown"."""
        found = _ENGINE.match(self._text)
        return found[1] if found else "unknown"

    def cleaned(self, message: str) -> str:
        """`message` without anything of the URL but its engine, whichever part a driver repeats, however spelled."""
        secret, plain = _private(self._text)
        message = _without_pieces(message, [each for part in secret for each in _spellings(part)])
        for part in sorted({each for whole in plain for each in _spellings(whole)}, key=len, reverse=True):
            if len(part) > 2:
                message = message.replace(part, "...")
        return message


def resolve(text: str, environ: Mapping[str, str]) -> Secret:
    """The URL meant by `connection.url`: itself, or what the named environment variable holds.

    Raises `SettingsError` where the variable is not set, where the text holds a password, or where it is
    no URL or may be divided in two ways; none of these repeats anything of the URL.
    """
    variable = variable_of(text)
    if variable is None:
        if may_hold_password(text):
            raise SettingsError(
                'a password stands in the settings file; move the URL to an environment variable and write url = "env:KAM_DATABASE_URL"'
            )
        held, remedy = text, "correct it"
    elif not environ.get(variable):
        raise SettingsError(f"environment variable {variable} is not set; set {variable} to the database's URL")
    else:
        held, remedy = environ[variable].strip(), f"correct what the environment variable {variable} holds"
    if len(held) > _LONGEST_URL or not _ENGINE.match(held):
        raise SettingsError(f"{_NO_URL}, got something else; {remedy}")
    if not _divides(held):
        raise SettingsError(f"{_UNDIVIDED}, got one with a doubtful sign; {remedy}: {_ENCODE}")
    return Secret(held)


def variable_of(text: str) -> str | None:
    """The variable that `env:NAME` names, None where the text names none.

    Raises `SettingsError`, without repeating it, where what follows `env:` is no name.
    """
    if not text.startswith("env:"):
        return None
    if not _VARIABLE.fullmatch(name := text.removeprefix("env:").strip()):
        raise SettingsError("expected the name of an environment variable after env:, got something else; correct it")
    return name


def holds_password(text: str) -> bool:
    """Whether a text of the settings has a URL with a password in it."""
    return bool(_LOGIN.search(text))


def may_hold_password(text: str) -> bool:
    """Whether a URL or an address has what may be one, however it is written."""
    return holds_password(text) or bool(_PASSWORD.search(text[:_LONGEST_URL]))


def _divides(url: str) -> bool:
    """Whether a URL's password ends where the drivers think it ends; the path of a DuckDB file may hold any sign."""
    if url.startswith("duckdb://"):
        return True
    try:
        split = urlsplit(url)
        split.port  # noqa: B018  a number, or urllib's error
    except ValueError:
        return False
    # A raw sign ends the host early: the rest of the password, up to the "@", then lies in path or query.
    login = "@" in split.netloc or ":" in split.netloc
    # urllib drops line breaks and tabs without a word.
    return url.isprintable() and "#" not in url and not (login and "@" in split.path + split.query)


def _private(url: str) -> tuple[list[str], list[str]]:
    """The parts of a URL of which not even a piece may show, and those that may not show as a whole."""
    engine = _ENGINE.match(url)
    rest = url[engine.end() :] if engine else url
    if not engine or not _divides(url):
        return [rest], [url]
    if engine[1] == "duckdb":
        return [rest.partition("?")[2]], [url]
    split = urlsplit(url)
    # All of a query with a password in it: a raw "&" there begins another key.
    secret = [split.password or "", split.query if _SECRET_KEY.search(split.query) else ""]
    values = [value for _, value in parse_qsl(split.query)]
    return secret, [url, split.netloc, split.username or "", split.hostname or "", *values]


def _spellings(part: str) -> Iterator[str]:
    """How a driver or Python may write a part: as it is, percent-encoded or decoded, within quotes."""
    for each in (part, unquote(part), unquote_plus(part)):
        yield from (each, quote(each, safe=""), quote(each), quote_plus(each), repr(each)[1:-1], ascii(each)[1:-1])


def _without_pieces(message: str, secrets: list[str]) -> str:
    """`message` with "..." for whatever it shares with the secrets, from four signs on, in capitals or not."""
    pieces: dict[int, set[str]] = {}
    for secret in map(_folded, secrets):
        length = min(_PIECE, len(secret))
        pieces.setdefault(length, set()).update(secret[at : at + length] for at in range(len(secret) - length + 1))
    folded, hidden = _folded(message), [False] * len(message)
    for length in (each for each in pieces if each > 2):
        for at in range(len(folded) - length + 1):
            if folded[at : at + length] in pieces[length]:
                hidden[at : at + length] = [True] * length
    marked = "".join("\0" if out else sign for sign, out in zip(message, hidden, strict=True))
    return re.sub("\0+", "...", marked)


def _folded(text: str) -> str:
    """In small letters, sign by sign: urllib writes hosts so, and the length must stay."""
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
