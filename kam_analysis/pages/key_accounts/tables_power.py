"""Who depends on whom, what keeps an account, and what invoices say about both."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis.segments.power import FULL_DEPENDENCE, READINGS, VALUABLE
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.tables import customer, of_keys
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = said_in(__file__), columns_in(__file__)

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
    columns = declared(
        "balance",
        written={
            "account_name": customer(found),
            "reading": lambda row: str(row["reading"] or "").replace(" ", style.GAP),
        },
    )
    note = say("balance.note", share=style.share(FULL_DEPENDENCE, 0))
    frame = _known(of_keys(found, columns, found.power), "their_dependence")
    return Table(say("balance.all"), columns, frame, notes=[note], missing=style.NOT_ASSESSED)


def invoices_table(found: "Found") -> Table:
    """What invoices show of the balance: price beside other buyers, margin and its drift, breadth of lines."""
    columns = declared(
        "invoices",
        written={
            "account_name": customer(found),
            "price_index": _where("price_index", lambda index: style.decimal(100 * index, 0)),
            "margin_change": _where("margin_change", style.points),
            "lines": _breadth,
        },
    )
    frame = of_keys(found, columns, found.invoices, also=["lines_of"])
    told = _known(frame, *(each.name for each in columns[1:]))
    notes = [say("balance.price")] if frame["price_index"].notna().any() else []
    return Table(say("balance.invoices"), columns, told, notes=notes, missing=style.NOT_ASSESSED)


def barriers_table(found: "Found") -> Table:
    """What keeps every key account, with the note that is the evidence; marked where it could leave easily."""
    columns = declared("barriers", written={"account_name": customer(found)})
    easy = set(found.easy["account_id"])
    weak = [at for at, each in enumerate(found.ordered) if each in easy]
    frame, notes = (
        _known(of_keys(found, columns, found.barriers), "strength"),
        [say("balance.barriers"), *_others(found)],
    )
    return Table(say("balance.keeps"), columns, frame, strong=weak, notes=notes, missing=style.NOT_ASSESSED)


def _others(found: "Found") -> list[str]:
    """Valuable accounts that could leave easily and are not key."""
    others = found.easy[~found.easy["account_id"].isin(found.keys["account_id"])].to_dict("records")
    if not others:
        return []
    said = [say("balance.other", who=row["account_name"], share=style.share(row["share"])) for row in others[:_NAMED]]
    of, more = {"share": style.share(VALUABLE, 0), "who": ", ".join(said)}, len(others) - _NAMED
    return [say("balance.others_and_more", more=more, **of) if more > 0 else say("balance.others", **of)]


def _known(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The rows, none of them where nobody has a value in any of these columns."""
    return frame if frame[list(names)].notna().any(axis=None) else frame.iloc[:0]


def _where(name: str, written: Callable[[float], str]) -> Callable[[Any], str]:
    return lambda row: "" if row[name] is None else written(row[name])


def _breadth(row: Any) -> str:
    if row["lines"] is None:
        return ""
    return say("balance.lines", bought=f"{row['lines']:.0f}", all=f"{row['lines_of']:.0f}")
