"""What a reader must know before trusting the figures, and what to do next."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.words import DISCLOSED, named, number_word

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

# From these parts of the total on, an amount without an account and a difference from finance are worth a question.
_WITHOUT_ACCOUNT, _OFF = 0.01, 0.005


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the figures."""
    parts, about, said = found.reconciliation, found.about, []
    if found.before is None:
        said.append("no comparison with the year before: the data does not cover it")
    if found.forecast is None:
        said.append("no forecast of the next twelve months: that needs two years of purchases")
    if _much_without_account(found):
        share = style.share(parts.without_account / parts.sold)
        said.append(f"{share} of {about.measure_words} has no account and is not in the shares")
    if parts.reasons:
        count = style.counted(sum(each.rows for each in parts.reasons), "row")
        amount, why = style.money(parts.left_out, about.unit), ", ".join(each.reason for each in parts.reasons[:5])
        said.append(f"{count} ({amount}) left out as no sales: {why}")
    if parts.set_aside_accounts:
        count, amount = style.counted(parts.set_aside_accounts, "customer"), style.money(parts.set_aside, about.unit)
        said.append(f"{count} at or below zero, not in the shares ({amount})")
    if about.currency == "" and about.measure in ("revenue", "margin"):
        said.append("the settings name no currency, so amounts carry no sign")
    return [*said, *about.warnings]


def _much_without_account(found: "Found") -> bool:
    parts = found.reconciliation
    return bool(parts.sold) and abs(parts.without_account / parts.sold) >= _WITHOUT_ACCOUNT


def next_steps(found: "Found") -> list[str]:
    """What to do, what to ask next: only what the figures call for."""
    steps = [*_about_customers(found), *_about_the_data(found)]
    threshold = style.share(found.about.key_share, 0)
    return steps or [f"No customer reaches {threshold}; watch the share of the five largest."]


def _about_customers(found: "Found") -> Iterator[str]:
    first = found.accounts.iloc[0]
    if first["share"] >= found.about.key_share:
        who = named(first["account_id"], first["account_name"])
        worth = style.money(float(first["amount"]), found.about.unit)
        yield f"Put the loss of {who} ({worth} in the period) into the sales plan as the worst case."
    for group in found.groups:
        if group.share >= DISCLOSED > group.largest_entity_share:
            share = style.share(group.share)
            apart = f"none of its {number_word(group.entities)} companies reaches {style.share(DISCLOSED, 0)}"
            yield f"Negotiate with {group.account_name} as one group: together it is {share} of the total, though {apart}."
    for row in found.falls.alerts.head(3).to_dict("records") if found.falls else []:
        fall = f"{style.share(-row['change_share'], 0)} below the same six months a year earlier"
        yield f"Ask {named(row['account_id'], row['account_name'])} what changed: {fall}, faster than is normal for them."
    for row in found.short_falls.head(3).to_dict("records"):
        fall = f"{style.share(-row['change_share'], 0)} below {row['compared_with']}"
        yield f"Ask {named(row['account_id'], row['account_name'])} what changed: {fall}, faster than is normal for them."
    for each in found.hidden[:3]:
        total, part = style.share(each.share_of_total), f"{style.share(each.share, 0)} of {each.name}"
        yield f"Protect {named(each.account_id, each.account_name)}: small overall ({total}) but {part}."


def _about_the_data(found: "Found") -> Iterator[str]:
    if _much_without_account(found):
        amount = style.money(found.reconciliation.without_account, found.about.unit)
        yield f"Find the accounts of {amount} that carry none."
    whole = [each for each in found.controls if not each.partly and each.finance]
    off = [each for each in whole if abs(each.difference / each.finance) >= _OFF]
    if off:
        amount = style.money(abs(off[-1].difference), found.about.currency)
        why = "rebates outside the invoices, other entities"
        yield f"Ask finance about the {amount} between invoices and its {off[-1].year} total ({why})."
    if len(found.suggested):
        suggestions = style.counted(len(found.suggested), "suggestion")
        yield f"Confirm or refuse {suggestions} of companies that may belong together (tables.xlsx)."
    elif not found.about.groups_known:
        yield "Ask which customers belong together: a group that buys through several companies is one customer."
