"""Settings that cannot mean anything, or mean something else than they seem to."""

from pathlib import Path

from hostile_case import GOOD, HEADER, SALES, TOP, Case, files, refused, right, sales


def text(toml: str | bytes) -> object:
    """A kam.toml of this text beside good data."""

    def build(folder: Path) -> None:
        (folder / "sales.csv").write_text(GOOD)
        (folder / "kam.toml").write_bytes(toml.encode() if isinstance(toml, str) else toml)

    return build


def top(line: str) -> object:
    """Good settings and data with one line more on top."""
    return text(f"{TOP}{line}\n{SALES}")


def below(lines: str) -> object:
    """Good settings and data with a section more."""
    return text(f"{TOP}{SALES}{lines}\n")


def as_a_folder(folder: Path) -> None:
    (folder / "kam.toml").mkdir()


EUR_AND_PLN = "account_id,date,revenue,currency\nAldwick,2025-01-31,300,EUR\nBexhill,2025-02-28,800,PLN\n"


def rate(value: str) -> object:
    """Sales in two currencies, and this rate for one of them."""
    return files(f'{TOP}currency = "EUR"\n{SALES}[rates]\nPLN = {value}\n', sales__csv=EUR_AND_PLN)


CASES = (
    Case("settings are a folder", as_a_folder, refused(2, "is a folder", "kam init")),
    Case("settings are not there", lambda folder: None, refused(2, "no such file", "kam init")),
    Case("settings are empty", text(""), refused(2, "tables.transactions", "is missing")),
    Case("settings are binary", text(bytes(range(128, 256)) * 9), refused(2, "expected UTF-8 text")),
    Case("settings in UTF-16", text((TOP + SALES).encode("utf-16")), refused(2, "UTF-8")),
    Case("settings with a byte order mark", text("\ufeff" + TOP + SALES), right()),
    Case("ten megabytes of comment in the settings", text(("#" + "x" * 99 + "\n") * 100_000 + TOP + SALES), refused(2, "1 MB")),
    Case("settings that are JSON", text('{"tables": {"transactions": {"file": "sales.csv"}}}'), refused(2, "TOML")),
    Case("settings that are a PDF", text("%PDF-1.7\n1 0 obj\n"), refused(2, "TOML")),
    Case("a text in the settings is never closed", top('name = "Lindmark'), refused(2, "TOML", "line 2")),
    Case("a key stands twice", top(TOP), refused(2, "TOML")),
    Case("a Windows path with its backslashes", top('data_dir = "C:\\Users\\me"'), refused(2, "TOML")),
    Case("a NUL in the settings", top('name = "a\x00b"'), refused(2, "TOML")),
    Case("arrays nested 3,000 deep", top("name = " + "[" * 3000 + "]" * 3000), refused(2, "kam.toml")),
    Case("tables nested 3,000 deep", top(".".join(["a"] * 3000) + " = 1"), refused(2, "kam.toml")),
    Case("inline tables nested 3,000 deep", top("a = " + "{a=" * 3000 + "1" + "}" * 3000), refused(2, "kam.toml")),
    Case("a whole number of 5,000 digits", top("name = " + "9" * 5000), refused(2, "kam.toml")),
    Case("a month of 4,000 digits", below("[fiscal]\nyear_starts = " + "9" * 4000), refused(2, "year_starts")),
    Case("an unknown key", top('curency = "EUR"'), refused(2, "curency", 'did you mean "currency"?')),
    Case("an unknown key of a table", sales(keys='delimeter = ";"'), refused(2, 'did you mean "delimiter"?')),
    Case("an unknown table", below('[tables.acounts]\nfile = "a.csv"'), refused(2, 'did you mean "accounts"?')),
    Case("an unknown column", sales(keys='columns = { acount_id = "x" }'), refused(2, 'did you mean "account_id"?')),
    Case("file and query at once", sales(keys='query = "select 1"'), refused(2, "exactly one", "file and query")),
    Case("file, table and query at once", sales(keys='query = "select 1"\ntable = "x"'), refused(2, "exactly one")),
    Case("none of file, table and query", text("[tables.transactions]\n"), refused(2, "exactly one", "got none")),
    Case("a table is a text", text('tables = "sales.csv"'), refused(2, "expected a table")),
    Case("a table is a list", text('[[tables.transactions]]\nfile = "sales.csv"'), refused(2, "tables.transactions")),
    Case("columns are a text", sales(keys='columns = "date"'), refused(2, "expected a table")),
    Case("a column is a number", sales(keys="columns = { date = 3 }"), refused(2, "put it in quotes")),
    Case("rates are a number", text(f"rates = 3\n{SALES}"), refused(2, "rates", "expected a table")),
    Case("as_of is a text", top('as_of = "soon"'), refused(2, "as_of", "expected a date")),
    Case("as_of has a time", top("as_of = 2025-01-31T10:00:00"), refused(2, "as_of", "expected a date")),
    Case("as_of is no day", top("as_of = 2025-02-30"), refused(2, "TOML")),
    Case("as_of is before the data", top("as_of = 2001-01-01"), refused(1, "before the first transaction")),
    Case("as_of is the first day there is", top("as_of = 0001-01-01"), refused(2, "as_of", "1900-01-01")),
    Case("as_of is long after the data", top("as_of = 2031-12-31"), (right(), refused(2, "as_of"))),
    Case("as_of is the last day there is", top("as_of = 9999-12-31"), (refused(1, "9999"), refused(2, "9999"))),
    Case("the period is empty", text(f'period = ""\n{SALES}'), refused(2, "period")),
    Case("the period is a word", text(f'period = "lately"\n{SALES}'), refused(2, "period", "lately")),
    Case("the period ends before it begins", text(f'period = "2025-12-31/2025-01-01"\n{SALES}'), refused(2, "before it begins")),
    Case("the period is no day", text(f'period = "2025-02-30/2025-03-01"\n{SALES}'), refused(2, "period")),
    Case("the period begins after the data", text(f'period = "2031"\n{SALES}'), refused(2, "after the as-of date")),
    Case("the period is the year 0", text(f'period = "0000"\n{SALES}'), refused(2, "period")),
    Case("the period is the first year there is", text(f'period = "0001"\n{SALES}'), (refused(1, "above zero"), refused(2, "period"))),
    Case("nothing was sold in the period", text(f'period = "2025-01-01/2025-01-02"\n{SALES}'), refused(1, "above zero")),
    Case("everything is excluded", below('[exclude]\naccounts = ["Aldwick", "Bexhill"]'), refused(1, "above zero")),
    Case("an unknown account is excluded", below('[exclude]\naccounts = ["Aldwik"]'), right()),
    Case("a number is excluded", below("[exclude]\naccounts = [9999]"), refused(2, "in quotes")),
    Case("the currency is a word", top('currency = "euro"'), refused(2, "ISO 4217")),
    Case("a measure that nobody knows", top('measure = "turnover"'), refused(2, "turnover")),
    Case("margin without a cost", top('measure = "margin"'), refused(2, "margin")),
    Case("a measure's column is not there", below('[measures.visits]\ncolumn = "visits"'), refused(1, "visits")),
    Case("a measure called revenue", below('[measures.revenue]\ncolumn = "revenue"'), refused(2, "another name")),
    Case("the year starts in month 13", below("[fiscal]\nyear_starts = 13"), refused(2, "a month 1-12")),
    Case("everybody is key", below("[significance]\nshare = 0"), refused(2, "above 0")),
    Case("a share of no number", below("[significance]\nshare = nan"), refused(2, "expected a number")),
    Case("a share of infinity", below("[significance]\nshare = inf"), refused(2, "expected a number")),
    Case("a share of 10", below("[significance]\nshare = 10"), refused(2, "0.10")),
    Case("a weight of infinity", below("[criteria]\nvolume = inf"), refused(2, "criteria.volume")),
    Case("a weight of no number", below("[criteria]\nvolume = nan"), refused(2, "criteria.volume")),
    Case("an assumption of no number", below('[assumptions.ramp_months]\nvalue = nan\nlow = 1\nhigh = 2\nsource = "x"'), refused(2, "ramp_months")),
    Case("an assumption up to infinity", below('[assumptions.ramp_months]\nvalue = 3\nlow = 1\nhigh = inf\nsource = "x"'), refused(2, "ramp_months")),
    Case("a rate of nothing", rate("0"), refused(2, "rates.PLN", "positive")),
    Case("a rate below zero", rate("-0.25"), refused(2, "rates.PLN", "positive")),
    Case("a rate of infinity", rate("inf"), refused(2, "rates.PLN")),
    Case("a rate of no number", rate("nan"), refused(2, "rates.PLN")),
    Case("a rate of 1e-300", rate("1e-300"), refused(2, "rates.PLN")),
    Case("a rate of 1e300", rate("1e300"), refused(2, "rates.PLN")),
    Case("a rate as a text", rate('"0.25"'), refused(2, "rates.PLN", "positive number")),
    Case("a rate with many places", rate("0.2500000001"), right(500, Aldwick=300, Bexhill=200)),
    Case("a control total of infinity", below("[control]\nrevenue = { 2025 = inf }"), refused(2, "control.revenue")),
    Case("a control total of no number", below("[control]\nrevenue = { 2025 = nan }"), refused(2, "control.revenue")),
    Case("a control total for the year 0", below("[control]\nrevenue = { 0000 = 5 }"), (right(), refused(2, "control.revenue"))),
    Case("two signs between columns", sales(keys='delimiter = ";;"'), (refused(1), refused(2, "delimiter"))),
    Case("a quotation mark between columns", sales(keys="delimiter = '\"'"), (refused(1), refused(2, "delimiter"))),
    Case("a line break between columns", sales(keys='delimiter = "\\n"'), (refused(1), refused(2, "delimiter"))),
    Case("a decimal sign that is none", sales(keys='decimal = ";"'), refused(2, "cannot be told apart")),
    Case("one sign for decimals and thousands", sales(keys='thousands = "."'), refused(2, "cannot be told apart")),
    Case("fewer rows than none are skipped", sales(keys="skip_rows = -1"), refused(2, "skip_rows")),
    Case("more rows are skipped than there are", sales(keys="skip_rows = 99"), refused(1, "skip_rows")),
    Case("an encoding that nobody knows", sales(keys='encoding = "utf-99"'), refused(1, "is not an encoding")),
    Case("an encoding that is no text's", sales(keys='encoding = "base64"'), refused(1, "encoding")),
    Case("a date format without a sign", sales(keys='date_format = "day"'), (refused(1, "sales"), refused(2, "date_format"))),
    Case("a date format that nobody knows", sales(keys='date_format = "%Q"'), (refused(1, "sales"), refused(2, "date_format"))),
    Case("a name that is a script", top('name = "<script>alert(1)</script>"'), right()),
    Case("data_dir is not there", text(f'data_dir = "nowhere"\n{SALES}'), refused(1, "is not there", "data_dir")),
    Case("data_dir is a file", text(f'data_dir = "sales.csv"\n{SALES}'), refused(1, "is not there")),
    Case("data_dir is nobody's home", text(f'data_dir = "~nobody-here/x"\n{SALES}'), (refused(1, "data_dir"), refused(2, "data_dir"))),
    Case("data_dir with a NUL", text(f'data_dir = "a\\u0000b"\n{SALES}'), (refused(1, "data_dir"), refused(2, "data_dir"))),
    Case("a file with a NUL", text('[tables.transactions]\nfile = "a\\u0000b.csv"\n'), (refused(1, "file"), refused(2, "file"))),
    Case("data_dir stands in a variable that is not set", text(f'data_dir = "env:KAM_CASE"\n{SALES}'), refused(2, "KAM_CASE is not set"), environ={"KAM_CASE": None}),
    Case("data_dir stands in a variable that is empty", text(f'data_dir = "env:KAM_CASE"\n{SALES}'), refused(2, "KAM_CASE is not set"), environ={"KAM_CASE": ""}),
    Case("two of ours are one of theirs", sales("who,date,revenue\nA,2025-01-01,3\n", keys='columns = { account_id = "who", product = "who" }'), right(3, A=3)),
    Case("a column that is not there", sales(keys='columns = { revenue = "Net sales" }'), refused(1, 'expected column "Net sales"')),
    Case("settings are a table of data", files(HEADER, sales__csv=GOOD), refused(2, "TOML")),
    Case("report with settings that are not there", lambda folder: None, refused(2, "no such file"), command="report"),
    Case("report with an unknown key", top('curency = "EUR"'), refused(2, 'did you mean "currency"?'), command="report"),
    Case("report with everything excluded", below('[exclude]\naccounts = ["Aldwick", "Bexhill"]'), refused(1, "above zero"), command="report"),
)  # fmt: skip
