"""What the embedded DuckDB may reach: data_dir, and what the settings name; a user's own file only to read."""

import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.engine import embedded
from kam_analysis.ledger.engine.sources import Connection
from kam_analysis.ledger.settings.settings_file import load_settings

PLAIN = "account_id,date,revenue\n007,2025-01-10,1234.56\n8,2025-02-10,65.44\n"
EXPECTED = {"007": 1234.56, "8": 65.44}


def sums(path: Path) -> dict[str, float]:
    frame = open_ledger(path).by_account()
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder beside data_dir, with the transactions in it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "t.csv").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "data").mkdir()
    return folder


def reading(company: Any, query: str) -> Path:
    text = f"select * from read_csv({query}, all_varchar = true)"
    return company(f'data_dir = "data"\n[tables.transactions]\nquery = """{text}"""\n')


def test_a_path_that_stands_in_the_query_is_read_wherever_it_leads(company: Any, elsewhere: Path) -> None:
    for named in (f"'{elsewhere}/t.csv'", f"'{elsewhere}/*.csv'", "'../elsewhere/t.csv'", "'../elsewhere/?.csv'"):
        assert sums(reading(company, named)) == EXPECTED


def test_a_path_that_is_put_together_is_not(company: Any, elsewhere: Path) -> None:
    hidden = f"'{elsewhere.parent}' || '/elsewhere/t.csv'"
    with pytest.raises(DataError) as caught:
        open_ledger(reading(company, hidden))
    assert "expected a file in data_dir, or one that the query names, got" in str(caught.value)
    assert "write its whole path into the query" in str(caught.value)


def test_nothing_is_read_over_a_network(company: Any, elsewhere: Path) -> None:
    with pytest.raises(DataError, match="nothing is read over a network"):
        open_ledger(reading(company, "'https://127.0.0.1:9/t.csv'"))


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_in_data_dir_leads_out_of_it(company: Any, elsewhere: Path) -> None:
    (elsewhere.parent / "data" / "linked.csv").symlink_to(elsewhere / "t.csv")
    (elsewhere.parent / "data" / "folder").symlink_to(elsewhere)
    for named in ("'linked.csv'", "'*.csv'", "'folder/t.csv'", "'folder/*.csv'"):
        assert sums(reading(company, named)) == EXPECTED
    for file in ("linked.csv", "l*.csv", "folder/t.csv", "f*/*.csv"):
        assert sums(company(f'data_dir = "data"\n[tables.transactions]\nfile = "{file}"\n')) == EXPECTED


def test_a_file_may_lie_anywhere_and_have_any_name(company: Any, elsewhere: Path) -> None:
    odd = "it's; drop table x -- %.csv"
    (elsewhere / odd).write_text(PLAIN, encoding="utf-8")
    for file in ("../elsewhere/t.csv", f"{elsewhere}/t.csv", "../elsewhere/t*.csv", f"{elsewhere}/{odd}"):
        assert sums(company(f'data_dir = "data"\n[tables.transactions]\nfile = "{file}"\n')) == EXPECTED


def test_no_setting_of_duckdb_can_be_changed_afterwards(company: Any, tmp_path: Path) -> None:
    connection = Connection(load_settings(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=PLAIN)))
    duck = connection.database.con
    for statement in (
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set lock_configuration = false",
        f"copy (select 1) to '{tmp_path.parent / 'o.csv'}'",
        f"attach '{tmp_path.parent / 'o.db'}'",
        "install httpfs",
    ):
        with pytest.raises(duckdb.Error):
            duck.execute(statement)
    assert not list(tmp_path.parent.glob("o.*"))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A user's own DuckDB file with a table of a name like ours, and a view over a file beside it."""
    (tmp_path / "t.csv").write_text(PLAIN, encoding="utf-8")
    path = tmp_path / "sales.v1.duckdb"
    with duckdb.connect(path) as database:
        database.execute(f"set file_search_path = '{tmp_path}'")
        for name in ("lines", "kam_transactions", "kam_held_transactions", "kam_transactions_rows"):
            database.execute(f"create table {name} as from read_csv('t.csv', all_varchar = true)")
        database.execute("create view seen as from read_csv('t.csv', all_varchar = true)")
        database.execute("create sequence numbers")
    return path


def of_base(company: Any, table: str, url: str = "duckdb://sales.v1.duckdb") -> Path:
    return company(f'[connection]\nurl = "{url}"\n[tables.transactions]\n{table}\n')


def test_the_engine_s_part_of_memory_is_kept_and_what_it_no_longer_needs_goes_back(company: Any) -> None:
    """What DuckDB keeps by default beside the frames of a million accounts is as much as one of them."""
    path = company('[tables.transactions]\nfile = "t.csv"\n', t__csv=PLAIN)
    plain, names = (
        duckdb.connect(),
        ("memory_limit", "allocator_flush_threshold", "allocator_bulk_deallocation_flush_threshold"),
    )
    usual = plain.sql(f"select {', '.join(map('current_setting({!r})'.format, names))}").fetchone()
    for name, most in zip(names, ("1600MB", "16MB", "16MB"), strict=True):
        plain.sql(f"set {name} = '{most}'")
    asked = f"select {', '.join(map('current_setting({!r})'.format, names))}"
    ours = Connection(load_settings(path))
    assert ours._duck.raw_sql(asked).fetchone() == plain.sql(asked).fetchone() != usual


def test_a_question_too_large_for_memory_is_told_from_a_faulty_file(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = company('[tables.transactions]\nfile = "t.csv"\n', t__csv=PLAIN)
    monkeypatch.setattr(embedded, "_MEMORY", "200KB")
    with pytest.raises(DataError, match="more memory than the embedded engine may have") as told:
        open_ledger(path).by_account()
    assert "mend the file" not in str(told.value)


def test_tables_with_names_like_ours_are_the_users(company: Any, base: Path) -> None:
    for table in ("lines", "kam_transactions", "kam_held_transactions", "kam_transactions_rows", "seen", "main.lines"):
        assert sums(of_base(company, f'table = "{table}"')) == EXPECTED
        assert sums(of_base(company, f'query = "select * from {table}"')) == EXPECTED
    assert sums(of_base(company, 'query = "from \\"sales.v1\\".main.lines"')) == EXPECTED


def test_the_users_file_is_only_read(company: Any, base: Path) -> None:
    before = base.read_bytes()
    with pytest.raises(DataError, match="read-only mode"):
        open_ledger(
            of_base(company, "query = \"select nextval('numbers') as revenue, * exclude (revenue) from lines\"")
        )
    assert base.read_bytes() == before
    assert sorted(each.name for each in base.parent.iterdir()) == ["kam.toml", "sales.v1.duckdb", "t.csv"]


def test_two_ledgers_over_one_file_keep_their_own_settings(company: Any, base: Path) -> None:
    """As a notebook does whose settings were corrected."""
    first = open_ledger(of_base(company, 'table = "lines"'))
    assert sums(of_base(company, 'table = "seen"')) == EXPECTED
    with duckdb.connect(base, read_only=True) as theirs:
        assert theirs.execute("select count(*) from lines").fetchone() == (2,)
    assert len(first.by_account()) == 2


def test_settings_behind_the_file_are_refused(company: Any, base: Path) -> None:
    for url in ("duckdb://sales.v1.duckdb?access_mode=read_write", "duckdb://?memory_limit=1GB"):
        with pytest.raises(DataError, match=r"got settings after a question mark; leave them out"):
            open_ledger(of_base(company, 'table = "lines"', url))


@pytest.mark.parametrize("name", ["memory", "temp", "system", "main", "a'b", 'a"b', "select"])
def test_a_file_of_any_name(company: Any, base: Path, name: str) -> None:
    base.rename(base.with_name(f"{name}.duckdb"))
    escaped = name.replace('"', '\\"')
    assert sums(of_base(company, 'table = "lines"', f"duckdb://{escaped}.duckdb")) == EXPECTED


def test_a_file_that_is_not_there_is_not_made(company: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no answer from the duckdb database"):
        open_ledger(of_base(company, 'table = "lines"', "duckdb://none.duckdb"))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kam.toml"]


@pytest.mark.parametrize(
    "name",
    [
        "lines; drop table lines",
        'lines"; drop table lines; --',
        "read_text('/etc/passwd')",
        "main.lines--",
        "a.b.c.d",
        "..",
        '"',
    ],
)
def test_a_table_is_a_name_and_nothing_else(company: Any, base: Path, name: str) -> None:
    escaped = name.replace('"', '\\"')
    with pytest.raises(DataError, match="expected a table"):
        open_ledger(of_base(company, f'table = "{escaped}"'))


def test_a_column_is_a_name_and_nothing_else(company: Any) -> None:
    odd = 'it\'s "x"; drop table t -- %s'
    text = PLAIN.replace("revenue", '"' + odd.replace('"', '""') + '"')
    named = "revenue = '''" + odd + "'''"
    assert sums(company(f'[tables.transactions]\nfile = "t.csv"\ncolumns = {{ {named} }}\n', t__csv=text)) == EXPECTED
    with pytest.raises(DataError, match="not there"):
        sums(company(f'[tables.transactions]\nfile = "t.csv"\ncolumns = {{ {named} }}\n', t__csv=PLAIN))
