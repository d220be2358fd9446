"""A copy of what is published, at an address of fsspec's: as the folder here, run.json last, nothing outdated left."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import fsspec
import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import result, text, write
from published_for_tests import Shelf

from kam_analysis.batch.copied import Elsewhere
from kam_analysis.errors import SettingsError

ADDRESS = "memory://reports"


@pytest.fixture
def bucket() -> Any:
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    return files


def there(bucket: Any) -> dict[str, bytes]:
    return {name.removeprefix("/reports/"): bucket.cat_file(name) for name in bucket.find("/reports")}


@pytest.mark.parametrize("address", ["memory://reports", "file"])
def test_a_run_leaves_the_same_files_there_as_here(tmp_path: Path, bucket: Any, address: str) -> None:
    write(tmp_path / "n", "01_own", text("# One?"), result())
    copy = address if "://" in address else f"file://{tmp_path}/copy"
    summary = reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "n", copy_to=copy)
    assert (summary.exit_code, summary.uncopied) == (0, "")
    here = {
        each.relative_to(tmp_path / "out").as_posix(): each.read_bytes() for each in (tmp_path / "out").rglob("*.*")
    }
    files = (tmp_path / "copy").rglob("*.*")
    found = (
        there(bucket)
        if "://" in address
        else {each.relative_to(tmp_path / "copy").as_posix(): each.read_bytes() for each in files}
    )
    assert found == here


def test_what_is_there_already_is_not_sent_again_and_what_is_outdated_goes(
    tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, elsewhere = Shelf(tmp_path), Elsewhere(ADDRESS, None)
    shelf.publish({"01_a": "One.", "02_b": "Two."}, calls=[])
    assert elsewhere.take(shelf.out) == ""
    run = json.loads(bucket.cat_file("/reports/run.json"))
    run["files"]["actions.ics"] = "0" * 64
    bucket.pipe_file("/reports/actions.ics", b"of an earlier run")
    bucket.pipe_file("/reports/run.json", json.dumps(run).encode())
    bucket.pipe_file("/reports/somebodys.txt", b"stays")
    shelf.publish({"01_a": "One.", "02_b": "Another."})
    sent: list[str] = []
    put = elsewhere._put
    monkeypatch.setattr(elsewhere, "_put", lambda name, content: (sent.append(name), put(name, content)))
    assert elsewhere.take(shelf.out) == ""
    assert (sent[0], sent[-2:]) == ("run.json", ["index.html", "run.json"])
    assert "02_b.html" in sent
    assert "01_a.html" not in sent
    found = there(bucket)
    assert found.pop("somebodys.txt") == b"stays"
    assert found == shelf.files


def test_cut_short_it_says_so_itself_and_the_next_run_mends_it(
    tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, elsewhere = Shelf(tmp_path), Elsewhere(ADDRESS, None)
    shelf.publish({"01_a": "One."})
    pipe = bucket.pipe_file

    def full(path: str, content: bytes, **more: Any) -> None:
        if path.endswith("index.html"):
            raise OSError(28, "No space left on device", "s3://bucket?password=Geheim")
        pipe(path, content, **more)

    with monkeypatch.context() as patch:
        patch.setattr(type(bucket), "pipe_file", lambda self, path, content, **more: full(path, content, **more))
        said = elsewhere.take(shelf.out)
    assert said.startswith(
        "--copy-to memory://...: the copy is not complete (OSError, no space left on device); run again"
    )
    assert "Geheim" not in said
    assert json.loads(bucket.cat_file("/reports/run.json"))["status"] == "publishing"
    assert elsewhere.take(shelf.out) == ""
    assert there(bucket) == shelf.files


def test_a_copy_that_failed_fails_the_run(tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "n", "01_own", text("# One?"), result())
    monkeypatch.setattr(
        Elsewhere, "_put", lambda *given: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    summary = reports_here(None, tmp_path / "out", check=False, notebooks=tmp_path / "n", copy_to=ADDRESS)
    assert (summary.failed, summary.complete, summary.exit_code) == ({}, False, 1)
    assert "permission denied" in summary.uncopied


@pytest.mark.parametrize(
    ("address", "as_of", "said"),
    [
        ("reports", None, "expected an address such as s3://bucket/reports"),
        ("sftp://me:Geheim-4711@host/reports", None, r"sftp://\.\.\.: holds a password; take it out"),
        ("nowhere://bucket", None, "nowhere://.*cannot be used"),
        ("memory://{month}", None, "has a field for the date and --out has none"),
        ("memory://{year}", date(2025, 5, 31), "is not known here"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_before_anything_runs(
    tmp_path: Path, address: str, as_of: date | None, said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        Elsewhere(address, as_of)
    assert "Geheim" not in str(caught.value)


def test_fields_are_those_of_the_output_folder(bucket: Any) -> None:
    assert Elsewhere("memory://b/{month}", date(2025, 5, 31))._root == "/b/2025-05"


def test_without_the_extra_its_installation_is_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SettingsError, match="the package fsspec is not installed"):
        Elsewhere(ADDRESS, None)


def test_an_output_folder_is_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="--out: expected a folder, got an address"):
        reports_here(None, "s3://bucket/reports")
    assert list(tmp_path.iterdir()) == []
