"""Parquet files that are damaged, empty, or hold what no column of ours can: each ends in a sentence."""

import contextlib
import random
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kam_analysis.errors import DataError, KamError
from kam_analysis.exports import inspect_export, settings_text
from kam_analysis.ledger import open_ledger

SETTINGS = '[tables.transactions]\nfile = "t.parquet"\n'
GOOD = pa.table(
    {"account_id": ["1", "2"] * 50, "date": [date(2025, 1, 10), date(2025, 2, 10)] * 50, "revenue": [1.5, 2.5] * 50}
)


@pytest.fixture
def path(company, tmp_path):
    pq.write_table(GOOD, tmp_path / "t.parquet")
    return company(SETTINGS)


def changed(path, change):
    file = path.with_name("t.parquet")
    file.write_bytes(change(file.read_bytes()))


DAMAGE = {
    "cut in half": lambda raw: raw[: len(raw) // 2],
    "nothing between the marks": lambda raw: b"PAR1" + b"\0" * 50 + b"PAR1",
    "the marks alone": lambda raw: b"PAR1PAR1",
    "wrong pages under a right footer": lambda raw: raw[:4] + b"\0" * 200 + raw[204:],
    "a footer longer than the file": lambda raw: raw[:-8] + b"\xff\xff\xff\x7fPAR1",
    "a text": lambda raw: b"account_id,date,revenue\n",
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_said_to_be_so(path, change):
    changed(path, change)
    with pytest.raises(DataError) as caught:
        open_ledger(path)
    [found] = caught.value.problems
    assert found.rule == "expected a Parquet file, got one that is damaged or cut short"
    assert found.remedy == "export it again"
    with pytest.raises(DataError, match="the file is broken or of another kind"):
        inspect_export(path.with_name("t.parquet"))


def test_among_many_files_the_damaged_one_is_named(company, tmp_path):
    for at, name in enumerate(("2023.parquet", "2024.parquet", "2025.parquet"), 1):
        pq.write_table(GOOD.slice(0, at), tmp_path / name)
    (tmp_path / "2024.parquet").write_bytes(b"PAR1 a text, and nothing else PAR1")
    with pytest.raises(DataError, match=r"2024\.parquet: expected a Parquet file"):
        open_ledger(company('[tables.transactions]\nfile = "*.parquet"\n'))


def test_wrong_bytes_anywhere_never_end_in_anything_but_a_sentence(path):
    raw, chance = path.with_name("t.parquet").read_bytes(), random.Random(1)
    for _ in range(15):
        found = bytearray(raw)
        for _ in range(4):
            found[chance.randrange(len(raw))] = chance.randrange(256)
        path.with_name("t.parquet").write_bytes(bytes(found))
        for read in (open_ledger, lambda each: inspect_export(each.with_name("t.parquet"))):
            with contextlib.suppress(KamError):
                read(path)


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("account_id", [["1"], ["2"]], "account_id: expected text, got several values in one; export it with one value in each cell"),
        ("account_id", [b"1", b"2"], "account_id: expected text, got bytes; cast it in the settings"),
        ("date", [{"day": 1}] * 2, "date: expected a date, got several values in one"),
        ("date", pa.array([1, 2], pa.time64("us")), "date: expected a date, got time"),
        ("date", [20250110, 20250210], "expected a date like 2025-12-31, got something else in 100 rows (20250110, 20250210)"),
        ("revenue", [[1.0], [2.0]], "revenue: expected a number, got several values in one"),
        ("revenue", [True, False], "revenue: expected a number, got true or false"),
        ("product", pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())), "product: expected text, got several values in one"),
        ("revenue", pa.nulls(2), "expected accounts with revenue above zero"),
        ("account_id", pa.nulls(2), "got 0 at or below zero"),
    ],
)  # fmt: skip
def test_a_column_of_another_kind_is_named_with_its_remedy(company, tmp_path, column, values, said):
    values = pa.array(values) if isinstance(values, list) else values
    columns = {name: GOOD[name] for name in GOOD.column_names}
    pq.write_table(pa.table(columns | {column: pa.concat_arrays([values] * 50)}), tmp_path / "t.parquet")
    with pytest.raises(DataError) as caught:
        open_ledger(company(SETTINGS))
    assert said in str(caught.value)


def test_a_file_without_rows_or_columns(company, tmp_path):
    pq.write_table(GOOD.slice(0, 0), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="expected rows, got none"):
        open_ledger(company(SETTINGS))
    pq.write_table(pa.table({}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="expected a Parquet file"):
        open_ledger(company(SETTINGS))


def test_days_as_whole_numbers_are_read_in_the_format_that_init_finds(company, tmp_path):
    pq.write_table(GOOD.set_column(1, "date", pa.array([20250110, 20250210] * 50)), tmp_path / "t.parquet")
    text = settings_text(inspect_export(tmp_path / "t.parquet"))
    assert 'date_format = "%Y%m%d"' in text
    found = open_ledger(company(text))
    assert (found.overview.first, found.overview.last) == (date(2025, 1, 10), date(2025, 2, 10))
