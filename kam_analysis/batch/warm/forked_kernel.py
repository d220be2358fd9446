"""A kernel whose process is forked already: jupyter_client's provisioner only tells it where to listen."""

import json
import os
import random
import signal
import sys
import tempfile
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner


class WaitingKernel:
    """The process of a kernel, our child, which waits to be told; of `subprocess.Popen` what a provisioner asks of it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, tell: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._tell = tell

    def tell(self, **how: Any) -> None:
        """Let it begin, with this environment, folder, log and command line."""
        with open(self._tell, "wb") as pipe:
            pipe.write(json.dumps(how).encode())

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._waited(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int | None:
        """The same, when it has ended."""
        return self._waited(0)

    def send_signal(self, number: int) -> None:
        """To the process alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without asking."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _waited(self, how: int) -> int | None:
        if self.returncode is None:
            try:
                ended, status = os.waitpid(self.pid, how)
            except ChildProcessError:  # who ended it has waited for it too
                ended, status = self.pid, signal.SIGKILL
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


class ForkedProvisioner(LocalProvisioner):
    """Starts no process: it tells the one that `waiting` is."""

    process: Any  # as `subprocess.Popen`, but already there
    waiting: WaitingKernel

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        """Let the waiting process be the kernel of this command."""
        environment = given["env"] | {"JPY_PARENT_PID": str(os.getpid())}
        self.waiting.tell(argv=cmd, environment=environment, cwd=str(given["cwd"]), log=given["stderr"].name)
        self.process, self.pid, self.cwd = self.waiting, self.waiting.pid, given["cwd"]
        return self.connection_info


def be_kernel(told: int) -> None:
    """Wait until told, and then be the kernel until it ends. Ends at once where nobody tells."""
    os.setsid()
    with open(told, "rb") as pipe:
        said = pipe.read()
    if not said:
        return
    how = json.loads(said)
    _streams(how["log"])
    os.environ.clear()
    os.environ.update(how["environment"])
    os.chdir(how["cwd"])
    tempfile.tempdir = None
    # Where ipykernel was imported, it has not seen the environment of a kernel; without a parent it prints a banner.
    followed = f"--IPKernelApp.parent_handle={os.getppid()}"
    sys.argv = ["kernel", *how["argv"][how["argv"].index("-f") :], followed]
    _new_random_numbers()
    from kam_analysis.batch.kernel_process import main

    main()


def _streams(log: str) -> None:
    """Nothing to read, nothing to say on the standard output, and errors into the log."""
    for stream, path, way in ((0, os.devnull, os.O_RDONLY), (1, os.devnull, os.O_WRONLY), (2, log, os.O_WRONLY)):
        opened = os.open(path, way | os.O_APPEND)
        os.dup2(opened, stream)
        os.close(opened)


def _new_random_numbers() -> None:
    """Nobody's of the two generators that libraries share begins where another report's does."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
