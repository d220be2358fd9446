"""Which files a path names: brackets taken literally first, what is no export left alone, copies and endless searches told."""

import time
from pathlib import Path

import pytest

from kam_analysis.errors import DataError
from kam_analysis.exports import inspect_export, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.reading import found_files as finding
from kam_analysis.ledger.settings.settings import TableSource

HEADER = "account_id,date,revenue\n"
ROWS = {"7": "7,2025-01-10,100.00\n", "8": "8,2025-02-10,50.00\n"}


def found(folder: Path, file: str) -> list[str]:
    return [
        each.relative_to(folder).as_posix()
        for each in finding.found_files(TableSource("transactions", file=file), folder)
    ]


def written(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("sales [2025].csv", "sales [2025].csv"), ("sales [1]/a.csv", "sales [1]/*.csv"), ("a [x]/b [y].csv", "**/b [y].csv"), ("what?.csv", "what?.csv")],
)  # fmt: skip
def test_brackets_in_names_are_names_first(company, tmp_path: Path, name: str, pattern: str) -> None:
    written(
        tmp_path,
        **{name: HEADER + ROWS["7"], "sales 2.csv": HEADER + ROWS["8"], "whats.csv": HEADER},
    )
    assert found(tmp_path, pattern) == [name]
    path = company(f"[tables.transactions]\nfile = '{pattern}'\n")
    assert open_ledger(path).by_account()["revenue"].tolist() == [100.0]


def test_a_bracket_is_a_pattern_where_no_such_file_is(tmp_path: Path) -> None:
    written(tmp_path, **{"sales 1.csv": HEADER, "sales 2.csv": HEADER, "sales 3.csv": HEADER})
    assert found(tmp_path, "sales [12].csv") == ["sales 1.csv", "sales 2.csv"]


def test_a_folder_with_brackets_around_everything(tmp_path: Path) -> None:
    folder = tmp_path / "sales [2025] *"
    written(folder, **{"export.csv": "Customer,Date,Amount\nA,2025-12-31,1.50\n"})
    ledger = open_ledger(write_settings(inspect_export(folder / "export.csv")))
    assert ledger.reconciliation().total == 1.50


def test_init_writes_a_name_with_brackets_as_it_is(tmp_path: Path) -> None:
    written(tmp_path, **{"export [1].csv": "Customer,Date,Amount\nA,2025-12-31,1.50\n", "export 1.csv": HEADER})
    guess = inspect_export(tmp_path / "export [1].csv")
    assert guess.source.file == "export [1].csv"
    assert open_ledger(write_settings(guess)).reconciliation().total == 1.50


def test_what_programs_leave_beside_an_open_file_is_no_export(tmp_path: Path) -> None:
    written(tmp_path, **{"a.xlsx": "x", "~$a.xlsx": "y", ".~lock.a.xlsx": "z", ".hidden.xlsx": "z"})
    assert found(tmp_path, "*.xlsx") == ["a.xlsx"]


def test_folders_below_are_searched_each_once(tmp_path: Path) -> None:
    written(tmp_path, **{"a.csv": "1", "x/b.csv": "2", "x/y/c.csv": "3", ".git/d.csv": "4"})
    (tmp_path / "x" / "back").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path, "**/*.csv") == ["a.csv", "x/b.csv", "x/y/c.csv"]
    assert found(tmp_path, "x/y/**/*.csv") == ["x/y/c.csv"]


def test_a_copy_is_found_by_its_content_and_named(company, tmp_path: Path) -> None:
    text = HEADER + ROWS["7"]
    written(
        tmp_path,
        **{
            "sales.csv": text,
            "sales (1).csv": text,
            "sales 2.csv": HEADER + ROWS["8"],
            "other.csv": HEADER + "7,2025-01-11,100.00\n",
        },
    )
    with pytest.raises(DataError, match=r"the same content .*: sales \(1\)\.csv and sales\.csv; keep one"):
        open_ledger(company('[tables.transactions]\nfile = "*.csv"\n'))


def test_months_without_sales_are_no_copies(company, tmp_path: Path) -> None:
    written(tmp_path, **{"1.csv": HEADER, "2.csv": HEADER, "3.csv": HEADER + ROWS["7"]})
    assert open_ledger(company('[tables.transactions]\nfile = "*.csv"\n')).reconciliation().total == 100.0


def test_a_search_that_finds_no_end_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, **{f"{n}/a.csv": str(n) for n in range(20)})
    monkeypatch.setattr(finding, "MOST_FILES", 5)
    with pytest.raises(DataError, match=r'"\*\*/\*.csv" finds more than 5 files; name the folder more closely'):
        found(tmp_path, "**/*.csv")
    monkeypatch.setattr(finding, "MOST_SECONDS", -1.0)
    with pytest.raises(DataError, match="finds no end in"):
        found(tmp_path, "**/*.tsv")


def test_the_whole_disk_is_not_searched_for_ever() -> None:
    began = time.monotonic()
    with pytest.raises(DataError):
        finding.found_files(TableSource("transactions", file="/**/no such file by any name.csv"), Path("/"))
    assert time.monotonic() - began < 120 * finding.MOST_SECONDS


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("account_id,date,revenue\n9,2025-03-01,abc\n", "b.csv, column revenue: expected a number, got something else in 1 row (abc)"),
        ("account_id,date,revenue\n9,soon,5\n", "b.csv, column date: expected a date like 2025-12-31, got something else in 1 row (soon)"),
        ("account_id,date,revenue\n9,,5\n", "b.csv, column date: expected a date, got nothing in 1 row"),
        ("account_id,date,revenue\n9,2025-03-01,5,6\n", "b.csv: line 2 does not divide"),
        ("account_id,date,amount\n9,2025-03-01,5\n", "b.csv, column revenue: expected this column, as other files have it"),
        ("account_id,date,revenue\n9,2025-03-01,M\u00fcller\n", "b.csv: expected UTF-8 text"),
    ],
)  # fmt: skip
def test_of_many_files_the_faulty_one_is_named(company, tmp_path: Path, bad: str, said: str) -> None:
    written(tmp_path, **{"a.csv": HEADER + ROWS["7"], "c.csv": HEADER + ROWS["8"]})
    (tmp_path / "b.csv").write_bytes(bad.encode("cp1252"))
    with pytest.raises(DataError) as caught:
        open_ledger(company('[tables.transactions]\nfile = "*.csv"\n'))
    assert said in str(caught.value)
