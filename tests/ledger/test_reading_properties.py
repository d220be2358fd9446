"""Whatever an export holds: it is read to the cent, or refused in sentences; nothing else leaves the ledger."""

import csv
import io
from collections import defaultdict
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kam_analysis.errors import KamError
from kam_analysis.exports import inspect_export
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.settings.ids import like_none, plain_id

PLAIN = "account_id,date,revenue\n007,2025-01-10,1234.56\n8,2025-02-10,-34.56\n8,2025-02-11,100\n"
SETTINGS = '[tables.transactions]\nfile = "t.csv"\n'


def few(examples):
    """A ledger is opened for each: the suite's time is everybody's."""
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=quiet)


def read(company, raw, text=SETTINGS):
    """Neither the ledger nor `kam init` may end in anything but a sentence."""
    path = company(text)
    file = path.with_name("t.csv")
    file.write_bytes(raw)
    with suppress(KamError):
        open_ledger(path)
    with suppress(KamError):
        inspect_export(file)


@few(15)
@given(raw=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(company, raw):
    read(company, raw)


SIGNS = ['"', "'", ",", ";", "\n", "\r", "\t", "\0", "\ufeff", "é", "9" * 60, "1e999", "-", "infinity", "NaN", "\u202e", '""', "x" * 5000, "\x1a"]  # fmt: skip
OPTIONS = ["", 'decimal = ","', 'thousands = ","', 'date_format = "%d.%m.%Y"', "skip_rows = 1", 'total_rows = ["x"]', 'delimiter = ";"', 'encoding = "utf-16"', 'encoding = "cp1252"']  # fmt: skip


@few(25)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(PLAIN)), st.sampled_from(SIGNS), st.integers(0, 3)), max_size=4),
    option=st.sampled_from(OPTIONS),
)
def test_an_export_changed_anywhere_is_read_or_refused(company, changes, option):
    text = PLAIN
    for at, sign, instead_of in changes:
        text = text[:at] + sign + text[at + instead_of :]
    read(company, text.encode(), SETTINGS + option)


_ID = st.text(st.sampled_from("aZ09 .-_/#\"';|,ßéŁ日\u00a0"), min_size=1, max_size=8).filter(
    lambda text: plain_id(text) and not like_none(text)
)
_ROW = st.tuples(
    _ID, st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(-(10**10), 10**10).map(lambda x: Decimal(x) / 100)
)
_LINES = st.lists(_ROW, min_size=1, max_size=12)


def totals(rows):
    found = defaultdict(Decimal)
    for account, _, amount in rows:
        found[plain_id(account)] += amount
    return {account: float(total) for account, total in found.items()}


def read_totals(path):
    frame = open_ledger(path, period="all").by_account()
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


ANCHOR = ("ANCHOR", date(2024, 2, 29), Decimal("10.01"))  # somebody must have bought


@st.composite
def ways(draw):
    """A way in which companies write a CSV: delimiter, decimal sign, thousands mark, date format, encoding."""
    decimal = draw(st.sampled_from(".,"))
    thousands = draw(st.sampled_from(["", " ", "'", "." if decimal == "," else ","]))
    return (
        draw(st.sampled_from(",;\t|")), decimal, thousands, draw(st.sampled_from(["", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d"])),
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
    )  # fmt: skip


@few(15)
@given(rows=_LINES, way=ways(), end=st.sampled_from(["\n", "\r\n"]))
def test_a_csv_written_in_any_way_reads_back_to_the_cent(company, rows, way, end):
    delimiter, decimal, thousands, date_format, encoding = way
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(["account_id", "date", "revenue"])
    for account, day, amount in [ANCHOR, *rows]:
        grouped = f"{amount:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)
        writer.writerow([account, day.strftime(date_format) if date_format else day.isoformat(), grouped])
    mark = {"\t": "\\t"}.get(delimiter, delimiter)
    text = f'as_of = 2100-01-01\n{SETTINGS}delimiter = "{mark}"\ndecimal = "{decimal}"\nthousands = "{thousands}"\nencoding = "{encoding}"\n'
    text += f'date_format = "{date_format}"\n' if date_format else ""
    path = company(text)
    path.with_name("t.csv").write_bytes(out.getvalue().encode(encoding))
    assert read_totals(path) == totals([ANCHOR, *rows])


@few(10)
@given(rows=_LINES, amounts=st.sampled_from([pa.decimal128(18, 2), pa.float64()]), days=st.sampled_from([pa.date32(), pa.timestamp("us")]))  # fmt: skip
def test_a_parquet_file_reads_back_to_the_cent(company, rows, amounts, days):
    accounts, dates, revenue = zip(*[ANCHOR, *rows], strict=True)
    path = company('as_of = 2100-01-01\n[tables.transactions]\nfile = "t.parquet"\n')
    values = pa.array(revenue, pa.decimal128(18, 2)).cast(amounts)
    columns = {"account_id": accounts, "date": pa.array(dates, pa.date32()).cast(days), "revenue": values}
    pq.write_table(pa.table(columns), path.with_name("t.parquet"))
    assert read_totals(path) == totals([ANCHOR, *rows])
