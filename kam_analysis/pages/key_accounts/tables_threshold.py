"""How the list of key accounts changes with the threshold, what presence alone adds, and what tells nobody apart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kam_analysis.analysis.segments import PRESENCE
from kam_analysis.pages import style
from kam_analysis.pages.key_accounts.near_threshold import without_telling
from kam_analysis.pages.key_accounts.reasons import NAMED, share_of
from kam_analysis.pages.sentences import listed, said_in
from kam_analysis.pages.table import Table, columns_in, rows

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say, declared = said_in(__file__), columns_in(__file__)


def by_threshold_table(found: "Found") -> Table:
    """Who comes in and who goes out at half, three quarters, one and a quarter and one and a half of the threshold."""
    columns = declared(
        "by_threshold",
        written={
            "entered": lambda row: _names(found, row["entered"]),
            "left": lambda row: _names(found, row["left"]),
            "by_presence": lambda row: _names(found, row["by_presence"]),
        },
    )
    records: list[dict[str, Any]] = [
        {str(name): list(value) if isinstance(value, tuple) else value for name, value in each.items()}
        for each in found.by_threshold.to_dict("records")
    ]
    now = [at for at, each in enumerate(records) if each["times"] == 1]
    notes = [*_presence(found), *without_telling(found)]
    return Table(say("threshold.caption"), columns, rows(records, columns), strong=now, notes=notes)


def _names(found: "Found", ids: Sequence[str]) -> str:
    return listed(map(found.name, ids), NAMED)


def _presence(found: "Found") -> list[str]:
    """Whom buying in many regions alone makes key, with the share of sales that each has."""
    alone = [each for each in found.ordered if tuple(found.of(found.keys, each, "activities")) == (PRESENCE,)]
    if not alone:
        return []
    told = [say("balance.other", who=found.name(each), share=style.share(share_of(found, each))) for each in alone]
    of = {"number": style.count(len(alone)), "share": style.share(found.key_share, 0)}
    return [say("threshold.presence", who=listed(told, NAMED), **of)]


def common_table(found: "Found") -> Table:
    """What most customers meet and what therefore makes nobody key, for the results."""
    return Table(say("threshold.left_out"), declared("common"), found.common)
