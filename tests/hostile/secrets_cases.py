"""Addresses of databases that cannot be used: nothing of them is ever said."""

from hostile_case import SECRET, Case, files, refused

URL = "[connection]\nurl = \"env:KAM_CASE\"\n[tables.transactions]\ntable = 'lines'\n"


def case(name: str, url: str | None, *words: str, code: tuple[int, ...] = (1, 2)) -> Case:
    """A URL in a variable, refused in a sentence that names the variable or the engine and never the value."""
    expected = tuple(refused(each, *words) for each in code)
    return Case(name, files(URL), expected, environ={"KAM_CASE": url})


def written(name: str, url: str) -> Case:
    """A URL in the settings file itself, with a password."""
    settings = f"[connection]\nurl = '''{url}'''\n[tables.transactions]\ntable = 'lines'\n"
    return Case(
        name, files(settings), refused(2, "connection.url", "a password stands in the settings file", 'url = "env:')
    )


AT = "127.0.0.1:9/sales"  # nothing answers at the discard port

CASES = (
    case("the variable is not set", None, "KAM_CASE is not set", code=(2,)),
    case("the variable is empty", "", "KAM_CASE is not set", code=(2,)),
    case("the variable holds blanks", "   ", "connection"),
    case("the database is down", f"postgresql://reporter:{SECRET}@{AT}", "no answer from the postgresql database", code=(1,)),
    case("a password with a #", f"postgres://reporter:{SECRET}#x@{AT}", "connection"),
    case("a password with a /", f"postgres://reporter:{SECRET}/x@{AT}", "connection"),
    case("a password with a ?", f"postgres://reporter:{SECRET}?x@{AT}", "connection"),
    case("a password with an @", f"postgres://reporter:{SECRET}@x@{AT}", "connection"),
    case("a password with a bracket", f"postgres://reporter:[{SECRET}@{AT}", "connection"),
    case("a password with a % that encodes nothing", f"postgres://reporter:%zz{SECRET}@{AT}", "connection"),
    case("a password with an umlaut", f"postgres://reporter:ü{SECRET}@{AT}", "connection", code=(1,)),
    case("a password in the query", f"postgres://{AT}?password={SECRET}", "connection", code=(1,)),
    case("a URL without its slashes", f"host=127.0.0.1 port=9 user=reporter password={SECRET}", "connection"),
    case("a URL that begins with the password", f"{SECRET}:x@127.0.0.1", "connection"),
    case("a password alone", SECRET, "connection"),
    case("an engine that nobody knows", f"oracle+x://reporter:{SECRET}@{AT}", "connection", "README"),
    case("a driver that is not installed", f"snowflake://reporter:{SECRET}@{AT}", "connection"),
    case("a port that is no number", f"postgres://reporter:{SECRET}@127.0.0.1:port/sales", "connection"),
    case("a port beyond all ports", f"postgres://reporter:{SECRET}@127.0.0.1:99999/sales", "connection"),
    case("a URL with a line break", f"postgres://reporter:{SECRET}\n@{AT}", "connection"),
    case("a URL in upper case", f"POSTGRES://reporter:{SECRET}@{AT}", "connection"),
    case("a web address", f"https://reporter:{SECRET}@example.invalid/sales.csv", "connection"),
    written("a password in the settings", f"postgres://reporter:{SECRET}@{AT}"),
    written("a password in the settings' query", f"postgres://{AT}?password={SECRET}"),
    written("a token in the settings' query", f"postgres://{AT}?auth_token={SECRET}"),
    written("a password in the settings behind a bracket", f"postgres://reporter:[{SECRET}@{AT}"),
    Case(
        "a password in the settings without slashes",
        files(f"[connection]\nurl = 'host=127.0.0.1 password={SECRET}'\n[tables.transactions]\ntable = 'lines'\n"),
        (refused(1, "connection"), refused(2, "connection")),
    ),
    Case("a variable without a name", files(URL.replace("KAM_CASE", "")), refused(2, "connection.url")),
    Case("a variable's name with an equals sign", files(URL.replace("KAM_CASE", "A=B")), refused(2, "connection.url")),
)  # fmt: skip
