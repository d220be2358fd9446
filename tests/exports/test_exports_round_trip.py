"""Any format that a file is written in is found again, and leads to the sum that was written."""

import csv
import io
import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.exports import Guess, inspect_export, write_settings
from kam_analysis.ledger import open_ledger

HEADERS = (("Customer no.", "Invoice date", "Net sales"), ("Kundennr.", "Rechnungsdatum", "Nettoumsatz"), ("N° client", "Date de facture", "CA HT"))  # fmt: skip
PATTERNS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y", "%Y%m%d", "%Y/%m/%d", "")
NUMBERS = ((",", "."), (".", ","), (",", " "), (".", "'"), (",", ""), (".", ""))
TITLES = ("Sales report", "Stand: 31.12.2025", "Werk 1000, alle Kunden", "")
TOTALS = ("Summe", "Zwischensumme", "Grand total", "Total général", "Subtotal", "** Ergebnis")


@dataclass(frozen=True)
class Written:
    """One table of business and the way in which it is written down."""

    rows: list[tuple[str, date, Decimal]]
    header: tuple[str, str, str]
    delimiter: str
    decimal: str
    thousands: str
    pattern: str
    negative: str
    titles: list[str]
    total: str
    encoding: str

    def amount(self, value: Decimal) -> str:
        text = f"{abs(value):,.2f}".translate({ord(","): self.thousands, ord("."): self.decimal})
        return text if value >= 0 else self.negative.format(text)

    def day(self, day: date) -> str:
        return day.strftime(self.pattern or "%Y-%m-%d")

    def text(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n")
        writer.writerows([title] for title in self.titles)
        writer.writerow(self.header)
        writer.writerows((account, self.day(day), self.amount(value)) for account, day, value in self.rows)
        if self.total:
            writer.writerow((self.total, "", self.amount(self.sum)))
        return out.getvalue()

    @property
    def sum(self) -> Decimal:
        return sum((value for _, _, value in self.rows), Decimal(0))


cents = st.integers(-10_000_000, 10_000_000).map(lambda number: Decimal(number).scaleb(-2))
ids = st.text("0123456789ABC", min_size=1, max_size=6).map(lambda text: f"K{text}") | st.from_regex(
    r"0[0-9]{3,5}", fullmatch=True
)
days = st.dates(date(2001, 1, 1), date(2024, 12, 30))
# The last row settles every format: a day above 12, a month that is no year, thousands and cents.
settling = st.just(("K1", date(2021, 10, 31), Decimal("1234567.89")))


@st.composite
def tables(draw: st.DrawFn) -> Written:
    decimal, thousands = draw(st.sampled_from(NUMBERS))
    return Written(
        rows=[*draw(st.lists(st.tuples(ids, days, cents), max_size=8)), draw(settling)],
        header=draw(st.sampled_from(HEADERS)),
        delimiter=draw(st.sampled_from(";,\t|")),
        decimal=decimal,
        thousands=thousands,
        pattern=draw(st.sampled_from(PATTERNS)),
        negative=draw(st.sampled_from(("-{}", "{}-", "({})", "{} -", "\u2212{}"))),
        titles=draw(st.lists(st.sampled_from(TITLES), max_size=3)),
        total=draw(st.sampled_from(("", *TOTALS))),
        encoding=draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))),
    )


def inspected(table: Written, folder: str) -> Guess:
    file = Path(folder) / "export.csv"
    file.write_bytes(table.text().encode(table.encoding))
    return inspect_export(file)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_the_format_is_found_again(table: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        guess = inspected(table, folder)
    source = guess.source
    assert not guess.questions
    assert source.delimiter == table.delimiter
    assert (source.decimal, source.thousands) == (table.decimal, table.thousands)
    assert source.date_format == table.pattern
    assert source.skip_rows == len(table.titles)
    assert tuple(source.columns.values()) == table.header
    assert guess.rows.data == len(table.rows)
    assert guess.rows.totals == bool(table.total)


@settings(max_examples=5, deadline=None)
@given(tables())
def test_the_sum_is_found_again(table: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(write_settings(inspected(table, folder)), period="all")
        assert Decimal(str(ledger.reconciliation().total)) == table.sum
