"""`01_concentration`'s tables."""

from collections.abc import Sequence

import pandas as pd

from kam_analysis.analysis.concentration import Activity, Concentration, Group
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Control, Reconciliation
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, paragraph, section, table, together
from kam_analysis.view.findings.concentration import unit, worse_somewhere


def accounts_table(now: Concentration, before: Concentration | None, unit_name: str, rows: int = 15) -> Html:
    """The largest accounts, with what they were a year before."""
    columns = {
        "rank": "Rank",
        "name": "Customer|",
        "amount": unit_name or "Amount",
        "share": "Share",
        "together": "Together",
        "abc": "Class",
    }
    if before is not None:
        columns["change"] = "Share, on the year before"
    found = [
        {
            "rank": rank,
            "name": row["account_name"],
            "amount": style.money(row["amount"]),
            "share": style.share(row["share"]),
            "together": style.share(row["cumulative"]),
            "abc": row["abc"],
            "change": "" if before is None else style.points(row["share"] - before.share_of(row["account_id"])),
        }
        for rank, row in enumerate(now.accounts.head(rows).to_dict("records"), start=1)
    ]
    return table(columns, found, f"The {len(found)} largest customers" if len(found) > 1 else "The largest customer")


def groups_finding(now: Concentration, entities: Concentration, found: Sequence[Group], grouped: bool) -> Html:
    """Parent and legal entity side by side, and whose fault the difference is."""
    if not grouped:
        return paragraph(
            "The customer master names no parents, so every company counts on its own. A group of companies would read as several small customers.",
            "note",
        )
    said = (
        f"Counted as customers: as concentrated as {now.effective_accounts:,.1f} equal ones. "
        f"Counted as single companies: {entities.effective_accounts:,.1f} equal ones."
    )
    columns = {
        "name": "Customer|",
        "entities": "Companies",
        "share": "As one customer",
        "alone": "Largest company alone",
    }
    rows = [
        {
            "name": each.account_name,
            "entities": each.entities,
            "share": style.share(each.share),
            "alone": style.share(each.largest_entity_share),
        }
        for each in found[:10]
    ]
    shown = table(columns, rows, "Customers made of several companies") if rows else Html("")
    return together(paragraph(said), shown)


_KINDS = {"product_line": "Product line", "region": "Region"}


def activities_section(found: Sequence[Activity], whole: Concentration, unit_name: str) -> Html:
    """Where it is worse than in total; nothing where the data tells no activities apart."""
    why = "A customer that is small in total can carry a product line or a region on its own."
    shown = [paragraph(worse_somewhere(found, whole)), _activities(found, whole, unit_name)] if found else []
    return section("Where it is worse", why, *shown)


def _activities(found: Sequence[Activity], whole: Concentration, unit_name: str) -> Html:
    """A row per activity; bold where one customer's share is half as large again as in total."""
    columns = {
        "kind": "|",
        "name": "Activity|",
        "amount": unit_name or "Amount",
        "accounts": "Customers",
        "first": "Largest customer|",
        "share": "Its share",
        "equal": "Equal customers",
    }
    first = whole.accounts.iloc[0]
    total = {
        "kind": "All",
        "amount": style.money(whole.total),
        "accounts": style.count(whole.n),
        "first": first["account_name"],
        "share": style.share(float(first["share"])),
        "equal": style.decimal(whole.effective_accounts, 0),
    }
    kinds = [_KINDS.get(each.kind, each.kind) for each in found]
    rows = [
        {
            "kind": kind if kind not in kinds[:position] else "",
            "name": each.name,
            "amount": style.money(each.amount),
            "accounts": style.count(each.accounts),
            "first": each.largest_account_name,
            "share": style.share(each.largest_share),
            "equal": style.decimal(each.effective_accounts, 0),
        }
        for position, (kind, each) in enumerate(zip(kinds, found, strict=True))
    ]
    worse = [at for at, each in enumerate(found) if each.largest_share > 1.5 * whole.top(1)]
    return table(columns, rows, "Concentration by activity", footer=total, strong=worse)


def reconciliation_tables(parts: Reconciliation, controls: Sequence[Control], ledger: Ledger) -> Html:
    """Every source row's money, and the total against finance's own."""
    digits = ledger.settings.minor_digits
    rows = [
        {
            "what": f"In the shares: {style.counted(parts.accounts, 'customer')}",
            "amount": style.exact(parts.in_shares, digits),
        },
        {
            "what": f"Excluded by the settings: {_excluded(ledger, parts)}",
            "amount": style.exact(parts.excluded, digits),
        },
        {
            "what": f"Without an account: {style.counted(parts.without_account_rows, 'row')}",
            "amount": style.exact(parts.without_account, digits),
        },
        {
            "what": f"At or below zero: {style.counted(parts.set_aside_accounts, 'customer')}",
            "amount": style.exact(parts.set_aside, digits),
        },
        {"what": "Rounding to the minor unit, per company", "amount": style.exact(parts.rounding, digits)},
    ]
    total = {"what": "All rows of the source in the period", "amount": style.exact(parts.total, digits)}
    heading = f"{unit(ledger)} to the minor unit" if unit(ledger) else "Amount"
    blocks = [
        table({"what": "Where the money is|", "amount": heading}, rows, "From the source to the shares", footer=total)
    ]
    if controls:
        blocks.append(_controls_table(controls, digits))
    return together(*blocks)


def _excluded(ledger: Ledger, parts: Reconciliation) -> str:
    listed = [*ledger.master.named(_series(ledger.settings.excluded_accounts)), *ledger.settings.excluded_products]
    return ", ".join(listed[:5]) + (" ..." if len(listed) > 5 else "") if listed else "nothing"


def _series(ids: Sequence[str]) -> pd.Series:
    return pd.Series(list(ids), dtype=object)


def _controls_table(controls: Sequence[Control], digits: int) -> Html:
    rows = [
        {
            "year": each.year + (" (not the whole year)" if each.partly else ""),
            "ledger": style.exact(each.ledger, digits),
            "finance": style.exact(each.finance, digits),
            "difference": style.exact(each.difference, digits),
            "part": style.share(each.difference / each.finance) if each.finance else "",
        }
        for each in controls
    ]
    columns = {
        "year": "Fiscal year|",
        "ledger": "Invoices",
        "finance": "Finance",
        "difference": "Difference",
        "part": "of finance's total",
    }
    return table(columns, rows, "All rows of the source against finance's control total")


def indices(now: Concentration, companies: Concentration) -> Html:
    """The indices behind the words, at both levels, for those who want them."""
    return table(
        {"name": "Index|", "parent": "By customer", "entity": "By company"},
        _index_rows(now, companies),
        "Indices behind the words",
    )


def _index_rows(now: Concentration, companies: Concentration) -> list[dict[str, str]]:
    both = (now, companies)
    rows = {
        "accounts in the shares": [style.count(each.n) for each in both],
        "HHI (0-1)": [style.decimal(each.hhi, 4) for each in both],
        "equal customers (1/HHI)": [style.decimal(each.effective_accounts, 1) for each in both],
        "Gini (0-1)": [style.decimal(each.gini, 3) for each in both],
        "largest account": [style.share(each.top(1)) for each in both],
        "ten largest": [style.share(each.top(10)) for each in both],
        "accounts for 80 %": [style.count(each.accounts_for(0.8)) for each in both],
    }
    return [{"name": name, "parent": parent, "entity": entity} for name, (parent, entity) in rows.items()]
