"""The words of exports, one file a language or a system: which headers mean which of our columns.

`ours = [[...], [...]]`: ranks of names, the best first; names of one rank are equally good, and a rank means the same
in every file. Of account_id: the customer's number, who ordered, the account in the books, a bare "Customer", who is
billed, who receives, an address. Of account_name: the customer's, a company's, a contact's. Of date: of the invoice, of
the sale, of posting, of the document, of the order, of delivery, a month. Of revenue: net amounts, sales, any amount.
Of order_id: the invoice, the order. Of profit: money, what may be a percentage.

Beside our columns stand those that decide between them: gross, tax, price, discount, due (what is paid or still open),
weighted and probability (of deals that are not won), year, month_number, ledger_account (of the chart of accounts),
opportunity. `other` are words in names of other things, `small` those that do not count, `number` those for a
number, `totals` those with which a total line begins, `everything` those of a group of all, `running` those of sums that
go on from row to row, `balances` those of lines that carry one.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

LISTS = ("other", "small", "number", "totals", "everything", "running", "balances")


@lru_cache
def documents() -> tuple[Mapping[str, Any], ...]:
    """Every file, English first, then by name; the first that knows a name decides."""
    found = [each for each in files(__package__).iterdir() if each.name.endswith(".toml")]
    ordered = sorted(found, key=lambda each: (each.name != "english.toml", each.name))
    return tuple(tomllib.loads(each.read_text(encoding="utf-8")) for each in ordered)


@lru_cache
def listed(name: str) -> tuple[str, ...]:
    """The words of one of `LISTS`, of all files together."""
    return tuple(dict.fromkeys(word for document in documents() for word in document.get(name, ())))
