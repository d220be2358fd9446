"""`kam report` with the notebooks run in this process: no worker, no kernel, all the rest as it is.

Starting the two takes four seconds of computing, a report itself one or two. That both ways leave the same files is
tested in tests/batch/test_in_process.py, and what only a process of its own can show, in tests/batch/test_runs.py.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import nbformat.v4
import papermill.engines
import plotly.io
import pytest
from ipykernel.ipkernel import IPythonKernel
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from shelf_for_tests import take_along
from traitlets.config import Config

from kam_analysis.batch import executor, kernels, processes, runs, worker
from kam_analysis.batch.jobs import Job, Outcome
from kam_analysis.batch.kernel_shown import tell_the_page
from kam_analysis.batch.runs import RunSummary, run_reports


def reports_here(settings: Path | None, out: Path, check: bool = True, **chosen: Any) -> RunSummary:
    """`run_reports`, quietly, one notebook after the other; without the check of data that no notebook opens."""
    with pytest.MonkeyPatch.context() as patch:
        if not check:
            patch.setattr(runs, "check_data", lambda settings, as_of, say: None)
        patch.setattr(executor, "Worker", _Here)
        for name in ("start_kernel", "ask_to_end", "end_kernel"):
            patch.setattr(worker, name, lambda *given: None)
        patch.setattr(worker, "follow_parent", lambda gone, said: said())
        patch.setattr(worker, "_KEPT_OUT", ())
        patch.setitem(papermill.engines.papermill_engines._engines, None, _Engine)
        return run_reports(settings, out, **{"say": lambda line: None, **chosen})


class _Here:
    """A report's worker, whose work is done when it is asked for the first time how it ended."""

    def __init__(self, job: Job, progress: object, server: object) -> None:
        self.job = job

    def go(self) -> None:
        """It does not run beside others."""

    def outcome(self, time_limit: float, memory_limit: float) -> Outcome | None:
        code, here, known = 0, Path.cwd(), list(sys.path)
        os.chdir(self.job.cwd)
        sys.path.append(str(self.job.notebook.parent))
        known_here = os.environ.get(kernels.SHELF)  # of `with shelf():` around the run
        take_along(known_here, self.job.shelf)
        told = {kernels.SHELF: str(self.job.shelf or ""), kernels.HISTORY: str(self.job.history or "")}
        try:
            with capture_output(), patch.dict(os.environ, told):
                worker.main(str(self.job.write()))
        except Exception:
            code = 1
        finally:
            os.chdir(here)
            sys.path[:] = known
            take_along(self.job.shelf, known_here)
        return processes.read_outcome(self.job, code, 0.0)

    def end(self) -> None:
        """Nothing was started."""


class _Engine(papermill.engines.Engine):
    """papermill's way to run cells, without a kernel."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **given: Any) -> None:
        nb_man.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        with _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                given["on_cell_start"](cell=cell, cell_index=index)
                cell.outputs, cell.execution_count = [], shell.execution_count
                if not _run(shell, cell):
                    return


@contextmanager
def _shell() -> Iterator["_Shell"]:
    """What a kernel has, and nothing of it afterwards."""
    template, renderer = plotly.io.templates.default, plotly.io.renderers.default
    settings = Config({"HistoryManager": {"enabled": False}})
    shell = _Shell.instance(config=settings, user_module=ModuleType("notebook"))
    try:
        plotly.io.renderers.default = "plotly_mimetype"
        tell_the_page(shell)
        yield shell
    finally:
        plotly.io.templates.default, plotly.io.renderers.default = template, renderer
        _Shell.clear_instance()


def _run(shell: "_Shell", cell: Any) -> bool:
    """Run a cell and give it its outputs; whether it ran to its end."""
    shell.shown, shell.cell_number = [], cell.execution_count
    with capture_output(display=False) as said:
        done = shell.run_cell(cell.source, store_history=True)
    streams = [("stdout", said.stdout), ("stderr", said.stderr)]
    cell.outputs = [nbformat.v4.new_output("stream", name=name, text=text) for name, text in streams if text]
    cell.outputs += shell.shown
    error = done.error_before_exec or done.error_in_exec
    if error is not None:
        name, value = type(error).__name__, str(error)
        cell.outputs.append(nbformat.v4.new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"]))
    return error is None


class _Hook(DisplayHook):
    """What a cell's last line shows."""

    def __call__(self, result: Any = None) -> None:
        if result is None or self.quiet():
            return
        data, metadata = self.shell.display_formatter.format(result)
        if data:
            given = {"data": data, "metadata": metadata, "execution_count": self.shell.cell_number}
            self.shell.shown.append(nbformat.v4.new_output("execute_result", **given))


class _Publisher(DisplayPublisher):
    """What a cell displays."""

    def publish(self, data: Any, metadata: Any = None, **more: Any) -> None:
        self.shell.shown.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata or {}))


class _Shell(InteractiveShell):
    """IPython as in a kernel."""

    shown: list[Any]
    cell_number: int

    def init_displayhook(self) -> None:
        self.displayhook_class = _Hook
        super().init_displayhook()

    def init_display_pub(self) -> None:
        self.display_pub_class = _Publisher
        super().init_display_pub()

    def _showtraceback(self, *given: Any) -> None:
        """It stands in the cell."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is none."""
