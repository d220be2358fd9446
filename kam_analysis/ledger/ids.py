"""What an id is: text without white space around it. Blank is none; "007" stays, "17850.0" was the number 17850.

One rule for every table, the settings' lists and the queries that `kam init` writes. What looks like none
("NULL", "nan") may be a customer's code: it stays text, and is asked about, until `blank_ids` says what it is.
"""

import re
from string import whitespace

# ASCII's white space, and what spreadsheets and web pages add: unbreakable and narrow blanks, the byte order mark.
WHITE_SPACE = whitespace + "\u00a0\u2007\u200b\u202f\u3000\ufeff"
# A whole number that a column of floats left behind.
POINT_ZERO = r"^[0-9]+\.0$"
# What programs write where there is nothing: pandas, databases' dumps, R, JavaScript, Excel.
LIKE_NONE = (
    "nan", "none", "null", "nat", "nil", "na", "n/a", "<na>", "<null>", "(null)", "[null]", "\\n", "undefined", "#n/a", "#nv",
)  # fmt: skip


def plain_id(text: str) -> str:
    """An id of the settings as the data's own are read; empty where there is none."""
    trimmed = text.strip(WHITE_SPACE)
    return trimmed[:-2] if re.match(POINT_ZERO, trimmed) else trimmed


def like_none(text: str) -> bool:
    """Whether an id may stand for none."""
    return plain_id(text).lower() in LIKE_NONE
