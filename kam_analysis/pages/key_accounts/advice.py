"""What to do with the list of key accounts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kam_analysis.analysis.segments import at_threshold, key_accounts
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.answer import most_carry
from kam_analysis.pages.key_accounts.reasons import not_key, reasons
from kam_analysis.pages.key_accounts.tables_profit import named_losses

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

_DO = {
    "rescue": "Rescue {name}: {figures}.",
    "assessment": "Find out what changed at {name}: {figures}.",
    "pursuit": "Grow {name}: {figures}.",
}
# Of those who could leave easily, as many are named.
_EASY = 3


def next_steps(found: "Found") -> Sequence[str]:
    """One line per piece of work, the urgent first."""
    if not len(found.keys):
        return [_nobody(found)]
    steps = [*_by_kind(found), *_about_the_list(found), *_to_keep(found), *_losing(found)]
    return steps or ["No action is urgent. Review each account as planned and look again next quarter."]


def _nobody(found: "Found") -> str:
    half = found.key_share / 2
    would = len(key_accounts(at_threshold(found.shares, half)))
    part = style.share(found.key_share, 0)
    if most_carry(found):
        return (
            f"Spread attention: most customers carry {part} of something that matters, so that makes none of them key."
        )
    return (
        f"Spread attention: no customer carries {part} of anything that matters. At "
        f"{style.share(half, 0)} (share under [significance] in the settings), {style.counted(would, 'customer')} "
        "would be key."
    )


def _by_kind(found: "Found") -> list[str]:
    return [
        words.format(name=found.name(each), figures=found.of(found.work, each, "figures"))
        for kind, words in _DO.items()
        for each in found.ordered
        if found.of(found.work, each, "work") == kind
    ]


def _about_the_list(found: "Found") -> list[str]:
    if found.listing is None:
        return []
    missing = [each for each in found.ordered if each in found.listing.missing]
    return [
        *(f"Add {found.name(each)} to your list: {reasons(found, each)}." for each in missing),
        *(f"Ask why {found.name(each)} is on your list: {not_key(found, each)}." for each in found.listing.habit),
    ]


def _to_keep(found: "Found") -> list[str]:
    return [
        f"Raise switching barriers at {row['account_name']} ({style.decimal(row['strength'], 2)} of 1): "
        + (f'today "{row["note"]}".' if row["note"] else "what keeps it today is not known.")
        for row in found.easy.head(_EASY).to_dict("records")
    ]


def _losing(found: "Found") -> list[str]:
    return [
        f"Reprice {found.name(each)} or serve it at lower cost: {said}, and {style.money(loss, found.about.currency)} after cost "
        "to serve in twelve months."
        for each, loss, said in named_losses(found)
    ]
