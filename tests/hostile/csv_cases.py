"""Text files that are not what they seem, and what a spreadsheet, an editor or a gateway did to them."""

import gzip

from hostile_case import GOOD, HEADER, ROWS, SALES, TOP, Case, asked, files, only, refused, right, rows, sales
from xlsx_cases import workbook

SHEET = workbook([["account_id", "date", "revenue"], ["Aldwick", "2025-01-31", 300]])
EXPORT = "Customer,Invoice date,Net sales\nAldwick,2025-01-31,300\nBexhill,2025-02-28,200\n"
NUL, BELL = "\x00", "\x07"
WIDE = 3_000
MANY_COLUMNS = [f"Attribute {number}" for number in range(WIDE)]


def init(
    name: str,
    content: str | bytes,
    *expect: object,
    file: str = "export.csv",
    encoding: str = "utf-8",
) -> Case:
    """An export given to `kam init`."""
    return Case(name, only(file, content, encoding), expect, "init", file)  # type: ignore[arg-type]


CASES = (
    Case("an empty file", sales(""), refused(1, "sales.csv", "empty file", "export it again")),
    Case("a header and no rows", sales(HEADER), refused(1, "got none below the header")),
    Case("one row", rows("Aldwick,2025-01-31,300\n"), right(300, Aldwick=300)),
    Case("one column", sales("revenue\n300\n200\n"), refused(1, "account_id")),
    Case("nothing but line breaks", sales("\n\n\n\n"), refused(1)),
    Case("nothing but commas", sales(",,\n,,\n"), refused(1)),
    Case("a header of blanks", sales(" , , \nAldwick,2025-01-31,300\n"), refused(1, "account_id")),
    Case("a header twice", sales(GOOD + GOOD), refused(1, "date")),
    Case("two columns of one name", sales("account_id,date,revenue,revenue\nAldwick,2025-01-31,300,1\n"), (right(300, Aldwick=300), refused(1, "revenue"))),
    Case("a header in other letters", sales("Account ID,DATE,Revenue\n" + ROWS), right()),
    Case("a header with blanks around", sales(" account_id , date , revenue \n" + ROWS), right()),
    Case("a header in quotation marks", sales('"account_id","date","revenue"\n' + ROWS), right()),
    Case("a header with a line break", sales('account_id,date,"net\nsales"\n' + ROWS, keys='columns = { revenue = "net\\nsales" }'), right()),
    Case("no line break at the end", sales(GOOD.rstrip()), right()),
    Case("blank lines between", rows(ROWS.replace("\n", "\n\n")), right()),
    Case("lines of blanks between", rows("   \n" + ROWS + "\t\n"), (right(), refused(1, "line"), refused(1, "date"))),
    Case("a byte order mark", sales("\ufeff" + GOOD), right()),
    Case("a byte order mark in the middle", rows("Aldwick,2025-01-31,100\n\ufeffAldwick,2025-01-31,200\nBexhill,2025-02-28,200\n"), right()),
    Case("a quotation mark is never closed", rows('Aldwick,2025-01-31,100\n"Aldwick,2025-01-31,200\nBexhill,2025-02-28,200\n'), refused(1)),
    Case("a quotation mark in the last row is never closed", rows(ROWS + '"Corran,2025-03-31,5\n'), refused(1)),
    Case("a quotation mark within a name", rows('Aldwick "the" Mill,2025-01-31,300\n'), (right(300, **{'Aldwick "the" Mill': 300}), refused(1))),
    Case("quotation marks escaped by backslashes", rows('"Aldwick \\"the\\" Mill",2025-01-31,300\n'), (refused(1), right(300))),
    Case("line breaks within quotation marks", rows('"Ald\nwick",2025-01-31,300\n'), right(300, **{"Ald\nwick": 300})),
    Case("line ends of Windows", sales(GOOD.replace("\n", "\r\n")), right()),
    Case("line ends of an old Macintosh", sales(GOOD.replace("\n", "\r")), (right(), refused(1))),
    Case("line ends of two systems", rows("Aldwick,2025-01-31,300\r\nBexhill,2025-02-28,150\nBexhill,2025-02-28,50\r\n"), right()),
    Case("line ends of three systems", rows("Aldwick,2025-01-31,300\r\nBexhill,2025-02-28,150\rBexhill,2025-02-28,50\n"), (right(), refused(1))),
    Case("a row with a cell too few", rows(ROWS + "Corran,2025-03-31\n"), (refused(1, "line 4"), right(500, "empty", Aldwick=300, Bexhill=200, Corran=0))),
    Case("a row with a cell too many", rows(ROWS + "Corran,2025-03-31,1,5\n"), refused(1, "line 4")),
    Case("a comma at the end of each row", sales(GOOD.replace("\n", ",\n")), right()),
    Case("amounts with the delimiter in them", rows("Aldwick,2025-01-31,1,300\n"), refused(1, "line 2")),
    Case("semicolons", sales(GOOD.replace(",", ";")), right()),
    Case("tabs in a file called .csv", sales(GOOD.replace(",", "\t")), right()),
    Case("vertical bars", sales(GOOD.replace(",", "|")), right()),
    Case("another delimiter than named", sales(GOOD, keys='delimiter = ";"'), refused(1, "account_id")),
    Case("a line that names the delimiter", sales("sep=,\n" + GOOD), (right(), refused(1))),
    Case("a title above the header", sales("Sales 2025\n\n" + GOOD), (right(), refused(1))),
    Case("a comment above the header", sales("# exported by the warehouse\n" + GOOD), (right(), refused(1))),
    Case("NUL bytes", rows(f"Ald{NUL}wick,2025-01-31,300\n"), (right(300), refused(1))),
    Case("nothing but NUL bytes", sales(NUL * 5_000), refused(1)),
    Case("a bell and an escape in an id", rows(f"A{BELL}\x1b[31m,2025-01-31,300\nA{BELL}\x1b[31m,soon,300\n"), refused(1, "soon")),
    Case("a sign that ends files in DOS", rows(ROWS + "\x1a"), (right(), refused(1))),
    Case("UTF-16 where none is named", sales(GOOD, encoding="utf-16"), (refused(1, "encoding"), right())),
    Case("UTF-16 with its mark", sales(GOOD, 'encoding = "utf-16"', encoding="utf-16"), right()),
    Case("UTF-16 without its mark", sales(GOOD, 'encoding = "utf-16-le"', encoding="utf-16-le"), right()),
    Case("UTF-16 cut in the middle of a letter", sales(GOOD.encode("utf-16")[:-1], 'encoding = "utf-16"'), refused(1, "utf-16")),
    Case("Windows text where UTF-8 is read", rows("Müller,2025-01-31,300\n", encoding="cp1252"), (refused(1, 'encoding = "cp1252"'), right(300, Müller=300))),
    Case("UTF-8 where ASCII is named", rows("Müller,2025-01-31,300\n", keys='encoding = "ascii"'), (right(300, Müller=300), refused(1, "ascii"))),
    Case("UTF-8 where Windows text is named", rows("Müller,2025-01-31,300\n", keys='encoding = "cp1252"'), right(300)),
    Case("one byte of another encoding in a thousand rows", sales((HEADER + ROWS * 500).encode() + b"M\xfcller,2025-01-31,1\n"), right(250_001, "cp1252", Aldwick=150_000, Bexhill=100_000, Müller=1)),
    Case("text of an East European Windows", rows("Łódź,2025-01-31,300\n", keys='encoding = "cp1250"', encoding="cp1250"), right(300, Łódź=300)),
    Case("a cell of ten megabytes", rows(ROWS + "C" * 10_000_000 + ",2025-03-31,5\n"), (refused(1), right(505))),
    Case("3,000 columns", sales(",".join(["account_id,date,revenue", *MANY_COLUMNS]) + "\nAldwick,2025-01-31,300" + ",x" * WIDE + "\n"), right(300, Aldwick=300)),
    Case("a workbook called .csv", sales(SHEET), refused(1)),
    Case("a compressed file called .csv", sales(gzip.compress(GOOD.encode())), (refused(1), right())),
    Case("a page called .csv", sales("<!DOCTYPE html>\n<html><body>Please log in</body></html>\n"), refused(1, "account_id")),
    Case("JSON called .csv", sales('{"account_id": "Aldwick", "date": "2025-01-31", "revenue": 300}\n'), refused(1, "account_id")),
    Case("a PDF called .csv", sales(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), refused(1)),
    Case("a picture called .csv", sales(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20), refused(1)),
    Case("files whose columns stand in another order", files(TOP + SALES.replace("sales.csv", "s*.csv"), s1__csv=HEADER + "Aldwick,2025-01-31,300\n", s2__csv="date,revenue,account_id\n2025-02-28,200,Bexhill\n"), right()),
    Case("a file of many lacks a column", files(TOP + SALES.replace("sales.csv", "s*.csv"), s1__csv=GOOD, s2__csv="account_id,date\nAldwick,2025-02-28\n"), (refused(1), right(500, "empty", Aldwick=300, Bexhill=200))),
    Case("a file of many is empty", files(TOP + SALES.replace("sales.csv", "s*.csv"), s1__csv=GOOD, s2__csv=""), refused(1, "s2.csv", "empty file")),
    Case("a file of many has a header alone", files(TOP + SALES.replace("sales.csv", "s*.csv"), s1__csv=GOOD, s2__csv=HEADER), right()),
    Case("a file of many is cut by another sign", files(TOP + SALES.replace("sales.csv", "s*.csv"), s1__csv=GOOD, s2__csv=GOOD.replace(",", ";")), (refused(1), right(1000, Aldwick=600, Bexhill=400))),
    init("init: an empty file", "", refused(1, "empty file")),
    init("init: a header and no rows", "Customer,Invoice date,Net sales\n", refused(1, "none below the header")),
    init("init: one column", "Net sales\n300\n", refused(1)),
    init("init: a clean export", EXPORT, right()),
    init("init: UTF-16 without its mark", EXPORT, right(), encoding="utf-16-le"),
    init("init: UTF-16 with its mark", EXPORT, right(), encoding="utf-16"),
    init("init: the day or the month first", EXPORT.replace("2025-01-31", "03/04/2025").replace("2025-02-28", "05/06/2025"), asked("day or month first?")),
    init("init: a quotation mark is never closed", EXPORT + '"Corran,2025-03-31,5\n' + ROWS * 3, refused(1, "never")),
    init("init: a cell of ten megabytes", EXPORT + "C" * 10_000_000 + ",2025-03-31,5\n", refused(1), right(505)),
    init("init: 3,000 columns", ",".join(["Customer,Invoice date,Net sales", *MANY_COLUMNS]) + "\nAldwick,2025-01-31,300" + ",x" * WIDE + "\n", right(300, Aldwick=300)),
    init("init: a workbook called .csv", SHEET, refused(1, "zip or Excel")),
    init("init: an ending that nobody knows", EXPORT, refused(2, "expected .csv"), file="export.doc"),
    init("init: NUL bytes", EXPORT.replace("Bexhill", f"Bex{NUL}hill"), refused(1), right(500)),
    init("init: amounts with both marks in both ways", EXPORT.replace(",300", ',"1.234,50"').replace(",200", ',"1,234.50"'), refused(1), asked()),
    init("init: no column is known", "a,b,c\n1,2,3\n", refused(2), refused(1)),
    init("init: a title, totals and notes", "Sales list\n\n" + EXPORT + "Total,,500\nEnd of list,,\n", right()),
    init("init: a blank column between", EXPORT.replace(",", ",,"), right()),
    init("init: nothing but totals", "Customer,Invoice date,Net sales\nTotal,,500\n", refused(1)),
    init("init: ids with a tab behind", EXPORT + " Aldwick\t,2025-03-31,5\n", right(505, Aldwick=305, Bexhill=200)),
    Case("report: the day or the month first", only("export.csv", EXPORT.replace("2025-01-31", "03/04/2025").replace("2025-02-28", "05/06/2025")), refused(1, "day or month first?", "kam init export.csv"), "report", "export.csv"),
)  # fmt: skip
