"""The results document of `01_concentration`."""

from collections.abc import Sequence
from typing import Any

from kam_analysis.analysis.concentration import Activity, Concentration, Group, Mover
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Reconciliation
from kam_analysis.view.findings.concentration.advice import caveats
from kam_analysis.view.findings.concentration.answer import answer, control_line, key_figures
from kam_analysis.view.findings.concentration.words import DISCLOSED, measure_words
from kam_analysis.view.results import Figure, Result, provenance, worth_collecting

QUESTION = "How much of our business hangs on how few accounts?"
_WANTED = {
    ("accounts", "account_name"): "names of accounts (a customer master)",
    ("accounts", "parent_id"): "which companies belong to one parent",
    ("transactions", "cost"): "cost per line, so that margin can be seen",
    ("transactions", "product_line"): "product lines",
}


def result(
    ledger: Ledger,
    now: Concentration,
    before: Concentration | None,
    entities: Concentration,
    found: Sequence[Group],
    mover: Mover | None,
    by_activity: Sequence[Activity],
) -> Result:
    """The results document of 01, with the first screen's answer and key figures."""
    parts, words = ledger.reconciliation(), measure_words(ledger)
    in_money = ledger.measure in ("revenue", "margin")
    money_unit = (ledger.currency or "amount") if in_money else "count"
    amounts = {
        "revenue_total": parts.total, "revenue_in_shares": parts.in_shares, "revenue_without_account": parts.without_account,
        "revenue_set_aside": parts.set_aside, "revenue_excluded": parts.excluded,
    }  # fmt: skip
    figures = {name: Figure(amount, money_unit) for name, amount in amounts.items()} | {
        "accounts": Figure(now.n, "accounts"),
        "hhi": Figure(now.hhi, "share"),
        "hhi_legal_entity": Figure(entities.hhi, "share"),
        "effective_accounts": Figure(now.effective_accounts, "accounts"),
        "gini": Figure(now.gini, "share"),
        "top_1_share": Figure(now.top(1), "share"),
        "top_5_share": Figure(now.top(5), "share"),
        "top_10_share": Figure(now.top(10), "share"),
        "accounts_for_80_percent": Figure(now.accounts_for(0.8), "accounts"),
    }
    tables = {
        "accounts": _account_rows(now),
        "activities": [vars(each) for each in by_activity],
        "disclosure_10_percent": _disclosed(now, found, parts),
    }
    return Result(
        QUESTION, answer(now, before, found, mover, words), figures, tables, provenance(ledger),
        caveats=caveats(ledger, parts, before), worth_collecting=worth_collecting(ledger, _WANTED)[:3],
        shown=key_figures(now, before, words),
        lead=control_line(ledger, now, before, ledger.controls()),
    )  # fmt: skip


def _account_rows(now: Concentration) -> list[dict[str, Any]]:
    rows = now.accounts.rename(columns={"amount": "revenue"})
    rows.insert(0, "rank", range(1, len(rows) + 1))
    return rows[["rank", "account_id", "account_name", "revenue", "share", "abc"]].to_dict("records")  # type: ignore[return-value]


def _disclosed(now: Concentration, found: Sequence[Group], parts: Reconciliation) -> list[dict[str, Any]]:
    """Customers at a tenth of all revenue, entities under common control taken as one."""
    companies = {each.account_id: each.entities for each in found}
    rows = now.accounts[now.accounts["amount"] >= DISCLOSED * parts.total] if parts.total > 0 else now.accounts.head(0)
    return [
        {
            "account_id": row["account_id"], "account_name": row["account_name"], "companies": companies.get(row["account_id"], 1),
            "revenue": row["amount"], "share_of_total": row["amount"] / parts.total,
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip
