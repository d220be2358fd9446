"""What a reader must know before trusting the figures, and what to do next."""

from collections.abc import Iterator, Sequence

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Control, Reconciliation
from kam_analysis.pages import style
from kam_analysis.pages.concentration.evidence import Evidence
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.words import DISCLOSED, measure_words, named, unit


def caveats(ledger: Ledger, parts: Reconciliation, before: Concentration | None) -> list[str]:
    """What a reader must know before trusting the figures."""
    found = []
    if before is None:
        found.append("no comparison with the year before: the data does not cover it")
    if parts.sold and abs(parts.without_account / parts.sold) >= 0.01:
        found.append(
            f"{style.share(parts.without_account / parts.sold)} of {measure_words(ledger)} has no account and is not in the shares"
        )
    if parts.reasons:
        count, why = sum(each.rows for each in parts.reasons), ", ".join(each.reason for each in parts.reasons[:5])
        found.append(
            f"{style.counted(count, 'row')} ({style.money(parts.left_out, unit(ledger))}) left out as no sales: {why}"
        )
    if parts.set_aside_accounts:
        found.append(
            f"{style.counted(parts.set_aside_accounts, 'customer')} at or below zero, not in the shares ({style.money(parts.set_aside, unit(ledger))})"
        )
    if ledger.currency == "" and ledger.measure in ("revenue", "margin"):
        found.append("the settings name no currency, so amounts carry no sign")
    return [*found, *map(str, ledger.warnings)]


def next_steps(found: Evidence, parts: Reconciliation, controls: Sequence[Control], ledger: Ledger) -> Html:
    """What to do, what to ask next: only what the figures call for."""
    steps = [*_about_customers(found, ledger), *_about_the_data(found, parts, controls, ledger)]
    if not steps:
        threshold = style.share(ledger.settings.significance.share, 0)
        steps.append(f"No customer reaches {threshold}; watch the share of the five largest.")
    return bullets(steps)


def _about_customers(found: Evidence, ledger: Ledger) -> Iterator[str]:
    first = found.now.accounts.iloc[0]
    if first["share"] >= ledger.settings.significance.share:
        worth = style.money(float(first["amount"]), unit(ledger))
        yield f"Put the loss of {named(first['account_id'], first['account_name'])} ({worth} in the period) into the sales plan as the worst case."
    for group in found.groups:
        if group.share >= DISCLOSED > group.largest_entity_share:
            yield f"Treat {group.account_name} as one customer in contracts, prices and disclosure: together {style.share(group.share)}."
    for row in found.falls.alerts.head(3).to_dict("records") if found.falls else []:
        fall = f"{style.share(-row['change_share'], 0)} below the same six months a year earlier"
        yield f"Ask {named(row['account_id'], row['account_name'])} what changed: {fall}, more than it usually varies."
    for each in found.hidden[:3]:
        part = f"{style.share(each.share, 0)} of {each.name}"
        yield f"Look after {named(each.account_id, each.account_name)} for {part}, though it is {style.share(each.share_of_total)} of the whole."


def _about_the_data(
    found: Evidence, parts: Reconciliation, controls: Sequence[Control], ledger: Ledger
) -> Iterator[str]:
    if parts.sold and abs(parts.without_account / parts.sold) >= 0.01:
        yield f"Find the accounts of {style.money(parts.without_account, unit(ledger))} that carry none."
    whole = [each for each in controls if not each.partly and each.finance]
    off = [each for each in whole if abs(each.difference / each.finance) >= 0.005]
    if off:
        amount = style.money(abs(off[-1].difference), ledger.currency)
        yield f"Ask finance what the {amount} between invoices and its {off[-1].year} total are (rebates outside the invoices, other entities)."
    if len(found.suggested):
        yield f"Confirm or refuse {style.counted(len(found.suggested), 'suggestion')} of companies that may belong together (tables.xlsx)."
    elif not ledger.master.grouped:
        yield "Ask which customers belong together: a group that buys through several companies is one customer."
