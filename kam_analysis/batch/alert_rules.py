"""What `[alerts]` in the settings asks for, looked up in the tables of the reports: one computation, one number."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kam_analysis.errors import sayable
from kam_analysis.ledger.settings.settings import AlertLimits
from kam_analysis.pages import style

Row = Mapping[str, Any]
_YEARLY, _OVERDUE = "yearly call", "overdue"  # as the table of calls writes them


@dataclass(frozen=True)
class Alert:
    """One thing that passed its limit. `value` and `limit` are shares 0-1 or days, None for a call; `day` the last one
    for notice; `new`: not so in the run of the date before; `told`: said by an earlier run of the same date."""

    rule: str
    id: str
    account_id: str
    account_name: str
    said: str
    value: float | None
    limit: float | None
    day: str = ""
    new: bool = True
    told: bool = False


@dataclass(frozen=True)
class _Rule:
    """Where a rule looks, the limit that it has in the settings, and what of a row passes it: value, day, words."""

    report: str
    table: str
    limit: Callable[[AlertLimits], float | None]
    passes: Callable[[Row, float, "_Of"], tuple[float | None, str, str] | None]
    # What makes two rows two alerts, beside the account.
    identity: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Of:
    """Of the report that the row is from."""

    as_of: date
    currency: str


def _fell(row: Row, limit: float, of: _Of) -> tuple[float, str, str] | None:
    fall = -float(row["change_share"])
    lost = style.money(-float(row["change"]), of.currency)
    said = (
        f"the last six months are {style.share(fall, 0)} ({lost}) below those a year before, more than is usual for it"
    )
    return (fall, "", said) if fall > limit else None


def _notice(row: Row, limit: float, of: _Of) -> tuple[float, str, str] | None:
    if not row.get("notice_by"):
        return None
    day = date.fromisoformat(str(row["notice_by"])[:10])
    left = (day - of.as_of).days
    when = f"in {style.counted(left, 'day')}" if left else "today"
    said = f"last day for notice {style.day(day)}, {when}"
    return (left, day.isoformat(), said) if 0 <= left <= limit else None


def _large(row: Row, limit: float, of: _Of) -> tuple[float, str, str] | None:
    share = float(row["share"])
    return (share, "", f"{style.share(share)} of all sales, above {style.share(limit)}") if share > limit else None


def _uncalled(row: Row, limit: float, of: _Of) -> tuple[None, str, str] | None:
    late = row.get("occasion") == _YEARLY and row.get("reason") == _OVERDUE
    return (None, "", "the yearly executive call is overdue") if late else None


RULES = {
    "fall": _Rule("01_concentration", "fell_more_than_usual", lambda given: given.fall, _fell),
    "share": _Rule("01_concentration", "accounts", lambda given: given.share, _large),
    "notice_days": _Rule(
        "03_churn_impact", "contracts", lambda given: given.notice_days, _notice, ("contract_id", "notice_by")
    ),
    "calls": _Rule("04_coverage", "calls", lambda given: 0 if given.calls else None, _uncalled),
}


def asked_for(limits: AlertLimits) -> "dict[str, _Rule]":
    """The rules that have a limit, by name."""
    return {name: rule for name, rule in RULES.items() if rule.limit(limits) is not None}


def look(limits: AlertLimits, results: Mapping[str, Row]) -> tuple[list[Alert], dict[str, str]]:
    """What passes its limit in the `results` of a run ({report: result}), and why a rule could not be looked at."""
    found: list[Alert] = []
    unseen: dict[str, str] = {}
    for name, rule in asked_for(limits).items():
        limit, result = rule.limit(limits) or 0, results.get(rule.report)
        if result is None:
            unseen[name] = f"{rule.report} was not made by this run"
        elif rule.table not in result["tables"]:
            unseen[name] = f"the data does not give {rule.report} its table {rule.table}"
        else:
            found += _of_table(name, rule, limit, result)
    return found, unseen


def _of_table(name: str, rule: _Rule, limit: float, result: Row) -> Iterator[Alert]:
    made = result["provenance"]
    of = _Of(date.fromisoformat(made["as_of"]), str(made.get("currency") or ""))
    for row in result["tables"][rule.table]:
        if (passed := rule.passes(row, limit, of)) is None:
            continue
        value, day, words = passed
        account, called = str(row["account_id"]), str(row.get("account_name") or row["account_id"])
        key = [str(made.get("company") or ""), name, account, *(str(row.get(each)) for each in rule.identity)]
        identity = hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]
        yield Alert(
            name,
            identity,
            account,
            called,
            sayable(f"{called}: {words}"),
            value,
            None if name == "calls" else limit,
            day,
        )
