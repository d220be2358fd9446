"""The accounts' names, taken from the sales themselves where each line has one."""

from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.header import Layout


def names_of_sales(source: TableSource, layout: Layout, choice: Choice) -> tuple[TableSource | None, tuple[str, ...]]:
    """The table accounts read from the sales' own lines, and a sentence; None where no column holds names."""
    name = choice.account_name
    if name is None or "account_id" not in source.columns or "date" not in source.columns:
        return None, ()
    words = layout.header[name]
    return TableSource("accounts", from_sales=True, columns={"account_name": words}), (f'names come from "{words}"',)
