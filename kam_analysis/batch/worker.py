"""The process of one report: runs its notebook, proves that it finished, renders its page.

Started as `python -m kam_analysis.batch.worker JOB.json`. It prepares at once (the kernel starts while
the libraries are imported), then waits for a line on its standard input: the data may still turn out
to be unusable. When its standard input ends, whoever started it is gone, and it ends with its kernel.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kam_analysis.batch.jobs import NO_ROOM, NOTEBOOK, OUTCOME, PAGE, RESULT, SHEET, TEMPORARY, Job
from kam_analysis.batch.kernel_process import SLOW_AND_UNUSED
from kam_analysis.batch.kernels import ask_to_end, end_kernel, start_kernel
from kam_analysis.batch.parent import end_at_once, follow_parent
from kam_analysis.batch.redact import Redactor
from kam_analysis.errors import KamError, disk_fails, unwritten

if TYPE_CHECKING:
    from kam_analysis.batch.warm.forked_kernel import WaitingKernel

# papermill looks for pyarrow to read notebooks from HDFS, and does without it; ours are local files.
_KEPT_OUT = (SLOW_AND_UNUSED, "pyarrow")


def main(path: str, waiting: "WaitingKernel | None" = None) -> None:
    """Run the job stored at `path` and leave its outcome, whatever happens; `waiting` is its kernel's process, if there is one."""
    job = Job.read(Path(path))
    for name in _KEPT_OUT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    go = threading.Event()
    follow_parent(gone=end_at_once, said=go.set)
    redactor = Redactor.of_run(job.settings, [job.folder, job.cwd, job.notebook.parent, *job.private])
    outcome: dict[str, Any] = {"status": "failed", "reason": "the report was interrupted"}
    try:
        outcome = _run(job, redactor, go, waiting)
    except KamError as error:
        outcome = {"status": "failed", "reason": str(error)}
    except Exception as error:  # the last door: a reason in one line instead of a traceback
        outcome = {"status": "failed", "reason": _said(error, redactor)}
        raise
    finally:
        _leave(job, outcome)


def _said(error: Exception, redactor: Redactor) -> str:
    if isinstance(error, OSError) and disk_fails(error):
        where, otherwise = TEMPORARY
        why, remedy = unwritten(error, otherwise)
        return f"{where}: cannot be written to ({why}); {remedy}"
    return redactor.message(f"{type(error).__name__}: {(str(error).splitlines() or [''])[-1]}")


def _leave(job: Job, outcome: dict[str, Any]) -> None:
    try:
        _store(job.folder / OUTCOME, json.dumps(outcome))
    except OSError:
        sys.exit(NO_ROOM)


def _run(job: Job, redactor: Redactor, go: threading.Event, waiting: "WaitingKernel | None") -> dict[str, Any]:
    from kam_analysis.batch.execute import execute, modules_imported

    kernel = start_kernel(job.folder, job.cwd, job.notebook, modules_imported(job), waiting)
    patience = 0.0
    try:
        import nbformat
        import papermill  # noqa: F401 - imported here, while the kernel starts

        from kam_analysis.batch.export import render_page, render_sheet
        from kam_analysis.batch.page_charts import with_fallbacks
        from kam_analysis.batch.without_result import page_of

        go.wait()
        started = time.perf_counter()
        notebook, result = execute(job, kernel, redactor, _say_progress)
        ask_to_end(kernel)
        patience = 2.0
        told = result or page_of(notebook, job)
        page = render_page(notebook, told, up=job.page.count("/"), sheet=Path(job.sheet).name)
        _store(job.folder / NOTEBOOK, nbformat.writes(with_fallbacks(notebook)) + "\n")
        _store(job.folder / RESULT, json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
        _store(job.folder / PAGE, page)
        sheet = render_sheet(notebook)
        if sheet:
            _store(job.folder / SHEET, sheet)
        return {"status": "done", "seconds": round(time.perf_counter() - started, 2), "has_result": result is not None}
    finally:
        end_kernel(kernel, patience)


def _say_progress(ran: int, total: int) -> None:
    print(f"{ran} {total}", flush=True)


def _store(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
