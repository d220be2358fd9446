"""The list of key accounts: why each is key, how firm that is, what it needs, whether the company lists it."""

import pandas as pd

from kam_analysis.analysis.segments import of_accounts, rules_in_words
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, bullets, table
from kam_analysis.pages.key_accounts.findings import WORK_WORDS, Evidence, moved, not_key, reasons


def keys_table(found: Evidence, unit: str) -> Html:
    """A row per key account, largest sales first; bold where more than a review is due."""
    columns = {"name": "Customer|", "why": "Key for|", "work": "Kind of work|", "firm": "However weighed|"}
    if found.listing:
        columns["listed"] = "On your list|"
    if len(found.keys) > found.limit:
        columns["served"] = f"Among the {found.limit} served|"
    columns |= {"sales": unit or "Sales", "share": "Share"}
    sales = of_accounts(found.book.accounts[["account_id", "amount"]], pd.Series(found.ordered, dtype="str"))
    amounts = sales["amount"].fillna(0.0)
    rows = [_row(found, each, amount) for each, amount in zip(found.ordered, amounts, strict=True)]
    due = [at for at, row in enumerate(rows) if row["work"] != WORK_WORDS["review"]]
    return table(columns, rows, "The key accounts, largest sales first", strong=due) if rows else Html("")


def _row(found: Evidence, account_id: str, sales: float) -> dict[str, str]:
    return {
        "name": found.name(account_id),
        "why": reasons(found, account_id),
        "sales": style.money(sales),
        "share": style.share(sales / found.book.total if found.book.total else 0.0),
        "firm": str(found.of(found.scores, account_id, "badge") or style.NOT_ASSESSED),
        "work": WORK_WORDS[str(found.of(found.work, account_id, "work") or "review")],
        "listed": "yes" if found.listing and account_id in found.listing.agreed else "no",
        "served": "yes" if account_id in found.served else "no",
    }


def work_table(found: Evidence) -> Html:
    """The rule that decided each key account's kind of work, with the figures that fired; of a review its figures."""
    columns = {"name": "Customer|", "work": "Kind of work|", "because": "Because|"}
    order = list(WORK_WORDS)
    ids = sorted(found.ordered, key=lambda each: order.index(found.of(found.work, each, "work") or "review"))
    rows = [
        {
            "name": found.name(each),
            "work": WORK_WORDS[found.of(found.work, each, "work") or "review"],
            "because": _because(found, each),
        }
        for each in ids
    ]
    return table(columns, rows, "What decided the kind of work") if rows else Html("")


def _because(found: Evidence, account_id: str) -> str:
    rule, figures = (found.of(found.work, account_id, name) or "" for name in ("rule", "figures"))
    if found.of(found.work, account_id, "work") == "review":
        return figures or rule
    return f"{rule[:1].upper()}{rule[1:]}: {figures}."


def rules_table() -> Html:
    """Every rule for the kind of work, in the order in which they are tried."""
    rows = [{"work": WORK_WORDS[work], "rule": f"{rule[:1].upper()}{rule[1:]}"} for work, rule in rules_in_words()]
    return table(
        {"work": "Kind of work|", "rule": "If (the first that holds)|"}, rows, "How the kind of work is decided"
    )


def moves(found: Evidence) -> Html:
    """Who became key, who no longer is, and who is on the company's list for nothing."""
    came, went = moved(found)
    said = [f"Became key since the year before: {found.name(each)} ({reasons(found, each)})." for each in came]
    said += [f"No longer key: {found.name(each)}." for each in went]
    if found.listing:
        said += [
            f"On your list, key for nothing: {found.name(each)} ({not_key(found, each)})."
            for each in found.listing.habit
        ]
    if found.keys_before is not None and not came and not went:
        said.append("The same customers were key the year before.")
    return bullets(said)
