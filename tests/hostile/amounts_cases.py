"""Amounts beyond all numbers, written in every way, and sums that vanish."""

from hostile_case import HEADER, SALES, TOP, Case, files, refused, right, rows, sales

GERMAN = 'decimal = ","\nthousands = "."'
COMMAS = 'thousands = ","'
CURRENCIES = "account_id,date,revenue,currency\n"
EUR = TOP + 'currency = "EUR"\n'


def amount(name: str, text: str, *expect: object, keys: str = "") -> Case:
    """Aldwick's 300 and this amount of Bexhill's."""
    return Case(name, rows(f'Aldwick,2025-01-31,300\nBexhill,2025-02-28,"{text}"\n', keys=keys), expect)  # type: ignore[arg-type]


def read_as(name: str, text: str, value: float, keys: str = "") -> Case:
    """An amount that may be read in one way only, or refused."""
    return amount(
        name, text, right(300 + value, Aldwick=300, Bexhill=value), refused(1, "expected a number"), keys=keys
    )


def refused_all(name: str, *texts: str, keys: str = "") -> Case:
    """Each of these amounts is refused, and counted."""
    text = "".join(f'Aldwick,2025-01-31,"{each}"\n' for each in texts)
    return Case(
        name,
        rows("Bexhill,2025-02-28,200\n" + text, keys=keys),
        refused(1, "revenue", "expected a number", f"{len(texts)} rows"),
    )


def many(text: str, times: int) -> object:
    """The same amount in many rows of one customer."""
    return rows(f"Aldwick,2025-01-31,{text}\n" * times)


BAD = refused(1, "revenue", "expected a number")
CODES = [
    f"{a}{b}{c}"
    for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
]
CASES = (
    amount("an amount of 1e308", "1e308", refused(1, "revenue")),
    amount("an amount of 1e309", "1e309", refused(1, "revenue")),
    amount("an amount of 40 digits", "9" * 40, refused(1, "revenue")),
    amount("an amount of 32 digits", "9" * 32, refused(1, "revenue"), right(1e32)),
    amount("an amount of 10,000 digits", "9" * 10_000, refused(1, "revenue")),
    Case("a sum beyond 38 digits", many("9" * 32, 20), refused(1, "revenue")),
    Case("a sum of the largest amounts", many("9" * 30, 300), (refused(1, "revenue"), right(3e32))),
    amount("an amount of minus nothing", "-0.00", right(300, Aldwick=300, Bexhill=0)),
    amount("an amount of nothing", "0", right(300, Aldwick=300, Bexhill=0)),
    amount("an empty amount", "", right(300, "empty", Aldwick=300, Bexhill=0)),
    amount("an amount called NaN", "NaN", BAD, right(300, "empty", Aldwick=300, Bexhill=0)),
    amount("an amount called null", "null", BAD, right(300, "empty", Aldwick=300, Bexhill=0)),
    amount("an amount of a dash", "-", right(300, Aldwick=300, Bexhill=0)),
    refused_all("amounts that are words", "inf", "n/a", "#DIV/0!", "=1+1", "two hundred", "true"),
    refused_all("amounts of no shape", "0x10", "1.2.3", "--5", "5%", "1/2", "1 2 3 x", "1-2", "."),
    refused_all("marks where no thousands are named", "1.234,56", "1,23,456", "1,234"),
    refused_all("thousands marks in odd places", "1.234,56", "1234,", ",234", "1,,234", keys=COMMAS),
    refused_all("thousands marks of another language", "1,234.56", "12.5", "1.23", keys=GERMAN),
    amount("thousands of two digits where marks are named", "1,23,456", BAD, right(123756, Aldwick=300, Bexhill=123456), keys=COMMAS),
    read_as("a German amount", "1.234,56", 1234.56, GERMAN),
    read_as("a Swiss amount", "1'234.50", 1234.5),
    read_as("a French amount", "1\u202f234,50", 1234.5, 'decimal = ","'),
    read_as("an amount in brackets", "(100.00)", -100),
    read_as("an amount with its minus behind", "100-", -100),
    read_as("an amount with a dollar sign", "$1234.5", 1234.5),
    read_as("an amount with its currency behind", "100 EUR", 100),
    read_as("an amount in the notation of scientists", "1e3", 1000),
    read_as("an amount in full-width digits", "１２３", 123),
    read_as("an amount with a mark of direction", "\u200e100", 100),
    read_as("an amount with a credit mark", "100 CR", -100),
    read_as("an amount of thousands in short", "1.5K", 1500),
    Case("amounts in brackets that are no numbers", rows("Aldwick,2025-01-31,300\nBexhill,2025-02-28,()\n"), (BAD, right(300, "empty", Aldwick=300, Bexhill=0))),
    Case("a thousand thirds of a cent", many("0.003333", 1_000), right(3.333, Aldwick=3.33)),
    Case("a hundred halves of a cent", many("0.005", 100), right(0.5, Aldwick=0.5)),
    Case("amounts of seven places", rows("Aldwick,2025-01-31,1.0000001\nBexhill,2025-01-31,2\n"), right(3, Aldwick=1, Bexhill=2)),
    Case("amounts of which floats hold half the cents", rows("Aldwick,2025-01-31,90071992547409.93\nAldwick,2025-02-28,-90071992547409.92\n"), right(0.01, Aldwick=0.01)),
    Case("amounts that cancel", rows("Aldwick,2025-01-31,1e15\nAldwick,2025-02-28,0.01\nAldwick,2025-03-31,-1e15\n"), right(0.01, Aldwick=0.01)),
    Case("a total of nothing", rows("Aldwick,2025-01-31,300\nAldwick,2025-02-28,-300\n"), refused(1, "above zero", "got 1")),
    Case("nothing but credit notes", rows("Aldwick,2025-01-31,-300\nBexhill,2025-02-28,-200\n"), refused(1, "above zero", "got 2")),
    Case("nothing but zeros", rows("Aldwick,2025-01-31,0\nBexhill,2025-02-28,0\n"), refused(1, "above zero")),
    Case("a customer with credit notes alone", rows("Aldwick,2025-01-31,300\nBexhill,2025-02-28,-200\n"), right(100, Aldwick=300, Bexhill=-200)),
    Case("a customer alone", rows("Aldwick,2025-01-31,300\n"), right(300, Aldwick=300)),
    Case("every row twice", sales(HEADER + "Aldwick,2025-01-31,300\n" * 2), right(600, "exact copies of another row", Aldwick=600)),
    Case("a cost that is a word", sales("account_id,date,revenue,cost\nAldwick,2025-01-31,300,much\n"), refused(1, "cost", "much")),
    Case("a quantity without end", sales("account_id,date,revenue,quantity\nAldwick,2025-01-31,300,inf\n"), (refused(1, "quantity"), right(300))),
    Case("two currencies without rates", files(EUR + SALES, sales__csv=CURRENCIES + "Aldwick,2025-01-31,300,EUR\nBexhill,2025-02-28,200,PLN\n"), refused(1, "PLN", "[rates]")),
    Case("two currencies and none of our own", files(TOP + SALES, sales__csv=CURRENCIES + "Aldwick,2025-01-31,300,EUR\nBexhill,2025-02-28,200,PLN\n"), refused(1, "EUR, PLN", "rates")),
    Case("a currency in small letters and blanks", files(EUR + SALES, sales__csv=CURRENCIES + "Aldwick,2025-01-31,300, eur \nBexhill,2025-02-28,200,EUR\n"), right()),
    Case("a row without a currency", files(EUR + SALES, sales__csv=CURRENCIES + "Aldwick,2025-01-31,300,EUR\nBexhill,2025-02-28,200,\n"), (right(), refused(1, "currency"))),
    Case("17,576 currencies", files(EUR + SALES, sales__csv=CURRENCIES + "".join(f"Aldwick,2025-01-31,1,{code}\n" for code in CODES)), refused(1, "[rates]")),
    Case("a currency of 10,000 letters", files(EUR + SALES, sales__csv=CURRENCIES + f"Aldwick,2025-01-31,1,{'X' * 10_000}\n"), refused(1, "[rates]")),
)  # fmt: skip
