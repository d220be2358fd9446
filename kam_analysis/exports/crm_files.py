"""Which of several exports is the sales and which are a CRM's, and what is known of the buyers by the sales."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.exports.crm_headers import sql_name
from kam_analysis.exports.crm_tables import (
    Buyers,
    CrmTable,
    cell_text,
    kind_of,
    read_as_text,
    read_csv,
    recognised,
)
from kam_analysis.exports.inspection import open_export
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.settings.ids import plain_id
from kam_analysis.ledger.sniffing.guess import Guess

_SALES_LOOKED_AT = 200_000


def sorted_out(given: Sequence[Path]) -> tuple[Path, list[Path]]:
    """The one export of sales among files or in a folder, and those of a CRM; a file given alone is the sales.

    Raises `SettingsError` where there is no export of sales, or more than one, and for files of several folders.
    """
    if len(given) == 1 and not given[0].is_dir():
        return given[0], []
    files = list(dict.fromkeys(_files_of(given)))
    if len({each.resolve().parent for each in files}) > 1:
        raise SettingsError(
            "the files lie in several folders; put them into one, for settings name what lies beside them"
        )
    others = [path for path in files if _is_crm(path)]
    sales = [path for path in files if path not in others]
    if len(sales) != 1:
        got = ", ".join(path.name for path in sales) or "none"
        raise SettingsError(
            f"{_named(given)}: expected one export of sales beside those of a CRM, got {got}; name the files, one of "
            "them sales"
        )
    return sales[0], others


def _named(given: Sequence[Path]) -> str:
    return f"{given[0].name} is a folder" if len(given) == 1 else ", ".join(each.name for each in given)


def crm_tables(guess: Guess, paths: Sequence[Path], say: Callable[[str], object]) -> list[CrmTable]:
    """The tables that these exports of a CRM hold; of two of one kind the second is named and not read."""
    if not paths:
        return []
    buyers, found = buyers_of(guess), dict[str, CrmTable]()
    for path in paths:
        table = recognised(path, buyers)
        if table is not None and table.name in found:
            say(
                f"- {path.name}: a second export of {table.name}, not used; put its rows into {found[table.name].path.name}"
            )
        elif table is not None:
            found[table.name] = table
    return list(found.values())


def _is_crm(path: Path) -> bool:
    try:
        layout = open_export(path)
    except (DataError, SettingsError):
        return False
    return kind_of({folded(name): name for name in layout.header}) is not None


def _files_of(given: Sequence[Path]) -> Iterator[Path]:
    """The files that are meant: those given, and what a given folder holds of exports."""
    for path in given:
        if path.is_dir():
            kinds = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")
            yield from sorted(
                each
                for each in path.iterdir()
                if each.suffix.lower() in kinds and not each.name.startswith(("~$", "."))
            )
        else:
            yield path


def buyers_of(guess: Guess) -> Buyers:
    """Those of the export of sales; where it is open which column names them, all that may."""
    layout, reading = open_export(guess.path), guess.source
    called = guess.accounts.columns.get("account_name", "") if guess.accounts and guess.accounts.from_sales else ""
    asked = [reading.columns["account_id"]] if "account_id" in reading.columns else [
        title for title, ours in guess.candidates.items() if ours in ("account_id", "account_name")
    ]  # fmt: skip
    ids, names = set[str](), set[str]()
    places = [layout.header.index(each) for each in asked if each in layout.header]
    name_at = layout.header.index(called) if called in layout.header else None
    for _, cells in itertools.islice(layout.rows(), _SALES_LOOKED_AT):
        ids |= {plain_id(cell_text(cells[at])) for at in places if at < len(cells)}
        if name_at is not None and name_at < len(cells):
            names.add(cell_text(cells[name_at]))
    by_name = ""
    if names and len(asked) == 1 and read_as_text(guess.path, layout.reading):
        one, other = sql_name(asked[0]), sql_name(called)
        by_name = (
            f"(select case when count(distinct sold.{one}) = 1 then any_value(sold.{one}) end"
            f" from {read_csv(guess.path, layout.reading)} as sold where trim(sold.{other}) = trim(THEIRS))"
        )
    return Buyers(frozenset(ids - {""}), frozenset(names - {""}), by_name)
