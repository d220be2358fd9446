"""`plans/made.json`: figures and action numbers of each plan that was made, so that the next one says what changed.

No name of a person and no text is in it.
"""

import json
from pathlib import Path
from typing import Any

from kam_analysis.batch.told import Result, Results, account_of

NAME = "plans/made.json"
_MOST = 60  # plans of an account


def plans_made(before: Path, results: Results) -> bytes | None:
    """The file as it is after these results ({report id: result}), where it was `before`; None where no plan was made.

    A plan of a day replaces the one of that day. What was kept of another company is left out.
    """
    made = [each for each in results.values() if _account(each) and "actions" in each["tables"]]
    if not made:
        return None
    company = str(made[0]["provenance"].get("company", ""))
    kept = _before(before, company)
    for each in made:
        entries = [one for one in kept.get(_account(each), []) if one.get("as_of") != each["provenance"]["as_of"]]
        kept[_account(each)] = sorted([*entries, _entry(each)], key=lambda one: str(one.get("as_of")))[-_MOST:]
    return (json.dumps({"company": company, "plans": dict(sorted(kept.items()))}, indent=1) + "\n").encode()


def _entry(result: Result) -> dict[str, Any]:
    return {
        "as_of": result["provenance"]["as_of"],
        "figures": {name: figure.get("value") for name, figure in result.get("figures", {}).items()},
        "actions": {
            row["decision_id"]: row.get("rule") for row in result["tables"]["actions"] if row.get("decision_id")
        },
    }


def _account(result: Result) -> str:
    return account_of(result) if result["provenance"].get("as_of") else ""


def _before(file: Path, company: str) -> dict[str, list[dict[str, Any]]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["company"] != company:
            return {}
        return {str(name): [dict(each) for each in entries] for name, entries in found["plans"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
