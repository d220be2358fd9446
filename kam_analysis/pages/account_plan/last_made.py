"""The plan as it was last made: what a run into the same folder kept of it, else what the data tells of the last month's end."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger import Ledger

# Where a run's reports find what the runs before it kept: a file of figures and numbers, without a name or a text.
PLANS_MADE = "KAM_PLANS_MADE"


@dataclass(frozen=True, kw_only=True)
class LastMade:
    """The plan of an earlier day: its `figures` by name (None: not known then), its `actions`, {decision_id: rule}.

    `kept`: a run kept it; else it is the last month's end, with what sales tell, and `actions` is empty.
    """

    as_of: date
    figures: Mapping[str, float | None]
    actions: Mapping[str, str]
    kept: bool


def last_made(ledger: Ledger, account_id: str) -> LastMade | None:
    """The newest plan of a day before the ledger's; None where neither a run nor the data tells of one."""
    found = [each for each in map(_entry, _kept(account_id, ledger.name)) if each and each.as_of < ledger.as_of]
    return max(found, key=lambda each: each.as_of) if found else _month_end(ledger, account_id)


def _kept(account_id: str, company: str) -> list[Any]:
    path = os.environ.get(PLANS_MADE)
    try:
        kept = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        return list(kept["plans"][account_id]) if kept.get("company") == company else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none yet, or somebody else's
        return []


def _entry(found: Any) -> LastMade | None:
    try:
        figures = {str(name): None if value is None else float(value) for name, value in found["figures"].items()}
        actions = {str(name): str(rule) for name, rule in found["actions"].items()}
        return LastMade(as_of=date.fromisoformat(found["as_of"]), figures=figures, actions=actions, kept=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _month_end(ledger: Ledger, account_id: str) -> LastMade | None:
    """Sales and margin of the twelve months to the end of the month before the ledger's day."""
    if not ledger.told_by_month:
        return None
    day = ledger.as_of.replace(day=1) - timedelta(days=1)
    try:
        then = ledger.at(day)
        year = then.period_of("last_12_months")
    except (DataError, SettingsError, ValueError):
        return None
    measures = [each for each in ("revenue", "margin") if each in ledger.measures]
    rows = then.by_account(year, measures=measures)
    total, own = float(rows.loc[rows["revenue"] > 0, "revenue"].sum()), rows[rows["account_id"] == account_id]
    figures: dict[str, float | None] = {each: float(own[each].sum()) for each in measures}
    sold = figures["revenue"] or 0.0
    figures["share"] = sold / total if total > 0 and sold > 0 else None
    return LastMade(as_of=day, figures=figures, actions={}, kept=False)
