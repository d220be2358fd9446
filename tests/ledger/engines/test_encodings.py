"""A PostgreSQL whose texts are not in UTF-8: read as people see them, or refused in a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger

SETTINGS = """period = "all"
[connection]
url = "env:KAM_TEST_URL"
[tables.transactions]
table = "lines"
[tables.accounts]
file = "customers.csv"
[exclude]
accounts = ["Caf\u00e9", "\u0141\u00f3d\u017a"]
"""
CUSTOMERS = "account_id,account_name\nM\u00fcller,M\u00fcller \u0141\u00f3d\u017a\nVoil\u00e0,\n"
SOLD = {"M\u00fcller": 100, " M\u00fcller\u00a0": 20, "Voil\u00e0": 30, "Caf\u00e9": 7}


@pytest.fixture
def path(
    postgres_url: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Settings for a database in this encoding."""
    import psycopg

    name = f"kam_{request.param.lower()}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            f"create database {name} encoding '{request.param}' template template0 lc_collate 'C' lc_ctype 'C'"
        )
        url = f"{postgres_url.rpartition('/')[0]}/{name}"
        with psycopg.connect(url, client_encoding="utf8") as database:
            database.execute("create table lines (account_id text, date date, revenue numeric)")
            for account, revenue in SOLD.items():
                database.execute("insert into lines values (%s, '2025-01-31', %s)", (account, revenue))
        monkeypatch.setenv("KAM_TEST_URL", url)
        (tmp_path / "kam.toml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
        yield tmp_path / "kam.toml"
        server.execute(f"drop database {name} with (force)")


@pytest.mark.parametrize("path", ["LATIN1", "WIN1252", "LATIN9"], indirect=True)
def test_a_database_in_another_encoding_gives_the_same_figures(path: Path) -> None:
    """What such a database cannot hold (a zero-width blank, a Polish name) is asked for all the same, and not found."""
    found = open_ledger(path).by_account(level="legal_entity")
    assert dict(zip(found["account_id"], found["revenue"], strict=True)) == {"M\u00fcller": 120.0, "Voil\u00e0": 30.0}
    assert found["account_name"].tolist() == ["M\u00fcller \u0141\u00f3d\u017a", "Voil\u00e0"]


@pytest.mark.parametrize("path", ["SQL_ASCII"], indirect=True)
def test_a_database_of_bytes_is_refused(path: Path) -> None:
    """A pattern would cut its letters in two: of the bytes of \u00e0 one is that of an unbreakable blank."""
    with pytest.raises(DataError, match=r"connection: expected a database that knows the encoding.*SQL_ASCII; have it"):
        open_ledger(path)
