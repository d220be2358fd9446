"""What a page says of itself where its notebook shows no result: its title, and where its figures come from."""

import contextlib
from collections.abc import Mapping
from typing import Any

from kam_analysis.batch.evidence import LEDGER_MIME, shown
from kam_analysis.batch.jobs import Job
from kam_analysis.batch.reports import title_of
from kam_analysis.bundled import sample_settings
from kam_analysis.errors import KamError


def page_of(notebook: Mapping[str, Any], job: Job) -> dict[str, Any]:
    """The document for its page and the index: a title and a provenance, no answer, no figures.

    The provenance is that of the first ledger that the notebook shows; without one, the company is known by the
    run's settings, and no date stands on the page.
    """
    ledgers = shown(notebook, LEDGER_MIME)
    return {
        "question": title_of(notebook["cells"]) or job.report,
        "answer": "",
        "tables": {},
        "provenance": dict(ledgers[0]) if ledgers else {"company": _company(job)},
    }


def _company(job: Job) -> str:
    from kam_analysis.ledger.settings.settings_file import load_settings

    with contextlib.suppress(KamError):  # the check before the run has told what is wrong with them
        settings = load_settings(job.settings or sample_settings())
        return settings.name or settings.path.stem
    return ""
