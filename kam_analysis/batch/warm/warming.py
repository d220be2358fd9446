"""What the reports of a run would each pay again: imports, the first figure, the chart library as a page carries it, and
the engine that draws charts without a browser, where it is installed.

Nothing here opens data, starts a thread or leaves a setting behind: a process that is forked afterwards is as new as one
that has imported the same modules itself.
"""

import importlib
import sys
from contextlib import suppress

from kam_analysis.batch.kernel_process import SLOW_AND_UNUSED

# papermill looks for pyarrow to read notebooks from HDFS, and does without it; ours are local files.
WITHOUT_PYARROW = ("papermill",)
_OF_A_WORKER = (
    "nbformat",
    "nbclient",
    "jupyter_client.manager",
    "kam_analysis.batch.execute",
    "kam_analysis.batch.export",
    "kam_analysis.batch.without_result",
)
# The debugger with its own libraries is the most of what a kernel imports when it starts.
_OF_A_KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.oinspect",
    "kam_analysis.batch.kernel_shown",
)
# What the workbook's notebooks import, and what opening data imports only when it is first done.
_OF_OUR_NOTEBOOKS = (
    "kam_analysis.ledger.opening",
    "kam_analysis.ledger.sniffing.sniffed",
    "ibis.expr.types.groupby",
    "pyarrow.dataset",
    "pyarrow.vendored.version",
    "narwhals.stable.v1._namespace",
    "narwhals._pandas_like.namespace",
    "babel.dates",
    "kam_analysis.door",
    "kam_analysis.pages.concentration.found",
    "kam_analysis.pages.key_accounts.found",
    "kam_analysis.pages.churn_impact.found",
    "kam_analysis.pages.coverage.found",
    "kam_analysis.pages.account_plan.found",
    "kam_analysis.pages.leadership_brief.found",
)


def warm_up() -> None:
    """Import, and show a figure once. What cannot be imported is left to who needs it, and fails there in words."""
    sys.modules.setdefault(SLOW_AND_UNUSED, None)  # type: ignore[arg-type]
    _without("pyarrow", WITHOUT_PYARROW)
    for name in (*_OF_A_WORKER, *_OF_A_KERNEL, *_OF_OUR_NOTEBOOKS):
        with suppress(ImportError):
            importlib.import_module(name)
    _first_figure()
    _first_notebook()
    with suppress(RuntimeError):
        from kam_analysis.batch.page import library

        library()
    with suppress(Exception):  # a young library: whoever draws a chart meets the same, and does without
        from kam_analysis.batch.drawn_charts import start

        start()
    from kam_analysis.ledger.engine.embedded import without_threads

    without_threads()


def _without(hidden: str, names: tuple[str, ...]) -> None:
    """Import `names` as where `hidden` is not installed; who needs that imports it afterwards."""
    sys.modules.setdefault(hidden, None)  # type: ignore[arg-type]
    try:
        for name in names:
            importlib.import_module(name)
    finally:
        if sys.modules[hidden] is None:
            del sys.modules[hidden]


def _first_notebook() -> None:
    """nbformat compiles the notebook format's schema when the first notebook is checked."""
    import nbformat

    nbformat.validate(nbformat.v4.new_notebook())


def _first_figure() -> None:
    """plotly reads its schema, and what turns figures into JSON, when the first one is drawn and shown."""
    import plotly.graph_objects as go
    import plotly.io as pio

    from kam_analysis.pages.style import template

    figure = go.Figure([go.Bar(x=[1], y=["a"]), go.Scatter(x=[1], y=[1])], layout={"template": template()})
    figure.add_annotation(text="a", x=0, y=0)
    figure.add_shape(type="line", x0=0, x1=1, y0=0, y1=1)
    pio.renderers._build_mime_bundle(figure.to_dict())
    figure.to_json()
