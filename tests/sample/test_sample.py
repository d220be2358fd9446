"""The sample as files: the same bytes, every size, and nothing of a user's overwritten."""

import csv
import hashlib
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger.settings.settings import TABLES
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.sample import lines, readme, transactions, write_sample
from kam_analysis.sample.chance import split
from kam_analysis.sample.company import build
from kam_analysis.sample.totals import asked_size

COMMITTED = Path(__file__).parents[2] / "data" / "sample"
RAW = "raw_export/umsatzliste_2026-07_2026-09.csv"


def _bytes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".gitattributes")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A larger company from another seed."""
    folder = tmp_path_factory.mktemp("other")
    write_sample(folder, accounts=1_000, transactions=50_000, seed=7)
    return folder


def test_the_committed_sample_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    written = write_sample(tmp_path)
    assert _bytes(tmp_path) == _bytes(COMMITTED)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == set(_bytes(COMMITTED))


def test_the_committed_sample_is_under_four_megabytes() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file()) < 4_000_000


def test_the_readme_is_the_generated_one() -> None:
    assert (COMMITTED.parent / "README.md").read_text(encoding="utf-8") == readme()


def test_every_table_and_every_column_of_the_schema_has_something_in_it() -> None:
    settings = load_settings(COMMITTED / "kam.toml")
    # Its master names the parents, so it needs nothing that would only suggest them; its costs need no margin, and
    # its rebates are in finance's total alone.
    spared = {"accounts": {"vat_number", "email", "rebates"}, "transactions": {"margin"}}
    assert set(settings.tables) == set(TABLES) - {"parents"}
    for name in settings.tables:
        rows = _rows(COMMITTED / f"{name}.csv")
        assert set(TABLES[name].names) - set(rows[0]) == spared.get(name, set())
        assert list(rows[0]) == [column for column in TABLES[name].names if column in rows[0]]
        empty = {column for column in rows[0] if not any(row[column] for row in rows)}
        # The plan is for all product lines together.
        assert empty == ({"product_line"} if name == "budget" else set()), name


def test_values_are_inside_the_ranges_of_the_schema_and_keys_are_unique() -> None:
    for name in TABLES.keys() - {"parents"}:
        table, rows = TABLES[name], _rows(COMMITTED / f"{name}.csv")
        if table.key:
            assert len({tuple(row[column] for column in table.key) for row in rows}) == len(rows)
        for column in table.columns:
            if column.name not in rows[0]:
                continue
            values = [row[column.name] for row in rows if row[column.name]]
            assert not column.required or name == "transactions" or len(values) == len(rows)
            assert not column.choices or set(values) <= set(column.choices)
            if column.low is not None:
                assert min(map(float, values)) >= column.low
            if column.high is not None:
                assert max(map(float, values)) <= column.high


def test_references_between_tables_hold_but_for_the_two_mistyped_ids() -> None:
    known = {name: {row[key] for row in _rows(COMMITTED / f"{name}.csv")} for name, key in (("accounts", "account_id"), ("managers", "manager_id"), ("contacts", "contact_id"))}  # fmt: skip
    known["accounts"] |= {"0010020", "10300"}
    for name, table in TABLES.items():
        for column in table.columns:
            if column.refers_to:
                assert {row[column.name] for row in _rows(COMMITTED / f"{name}.csv")} - {""} <= known[column.refers_to]


def test_the_raw_export_is_the_sample_s_last_months_read_by_hand() -> None:
    """Route: the text taken apart here, without the workbook's reader."""
    text = (COMMITTED / RAW).read_bytes().decode("cp1252")
    body = [line.split(";") for line in text.replace('"', "").splitlines()[5:] if line.strip(";")]
    listed = sorted(
        (cells[0], "-".join(reversed(cells[-7].split("."))), _german(cells[-2]), _german(cells[-1]))
        for cells in body
        if cells[-7][:1].isdigit() and len(cells) == 9
    )
    sold = sorted(
        (row["account_id"], row["date"], Decimal(row["revenue"]), Decimal(row["cost"]))
        for row in _rows(COMMITTED / "transactions.csv")
        if row["date"] >= "2026-07-01" and row["currency"] == "EUR"
    )
    assert listed == sold
    grand = next(cells for cells in body if cells[0] == "Gesamtsumme")
    assert _german(grand[-2]) == sum(row[2] for row in sold)
    assert "-;" in text
    assert text.count("Kundenname") > 1


def _german(text: str) -> Decimal:
    number = Decimal(text.rstrip("-").replace(".", "").replace(",", "."))
    return -number if text.endswith("-") else number


def test_other_sizes_have_exactly_the_rows_asked_for(other: Path) -> None:
    assert len(_rows(other / "transactions.csv")) == 50_000
    accounts = [row for row in _rows(other / "accounts.csv") if row["account_id"] not in ("0090001", "0099999")]
    assert len(accounts) == 1_000 + 6
    assert len({row["account_name"] for row in accounts}) == len(accounts)
    sold = duckdb.sql(
        f"""select coalesce(nullif(parent_id, ''), account_id) as parent, sum(revenue::double * if(currency = 'PLN', 0.235, 1)) as money
        from read_csv('{other / "transactions.csv"}', all_varchar = true) as sales join read_csv('{other / "accounts.csv"}', all_varchar = true) as master using (account_id)
        where date > '2025-09-18' and account_id not in ('0090001', '0099999') group by 1"""
    ).df()
    sold = sold.set_index("parent")["money"]
    assert sold["0010100"] / sold[sold > 0].sum() == pytest.approx(0.181, abs=1e-4)
    assert (sold > 0).sum() > 980


def test_same_arguments_same_bytes_and_another_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_sample(tmp_path / name, accounts=150, transactions=7_200, seed=seed)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    assert _bytes(tmp_path / "one")["transactions.csv"] != _bytes(tmp_path / "three")["transactions.csv"]


def test_large_samples_are_parquet_parts_read_by_glob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ROWS_PER_CHUNK", 60_000)
    parts = [path for path in write_sample(tmp_path, accounts=400, transactions=210_001) if path.suffix == ".parquet"]
    assert len(parts) == 4
    assert max(parquet.read_metadata(part).num_rows for part in parts) < 62_000
    assert load_settings(tmp_path / "kam.toml").tables["transactions"].file == "transactions/part-*.parquet"
    found = duckdb.sql(f"""select count(*), typeof(any_value(revenue)), typeof(any_value(account_id)), typeof(any_value(date)),
        min(date), max(date), min(account_id), count(*) filter (account_id is null) > 0 from '{tmp_path}/transactions/part-*.parquet'""").fetchall()  # fmt: skip
    days = (date(2023, 10, 2), date(2026, 9, 18))
    assert found == [(210_001, "DECIMAL(18,2)", "VARCHAR", "DATE", *days, "0010020", True)]


def test_a_sample_of_another_size_leaves_nothing_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sample(tmp_path, accounts=120, transactions=7_000)
    small = _bytes(tmp_path)
    monkeypatch.setattr(transactions, "MOST_CSV_ROWS", 5_000)
    large = write_sample(tmp_path, accounts=120, transactions=7_000)
    assert set(_bytes(tmp_path)) == {path.relative_to(tmp_path).as_posix() for path in large}
    monkeypatch.undo()
    write_sample(tmp_path, accounts=120, transactions=7_000)
    assert _bytes(tmp_path) == small


def test_rows_do_not_depend_on_how_they_are_cut_into_chunks() -> None:
    company = build(asked_size(150, 9_000, 3))

    def rows(most: int) -> list[tuple[object, ...]]:
        chunks = lines.invoice_rows(company.cells, company.who, 3, most)
        return sorted(
            row for c in chunks for row in zip(c.entity, c.day, c.revenue, c.cost, c.quantity, c.article, strict=True)
        )

    assert rows(700) == rows(100_000)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"accounts": 50}, "at least 120 accounts, got 50"),
        ({"accounts": 4_000_000}, "at most 3,000,000 accounts"),
        ({"transactions": 3_000}, "at least 8,272 transactions for 284 accounts, got 3,000"),
        ({"seed": -1}, "a seed of 0 or more, got -1"),
    ],
)
def test_a_size_that_the_story_does_not_fit_into_is_refused(
    tmp_path: Path, asked: dict[str, int], expected: str
) -> None:
    with pytest.raises(SettingsError, match=expected):
        write_sample(tmp_path / "new", **asked)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"sample: new: .*; choose a folder that can be written to"):
        write_sample(tmp_path / "file" / "new")
    with pytest.raises(SettingsError, match="sample: file is a file"):
        write_sample(tmp_path / "file")


@pytest.mark.parametrize(("accounts", "transactions"), [(120, 6_960), (121, 7_001), (284, 8_272)])
def test_the_smallest_sizes_work(tmp_path: Path, accounts: int, transactions: int) -> None:
    write_sample(tmp_path, accounts, transactions, seed=accounts)
    assert len(_rows(tmp_path / "transactions.csv")) == transactions
    # No month of an account may go without a row: its money would be lost.
    assert build(asked_size(accounts, transactions, seed=accounts)).cells.rows.min() == 1


def test_a_user_s_own_settings_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text('name = "Ours"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"already holds a kam\.toml that is not the sample's"):
        write_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kam.toml"]


@given(
    st.lists(
        st.tuples(st.integers(-(10**12), 10**12), st.lists(st.floats(0.01, 100.0), min_size=1, max_size=9)),
        min_size=1,
        max_size=9,
    )
)
def test_a_split_adds_up_to_every_group_s_total(groups: list[tuple[int, list[float]]]) -> None:
    totals = np.array([total for total, _ in groups])
    counts = np.array([len(weights) for _, weights in groups])
    parts = split(totals, counts, np.array([weight for _, weights in groups for weight in weights]))
    assert np.add.reduceat(parts, np.cumsum(counts) - counts).tolist() == totals.tolist()
