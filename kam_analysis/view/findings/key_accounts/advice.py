"""What to do with the list of key accounts."""

from collections.abc import Iterator

from kam_analysis.view import style
from kam_analysis.view.blocks import Html, bullets
from kam_analysis.view.findings.key_accounts.evidence import Evidence
from kam_analysis.view.findings.key_accounts.reasons import reasons

_DO = {
    "rescue": "Rescue {name}: {figures}.",
    "assessment": "Find out what changed at {name}: {figures}.",
    "pursuit": "Win more at {name}: {figures}.",
}


def next_steps(found: Evidence) -> Html:
    """One line per piece of work, the urgent first."""
    return bullets(list(_steps(found)) or ["Keep the list as it is; look again next quarter."])


def _steps(found: Evidence) -> Iterator[str]:
    for kind, words in _DO.items():
        for each in found.ordered:
            if found.of(found.work, each, "work") == kind:
                yield words.format(name=found.name(each), figures=found.of(found.work, each, "figures"))
    if found.listing:
        for each in found.listing.missing:
            yield f"Put {found.name(each)} on the list: {reasons(found, each)}."
        for each in found.listing.habit:
            yield f"Ask why {found.name(each)} is on the list: it carries nothing by a tenth."
    for row in found.easy.head(3).to_dict("records"):
        yield f"Raise what keeps {row['account_name']} with you (barriers {style.decimal(row['strength'], 2)} of 1): {row['note'] or 'no note'}."
