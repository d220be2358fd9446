"""The decisions on file, left for the run that publishes them together with what is recommended."""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from kam_analysis.ledger import Ledger
from kam_analysis.pages.account_plan.decision_columns import COLUMNS, FILE
from kam_analysis.pages.shelf import FOLDER
from kam_analysis.pages.table import plain


def leave_decisions(ledger: Ledger) -> None:
    """In a run, put the table `decisions` on its shelf: `rows`, and the fingerprint of the file that it was `read` from.

    Where names are not shown in full there are no rows, for what is written of a decision names people; who then looks
    at `read` knows that the file is not to be replaced.
    """
    folder = os.environ.get(FOLDER)
    if not folder or (Path(folder) / FILE).exists():
        return
    rows = None
    if ledger.settings.names == "full":
        table = ledger.table("decisions").reindex(columns=list(COLUMNS))
        rows = [{str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")]
    left = {"rows": rows, "read": _fingerprint(ledger)}
    with suppress(OSError):
        part = Path(folder) / f"{FILE}.{os.getpid()}"
        part.write_text(json.dumps(left), encoding="utf-8")
        os.replace(part, Path(folder) / FILE)


def _fingerprint(ledger: Ledger) -> str:
    source = ledger.settings.tables.get("decisions")
    if source is None or not source.file:
        return ""
    with suppress(OSError):
        return hashlib.sha256((ledger.settings.data_dir / source.file).read_bytes()).hexdigest()
    return ""
