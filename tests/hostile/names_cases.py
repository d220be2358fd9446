"""Names that are programs to a browser, a spreadsheet, a terminal or a formula; and names of no shape at all."""

from hostile_case import SALES, TOP, Case, files, right

SETTINGS = TOP + SALES + '[tables.accounts]\nfile = "accounts.csv"\n'
SOLD = "account_id,date,revenue,product_line,region\nA1,2025-01-31,300,{0},{0}\nA2,2025-02-28,200,Pumps,North\n"
# Each is the name of a customer, a product line and a region, in quotation marks.
HOSTILE = {
    "a name that runs a script": "<script>alert(1)</script>",
    "a name that ends a script": "</script><img src=x onerror=alert(1)>",
    "a name that is a picture": "<img src=x onerror=alert(1)>",
    "a name that is an entity": "&lt;script&gt; &amp; &#x27;",
    "a name that leaves an attribute": "\"' onmouseover=alert(1) x='",
    "a name that is a template": "{{7*7}} ${7*7} {% raw %} %s %(name)s {0}",
    "a name that is Markdown": "[click](javascript:alert(1)) **bold** `code` | cell |",
    "a name that is LaTeX": "$\\href{javascript:alert(1)}{x}$",
    "a name that is a link": "<a href='javascript:alert(1)'>x</a>",
    "a name that is a formula": '=HYPERLINK("http://example.invalid","x")',
    "a name that begins with a plus": "+cmd|' /C calc'!A0",
    "a name that begins with a minus": "-2+3+cmd|' /C calc'!A0",
    "a name that begins with an at sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a name that begins with a tab": "\t=1+1",
    "a name that runs from right to left": "\u202ecilbup ssel\u202c",
    "a name in Hebrew and Arabic": "חברה شركة",
    "a name of no width": "\u200b\u200d\ufeff",
    "a name of smileys": "👩‍👩‍👧‍👦🚀",
    "a name of letters upon letters": "Z" + "\u0301\u0327" * 200,
    "a name of 100,000 letters": "N" * 100_000,
    "a name with line breaks": "Ald\nwick\r\nMills",
    "a name that colours the terminal": "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "a name of a quotation mark": '"',
    "a name with backslashes": "\\\\server\\share\\",
    "a name that is SQL": "'; drop table x; --",
    "a name called null": "null",
    "a name of blanks": "   ",
    "a line with slashes": "../../etc/passwd",
}


def named(name: str) -> object:
    """One of two customers has this name, and buys a line of this name in a region of this name."""
    cell = '"' + name.replace('"', '""') + '"'
    return files(SETTINGS, sales__csv=SOLD.format(cell), accounts__csv=f"account_id,account_name\nA1,{cell}\nA2,Bexhill\n")


CASES = (
    *(Case(name, named(text), right(500, A1=300, A2=200), shown="<" in text) for name, text in HOSTILE.items()),
    Case("two customers of one name", files(SETTINGS, sales__csv=SOLD.format("Seals"), accounts__csv="account_id,account_name\nA1,Bexhill\nA2,Bexhill\n"), right(500, A1=300, A2=200)),
    Case("a customer without a name", files(SETTINGS, sales__csv=SOLD.format("Seals"), accounts__csv="account_id,account_name\nA1,\nA2,Bexhill\n"), right(500, A1=300, A2=200)),
)  # fmt: skip
