"""How often the chances of leaving were right: every forecast of the past, and what came."""

from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.tables import Row
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_METHODS = words_in(__file__, "methods")
_FEW = 10  # tests


def tests(found: "Found") -> Table | Html:
    """How often we were right: every forecast of the past, and what came."""
    tested = found.backtest
    if tested.reason:
        return paragraph(say("backtest.unknown", reason=tested.reason), "note")
    columns = declared(
        "tests",
        written={"expected": _expected, "lost": _left, "amount_low": _predicted},
        heading={"amount_low": say("backtest.amounts") + of(found.about.unit)},
    )
    few, count = len(tested.tests) < _FEW, style.counted(len(tested.tests), "test")
    held = say("backtest.held_few" if few else "backtest.held", inside=tested.inside, tests=count)
    notes = [f"{held} {say('backtest.should_hold', level=f'{tested.level * 100:.0f}')}", *_untested(found)]
    if likely := int(tested.tests["likely"].sum()):
        notes.append(say("backtest.likely", customers=style.counted(likely, "customer")))
    return Table(say("backtest.caption"), columns, tested.tests, found.about.unit, notes=notes)


def _untested(found: "Found") -> list[str]:
    """Of which figures the tests say nothing."""
    own = int((found.chances["basis"] == "your figure").sum())
    if not own or found.backtest.own:
        return []
    return [say("backtest.untested", customers=style.counted(own, "customer"))]


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
    columns = declared("scores", written={"method": lambda row: _METHODS[row["method"]]})
    return Table(say("backtest.scores"), columns, rows)


def calibration(found: "Found") -> Table | None:
    """Whether chances came true as often as they said."""
    if found.backtest.reason or found.backtest.table.empty:
        return None
    columns = declared("calibration", written={"observed": _observed})
    return Table(say("backtest.calibration"), columns, found.backtest.table)


def _observed(row: Row) -> str:
    return f"{style.share(row['observed'])} ({style.share(row['low'], 0)} to {style.share(row['high'], 0)})"
