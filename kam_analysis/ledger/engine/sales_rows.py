"""Which rows of the transactions are sales: those that the settings keep, do not drop, and that have a date.

What is left out stays in the engine with its reason, for the reconciliation; documents that count against enter
with the opposite sign.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.engine.sources import Connection, Opened
from kam_analysis.ledger.settings.settings import TableSource

UNDATED = "without a date"
REPEATED = "the order's amount, which another of its lines gives"
_EMPTY = "(empty)"


def reasons(rows: ir.Table, opened: Opened) -> ir.StringValue | None:
    """Why a row is no sale, NULL for one that is; None where the settings leave nothing out.

    `rows` has our columns, those of `opened.statuses`, and each as the source gives it (`raw_date`). A row that keep or drop leaves out may lack its date.
    """
    source = opened.source
    cases = []
    for name, theirs in opened.statuses.items():
        text = _text(rows[name])
        said = ibis.literal(f"{theirs}: ") + ibis.ifelse(text == "", ibis.literal(_EMPTY), text)
        if theirs in source.keep:
            cases.append((~_is_one_of(text, source.keep[theirs]), said))
        if theirs in source.drop:
            cases.append((_is_one_of(text, source.drop[theirs]), said))
    if source.undated:
        cases.append((columns.is_blank(rows["raw_date"]), ibis.literal(UNDATED)))
    if source.once_per_order and "order_id" in opened.columns:
        cases.append((_is_again(rows, opened), ibis.literal(REPEATED)))
    return ibis.cases(*cases, else_=ibis.null("string")) if cases else None


def _is_again(rows: ir.Table, opened: Opened) -> ir.BooleanValue:
    """Whether a row repeats the amount of an order that another of its lines gives, on the same day."""
    order = ibis.coalesce(rows.order_id.strip(), ibis.literal(""))
    # In a fixed order, so that reruns attribute the amount to the same line.
    fixed = [rows[f"raw_{name}"] for name in opened.columns]
    number = ibis.row_number().over(group_by=[order, rows.raw_date], order_by=fixed)
    return (order != "") & (number > 0)


def counted_against(rows: ir.Table, opened: Opened) -> ir.BooleanValue | None:
    """Whether a row's amounts count against; None where the settings name no such documents."""
    found = [
        _is_one_of(_text(rows[name]), opened.source.subtract[theirs])
        for name, theirs in opened.statuses.items()
        if theirs in opened.source.subtract
    ]
    return reduce(or_, found) if found else None


def turned(rows: ir.Table, opened: Opened, amounts: Sequence[str]) -> ir.Table:
    """Rows with the amounts of documents that count against turned round."""
    against = counted_against(rows, opened)
    if against is None:
        return rows
    return rows.mutate(**{name: ibis.ifelse(against, -rows[name], rows[name]) for name in amounts})


def with_cost(rows: ir.Table) -> ir.Table:
    """Rows whose cost is revenue less the margin that the source gives; an empty margin counts as zero, as elsewhere."""
    margin = ibis.coalesce(rows.margin.cast(columns.MONEY), ibis.literal(0).cast(columns.MONEY))
    return rows.mutate(cost=rows.revenue.cast(columns.MONEY) - margin)


def value_problems(connection: Connection, every: ir.Table, opened: Opened) -> list[Problem]:
    """Values that the settings name and no row has."""
    found: list[Problem] = []
    for name, theirs in opened.statuses.items():
        there = connection.fetch(every.select(value=_text(every[name])).distinct(), opened.described)["value"]
        known = [value for value in map(str, there) if value]
        for key in ("keep", "drop", "subtract"):
            named: Mapping[str, tuple[str, ...]] = getattr(opened.source, key)
            for value in sorted(set(named.get(theirs, ())) - set(there)):
                rule = f'{key} names "{value}", which no row has'
                found.append(Problem(opened.described, theirs, rule, nearest(value, known), severity="warning"))
    return found


def left_out_notes(connection: Connection, left_out: ir.Table | None, opened: Opened) -> list[Problem]:
    """What is left out as no sales: a note for each reason, with rows and money."""
    if left_out is None:
        return []
    unread = left_out.unread.ifelse(1, 0).sum()
    counted = left_out.group_by("reason").aggregate(
        rows=left_out.count(), total=columns.total(left_out.revenue), unread=unread
    )
    counted = counted.mutate(total=counted.total.cast("float64"))
    told = connection.fetch(counted.order_by(ibis.desc("rows"), "reason"), opened.described)
    return [
        Problem(
            opened.described,
            "",
            f"no sales: {row['reason']}" + _worth(row["total"], opened) + unread_words(int(row["unread"])),
            "left out as the settings say, and shown in the reconciliation",
            int(row["rows"]),
            severity="warning" if row["unread"] else "note",
        )
        for row in told.to_dict("records")
    ]


def unread_words(rows: int) -> str:
    """That rows which are no sales have amounts that count as zero, for they cannot be read; empty where none has."""
    return f", {rows:,} of them with an amount that cannot be read and counts as zero" if rows else ""


def against_problems(connection: Connection, every: ir.Table, opened: Opened) -> list[Problem]:
    """Documents that count against: a note with rows and money, a warning where they are negative already."""
    against = counted_against(every, opened)
    if against is None:
        return []
    facts = every.aggregate(
        rows=ibis.coalesce(against.ifelse(1, 0).sum(), 0), total=columns.total(every.revenue, against).cast("float64")
    )
    told = connection.fetch(facts, opened.described).iloc[0]
    where, rows, worth = ", ".join(opened.source.subtract), int(told["rows"]), _worth(told["total"], opened)
    if told["total"] < 0:
        rule = f"subtract names documents whose amounts are negative already{worth}"
        remedy = "take them out of subtract: their minus sign counts them against by itself"
        return [Problem(opened.described, where, rule, remedy, rows, severity="warning")]
    rule, remedy = f"counted against sales{worth}", "subtracted as the settings say"
    return [Problem(opened.described, where, rule, remedy, rows, severity="note")] if rows else []


def _worth(total: float, opened: Opened) -> str:
    """The money of some rows; none where they may be in several currencies."""
    return "" if "currency" in opened.columns else f" ({total:,.2f})"


def margin_problems(connection: Connection, rows: ir.Table, opened: Opened) -> list[Problem]:
    """Rows in which cost and margin, both given, do not make up revenue."""
    if not {"cost", "margin"} <= set(opened.columns):
        return []
    gap = rows.revenue.cast(columns.MONEY) - rows.cost.cast(columns.MONEY) - rows.margin.cast(columns.MONEY)
    off = int(connection.fetch(ibis.coalesce((gap.abs() >= 0.015).cast("int64").sum(), 0), opened.described))
    if not off:
        return []
    theirs = opened.source.columns.get("margin", "margin")
    rule = "margin is not revenue less cost; cost is counted"
    return [Problem(opened.described, theirs, rule, "correct one, or take one out of the settings", off, (), "warning")]


def nothing_left(opened: Opened) -> DataError:
    """No row is a sale by the settings."""
    named = [
        f"{key}.{theirs} = {list(values)}"
        for key in ("keep", "drop")
        for theirs, values in getattr(opened.source, key).items()
    ]
    named += ['undated = "leave_out"'] if opened.source.undated else []
    rule = f"expected sales, got none: {', '.join(named)} leave out every row"
    return DataError.of(opened.described, rule, "correct the values; they are exact")


def said(source: TableSource) -> bool:
    """Whether the settings say which rows are sales."""
    return bool(source.status_columns or source.undated or source.once_per_order)


def _text(value: ir.Value) -> ir.StringValue:
    return ibis.coalesce(value.cast("string").strip(), ibis.literal(""))


def _is_one_of(text: ir.Value, values: tuple[str, ...]) -> ir.BooleanValue:
    return reduce(or_, [text == value for value in values])
