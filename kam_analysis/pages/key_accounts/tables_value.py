"""What the value score is made of, how robust the list is, and the stages of all accounts."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments import COMPLEXITY, CRITERIA, FIRM, STAGES, Profit, stages_in_words
from kam_analysis.pages import assumed, style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.key_accounts.parameters import SEED
from kam_analysis.pages.key_accounts.reasons import robust
from kam_analysis.pages.key_accounts.tables import customer, of_keys
from kam_analysis.pages.results import Figure
from kam_analysis.pages.table import Column, Table, columns_in, rows
from kam_analysis.pages.words import headed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = (said_in(__file__), columns_in(__file__))

# More would only make the files heavy; the largest company's list is longer.
_MOST_PUBLISHED = 10_000


def criteria_table(found: "Found") -> Table:
    """Every criterion with its direction, unit and method, what it weighs, and what is not assessed."""
    weights = {each.name: found.weighed.get(each.name, 1.0) for each in CRITERIA}
    units, records = {"amount": found.about.unit or "amount"}, []
    for each in CRITERIA:
        method = f"{each.method} ({units.get(each.unit, each.unit)})"
        if each.name in found.left_out:
            method = say("value.not_assessed", why=found.left_out[each.name])
        weight = weights[each.name] / sum(weights.values())
        records.append({"name": each.label, "better": each.direction, "method": method, "weight": weight})
    return Table(say("value.criteria"), declared("criteria"), pd.DataFrame(records), notes=[say("value.criteria_note")])


def parts_table(found: "Found") -> Table:
    """How each key account stands on each criterion: what its score is made of."""
    assessed = [Column(each.name, each.label, "number") for each in CRITERIA if each.name in found.criteria]
    columns = declared("value_parts", made={"criteria": assessed}, written={"account_name": customer(found)})
    frame = of_keys(found, columns, found.criteria)
    return Table(say("value.parts"), columns, frame if assessed else frame.iloc[:0], missing=style.NOT_ASSESSED)


def firmness_table(found: "Found") -> Table:
    """In what part of all weightings each key account is among the best, with the simulation's error."""
    columns = declared(
        "firmness",
        of={"limit": found.limit},
        written={
            "account_name": customer(found),
            "top": _with_error,
            "badge": lambda row: robust(found, row["account_id"]),
        },
    )
    frame = of_keys(found, columns, found.scores, also=["error"]).dropna(subset=["top", "score"])
    of = {"draws": style.count(found.draws), "limit": found.limit, "firm": style.share(FIRM, 0), "seed": SEED}
    return Table(say("value.firmness"), columns, frame, notes=[say("value.firmness_note", **of)])


def _with_error(row: Any) -> str:
    return say("value.with_error", share=style.share(row["top"], 0), error=f"{100 * row['error']:.1f}")


def changes_table(found: "Found") -> Table | Html:
    """Which key accounts change place among the best when one weight moves by ten points."""
    labels, keys = {each.name: each.label for each in CRITERIA}, set(found.keys["account_id"])
    records = [
        {
            "what": say("value.step", criterion=labels[row["criterion"]], points=style.change(100 * row["step"])),
            "entered": _told(found, row["entered"], keys=keys),
            "left": _told(found, row["left"], keys=keys),
        }
        for row in found.changes.to_dict("records")
        if keys.intersection([*row["entered"], *row["left"]])
    ]
    if keys and not records:
        return paragraph(say("value.no_changes", limit=found.limit))
    columns = declared("changes")
    return Table(say("value.changes", limit=found.limit), columns, rows(records, columns))


def _told(found: "Found", ids: Sequence[str], *, keys: set[str]) -> str:
    """Key accounts by name; of the others the best by name."""
    names = [found.name(each) for each in ids if each in keys]
    others = [found.name(each) for each in ids if each not in keys]
    if len(others) == 1:
        names.append(say("value.not_key", who=others[0]))
    elif others:
        names.append(say("value.not_key_and_more", who=others[0], more=len(others) - 1))
    return ", ".join(names) or say("value.nobody")


def stages_table(found: "Found") -> Table:
    """How many accounts are in each stage, what they bought in the period, and where each stage begins."""
    columns = declared("stages", of={"measure": headed(found.about.measure_words)})
    amounts = found.standing["account_id"].map(found.book.accounts.set_index("account_id")["amount"]).fillna(0.0)
    sums = amounts.groupby(found.standing["stage"]).agg(n="size", amount="sum").reindex(list(STAGES), fill_value=0)
    frame = sums.rename_axis("stage").reset_index().assign(means=[stages_in_words()[each] for each in STAGES])
    frame = frame[(frame["n"] > 0) | (frame["stage"] != "not assessed")]  # two years of data assess everybody
    return Table(say("stages.caption"), columns, frame, unit=found.about.unit)


def lifecycle_table(found: "Found") -> Table:
    """The stage of each customer that ever bought, for `tables.xlsx`."""
    stages = found.standing[["account_id", "account_name", "stage", "why"]].head(_MOST_PUBLISHED)
    return Table(say("stages.every"), declared("lifecycle", written={"account_name": customer(found)}), stages)


PUBLISHED = 10_000


def profit_table(found: "Found") -> Table | Html:
    """What is left of each key account's margin, ranked among all; a sentence where that cannot be told."""
    profit = found.profit
    if profit is None:
        return paragraph(say("profit.unknown", needed=found.profit_needs), "note")
    rows = profit.accounts
    ranked = rows.assign(
        rank=pd.Series(range(1, len(rows) + 1), rows.index).where(rows["profit"].notna()),
        key=rows["account_id"].isin(found.keys["account_id"]),
    )
    listed = pd.concat([ranked[ranked["key"]], ranked[~ranked["key"]]], ignore_index=True).head(PUBLISHED)
    listed["account_name"] = [found.name(each) for each in listed["account_id"]]
    shown = min(int(ranked["key"].sum()), len(listed))
    return Table(
        say("profit.caption"),
        declared("profit"),
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
