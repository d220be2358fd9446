"""Starts the kernel of one report, and ends processes with everything that they started.

The kernel is always this very Python ("python3" of another environment, found by name in a user's
folder, would run with other libraries). On POSIX it talks through sockets in the run's own folder:
no port can be taken by another run, and nothing listens on the network. Elsewhere it uses TCP.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from kam_analysis.batch.kernel_process import NOTEBOOK_FOLDER, WARM_IMPORTS

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

    from kam_analysis.batch.warm.forked_kernel import WaitingKernel

KERNEL_NAME = "python3"
PLANS_MADE = "KAM_PLANS_MADE"  # the file that earlier runs kept of plans, see `pages/account_plan/changes.py`
SHELF = "KAM_RUN_SHELF"  # the folder in which the reports of a run keep what they found, see `pages/shelf.py`
HISTORY = "KAM_RUN_HISTORY"  # the folder in which runs keep their figures, see `pages/history.py`
RUN = "KAM_RUN"  # each report's processes carry a value of their own, and hand it on to whatever they start
_LOG = "kernel.log"  # what the kernel's process itself says; what a notebook prints goes into the notebook
_LONGEST_WORDS = 300
_KILLED = 9
# A user's own start-up file must not change a report, or end it.
_OPTIONS = [
    "--InteractiveShellApp.ignore_cwd=True",
    "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
    "--HistoryManager.enabled=False",
]
# Warnings as errors, no asserts, a prompt at the end.
_NOT_HANDED_ON = {"PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONINSPECT"}
_ROUNDS = 5  # while we look, those that we look for may start others
_LONGEST_SOCKET_PATH = 90  # 104 bytes on macOS, 108 on Linux, and the channel's number behind it
_PACKAGE_HOME = Path(__file__).parents[2]
KERNEL_SETTINGS = {
    "PLOTLY_RENDERER": "plotly_mimetype",  # plotly looks when it is imported
    "PYTHONHASHSEED": "0",  # sets in the same order: same inputs, same bytes
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
    # Reports share the cores already, and on matrices of four by four a second thread costs twenty times the sum; besides,
    # what is added up in parts is another number on another count of cores.
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
}


def start_kernel(
    folder: Path, cwd: Path, notebook: Path, warm_imports: Sequence[str] = (), waiting: "WaitingKernel | None" = None
) -> "AsyncKernelManager":
    """A kernel for `notebook`, started but perhaps not ready yet; its files lie in `folder`, it works in `cwd`.

    `waiting`: its process, where that is there already.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync

    if sys.platform == "win32":  # as papermill does, but before this thread has its event loop
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    manager = AsyncKernelManager(
        kernel_name=KERNEL_NAME,
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        connection_file=str(folder / "kernel.json"),
    )
    spec = manager.kernel_spec
    if spec is None:
        raise RuntimeError("ipykernel is not installed")
    spec.argv = [sys.executable, "-P", "-m", "kam_analysis.batch.kernel_process", "-f", "{connection_file}"]
    if waiting is not None:
        from kam_analysis.batch.warm.forked_kernel import ForkedProvisioner

        manager.provisioner = ForkedProvisioner(kernel_spec=spec, parent=manager)
        manager.provisioner.waiting = waiting
    socket = folder / "k"
    if os.name == "posix" and len(os.fsencode(socket)) <= _LONGEST_SOCKET_PATH:
        manager.transport, manager.ip = "ipc", str(socket)
    with (folder / _LOG).open("wb") as log:
        run_sync(manager.start_kernel)(
            cwd=str(cwd),
            env=_environment(folder, notebook, warm_imports),
            extra_arguments=_OPTIONS,
            stdout=subprocess.DEVNULL,  # ours is read by another process, line by line
            stderr=log,
        )
    return manager


def how_it_ended(manager: "AsyncKernelManager", folder: Path) -> str:
    """Why the kernel whose files lie in `folder` is no more, as far as the system and its own last words tell."""
    code = getattr(getattr(manager.provisioner, "process", None), "returncode", None)
    if code is None or code == -_KILLED:
        how = "it was killed or ran out of memory"
    elif code < 0:
        how = f"it crashed ({signal.strsignal(-code) or f'signal {-code}'})"
    else:
        how = f"it ended with exit code {code}"
    said = (folder / _LOG).read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(said) if line.strip()), "")
    return f"{how}; its last words: {last[:_LONGEST_WORDS]}" if last else how


def ask_to_end(manager: "AsyncKernelManager") -> None:
    """Let the kernel close what it holds (temporary files of its engine); `end_kernel` waits for that."""
    from jupyter_core.utils import run_sync

    with contextlib.suppress(Exception):  # it may be dead already
        run_sync(manager.request_shutdown)()


def end_kernel(manager: "AsyncKernelManager", patience_seconds: float = 0.0) -> None:
    """The kernel and all that it started are gone when this returns."""
    pid = int(getattr(manager.provisioner, "pid", 0) or 0)
    try:
        kernel = psutil.Process(pid)
        kernel.wait(patience_seconds)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        end_tree(pid)


def python_environment(home: Path) -> dict[str, str]:
    """This process's environment, with the package importable where it was never installed.

    What makes other programs of somebody's Python strict, or keeps them open, must not end ours. `home` is
    for what libraries insist on looking for, where the user has no folder of that name.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
    if sys.getfilesystemencoding() != "utf-8":
        environment["PYTHONUTF8"] = "1"
    try:
        Path.home()
    except RuntimeError:  # neither the environment nor the system's list of users names one
        environment |= dict.fromkeys(("HOME", "USERPROFILE"), str(home))
    if (_PACKAGE_HOME / "pyproject.toml").is_file():
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_PACKAGE_HOME), environment.get("PYTHONPATH"))))
    return environment


def end_tree(pid: int) -> None:
    """End process `pid` and all that it started, without asking; return when they are gone."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=5)


def end_strays(run: str) -> None:
    """End every process but this one that carries `run`: also those that are nobody's child any more."""
    for _ in range(_ROUNDS if run else 0):
        found = [process for process in psutil.process_iter() if process.pid != os.getpid() and _carries(process, run)]
        if not found:
            return
        for process in found:
            end_tree(process.pid)


def _carries(process: psutil.Process, run: str) -> bool:
    try:
        return process.environ().get(RUN) == run
    except (psutil.Error, OSError):  # somebody else's, or it has just ended
        return False


def _environment(folder: Path, notebook: Path, warm_imports: Sequence[str]) -> dict[str, str]:
    return python_environment(folder) | {
        NOTEBOOK_FOLDER: str(notebook.parent),
        WARM_IMPORTS: ",".join(warm_imports),
        "IPYTHONDIR": str(folder / "ipython"),  # a user's own start-up files must not change a report
        # What an engine leaves when it has to be killed goes with the run's own folder.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(_made(folder / "tmp"))),
        **KERNEL_SETTINGS,
    }


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
