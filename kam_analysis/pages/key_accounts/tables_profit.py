"""Profit after cost to serve and rebates, on `02_key_accounts`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.segments import COMPLEXITY, Profit
from kam_analysis.pages import assumed, style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.results import Figure
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Table, columns_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = said_in(__file__), columns_in(__file__)

PUBLISHED = 10_000


def profit_table(found: "Found") -> Table | Html:
    """What is left of each key account's margin, ranked among all; a sentence where that cannot be told."""
    profit = found.profit
    if profit is None:
        return paragraph(say("profit.unknown", needed=found.profit_needs), "note")
    rows = profit.accounts
    ranked = rows.assign(
        rank=pd.Series(range(1, len(rows) + 1), rows.index).where(rows["profit"].notna()),
        account_name=[found.name(each) for each in rows["account_id"]],
        key=rows["account_id"].isin(found.keys["account_id"]),
    )
    listed = pd.concat([ranked[ranked["key"]], ranked[~ranked["key"]]], ignore_index=True).head(PUBLISHED)
    shown = min(int(ranked["key"].sum()), len(listed))
    columns = declared("profit")
    return Table(
        say("profit.caption"),
        columns,
        listed,
        unit=found.about.currency,
        shown=shown,
        footer=_all(profit),
        strong=[at for at, each in enumerate(listed["profit"].head(shown)) if each < 0],
        notes=[
            " ".join([_who_loses(found), *_how_many(found, profit)]),
            " ".join(filter(None, [*_what_it_rests_on(found, profit), found.rebates_said])),
        ],
        missing=style.NOT_ASSESSED,
    )


def profit_figures(found: "Found") -> dict[str, Figure]:
    """Profit of all customers and how many lose money, for other programs; none where it is not assessed."""
    profit, unit = found.profit, found.about.currency or "amount"
    return {
        "profit_after_service": Figure(profit.profit if profit else None, unit),
        "customers_losing_money": Figure(len(profit.losing) if profit else None, "accounts"),
    }


def named_losses(found: "Found") -> list[tuple[str, float, str]]:
    """Who is key, or on the company's own list, and loses money: account_id, profit, and which of the two."""
    if found.profit is None:
        return []
    why = dict.fromkeys(found.listing.habit if found.listing else (), say("profit.on_list"))
    why |= dict.fromkeys(found.keys["account_id"], say("profit.is_key"))
    losing = found.profit.losing
    return [
        (id_, profit, why[id_])
        for id_, profit in zip(losing["account_id"], losing["profit"], strict=True)
        if id_ in why
    ]


def _all(profit: Profit) -> dict[str, object]:
    known = profit.accounts[profit.accounts["profit"].notna()]
    return {
        "account_name": say("profit.all", customers=style.count(len(known))),
        "margin": profit.margin - profit.not_assessed,
        "hours": float(known["hours"].sum()),
        "service": profit.service,
        "rebates": profit.rebates,
        "profit": profit.profit,
    }


def _who_loses(found: "Found") -> str:
    losses, unit = named_losses(found), found.about.currency
    if not losses:
        return say("profit.no_loss")
    said = [say("profit.loss", who=found.name(id_), why=why, loss=style.money(loss, unit)) for id_, loss, why in losses]
    return say("profit.losses", who=", ".join(said))


def _how_many(found: "Found", profit: Profit) -> Iterator[str]:
    losing = profit.losing
    if losing.empty:
        yield say("profit.nor_others")
        return
    of = {
        "customers": style.count(int(profit.accounts["profit"].notna().sum())),
        "lost": style.money(-float(losing["profit"].sum()), found.about.currency),
        "certain": style.count(int((losing["profit_high"] < 0).sum())),
    }
    yield (
        say("profit.one_loses", **of) if len(losing) == 1 else say("profit.lose", losing=style.count(len(losing)), **of)
    )


def _what_it_rests_on(found: "Found", profit: Profit) -> Iterator[str]:
    for name, each in found.costs.items():
        value, low, high = (style.money(end, found.about.currency) for end in (each.value, each.low, each.high))
        cost = assumed.in_words(name)
        yield say("profit.cost", cost=cost, value=value, low=low, high=high, source=each.source)
    yield say("profit.hours_from")
    estimated = int((profit.accounts["hours_from"] == COMPLEXITY).sum())
    if estimated:
        yield say("profit.estimated", customers=style.counted(estimated, "customer"))
    unknown = int(profit.accounts["profit"].isna().sum())
    if unknown:
        amount = style.money(profit.not_assessed, found.about.currency)
        yield say("profit.not_assessed", customers=style.counted(unknown, "customer"), amount=amount)
