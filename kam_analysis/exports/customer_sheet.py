"""The customer list in another sheet of the same workbook: found by the ids of those who bought, and what it tells."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kam_analysis.bundled import tables_beside
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.reading.workbooks import Workbook
from kam_analysis.ledger.settings.ids import plain_id
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.sniffing.header import LOOKED_AT, blank, find_header, named
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import ACCOUNT_NAME, meaning

# Below this part of the customers a sheet with their kind of ids is a list of something else, or of few of them.
LEAST_FOUND = 0.5
_SPOKEN = {
    "account_name": "names",
    "account_manager_id": "account managers",
    "parent_id": "groups",
    "industry": "industries",
    "region": "regions",
    "country": "countries",
}
# What the words of sales mean in a list of customers: a bare "Customer" beside the ids holds the names.
_OURS = {
    "account_id": "account_name",
    ACCOUNT_NAME: "account_name",
    "region": "region",
    "account_manager_id": "account_manager_id",
}


@dataclass(frozen=True)
class _List:
    """One other sheet: its header's row and names, and its rows below."""

    title: str
    number: int
    header: tuple[str, ...]
    rows: Sequence[Sequence[object]]

    def column(self, at: int) -> list[str]:
        """The cells of a column as ids, empty for nothing."""
        return [plain_id(str(row[at])) if at < len(row) and not blank(row[at]) else "" for row in self.rows]


def customer_sheet(
    book: Workbook, read: Collection[str], bought: Collection[str], *, file: str, called: str
) -> tuple[TableSource | None, tuple[str, ...]]:
    """The table accounts in a sheet that is not read for sales, and what is said of all such sheets.

    `bought`: the ids of the sales' customers, as `plain_id` gives them; `called` their column's name. A list is taken
    where one of its columns has each id once, covers at least half of those who bought, and says something of them.
    """
    lists = [each for title in book.shown if title not in read if (each := _opened(book, title))]
    found = [(share, each, at) for each in lists for share, at in [_ids(each, bought, called)] if at is not None]
    best = max(found, key=lambda each: each[0], default=None)
    whys = {each.title: _why_not(each, bought, called) for each in lists}
    others = [
        f"{_quoted(title)}{whys.get(title, '')}"
        for title in book.shown
        if title not in read and (best is None or title != best[1].title)
    ]
    unused = (f"sheets that are not used: {', '.join(others)}",) if others else ()
    if best is None:
        return None, unused
    share, sheet, at = best
    columns = {"account_id": sheet.header[at]} | _told(sheet, at)
    there = round(share * len(bought))
    told = ", ".join(f"{_SPOKEN[ours]} from {_quoted(name)}" for ours, name in columns.items() if ours in _SPOKEN)
    found_there = f"{there:,} of {counted(len(bought), 'customer')} found there by {_quoted(sheet.header[at])}"
    said = f"sheet {_quoted(sheet.title)} is the customer list: {found_there}; {told}"
    source = TableSource("accounts", file=file, sheet=sheet.title, header_row=sheet.number, columns=columns)
    return source, (said, *unused)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _opened(book: Workbook, title: str) -> _List | None:
    header = find_header(list(book.rows(title, LOOKED_AT)))
    if header is None:
        return None
    rows = list(book.rows(title))
    number, cells = rows[header.index]
    below = [row for at, row in rows if at > number and not all(map(blank, row))]
    return _List(title, number, named(cells), below) if below else None


def _ids(sheet: _List, bought: Collection[str], called: str) -> tuple[float, int | None]:
    """The column of customers' ids and the part of those who bought that it covers; none where it is no such list."""
    best: tuple[float, int | None] = (0.0, None)
    for at, name in enumerate(sheet.header):
        ids = sheet.column(at)
        if not all(ids) or len(set(ids)) < len(ids) or not _of_customers(sheet.title, name, called) or not bought:
            continue
        share = len(set(bought) & set(ids)) / len(set(bought))
        if share >= max(LEAST_FOUND, best[0] + 1e-9) and _told(sheet, at):
            best = share, at
    return best


def _why_not(sheet: _List, bought: Collection[str], called: str) -> str:
    """Why a list of those who bought cannot be taken as it is; empty where it is none."""
    for at, name in enumerate(sheet.header):
        ids = sheet.column(at)
        covers = len(set(bought) & set(ids)) >= LEAST_FOUND * max(len(set(bought)), 1)
        if covers and _of_customers(sheet.title, name, called) and _told(sheet, at):
            twice = next((each for each, rows in Counter(ids).items() if each and rows > 1), "")
            if twice:
                return f" (a customer list in which {_quoted(twice)} stands twice: one row a customer is needed)"
            return "" if all(ids) else f" (a customer list with rows that have no {_quoted(name)})"
    return ""


def _of_customers(title: str, name: str, called: str) -> bool:
    """Whether a name is of customers' ids: small numbers are the ids of products, too."""
    known = meaning(name)
    mine = bool(known and known.ours in ("account_id", ACCOUNT_NAME)) or folded(name) == folded(called)
    return mine or any(word in folded(title) for word in _words("titles")["customers"])


def _told(sheet: _List, ids: int) -> dict[str, str]:
    """What the list tells of customers: ours = theirs."""
    found: dict[str, str] = {}
    for at, name in enumerate(sheet.header):
        ours = _meant(name) if at != ids else None
        if ours and ours not in found and any(sheet.column(at)):
            found[ours] = name
    return {ours: found[ours] for ours in _SPOKEN if ours in found}


def _meant(name: str) -> str | None:
    plain = " ".join(folded(name).replace("_", " ").replace(".", " ").split())
    for ours, names in _words("customer_list").items():
        if plain in names:
            return ours
    known = meaning(name)
    return _OURS.get(known.ours) if known else None


def _words(kind: str) -> Mapping[str, Sequence[str]]:
    return tables_beside(__file__, "words.toml")[kind]


def ids_of(texts: Iterator[str] | Collection[str]) -> frozenset[str]:
    """The ids in some cells' texts."""
    return frozenset(found for text in texts if (found := plain_id(text)))
