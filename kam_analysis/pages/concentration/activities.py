"""Every significant activity in words."""

from collections.abc import Iterator, Mapping, Sequence

from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.words import headed, measure_name, named, unit_of

# Losses below this part of an activity's sales are the odd credit note; of a margin each one is a finding.
_WORTH_TELLING = 0.01
# A part of the business is worse than the whole from this factor on.
_WORSE = 1.2


def activity_units(found: Sequence[Activity], ledger: Ledger) -> dict[str, str]:
    """The unit of each activity's amount."""
    return {each.activity: unit_of(ledger, each.name if each.kind == "measure" else ledger.measure) for each in found}


def activity_labels(found: Sequence[Activity]) -> dict[str, str]:
    """Each activity as a heading: Sales, Seals, North, Regions served."""
    return {each.activity: activity_label(each) for each in found}


def activity_label(each: Activity) -> str:
    """One activity as a heading."""
    words = {"measure": measure_name(each.name), "presence": "regions served"}
    return headed(words.get(each.kind, each.name))


def worse_somewhere(found: Sequence[Activity], whole: Concentration) -> str:
    """Where the book is more concentrated than in total, in a sentence; empty where no parts are told apart."""
    parts = [each for each in found if each.kind in ("product_line", "region")]
    worst = max(parts, key=lambda each: each.largest.share, default=None)
    if worst is None:
        return ""
    if worst.largest.share < _WORSE * whole.top(1):
        return "No product line or region hangs much more on one customer than the whole does."
    others = [each for each in parts if each.largest.share > 1.5 * whole.top(1) and each is not worst]
    said = f"Worst in {_where(worst)}"
    second = max(others, key=lambda each: each.largest.share, default=None)
    if second:
        said += f", and in {_where(second)}"
    return f"{said}; in total the largest customer makes {style.share(whole.top(1), 0)}."


def _where(activity: Activity) -> str:
    first = activity.largest
    return f"{activity.name}, where {named(first.account_id, first.account_name)} makes {style.share(first.share, 0)}"


def gains_and_losses(found: Sequence[Activity], units: Mapping[str, str]) -> Iterator[str]:
    """Sums above and below zero, where an activity has both: a share of their difference would mean nothing."""
    for each in found:
        if each.loss_accounts and (each.name == "margin" or -each.losses >= _WORTH_TELLING * each.amount):
            unit = units[each.activity]
            yield (
                f"{activity_label(each)}: {style.money(each.amount, unit)} from {style.counted(each.accounts, 'customer')}, less "
                f"{style.money(-each.losses, unit)} lost on {style.count(each.loss_accounts)}; shares are of the first amount."
            )
