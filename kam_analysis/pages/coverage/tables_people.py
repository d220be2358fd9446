"""One line per manager: what each looks after, whether it was grown, what a departure would cost."""

import pandas as pd

from kam_analysis.analysis.coverage import Attended
from kam_analysis.pages import cells, style
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.coverage.findings import amounts
from kam_analysis.pages.html import Html, paragraph, table, together

_LISTED = 10
_WHY = {
    "fell": "sales fell",
    "gone": "no order in the twelve months",
    "left": "left, confirmed",
    "nothing": "bought nothing in either year",
    "kept": "sales kept",
    "pipeline": "sales fell, offers make up for it",
    "sales_up": "sales up",
    "new_line": "buys a further line",
    "new": "new",
}


def managers_table(found: Evidence, unit: str) -> Html:
    """What each manager looks after, and what it would cost if that changed hands."""
    people = found.people
    if not len(people):
        return paragraph("The customer master names nobody who looks after an account.", "note")
    columns = {
        "name": "Account manager|", "accounts": "Customers", "sales": f"Sales{cells.of(unit)}", "share": "Share", "margin": "Share of margin",
        "largest": "Largest|", "deputy": "Without a deputy", "renewals": "Renewals within half a year", "cost": f"Hand-over alone would cost{cells.of(unit)}", "follow": "and if customers follow",
    }  # fmt: skip
    rows = [_person(found, row) for row in people.to_dict("records")]
    kept = {key: title for key, title in columns.items() if any(row.get(key) for row in rows)}
    strong = [at for at, row in enumerate(people["account_manager_id"]) if found.leaving.cost is not None and row == found.leaving.cost.manager_id]  # fmt: skip
    return together(table(kept, rows, "One line per manager, for all alike", strong=strong), paragraph(_beside(found, unit), "note"))  # fmt: skip


def _person(found: Evidence, row: dict) -> dict[str, str]:
    largest = row["largest_account_name"]
    return {
        "name": found.manager(row["account_manager_id"]), "accounts": style.count(row["accounts"]), "sales": style.money(row["revenue"]),
        "share": style.share(row["revenue_share"]), "margin": cells.share(row["margin_share"]),
        "largest": f"{found.customer(row['largest_account_id'])}, {style.share(row['largest_share'], 0)}" if pd.notna(largest) else "",
        "deputy": "" if pd.isna(row["without_deputy"]) else str(row["without_deputy"]), "renewals": cells.whole(row.get("renewals_near")),
        "cost": amounts(row["transition_low"], row["transition_high"], ""), "follow": f"+{style.GAP}{amounts(row['further_low'], row['further_high'], '')}" if pd.notna(row["further"]) else "",
    }  # fmt: skip


def _beside(found: Evidence, unit: str) -> str:
    few = found.few
    said = f"Sales are as concentrated as {style.decimal(few.effective_accounts, 0)} equal customers, and as {style.decimal(few.effective_managers)} managers with equal sales."
    if len(found.unheld):
        first = ", ".join(found.customer(each) for each in found.unheld["account_id"].head(3))
        said += f" Nobody looks after {style.counted(len(found.unheld), 'customer')} with {style.money(float(found.unheld['revenue'].clip(lower=0).sum()), unit)} (first {first})."
    if found.unheld_idle:
        said += f" Of the master's customers without sales in these months {found.unheld_idle} {'has' if found.unheld_idle == 1 else 'have'} nobody."
    if len(found.alone):
        said += f" {style.counted(len(found.alone), 'customer')} with a manager {'has' if len(found.alone) == 1 else 'have'} no deputy."
    return said


def attention_table(found: Evidence) -> Html:
    """Whose accounts were grown, protected, or neither: administering told from managing."""
    rows = [
        {
            "name": found.manager(row["account_manager_id"]), "grown": _part(row, "grown"), "protected": _part(row, "protected"), "neither": _part(row, "neither"), "new": cells.whole(row["new"]),
            "kept": cells.share(row["kept_share"]), "both": cells.share(row["kept_and_grown"]),
            "hours": _hours(row),
        }
        for row in found.people.to_dict("records")
    ]  # fmt: skip
    if not rows or not found.attended["verdict"].notna().any():
        return Html("")
    columns = {"name": "Account manager|", "grown": "Grown", "protected": "Protected", "neither": "Neither", "new": "New", "kept": "Kept", "both": "Kept plus grown", "hours": "Hours a month on record, of those there are"}  # fmt: skip
    kept = {key: title for key, title in columns.items() if any(row[key] for row in rows)}
    rules = Attended()
    said = (
        f"Customers, with their part of last year's sales. Grown: sales up by {style.share(rules.grown - 1, 0)} or a further product line; protected: at least {style.share(rules.protected, 0)} of sales kept, "
        "or offers opened that make up for it; neither: administered. Thresholds are the workbook's own."
    )
    return together(table(kept, rows, "Grown, protected, or neither over the last year"), paragraph(said, "note"))


def _part(row: dict, verdict: str) -> str:
    whole = sum(row[f"money_{each}"] for each in ("grown", "protected", "neither"))
    return f"{row[verdict]:.0f} ({style.share(row[f'money_{verdict}'] / whole, 0)})" if whole else f"{row[verdict]:.0f}"


def _hours(row: dict) -> str:
    recorded, capacity = row["hours_recorded"], row["hours_per_month"]
    if pd.isna(recorded):
        return ""
    return f"{recorded:.0f} of {capacity:.0f}" if pd.notna(capacity) else f"{recorded:.0f}"


def neither_table(found: Evidence, unit: str) -> Html:
    """The largest accounts that were neither grown nor protected."""
    rows = found.attended[found.attended["verdict"] == "neither"].head(_LISTED)
    shown = [
        {
            "name": found.customer(row["account_id"]) if pd.isna(row["account_name"]) else row["account_name"], "manager": found.manager(row["account_manager_id"]) or "nobody", "before": style.money(row["before"]),
            "now": style.money(row["revenue"]), "kept": cells.share(row["kept"]), "why": _WHY.get(row["why"], ""),
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Customer|", "manager": "Looked after by|", "before": f"Year before{cells.of(unit)}", "now": "Last twelve months", "kept": "Kept", "why": "Because|"}  # fmt: skip
    return table(columns, shown, "Neither grown nor protected: the largest") if shown else Html("")


def few_numbers(found: Evidence, unit: str) -> Html:
    """The figures of this page in a few rows."""
    rows = [
        {"name": found.manager(row["account_manager_id"]), "share": style.share(row["revenue_share"]), "cost": amounts(row["transition_low"], row["transition_high"], unit)}
        for row in found.people.to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Account manager|", "share": "Share of sales", "cost": "Hand-over alone would cost"}
    return table(columns, rows, "In short") if rows else Html("")
