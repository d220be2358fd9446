"""The results document of `01_concentration`."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kam_analysis.analysis.concentration import Activity, Concentration, Group, Sure
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Reconciliation
from kam_analysis.pages.concentration.advice import caveats
from kam_analysis.pages.concentration.answer import answer, key_figures
from kam_analysis.pages.concentration.evidence import Evidence
from kam_analysis.pages.concentration.followed import where_it_stands
from kam_analysis.pages.control import control_line
from kam_analysis.pages.doubts import doubts
from kam_analysis.pages.results import Figure, Result, provenance, worth_collecting
from kam_analysis.pages.words import DISCLOSED, measure_words

QUESTION = "How much of our business hangs on how few accounts?"
# Of the intervals' resampling; any number would do, a fixed one lets reruns agree.
SEED = 1
# A spreadsheet and a reader end long before a million customers do.
LISTED_ACCOUNTS = 10_000
_WANTED = {
    ("accounts", "account_name"): "names of accounts (a customer master)",
    ("accounts", "parent_id"): "which companies belong to one parent",
    ("transactions", "cost"): "cost per line, so that margin can be seen",
    ("transactions", "product_line"): "product lines",
}


def result(ledger: Ledger, found: Evidence) -> Result:
    """The results document of 01, with the first screen's answer and key figures."""
    parts, words = ledger.reconciliation(), measure_words(ledger)
    said = answer(found.now, found.before, found.groups, found.mover, words)
    followed = where_it_stands(found.now, found.before, found.customer, words)
    return Result(
        QUESTION, said, _figures(ledger, found, parts), _tables(ledger, found, parts), _provenance(ledger, found),
        caveats=[*caveats(ledger, parts, found.before), *_cut_short(found.now)],
        worth_collecting=worth_collecting(ledger, _WANTED)[:3],
        shown=key_figures(found.now, found.before, words),
        doubts=doubts(ledger, found.now),
        lead=" ".join(filter(None, [control_line(ledger, found.now, found.before, ledger.controls()), followed])),
    )  # fmt: skip


def _provenance(ledger: Ledger, found: Evidence) -> dict[str, Any]:
    grouped = "yes" if ledger.level == "parent" else "no"
    share = ledger.settings.significance.share
    asked = provenance(ledger, line=ledger.line, parents=grouped, key_share=share, customer=found.customer)
    return asked | {"seed": SEED}


def _figures(ledger: Ledger, found: Evidence, parts: Reconciliation) -> dict[str, Figure]:
    now, bridge = found.now, found.bridge
    in_money = ledger.measure in ("revenue", "margin")
    money_unit = (ledger.currency or "amount") if in_money else "count"
    amounts = {
        "revenue_total": parts.total, "revenue_in_shares": parts.in_shares, "revenue_without_account": parts.without_account,
        "revenue_set_aside": parts.set_aside, "revenue_excluded": parts.excluded,
    } | ({"revenue_left_out": parts.left_out} if parts.reasons else {})  # fmt: skip
    return {name: Figure(amount, money_unit) for name, amount in amounts.items()} | {
        "accounts": Figure(now.n, "accounts"),
        "hhi": Figure(now.hhi, "share"),
        "hhi_legal_entity": Figure(found.companies.hhi, "share"),
        "effective_accounts": _bounded(now.effective_accounts, "accounts", "equal customers", found.sureness),
        "gini": Figure(now.gini, "share"),
        "top_1_share": _bounded(now.top(1), "share", "largest customer", found.sureness),
        "top_5_share": _bounded(now.top(5), "share", "five largest", found.sureness),
        "top_10_share": _bounded(now.top(10), "share", "ten largest", found.sureness),
        "accounts_for_80_percent": Figure(now.accounts_for(0.8), "accounts"),
        "kept_share": Figure(bridge.kept if bridge else None, "share"),
        "kept_plus_grown_share": Figure(bridge.kept_plus_grown if bridge else None, "share"),
        **({"customer_share": Figure(now.share_of(found.customer), "share")} if found.customer else {}),
    }


def _bounded(value: float, unit: str, name: str, sureness: Sequence[Sure]) -> Figure:
    """A figure with the interval of its twelve complete months, where there is one."""
    each = next((each.interval for each in sureness if each.name == name), None)
    if each is None or not each.low <= value <= each.high:
        return Figure(value, unit)
    return Figure(value, unit, each.low, each.high, each.level)


def _tables(ledger: Ledger, found: Evidence, parts: Reconciliation) -> dict[str, Sequence[Mapping[str, Any]]]:
    tables: dict[str, Sequence[Mapping[str, Any]]] = {
        "accounts": _account_rows(found.now),
        "activities": [_activity_row(each) for each in found.activities],
        "small_but_large_in_one": [vars(each) for each in found.hidden],
        "disclosure_10_percent": _disclosed(found.now, found.groups, parts) if ledger.measure == "revenue" else [],
        "twelve_months_to": _records(found.trend),
        "parents_to_confirm": _records(found.suggested),
    }
    if found.bridge:
        kinds = ("opening", "new", "grown", "shrunk", "lost", "closing")
        tables["bridge"] = [{"step": kind, "amount": getattr(found.bridge, kind)} for kind in kinds]
    if found.falls:
        tables["fell_more_than_usual"] = _records(found.falls.alerts)
    return tables


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    days = {str(name): frame[name].dt.strftime("%Y-%m-%d") for name in frame.select_dtypes("datetime")}
    rows = frame.assign(**days).head(LISTED_ACCOUNTS).astype(object)
    return rows.where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]


def _account_rows(now: Concentration) -> list[dict[str, Any]]:
    rows = now.accounts.head(LISTED_ACCOUNTS).rename(columns={"amount": "revenue"})
    rows.insert(0, "rank", range(1, len(rows) + 1))
    return rows[["rank", "account_id", "account_name", "revenue", "share", "abc"]].to_dict("records")  # type: ignore[return-value]


def _cut_short(now: Concentration) -> list[str]:
    if now.n <= LISTED_ACCOUNTS:
        return []
    left = 1 - now.top(LISTED_ACCOUNTS)
    return [
        f"the table of accounts ends after the {LISTED_ACCOUNTS:,} largest of {now.n:,}; the others make {left:.1%} together"
    ]


def _activity_row(each: Activity) -> dict[str, Any]:
    plain = {name: value for name, value in vars(each).items() if name != "leaders"}
    first = each.largest
    return plain | {
        "largest_account_id": first.account_id, "largest_account_name": first.account_name, "largest_share": first.share,
    }  # fmt: skip


def _disclosed(now: Concentration, found: Sequence[Group], parts: Reconciliation) -> list[dict[str, Any]]:
    """Customers at a tenth of all sales, entities under common control taken as one."""
    companies = {each.account_id: each.entities for each in found}
    rows = now.accounts[now.accounts["amount"] >= DISCLOSED * parts.sold] if parts.sold > 0 else now.accounts.head(0)
    return [
        {
            "account_id": row["account_id"], "account_name": row["account_name"], "companies": companies.get(row["account_id"], 1),
            "revenue": row["amount"], "share_of_total": row["amount"] / parts.sold,
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip
