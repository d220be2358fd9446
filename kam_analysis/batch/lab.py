"""A working copy of the notebooks for exploring, and JupyterLab on it.

What a user changed is theirs: a notebook that is in the folder stays as it is, whatever newer ones
the package brings.
"""

import ast
import contextlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kam_analysis.batch.kernels import end_tree, python_environment
from kam_analysis.batch.lab_process import PATIENCE_SECONDS
from kam_analysis.bundled import notebooks_folder
from kam_analysis.errors import RunError, SettingsError, writing
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.made_folder import made_folder
from kam_analysis.stopping import ended_by_signals, unbroken
from kam_analysis.typed import typed
from kam_analysis.working_copy import STARTED_IN, WORKING_COPY

Say = Callable[[str], object]

_SETTINGS = "settings"  # the parameter that names the company's settings file
_JUPYTER = Path(__file__).parent / "jupyter"  # what is set otherwise than JupyterLab has it, where a user set nothing
_ENDED_BY_USER = 130  # what shells give for Ctrl-C


@dataclass(frozen=True)
class WorkingCopy:
    """The user's own notebooks: `made` now, `kept` as they were, `other_settings` those kept that name
    another settings file than the one asked for."""

    folder: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]
    other_settings: tuple[str, ...] = ()


def start_lab(
    settings: Path | None, folder: Path, say: Say = print, options: Sequence[str] = (), full: bool = False
) -> int:
    """Explore one's own figures: JupyterLab on a working copy of the notebooks, until it is ended.

    `settings` is a kam.toml (None: the sample company), `folder` the working copy's place, `options`
    go to JupyterLab as they are; `full` leaves it its terminals and its extension manager. Returns JupyterLab's exit code; Ctrl-C ends it and its kernels.

    Raises `SettingsError` where the settings or the folder cannot be used, `RunError` where
    JupyterLab is not installed: nothing was started.
    """
    if settings is not None:
        load_settings(settings)
    if importlib.util.find_spec("jupyterlab") is None:
        raise RunError("JupyterLab is not installed with this Python; install it with: pip install jupyterlab")
    copy = working_copy(settings, folder)
    for line in explained(copy, settings):
        say(line)
    return _run(lab_command(folder, options, full), folder)


def working_copy(settings: Path | None, folder: Path) -> WorkingCopy:
    """Put those of the workbook's notebooks that `folder` lacks there, with `settings` in their parameters.

    Raises `SettingsError` where the folder cannot be written to, `RunError` where its disk is full or fails.
    """
    path = path_for(settings, folder)
    made, kept, other = [], [], []
    with writing(f"--folder {folder.resolve().name}", "give another folder", SettingsError), made_folder(folder):
        for notebook in sorted(notebooks_folder().glob("*.ipynb")):
            target = folder / notebook.name
            if target.exists():
                kept.append(target.name)
                other += [target.name] if _names_other_settings(target, path) else []
            else:
                write_new(target, with_settings(notebook.read_text(encoding="utf-8"), path))
                made.append(target.name)
    return WorkingCopy(folder, tuple(made), tuple(kept), tuple(other))


def path_for(settings: Path | None, folder: Path) -> str:
    """How a notebook in `folder` names the settings file: relative, with forward slashes, wherever it can be.

    Only the folder is resolved: a linked kam.toml reads its data beside the link.
    """
    if settings is None:
        return ""
    there = settings.parent.resolve() / settings.name
    try:
        return Path(os.path.relpath(there, folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return there.as_posix()


def with_settings(notebook: str, path: str) -> str:
    """The notebook's text with `path` as the default of its parameter `settings`; all else as it was."""
    document = json.loads(notebook)
    cell, value = _settings_value(document)
    if cell is None or value is None:
        return notebook
    lines = "".join(cell["source"]).splitlines(keepends=True)
    # Python counts columns of the source in bytes.
    line = lines[value.lineno - 1].encode()
    lines[value.lineno - 1] = (
        line[: value.col_offset] + literal(path).encode() + line[value.end_col_offset :]
    ).decode()
    cell["source"] = lines
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def literal(text: str) -> str:
    """`text` as Python's literal, in double quotes where that is all the same."""
    written = repr(text)
    return f'"{written[1:-1]}"' if written.startswith("'") and '"' not in text and "'" not in text else written


def explained(copy: WorkingCopy, settings: Path | None) -> list[str]:
    """What the user should know before JupyterLab's own lines scroll by."""
    lines = []
    if copy.made:
        lines.append(f"Copied into {copy.folder}: {', '.join(copy.made)}")
    if copy.kept:
        lines.append(f"Kept as they are in {copy.folder}: {', '.join(copy.kept)}")
    if copy.other_settings:
        lines.append(
            f"Other settings than yours stand in the parameters of {', '.join(copy.other_settings)}: "
            "change them there, or take another --folder"
        )
    source = [str(settings)] if settings else []
    publish = typed(["kam", "report", *source, "--notebooks", str(copy.folder)])
    lines.append(f"To publish what you made of them: {publish}")
    lines.append("For a question of your own: kam new-question NAME, such as 07_discounts")
    lines.append("JupyterLab's address follows; Ctrl-C here ends it.")
    return lines


def lab_command(folder: Path, options: Sequence[str] = (), full: bool = False) -> list[str]:
    """The command that starts JupyterLab of this Python on `folder`: no question at Ctrl-C, no news from elsewhere.

    It lives as long as its standard input, a pipe. Without `full` there are no terminals in it, and no
    extension can be installed from it.
    """
    # -P: a user's folder may hold a file named like a module of ours.
    python = [sys.executable, "-P", "-m", "kam_analysis.batch.lab_process"]
    updates = "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"
    quiet = ["--ServerApp.answer_yes=True", "--LabApp.news_url=None", updates]
    closed = [] if full else ["--ServerApp.terminals_enabled=False", "--LabApp.extension_manager=readonly"]
    return [*python, f"--ServerApp.root_dir={folder.resolve()}", *quiet, *closed, *options]


def lab_environment(folder: Path) -> dict[str, str]:
    """The environment that JupyterLab is started in: this Python's kernel, no question whether it may fetch news, and
    what `kam report` is to be told of the working copy in `folder`."""
    environment = python_environment(folder.resolve())
    environment.pop("PLOTLY_RENDERER", None)  # one for scripts would open windows, or show nothing
    configured = filter(None, (str(_JUPYTER), environment.get("JUPYTER_CONFIG_PATH")))
    # A kernel "python3" of another Python in the user's own folder would miss this package.
    told = {"JUPYTER_CONFIG_PATH": os.pathsep.join(configured), STARTED_IN: os.getcwd(), WORKING_COPY: str(folder)}
    return {"JUPYTER_PREFER_ENV_PATH": "1"} | environment | told


def _run(command: Sequence[str], folder: Path) -> int:
    process, environment = None, lab_environment(folder)
    with ended_by_signals():
        try:
            with unbroken():
                # The pipe is the other process's sign that we live: nothing is written into it.
                process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE)
            return _waited(process)
        finally:
            if process:
                _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let JupyterLab end in order, as far as it does."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        end_tree(process.pid)


def _waited(process: "subprocess.Popen[bytes]") -> int:
    """Its exit code. Ctrl-C at a terminal reaches JupyterLab too, which then ends its kernels in order."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            return process.wait(PATIENCE_SECONDS)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            return _ENDED_BY_USER


def write_new(target: Path, text: str) -> None:
    """A new file, whole or not at all: half a notebook would be kept as the user's own next time."""
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise  # somebody's own
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def _names_other_settings(notebook: Path, path: str) -> bool:
    named = settings_named_in(notebook)
    return named is not None and named != path


def settings_named_in(notebook: Path) -> str | None:
    """The settings file that a notebook's parameters name, empty for the sample; None where they name none."""
    try:
        _, value = _settings_value(json.loads(notebook.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):  # not a notebook any more: the user's own affair
        return None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _settings_value(document: dict[str, Any]) -> tuple[dict[str, Any] | None, ast.expr | None]:
    """The cell tagged `parameters` and the value it gives to `settings`."""
    for cell in document["cells"]:
        if cell["cell_type"] != "code" or "parameters" not in cell.get("metadata", {}).get("tags", ()):
            continue
        for statement in ast.parse("".join(cell["source"])).body:
            if isinstance(statement, ast.AnnAssign | ast.Assign) and _SETTINGS in _targets(statement):
                return cell, statement.value
    return None, None


def _targets(statement: ast.AnnAssign | ast.Assign) -> list[str]:
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else statement.targets
    return [target.id for target in targets if isinstance(target, ast.Name)]
