"""The process in which a report's notebook runs: ipykernel, without what a report never needs.

Started as `python -m kam_analysis.batch.kernel_process -f CONNECTION_FILE`.
"""

import contextlib
import importlib
import os
import sys

# Showing the first plotly figure imports nbformat, hence jsonschema, hence (where installed) a package
# that compiles 38 grammars at import: 2 to 5 seconds per process, for a check of international web
# addresses that no notebook contains. jsonschema does without it where it cannot be imported.
SLOW_AND_UNUSED = "rfc3987_syntax"

WARM_IMPORTS = "KAM_WARM_IMPORTS"  # what the notebook is going to import: module or module:name, with commas
NOTEBOOK_FOLDER = "KAM_NOTEBOOK_FOLDER"  # modules beside a user's own notebook can be imported from it


def main() -> None:
    """Import ahead what the notebook needs, then serve as a kernel until told to end."""
    sys.modules.setdefault(SLOW_AND_UNUSED, None)  # type: ignore[arg-type]
    sys.path.extend(filter(None, [os.environ.pop(NOTEBOOK_FOLDER, "")]))  # last: it must not hide a library
    # Import the notebook's own modules while the other process still imports papermill. A failure is
    # not told here: the notebook's import cell fails again, and is told from there.
    for name in filter(None, os.environ.pop(WARM_IMPORTS, "").split(",")):
        with contextlib.suppress(Exception):
            _import(name)
    from ipykernel.kernelapp import IPKernelApp

    from kam_analysis.batch.kernel_shown import tell_the_page

    application = IPKernelApp.instance()
    application.initialize()
    tell_the_page(application.shell)
    application.start()


def _import(name: str) -> None:
    """Import "module", or "module:name" as `from module import name` does: a lazy name loads what it needs."""
    module, _, attribute = name.partition(":")
    found = importlib.import_module(module)
    if attribute and attribute != "*" and not hasattr(found, attribute):
        importlib.import_module(f"{module}.{attribute}")


if __name__ == "__main__":
    main()
