"""`kam sample`: the sample company as a folder of files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kam_analysis.errors import DataError, SettingsError, writing
from kam_analysis.ledger.settings.settings import TABLES, dictionary
from kam_analysis.made_folder import made_folder
from kam_analysis.sample import transactions as transactions_table
from kam_analysis.sample.accounts import Row
from kam_analysis.sample.accounts import accounts as accounts_rows
from kam_analysis.sample.company import Company, build
from kam_analysis.sample.deals import budget, contracts, sites
from kam_analysis.sample.files import write_bytes, write_rows
from kam_analysis.sample.people import contacts, interactions, managers
from kam_analysis.sample.pipeline import opportunities
from kam_analysis.sample.raw_export import RAW_EXPORT, raw_export
from kam_analysis.sample.settings_file import FIRST_LINE, settings_text
from kam_analysis.sample.story import DEFAULT_SEED
from kam_analysis.sample.totals import asked_size
from kam_analysis.sample.voices import account_notes, decisions, feedback, objectives


def write_sample(
    folder: str | Path, accounts: int | None = None, transactions: int | None = None, seed: int = DEFAULT_SEED
) -> list[Path]:
    """Write the sample company into `folder`: every table, `kam.toml`, and an untidy export for `kam init`.

    `accounts` is the number of customers (default 284; the story's stay, the tail grows),
    `transactions` the exact number of transaction rows (default 25,000, and at least 12 per
    customer). Up to 200,000 rows are one CSV file, more are Parquet files in `transactions/`, and
    no untidy export is made of them.
    Same arguments, same bytes. Returns the files written. Raises `SettingsError` where the story
    does not fit into the size, or where the folder holds settings that are not the sample's;
    `DataError` where the folder cannot be written to, `RunError` where its disk is full or fails.
    """
    size = asked_size(accounts, transactions, seed)
    folder = Path(folder)
    _refuse_foreign_settings(folder)
    company = build(size)
    where = f"sample: {folder.name}"
    with writing(where, "choose a folder that can be written to", DataError), made_folder(folder):
        return _write(company, folder)


def _write(company: Company, folder: Path) -> list[Path]:
    _remove_old_transactions(folder)
    large = company.size.rows > transactions_table.MOST_CSV_ROWS
    if large:
        written = transactions_table.write_parquet(company, folder / "transactions")
    else:
        written = [transactions_table.write_csv(company, folder / "transactions.csv")]
    for name, rows in _small_tables(company):
        written.append(write_rows(folder / f"{name}.csv", _columns(name), _values(name, rows)))
    if not large:
        export = raw_export(company, transactions_table.table_rows(company))
        written.append(write_bytes(folder / "raw_export" / RAW_EXPORT, export))
    # The settings come last: a folder with a kam.toml is complete.
    text = settings_text(company, "transactions/part-*.parquet" if large else "transactions.csv")
    return [*written, write_bytes(folder / "kam.toml", text.encode("utf-8"))]


def readme() -> str:
    """The text of `data/README.md`: what the sample is, and every column that the workbook knows."""
    return _INTRODUCTION + dictionary()


def _small_tables(company: Company) -> list[tuple[str, Iterable[Row]]]:
    people = contacts(company)
    return [
        ("accounts", accounts_rows(company)),
        ("contracts", contracts(company)),
        ("managers", managers()),
        ("contacts", people),
        ("interactions", interactions(company, people)),
        ("feedback", feedback(company)),
        ("objectives", objectives()),
        ("account_notes", account_notes()),
        ("opportunities", opportunities(company)),
        ("decisions", decisions()),
        ("budget", budget(company)),
        ("sites", sites()),
    ]


def _columns(table: str) -> list[str]:
    """The contract's columns, without those that only suggest parents: the sample's master names its own."""
    return [name for name in TABLES[table].names if (table, name) not in _LEFT_OUT]


def _values(table: str, rows: Iterable[Row]) -> Iterator[list[object]]:
    return ([row.get(column, "") for column in _columns(table)] for row in rows)


def _refuse_foreign_settings(folder: Path) -> None:
    existing = folder / "kam.toml"
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"sample: {folder.name} is a file; give the name of a folder")
    if existing.is_file() and not existing.read_bytes().startswith(FIRST_LINE.encode()):
        raise SettingsError(
            f"sample: {folder.name} already holds a kam.toml that is not the sample's; choose another folder"
        )


def _remove_old_transactions(folder: Path) -> None:
    """A sample of another size may have left its other form of the table, or more parts than this one has."""
    parts = sorted((folder / "transactions").glob("part-*.parquet"))
    old = [folder / "kam.toml", folder / "transactions.csv", folder / "raw_export" / RAW_EXPORT, *parts]
    for path in old:
        path.unlink(missing_ok=True)


_LEFT_OUT = {("accounts", "vat_number"), ("accounts", "email"), ("accounts", "rebates")}
_INTRODUCTION = """# The sample company's data, and every column the workbook knows

`sample/` is Lindmark Flow Controls, a synthetic company: industrial valves, pumps, seals and metering
skids, about 84 M EUR of sales, 284 customers, 36 months to 18 September 2026. No person or company in
it exists. It is made by `kam sample DIR`; a test makes it again and compares every byte. Its story:

- Aldermoor Water Group is 18.1 % of sales through seven companies, none of them above 6.9 %.
- Tressel Chemicals lost 28 % in two quarters; Pellworth Marine grew from 2 to 6 %; Oakhurst Paper had
  one empty month and is loyal; Quarrix closed; Kelso Mining orders every fourteen months.
- Corvane Dairy is 4 % of sales and 41 % of the skids; Bexley Machinery's margin is below zero after
  credit notes; Fennick Labs is pleasant and not key.
- Jonas Reiter looks after 29 % of sales and is going to a competitor.

The mess of real exports is in it as well: sales to a subsidiary (Lindmark Iberia), one-time
customers, rows without an account, mistyped account ids, exact duplicates, credit notes, zlotys, an
incomplete last month, rebates outside the invoices, ids with leading zeros, names with quotes and
commas. `sample/kam.toml` says what to do about each. `sample/raw_export/` holds one file as an ERP
prints it, for `kam init`.

Below are all tables and columns. Only `transactions` is required; what needs a missing table or
column is left off the pages and named under "Add these to see more".

"""
