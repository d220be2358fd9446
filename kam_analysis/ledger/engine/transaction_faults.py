"""The faults of the transactions, found in one pass over them in the engine, and what they cover."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from kam_analysis.errors import Problem, Severity
from kam_analysis.ledger.engine import columns, sales_rows
from kam_analysis.ledger.engine.odd_dates import NEAR, RANGE, STAND_INS
from kam_analysis.ledger.engine.sources import Connection, Opened
from kam_analysis.ledger.engine.transactions import Overview, Transactions, spec, typed, unread
from kam_analysis.ledger.reading.files import FILE
from kam_analysis.ledger.reading.spans import NOT_TOLD, first_day, uneven
from kam_analysis.ledger.settings.settings import Column, Settings

# Counting exact duplicates groups by every column: above this many rows it is left out, and said.
DUPLICATES_UP_TO = 5_000_000
_COUNTED_AS_ZERO = ("revenue", "cost", "margin", "quantity")
# Columns whose missing values are told, and kinds of column in which any text is right.
_MISSED = ("account_id", "date", *_COUNTED_AS_ZERO)
_AS_WRITTEN = ("id", "text", "choice")


def scan(
    connection: Connection, transactions: Transactions, settings: Settings, today: date
) -> tuple[Overview | None, list[Problem]]:
    """Every fault of the transactions, from one pass over them, and what they cover."""
    opened, both = transactions.opened, transactions.table
    facts = connection.fetch(both.aggregate(**_counts(both, opened, spec(settings), today)), opened.described).iloc[0]
    rows = int(facts["rows"])
    if not rows and sales_rows.said(opened.source) and connection.fetch(transactions.every.count(), opened.described):
        raise sales_rows.nothing_left(opened)
    if not rows:
        return None, [Problem(opened.described, "", "expected rows, got none below the header", "export it again")]
    problems: list[Problem] = []
    for name in opened.columns:
        problems += _faults(connection, both, opened, spec(settings)[name], facts)
    problems += _odd_dates(connection, both, opened, facts)
    if pd.isna(facts["first"]):
        return None, problems
    dropped = connection.fetch(opened.left_out.count(), opened.described) if opened.left_out is not None else 0
    last = facts["first"] if pd.isna(facts["last"]) else facts["last"]
    dropped = int(dropped) + opened.told.left_out
    begins = first_day(opened.source, _day(facts["first"]))
    overview = Overview(rows, begins, _day(last), int(facts["after_today"]), dropped)
    problems += _coarse(connection, both, opened)
    if overview.after_today:
        problems.append(_warning(opened, "date", "later than today", overview.after_today, _not_over(opened)))
    problems += _currencies(connection, opened, both, settings)
    problems += sales_rows.value_problems(connection, transactions.every, opened)
    problems += sales_rows.left_out_notes(connection, transactions.left_out, opened)
    problems += sales_rows.against_problems(connection, transactions.every, opened)
    problems += sales_rows.margin_problems(connection, both, opened)
    if rows <= DUPLICATES_UP_TO:
        problems += _duplicates(connection, opened, transactions.typed)
    else:
        rule = f"repeated rows were not looked for: more than {DUPLICATES_UP_TO:,} rows"
        problems.append(_warning(opened, "", rule, rows, "look for them where the export is made"))
    return overview, problems


def _coarse(connection: Connection, both: ir.Table, opened: Opened) -> list[Problem]:
    """Totals of quarters or years: what they cannot tell, and whether each is dated where one can end."""
    word = opened.source.span
    if word not in ("quarter", "year"):
        return []
    days = both.filter(both.date.notnull(), ~columns.beyond(both.date)).select(day="date").distinct().limit(1_000)
    odd = uneven(opened.source, [_day(each) for each in connection.fetch(days, opened.described)["day"]])
    if odd:
        rule = f"expected totals by {word}, each dated on its last day, a whole {word} apart"
        remedy = f"date each total on the last day of its {word}, or take grain out where rows are of days or months"
        shown = tuple(map(str, sorted(odd)[:5]))
        return [Problem(opened.described, theirs(opened, "date"), rule, remedy, None, shown)]
    rule = f"has totals by {word}, so what needs months is not assessed: {NOT_TOLD}"
    remedy = "export invoices, or one column or row a month, to have it"
    return [Problem(opened.described, theirs(opened, "date"), rule, remedy, severity="warning")]


def _not_over(opened: Opened) -> str:
    if opened.source.span not in ("quarter", "year"):
        return "correct the dates; figures end at as_of"
    span = opened.source.span
    counts = "counts only where as_of names its last day, or all rows are of it"
    return f"a {span} that is not over is compared with no other, and {counts}"


def _counts(both: ir.Table, opened: Opened, known: dict[str, Column], today: date) -> dict[str, ir.Value]:
    """Only what can be wrong is counted: each text that is looked at costs seconds per hundred million rows."""
    counts: dict[str, ir.Value] = {"rows": both.count()}
    for name in opened.columns:
        raw = both[f"raw_{name}"]
        if name in _MISSED:
            blank = columns.is_blank(raw)
            counts[f"empty_{name}"] = (blank | both[name].isnull() if known[name].kind == "id" else blank).sum()
        if known[name].kind not in _AS_WRITTEN and not _sure(raw, known[name]):
            counts[f"bad_{name}"] = (~columns.is_blank(raw) & both[name].isnull()).sum()
        if name == "account_id" and (raw.type().is_string() or columns.is_fractional(raw.type())):
            counts[f"float_{name}"] = _with_point(both, name).sum()
        if known[name].kind == "id" and raw.type().is_string():
            counts[f"like_none_{name}"] = columns.like_none(both[name]).sum()
    now, meant = ibis.literal(today), ~columns.beyond(both.date)
    counts |= {"first": both.date.min(where=meant), "last": both.date.max(where=meant & (both.date <= now))}
    return counts | {"after_today": (meant & (both.date > now)).sum(), "beyond": (~meant).sum()}


def _sure(raw: ir.Value, column: Column) -> bool:
    """Whether the source's own type leaves nothing to be misread; 20251231 is a whole number, and may be a date."""
    kind = raw.type()
    dated = column.kind in ("date", "month")
    return kind.is_date() or kind.is_timestamp() if dated else kind.is_integer() or kind.is_decimal()


def _with_point(both: ir.Table, name: str) -> ir.Value:
    """Ids that are whole numbers in a column of floats, or text that such a column left behind."""
    raw = both[f"raw_{name}"]
    return ~columns.is_blank(raw) if columns.is_fractional(raw.type()) else both[name].endswith(".0")


def _count(facts: pd.Series, name: str) -> int:
    """A count that may not have been asked for; of nothing but empty cells it is none."""
    found = facts.get(name)
    return 0 if found is None or pd.isna(found) else int(found)


def _faults(connection: Connection, both: ir.Table, opened: Opened, column: Column, facts: pd.Series) -> list[Problem]:
    name, found = column.name, []
    bad, empty, alike = (_count(facts, f"{what}_{name}") for what in ("bad", "empty", "like_none"))
    raw = both[f"raw_{name}"]
    if bad and column.kind != "id":
        shown = _examples(connection, both.filter(~columns.is_blank(raw) & both[name].isnull()), raw, opened)
        found.append(unreadable(opened, column, bad, shown, _where(connection, opened, column, unread)))
    if empty and name == "date":
        found.append(
            Problem(
                _where(connection, opened, column, lambda raw, _: columns.is_blank(raw)),
                theirs(opened, name),
                "expected a date, got nothing",
                'fill it in; total lines are named by their word, total_rows = ["Total"]; else undated = "leave_out"',
                empty,
            )
        )
    elif empty and name == "account_id":
        found.append(
            _warning(
                opened, name, "no account", empty, "shares leave these rows out; their money is in the reconciliation"
            )
        )
    elif empty and name in _COUNTED_AS_ZERO:
        found.append(_warning(opened, name, "empty", empty, "counted as zero; fill it in where that is wrong"))
    if alike:
        shown = _examples(connection, both.filter(columns.like_none(both[name])), both[name], opened)
        found.append(ids_like_none(opened, name, alike, shown))
    if _count(facts, f"float_{name}") and name == "account_id":
        shown = _examples(connection, both.filter(_with_point(both, name)), both[name], opened)
        found.append(
            _warning(
                opened,
                name,
                'ids written as numbers with ".0" are read without it',
                int(facts[f"float_{name}"]),
                "nothing to do unless the .0 is part of your ids",
                shown,
            )
        )
    return found


def _odd_dates(connection: Connection, both: ir.Table, opened: Opened, facts: pd.Series) -> list[Problem]:
    """Rows whose day cannot be meant: no figure may count them, and none may leave them out without a word."""
    found = []
    remedy = "correct the rows, or leave them out in a query"
    if facts["beyond"] and facts["beyond"] > 0:
        shown = _examples(connection, both.filter(columns.beyond(both.date)), both.raw_date, opened)
        rule = f"{RANGE}, got another"
        found.append(Problem(opened.described, theirs(opened, "date"), rule, remedy, int(facts["beyond"]), shown))
    for day in STAND_INS:
        # A look at all rows again: only where such a day may be there.
        if pd.isna(facts["first"]) or pd.Timestamp(facts["first"]) > pd.Timestamp(day):
            continue
        here, near = both.date == ibis.literal(day), both.date.between(day - NEAR, day + NEAR)
        counts = connection.fetch(both.aggregate(here=here.sum(), near=near.sum()), opened.described).iloc[0]
        if counts["here"] == counts["near"] > 0:
            rule = f"expected the day of the sale, got {day}, which stands for no date"
            found.append(Problem(opened.described, theirs(opened, "date"), rule, remedy, int(counts["here"])))
    return found


def _where(
    connection: Connection, opened: Opened, column: Column, is_faulty: Callable[[ir.Value, ir.Value], ir.Value]
) -> str:
    """What is said to hold a fault: of many files by a pattern, those that do."""
    if opened.located is None:
        return opened.described
    there = replace(opened, table=opened.located)
    faulty = is_faulty(there.table[column.name], typed(there, column))
    files = there.table.filter(faulty).select(file=FILE).distinct().order_by("file").limit(4)
    names = [connection.file_of(path) for path in connection.fetch(files, opened.described)["file"]]
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "") or opened.described


_WANTED: dict[str, Callable[[Opened], str]] = {
    "date": lambda opened: (
        f"a date{' like ' + opened.source.date_format if opened.source.date_format else ' like 2025-12-31'}"
    ),
    "month": lambda _: "a month like 2025-12-01",
    "flag": lambda _: "yes or no",
}
_REMEDY = {
    "date": 'correct the rows, or say how dates are written: date_format = "%d.%m.%Y"',
    "month": 'correct the rows, or say how dates are written: date_format = "%d.%m.%Y"',
    "flag": "write true or false",
}


def unreadable(opened: Opened, column: Column, rows: int, examples: tuple[str, ...], where: str = "") -> Problem:
    """The problem of values that are not what their column holds."""
    wanted = _WANTED.get(column.kind, lambda _: "a number")(opened)
    remedy = _REMEDY.get(
        column.kind, 'correct the rows, or say how numbers are written: decimal = ",", thousands = "."'
    )
    rule = f"expected {wanted}, got something else"
    return Problem(where or opened.described, theirs(opened, column.name), rule, remedy, rows, examples)


def ids_like_none(opened: Opened, name: str, rows: int, examples: tuple[str, ...]) -> Problem:
    """The question whether ids such as "NULL" are codes or stand for none: an error until the settings answer it."""
    words = ", ".join(json.dumps(each.strip(), ensure_ascii=False) for each in examples)
    rule = "expected ids, got words that may stand for none"
    remedy = f"say which in [tables.{opened.name}]: blank_ids = [{words}] where they are none, blank_ids = [] where they are codes of yours"
    severity: Severity = "error"
    if opened.source.blank_ids is not None:
        rule, severity = "words that look like none are read as ids", "warning"
        remedy = "nothing to do where they are codes of yours, else add them to blank_ids"
    return Problem(opened.described, theirs(opened, name), rule, remedy, rows, examples, severity)


def theirs(opened: Opened, name: str) -> str:
    """The user's own name of one of our columns."""
    return opened.source.columns.get(name, name)


def _warning(opened: Opened, name: str, rule: str, rows: int, remedy: str, examples: tuple[str, ...] = ()) -> Problem:
    return Problem(opened.described, theirs(opened, name) if name else "", rule, remedy, rows, examples, "warning")


def _examples(connection: Connection, rows: ir.Table, raw: ir.Value, opened: Opened) -> tuple[str, ...]:
    found = connection.fetch(
        rows.select(shown=raw.cast("string")).distinct().order_by("shown").limit(5), opened.described
    )
    return tuple(str(value)[:40] for value in found["shown"])


def _duplicates(connection: Connection, opened: Opened, typed: ir.Table) -> list[Problem]:
    counted = typed.group_by(list(typed.columns)).aggregate(times=typed.count())
    repeated = counted.filter(counted.times > 1)
    extra = connection.fetch((repeated.times - 1).sum(), opened.described)
    if pd.isna(extra) or not extra:
        return []
    rule = "exact copies of another row"
    return [_warning(opened, "", rule, int(extra), "counted as they are; if your export doubled them, export it again")]


def _currencies(connection: Connection, opened: Opened, typed: ir.Table, settings: Settings) -> list[Problem]:
    """Codes that no rate converts; a single code needs none."""
    if "currency" not in opened.columns:
        return []
    counted = typed.group_by("currency").aggregate(rows=typed.count())
    found = connection.fetch(counted.filter(counted.currency.notnull()), opened.described)
    found["code"] = found["currency"].str.strip().str.upper()
    found = found[found["code"] != ""]
    codes = found.groupby("code")["rows"].sum()
    needed = codes if settings.currency else codes.iloc[0:0] if len(codes) == 1 else codes
    missing = needed[~needed.index.isin([settings.currency, *settings.rates])]
    if missing.empty:
        return []
    wanted = f"amounts in {settings.currency}" if settings.currency else "one currency"
    remedy = f"add rates to the settings: [rates] {missing.index[0]} = units of {settings.currency or 'the reporting currency'} per {missing.index[0]}"
    rule = f"expected {wanted} or a rate, got {', '.join(missing.index)}"
    return [
        Problem(
            opened.described, theirs(opened, "currency"), rule, remedy, int(missing.sum()), tuple(missing.index[:5])
        )
    ]


def _day(value: object) -> date:
    return pd.Timestamp(value).date()  # type: ignore[arg-type]
