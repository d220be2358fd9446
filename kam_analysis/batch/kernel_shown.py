"""What a notebook shows in a batch, told so that its page can be made of it, whoever wrote the notebook.

A frame brings its cells as the house writes them; a ledger where its figures come from; a plotly figure the house's
template, unless the user chose one. pandas' own look of a frame stays in the executed notebook.
"""

from typing import Any

from kam_analysis.batch.evidence import FRAME_MIME, LEDGER_MIME


def tell_the_page(shell: Any) -> None:
    """From now on in this kernel. Nothing is imported for types that the notebook does not use."""
    from kam_analysis.pages.style import by_default

    by_default()
    bundles = shell.display_formatter.mimebundle_formatter
    for name in ("DataFrame", "Series"):
        bundles.for_type_by_name("pandas", name, _frame)
    bundles.for_type_by_name("kam_analysis.ledger.ledger", "Ledger", _ledger)


def _frame(frame: Any) -> dict[str, Any]:
    from kam_analysis.pages.own_frames import document

    return {FRAME_MIME: document(frame)}


def _ledger(ledger: Any) -> dict[str, Any]:
    from kam_analysis.pages.about import provenance

    return {LEDGER_MIME: provenance(ledger)}
