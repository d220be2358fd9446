"""Reports as people print them are read to the right total of each customer, and what is laid out is said first."""

import csv
import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.exports import Guess, inspect_export, write_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.reading.layouts import Told, tidied
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.settings_file import load_settings

GROUPED = """Customer,Date,Type,No,Amount
Aldwick Mills,,,,
,2025-01-14,Invoice,1001,200.00
,2025-02-20,Invoice,1003,100.00
Total Aldwick Mills,,,,300.00
Bexhill Foundry,,,,
,2025-02-28,Invoice,1002,400.00
,2025-03-05,Credit note,1004,-200.00
"""
# As an accounting program prints it: no name over the headings, nested customers, totals for all.
NESTED = """Sales by customer;;;
;Datum;Beleg;Betrag
Nord;;;
Aldwick Mills;;;
;14.01.2025;1001;200,00
;20.02.2025;1003;100,00
Summe Aldwick Mills;;;300,00
Summe Nord;;;300,00
Bexhill Foundry;;;
;28.02.2025;1002;1.400,00
;05.03.2025;1004;1.200,00-
Summe Bexhill Foundry;;;200,00
Summe;;;500,00
"""
WIDE = """Customer,Jan 2025,Feb 2025,Mar 2025,Total
Aldwick Mills,100,200,300,600
Bexhill Foundry,50,0,150,200
Total,150,200,450,800
"""
WIDE_GERMAN = """Kunde;Region;2025-01;2025-02;2025-03
Total Energies;Nord;1.234,50;;100,00
Aldwick;Süd;-;200,00;300,00
Gesamt;;1.234,50;200,00;400,00
"""
ABOVE = """Order,Customer,Order date,Product,Net amount
SO1,Aldwick Mills,2025-01-14,Pump,1000.00
,,,Seal,250.00
SO2,Bexhill Foundry,2025-02-15,Pump,400.00
,,,Seal,100.00
,,,Skid,900.00
"""
ABOVE_WITH_TOTALS = """Kunde;Rechnungsdatum;Artikel;Umsatz
Aldwick;14.01.2025;Pumpe;100,00
;;Dichtung;100,00
Summe;;;200,00
Bexhill;15.02.2025;Pumpe;400,00
;;Dichtung;50,00
Summe;;;450,00
"""
YEAR_MONTH = """Customer no.,Year,Month,Net sales
C1,2024,11,100.00
C2,2024,12,300.00
C1,2025,1,150.00
C2,2025,2,250.00
"""
YEAR_MONTH_NAMED = """Kundennr.;Jahr;Monat;Tag;Umsatz
C1;2024;November;30;100,00
C2;2025;Mär;1;300,00
"""
PRICED = """OrderNumber,OrderDate,CustomerID,Quantity,UnitPrice,Discount
S1,2025-01-31,C1,5,19.90,0.1
S2,2025-02-28,C2,3,100.00,0
S3,2025-03-31,C1,2,50.00,0.05
"""
PRICED_PERCENT = """Kundennr.;Rechnungsdatum;Menge;Einzelpreis;Rabatt %
C1;31.01.2025;5;19,90;10
C2;28.02.2025;1.000;1.234,50;
C1;31.03.2025;-1;100,00;12,5
"""
SUMMED = """Customer,Invoice date,Net sales
Aldwick,2025-01-14,100.00
Aldwick,2025-01-15,250.00
Aldwick,,350.00
Bexhill,2025-02-15,400.00
Bexhill,2025-02-16,50.00
Bexhill,,450.00
"""


def seen(folder: Path, text: str, name: str = "export.csv") -> Guess:
    (folder / name).write_text(text, encoding="utf-8")
    return inspect_export(folder / name)


def sums(settings_file: Path) -> dict[str, float]:
    frame = open_ledger(settings_file, period="all").by_account()
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


CASES = {
    "grouped": (GROUPED, {"Aldwick Mills": 300.0, "Bexhill Foundry": 200.0}, 'rows in which only "Aldwick Mills" or the like stands are headings'),
    "nested groups": (NESTED, {"Aldwick Mills": 300.0, "Bexhill Foundry": 200.0}, 'rows in which only "Nord" or the like'),
    "months across": (WIDE, {"Aldwick Mills": 600.0, "Bexhill Foundry": 200.0}, '3 columns "Jan 2025" to "Mar 2025" are read as rows'),
    "months across in German": (WIDE_GERMAN, {"Total Energies": 1334.5, "Aldwick": 500.0}, '3 columns "2025-01" to "2025-03"'),
    "as above": (ABOVE, {"Aldwick Mills": 1250.0, "Bexhill Foundry": 1400.0}, 'empty cells of "Order", "Customer", "Order date" mean the same as above, in 3 rows'),
    "as above with totals": (ABOVE_WITH_TOTALS, {"Aldwick": 200.0, "Bexhill": 450.0}, 'empty cells of "Kunde", "Rechnungsdatum" mean the same as above, in 2 rows'),
    "year and month": (YEAR_MONTH, {"C1": 250.0, "C2": 550.0}, 'the date is "Year" and "Month", on the month\'s last day'),
    "year, month and day": (YEAR_MONTH_NAMED, {"C1": 100.0, "C2": 300.0}, 'the date is "Jahr" and "Monat" and "Tag"'),
    "quantity and price": (PRICED, {"C1": 184.55, "C2": 300.0}, 'revenue is "Quantity" times "UnitPrice" less "Discount" as a fraction'),
    "quantity and price in German": (PRICED_PERCENT, {"C1": 2.05, "C2": 1234500.0}, 'revenue is "Menge" times "Einzelpreis" less "Rabatt %" in per cent'),
    "sums without a word in German": (SUMMED.replace(",", ";").replace(".", ","), {"Aldwick": 350.0, "Bexhill": 450.0}, "2 rows without a date with the sum"),
    "sums without a word": (SUMMED, {"Aldwick": 350.0, "Bexhill": 450.0}, "2 rows without a date with the sum of the rows above: totals, left out"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_layout_is_found_said_and_read(tmp_path: Path, case: str) -> None:
    text, expected, said = CASES[case]
    guess = seen(tmp_path, text)
    assert not guess.questions
    assert any(each.startswith(said) for each in guess.said), guess.said
    assert sums(write_settings(guess)) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_same_in_a_workbook_with_typed_cells(tmp_path: Path, case: str) -> None:
    text, expected, _ = CASES[case]
    book = openpyxl.Workbook()
    for row in csv.reader(text.splitlines(), delimiter=";" if ";" in text else ","):
        book.active.append([typed(cell, ";" in text) for cell in row])
    book.save(tmp_path / "export.xlsx")
    assert sums(write_settings(inspect_export(tmp_path / "export.xlsx"))) == expected


def typed(cell: str, german: bool) -> object:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(cell, pattern)
        except ValueError:
            continue
    plain = cell.replace(".", "").replace(",", ".") if german else cell
    if plain.endswith("-") and len(plain) > 1:
        plain = "-" + plain[:-1]
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return cell or None


def test_a_total_that_does_not_match_its_lines_is_told(tmp_path: Path) -> None:
    path = write_settings(seen(tmp_path, GROUPED.replace(",300.00", ",350.00")))
    [warning] = open_ledger(path, period="all").warnings
    assert '"Total Aldwick Mills" says 350.00, its lines add up to 300.00' in str(warning)
    (tmp_path / "kam.toml").unlink()
    path = write_settings(seen(tmp_path, WIDE.replace("Total,150", "Total,160")))
    [warning] = open_ledger(path, period="all").warnings
    assert '"Total" says 160.00, its lines add up to 150.00' in str(warning)


def test_totals_are_counted_as_left_out(tmp_path: Path) -> None:
    assert open_ledger(write_settings(seen(tmp_path, NESTED)), period="all").overview.total_rows_left_out == 4


def test_a_customer_whose_name_begins_with_total_stays(tmp_path: Path) -> None:
    text = WIDE.replace("Aldwick Mills", "Total Energies")
    assert sums(write_settings(seen(tmp_path, text)))["Total Energies"] == 600.0


def test_sales_without_a_customer_or_cells_as_above_are_asked(tmp_path: Path) -> None:
    text = "Customer,Date,Product,Amount\nAldwick,2025-01-14,Pump,100.00\n,2025-01-15,Seal,50.00\nBexhill,2025-01-16,Pump,10.00\n"
    guess = seen(tmp_path, text)
    assert guess.questions[0].text == 'what do empty cells of "Customer" mean, in 1 row?'
    assert 'fill_down = ["Customer"]' in guess.questions[0].alternatives[0].lines
    assert "account_id" not in guess.source.columns


def test_a_discount_that_could_be_money_is_asked(tmp_path: Path) -> None:
    guess = seen(tmp_path, PRICED.replace(",0.1\n", ",10\n").replace(",0.05\n", ",5\n"))
    assert guess.questions[0].text == 'is "Discount" per cent or money?'
    assert 'discount_unit = "amount"' in guess.questions[0].alternatives[1].lines


def test_parts_that_are_no_number_are_an_error_with_their_cells(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Customer,Date,Qty,Price,Year\nA,2025-01-31,5,soon,2025\nB,2025-01-31,,,2025\n")
    path = tmp_path / "kam.toml"
    path.write_text(
        '[tables.transactions]\nfile = "t.csv"\ncolumns = { account_id = "Customer" }\nrevenue_from = { quantity = "Qty", price = "Price" }\n'
    )
    with pytest.raises(DataError, match=r"expected a number, got something else in 1 row \(5 x soon\)"):
        open_ledger(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('date_parts = { month = "M" }', "date_parts.year: is missing"),
        ('date_parts = { year = "Y", week = "W" }', "date_parts.week: expected one of year, quarter, month, day"),
        ('revenue_from = { quantity = "Q" }', "revenue_from.price: is missing"),
        ('revenue_from = { quantity = "Q", price = 5 }', "revenue_from.price: expected the name of your column"),
        ('revenue_from = { quantity = "Q", price = "P", discount = "D" }', "discount_unit: is missing"),
        ('discount_unit = "share"', 'expected one of percent, fraction, amount, got "share"'),
        ('columns_across = { "Jan" = "2025" }', "columns_across.Jan: expected a date"),
        ('grain = "week"', "grain: expected one of day, month, quarter, year"),
        ('fill_dwn = ["A"]', 'did you mean "fill_down"?'),
    ],
)  # fmt: skip
def test_layout_settings_that_cannot_be_meant(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "kam.toml").write_text(f'[tables.transactions]\nfile = "t.csv"\n{line}\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "kam.toml")
    assert said in str(caught.value)


def test_a_query_has_no_layout(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text('[tables.transactions]\nquery = "select 1"\nfill_down = ["A"]\n')
    with pytest.raises(SettingsError, match="layouts are those of files"):
        load_settings(tmp_path / "kam.toml")


def test_the_file_is_only_read(tmp_path: Path) -> None:
    guess = seen(tmp_path, GROUPED)
    open_ledger(write_settings(guess), period="all")
    assert (tmp_path / "export.csv").read_text() == GROUPED


cents = st.integers(-100_000, 100_000).filter(bool).map(lambda number: Decimal(number).scaleb(-2))
names = st.sampled_from(["Aldwick Mills", "Bexhill", "Total Energies", "Corran & Söhne", "007"])
lines = st.lists(st.tuples(names, st.integers(1, 12), cents), min_size=2, max_size=12)


def written(layout: str, rows: list[tuple[str, int, Decimal]]) -> tuple[list[list[object]], TableSource]:
    """The same sales, laid out in one of the ways."""
    by_name = sorted(rows, key=lambda row: row[0])
    day = {month: f"2025-{month:02}-15" for month in range(1, 13)}
    plain = {"columns": {"account_id": "Customer", "date": "Date", "revenue": "Amount"}, "total_rows": ("Total",)}
    table: list[list[object]] = [["Customer", "Date", "Product", "Amount"]]
    if layout == "headings":
        for name in dict.fromkeys(row[0] for row in by_name):
            mine = [row for row in by_name if row[0] == name]
            table += [[name, "", "", ""], *[["", day[month], "Pump", str(value)] for _, month, value in mine]]
            table += [[f"Total {name}", "", "", str(sum(value for *_, value in mine))]]
        return table, TableSource("transactions", heading_rows="Customer", **plain)
    if layout == "as above":
        above = ""
        for name, month, value in by_name:
            table.append(["" if name == above else name, day[month], "Pump", str(value)])
            above = name
        return [*table, ["Total", "", "", str(sum(value for *_, value in rows))]], TableSource(
            "transactions", fill_down=("Customer",), **plain
        )
    across = {f"M{month}": dt.date(2025, month, 15) for month in range(1, 13)}
    cells = {(name, month): sum(v for n, m, v in rows if (n, m) == (name, month)) for name, month, _ in rows}
    table = [["Customer", *across]]
    table += [
        [name, *(str(cells.get((name, month), "")) for month in range(1, 13))]
        for name in dict.fromkeys(row[0] for row in rows)
    ]
    table.append(["Total", *(str(sum(v for _, m, v in rows if m == month)) for month in range(1, 13))])
    return table, TableSource(
        "transactions", columns_across=across, columns={"date": "Date", "revenue": "Amount"}, total_rows=("Total",)
    )


@settings(max_examples=60, deadline=None)
@given(lines, st.sampled_from(["headings", "as above", "across"]))
def test_every_layout_gives_each_customer_the_same_total(rows: list[tuple[str, int, Decimal]], layout: str) -> None:
    table, source = written(layout, rows)
    told = Told()
    header, *found = tidied(table, source, told)
    at, money = header.index("Customer"), header.index("Amount")
    totals: dict[object, Decimal] = {}
    for row in found:
        totals[row[at]] = totals.get(row[at], Decimal(0)) + Decimal(str(row[money]))
    expected: dict[object, Decimal] = {}
    for name, _, value in rows:
        expected[name] = expected.get(name, Decimal(0)) + value
    assert {name: total for name, total in totals.items() if total} == {
        name: total for name, total in expected.items() if total
    }
    assert not told.problems


@settings(max_examples=4, deadline=None)
@given(lines, st.sampled_from(["headings", "as above", "across"]))
def test_the_engine_reads_what_tidying_gives(rows: list[tuple[str, int, Decimal]], layout: str) -> None:
    table, _ = written(layout, [*rows, ("Zenith", 1, Decimal(1)), ("Zenith", 2, Decimal(2))])
    wanted = {
        "headings": 'heading_rows = "Customer"', "as above": 'fill_down = ["Customer"]',
        "across": f"columns_across = {{ {', '.join(f'M{month} = 2025-{month:02}-15' for month in range(1, 13))} }}",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "t.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(table)
        path = Path(folder) / "kam.toml"
        path.write_text(
            f'[tables.transactions]\nfile = "t.csv"\ntotal_rows = ["Total"]\n{wanted[layout]}\ncolumns = {{ account_id = "Customer", date = "Date", revenue = "Amount" }}\n'
        )
        total = open_ledger(path, period="all").reconciliation().total
    assert Decimal(str(total)) == sum((value for *_, value in rows), Decimal(3))
