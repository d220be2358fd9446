"""What the workbook expects of a company's data: its tables and their columns.

This is the one place that knows; the checks, the reader, the sample's generator and the column
dictionary in `data/README.md` all follow it.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "date", "month", "money", "number", "flag", "choice"]


@dataclass(frozen=True)
class Column:
    """One column: `kind` is how it is read, `low`/`high` an inclusive range of allowed values.

    A required column is there and has a value in each row; with `blank` it may lack values. In a date with
    `open_end` a day beyond 2200, 9999-12-31 for one, is no slip but says that there is no end.
    """

    name: str
    kind: Kind
    about: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    blank: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class Table:
    """One table; no two rows may share the values of `key` (empty: rows have no key)."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns, in the contract's order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which the table cannot be used."""
        return tuple(column.name for column in self.columns if column.required)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _account(about: str = "the account", required: bool = True) -> Column:
    return Column("account_id", "id", about, required, refers_to="accounts")


def _manager(name: str, about: str) -> Column:
    return Column(name, "id", about, refers_to="managers")


_TABLES = (
    Table(
        "transactions",
        "Invoice or order lines; credit notes with their minus sign. The only table that is needed.",
        (
            Column("account_id", "id", "who bought (legal entity)", True, refers_to="accounts"),
            Column("date", "date", "date of the invoice or order", True),
            Column("revenue", "money", "net sales of the line; credit notes negative", True),
            Column("cost", "money", "what the line cost us; margin is revenue less cost"),
            Column("margin", "money", "what the line earned, in place of cost; taken where the settings name it"),
            Column("quantity", "number", "units sold"),
            Column("product", "text", "article"),
            Column("product_line", "text", "product line; else product, where it has at most 30 values"),
            Column("region", "text", "sales region that the line went to"),
            Column("order_id", "id", "order or invoice number"),
            Column("currency", "text", "ISO 4217 code of the line's amounts"),
            _manager("account_manager_id", "who sold it then"),
        ),
    ),
    Table(
        "accounts",
        "The customer master, one row per legal entity.",
        (
            Column("account_id", "id", "the legal entity", True),
            Column("account_name", "text", "its name"),
            Column("parent_id", "id", "the account that controls it; empty where it is its own"),
            Column("is_key", "flag", "on the company's own list of key accounts today"),
            Column("industry", "text", "industry"),
            Column("country", "text", "country"),
            Column("region", "text", "our sales region"),
            Column("latitude", "number", "degrees", low=-90, high=90),
            Column("longitude", "number", "degrees", low=-180, high=180),
            _manager("account_manager_id", "who looks after it now"),
            _manager("deputy_id", "who stands in"),
            Column("customer_since", "date", "first day as a customer"),
            Column("left_on", "date", "day it was confirmed as lost", open_end=True),
            Column("left_reason", "text", "why it left"),
            Column("annual_spend", "money", "what it spends a year on what we sell, with anyone", low=0),
            Column("satisfaction", "number", "0 (worst) to 10", low=0, high=10),
            Column("service_complexity", "number", "1 (easy to serve) to 5", low=1, high=5),
            Column("competitor", "text", "a competitor named at this account"),
            Column("bond", "choice", "what holds the relationship", choices=("company", "person")),
            Column("barrier_procedural", "number", "effort of changing supplier, 0-1", low=0, high=1),
            Column("barrier_financial", "number", "money lost by changing supplier, 0-1", low=0, high=1),
            Column("barrier_relational", "number", "ties lost by changing supplier, 0-1", low=0, high=1),
            Column("barrier_note", "text", "the evidence for the barriers"),
            Column("receivables", "money", "open invoices today"),
            Column("rebates", "money", "rebates a year that stand on no invoice", low=0),
            Column(
                "churn_probability",
                "number",
                "your own figure for leaving within a year, all causes, 0-1",
                low=0,
                high=1,
            ),
            Column("vat_number", "text", "VAT number; the same one at two companies suggests one customer"),
            Column("email", "text", "an address there; only what follows the @ is used, and it is on no page"),
        ),
        key=("account_id",),
    ),
    Table(
        "parents",
        "Parents that you confirmed, where the customer master has none; the sheet of suggestions is such a table.",
        (
            Column("account_id", "id", "the legal entity; the table accounts need not know it", True),
            Column("parent_id", "id", "the account that controls it", True),
            Column(
                "confirmed",
                "flag",
                "yes: applied where the customer master names no parent; no or empty: ignored",
                required=True,
                blank=True,
            ),
        ),
    ),
    Table(
        "contracts",
        "Contracts with their end.",
        (
            _account(),
            Column("ends_on", "date", "last day of the contract; 9999-12-31: no end", True, open_end=True),
            Column("contract_id", "id", "contract number"),
            Column("starts_on", "date", "first day"),
            Column("notice_days", "number", "days of notice, ten years at most", low=0, high=3650),
            Column("annual_value", "money", "value per year", low=0),
            Column("product_line", "text", "what it covers"),
        ),
    ),
    Table(
        "managers",
        "Account managers, their superiors and executives.",
        (
            Column("manager_id", "id", "the person", True),
            Column("manager_name", "text", "name"),
            _manager("superior_id", "whom the person reports to"),
            Column("level", "choice", "level", choices=("manager", "superior", "executive")),
            Column("region", "text", "region looked after"),
            Column("industry", "text", "industry known best"),
            Column("hours_per_month", "number", "hours for accounts per month", low=0),
            Column("hired_on", "date", "first day"),
            Column("leaving_on", "date", "last day, where known", open_end=True),
            Column(
                "announced_on",
                "date",
                "day from which it may be said that the person leaves; until then 04_coverage alone names them",
                open_end=True,
            ),
            Column("joins", "text", "where to, where known: a competitor's name as in accounts"),
            Column("departure_probability", "number", "your own figure for leaving within a year, 0-1", low=0, high=1),
        ),
        key=("manager_id",),
    ),
    Table(
        "contacts",
        "People at the accounts.",
        (
            Column("contact_id", "id", "the person", True),
            _account(),
            Column("contact_name", "text", "name"),
            Column("role", "text", "role"),
            Column("influence", "number", "influence on the decision, 1 to 5", low=1, high=5),
            Column("strength", "number", "0 unknown, 1 no contact, 2 brief, 3 multiple, 4 in depth", low=0, high=4),
            Column("strength_wanted", "number", "the same scale, as it should be", low=0, high=4),
            Column("interests", "text", "what the person cares about"),
            Column("approach", "text", "how to approach the person"),
            _manager("owner_id", "who of ours holds the contact"),
        ),
        key=("contact_id",),
    ),
    Table(
        "interactions",
        "Calls, visits, complaints.",
        (
            _account(),
            Column("date", "date", "day", True),
            Column("staff_id", "id", "who of ours", True, refers_to="managers"),
            Column("contact_id", "id", "who of theirs", refers_to="contacts"),
            Column("channel", "text", "phone, visit, mail ..."),
            Column("direction", "choice", "who began it", choices=("in", "out")),
            Column("hours", "number", "hours spent", low=0),
            Column("kind", "text", "call, visit, complaint, escalation ..."),
        ),
    ),
    Table(
        "feedback",
        "What current and former customers said.",
        (
            _account(),
            Column("date", "date", "day", True),
            Column("said", "text", "in their words", True),
            Column("by", "text", "who said it"),
            Column("theme", "text", "theme"),
            Column("score", "number", "0 (worst) to 10", low=0, high=10),
        ),
    ),
    Table(
        "objectives",
        "Goals at the accounts: their own and what we do for them, and ours.",
        (
            _account(),
            Column("horizon", "choice", "horizon", True, choices=("short", "long")),
            Column("objective", "text", "the goal", True),
            Column("whose", "choice", "whose goal it is; empty: theirs", choices=("theirs", "ours")),
            Column("target", "number", "what is to be reached"),
            Column("unit", "text", "of the target"),
            Column("our_contribution", "text", "what we do for it"),
            Column("delivered", "text", "what came of it"),
            Column("due", "date", "due"),
            Column("status", "text", "status"),
        ),
    ),
    Table(
        "account_notes",
        "What the account manager knows of the customer's business, in their own words; the newest row counts.",
        (
            _account(),
            Column("written", "date", "day of writing", True),
            Column("market", "text", "what happens in their market"),
            Column("priorities", "text", "what matters to them now"),
            Column("our_strategy", "text", "how we mean to win there"),
        ),
    ),
    Table(
        "opportunities",
        "Sales opportunities, open and closed.",
        (
            Column("amount", "money", "revenue per year if won", True, low=0),
            _account("the account; empty: a new customer", required=False),
            Column("status", "choice", "status", choices=("open", "won", "lost")),
            Column("created", "date", "opened on"),
            Column("closed", "date", "won or lost on"),
            Column("expected_close", "date", "expected on"),
            Column("stage", "text", "stage"),
            Column("probability", "number", "chance of winning, 0-1", low=0, high=1),
            Column("product_line", "text", "product line"),
        ),
    ),
    Table(
        "decisions",
        "What was decided and is to be done.",
        (
            Column("date", "date", "day", True),
            Column("decision", "text", "the decision or action", True),
            Column("decision_id", "id", "its number"),
            Column("kind", "choice", "what it is; empty: a decision", choices=("decision", "action")),
            Column("owner", "text", "who carries it out"),
            Column("due", "date", "due"),
            Column("status", "text", "status"),
            Column("result", "text", "what came of it"),
            _account("the account it concerns", required=False),
        ),
    ),
    Table(
        "budget",
        "The sales plan by month.",
        (
            Column("month", "month", "first day of the month", True),
            Column("revenue", "money", "planned net sales"),
            Column("margin", "money", "planned margin"),
            Column("product_line", "text", "product line; empty: all"),
        ),
    ),
    Table(
        "sites",
        "Our own sites, for distances.",
        (
            Column("site", "text", "name", True),
            Column("latitude", "number", "degrees", True, low=-90, high=90),
            Column("longitude", "number", "degrees", True, low=-180, high=180),
        ),
        key=("site",),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}


def dictionary() -> str:
    """The column dictionary of `data/README.md`, as Markdown: a section per table."""
    parts = []
    for table in _TABLES:
        needed = "required" if table.name == "transactions" else "optional"
        lines = [
            f"## {table.name} ({needed})",
            "",
            table.about,
            "",
            "| column | kind | | what it is |",
            "|---|---|---|---|",
        ]
        for column in table.columns:
            allowed = " / ".join(column.choices)
            kind = f"{column.kind}: {allowed}" if allowed else column.kind
            need = "required" if column.required else ""
            lines.append(f"| {column.name} | {kind} | {need} | {column.about} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
