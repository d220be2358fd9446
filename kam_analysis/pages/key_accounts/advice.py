"""What to do with the list of key accounts."""

from collections.abc import Iterator

from kam_analysis.analysis.segments import PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.key_accounts.reasons import not_key, reasons

_DO = {
    "rescue": "Rescue {name}: {figures}.",
    "assessment": "Find out what changed at {name}: {figures}.",
    "pursuit": "Win more at {name}: {figures}.",
}


def next_steps(found: Evidence) -> Html:
    """One line per piece of work, the urgent first."""
    if not len(found.keys):
        return bullets([_nobody(found)])
    return bullets(list(_steps(found)) or ["Nothing is urgent: review each as planned, and look again next quarter."])


def _nobody(found: Evidence) -> str:
    half = found.threshold / 2
    would = found.rows.loc[(found.rows["activity"] != PRESENCE) & (found.rows["share"] >= half), "account_id"].nunique()
    return (
        f"Spread attention: nobody carries {style.share(found.threshold, 0)} of anything. "
        f"At {style.share(half, 0)} (share under [significance] in the settings) {style.counted(would, 'customer')} would be key."
    )


def _steps(found: Evidence) -> Iterator[str]:
    for kind, words in _DO.items():
        for each in found.ordered:
            if found.of(found.work, each, "work") == kind:
                yield words.format(name=found.name(each), figures=found.of(found.work, each, "figures"))
    if found.listing:
        for each in (each for each in found.ordered if each in found.listing.missing):
            yield f"Put {found.name(each)} on your list: {reasons(found, each)}."
        for each in found.listing.habit:
            yield f"Ask why {found.name(each)} is on your list: {not_key(found, each)}."
    for row in found.easy.head(3).to_dict("records"):
        held = f'held today by "{row["note"]}"' if row["note"] else "what holds it today is not known"
        yield f"Give {row['account_name']} more reasons to stay (barriers {style.decimal(row['strength'], 2)} of 1): {held}."
