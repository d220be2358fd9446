"""`01_concentration` in words and tables."""

from collections.abc import Sequence
from typing import Any

from kam_analysis.analysis.concentration import Activity, Concentration, Group, Mover
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.reconciliation import Control, Reconciliation
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, KeyFigure, bullets
from kam_analysis.view.figures.frame import Source
from kam_analysis.view.results import Figure, Result, provenance, worth_collecting

QUESTION = "How much of our business hangs on how few accounts?"
# ASC 280-10-50-42 and IFRS 8.34: a customer at a tenth of revenue is disclosed, common control first.
DISCLOSED = 0.10
_WORDS = {"revenue": "sales", "margin": "margin", "quantity": "units"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WANTED = {
    ("accounts", "account_name"): "names of accounts (a customer master)",
    ("accounts", "parent_id"): "which companies belong to one parent",
    ("transactions", "cost"): "cost per line, so that margin can be seen",
    ("transactions", "product_line"): "product lines",
}


def measure_words(ledger: Ledger) -> str:
    """The measure as pages name it."""
    return _WORDS.get(ledger.measure, ledger.measure)


def unit(ledger: Ledger) -> str:
    """The unit that amounts carry on the page: the currency, or the measure's own."""
    if ledger.measure in ("revenue", "margin"):
        return ledger.currency
    own = ledger.settings.measures.get(ledger.measure)
    return own.unit if own else "units"


def source(ledger: Ledger) -> Source:
    """The words of a figure's footer."""
    return Source(ledger.name, style.day(ledger.as_of), ledger.period.label)


def number_word(n: int) -> str:
    """Small numbers as words."""
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else f"{n:,}"


def answer(
    now: Concentration, before: Concentration | None, found: Sequence[Group], mover: Mover | None, measure: str
) -> str:
    """The finding in one sentence."""
    clauses = [_largest(now, found, measure)]
    if now.n > 5:
        clauses.append(f"five customers make {style.share(now.top(5), 0)}{_moved(now, before, mover)}")
    if now.n > 1:
        clauses.append(f"{style.count(now.accounts_for(0.8))} of {style.count(now.n)} make 80{style.GAP}%")
    return "; ".join(clauses) + "."


def _largest(now: Concentration, found: Sequence[Group], measure: str) -> str:
    first = now.accounts.iloc[0]
    who = _named(first)
    if now.n == 1:
        return f"All {measure} come from one customer: {who}"
    said = f"{who} is {style.share(float(first['share']), 0 if first['share'] > 0.1 else 1)} of {measure}"
    group = next((each for each in found if each.account_id == first["account_id"]), None)
    if group and group.share >= DISCLOSED > group.largest_entity_share:
        return f"{said}, though none of its {number_word(group.entities)} companies reaches 10{style.GAP}%"
    return said


def _named(account: Any) -> str:
    """An account as a sentence names it; where only its id is known, as a customer's number."""
    same = account["account_name"] == account["account_id"]
    return f"Customer {account['account_id']}" if same else str(account["account_name"])


def _moved(now: Concentration, before: Concentration | None, mover: Mover | None) -> str:
    if before is None or not before.n:
        return ""
    change = now.top(5) - before.top(5)
    if abs(change) < 0.005:
        return ", as a year before"
    through = f" through {mover.account_name}" if mover else ""
    return f", {'up' if change > 0 else 'down'} {abs(change) * 100:.0f} point{'' if round(abs(change) * 100) == 1 else 's'}{through}"


def key_figures(now: Concentration, before: Concentration | None, measure: str) -> list[KeyFigure]:
    """The four numbers of the first screen, each with its change on the twelve months before."""
    first = now.accounts.iloc[0]
    name = _named(first)
    equal, needed = now.effective_accounts, now.accounts_for(0.8)
    alike = f"{equal:,.0f} equal customers" if round(equal) != 1 else "one customer"
    one = five = fewer = then = ""
    if before is not None and before.n:
        year = "on the year before"
        then_share = before.share_of(str(first["account_id"]))
        one = f", {style.points(now.top(1) - then_share)} {year}"
        five = f"{style.points(now.top(5) - before.top(5))} {year}"
        fewer = f"{style.decimal(before.effective_accounts, 0)} a year before"
        then = f"{style.count(before.accounts_for(0.8))} of {style.count(before.n)} a year before"
    return [
        KeyFigure("Largest customer", style.share(now.top(1)), name + one),
        KeyFigure("Five largest together" if now.n >= 5 else "All customers together", style.share(now.top(5)), five),
        KeyFigure("As concentrated as", alike, fewer),
        KeyFigure(f"Make 80{style.GAP}% of {measure}", f"{style.count(needed)} of {style.count(now.n)}", then),
    ]


def control_line(ledger: Ledger, now: Concentration, before: Concentration | None, controls: Sequence[Control]) -> str:
    """What was sold, how fresh the data is, and how it stands against finance's own total."""
    said = f"{style.money(now.total, unit(ledger))} of {measure_words(ledger)}, {ledger.period.label}"
    if before is not None and before.total > 0:
        said += f" ({style.change((now.total / before.total - 1) * 100, 1)}{style.GAP}% on the year before)"
    whole = [each for each in controls if not each.partly and each.measure == ledger.measure]
    if whole:
        last = whole[-1]
        where = "above" if last.difference > 0 else "below"
        said += f". {last.year}: invoices {style.money(abs(last.difference), ledger.currency)} ({style.share(abs(last.difference) / last.finance)}) {where} finance's total"
        if abs(last.difference) < 0.005:
            said = said.rsplit(". ", 1)[0] + f". {last.year}: equal to finance's total"
    elif not ledger.settings.control:
        said += ". No control total from finance in the settings"
    return said + "."


def worse_somewhere(found: Sequence[Activity], whole: Concentration) -> str:
    """Where the book is more concentrated than in total, in a sentence."""
    worst = max(found, key=lambda each: each.largest_share, default=None)
    if worst is None or worst.largest_share <= whole.top(1):
        return "No product line or region hangs more on one customer than the whole does."
    others = [each for each in found if each.largest_share > 1.5 * whole.top(1) and each is not worst]
    said = f"Worst in {_where(worst)}"
    second = max(others, key=lambda each: each.largest_share, default=None)
    if second:
        said += f", and in {_where(second)}"
    return f"{said}; in total the largest customer makes {style.share(whole.top(1), 0)}."


def _where(activity: Activity) -> str:
    return f"{activity.name}, where {activity.largest_account_name} makes {style.share(activity.largest_share, 0)}"


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
