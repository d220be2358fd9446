"""The working copy of `kam lab`, and JupyterLab started on it for real."""

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kam_analysis.batch import lab
from kam_analysis.batch.kernels import end_tree
from kam_analysis.batch.lab import (
    explained,
    lab_command,
    lab_environment,
    literal,
    path_for,
    start_lab,
    with_settings,
    working_copy,
)
from kam_analysis.bundled import notebooks_folder
from kam_analysis.errors import RunError, SettingsError
from kam_analysis.typed import typed
from kam_analysis.working_copy import STARTED_IN, WORKING_COPY

Company = Callable[..., Path]

NAME = "01_concentration.ipynb"
KAM = "import sys; from kam_analysis.cli import main; sys.argv[0] = 'kam'; main()"
SALES = '[tables.transactions]\nfile = "sales.csv"\n'
TOKEN = "only-for-this-test"


def settings_in(notebook: Path) -> str:
    """The value of `settings` after the parameters cell has run."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = next(cell for cell in cells if "parameters" in cell["metadata"].get("tags", ()))
    values: dict[str, str] = {}
    exec("".join(tagged["source"]), values)
    return values["settings"]


def test_the_copy_names_the_settings_from_where_it_lies(tmp_path: Path) -> None:
    settings = tmp_path / "my sales" / "kam.toml"
    settings.parent.mkdir()
    folder = tmp_path / "deep" / "notebooks"
    copy = working_copy(settings, folder)
    bundled = sorted(path.name for path in notebooks_folder().glob("*.ipynb"))
    assert (list(copy.made), copy.kept) == (bundled, ())
    for name in bundled:
        assert settings_in(folder / name) == "../../my sales/kam.toml"
        assert (folder / settings_in(folder / name)).resolve() == settings.resolve()


def test_without_settings_the_copy_is_the_notebook_itself(tmp_path: Path) -> None:
    working_copy(None, tmp_path)
    assert settings_in(tmp_path / NAME) == ""
    assert json.loads((tmp_path / NAME).read_text("utf-8")) == json.loads(
        (notebooks_folder() / NAME).read_text("utf-8")
    )


def test_only_the_value_of_settings_changes() -> None:
    before = (notebooks_folder() / NAME).read_text(encoding="utf-8")
    after = with_settings(before, "x/kam.toml")
    assert after != before
    assert json.loads(with_settings(after, "")) == json.loads(before)


def test_a_notebook_without_such_a_parameter_stays_as_it_is() -> None:
    notebook = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": ["settings = 1"], "outputs": []}]})
    assert with_settings(notebook, "kam.toml") == notebook


@pytest.mark.parametrize(
    "text", ["kam.toml", r"D:\new\kam.toml", "it's", 'a "b"', "'\"", "ü🚀", "line\nbreak", "\udcff"]
)
def test_any_path_survives_being_written_as_python(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert literal("kam.toml") == '"kam.toml"'


def test_another_drive_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", refuse)
    assert path_for(tmp_path / "kam.toml", tmp_path) == (tmp_path.resolve() / "kam.toml").as_posix()


def test_a_linked_settings_file_is_named_by_its_link(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.toml"
    real.parent.mkdir()
    real.touch()
    link = tmp_path / "kam.toml"
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("this system lets no ordinary user make links")
    assert path_for(link, tmp_path / "notebooks") == "../kam.toml"


def test_what_the_user_changed_is_kept_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    working_copy(None, folder)
    mine = (folder / NAME).read_text(encoding="utf-8").replace("How much", "By how much")
    (folder / NAME).write_text(mine, encoding="utf-8")
    copy = working_copy(None, folder)
    assert (folder / NAME).read_text(encoding="utf-8") == mine
    assert NAME in copy.kept
    assert (copy.made, copy.other_settings) == ((), ())
    assert any(line.startswith("Kept as they are") and NAME in line for line in explained(copy, None))


def test_a_kept_notebook_with_other_settings_is_pointed_out(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    working_copy(tmp_path / "north.toml", folder)
    copy = working_copy(tmp_path / "south.toml", folder)
    assert NAME in copy.other_settings
    assert settings_in(folder / NAME) == "../north.toml"
    said = "\n".join(explained(copy, tmp_path / "south.toml"))
    assert "Other settings than yours" in said
    assert "another --folder" in said


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{}",
        "[]",
        '{"cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "settings ="}]}',
    ],
)
def test_a_kept_file_that_is_no_notebook_is_the_users_affair(broken: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(broken)
    assert NAME in working_copy(None, tmp_path).kept
    assert (tmp_path / NAME).read_text() == broken


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(SettingsError, match=r"--folder mine: cannot be written to .*; give another folder"):
        working_copy(None, tmp_path / "mine")


def test_half_a_notebook_is_never_left(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):  # as a full disk would, but on every system
        lab.write_new(tmp_path / NAME, "good start \udcff")
    assert not (tmp_path / NAME).exists()


def test_it_says_how_to_publish_what_was_made_of_them(tmp_path: Path) -> None:
    copy = working_copy(None, tmp_path / "my notebooks")
    said = explained(copy, Path("kam.toml"))
    publish = typed(["kam", "report", "kam.toml", "--notebooks", str(copy.folder)])
    assert f"To publish what you made of them: {publish}" in said
    assert any("kam new-question" in line for line in said)


def test_the_command_is_this_pythons_jupyterlab(tmp_path: Path) -> None:
    command = lab_command(tmp_path, ["--no-browser"])
    assert command[:4] == [sys.executable, "-P", "-m", "kam_analysis.batch.lab_process"]
    assert command[-1] == "--no-browser"
    assert f"--ServerApp.root_dir={tmp_path.resolve()}" in command


def test_wrong_settings_are_refused_before_anything_is_copied(company: Company, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean"):
        start_lab(company('curency = "EUR"\n' + SALES), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_without_jupyterlab_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RunError, match="pip install jupyterlab"):
        start_lab(None, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(("program", "code"), [("raise SystemExit(3)", 3), ("pass", 0)])
def test_its_exit_code_is_handed_on(program: str, code: int, tmp_path: Path) -> None:
    assert lab._run([sys.executable, "-c", program], tmp_path) == code


def test_a_jupyterlab_that_hangs_after_ctrl_c_is_not_waited_for_for_ever() -> None:
    class Hanging(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self) -> None:
            self.returncode = 0

        def wait(self, timeout: float | None = None) -> int:
            if timeout is None:
                raise KeyboardInterrupt
            raise subprocess.TimeoutExpired("jupyterlab", timeout)

    assert lab._waited(Hanging()) == 130


def test_terminals_and_new_extensions_are_for_those_who_ask(tmp_path: Path) -> None:
    closed = {"--ServerApp.terminals_enabled=False", "--LabApp.extension_manager=readonly"}
    assert closed <= set(lab_command(tmp_path))
    assert not closed & set(lab_command(tmp_path, full=True))


def test_what_a_user_set_for_scripts_does_not_reach_the_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PLOTLY_RENDERER": "browser", "PYTHONWARNINGS": "error", "MINE": "stays"}.items():
        monkeypatch.setenv(name, value)
    environment = lab_environment(Path("mine"))
    assert environment["MINE"] == "stays"
    assert (environment[STARTED_IN], environment[WORKING_COPY]) == (os.getcwd(), "mine")
    assert not {"PLOTLY_RENDERER", "PYTHONWARNINGS"} & set(environment)


@pytest.fixture(scope="module")
def two_labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["Started", "Started"]]:
    """Two of them, for two ways to end: started at the same time, for that is what takes the time."""
    with Started(tmp_path_factory.mktemp("one")) as one, Started(tmp_path_factory.mktemp("other")) as other:
        yield one, other


class Started:
    """`kam lab` on a small company, and what it says."""

    def __init__(self, folder: Path) -> None:
        (folder / "sales.csv").write_text("account_id,date,revenue\nA,2025-01-01,3\n")
        (folder / "kam.toml").write_text(SALES)
        self.port, self.log = _free_port(), folder / "log.txt"
        options = ["--no-browser", f"--port={self.port}", "--allow-root", f"--IdentityProvider.token={TOKEN}"]
        typed = ["lab", "kam.toml", "--folder", "mine", "--", *options]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", KAM, *typed], cwd=folder, stdout=out, stderr=out, start_new_session=True
            )

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *error: object) -> None:
        end_tree(self.process.pid)
        self.process.wait(600)

    def asked(self, what: str, given: object = None) -> Any:
        """The server's answer, as soon as it gives one; to `given`, where that is not None."""
        return json.loads(_answer(self.port, what, self.process, given=given))


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C to one group of processes is sent otherwise there")
def test_jupyterlab_serves_the_copy_and_ctrl_c_ends_it(two_labs: tuple[Started, Started]) -> None:
    lab = two_labs[0]
    lab.asked("api/status")
    listed = lab.asked("api/contents")
    news = lab.asked("lab/api/settings/@jupyterlab/apputils-extension:notification")
    with pytest.raises(urllib.error.HTTPError):
        lab.asked("api/terminals", {})
    page = _answer(lab.port, "lab", lab.process).decode()
    assert '"terminalsAvailable": false' in page
    assert '"can_install": false' in page
    time.sleep(1)  # JupyterLab itself hangs, now and then, when it is interrupted in its first tenth of a second
    for member in (*psutil.Process(lab.process.pid).children(), lab.process):  # as a terminal does
        member.send_signal(signal.SIGINT)
    assert lab.process.wait(600) == 0
    assert NAME in {entry["name"] for entry in listed["content"]}
    assert news["schema"]["properties"]["fetchNews"]["default"] == "false", "whoever starts it is asked about news"
    said = lab.log.read_text()
    assert f"http://127.0.0.1:{lab.port}/lab" in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_jupyterlab_and_its_kernels_end_when_kam_lab_is_killed(two_labs: tuple[Started, Started]) -> None:
    lab = two_labs[1]
    lab.asked("api/kernels", {"name": "python3"})
    below = psutil.Process(lab.process.pid).children(recursive=True)
    assert len(below) >= 2
    lab.process.kill()
    assert psutil.wait_procs(below, timeout=600)[1] == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answer(
    port: int, what: str, process: "subprocess.Popen[bytes]", patience_seconds: float = 600, given: object = None
) -> bytes:
    body = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{what}", body, {"Authorization": f"token {TOKEN}"})
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until:
        assert process.poll() is None, "JupyterLab ended before it answered"
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                said: bytes = reply.read()
                return said
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not answer within {patience_seconds:g} s on this machine")
