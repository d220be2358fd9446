"""What a reader must know before trusting the figures, and what to do next."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Concentration, Group
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Control, Reconciliation
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, bullets
from kam_analysis.view.findings.concentration.words import DISCLOSED, measure_words, unit


def caveats(ledger: Ledger, parts: Reconciliation, before: Concentration | None) -> list[str]:
    """What a reader must know before trusting the figures."""
    found = []
    if before is None:
        found.append("no comparison with the year before: the data does not cover it")
    if parts.total and abs(parts.without_account / parts.total) >= 0.01:
        found.append(
            f"{style.share(parts.without_account / parts.total)} of {measure_words(ledger)} has no account and is not in the shares"
        )
    if parts.set_aside_accounts:
        found.append(
            f"{style.counted(parts.set_aside_accounts, 'customer')} at or below zero, not in the shares ({style.money(parts.set_aside, unit(ledger))})"
        )
    if ledger.currency == "" and ledger.measure in ("revenue", "margin"):
        found.append("the settings name no currency, so amounts carry no sign")
    return [*found, *map(str, ledger.warnings)]


def next_steps(
    now: Concentration, found: Sequence[Group], parts: Reconciliation, controls: Sequence[Control], ledger: Ledger
) -> Html:
    """What to do, what to ask next: only what the figures call for."""
    first, threshold = now.accounts.iloc[0], ledger.settings.significance.share
    steps = []
    if first["share"] >= threshold:
        steps.append(
            f"Put the loss of {first['account_name']} ({style.money(float(first['amount']), unit(ledger))} in the period) into the sales plan as the worst case."
        )
    steps += [
        f"Treat {each.account_name} as one customer in contracts, prices and disclosure: together {style.share(each.share)}."
        for each in found
        if each.share >= DISCLOSED > each.largest_entity_share
    ]
    if parts.total and abs(parts.without_account / parts.total) >= 0.01:
        steps.append(f"Find the accounts of {style.money(parts.without_account, unit(ledger))} that carry none.")
    off = [
        each for each in controls if not each.partly and each.finance and abs(each.difference / each.finance) >= 0.005
    ]
    if off:
        steps.append(
            f"Ask finance what the {style.money(abs(off[-1].difference), ledger.currency)} between invoices and its {off[-1].year} total are (rebates outside the invoices, other entities)."
        )
    if not ledger.master.grouped:
        steps.append(
            "Ask which customers belong together: a group that buys through several companies is one customer."
        )
    if not steps:
        steps.append(f"No customer reaches {style.share(threshold, 0)}; watch the share of the five largest.")
    return bullets(steps)
