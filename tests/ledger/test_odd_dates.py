"""A date that cannot be meant is named with its rows, wherever it stands and whatever holds it; none ends a report."""

from datetime import date, datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.ledger.checks.inspection import inspect
from kam_analysis.ledger.engine.odd_dates import judged, told
from kam_analysis.ledger.opening import check, ledger_of, open_ledger
from kam_analysis.ledger.settings.settings import TABLES
from kam_analysis.ledger.settings.settings_file import load_settings

LINES = "account_id,date,revenue\n1,2025-01-10,10\n2,2025-02-10,20\n3,{},30\n"
CSV = '[tables.transactions]\nfile = "t.csv"\n'
ODD = ["infinity", "-infinity", "0044-03-15 (BC)", "0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"]


def problems(path, severity="error"):
    return [each for each in check(path) if each.severity == severity]


def named(found):
    assert [(each.table != "", each.column, each.rows) for each in found] == [(True, "date", 1)], list(map(str, found))
    assert "expected a date from 1900-01-01 to 2200-12-31" in found[0].rule
    assert "leave them out in a query" in found[0].remedy
    return found[0].examples[0]


@pytest.mark.parametrize("odd", ODD)
def test_an_impossible_date_in_text_is_an_error_that_names_it(company, odd):
    path = company(CSV, t__csv=LINES.format(odd))
    assert named(problems(path)) == odd
    with pytest.raises(DataError, match="2200-12-31"):
        open_ledger(path)


@pytest.mark.parametrize(("kind", "odd"), [*zip(["date", "timestamp"] * 4, ODD, strict=False)])
def test_an_impossible_date_in_a_database_is_an_error_that_names_it(company, tmp_path, odd, kind):
    with duckdb.connect(tmp_path / "sales.duckdb") as database:
        values = f"(1, date '2025-01-10', 10), (2, date '2025-02-10', 20), (3, {kind} '{odd}', 30)"
        database.execute(f"create table lines as select * from (values {values}) as v(account_id, date, revenue)")
    path = company('[connection]\nurl = "duckdb://sales.duckdb"\n[tables.transactions]\ntable = "lines"\n')
    assert named(problems(path)).startswith(odd[:10])


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        (pa.date32(), date(1, 1, 1)),
        (pa.timestamp("us"), date(9999, 12, 31)),
        (pa.timestamp("ms", "UTC"), date(1899, 12, 31)),
        (pa.timestamp("ns"), date(1899, 12, 31)),
    ],
)
def test_an_impossible_date_in_parquet_is_an_error_that_names_it(company, tmp_path, odd, kind):
    days = pa.array([datetime(each.year, each.month, each.day) for each in (date(2025, 1, 1), odd)], pa.timestamp("us"))
    table = pa.table({"account_id": ["1", "2"], "date": days.cast(kind), "revenue": [1.0, 2.0]})
    pq.write_table(table, tmp_path / "t.parquet")
    assert named(problems(company('[tables.transactions]\nfile = "t.parquet"\n'))).startswith(str(odd))


def test_only_impossible_dates(company):
    [found] = problems(company(CSV, t__csv="account_id,date,revenue\n1,-infinity,10\n2,9999-12-31,10\n"))
    assert found.rows == 2


@pytest.mark.parametrize("stand_in", ["1900-01-01", "1970-01-01"])
def test_a_stand_in_for_no_date_is_an_error_where_nothing_lies_near(company, stand_in):
    [found] = problems(company(CSV, t__csv=LINES.format(stand_in)))
    assert (found.column, found.rows) == ("date", 1)
    assert f"got {stand_in}, which stands for no date" in found.rule


def test_the_same_day_among_others_is_a_day(company):
    text = LINES.format("1970-01-01").replace("2025-01-10", "1970-06-30")
    assert not problems(company(CSV, t__csv=text))


DATES = {name: [each for each in table.columns if each.kind in ("date", "month")] for name, table in TABLES.items()}
SMALL = {name: table for name, table in TABLES.items() if name != "transactions" and DATES[name]}
VALUES = {"id": "1", "text": "x", "money": "1", "number": "1", "flag": "yes"}


def row(table, day):
    """A row of a small table in which every date is this one."""
    cells = {}
    for column in table.columns:
        if column.kind in ("date", "month"):
            cells[column.name] = day
        elif column.required:
            cells[column.name] = column.choices[0] if column.choices else VALUES[column.kind]
    return ",".join(cells) + "\n" + ",".join(f'"{each}"' for each in cells.values()) + "\n"


@pytest.mark.parametrize("odd", ["infinity", "0044-03-15 (BC)", "0001-01-01", "9999-12-31", "2201-01-01", "1900-01-01"])
def test_every_date_of_every_table_is_counted_said_or_refused(company, odd):
    settings = CSV + "".join(f'[tables.{name}]\nfile = "{name}.csv"\n' for name in SMALL)
    path = company(settings, t__csv=LINES.format("2025-03-01"), **{f"{n}__csv": row(t, odd) for n, t in SMALL.items()})
    found = inspect(load_settings(path), date(2026, 1, 1), tuple(TABLES))
    said = {(each.table, each.column): (each.severity, each.rows) for each in found.problems}
    for name in SMALL:
        for column in DATES[name]:
            [kept] = found.tables[name][column.name]
            counted = "none" if pd.isna(kept) else str(kept)[:10]
            told_of = said.get((f"{name}.csv", column.name), counted)
            assert told_of == outcome(column, odd), column
            assert told_of != ("warning", 1) or counted == "none", column


def outcome(column, odd):
    """What becomes of an odd date: it counts, is read as none with a warning, or is an error."""
    if column.open_end and odd in ("infinity", "2201-01-01", "9999-12-31"):
        return "9999-12-31" if column.required else "none"
    return ("error" if column.required or odd == "2201-01-01" else "warning", 1)


def test_what_is_said_of_odd_dates_names_them():
    days = pd.Series([date.min, date.max, date(1753, 1, 1)])
    assert told(days) == "0001-01-01 or before, 1753-01-01, 9999-12-31 or after"


def test_days_that_are_plain_stay_as_they_are():
    days = pd.Series(pd.to_datetime(["1900-01-01", "1900-12-31", None, "2200-12-31"]))
    kept, wrong, none = judged(days, TABLES["accounts"]["customer_since"])
    assert kept.equals(days)
    assert not wrong.any()
    assert not none.any()


@pytest.fixture
def usual(company):
    """A company whose fiscal year does not begin in January."""
    return company(f"{CSV}[fiscal]\nyear_starts = 7\n", t__csv=LINES.format("2025-03-01"))


@pytest.fixture
def found(usual):
    return inspect(load_settings(usual), date(2026, 1, 1))


def test_an_as_of_date_beyond_the_range_is_a_sentence(usual):
    for day in (date(1, 1, 1), date(1899, 12, 31), "2201-01-01", "9999-12-31"):
        with pytest.raises(SettingsError, match=r"as_of: expected days from 1900-01-01 to 2200-12-31"):
            open_ledger(usual, as_of=day)


def test_a_period_beyond_the_range_is_a_sentence(found):
    for period in (
        "9999",
        "0000",
        "0001",
        "1899",
        "0001-01-01/9999-12-31",
        "2025-01-01/9999-12-31",
        "1/2/3",
        "/",
        "x" * 5000,
    ):
        with pytest.raises(SettingsError, match="period") as caught:
            ledger_of(found, period=period)
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize("day", [date(1900, 1, 2), date(2200, 12, 31)])
@pytest.mark.parametrize("year_starts", [1, 7])
def test_the_ends_of_the_range_give_figures(company, day, year_starts):
    text = f"account_id,date,revenue\n1,{day},10\n"
    path = company(f"as_of = {day}\n{CSV}[fiscal]\nyear_starts = {year_starts}\n", t__csv=text)
    ledger = open_ledger(path)
    assert ledger.by_account()["revenue"].tolist() == [10.0]
    assert ledger.year_to_date().last == day
    assert ledger.month_statistics() is not None
