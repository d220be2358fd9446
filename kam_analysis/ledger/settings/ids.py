"""What an id is: text without white space around it. Blank is none; "007" stays, "17850.0" was the number 17850.

What nobody can see makes no difference: an unbreakable blank is a blank, signs of no width are none, and a letter
with its accent is one sign. What can be seen does, unless the setting `normalise` looks past it.

One rule for every table, the settings' lists and the queries that `kam init` writes. What looks like none
("NULL", "nan") may be a customer's code: it stays text, and is asked about, until `blank_ids` says what it is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from string import whitespace

# ASCII's white space, and what spreadsheets and web pages add: unbreakable and narrow blanks, the byte order mark.
WHITE_SPACE = whitespace + "\u00a0\u2007\u200b\u202f\u3000\ufeff"
BLANKS = "\u00a0\u2007\u202f\u3000"
# Soft hyphens, joiners, marks of direction.
WIDTHLESS = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# A whole number that a column of floats left behind.
POINT_ZERO = r"^[0-9]+\.0$"
# What programs write where there is nothing: pandas, databases' dumps, R, JavaScript, Excel.
LIKE_NONE = (
    "nan", "none", "null", "nat", "nil", "na", "n/a", "<na>", "<null>", "(null)", "[null]", "\\n", "undefined", "#n/a", "#nv",
)  # fmt: skip


# What `normalise` may look past, in the order in which it is done; `columns.looked_past` is the same for an engine.
LOOKED_PAST: dict[str, Callable[[str], str]] = {
    "punctuation": lambda text: re.sub(r"[-_./]", "", re.sub(r"\.0$", "", text)),
    "spaces": lambda text: re.sub(r"\s", "", text),
    "case": str.upper,
    "leading_zeros": lambda text: text.lstrip("0") or text[:1],
}


def plain_id(text: str) -> str:
    """An id of the settings as the data's own are read; empty where there is none.

    >>> plain_id(" 17850.0 "), plain_id("Acme\u00a0Ltd"), plain_id("007")
    ('17850', 'Acme Ltd', '007')
    """
    inner = re.sub(f"[{WIDTHLESS}]", "", re.sub(f"[{BLANKS}]", " ", text)).strip(WHITE_SPACE)
    return unicodedata.normalize("NFC", inner[:-2] if re.match(POINT_ZERO, inner) else inner)


def looked_past(text: str, rules: Iterable[str]) -> str:
    """An id without what the rules look past.

    >>> looked_past("ab-017", ["punctuation", "case"]), looked_past("0018", ["leading_zeros"])
    ('AB017', '18')
    """
    wanted = set(rules)
    for name, rule in LOOKED_PAST.items():
        text = rule(text) if name in wanted else text
    return text


def like_none(text: str) -> bool:
    """Whether an id may stand for none."""
    return plain_id(text).lower() in LIKE_NONE
