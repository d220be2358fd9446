"""The results document of `02_key_accounts`."""

from typing import Any

import pandas as pd

from kam_analysis.analysis.segments import CRITERIA
from kam_analysis.ledger import Ledger
from kam_analysis.pages.control import control_line
from kam_analysis.pages.doubts import doubts
from kam_analysis.pages.key_accounts.answer import answer, key_figures
from kam_analysis.pages.key_accounts.compared import against_settings, where_it_stands
from kam_analysis.pages.key_accounts.evidence import Evidence
from kam_analysis.pages.key_accounts.reasons import reasons, share_of
from kam_analysis.pages.results import Figure, Result, provenance, worth_collecting
from kam_analysis.pages.words import measure_words

QUESTION = "Which accounts are key, why, and what kind of work does each need?"
SEED = 2
_LABELS = {each.name: each.label for each in CRITERIA}
_WANTED = {
    ("accounts", "account_name"): "names of accounts (a customer master)",
    ("accounts", "is_key"): "your own list of key accounts (is_key)",
    ("transactions", "cost"): "cost per line, so that profit counts",
    ("transactions", "product_line"): "product lines",
    ("accounts", "annual_spend"): "what each account spends on what you sell",
    ("accounts", "satisfaction"): "satisfaction and the competitor named",
    ("contracts", "ends_on"): "when contracts end",
}


def result(ledger: Ledger, found: Evidence) -> Result:
    """The results document of 02, with the first screen's answer and key figures."""
    ids = found.ordered
    firm = sum(found.of(found.scores, each, "badge") == "firm" for each in ids)
    figures = {"key_accounts": Figure(len(ids), "accounts"), "key_accounts_firm": Figure(firm, "accounts")}
    asked = {"key_share": found.threshold, "weights": dict(found.weights), "customer": found.customer}
    said = [control_line(ledger, found.book, None, ledger.controls()), against_settings(found), where_it_stands(found, found.customer)]  # fmt: skip
    tables = {
        "key_accounts": [_row(found, each) for each in ids],
        "just_outside": _records(found.cut.just_outside, found),
        "lifecycle": _records(found.stages, found),
        "activities": _records(found.significant, found),
    }
    return Result(
        QUESTION, answer(found), figures, tables, provenance(ledger, limit=found.limit, draws=found.draws, **asked) | {"seed": SEED},
        caveats=caveats(ledger, found), worth_collecting=worth_collecting(ledger, _WANTED)[:3],
        shown=key_figures(found, measure_words(ledger)) if ids else (),
        doubts=doubts(ledger, found.book),
        lead=" ".join(filter(None, said)),
    )  # fmt: skip


def caveats(ledger: Ledger, found: Evidence) -> list[str]:
    """What a reader must know before trusting the list."""
    said = []
    if found.left_out:
        parts = "; ".join(f"{_LABELS[name].lower()} ({why})" for name, why in found.left_out.items())
        said.append(f"The value score leaves out {parts}.")
    if found.keys_before is None:
        said.append(
            f"Who came in and who went out needs a year before the period in the data; the period is {ledger.period.label}."
        )
    if len(found.keys) > found.limit:
        said.append(f"More key accounts than the {found.limit} that can be served: the list is cut by value.")
    return [*said, *map(str, ledger.warnings)]


def _row(found: Evidence, account_id: str) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "name": str(found.names.get(account_id, account_id)),
        "activities": list(found.of(found.keys, account_id, "activities") or ()),
        "score": found.of(found.scores, account_id, "score"),
        "firm": found.of(found.scores, account_id, "badge") == "firm",
        "quadrant": found.of(found.matrix, account_id, "quadrant"),
        "work": found.of(found.work, account_id, "work"),
        "on_list": None if found.listing is None else account_id in found.listing.agreed,
        "reasons": reasons(found, account_id, 5),
        "revenue_share": share_of(found, account_id),
        "acceptability_share": found.of(found.scores, account_id, "top"),
        "served": account_id in found.served,
        "rule": found.of(found.work, account_id, "rule"),
        "figures": found.of(found.work, account_id, "figures"),
    }


def _records(frame: pd.DataFrame, found: Evidence, most: int = 10_000) -> list[dict[str, Any]]:
    rows = frame.head(most).astype(object)
    rows.insert(1, "account_name", [found.names.get(each, each) for each in rows["account_id"]])
    return rows.where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]
