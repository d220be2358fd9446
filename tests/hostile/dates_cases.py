"""Days that no calendar has, that stand for nothing, or that only look like days."""

from hostile_case import GOOD, SALES, TOP, Case, files, refused, right, rows, sales


def day(name: str, text: str, *expect: object, keys: str = "", far: bool = False) -> Case:
    """Twenty months of good rows and one row with this day."""
    good = "".join(f"Aldwick,{2024 + month // 12}-{month % 12 + 1:02d}-15,3\n" for month in range(20))
    return Case(name, rows(f'{good}Bexhill,"{text}",5\n', keys=keys), expect, all_frames=far)  # type: ignore[arg-type]


def all_days(name: str, text: str, *expect: object, keys: str = "") -> Case:
    """Each row has this day."""
    return Case(name, rows(f'Aldwick,"{text}",300\nBexhill,"{text}",200\n', keys=keys), expect)  # type: ignore[arg-type]


NAMED = refused(1, "date", "1 row")
NO_DAYS = (
    "2025-02-30",
    "2025-02-29",
    "0000-00-00",
    "2025-13-01",
    "2025-01-15 25:00",
    "now",
    "today",
    "soon",
    "NaN",
    "<script>alert(1)</script>",
)
CASES = (
    Case("days that are none", rows("Aldwick,2025-01-31,300\n" + "".join(f"Bexhill,{text},1\n" for text in NO_DAYS)), refused(1, "date", f"{len(NO_DAYS)} rows")),
    day("a day of minus infinity", "-infinity", NAMED, far=True),
    day("a day of infinity", "infinity", NAMED, right(60, "later than today", Aldwick=60), far=True),
    day("a day before Christ", "0044-03-15 (BC)", NAMED, far=True),
    day("the first day of all", "0001-01-01", NAMED, right(65, "0001", Aldwick=60, Bexhill=5), far=True),
    day("the last day of all", "9999-12-31", refused(1, "9999"), right(60, "later than today", Aldwick=60), far=True),
    day("a day of the year 290000", "290000-01-01", NAMED, right(60, "later than today", Aldwick=60), far=True),
    day("the first day that Excel knows", "1900-01-01", NAMED, right(65, "1900", Aldwick=60, Bexhill=5), far=True),
    day("the first day that computers know", "1970-01-01", NAMED, right(65, "1970", Aldwick=60, Bexhill=5)),
    day("the epoch as a word", "epoch", NAMED),
    day("the 29th of February of a leap year", "2024-02-29", right(65, Aldwick=60, Bexhill=5)),
    day("a day with Z behind", "2025-01-15T10:00:00Z", NAMED, right(65, Aldwick=60, Bexhill=5)),
    day("a day with a zone behind", "2025-01-15T10:00:00+01:00", NAMED, right(65, Aldwick=60, Bexhill=5)),
    day("no day", "", refused(1, "expected a date, got nothing")),
    day("a day of a serial number", "45688", NAMED),
    day("a week", "2025-W05", NAMED),
    day("a day in full-width digits", "２０２５-０１-３１", NAMED, right(65, Aldwick=60, Bexhill=5)),
    day("a day in another form than the others", "31.01.2025", refused(1, "31.01.2025")),
    day("a day of 10,000 letters", "x" * 10_000, refused(1, "date")),
    all_days("days of another form than named", "2025-01-31", refused(1, "%d.%m.%Y"), keys='date_format = "%d.%m.%Y"'),
    all_days("days whose month and day are swapped", "13/31/2025", refused(1, "13/31/2025"), keys='date_format = "%d/%m/%Y"'),
    all_days("days of two digits for the year", "31.01.25", right(), keys='date_format = "%d.%m.%y"'),
    all_days("all days are tomorrow's", "2099-01-31", refused(1), right(500, "later than today")),
    all_days("all days are infinite", "infinity", refused(1)),
    all_days("all days are the first of all", "0001-01-01", refused(1), right()),
    Case("two days a thousand years apart", rows("Aldwick,1025-01-31,300\nBexhill,2025-02-28,200\n"), (refused(1, "date"), right(500, "1025", Aldwick=300, Bexhill=200))),
    Case("the leap day is the as-of date", sales("account_id,date,revenue\nAldwick,2023-03-01,300\nBexhill,2024-02-29,200\n", top='period = "all"\nas_of = 2024-02-29\n'), right(), all_frames=True),
    Case("a notice of a million years", files(f"{TOP}{SALES}[tables.contracts]\nfile = 'c.csv'\n", sales__csv=GOOD, c__csv="account_id,ends_on,notice_days\nAldwick,2026-12-31,99999999999\nBexhill,2026-12-31,30\n"), refused(1, "notice_days", "0-3650")),
)  # fmt: skip
