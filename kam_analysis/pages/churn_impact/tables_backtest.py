"""How often the chances of leaving were right: every forecast of the past, and what came."""

from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.tables import Row
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

_METHODS = {"ours": "This page", "average": "The same chance for all", "recency": "Inactivity only"}


def tests(found: "Found") -> Table | Html:
    """How often we were right: every forecast of the past, and what came."""
    tested = found.backtest
    if tested.reason:
        return paragraph(f"How often we were right cannot be told yet: {tested.reason}.", "note")
    columns = [
        Column("day", "Forecast date", "date"),
        Column("accounts", "Customers", "count"),
        Column("expected", "Expected to leave", "number", places=1, written=_expected),
        Column("lost", "Left", "number", places=1, written=_left),
        Column("amount_low", f"Sales expected to be lost{of(found.about.unit)}", "money", written=_predicted),
        Column("amount_lost", "Sales lost", "money"),
        Column("inside", "Within range?", "flag"),
    ]
    n, few = len(tested.tests), ", too few to prove much" if len(tested.tests) < 10 else ""
    said = f"Within the predicted range in {tested.inside} of {style.counted(n, 'test')}{few}."
    said += f" The range should hold in {tested.level * 100:.0f} of 100."
    notes = [said, *_untested(found)]
    likely = int(tested.tests["likely"].sum())
    if likely:
        count = style.counted(likely, "customer")
        notes.append(f"Of {count} it is not certain yet whether it left. There the chance that it is gone counts.")
    return Table("How often we were right", columns, rows=tested.tests, unit=found.about.unit, notes=notes)


def _untested(found: "Found") -> list[str]:
    """Of which figures the tests say nothing."""
    own = int((found.chances["basis"] == "your figure").sum())
    if not own or found.backtest.own:
        return []
    count = style.counted(own, "customer")
    return [f"Your own estimates for {count} are not tested: none of earlier years are on file."]


def _expected(row: Row) -> str:
    return f"{style.decimal(row['expected'])} ({row['low']:.0f} to {row['high']:.0f})"


def _left(row: Row) -> str:
    """Whole customers, unless it is not certain yet of some."""
    return style.decimal(row["lost"]) if row["likely"] else f"{row['lost']:.0f}"


def _predicted(row: Row) -> str:
    return f"{style.money(row['amount_low'])} to {style.money(row['amount_high'])}"


def scores(found: "Found") -> Table | None:
    """Brier score and log loss against simpler methods."""
    if found.backtest.reason:
        return None
    rows = found.backtest.scores[list(_METHODS)].T.rename_axis("method").reset_index()
    columns = [
        Column("method", "Method", written=lambda row: _METHODS[row["method"]]),
        Column("brier", "Brier score", "number", places=4),
        Column("log_loss", "Log loss", "number", places=4),
    ]
    return Table("Scores of the tests: smaller is better", columns, rows=rows)


def calibration(found: "Found") -> Table | None:
    """Whether chances came true as often as they said."""
    columns = [
        Column("accounts", "Customers", "count"),
        Column("expected", "Expected to leave", "share"),
        Column("observed", "Left", "share", written=_observed),
    ]
    rows = found.backtest.table
    if found.backtest.reason or rows.empty:
        return None
    return Table("Did chances come true as often as they said?", columns, rows=rows)


def _observed(row: Row) -> str:
    return f"{style.share(row['observed'])} ({style.share(row['low'], 0)} to {style.share(row['high'], 0)})"
