"""Runs one notebook with papermill and hands back what it left, cleaned of this machine."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kam_analysis.batch.evidence import CELL_NUMBER, proven_result
from kam_analysis.batch.jobs import Job
from kam_analysis.batch.kernels import KERNEL_NAME, how_it_ended
from kam_analysis.batch.redact import Redactor
from kam_analysis.errors import KamError, RunError

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

EXPLORE = "explore"  # cells with this tag are for people at a screen
_ANSWER_IN_SECONDS = 60
_KAM_ERRORS = {"KamError", *(each.__name__ for each in KamError.__subclasses__())}


def execute(
    job: Job, kernel: "AsyncKernelManager", redactor: Redactor, progress: Callable[[int, int], None]
) -> tuple["NotebookNode", dict[str, Any] | None]:
    """The executed notebook and its result, None where it shows none; both without local paths and secrets.

    Raises `RunError` with a reason that can be shown. A `KamError` raised in a cell keeps its sentences.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    notebook = _readable(job)
    total = sum(cell.cell_type == "code" for cell in notebook.cells) + bool(job.parameters)
    started: list[int] = []

    def follow(cell: "NotebookNode", **_: Any) -> None:
        started.append(cell.metadata.get(CELL_NUMBER, 0))
        progress(len(started), total)

    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(job.parameters),
            kernel_name=KERNEL_NAME,
            progress_bar=False,
            start_timeout=_ANSWER_IN_SECONDS,
            km=kernel,
            on_cell_start=follow,
        )
        result = redactor.tree(proven_result(executed))
        return _without_traces(executed, job, redactor), result
    except PapermillExecutionError as error:
        raise RunError(_reason(error.ename, error.evalue, started[-1], redactor)) from None
    except RuntimeError as error:
        if started and not isinstance(error, DeadKernelError):
            raise
        raise RunError(_end_of(kernel, job, started, redactor)) from None
    except RunError as error:
        raise RunError(redactor.message(str(error))) from None


def modules_imported(job: Job) -> tuple[str, ...]:
    """What the notebook's cells import, as "module" or "module:name", for the kernel to import early."""
    import ast

    found: dict[str, None] = {}
    for cell in json.loads(job.notebook.read_text(encoding="utf-8"))["cells"]:
        tags = cell.get("metadata", {}).get("tags", [])
        if cell["cell_type"] != "code" or EXPLORE in tags:
            continue
        try:
            statements = ast.parse("".join(cell["source"])).body
        except SyntaxError:  # a magic; papermill will run the cell as it is
            continue
        for statement in statements:
            if isinstance(statement, ast.Import):
                found |= dict.fromkeys(alias.name for alias in statement.names)
            elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
                found |= dict.fromkeys(f"{statement.module}:{alias.name}" for alias in statement.names)
    return tuple(found)


def _readable(job: Job) -> "NotebookNode":
    """The notebook without its cells for exploring, upgraded to the format with cell ids."""
    import nbformat

    try:
        notebook = nbformat.read(job.notebook, as_version=4)
    except Exception as error:  # nbformat raises whatever its parser met
        raise RunError(f"{job.notebook.name} cannot be read as a notebook: {type(error).__name__}") from None
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    for number, cell in enumerate(code, start=1):
        cell.metadata[CELL_NUMBER] = number  # as its author counts, before cells are left out or put in
    notebook.cells = [cell for cell in notebook.cells if EXPLORE not in cell.metadata.get("tags", [])]
    return notebook


def _without_traces(notebook: "NotebookNode", job: Job, redactor: Redactor) -> "NotebookNode":
    """No local path, secret or time of day in the notebook, so that equal inputs give equal bytes."""
    notebook.metadata["papermill"] = {
        "parameters": {name: value for name, value in job.parameters.items() if name != "settings"}
    }
    notebook.metadata.pop("widgets", None)
    for position, cell in enumerate(notebook.cells):
        for trace in ("papermill", "execution", CELL_NUMBER):
            cell.metadata.pop(trace, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{position}"  # papermill draws a random one
    cleaned: NotebookNode = redactor.tree(notebook)
    return cleaned


def _end_of(kernel: "AsyncKernelManager", job: Job, started: list[int], redactor: Redactor) -> str:
    """Where the kernel's process ended, and why; or that it never answered."""
    from jupyter_core.utils import run_sync

    if not started and run_sync(kernel.is_alive)():
        return f"the notebook's process did not answer within {_ANSWER_IN_SECONDS} s"
    where = f"in code cell {started[-1]}" if started else "before the first cell"
    return f"the notebook's process ended {where}: {redactor.message(how_it_ended(kernel, job.folder))}"


def _reason(name: str, said: str, cell: int, redactor: Redactor) -> str:
    """A KamError's sentences in full; of any other exception its last line and its place."""
    if name in _KAM_ERRORS:
        return redactor.message(said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    text = f"{name}: {lines[-1]}" if lines else name
    return f"{redactor.message(text)} (code cell {cell})"
