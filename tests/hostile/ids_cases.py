"""Ids that look alike, look like something else, or lead in circles."""

from hostile_case import SALES, TOP, Case, files, refused, right, rows

ACCOUNTS = TOP + SALES + '[tables.accounts]\nfile = "accounts.csv"\n'
NBSP, ZERO_WIDTH, COMBINED, COMPOSED = "\u00a0", "\u200b", "Mu\u0308ller", "M\u00fcller"
LONG = "A" * 10_000
MANY = 5_000


def known(accounts: str, sold: str = "Aldwick,2025-01-31,300\nBexhill,2025-02-28,200\n") -> object:
    """Sales and a table of accounts."""
    return files(ACCOUNTS, sales__csv="account_id,date,revenue\n" + sold, accounts__csv=accounts)


def twice(first: str, second: str) -> object:
    """One purchase under each of two ids."""
    return rows(f'"{first}",2025-01-31,300\n"{second}",2025-02-28,200\n')


def one(name: str, other: str) -> Case:
    """Two spellings of Aldwick that nobody can tell apart are one customer."""
    return Case(name, twice("Aldwick", other), right(500, Aldwick=500))


CHAIN = "account_id,parent_id\n" + "".join(f"A{number},A{number + 1}\n" for number in range(MANY)) + f"A{MANY},\n"
ODD = (
    "=1+1", "@SUM(A1)", "'; drop table x; --", "../../etc/passwd", "C:\\Windows", "CON", "nul.html", "🚀🚀", "\u202eabc", "Ald\nwick", "account_id",
    "Total", "2025-01-31", "31.01.2025", "0", "00", "-", "*", "<b>", "%s", "A" * 300,
)  # fmt: skip
CASES = (
    Case("ids that look like something else", rows("".join(f'"{each}",2025-01-31,1\n' for each in ODD)), right(len(ODD), **dict.fromkeys((each.replace("\u202e", "") for each in ODD), 1))),
    one("a blank behind an id", "Aldwick "),
    one("a blank before an id", " Aldwick"),
    one("a tab behind an id", "Aldwick\t"),
    one("a line break behind an id", "Aldwick\n"),
    one("an unbreakable blank behind an id", "Aldwick" + NBSP),
    one("a sign of no width in an id", f"Ald{ZERO_WIDTH}wick"),
    Case("a letter composed and decomposed", twice(COMPOSED, COMBINED), right(500, **{COMPOSED: 500})),
    Case("ids that differ by their letters' case", twice("ab12", "AB12"), right(500, ab12=300, AB12=200)),
    Case("ids with zeros before them", twice("007", "7"), right(500, **{"007": 300, "7": 200})),
    Case("ids with a point and a zero behind", twice("17850.0", "17850"), right(500, '".0"', **{"17850": 500})),
    Case("ids that look like a power of ten", twice("1E5", "100000"), right(500, **{"1E5": 300, "100000": 200})),
    Case("an id called null", twice("Aldwick", "null"), refused(1, "may stand for none", "blank_ids")),
    Case("an id called NaN", twice("Aldwick", "NaN"), refused(1, "may stand for none", "blank_ids")),
    Case("an id called None", twice("Aldwick", "None"), refused(1, "may stand for none", "blank_ids")),
    Case("an id of 10,000 letters", twice(LONG, "Bexhill"), right(500, **{LONG: 300, "Bexhill": 200})),
    Case("an id of 10,000 letters that is unknown", known("account_id\nBexhill\n", f"{LONG},2025-01-31,300\n"), right(300, "not in the table accounts")),
    Case("an unknown id that colours the terminal", known("account_id\nBexhill\n", "A\x1b[31m\x07,2025-01-31,300\n"), right(300, "not in the table accounts")),
    Case("an unknown id that turns what follows round", known("account_id\nBexhill\n", "A\u202e,2025-01-31,300\n"), right(300, "not in the table accounts")),
    Case("nobody has an id", rows(",2025-01-31,300\n,2025-02-28,200\n"), refused(1, "above zero", "got 0")),
    Case("ids of blanks", rows("  ,2025-01-31,300\nBexhill,2025-02-28,200\n"), right(500, "no account", Bexhill=200)),
    Case("thousands of customers of one purchase each", rows("".join(f"A{number},2025-01-31,1\n" for number in range(20_000))), right(20_000)),
    Case("a customer twice in the table", known("account_id\nAldwick\nBexhill\nAldwick\n"), refused(1, "every value once", "Aldwick")),
    Case("a customer twice in the table but for a blank", known("account_id\nAldwick\nBexhill\nAldwick \n"), refused(1, "every value once", "Aldwick")),
    Case("a customer that the table does not know", known("account_id\nAldwick\n"), right(500, "not in the table accounts", Aldwick=300, Bexhill=200)),
    Case("a table that knows nobody", known("account_id\nCorran\n"), right(500, "2 accounts not in the table accounts", Aldwick=300, Bexhill=200)),
    Case("a table of accounts without rows", known("account_id\n"), (right(500, "no rows", Aldwick=300, Bexhill=200), refused(1, "accounts.csv"))),
    Case("a table of accounts without ids", known("account_id,account_name\n,Aldwick Ltd\n"), refused(1, "account_id")),
    Case("ids of the two tables differ by zeros", known("account_id\n018\n", "18,2025-01-31,300\n"), right(300, "18 here, 018 there", **{"18": 300})),
    Case("a customer that is its own parent", known("account_id,parent_id\nAldwick,Aldwick\nBexhill,\n"), (right(), refused(1, "circle", "Aldwick"))),
    Case("two customers that are each other's parents", known("account_id,parent_id\nAldwick,Bexhill\nBexhill,Aldwick\n"), refused(1, "circle", "Aldwick", "Bexhill")),
    Case("a circle below a parent", known("account_id,parent_id\nAldwick,Bexhill\nBexhill,Corran\nCorran,Bexhill\n"), refused(1, "circle")),
    Case("a parent that nobody knows", known("account_id,parent_id\nAldwick,Corran\nBexhill,\n"), right()),
    Case("parents of 5,000 generations", known(CHAIN, "A0,2025-01-31,300\nA9,2025-02-28,200\n"), right(500, A0=300, A9=200)),
    Case("a circle of 5,000 generations", known(CHAIN[:-1] + "A0\n", "A0,2025-01-31,300\n"), refused(1, "circle")),
    Case("a parent with a tab behind", known("account_id,parent_id\nAldwick,Bexhill\t\nBexhill,\n"), right()),
)  # fmt: skip
