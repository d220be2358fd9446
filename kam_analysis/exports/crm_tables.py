"""Exports of a CRM beside the sales: contacts, activities, offers and feedback, as tables of a `kam.toml`.

Recognised by their columns' names; whose account a row is of is decided by which column holds the customers of the sales.
What more than one answer fits is a question, as for the sales.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kam_analysis.exports.crm_headers import crm_names, first, sql_name
from kam_analysis.exports.crm_offers import of_offers, only_open, state_by, states_said
from kam_analysis.exports.inspection import open_export
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.settings.ids import plain_id
from kam_analysis.ledger.settings.toml_text import as_key, quoted
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.header import Layout

_LOOKED_AT = 5_000
TEXT_FILES = (".csv", ".tsv", ".txt")
# From this part of a column's values on it holds the customers of the sales; a CRM knows prospects, too.
_HOLDS = 0.3
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", "T%H:%M:%S")
_DATES = ("date", "created", "closed", "expected_close")
_TABLES = {"contacts": "contacts", "interactions": "activities", "feedback": "feedback", "opportunities": "offers"}


@dataclass(frozen=True)
class CrmTable:
    """One export: which table of ours it is, how it is read, and what is open."""

    name: str
    path: Path
    reading: Mapping[str, object]
    columns: Mapping[str, str]
    query: str = ""
    date_format: str = ""
    questions: tuple[Question, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """What was guessed, and what could not be, for whoever reads the command's output."""
        return [*(f"- {each}" for each in self.said), *(f"? {self.path.name}: {each}" for each in self.questions)]

    @property
    def text(self) -> str:
        """Its section of a `kam.toml`; a question stands in it as lines to choose from, and holds the file back."""
        lines = [f"[tables.{self.name}]", f"# {self.path.name}: {_TABLES[self.name]} of a CRM, by its columns' names"]
        source = f"query = '''{self.query}'''" if self.query else f"file = {quoted(self.path.name)}"
        # Without an answer there is no source either: a row of whom nobody said would be of a new customer, an offer
        # that is won or lost an open one.
        holding = next((each for each in self.questions if each.holds in ("account_id", "status")), None)
        for question in self.questions:
            lines += [f"# CHOOSE: {question.text}", "# Take the # away from the lines of one answer:"]
            for number, answer in enumerate(question.alternatives, 1):
                held = [source] if question is holding else []
                lines += [f"# {number}. {answer.about}", *(f"# {line}" for line in (*answer.lines, *held))]
        if holding is None:
            lines.append(source)
        if not self.query:
            kept = {
                key: value
                for key, value in self.reading.items()
                if key in ("delimiter", "encoding", "skip_rows") and value
            }
            lines += [
                f"{key} = {value if isinstance(value, int) else quoted(str(value))}" for key, value in kept.items()
            ]
        lines += [f"date_format = {quoted(self.date_format)}"] if self.date_format else []
        lines += [f"columns.{as_key(ours)} = {quoted(theirs)}" for ours, theirs in self.columns.items()]
        return "\n".join([*lines, ""])


@dataclass(frozen=True)
class Buyers:
    """Who buys by the sales: their `ids`, their `names`, and the SQL that finds the id for a name, where it can be found."""

    ids: frozenset[str]
    names: frozenset[str] = frozenset()
    by_name: str = ""


def recognised(path: Path, buyers: Buyers) -> CrmTable | None:
    """The table of ours that an export of a CRM holds; None for anything else.

    Raises `DataError` or `SettingsError` for a file that cannot be read.
    """
    layout = open_export(path)
    there = {folded(name): name for name in reversed(layout.header)}
    name = kind_of(there)
    if name is None:
        return None
    rows = [list(map(cell_text, cells)) for _, cells in itertools.islice(layout.rows(), _LOOKED_AT)]
    values = {title: [row[at] for row in rows if at < len(row) and row[at]] for at, title in enumerate(layout.header)}
    known = crm_names()["tables"][name]["columns"]
    columns = {ours: found for ours, names in known.items() if (found := first(names, there))}
    is_text = read_as_text(path, layout.reading)
    account, asked, said = _account(there, values, buyers.ids, name)
    made = {}
    if not account and is_text and buyers.by_name and (named := _named(there, values, buyers)):
        made["account_id"] = buyers.by_name.replace("THEIRS", f"crm.{sql_name(named)}")
        asked, said = [], [f'whose account: "{named}" by the customers\' names in the sales']
    by = state_by(columns, values) if name == "opportunities" else ""
    if by and is_text:
        said = [*said, states_said(by, values[by])]
    others, columns = _made(name, columns, there, values, plain=not is_text)
    if name == "opportunities" and "status" not in {**columns, **others}:
        # One question holds the file back; while nobody knows whose the offers are, the other is said beside it.
        doubt = only_open(by, is_text=is_text)
        asked, said = (asked, [*said, doubt.text]) if asked else ([doubt], said)
    made |= others
    days = [columns[each] for each in _DATES if each in columns]
    form, open_days = _date_format([value for day in days for value in values[day]], name)
    used = {**({"account_id": account} if account else {}), **columns}
    return CrmTable(
        name,
        path,
        layout.reading,
        {ours: theirs for ours, theirs in used.items() if ours not in made},
        query=_query(path, layout, made),
        date_format=form,
        questions=(*asked, *open_days),
        said=(f"{path.name}: {_TABLES[name]} of a CRM ({', '.join(f'{theirs} as {ours}' for ours, theirs in used.items())})", *said),
    )  # fmt: skip


def kind_of(there: Mapping[str, str]) -> str | None:
    """The first table that has one of its own signs, all it needs, and an account."""
    for name, kind in crm_names()["tables"].items() if first(crm_names()["account"], there) else ():
        if first(kind["signs"], there) and all(first(kind["columns"][each], there) for each in kind["needs"]):
            return name
    return None


def _account(
    there: Mapping[str, str], values: Mapping[str, list[str]], customers: frozenset[str], table: str
) -> tuple[str, list[Question], list[str]]:
    """The column that says whose account a row is, by how many of its values are customers of the sales."""
    names = _may_say_whose(there)
    shares = {name: _share(values[name], customers) for name in names}
    best = max(names, key=lambda name: shares[name])
    told = [f'{shares[name]:.0%} of "{name}" are customers of the sales' for name in names]
    if shares[best] >= _HOLDS and sum(share == shares[best] for share in shares.values()) == 1:
        return best, [], [f"whose account: {told[names.index(best)]}"]
    about = [
        Alternative(said, (f"columns.account_id = {quoted(name)}",)) for name, said in zip(names, told, strict=True)
    ]
    text = (
        "which column names the customers as the sales do? Where none does, export the CRM with your customer numbers"
    )
    return "", [Question(text, tuple(about), section=f"tables.{table}", holds="account_id")], []


def _may_say_whose(there: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(there[folded(name)] for name in crm_names()["account"] if folded(name) in there))


def _named(there: Mapping[str, str], values: Mapping[str, list[str]], buyers: Buyers) -> str:
    """The column that holds the customers' names of the sales; empty where none does."""
    names = _may_say_whose(there)
    shares = {name: sum(each in buyers.names for each in values[name]) / max(len(values[name]), 1) for name in names}
    best = max(names, key=lambda name: shares[name])
    return best if shares[best] >= _HOLDS else ""


def _share(values: list[str], customers: frozenset[str]) -> float:
    return sum(plain_id(each) in customers for each in values) / len(values) if values else 0.0


def _made(
    name: str, columns: dict[str, str], there: Mapping[str, str], values: Mapping[str, list[str]], *, plain: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Columns of ours that are made of theirs (SQL by our name), and those that are theirs as they are.

    A workbook is read as it is: what would have to be made of its columns is left out.
    """
    made: dict[str, str] = {}
    given, last = (first(crm_names()[each], there) for each in ("first_name", "last_name"))
    if name == "contacts" and "contact_name" not in columns and last:
        made["contact_name"] = f"trim(concat_ws(' ', {sql_name(given) if given else 'NULL'}, {sql_name(last)}))"
    if name == "interactions" and "direction" in columns:
        theirs = sql_name(columns.pop("direction"))
        made["direction"] = (
            f"case when lower({theirs}) like 'in%' then 'in' when lower({theirs}) like 'out%' then 'out' end"
        )
    if name == "opportunities":
        made |= of_offers(columns, there, values)
    if plain:
        return {}, columns
    return made, columns


def _query(path: Path, layout: Layout, made: Mapping[str, str]) -> str:
    if not made:
        return ""
    more = ", ".join(f"{sql} as {ours}" for ours, sql in made.items())
    # Two columns of one name would be told apart by a number, and the wrong one read.
    same = [sql_name(title) for title in layout.header if title.casefold() in made]
    others = f"* exclude ({', '.join(same)})" if same else "*"
    return f"select {others}, {more} from {read_csv(path, layout.reading)} as crm"


def read_as_text(path: Path, reading: Mapping[str, object]) -> bool:
    """Whether SQL can read the file as it is; what is laid out, or in an older encoding, it cannot."""
    plain = not reading.keys() - {"delimiter", "encoding", "skip_rows"}
    return plain and path.suffix.lower() in TEXT_FILES and str(reading.get("encoding") or "utf-8").startswith("utf-8")


def read_csv(path: Path, reading: Mapping[str, object]) -> str:
    """The SQL that reads a text file as text alone: how its days and numbers are written is ours to see."""
    how = [f"delim = '{reading.get('delimiter') or ','}'", "header = true", "all_varchar = true"]
    how += [f"skip = {reading['skip_rows']}"] if reading.get("skip_rows") else []
    file = path.name.replace("'", "''")
    return f"read_csv('{file}', {', '.join(how)})"


def _date_format(values: Sequence[str], table: str) -> tuple[str, list[Question]]:
    """The way in which all days are written; two ways that both fit are a question. ISO days need none."""
    fits = [
        form
        for form in (f"{day}{time}" for day in _DAYS for time in _TIMES)
        if all(_reads(each, form) for each in values)
    ]
    if not values or not fits or fits[0].startswith("%Y-%m-%d"):
        return "", []
    if len(fits) == 1:
        return fits[0], []
    about = [
        Alternative(f"{values[0]} is {_spoken(values[0], each)}", (f"date_format = {quoted(each)}",)) for each in fits
    ]
    return "", [
        Question("which is the day and which the month?", tuple(about), section=f"tables.{table}", holds="date")
    ]


def _reads(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _spoken(text: str, form: str) -> str:
    return f"{datetime.strptime(text, form):%d %B %Y}"


def cell_text(cell: object) -> str:
    """A cell as it is written, without space around it."""
    return "" if cell is None else str(cell).strip()
