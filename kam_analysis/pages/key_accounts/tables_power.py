"""Who depends on whom, what keeps an account, and what invoices say about both."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments.power import FULL_DEPENDENCE, READINGS, VALUABLE
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.tables import customer, identity
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

# As many others who could leave easily are named.
_NAMED = 5
_MOST = 10


def out_of_balance(found: "Found") -> Table:
    """The key accounts of which one side depends more on the other, the largest first; a sentence where there is none."""
    whole = balance_table(found)
    apart = whole.rows[whole.rows["reading"].isin([READINGS[0], READINGS[2]])]
    nothing = say("balance.even") if len(whole.rows) else ""
    return replace(whole, caption=say("balance.apart"), rows=apart, shown=_MOST, notes=(), nothing=nothing)


def balance_table(found: "Found") -> Table:
    """Our dependence on each key account against its on us; no rows where the latter is known of nobody."""
    columns = [
        customer(found),
        Column("reading", "Who depends", written=lambda row: str(row["reading"] or "").replace(" ", style.GAP)),
        Column("our_dependence", "Our dependence (0-1)", "number"),
        Column("their_dependence", "Its dependence (0-1)", "number"),
        Column("wallet_share", say("balance.our_part"), "share", 0),
        Column("exit_barrier", "Switching barriers (0-1)", "number"),
    ]
    note = say("balance.note", share=style.share(FULL_DEPENDENCE, 0))
    frame = _known(_of_keys(found, found.power, columns=columns), "their_dependence")
    return _table(found, say("balance.all"), columns=columns, frame=frame, notes=[note])


def invoices_table(found: "Found") -> Table:
    """What invoices show of the balance: price beside other buyers, margin and its drift, breadth of lines."""
    columns = [
        customer(found),
        Column("price_index", "Price (others = 100)", "number", written=_price),
        Column("margin_share", "Margin", "share"),
        Column("margin_change", "Margin vs. last year", "share", written=_drift),
        Column("lines", "Lines bought", "count", written=_breadth),
    ]
    frame = _of_keys(found, found.invoices, columns=[*columns, Column("lines_of", "")])
    told = _known(frame, *(each.name for each in columns[1:]))
    notes = [say("balance.price")] if frame["price_index"].notna().any() else []
    return _table(found, "What the invoices show", columns=columns, frame=told, notes=notes)


def barriers_table(found: "Found") -> Table:
    """What keeps every key account, with the note that is the evidence; marked where it could leave easily."""
    columns = [
        customer(found),
        Column("note", "Evidence"),
        Column("procedural", "Process", "number"),
        Column("financial", "Cost", "number"),
        Column("relational", "Personal", "number"),
        Column("strength", "Overall", "number"),
    ]
    easy = set(found.easy["account_id"])
    weak = [at for at, each in enumerate(found.ordered) if each in easy]
    notes = [
        say("balance.barriers"),
        *_others(found),
    ]
    frame = _known(_of_keys(found, found.barriers, columns=columns), "strength")
    return _table(found, say("balance.keeps"), columns=columns, frame=frame, notes=notes, strong=weak)


def _others(found: "Found") -> list[str]:
    """Valuable accounts that could leave easily and are not key."""
    others = found.easy[~found.easy["account_id"].isin(found.keys["account_id"])].to_dict("records")
    if not others:
        return []
    named = ", ".join(f"{row['account_name']} ({style.share(row['share'])} of sales)" for row in others[:_NAMED])
    of, more = {"share": style.share(VALUABLE, 0), "who": named}, len(others) - _NAMED
    return [say("balance.others_and_more", more=more, **of) if more > 0 else say("balance.others", **of)]


def _of_keys(found: "Found", frame: pd.DataFrame, *, columns: Sequence[Column]) -> pd.DataFrame:
    """What a frame says of the key accounts, a row each in the order of pages."""
    names = [each.name for each in columns if each.name != "account_name"]
    records = [
        identity(found, each) | {name: _told(found.of(frame, each, name)) for name in names} for each in found.ordered
    ]
    return rows(records, [Column("account_id", ""), *columns])


def _told(value: Any) -> Any:
    return None if value == style.NOT_ASSESSED else value


def _known(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The rows, none of them where nobody has a value in any of these columns."""
    return frame if frame[list(names)].notna().any(axis=None) else frame.iloc[:0]


def _table(
    found: "Found",
    caption: str,
    *,
    columns: Sequence[Column],
    frame: pd.DataFrame,
    notes: Sequence[str],
    strong: Sequence[int] = (),
) -> Table:
    return Table(caption, columns, frame, unit=found.about.unit, strong=strong, notes=notes, missing=style.NOT_ASSESSED)


def _price(row: Any) -> str:
    return "" if row["price_index"] is None else style.decimal(100 * row["price_index"], 0)


def _drift(row: Any) -> str:
    return "" if row["margin_change"] is None else style.points(row["margin_change"])


def _breadth(row: Any) -> str:
    return "" if row["lines"] is None else f"{row['lines']:.0f} of {row['lines_of']:.0f}"
