"""Data at an address: the same figures as from a folder, nothing written there, and never a copy that is out of date."""

import fsspec
import pytest

from kam_analysis import open_ledger
from kam_analysis.batch.cluster.parcel import files_seen, parcel_of
from kam_analysis.batch.jobs import Job
from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger.engine.at_hand import at_hand
from kam_analysis.ledger.engine.opened_once import kept_in
from kam_analysis.ledger.settings.settings_file import load_settings

SETTINGS = """
data_dir = "memory://bucket/sales [2026]"
[tables.transactions]
file = "20*/sales.csv"
[tables.accounts]
query = "SELECT * FROM 'masters/accounts.csv'"
"""
FILES = {
    "2025/sales.csv": "account_id,date,revenue\nA,2025-05-01,10\nB,2025-06-01,30\n",
    "2026/sales.csv": "account_id,date,revenue\nA,2026-05-01,20\n",
    "2026/other.csv": "not ours\n",
    "masters/accounts.csv": "account_id,account_name\nA,Alder\nB,Birch\n",
}


@pytest.fixture
def there():
    """What lies at the address, by name; it can be changed."""
    files = fsspec.filesystem("memory")

    def put(name, text):
        files.pipe_file(f"/bucket/sales [2026]/{name}", text.encode())

    for name, text in FILES.items():
        put(name, text)
    yield put
    files.rm("/bucket", recursive=True)


def total(path):
    return float(open_ledger(path, period="all").by_account()["revenue"].sum())


def test_it_is_read_as_from_a_folder(company, there):
    before = fsspec.filesystem("memory").find("/bucket", detail=True)
    ledger = open_ledger(company(SETTINGS), period="all")
    assert ledger.by_account().set_index("account_name")["revenue"].to_dict() == {"Alder": 30, "Birch": 30}
    assert fsspec.filesystem("memory").find("/bucket", detail=True) == before


def test_what_is_new_there_counts(company, there):
    path = company(SETTINGS)
    assert total(path) == 60
    assert at_hand(load_settings(path)) == at_hand(load_settings(path))
    there("2026/sales.csv", FILES["2026/sales.csv"].replace(",20\n", ",25\n"))
    assert total(path) == 65
    there("2027/sales.csv", "account_id,date,revenue\nB,2026-06-01,5\n")
    assert total(path) == 70


def test_a_run_copies_once_and_stays_with_it(company, there, tmp_path):
    path, shelf = company(SETTINGS), tmp_path / "shelf"
    shelf.mkdir()
    with kept_in(shelf):
        assert total(path) == 60
        there("2026/sales.csv", FILES["2026/sales.csv"].replace(",20\n", ",25\n"))
        assert total(path) == 60
        seen = files_seen(path)
    names = {each.relative_to(shelf / "inputs").as_posix() for each in (shelf / "inputs").rglob("*.csv")}
    assert names == FILES.keys() - {"2026/other.csv"}
    assert seen.keys() == {"2025/sales.csv", "2026/sales.csv"}
    assert seen != files_seen(path)  # outside of the run what is there now


@pytest.mark.parametrize("folder", ["", "env:KAM_DATA"])
def test_an_address_goes_to_other_machines_as_it_is(company, there, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("KAM_DATA", "memory://bucket/sales [2026]")
    text = SETTINGS.replace("memory://bucket/sales [2026]", folder) if folder else SETTINGS
    path = company(text)
    assert total(path) == 60
    job = Job("01", "01", path, {}, "page", "executed", "result", tmp_path, tmp_path, settings=path)
    sent = parcel_of(job, run="", code="", seen={}, one_of_several=False, time_limit=1, memory_limit=None)
    assert sent.settings == (path.name, text.encode())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("memory://elsewhere", r'no file matches "20\*/sales.csv"; correct the path'),
        ("nowhere://bucket", r"data_dir nowhere://\.\.\.: cannot be used: Protocol not known"),
        ("sftp://ann:hush@host/sales", "data_dir: expected a folder, got something else; set KAM_DATA to"),
        ("s3://bucket/sales?token=hush", "data_dir: expected a folder, got something else; set KAM_DATA to"),
    ],
)
def test_what_cannot_be_reached_is_told(company, address, said, monkeypatch):
    monkeypatch.setenv("KAM_DATA", address)
    with pytest.raises((SettingsError, DataError), match=said) as told:
        open_ledger(company(SETTINGS.replace("memory://bucket/sales [2026]", "env:KAM_DATA")))
    assert "hush" not in str(told.value)


def test_a_refusal_there_is_told_without_its_words(company, there, monkeypatch):
    def refused(*asked, **how):
        raise PermissionError(13, "Permission denied", "key=hush")

    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "info", refused)
    with pytest.raises(
        SettingsError, match=r"memory://\.\.\.: cannot be looked through \(PermissionError, permission"
    ) as told:
        open_ledger(company(SETTINGS))
    assert "hush" not in str(told.value)


def test_nothing_outside_the_address_is_looked_for(company, there, tmp_path):
    (tmp_path / "own.csv").write_text("account_id,date,revenue\nC,2026-05-01,7\n")
    own = SETTINGS.replace("20*/sales.csv", (tmp_path / "own.csv").as_posix())
    assert total(company(own)) == 7  # a whole path is one of this machine
    with pytest.raises(DataError, match="is not there"):
        open_ledger(company(SETTINGS.replace("20*/sales.csv", "../secret.csv")))


def test_a_name_that_leads_out_of_the_folder_is_not_copied(company, there, tmp_path, monkeypatch):
    def glob(files, pattern, **how):
        return {
            "/bucket/sales [2026]/20/../../../out.csv": {"type": "file"},
            "/bucket/sales [2026]/2026/sales.csv": {"type": "file"},
        }

    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "glob", glob)
    (tmp_path / "a" / "b").mkdir(parents=True)
    with kept_in(tmp_path / "a" / "b"):
        folder = at_hand(load_settings(company(SETTINGS))).data_dir
    assert {each.name for each in folder.rglob("*.csv")} == {"sales.csv", "accounts.csv"}
    assert not list(tmp_path.rglob("out.csv"))
