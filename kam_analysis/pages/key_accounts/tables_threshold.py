"""How the list of key accounts changes with the threshold, what presence alone adds, and what tells nobody apart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kam_analysis.analysis.segments import PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.answer import without_telling
from kam_analysis.pages.key_accounts.reasons import listed
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.table import Column, Table, rows

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)


def by_threshold_table(found: "Found") -> Table:
    """Who comes in and who goes out at half, three quarters, one and a quarter and one and a half of the threshold."""
    columns = [
        Column("times", "Times the threshold", "number", on_page=False),
        Column("threshold", "Key from", "share"),
        Column("keys", "Key accounts", "count"),
        Column("entered", "Comes in", written=lambda row: _names(found, row["entered"])),
        Column("left", "Goes out", written=lambda row: _names(found, row["left"])),
        Column("by_presence", "By presence alone", written=lambda row: _names(found, row["by_presence"])),
        Column("left_out", say("threshold.left_out_column"), on_page=False),
    ]
    records: list[dict[str, Any]] = [
        {str(name): list(value) if isinstance(value, tuple) else value for name, value in each.items()}
        for each in found.by_threshold.to_dict("records")
    ]
    now = [at for at, each in enumerate(records) if each["times"] == 1]
    caption = say("threshold.caption")
    return Table(
        caption, columns, rows(records, columns), strong=now, notes=[*_presence(found), *without_telling(found)]
    )


def _names(found: "Found", ids: Sequence[str]) -> str:
    return listed([found.name(each) for each in ids]) if len(ids) else ""


def _presence(found: "Found") -> list[str]:
    """Whom buying in many regions alone makes key, with the share of sales that each has."""
    alone = [each for each in found.ordered if tuple(found.of(found.keys, each, "activities")) == (PRESENCE,)]
    if not alone:
        return []
    told = [f"{found.name(each)} ({style.share(_sales(found, each))} of sales)" for each in alone]
    of = {"number": style.count(len(alone)), "who": listed(told), "share": style.share(found.key_share, 0)}
    return [say("threshold.presence", **of)]


def _sales(found: "Found", account_id: str) -> float:
    return float(found.of(found.book.accounts, account_id, "share") or 0.0)


def common_table(found: "Found") -> Table:
    """What most customers meet and what therefore makes nobody key, for the results."""
    columns = [
        Column("activity", "Activity"),
        Column("met", "Customers that meet it", "count"),
        Column("customers", "Of customers", "count"),
    ]
    return Table(say("threshold.left_out"), columns, found.common)
