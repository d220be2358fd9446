"""Names that are programs to a browser, a spreadsheet, a terminal or a formula; and names of no shape at all."""

from hostile_case import SALES, TOP, Case, files, right

SETTINGS = TOP + SALES + '[tables.accounts]\nfile = "accounts.csv"\n'
SOLD = "account_id,date,revenue,product_line,region\n"
# Each is the name of a customer, of the line that it buys and of the region where it does.
BROWSERS = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>", "&lt;script&gt; &amp; &#x27;",
    "\"' onmouseover=alert(1) x='", "{{7*7}} ${7*7} {% raw %} %s %(name)s {0}", "[click](javascript:alert(1)) **bold** `code` | cell |",
    "$\\href{javascript:alert(1)}{x}$", "<a href='javascript:alert(1)'>x</a>", "<svg/onload=alert(1)>", "<style>*{display:none}</style>",
)  # fmt: skip
SPREADSHEETS = (
    '=HYPERLINK("http://example.invalid","x")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
)
SCRIPTS = (
    "\u202ecilbup ssel\u202c",
    "חברה שركة",
    "\u200b\u200d\ufeff",
    "👩‍👩‍👧‍👦🚀",
    "Z" + "\u0301\u0327" * 200,
    "株式会社",
    "\ud7ff\ue000",
)
SHAPES = (
    '"',
    "\\\\server\\share\\",
    "'; drop table x; --",
    "null",
    "   ",
    "../../etc/passwd",
    "Ald\nwick\r\nMills",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "",
    ",",
)


def named(*names: str) -> object:
    """Customers of these names, each of whom buys for 100 a line of the same name in a region of the same name."""
    cells = ['"' + name.replace('"', '""') + '"' for name in names]
    sold = "".join(f"A{at},2025-01-31,100,{cell},{cell}\n" for at, cell in enumerate(cells))
    known = "".join(f"A{at},{cell}\n" for at, cell in enumerate(cells))
    return files(SETTINGS, sales__csv=SOLD + sold, accounts__csv="account_id,account_name\n" + known)


def each(name: str, *names: str) -> Case:
    """Every one of these names is text, and its customer has what it bought."""
    return Case(name, named(*names), right(100 * len(names), **{f"A{at}": 100 for at in range(len(names))}), shown=True)


CASES = (
    each("names that are programs to a browser", *BROWSERS),
    each("names that are formulas to a spreadsheet", *SPREADSHEETS),
    each("names in every script", *SCRIPTS),
    each("names of no shape", *SHAPES),
    each("a name of 100,000 letters", "N" * 100_000, "Bexhill"),
    each("two customers of one name", "Bexhill", "Bexhill"),
)
