"""A first look at the sales that written settings lead to, so that a wrong guess is seen."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kam_analysis.errors import KamError, Problem
from kam_analysis.ledger.ledger import Ledger
from kam_analysis.ledger.opening import checked
from kam_analysis.ledger.sniffing.wording import counted

LARGEST = 5


@dataclass(frozen=True)
class FirstLook:
    """What `kam check` finds, errors first, and lines that show the sales; no lines where there are errors."""

    problems: tuple[Problem, ...]
    lines: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps a report from being made."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def first_look(settings: Path) -> FirstLook:
    """Check settings and the data they name, as `kam check` does, and show its total and largest customers."""
    try:
        problems, ledger = checked(settings)
        shown = tuple(_shown(ledger)) if ledger else ()
        return FirstLook(tuple(sorted(problems, key=lambda each: each.severity)), shown)
    except KamError as error:
        return FirstLook(error.problems or (Problem(settings.name, "", str(error), "correct it"),))


def _shown(ledger: Ledger) -> list[str]:
    whole = ledger.period_of("all")
    there, parts = ledger.overview, ledger.reconciliation(whole)
    unit = f" {ledger.currency}" if ledger.currency else ""
    lines = [
        f"{counted(there.rows)} of sales from {there.first} to {there.last}: {parts.sold:,.2f}{unit}",
        f"The largest of {counted(parts.accounts, 'customer')}:",
    ]
    rows = ledger.by_account(whole, measures=("revenue",)).head(LARGEST)
    names = [_called(row) for row in rows.to_dict("records")]
    width = max(map(len, names), default=0)
    for name, amount in zip(names, rows["revenue"], strict=True):
        share = f"  {amount / parts.in_shares:6.1%}" if parts.in_shares > 0 and amount > 0 else ""
        lines.append(f"  {name:{width}}  {amount:>16,.2f}{share}")
    return lines


def _called(row: dict[object, object]) -> str:
    name, account = str(row["account_name"]), str(row["account_id"])
    plain = " ".join(name.split())[:40]
    return plain if name == account or pd.isna(row["account_name"]) else f"{plain} ({account[:20]})"  # type: ignore[call-overload]
